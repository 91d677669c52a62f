// Where numbered things stand by their hash.
#pragma once
#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include "engine/pages.hpp"

namespace kenzan::engine {

/// Numbers of things by their hash, which should be seeded, so that nobody can make many meet. Open addressing.
class Slots {
 public:
  static constexpr std::uint32_t absent = ~std::uint32_t{0};

  /// Brings the place of a hash near, for who asks for it soon.
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(&slots_[hash & mask_]); }
  /// The number with this hash of which `is(number)` is true, or `absent`.
  template <class Is>
  [[nodiscard]] std::uint32_t find(std::uint64_t hash, Is is) const {
    return slots_[place(hash, is)].number;
  }
  /// The same; if there is none, `number` takes its place, and is returned.
  template <class Is>
  std::uint32_t put(std::uint64_t hash, std::uint32_t number, Is is) {
    Slot& slot = slots_[place(hash, is)];
    if (slot.number == absent) slot = {tag_of(hash), number};
    return slot.number;
  }
  /// To be called when there are `count`: makes room for more. `hash_of(number)` is the hash of each.
  template <class HashOf>
  void make_room(std::uint32_t count, HashOf hash_of) {
    if (2 * std::uint64_t{count} > slots_.size()) fill(count, hash_of);
  }
  /// Puts `count` in place anew, with room for half as many more at least.
  template <class HashOf>
  void fill(std::uint32_t count, HashOf hash_of) {
    Places larger(std::bit_ceil(std::max<std::size_t>(3 * std::size_t{count}, slots_.size())));
    mask_ = larger.size() - 1;
    for (std::uint32_t number = 0; number < count; ++number) {
      const std::uint64_t hash = hash_of(number);
      std::uint64_t at = hash & mask_;
      while (larger[at].number != absent) at = (at + 1) & mask_;
      larger[at] = {tag_of(hash), number};
    }
    slots_ = std::move(larger);
  }

 private:
  struct Slot {
    std::uint32_t tag = 0;  ///< the upper half of the hash
    std::uint32_t number = absent;
  };
  static std::uint32_t tag_of(std::uint64_t hash) { return static_cast<std::uint32_t>(hash >> 32); }
  template <class Is>
  [[nodiscard]] std::uint64_t place(std::uint64_t hash, Is is) const {
    std::uint64_t at = hash & mask_;
    while (slots_[at].number != absent && !(slots_[at].tag == tag_of(hash) && is(slots_[at].number))) at = (at + 1) & mask_;
    return at;
  }
  using Places = PagedVector<Slot>;
  std::uint64_t mask_ = 1023;
  Places slots_ = Places(mask_ + 1);  ///< a power of two, at most half full
};

}  // namespace kenzan::engine
