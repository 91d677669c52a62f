// Whether constraints can hold together, in three steps of which each leaves little to the next.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "engine/solve/peeling.hpp"

namespace kenzan::engine {

/// Returns the rows that are left of a system, those apart that no unknown links.
[[nodiscard]] std::vector<std::vector<Peeling::Row>> cores_of(Peeling& peeling, std::size_t unknowns);

/// Returns some of these constraints that exclude each other, ascending, not always minimal; nothing if all can hold. Counts `steps`
/// down, and throws Simplex::Spent when there are none left.
[[nodiscard]] std::optional<std::vector<std::uint32_t>> some_conflict(const System& system,
                                                                      const std::vector<std::uint32_t>& constraints,
                                                                      const Watch& watch, std::uint64_t& steps);

}  // namespace kenzan::engine
