#include "engine/stream/keys.hpp"

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

/// The last `size` (1 to 8) bytes of a text, as a number.
std::uint64_t up_to_eight(const char* at, std::size_t size) { return eight(at) << (8 * (8 - size)); }

}  // namespace

std::uint64_t mixed_hash(std::uint64_t a, std::uint64_t b) { return folded_product(a ^ odd[0], b ^ odd[1]); }

std::uint64_t hash_bytes(const char* text, std::size_t size, std::uint64_t seed) {
  std::uint64_t h = seed ^ folded_product(size ^ odd[2], odd[0]);
  std::size_t left = size;
  for (; left > 16; left -= 16, text += 16) h = folded_product(eight(text) ^ odd[0], eight(text + 8) ^ h);
  std::uint64_t a = 0, b = 0;
  if (left > 8) {
    a = eight(text);
    b = up_to_eight(text + 8, left - 8);
  } else if (left > 0) {
    a = up_to_eight(text, left);
  }
  return folded_product(folded_product(a ^ odd[1], b ^ h), odd[2] ^ h);
}

KeyTable::KeyTable(std::uint64_t seed) : seed_(seed), mask_(1023), slots_(1024), begins_{0} {}

std::uint32_t KeyTable::find(std::string_view wanted, std::uint64_t hash) const {
  for (std::uint64_t at = hash & mask_; slots_[at].number != absent; at = (at + 1) & mask_) {
    if (slots_[at].hash == hash && key(slots_[at].number) == wanted) return slots_[at].number;
  }
  return absent;
}

std::uint32_t KeyTable::insert(std::string_view wanted, std::uint64_t hash, bool& fresh) {
  std::uint64_t at = hash & mask_;
  for (; slots_[at].number != absent; at = (at + 1) & mask_) {
    if (slots_[at].hash != hash || key(slots_[at].number) != wanted) continue;
    fresh = false;
    return slots_[at].number;
  }
  fresh = true;
  const std::uint32_t number = size();
  slots_[at] = {hash, number};
  bytes_.insert(bytes_.end(), wanted.begin(), wanted.end());
  begins_.push_back(bytes_.size());
  hashes_.push_back(hash);
  if (2 * std::uint64_t{size()} > slots_.size()) grow();
  return number;
}

void KeyTable::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  mask_ = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.number == absent) continue;
    std::uint64_t at = slot.hash & mask_;
    while (larger[at].number != absent) at = (at + 1) & mask_;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace kenzan::engine
