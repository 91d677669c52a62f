// The groups that one thread finds in a file, each with the sums of its figures.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/arena.hpp"
#include "engine/keys.hpp"
#include "engine/near.hpp"
#include "engine/slots.hpp"
#include "engine/stream/numbers.hpp"
#include "engine/stream/packed.hpp"

namespace kenzan::engine {

/// A group as one thread found it.
struct GroupPlace {
  static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  std::uint32_t part = nowhere, group = 0;
  [[nodiscard]] bool valid() const { return part != nowhere; }
};

namespace mark_bit {
inline constexpr std::uint8_t nil = 1, unknown = 2, suppressed = 4, blank = 8, unreadable = 16, odd = 32, more = 64;
}

/// The sum of the plain numbers of one figure in one group at the figure's main place, and what else its cells are.
struct Sum {
  std::int64_t total = 0;
  std::uint32_t positive = 0, negative = 0, zero = 0;
  std::uint32_t others = 0;  ///< cells that are neither in `total` nor blank
  std::uint8_t marks = 0;

  /// Adds a sum of the same figure; false where the total does not fit.
  bool add(const Sum& more) {
    positive += more.positive;
    negative += more.negative;
    zero += more.zero;
    others += more.others;
    marks |= more.marks;
    return !__builtin_add_overflow(total, more.total, &total);
  }
  /// Whether its bounds may not fit integers.
  [[nodiscard]] static bool is_large(std::int64_t total) {
    constexpr std::int64_t most = std::int64_t{1} << 57;
    return total <= -most || total >= most;
  }
  /// Whether it is all there is, and its bounds fit integers.
  [[nodiscard]] bool is_plain() const { return !is_large(total) && (marks & mark_bit::more) == 0; }
};

/// The records of a group, or of several: the blocks from the first to the last with one, and how many they are.
struct GroupExtent {
  std::uint32_t first_block = ~std::uint32_t{0}, last_block = 0;
  std::uint64_t records = 0;

  void add(const GroupExtent& more) {
    first_block = std::min(first_block, more.first_block);
    last_block = std::max(last_block, more.last_block);
    records += more.records;
  }
};

/// A group, for each row of it: one line of the cache.
struct alignas(Arena::line) Group {
  static constexpr std::size_t short_key = 36;
  std::uint64_t key_hash = 0;  ///< of its labels in the key of the table
  std::uint32_t rows = 0, last_block = 0;
  std::uint32_t key_size = 0;
  std::array<std::uint8_t, 4> marks{};  ///< of the first four figures: bits of mark_bit
  bool keyless = false;                 ///< a label of the key is blank
  bool odd = false;                     ///< a label of the key is not what its cell says byte by byte
  std::uint16_t in_chunk = 0;           ///< its place among the groups that stand together
  char key[short_key] = {};             ///< or where a longer one stands
};

/// A group, when it is looked at.
struct GroupStart {
  GroupPlace next;  ///< what another thread has found of it
  std::uint32_t first_block = 0;
  bool inside = false;  ///< its first records are no Stretch, but stand inside of their block, and their keys ascend
};

/// Groups, numbered in the order in which they come. What is known of a group stands together, and stays where it is. As long as
/// their keys ascend, byte by byte, as those of a sorted file do, each is compared with the last only, nothing is hashed, and those that
/// have no more records may be packed: then they are asked for by their numbers only, and take a third of the memory.
class GroupTable {
 public:
  static constexpr std::uint32_t absent = Slots::absent;

  GroupTable(std::uint64_t seed, std::size_t figures, std::size_t labels);

