// Typed 32-bit ids: an index into one particular vector, which cannot be mistaken for an index into another.
#pragma once
#include <cstdint>
#include <functional>
#include <limits>

namespace kenzan {

/// Names an element of one flat store. `Tag` keeps ids of different stores apart; a default id names nothing.
template <class Tag>
struct Id {
  static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t value = none;

  constexpr Id() = default;
  constexpr explicit Id(std::size_t index) : value(static_cast<std::uint32_t>(index)) {}
  [[nodiscard]] constexpr bool valid() const { return value != none; }
  [[nodiscard]] constexpr std::size_t index() const { return value; }
  friend constexpr auto operator<=>(Id, Id) = default;
};

}  // namespace kenzan

template <class Tag>
struct std::hash<kenzan::Id<Tag>> {
  std::size_t operator()(kenzan::Id<Tag> id) const noexcept { return id.value; }
};
