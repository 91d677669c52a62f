#include "engine/stream/group_table.hpp"

#include <algorithm>
#include <memory>

namespace kenzan::engine {
namespace {

constexpr std::size_t together = std::size_t{1} << 16;  // bytes of a chunk of records, or more if one alone takes them

}  // namespace

GroupTable::GroupTable(std::uint64_t seed, std::size_t figures, std::size_t labels) : seed_(seed), figures_(figures) {
  sums_end_ = sizeof(Group) + Sums::bytes(figures);
  rest_size_ = sizeof(GroupStart) + labels * sizeof(std::uint32_t);
  const std::size_t quads = (figures + 3) / 4, marks = quads <= 1 ? 0 : 4 * quads;
  const std::size_t behind = Sums::own_behind(figures);
  const auto in_lines = [](std::size_t bytes) { return (bytes + Arena::line - 1) / Arena::line * Arena::line; };
  const std::size_t whole = in_lines(sums_end_ + std::max(marks + rest_size_, behind));
  const std::size_t without = in_lines(sums_end_ + std::max(marks, behind));
  const bool aside = without < whole;
  marks_at_ = quads <= 1 ? offsetof(Group, marks) : sums_end_;
  stride_ = aside ? without : whole;
  const std::size_t size = stride_ + (aside ? rest_size_ : 0);
  while (size << (shift_ + 1) <= together) ++shift_;
  chunk_ = size << shift_;
  rest_at_ = aside ? stride_ << shift_ : sums_end_ + marks;
  rest_step_ = aside ? stride_ - rest_size_ : 0;
}

std::uint32_t GroupTable::insert(std::string_view wanted, std::uint64_t hash, std::uint64_t offset, bool& fresh) {
  const std::uint32_t next = size();
  const std::uint32_t number =
      ascends_ ? next : slots_.put(hash, next, [&](std::uint32_t known) { return same_bytes(key(known), wanted); });
  fresh = number == next;
  if (!fresh) return number;
  if (number >> shift_ == chunks_.size()) {
    chunks_.push_back(room_.take<char>(chunk_, 2 * Arena::line));  // the processor mostly brings two lines that begin so at once
    seldom_.push_back(nullptr);
  }
  firsts_.push(offset, room_);
  for (std::size_t at = 0; at < stride_; at += Arena::line)
    std::memset(record(number) + at, 0, Arena::line);  // as all of it begins
  Group& group = this->group(number);
  group.in_chunk = static_cast<std::uint16_t>(in_chunk(number));
  if (rest_step_ != 0) std::memset(rest(group), 0, rest_size_);
  new (rest(group)) GroupStart;
  group.key_size = static_cast<std::uint32_t>(wanted.size());
  if (wanted.size() <= Group::short_key) {
    wanted.copy(group.key, wanted.size());
  } else {
    char* const bytes = room_.take<char>(wanted.size(), 1);
    wanted.copy(bytes, wanted.size());
    std::memcpy(group.key, &bytes, sizeof bytes);
  }
  if (!ascends_) {
    hashes_.push(hash, room_);
    slots_.make_room(size(), [this](std::uint32_t known) { return hashes_[known]; });
  }
  return number;
}

GroupTable::Seldom* GroupTable::begin_seldom() {
  const std::size_t count = figures_ << shift_;
  auto* const out = room_.take<Seldom>(count);
  std::uninitialized_fill_n(out, count, Seldom{});
  return out;
}

void GroupTable::end_order() {
  if (!ascends_) return;
  ascends_ = false;
  for (std::uint32_t number = 0; number < size(); ++number) hashes_.push(hash(key(number)), room_);
  slots_.fill(size(), [this](std::uint32_t known) { return hashes_[known]; });
}

}  // namespace kenzan::engine