  /// Whether the keys ascend. If so, there are no hashes, and keys are not looked for.
  [[nodiscard]] bool ascends() const { return ascends_; }
  /// With how many bytes a key begins as that of the last group does.
  [[nodiscard]] std::size_t common_with_last(std::string_view wanted) const {
    return size() == 0 ? 0 : common_prefix(key(size() - 1), wanted);
  }
  /// Whether a key is greater than that of the last group, if there is one. `common` is what they have in common.
  [[nodiscard]] bool is_behind_last(std::string_view wanted, std::size_t common) const {
    if (size() == 0) return true;
    const std::string_view last = key(size() - 1);
    if (common == last.size() || common == wanted.size()) return wanted.size() > last.size();
    return static_cast<unsigned char>(wanted[common]) > static_cast<unsigned char>(last[common]);
  }
  /// Keys are looked for by their hashes from now on, and no group is packed.
  void end_order();
  /// Packs the groups that stand together, but those with the last: no records may be added to them.
  void pack();
  /// Whether a group is packed. Then `group`, `labels` by it, `start`, `sums`, `marks` and what they say must not be asked for.
  [[nodiscard]] bool is_packed(std::uint32_t number) const { return number >> shift_ < packed_.size(); }

  [[nodiscard]] std::uint64_t hash(std::string_view key) const { return hash_bytes(key.data(), key.size(), seed_); }
  /// Brings the place of a key near, for who asks for it soon.
  void prefetch(std::uint64_t hash) const { slots_.prefetch(hash); }
  /// Brings a group near, sums and all.
  void bring_near(std::uint32_t number) const {
    for (std::size_t line = 0; line < stride_ && line < 4 * Arena::line; line += Arena::line)
      engine::bring_near(record(number) + line);
    engine::bring_near(rest(group(number)));
  }
  /// Brings near of a group what tells it from others, and where it stands.
  void bring_start_near(std::uint32_t number) const {
    engine::bring_near(record(number));
    engine::bring_near(rest(group(number)));
    engine::bring_near(&firsts_[number]);
  }
  /// Brings the sums of a group near that itself is so.
  void prefetch_sums(const Group& group) const {
    for (std::size_t line = Arena::line; line < sums_end_ && line < 4 * Arena::line; line += Arena::line) {
      __builtin_prefetch(reinterpret_cast<const char*>(&group) + line, 1);
    }
  }
  /// The number of the group whose key probably has this hash, or `absent`.
  [[nodiscard]] std::uint32_t likely(std::uint64_t hash) const {
    return slots_.find(hash, [](std::uint32_t) { return true; });
  }
  /// The number of the group with a key, or `absent`. `hash` is the key's.
  [[nodiscard]] std::uint32_t find(std::string_view wanted, std::uint64_t hash) const {
    return slots_.find(hash, [&](std::uint32_t number) { return same_bytes(key(number), wanted); });
  }
  /// The number of the group with a key; `fresh` says whether it is new. `offset` is that of the record. `hash` is the key's; where
  /// the keys ascend it is not asked for, but the key is behind the last.
  std::uint32_t insert(std::string_view key, std::uint64_t hash, std::uint64_t offset, bool& fresh);

  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(firsts_.size()); }
  /// The bytes of what stands together of a group.
  [[nodiscard]] std::size_t record_size() const { return stride_; }
  [[nodiscard]] std::string_view key(std::uint32_t number) const { return key_of(group(number)); }
  /// The same of any group; that of a packed one is put together in `scratch`.
  [[nodiscard]] std::string_view key(std::uint32_t number, std::string& scratch) const;
  /// The same in two pieces, of which many groups that stand together have the first in common.
  struct KeyPieces {
    std::string_view common, rest;
  };
  [[nodiscard]] KeyPieces key_pieces(std::uint32_t number) const {
    const Packed* const packed = packed_of(number);
    if (packed == nullptr) return {{}, key(number)};
    const std::uint32_t i = in_chunk(number);
    const PackedColumn& ends = packed->columns[packed_key_end];
    const std::uint64_t begin = i == 0 ? 0 : ends[i - 1];
    return {packed->common, {packed->keys + begin, ends[i] - begin}};
  }
  /// Reads groups [number, number + to.size()), without what other threads have found of them, and the sums of every figure, those of a
  /// group side by side.
  void read(std::uint32_t number, std::span<GroupExtent> to, Sum* sums) const;
  [[nodiscard]] GroupExtent extent(std::uint32_t number) const { return {first_block(number), last_block(number), rows(number)}; }
  [[nodiscard]] std::uint64_t rows(std::uint32_t number) const {
    return get(number, packed_rows, [](const Group& g, const GroupStart&) { return g.rows; });
  }
  [[nodiscard]] std::uint32_t first_block(std::uint32_t number) const {
    return static_cast<std::uint32_t>(
        get(number, packed_first_block, [](const Group&, const GroupStart& s) { return s.first_block; }));
  }
  [[nodiscard]] std::uint32_t last_block(std::uint32_t number) const {
    return static_cast<std::uint32_t>(
        get(number, packed_last_block, [](const Group& g, const GroupStart&) { return g.last_block; }));
  }
  [[nodiscard]] bool is_keyless(std::uint32_t number) const { return (flags_of(number) & flag_keyless) != 0; }
  [[nodiscard]] bool is_inside(std::uint32_t number) const { return (flags_of(number) & flag_inside) != 0; }
  /// GroupStart::next.
  [[nodiscard]] GroupPlace next(std::uint32_t number) const {
    if (!is_packed(number)) return start(number).next;
    return (firsts_[number] & linked) == 0 ? GroupPlace() : nexts_.at(number);
  }
  void set_next(std::uint32_t number, GroupPlace next) {
    if (is_packed(number)) {
      nexts_[number] = next;
      firsts_[number] |= linked;
    } else {
      start(number).next = next;
    }
  }
  /// The number of a label of any group, as `labels` has it.
  [[nodiscard]] std::uint32_t label(std::uint32_t number, std::size_t column) const {
    const Packed* const packed = packed_of(number);
    return packed == nullptr ? labels(group(number))[column]
                             : static_cast<std::uint32_t>(packed->columns[packed_labels + column][in_chunk(number)]);
  }
  [[nodiscard]] std::uint64_t hash_of(std::uint32_t number) const { return hashes_[number]; }
  /// The offset of its first record.
  [[nodiscard]] std::uint64_t first(std::uint32_t number) const { return firsts_[number] & ~flags; }
  /// Whether another thread has found an earlier record of the group.
  [[nodiscard]] bool follows(std::uint32_t number) const { return (firsts_[number] & following) != 0; }
  void set_follows(std::uint32_t number) { firsts_[number] |= following; }
  /// Whether the group stays a row of its own, whatever it says.
  [[nodiscard]] bool is_apart(std::uint32_t number) const { return (firsts_[number] & apart) != 0; }
  void set_apart(std::uint32_t number) { firsts_[number] |= apart; }
  /// Whether its instances hold, so that nothing more is asked of it alone.
  [[nodiscard]] bool agrees(std::uint32_t number) const { return (firsts_[number] & agreeing) != 0; }
  void set_agrees(std::uint32_t number) { firsts_[number] |= agreeing; }
  [[nodiscard]] Group& group(std::uint32_t number) { return *at<Group>(number, 0); }
  [[nodiscard]] const Group& group(std::uint32_t number) const { return *at<Group>(number, 0); }
  [[nodiscard]] GroupStart& start(std::uint32_t number) { return *reinterpret_cast<GroupStart*>(rest(group(number))); }
  [[nodiscard]] const GroupStart& start(std::uint32_t number) const { return start(group(number)); }
  /// The same of a group of any table with the same figures and labels.
  [[nodiscard]] const GroupStart& start(const Group& group) const { return *reinterpret_cast<const GroupStart*>(rest(group)); }
  /// As many as group columns: numbers in ScanPart::labels.
  [[nodiscard]] std::uint32_t* labels(std::uint32_t number) {
    return reinterpret_cast<std::uint32_t*>(rest(group(number)) + sizeof(GroupStart));
  }
  [[nodiscard]] const std::uint32_t* labels(const Group& group) const {
    return reinterpret_cast<const std::uint32_t*>(rest(group) + sizeof(GroupStart));
  }
  /// The sums of figures [4·quad, 4·quad + 4).
  [[nodiscard]] Sums sums(std::uint32_t number, std::size_t quad) const {
    return {memory_of_sums(*at<Group>(number, 0), quad), std::min<std::size_t>(figures_ - 4 * quad, 4)};
  }
  [[nodiscard]] static char* memory_of_sums(Group& group, std::size_t quad) {
    return reinterpret_cast<char*>(&group) + sizeof(Group) + quad * Sums::bytes(4);
  }
  [[nodiscard]] std::uint8_t& marks(std::uint32_t number, std::size_t figure) {
    return at<std::uint8_t>(number, marks_at_)[figure];
  }
  /// Adds marks to figures [4·quad, 4·quad + 4): a byte for each, as they stand in memory.
  void add_marks(Group& group, std::size_t quad, std::uint32_t bits) {
    char* const at = reinterpret_cast<char*>(&group) + marks_at_ + 4 * quad;
    std::uint32_t known = 0;
    std::memcpy(&known, at, sizeof known);
    known |= bits;
    std::memcpy(at, &known, sizeof known);
  }
  /// Cells of a figure that most files have few of.
  struct Seldom {
    std::uint32_t negative = 0, blank = 0;
  };
  [[nodiscard]] Seldom& seldom(std::uint32_t number, std::size_t figure) {
    Seldom*& some = seldom_[number >> shift_];
    if (some == nullptr) some = begin_seldom();
    return some[in_chunk(number) * figures_ + figure];
  }
  [[nodiscard]] Sum sum(std::uint32_t number, std::size_t figure) const {
    const Packed* const packed = packed_of(number);
    if (packed != nullptr) {
      const PackedColumn* const columns = packed->columns + packed_labels + labels_ + figure * columns_of_figure;
      const std::uint32_t i = in_chunk(number);
      Sum out;
      out.total = static_cast<std::int64_t>(columns[0][i]);
      return sum_of(number, figure, packed->columns[packed_rows][i], columns[1][i] | columns[2][i] << Sums::zeros_at,
                    static_cast<std::uint8_t>(columns[3][i]), out);
    }
    const Group& group = this->group(number);
    const char* const record = reinterpret_cast<const char*>(&group);
    const std::size_t quad = figure / 4 * 4, figures = std::min<std::size_t>(figures_ - quad, 4);
    const char* const totals = record + sizeof(Group) + Sums::bytes(quad) + figure % 4 * sizeof(std::int64_t);
    Sum out;
    std::uint64_t counts = 0;
    std::memcpy(&out.total, totals, sizeof out.total);
    std::memcpy(&counts, totals + figures * sizeof(std::int64_t), sizeof counts);
    return sum_of(number, figure, group.rows, counts, static_cast<std::uint8_t>(record[marks_at_ + figure]), out);
  }

