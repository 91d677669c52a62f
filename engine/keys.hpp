// Distinct byte strings, numbered in the order in which they come: keys of groups, texts of a run.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

#include "engine/arena.hpp"
#include "engine/pages.hpp"
#include "engine/slots.hpp"

namespace kenzan::engine {

/// A number that nobody outside the process knows.
[[nodiscard]] std::uint64_t random_seed();

namespace hashing {

__extension__ typedef unsigned __int128 Wide;

inline constexpr std::uint64_t odd[] = {0x9e3779b97f4a7c15U, 0xc2b2ae3d27d4eb4fU, 0x165667b19e3779f9U};

inline std::uint64_t folded_product(std::uint64_t a, std::uint64_t b) {
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

inline std::uint64_t eight(const char* at) {
  std::uint64_t out = 0;
  std::memcpy(&out, at, 8);
  return out;
}

inline std::uint64_t four(const char* at) {
  std::uint32_t out = 0;
  std::memcpy(&out, at, 4);
  return out;
}

}  // namespace hashing

[[nodiscard]] inline std::uint64_t mixed_hash(std::uint64_t a, std::uint64_t b) {
  return hashing::folded_product(a ^ hashing::odd[0], b ^ hashing::odd[1]);
}

/// A hash of bytes that nobody can aim at without the seed.
[[nodiscard]] inline std::uint64_t hash_bytes(const char* text, std::size_t size, std::uint64_t seed) {
  using namespace hashing;
  std::uint64_t h = seed ^ folded_product(size ^ odd[2], odd[0]);
  std::size_t left = size;
  for (; left > 16; left -= 16, text += 16) h = folded_product(eight(text) ^ odd[0], eight(text + 8) ^ h);
  // The rest by loads that overlap: none of them leaves the text.
  std::uint64_t a = 0, b = 0;
  if (left >= 8) {
    a = eight(text);
    b = eight(text + left - 8);
  } else if (left >= 4) {
    a = four(text);
    b = four(text + left - 4);
  } else if (left > 0) {
    const auto byte = [text](std::size_t i) { return static_cast<std::uint64_t>(static_cast<unsigned char>(text[i])); };
    a = byte(0) << 16 | byte(left / 2) << 8 | byte(left - 1);
  }
  return folded_product(folded_product(a ^ odd[1], b ^ h), odd[2] ^ h);
}

/// Whether two texts are the same, for short ones.
[[gnu::always_inline]] inline bool same_bytes(std::string_view a, std::string_view b) {
  using namespace hashing;
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  const auto differ = [&](std::size_t at) { return eight(a.data() + at) ^ eight(b.data() + at); };
  // Loads that overlap, so that few branches depend on the size.
  if (size >= 16 && size <= 64) {
    std::uint64_t found = differ(0) | differ(8) | differ(size - 16) | differ(size - 8);
    if (size > 32) found |= differ(16) | differ(24) | differ(size - 32) | differ(size - 24);
    return found == 0;
  }
  if (size >= 8 && size < 16) return (differ(0) | differ(size - 8)) == 0;
  if (size >= 4 && size < 8) {
    return ((four(a.data()) ^ four(b.data())) | (four(a.data() + size - 4) ^ four(b.data() + size - 4))) == 0;
  }
  return a == b;
}

/// With how many bytes two texts begin alike.
[[gnu::always_inline]] inline std::size_t common_prefix(std::string_view a, std::string_view b) {
  const std::size_t size = std::min(a.size(), b.size());
  std::uint64_t found = 0;
  const auto differ = [&](std::size_t at) { return found = hashing::eight(a.data() + at) ^ hashing::eight(b.data() + at); };
  const auto same_of_eight = [&] {
    return static_cast<std::size_t>(std::endian::native == std::endian::little ? std::countr_zero(found)
                                                                               : std::countl_zero(found)) /
           8;
  };
  std::size_t at = 0;
  for (; at + 8 <= size; at += 8) {
    if (differ(at) != 0) return at + same_of_eight();
  }
  if (at == size) return size;
  if (size >= 8) return differ(size - 8) != 0 ? size - 8 + same_of_eight() : size;
  while (at < size && a[at] == b[at]) ++at;
  return at;
}

/// Keys stay where they are as others are added; so a table is moved, not copied.
class KeyTable {
 public:
  explicit KeyTable(std::uint64_t seed);
  [[nodiscard]] std::uint64_t hash(std::string_view key) const { return hash_bytes(key.data(), key.size(), seed_); }
  /// The number of a key; `fresh` says whether it is new. `hash` is its hash.
  std::uint32_t insert(std::string_view key, std::uint64_t hash, bool& fresh);
  /// The number of a key, or `absent`.
  [[nodiscard]] std::uint32_t find(std::string_view key, std::uint64_t hash) const;
  /// Brings near what looking for these keys takes, which is mostly more than comparing them.
  void bring_near(std::span<const std::string_view> keys) const;
  [[nodiscard]] std::string_view key(std::uint32_t number) const { return keys_[number]; }
  [[nodiscard]] std::uint64_t hash_of(std::uint32_t number) const { return hashes_[number]; }
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(keys_.size()); }
  static constexpr std::uint32_t absent = Slots::absent;

 private:
  std::uint64_t seed_;
  Slots slots_;
  Arena bytes_;  ///< of the keys
  PagedVector<std::string_view> keys_;
  PagedVector<std::uint64_t> hashes_;
};

}  // namespace kenzan::engine
