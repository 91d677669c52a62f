#include "engine/stream/group_table.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace kenzan::engine {
namespace {

constexpr std::size_t together = std::size_t{1} << 16;  // bytes of a chunk of records, or more if one alone takes them

}  // namespace

GroupTable::GroupTable(std::uint64_t seed, std::size_t figures, std::size_t labels)
    : seed_(seed), figures_(figures), labels_(labels) {
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
    chunks_.push_back(begin_chunk());
    seldom_.push_back(nullptr);
  }
  firsts_.push(offset, room_);
  begin_record(number);
  set_key(group(number), wanted);
  if (!ascends_) {
    hashes_.push(hash, room_);
    slots_.make_room(size(), [this](std::uint32_t known) { return hashes_[known]; });
  }
  return number;
}

char* GroupTable::begin_chunk() {
  if (free_chunks_.empty())
    return room_.take<char>(chunk_, 2 * Arena::line);  // the processor mostly brings two lines that begin so at once
  char* const out = free_chunks_.back();
  free_chunks_.pop_back();
  return out;
}

void GroupTable::begin_record(std::uint32_t number) {
  for (std::size_t at = 0; at < stride_; at += Arena::line)
    std::memset(record(number) + at, 0, Arena::line);  // as all of it begins
  Group& group = this->group(number);
  group.in_chunk = static_cast<std::uint16_t>(in_chunk(number));
  if (rest_step_ != 0) std::memset(rest(group), 0, rest_size_);
  new (rest(group)) GroupStart;
}

void GroupTable::set_key(Group& group, std::string_view key) {
  group.key_size = static_cast<std::uint32_t>(key.size());
  if (key.size() <= Group::short_key) {
    key.copy(group.key, key.size());
  } else {
    char* const bytes = room_.take<char>(key.size(), 1);
    key.copy(bytes, key.size());
    std::memcpy(group.key, &bytes, sizeof bytes);
  }
}

std::string_view GroupTable::key(std::uint32_t number, std::string& scratch) const {
  if (!is_packed(number)) return key(number);
  const KeyPieces pieces = key_pieces(number);
  return scratch.assign(pieces.common).append(pieces.rest);
}

void GroupTable::read(std::uint32_t number, std::span<GroupExtent> to, Sum* sums) const {
  while (!to.empty()) {
    const Packed* const packed = packed_of(number);
    if (packed == nullptr) {
      to.front() = extent(number);
      for (std::size_t f = 0; f < figures_; ++f) *sums++ = sum(number, f);
      to = to.subspan(1);
      ++number;
      continue;
    }
    const std::uint32_t i = in_chunk(number);
    const std::size_t count = std::min<std::size_t>(to.size(), (1U << shift_) - i);
    packed->columns[packed_rows].for_each(i, count, [&](std::size_t k, std::uint64_t value) { to[k].records = value; });
    packed->columns[packed_first_block].for_each(
        i, count, [&](std::size_t k, std::uint64_t value) { to[k].first_block = static_cast<std::uint32_t>(value); });
    packed->columns[packed_last_block].for_each(
        i, count, [&](std::size_t k, std::uint64_t value) { to[k].last_block = static_cast<std::uint32_t>(value); });
    const Seldom* const seldom = seldom_[number >> shift_];
    for (std::size_t f = 0; f < figures_; ++f) {
      const PackedColumn* const columns = packed->columns + packed_labels + labels_ + f * columns_of_figure;
      const auto of = [&](std::size_t k) -> Sum& { return sums[k * figures_ + f]; };
      columns[0].for_each(i, count, [&](std::size_t k, std::uint64_t value) { of(k).total = static_cast<std::int64_t>(value); });
      columns[1].for_each(i, count,
                          [&](std::size_t k, std::uint64_t value) { of(k).positive = static_cast<std::uint32_t>(value); });
      columns[2].for_each(i, count, [&](std::size_t k, std::uint64_t value) { of(k).zero = static_cast<std::uint32_t>(value); });
      columns[3].for_each(i, count, [&](std::size_t k, std::uint64_t value) { of(k).marks = static_cast<std::uint8_t>(value); });
      for (std::size_t k = 0; k < count; ++k) {
        const Seldom some = seldom == nullptr ? Seldom{} : seldom[(i + k) * figures_ + f];
        of(k).others = static_cast<std::uint32_t>(to[k].records) - of(k).positive - some.blank;
        of(k).negative = some.negative;
        of(k).positive -= of(k).zero + some.negative;
      }
    }
    to = to.subspan(count);
    sums += count * figures_;
    number += static_cast<std::uint32_t>(count);
  }
}

void GroupTable::pack() {
  if (!ascends_ || size() == 0) return;
  while (packed_.size() < (size() - 1) >> shift_) pack(static_cast<std::uint32_t>(packed_.size()));
}

