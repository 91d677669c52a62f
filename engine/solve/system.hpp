// Linear constraints over unknowns of which only ranges are known: can all hold at once, and if not, which of them exclude each other?
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "base/interval.hpp"
#include "engine/watch.hpp"

namespace kenzan::engine {

/// Σ factor · unknown lies in `range`.
struct Constraint {
  struct Term {
    std::uint32_t unknown = 0;
    Rational factor;
  };
  std::vector<Term> terms;  ///< each unknown once; no factor is 0
  Interval range;
};

struct System {
  std::vector<Interval> unknowns;
  std::vector<Constraint> constraints;
};

/// Some constraints of a system, and the unknowns that they speak of: `unknowns` says which ones of the system these are, ascending.
struct Part {
  System system;
  std::vector<std::uint32_t> unknowns;
};
[[nodiscard]] Part part_of(const System& system, const std::vector<std::uint32_t>& constraints);

/// Groups the constraints: those are together that are linked by unknowns of which more than one value is known. Ascending.
[[nodiscard]] std::vector<std::vector<std::uint32_t>> linked_constraints(const System& system);

/// Where constraints stand among groups of them, and unknowns among constraints.
struct Links {
  std::vector<std::vector<std::uint32_t>> groups;  ///< of constraints
  std::vector<std::uint32_t> group_of;             ///< by constraint
  std::vector<std::vector<std::uint32_t>> uses;    ///< by unknown: constraints
};
[[nodiscard]] Links links_of(const System& system, std::vector<std::vector<std::uint32_t>> groups);

/// What may be spent on a question: steps, each the look at a term of a constraint, in the repair and the simplex method. Peeling is free.
struct Effort {
  std::uint64_t steps = ~std::uint64_t{0};  ///< left
  /// Constraints, ascending, of which it was not found out whether they can hold; and whether a set that was found may not be minimal.
  std::vector<std::uint32_t> undecided;
  bool perhaps_not_minimal = false;
};

/// Returns sets of constraints that cannot all hold for any values of the unknowns within their ranges. Each is minimal: without any
/// one of its constraints the others can hold. So that no two say the same, the unknowns that a set speaks of, if more than one
/// value of them is known, may be anything in the sets that come after it; without the sets, the rest can then hold.
///
/// Order:   ascending within a set.
/// Exact:   open and closed ends are told apart, and no number is rounded.
/// Cost:    linear where no cycle of constraints is linked by unknowns of which more than one value is known, as in a hierarchy
///          of totals; else that of the simplex method on the constraints of the cycles.
/// Source:  elimination of unknowns that stand once is Fourier and Motzkin's; the rest is decided as in Dutertre and de Moura,
///          "A fast linear-arithmetic solver for DPLL(T)" (2006).
[[nodiscard]] std::vector<std::vector<std::uint32_t>> conflicts(const System& system, const Watch& watch = {},
                                                                Effort* effort = nullptr);

/// Returns the values that an unknown can have where all constraints hold and the others stay within their ranges; its own range is
/// left out of account. Nothing where the constraints cannot hold whatever it is.
/// Cost: as above, for the constraints that are linked with it.
[[nodiscard]] std::optional<Interval> possible_values(const System& system, std::uint32_t unknown, const Watch& watch = {});

}  // namespace kenzan::engine
