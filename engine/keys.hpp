// Distinct byte strings, numbered in the order in which they come: keys of groups, texts of a run.
#pragma once
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

namespace kenzan::engine {

/// A number that nobody outside the process knows.
[[nodiscard]] std::uint64_t random_seed();
/// A hash of bytes that nobody can aim at without the seed.
[[nodiscard]] std::uint64_t hash_bytes(const char* text, std::size_t size, std::uint64_t seed);
[[nodiscard]] std::uint64_t mixed_hash(std::uint64_t a, std::uint64_t b);

/// Keys stay where they are as others are added; so a table is moved, not copied.
class KeyTable {
 public:
  explicit KeyTable(std::uint64_t seed);
  [[nodiscard]] std::uint64_t hash(std::string_view key) const { return hash_bytes(key.data(), key.size(), seed_); }
  /// Brings the place of a key near, for who asks for it soon.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }
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
    std::uint64_t hash = 0;
    std::uint32_t number = absent;
  };
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
