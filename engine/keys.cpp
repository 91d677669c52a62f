#include "engine/keys.hpp"

#include <algorithm>
#include <array>
#include <random>

#include "engine/near.hpp"

namespace kenzan::engine {

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

KeyTable::KeyTable(std::uint64_t seed) : seed_(seed) {}

std::uint32_t KeyTable::find(std::string_view wanted, std::uint64_t hash) const {
  return slots_.find(hash, [&](std::uint32_t number) { return same_bytes(keys_[number], wanted); });
}

std::uint32_t KeyTable::insert(std::string_view wanted, std::uint64_t hash, bool& fresh) {
  const std::uint32_t next = size();
  const std::uint32_t number = slots_.put(hash, next, [&](std::uint32_t known) { return same_bytes(keys_[known], wanted); });
  fresh = number == next;
  if (!fresh) return number;
  char* const bytes = bytes_.take<char>(wanted.size(), 1);
  std::ranges::copy(wanted, bytes);
  keys_.emplace_back(bytes, wanted.size());
  hashes_.push_back(hash);
  slots_.make_room(size(), [this](std::uint32_t known) { return hashes_[known]; });
  return number;
}

void KeyTable::bring_near(std::span<const std::string_view> keys) const {
  constexpr std::size_t together = 32;
  for (; !keys.empty(); keys = keys.subspan(std::min(together, keys.size()))) {
    const auto some = keys.first(std::min(together, keys.size()));
    std::array<std::uint64_t, together> hashes;
    for (std::size_t i = 0; i < some.size(); ++i) {
      hashes[i] = hash(some[i]);
      slots_.prefetch(hashes[i]);
    }
    std::array<std::uint32_t, together> likely;
    std::size_t count = 0;
    for (std::size_t i = 0; i < some.size(); ++i) {
      likely[count] = slots_.find(hashes[i], [](std::uint32_t) { return true; });
      if (likely[count] != absent) ++count;
    }
    for (std::size_t i = 0; i < count; ++i) engine::bring_near(&keys_[likely[i]]);
    for (std::size_t i = 0; i < count; ++i) {
      if (const std::string_view key = keys_[likely[i]]; !key.empty()) engine::bring_near(key.data());
    }
  }
}

}  // namespace kenzan::engine
