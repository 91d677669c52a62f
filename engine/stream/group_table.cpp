#include "engine/stream/group_table.hpp"

#include <algorithm>

namespace kenzan::engine {
namespace {

constexpr std::size_t together = std::size_t{1} << 16;  // bytes of a chunk of records, or more if one alone takes them

}  // namespace

GroupTable::GroupTable(std::uint64_t seed, std::size_t figures, std::size_t labels)
    : seed_(seed), quads_((figures + 3) / 4), slots_(mask_ + 1) {
  start_at_ = sizeof(Group) + quads_ * sizeof(FourSums);
  seldom_at_ = start_at_ + sizeof(GroupStart);
  labels_at_ = seldom_at_ + figures * sizeof(Seldom);
  marks_at_ = quads_ <= 1 ? offsetof(Group, marks) : labels_at_ + labels * sizeof(std::uint32_t);
  const std::size_t end = labels_at_ + labels * sizeof(std::uint32_t) + (quads_ <= 1 ? 0 : figures);
  stride_ = (end + Arena::line - 1) / Arena::line * Arena::line;
  while (stride_ << (shift_ + 1) <= together) ++shift_;
}

std::uint32_t GroupTable::insert(std::string_view wanted, std::uint64_t hash, bool& fresh) {
  std::uint64_t at = hash & mask_;
  for (; slots_[at].number != absent; at = (at + 1) & mask_) {
    if (slots_[at].tag != tag_of(hash) || !same_bytes(key(slots_[at].number), wanted)) continue;
    fresh = false;
    return slots_[at].number;
  }
  fresh = true;
  const std::uint32_t number = size();
  slots_[at] = {tag_of(hash), number};
  if (number >> shift_ == chunks_.size()) chunks_.push_back(room_.take<char>(stride_ << shift_));
  hashes_.push(hash, room_);
  std::memset(record(number), 0, stride_);
  Group& group = *new (record(number)) Group;
  new (record(number) + start_at_) GroupStart;
  group.key_size = static_cast<std::uint32_t>(wanted.size());
  if (wanted.size() <= Group::short_key) {
    std::ranges::copy(wanted, group.key);
  } else {
    char* const bytes = room_.take<char>(wanted.size());
    std::ranges::copy(wanted, bytes);
    std::memcpy(group.key, &bytes, sizeof bytes);
  }
  if (2 * std::uint64_t{size()} > slots_.size()) grow();
  return number;
}

Sum GroupTable::sum(std::uint32_t number, std::size_t figure) const {
  const char* const at = record(number);
  const FourSums& four = reinterpret_cast<const FourSums*>(at + sizeof(Group))[figure / 4];
  const Seldom& seldom = reinterpret_cast<const Seldom*>(at + seldom_at_)[figure];
  const auto numbers = static_cast<std::uint32_t>(four.counts[figure % 4]);
  Sum out;
  out.total = four.totals[figure % 4];
  out.zero = static_cast<std::uint32_t>(four.counts[figure % 4] >> 32);
  out.negative = seldom.negative;
  out.positive = numbers - out.zero - out.negative;
  out.others = group(number).rows - numbers - seldom.blank;
  out.marks = reinterpret_cast<const std::uint8_t*>(at + marks_at_)[figure];
  return out;
}

void GroupTable::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  mask_ = larger.size() - 1;
  for (std::uint32_t number = 0; number < size(); ++number) {
    std::uint64_t at = hashes_[number] & mask_;
    while (larger[at].number != absent) at = (at + 1) & mask_;
    larger[at] = {tag_of(hashes_[number]), number};
  }
  slots_ = std::move(larger);
}

}  // namespace kenzan::engine