void GroupTable::pack(std::uint32_t chunk) {
  const std::uint32_t first = chunk << shift_, count = 1U << shift_, last = first + count - 1;
  const std::size_t columns = packed_labels + labels_ + figures_ * columns_of_figure;
  const std::size_t common = common_prefix(key(first), key(last));  // and so of those between
  std::size_t size = 0;
  for (std::uint32_t number = first; number <= last; ++number) size += key(number).size() - common;
  packing_.resize(columns * count * sizeof(std::uint64_t) + PackedColumn::slack);

  Packed out;
  auto* const packed = room_.take<PackedColumn>(columns);
  std::uninitialized_fill_n(packed, columns, PackedColumn());
  char* end = packing_.data();
  std::vector<std::uint64_t> numbers(count);
  const auto add = [&](std::size_t column, auto of) {
    const char* at = record(first);
    for (std::uint32_t i = 0; i < count; ++i, at += stride_) numbers[i] = static_cast<std::uint64_t>(of(at));
    end = packed[column].pack(numbers, end);
  };
  const auto add_field = [&](std::size_t column, auto of) {
    add(column, [of](const char* at) { return of(*reinterpret_cast<const Group*>(at)); });
  };
  const auto start_of = [this](const Group& group) { return *reinterpret_cast<const GroupStart*>(rest(group)); };
  add_field(packed_rows, [](const Group& group) { return group.rows; });
  add_field(packed_first_block, [&](const Group& group) { return start_of(group).first_block; });
  add_field(packed_last_block, [](const Group& group) { return group.last_block; });
  add_field(packed_flags, [&](const Group& group) { return flags_of(group, start_of(group)); });
  std::uint64_t behind = 0;
  add_field(packed_key_end, [&](const Group& group) { return behind += group.key_size - common; });
  for (std::size_t l = 0; l < labels_; ++l) add_field(packed_labels + l, [&](const Group& group) { return labels(group)[l]; });
  for (std::size_t f = 0; f < figures_; ++f) {
    const std::size_t column = packed_labels + labels_ + f * columns_of_figure;
    const std::size_t total = sizeof(Group) + Sums::bytes(f / 4 * 4) + f % 4 * sizeof(std::int64_t);
    const std::size_t counts = total + std::min<std::size_t>(figures_ - f / 4 * 4, 4) * sizeof(std::int64_t);
    const auto word = [](const char* at) {
      std::uint64_t read = 0;
      std::memcpy(&read, at, sizeof read);
      return read;
    };
    add(column, [&](const char* at) { return word(at + total); });
    add(column + 1, [&](const char* at) { return Sums::numbers_in(word(at + counts)); });
    add(column + 2, [&](const char* at) { return Sums::zeros_in(word(at + counts)); });
    add(column + 3, [&](const char* at) { return static_cast<std::uint8_t>(at[marks_at_ + f]); });
  }
  const auto bytes = static_cast<std::size_t>(end - packing_.data());
  char* const to = room_.take<char>(bytes + std::max(size, PackedColumn::slack) + common, 1);
  std::memcpy(to, packing_.data(), bytes);
  for (std::size_t c = 0; c < columns; ++c) packed[c].move(packing_.data(), to);
  char* at = to + bytes;
  out.columns = packed;
  out.keys = at;
  for (std::uint32_t number = first; number <= last; ++number) {
    const std::string_view rest = key(number).substr(common);
    at += rest.copy(at, rest.size());
  }
  at = to + bytes + std::max(size, PackedColumn::slack);
  key(first).copy(at, common);
  out.common = {at, common};
  free_chunks_.push_back(std::exchange(chunks_[chunk], nullptr));
  packed_.push_back(out);
}

/// Makes the records of a packed chunk again, but for the hashes of their keys.
void GroupTable::unpack(std::uint32_t chunk) {
  const Packed from = packed_[chunk];
  chunks_[chunk] = begin_chunk();
  std::uint64_t begin = 0;
  std::string key;
  for (std::uint32_t i = 0; i < 1U << shift_; ++i) {
    const std::uint32_t number = (chunk << shift_) + i;
    const auto value = [&](std::size_t column) { return from.columns[column][i]; };
    begin_record(number);
    const std::uint64_t end = value(packed_key_end);
    set_key(group(number), key.assign(from.common).append(from.keys + begin, end - begin));
    begin = end;
    Group& group = this->group(number);
    group.rows = static_cast<std::uint32_t>(value(packed_rows));
    group.last_block = static_cast<std::uint32_t>(value(packed_last_block));
    group.keyless = (value(packed_flags) & flag_keyless) != 0;
    group.odd = (value(packed_flags) & flag_odd) != 0;
    GroupStart& start = this->start(number);
    start.first_block = static_cast<std::uint32_t>(value(packed_first_block));
    start.inside = (value(packed_flags) & flag_inside) != 0;
    if ((firsts_[number] & linked) != 0) start.next = nexts_.at(number);
    for (std::size_t l = 0; l < labels_; ++l) labels(number)[l] = static_cast<std::uint32_t>(value(packed_labels + l));
    for (std::size_t f = 0; f < figures_; ++f) {
      const std::size_t at = packed_labels + labels_ + f * columns_of_figure;
      const Sums to = sums(number, f / 4);
      to.totals[f % 4] = static_cast<std::int64_t>(value(at));
      to.counts[f % 4] = value(at + 1) | value(at + 2) << Sums::zeros_at;
      marks(number, f) = static_cast<std::uint8_t>(value(at + 3));
    }
  }
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
  const auto packed = static_cast<std::uint32_t>(packed_.size());
  for (std::uint32_t chunk = 0; chunk < packed; ++chunk) unpack(chunk);
  packed_.clear();
  for (std::uint32_t number = 0; number < size(); ++number) hashes_.push(hash(key(number)), room_);
  slots_.fill(size(), [this](std::uint32_t known) { return hashes_[known]; });
}

}  // namespace kenzan::engine
