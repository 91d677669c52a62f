// The groups that one thread finds in a file, each with the sums of its figures.
#pragma once
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

#include "engine/arena.hpp"
#include "engine/keys.hpp"
#include "engine/near.hpp"
#include "engine/slots.hpp"
#include "engine/stream/numbers.hpp"

namespace kenzan::engine {

/// A group as one thread found it.
struct GroupPlace {
  static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  std::uint32_t part = nowhere, group = 0;
  [[nodiscard]] bool valid() const { return part != nowhere; }
};

/// The sum of the plain numbers of one figure in one group at the figure's main place, and what else its cells are.
struct Sum {
  std::int64_t total = 0;
  std::uint32_t positive = 0, negative = 0, zero = 0;
  std::uint32_t others = 0;  ///< cells that are neither in `total` nor blank
  std::uint8_t marks = 0;
};
namespace mark_bit {
inline constexpr std::uint8_t nil = 1, unknown = 2, suppressed = 4, blank = 8, unreadable = 16, odd = 32, more = 64;
}

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
/// their keys ascend, byte by byte, as those of a sorted file do, each is compared with the last only, and nothing is hashed.
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
  /// Keys are looked for by their hashes from now on.
  void end_order();

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
  [[nodiscard]] std::uint64_t hash_of(std::uint32_t number) const { return hashes_[number]; }
  /// The offset of its first record.
  [[nodiscard]] std::uint64_t first(std::uint32_t number) const { return firsts_[number] & ~following; }
  /// Whether another thread has found an earlier record of the group.
  [[nodiscard]] bool follows(std::uint32_t number) const { return (firsts_[number] & following) != 0; }
  void set_follows(std::uint32_t number) { firsts_[number] |= following; }
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
  [[nodiscard]] Sum sum(std::uint32_t number, std::size_t figure) const { return sum(group(number), number, figure); }
  /// The same where the group is at hand.
  [[nodiscard]] Sum sum(const Group& group, std::uint32_t number, std::size_t figure) const {
    const char* const record = reinterpret_cast<const char*>(&group);
    const std::size_t quad = figure / 4 * 4, figures = std::min<std::size_t>(figures_ - quad, 4);
    const char* const totals = record + sizeof(Group) + Sums::bytes(quad) + figure % 4 * sizeof(std::int64_t);
    Sum out;
    std::uint64_t counts = 0;
    std::memcpy(&out.total, totals, sizeof out.total);
    std::memcpy(&counts, totals + figures * sizeof(std::int64_t), sizeof counts);
    const Seldom* const some = seldom_[number >> shift_];
    const Seldom seldom = some == nullptr ? Seldom{} : some[in_chunk(number) * figures_ + figure];
    const std::uint32_t numbers = Sums::numbers_in(counts);
    out.zero = Sums::zeros_in(counts);
    out.negative = seldom.negative;
    out.positive = numbers - out.zero - out.negative;
    out.others = group.rows - numbers - seldom.blank;
    out.marks = static_cast<std::uint8_t>(record[marks_at_ + figure]);
    return out;
  }

 private:
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
  std::size_t figures_, sums_end_, marks_at_;    ///< in a record
  std::size_t stride_, chunk_;                   ///< bytes of a record, of a chunk
  std::size_t rest_size_, rest_at_, rest_step_;  ///< of the rest of a group: its bytes, where that of the first record of a
                                                 ///< chunk stands, and how much nearer to it that of the next one does
  unsigned shift_ = 0;                           ///< 2^shift records stand together
  bool ascends_ = true;
  Slots slots_;                          ///< empty while the keys ascend
  Chunked<std::uint64_t, 4096> hashes_;  ///< likewise
  std::vector<char*> chunks_;            ///< of records
  std::vector<Seldom*> seldom_;          ///< of the figures of each record of a chunk; null: there are none
  static constexpr std::uint64_t following = std::uint64_t{1} << 63;
  Chunked<std::uint64_t, 4096> firsts_;  ///< offsets, and `following`
  Arena room_;
};

}  // namespace kenzan::engine
