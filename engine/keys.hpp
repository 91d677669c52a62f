// Distinct keys by their bytes, numbered in the order in which a thread meets them.
#pragma once
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

namespace kenzan::engine {

/// A number that nobody outside the process knows.
[[nodiscard]] std::uint64_t random_seed();
/// A hash of bytes that nobody can aim at without the seed.
[[nodiscard]] std::uint64_t hash_bytes(const char* text, std::size_t size, std::uint64_t seed);
[[nodiscard]] std::uint64_t mixed_hash(std::uint64_t a, std::uint64_t b);

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
  [[nodiscard]] std::string_view key(std::uint32_t number) const {
    return {bytes_.data() + begins_[number], begins_[number + 1] - begins_[number]};
  }
  [[nodiscard]] std::uint64_t hash_of(std::uint32_t number) const { return hashes_[number]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(begins_.size() - 1); }
  static constexpr std::uint32_t absent = ~std::uint32_t{0};

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::uint32_t number = absent;
  };
  void grow();
  std::uint64_t seed_, mask_;
  std::vector<Slot> slots_;  ///< a power of two, at most half full
  std::vector<char> bytes_;
  std::vector<std::uint64_t> begins_, hashes_;
};

}  // namespace kenzan::engine
