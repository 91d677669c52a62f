#include "engine/stream/group_table.hpp"

#include <algorithm>

namespace kenzan::engine {
namespace {

constexpr std::size_t together = std::size_t{1} << 16;  // bytes of a chunk of records, or more if one alone takes them

}  // namespace

GroupTable::GroupTable(std::uint64_t seed, std::size_t figures, std::size_t labels) : seed_(seed), figures_(figures) {
  static_assert(sizeof(GroupStart) + sizeof(Seldom) >= 24);  // behind the sums: Sums says why
  start_at_ = sizeof(Group) + Sums::bytes(figures);
  seldom_at_ = start_at_ + sizeof(GroupStart);
  labels_at_ = seldom_at_ + figures * sizeof(Seldom);
  const std::size_t quads = (figures + 3) / 4;
  marks_at_ = quads <= 1 ? offsetof(Group, marks) : labels_at_ + labels * sizeof(std::uint32_t);
  const std::size_t end = labels_at_ + labels * sizeof(std::uint32_t) + (quads <= 1 ? 0 : 4 * quads);
  stride_ = (end + Arena::line - 1) / Arena::line * Arena::line;
  while (stride_ << (shift_ + 1) <= together) ++shift_;
}

std::uint32_t GroupTable::insert(std::string_view wanted, std::uint64_t hash, std::uint64_t offset, bool& fresh) {
  const std::uint32_t next = size();
  const std::uint32_t number =
      ascends_ ? next : slots_.put(hash, next, [&](std::uint32_t known) { return same_bytes(key(known), wanted); });
  fresh = number == next;
  if (!fresh) return number;
  if (number >> shift_ == chunks_.size()) chunks_.push_back(room_.take<char>(stride_ << shift_, Arena::line));
  firsts_.push(offset, room_);
  for (std::size_t at = 0; at < stride_; at += Arena::line)
    std::memset(record(number) + at, 0, Arena::line);  // as all of it begins
  new (record(number) + start_at_) GroupStart;
  Group& group = this->group(number);
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

void GroupTable::end_order() {
  if (!ascends_) return;
  ascends_ = false;
  for (std::uint32_t number = 0; number < size(); ++number) hashes_.push(hash(key(number)), room_);
  slots_.fill(size(), [this](std::uint32_t known) { return hashes_[known]; });
}

}  // namespace kenzan::engine
