#include "engine/keys.hpp"

#include <algorithm>
#include <random>

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

}  // namespace kenzan::engine
