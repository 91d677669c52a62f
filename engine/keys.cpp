#include "engine/keys.hpp"

#include <algorithm>
#include <cstring>
#include <random>

namespace kenzan::engine {
namespace {

__extension__ typedef unsigned __int128 Wide;

constexpr std::uint64_t odd[] = {0x9e3779b97f4a7c15U, 0xc2b2ae3d27d4eb4fU, 0x165667b19e3779f9U};

std::uint64_t folded_product(std::uint64_t a, std::uint64_t b) {
  const Wide product = Wide{a} * b;
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t eight(const char* at) {
  std::uint64_t out = 0;
  std::memcpy(&out, at, 8);
  return out;
}

std::uint64_t four(const char* at) {
  std::uint32_t out = 0;
  std::memcpy(&out, at, 4);
  return out;
}

}  // namespace

std::uint64_t random_seed() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

std::uint64_t mixed_hash(std::uint64_t a, std::uint64_t b) { return folded_product(a ^ odd[0], b ^ odd[1]); }

std::uint64_t hash_bytes(const char* text, std::size_t size, std::uint64_t seed) {
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