 private:
  /// What a packed group says besides its labels and figures, a column each; of each figure its total, numbers, zeros and marks.
  enum PackedOf : std::uint8_t { packed_rows, packed_first_block, packed_last_block, packed_flags, packed_key_end, packed_labels };
  static constexpr std::size_t columns_of_figure = 4;
  static constexpr std::uint64_t flag_keyless = 1, flag_odd = 2, flag_inside = 4;
  struct Packed {
    const PackedColumn* columns = nullptr;
    std::string_view common;     ///< with which all keys begin
    const char* keys = nullptr;  ///< how they go on, one behind the other
  };

  [[nodiscard]] const Packed* packed_of(std::uint32_t number) const {
    return is_packed(number) ? &packed_[number >> shift_] : nullptr;
  }
  template <class Of>
  [[nodiscard]] std::uint64_t get(std::uint32_t number, PackedOf column, Of of) const {
    const Packed* const packed = packed_of(number);
    return packed == nullptr ? of(group(number), start(number)) : packed->columns[column][in_chunk(number)];
  }
  [[nodiscard]] std::uint64_t flags_of(std::uint32_t number) const {
    return get(number, packed_flags, [](const Group& group, const GroupStart& start) { return flags_of(group, start); });
  }
  [[nodiscard]] static std::uint64_t flags_of(const Group& group, const GroupStart& start) {
    return (group.keyless ? flag_keyless : 0) | (group.odd ? flag_odd : 0) | (start.inside ? flag_inside : 0);
  }
  /// Fills what is left of a sum.
  [[nodiscard]] Sum sum_of(std::uint32_t number, std::size_t figure, std::uint64_t rows, std::uint64_t counts, std::uint8_t marks,
                           Sum out) const {
    const Seldom* const some = seldom_[number >> shift_];
    const Seldom seldom = some == nullptr ? Seldom{} : some[in_chunk(number) * figures_ + figure];
    const std::uint32_t numbers = Sums::numbers_in(counts);
    out.zero = Sums::zeros_in(counts);
    out.negative = seldom.negative;
    out.positive = numbers - out.zero - out.negative;
    out.others = static_cast<std::uint32_t>(rows) - numbers - seldom.blank;
    out.marks = marks;
    return out;
  }
  void pack(std::uint32_t chunk);
  void unpack(std::uint32_t chunk);
  /// Memory for the records of a chunk.
  [[nodiscard]] char* begin_chunk();
  void begin_record(std::uint32_t number);
  void set_key(Group& group, std::string_view key);

