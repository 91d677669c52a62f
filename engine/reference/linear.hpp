// What an instance asks of its cells in linear terms: what joint consistency is decided by.
#pragma once
#include <optional>
#include <vector>

#include "engine/reference/reference.hpp"

namespace kenzan::engine {

/// Σ factor · cell lies in `range`.
struct LinearCondition {
  struct Part {
    CellRef cell;
    Rational factor;
    Interval values;  ///< true values of the cell
  };
  std::vector<Part> cells;  ///< each once
  Interval range;
};

/// Returns the values that a condition leaves for one of its cells while the others stay within theirs; nothing if it is none of them.
[[nodiscard]] std::optional<Interval> values_left(const LinearCondition& condition, const CellRef& cell);

/// Returns linear conditions that hold wherever the instance's `require` holds: of its comparisons of linear expressions joined by
/// `and`, under `all`, and behind an `implies` whose left side is certain. Constants known only to an interval and what is not
/// linear widen the range. None of an instance that is not certainly made.
/// Cost: that of judging the instance.
[[nodiscard]] std::vector<LinearCondition> linear_conditions(const Data& data, const dsl::Rule& rule, const Instance& instance,
                                                             RowIndex* index = nullptr);

}  // namespace kenzan::engine
