#include "engine/frame.hpp"

namespace kenzan::engine {
namespace {

template <class Wanted>
const Frame* nearest(const Frame& from, SharedRows& map, const Wanted& wanted) {
  map = nullptr;
  for (const Frame* frame = &from; frame != nullptr; frame = frame->parent) {
    if (wanted(*frame)) return frame;
    map = composed(frame->up, map);
  }
  return nullptr;
}

}  // namespace

SharedRows composed(const SharedRows& first, const SharedRows& second) {
  if (!first) return second;
  if (!second) return first;
  auto out = std::make_shared<std::vector<std::uint32_t>>();
  out->reserve(second->size());
  for (const std::uint32_t i : *second) out->push_back((*first)[i]);
  return out;
}

const Frame& Frame::root(SharedRows& to_root) const {
  return *nearest(*this, to_root, [](const Frame& frame) { return frame.parent == nullptr; });
}

const Frame* Frame::at_table(dsl::TableId wanted, SharedRows& to_frame) const {
  return nearest(*this, to_frame, [&](const Frame& frame) { return frame.table == wanted; });
}

const Frame* Frame::at_across(SharedRows& to_frame) const {
  return nearest(*this, to_frame, [](const Frame& frame) { return frame.across != nullptr; });
}

}  // namespace kenzan::engine
