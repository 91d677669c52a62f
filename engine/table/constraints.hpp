// The constraints that columns declare, checked on their own.
#pragma once
#include <cstdint>
#include <limits>

#include "engine/table/load.hpp"

namespace kenzan::engine {

/// Checks the constraints of every column over the kept rows: `constraint`, `unknown-reference` for `in table.column`, and
/// `spelling` where a text is permitted but for its spelling. A comparison is violated only if no true value meets it. Blank cells
/// are not checked.
///
/// Columns: all, or those in `only`.
/// Missing: a reference to a table that could not be read is not checked.
/// Cost:    linear in rows and constraints; near names are looked for a few times only.
void check_constraints(const Data& data, dsl::TableId table, LoadReport& report, const std::vector<std::uint32_t>* only = nullptr);

/// Integers n of which n · 10^exponent surely meets some comparisons; what is not within has to be looked at.
struct IntegerBounds {
  static constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
  std::int64_t least = -greatest, most = greatest;
  static IntegerBounds none() { return {1, 0}; }
  [[nodiscard]] bool hold(std::int64_t number) const { return number >= least && number <= most; }
};

/// Takes in another comparison of figures.
void narrow(IntegerBounds& bounds, const dsl::Constraint& comparison, int exponent);

}  // namespace kenzan::engine
