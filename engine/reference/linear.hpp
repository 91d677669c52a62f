// What an instance asks of its cells in linear terms: what joint consistency is decided by.
#pragma once
#include <optional>
#include <utility>
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

/// Whether an instance of the rule, for a number in the place of another, is violated just where the number misses what its linear condition
/// leaves for it: `require` is one comparison of figures that must be possible, and `when` reads no more of figures than their marks. Not
/// of figures that the condition does not name.
[[nodiscard]] bool is_decided_by_intervals(const dsl::Program& program, const dsl::Rule& rule);

/// The values that a condition leaves for each of its cells while the others stay within theirs, of which one sum is kept.
/// Cost: linear in the cells once, then constant for a cell.
class ValuesLeft {
 public:
  explicit ValuesLeft(const LinearCondition& condition);
  /// For a part of that condition.
  [[nodiscard]] Interval of(const LinearCondition::Part& part) const;
  /// Whether the condition can hold when some parts of it have other values.
  [[nodiscard]] bool allow(const std::vector<std::pair<const LinearCondition::Part*, Interval>>& others) const;

 private:
  /// Of the sum of all parts: what is finite, and how many ends are infinite or open.
  struct End {
    Rational finite = 0;
    std::size_t infinite = 0, open = 0;
    void add(const Bound& bound);
    void take_out(const Bound& bound);
    [[nodiscard]] Bound bound() const { return {finite, open == 0, infinite > 0}; }
  };
  Interval range_;
  End low_, high_;
};

/// Returns linear conditions that hold wherever the instance's `require` holds: of its comparisons of linear expressions joined by
/// `and`, under `all`, and behind an `implies` whose left side is certain. Constants known only to an interval and what is not
/// linear widen the range. None of an instance that is not certainly made.
/// Cost: that of judging the instance.
[[nodiscard]] std::vector<LinearCondition> linear_conditions(const Data& data, const dsl::Rule& rule, const Instance& instance,
                                                             RowIndex* index = nullptr);

}  // namespace kenzan::engine
