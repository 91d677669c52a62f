// Which unknowns must be others than they are said to be, for all constraints to hold?
#pragma once
#include <cstdint>
#include <vector>

#include "engine/solve/system.hpp"

namespace kenzan::engine {

struct CorrectionLimits {
  std::size_t most_unknowns = 3;  ///< in a set
  bool only_smallest = false;     ///< no sets that have more unknowns than the smallest
  std::size_t most_sets = 1000;
  std::size_t most_looks = 20'000;  ///< at the system with some unknowns lifted
};

struct Corrections {
  std::vector<std::vector<std::uint32_t>>
      sets;               ///< the smallest first, of these in ascending order; unknowns ascending within a set
  bool complete = true;   ///< whether these are all of as many unknowns
  std::size_t looks = 0;  ///< at the system, or parts of it
};

/// Returns the minimal sets of unknowns that, if they may be anything, let all constraints hold: all that have few enough unknowns. Of a
/// system that can hold as it is, the empty set.
///
/// changeable: by unknown, whether it may be in a set.
/// Exact:      open and closed ends are told apart, and no number is rounded.
/// Cost:       for each set of the result and each of its subsets, that of deciding the system; limits.most_looks at most.
/// Source:     the sets are error localisations in the sense of Fellegi and Holt, "A systematic approach to automatic edit and
///             imputation" (1976), found as hitting sets of conflicts, as in Reiter, "A theory of diagnosis from first principles" (1987).
[[nodiscard]] Corrections corrections(const System& system, const std::vector<bool>& changeable,
                                      const CorrectionLimits& limits = {}, const Watch& watch = {}, Effort* effort = nullptr);

}  // namespace kenzan::engine