  static std::string_view key_of(const Group& group) {
    if (group.key_size <= Group::short_key) return {group.key, group.key_size};
    const char* at = nullptr;
    std::memcpy(&at, group.key, sizeof at);
    return {at, group.key_size};
  }
  [[nodiscard]] std::uint32_t in_chunk(std::uint32_t number) const { return number & ~(~0U << shift_); }
  [[nodiscard]] Seldom* begin_seldom();
  [[nodiscard]] char* record(std::uint32_t number) const { return chunks_[number >> shift_] + in_chunk(number) * stride_; }
  template <class T>
  [[nodiscard]] T* at(std::uint32_t number, std::size_t offset) const {
    return reinterpret_cast<T*>(record(number) + offset);
  }

  template <class T>
  [[nodiscard]] static const T* at(const Group& group, std::size_t offset) {
    return reinterpret_cast<const T*>(reinterpret_cast<const char*>(&group) + offset);
  }
  /// GroupStart, then the labels: in the record, or, where that saves a line of the cache, behind those of the chunk.
  [[nodiscard]] char* rest(Group& group) const { return reinterpret_cast<char*>(&group) + rest_at_ - group.in_chunk * rest_step_; }
  [[nodiscard]] const char* rest(const Group& group) const {
    return reinterpret_cast<const char*>(&group) + rest_at_ - group.in_chunk * rest_step_;
  }

