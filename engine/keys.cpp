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

KeyTable::KeyTable(std::uint64_t seed) : seed_(seed), mask_(1023), slots_(1024) {}

std::uint32_t KeyTable::find(std::string_view wanted, std::uint64_t hash) const {
  for (std::uint64_t at = hash & mask_; slots_[at].number != absent; at = (at + 1) & mask_) {
    if (holds(slots_[at], wanted, hash)) return slots_[at].number;
  }
  return absent;
}

std::uint32_t KeyTable::insert(std::string_view wanted, std::uint64_t hash, bool& fresh) {
  std::uint64_t at = hash & mask_;
  for (; slots_[at].number != absent; at = (at + 1) & mask_) {
    if (!holds(slots_[at], wanted, hash)) continue;
    fresh = false;
    return slots_[at].number;
  }
  fresh = true;
  const std::uint32_t number = size();
  slots_[at] = {static_cast<std::uint32_t>(hash >> 32), number};
  if (wanted.size() > room_) {
    constexpr std::size_t chunk = std::size_t{1} << 16;
    room_ = std::max(chunk, wanted.size());
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
    end_ = chunks_.back().get();
  }
  std::ranges::copy(wanted, end_);
  keys_.emplace_back(end_, wanted.size());
  end_ += wanted.size();
  room_ -= wanted.size();
  hashes_.push_back(hash);
  if (2 * std::uint64_t{size()} > slots_.size()) grow();
  return number;
}

void KeyTable::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  mask_ = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.number == absent) continue;
    std::uint64_t at = hashes_[slot.number] & mask_;
    while (larger[at].number != absent) at = (at + 1) & mask_;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

}  // namespace kenzan::engine
