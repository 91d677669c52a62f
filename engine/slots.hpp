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
    return number_in(slots_[place(hash, is)]);
  }
  /// The same; if there is none, `number` takes its place, and is returned.
  template <class Is>
  std::uint32_t put(std::uint64_t hash, std::uint32_t number, Is is) {
    Slot& slot = slots_[place(hash, is)];
    if (slot == absent) slot = slot_of(hash, number);
    return number_in(slot);
  }
  /// To be called when there are `count`: makes room for more. `hash_of(number)` is the hash of each.
  template <class HashOf>
  void make_room(std::uint32_t count, HashOf hash_of) {
    if (2 * std::uint64_t{count} > slots_.size()) fill(count, hash_of);
  }
  /// Puts `count` in place anew, with room for half as many more at least.
  template <class HashOf>
  void fill(std::uint32_t count, HashOf hash_of) {
    slots_ = Places();  // before others are made: no two are needed at once
    mask_ = std::bit_ceil(std::max<std::size_t>(3 * std::size_t{count}, mask_ + 1)) - 1;
    slots_ = Places(mask_ + 1, absent);
    for (std::uint32_t number = 0; number < count; ++number) {
      const std::uint64_t hash = hash_of(number);
      std::uint64_t at = hash & mask_;
      while (slots_[at] != absent) at = (at + 1) & mask_;
      slots_[at] = slot_of(hash, number);
    }
  }

 private:
  /// A number, of at most half as many as there are slots, and above it bits of the hash, to tell it from others. The fewer bytes, the
  /// more of them are near.
  using Slot = std::uint32_t;
  [[nodiscard]] Slot slot_of(std::uint64_t hash, std::uint32_t number) const {
    return (static_cast<Slot>(hash >> 32) & ~number_mask()) | number;
  }
  [[nodiscard]] std::uint32_t number_in(Slot slot) const { return slot == absent ? absent : slot & number_mask(); }
  [[nodiscard]] Slot number_mask() const { return static_cast<Slot>(mask_); }
  template <class Is>
  [[nodiscard]] std::uint64_t place(std::uint64_t hash, Is is) const {
    const Slot wanted = slot_of(hash, 0), mask = number_mask();
    std::uint64_t at = hash & mask_;
    while (slots_[at] != absent && !((slots_[at] & ~mask) == wanted && is(slots_[at] & mask))) at = (at + 1) & mask_;
    return at;
  }
  using Places = PagedVector<Slot>;
  std::uint64_t mask_ = 1023;
  Places slots_ = Places(mask_ + 1, absent);  ///< a power of two, at most half full
};

}  // namespace kenzan::engine
