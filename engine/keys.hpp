// Distinct byte strings, numbered in the order in which they come: keys of groups, texts of a run.
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace kenzan::engine {

/// A number that nobody outside the process knows.
[[nodiscard]] std::uint64_t random_seed();
/// A hash of bytes that nobody can aim at without the seed.
[[nodiscard]] std::uint64_t hash_bytes(const char* text, std::size_t size, std::uint64_t seed);
[[nodiscard]] std::uint64_t mixed_hash(std::uint64_t a, std::uint64_t b);

/// Whether two texts are the same, for short ones.
[[gnu::always_inline]] inline bool same_bytes(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() < 8 || a.size() > 64) return a == b;
  const auto differ = [&](std::size_t at) {
    std::uint64_t first = 0, second = 0;
    std::memcpy(&first, a.data() + at, 8);
    std::memcpy(&second, b.data() + at, 8);
    return first ^ second;
  };
  std::uint64_t found = differ(a.size() - 8);
  for (std::size_t at = 0; at + 8 < a.size(); at += 8) found |= differ(at);
  return found == 0;
}

/// Keys stay where they are as others are added; so a table is moved, not copied.
class KeyTable {
 public:
  explicit KeyTable(std::uint64_t seed);
  [[nodiscard]] std::uint64_t hash(std::string_view key) const { return hash_bytes(key.data(), key.size(), seed_); }
  /// Brings the place of a key near, for who asks for it soon.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }
  void prefetch_key(std::uint32_t number) const { __builtin_prefetch(&keys_[number]); }
  /// The number of the key that probably has this hash, or `absent`.
  [[nodiscard]] std::uint32_t likely(std::uint64_t hash) const {
    for (std::uint64_t at = hash & mask_; slots_[at].number != absent; at = (at + 1) & mask_) {
      if (slots_[at].tag == static_cast<std::uint32_t>(hash >> 32)) return slots_[at].number;
    }
    return absent;
  }
  /// The number of a key; `fresh` says whether it is new. `hash` is its hash.
  std::uint32_t insert(std::string_view key, std::uint64_t hash, bool& fresh);
  /// The number of a key, or `absent`.
  [[nodiscard]] std::uint32_t find(std::string_view key, std::uint64_t hash) const;
  [[nodiscard]] std::string_view key(std::uint32_t number) const { return keys_[number]; }
  [[nodiscard]] std::uint64_t hash_of(std::uint32_t number) const { return hashes_[number]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(keys_.size()); }
  static constexpr std::uint32_t absent = ~std::uint32_t{0};

 private:
  struct Slot {
    std::uint32_t tag = 0;  ///< the upper half of the hash
    std::uint32_t number = absent;
  };
  [[nodiscard]] bool holds(const Slot& slot, std::string_view wanted, std::uint64_t hash) const {
    return slot.tag == static_cast<std::uint32_t>(hash >> 32) && same_bytes(keys_[slot.number], wanted);
  }
  void grow();
  std::uint64_t seed_, mask_;
  std::vector<Slot> slots_;                      ///< a power of two, at most half full
  std::vector<std::unique_ptr<char[]>> chunks_;  ///< the bytes of the keys
  char* end_ = nullptr;                          ///< behind the last key
  std::size_t room_ = 0;                         ///< from there to the end of its chunk
  std::vector<std::string_view> keys_;
  std::vector<std::uint64_t> hashes_;
};

}  // namespace kenzan::engine