  std::uint64_t seed_;
  std::size_t figures_, labels_;
  std::size_t sums_end_, marks_at_;              ///< in a record
  std::size_t stride_, chunk_;                   ///< bytes of a record, of a chunk
  std::size_t rest_size_, rest_at_, rest_step_;  ///< of the rest of a group: its bytes, where that of the first record of a
                                                 ///< chunk stands, and how much nearer to it that of the next one does
  unsigned shift_ = 0;                           ///< 2^shift records stand together
  bool ascends_ = true;
  Slots slots_;                                          ///< empty while the keys ascend
  Chunked<std::uint64_t, 4096> hashes_;                  ///< likewise
  std::vector<char*> chunks_;                            ///< of records; null: packed
  std::vector<char*> free_chunks_;                       ///< that were
  std::vector<Packed> packed_;                           ///< the first of the chunks
  std::unordered_map<std::uint32_t, GroupPlace> nexts_;  ///< of packed groups
  std::vector<char> packing_;                            ///< room to work in
  std::vector<Seldom*> seldom_;                          ///< of the figures of each record of a chunk; null: there are none
  static constexpr std::uint64_t following = std::uint64_t{1} << 63, apart = following >> 1, agreeing = apart >> 1,
                                 linked = agreeing >> 1;
  static constexpr std::uint64_t flags = following | apart | agreeing | linked;
  Chunked<std::uint64_t, 4096> firsts_;  ///< offsets, and `flags`
  Arena room_;
};

}  // namespace kenzan::engine
