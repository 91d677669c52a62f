// Three-valued truth with reasons, and the table of verdicts. Both evaluators end here.
#pragma once
#include "diag/finding.hpp"
#include "dsl/program.hpp"

namespace kenzan::engine {

/// What is known of a condition. At least one of `can_be_true`, `can_be_false` is set; if only one is, the condition is determined.
///
/// `missing`, `unknown`: it is undetermined and turns on a cell without a row; on an unknown, suppressed or blank cell.
/// `written`: its truth for the values as written (that of a determined condition is its own; false where `missing` or `unknown`).
struct Truth {
  bool can_be_true = true;
  bool can_be_false = false;
  bool written = true;
  bool missing = false;
  bool unknown = false;

  [[nodiscard]] static Truth of(bool value) { return {value, !value, value, false, false}; }
  [[nodiscard]] bool determined() const { return can_be_true != can_be_false; }
  friend bool operator==(const Truth&, const Truth&) = default;
};

/// Kleene's connectives. A determined result turns on nothing; an undetermined one on what its undetermined operands turn on.
[[nodiscard]] Truth negation(Truth a);
[[nodiscard]] Truth conjunction(Truth a, Truth b);
[[nodiscard]] Truth disjunction(Truth a, Truth b);
[[nodiscard]] Truth implication(Truth a, Truth b);

/// What `when` makes of an instance.
enum class Admission : std::uint8_t {
  made,         ///< certainly true
  not_made,     ///< false, or turns on a missing row
  unknown,      ///< turns on an unknown cell: the verdict is `unknown`
  conditional,  ///< undetermined by rounding alone: judged as `when implies require`
};
[[nodiscard]] Admission admit(Truth when);

/// Whether a table's `where` keeps a row: judged as written, and where it turns on an unknown cell the row is kept, since what may
/// belong to the table must not vanish from the checks.
[[nodiscard]] bool keeps(Truth where);

/// The verdict of `require`, without the plausibility grade: `rounding` may still become `implausible`.
/// Source: the table of verdicts of the language reference, section 6, first line that applies.
[[nodiscard]] Verdict decide(Truth require, dsl::Strength strength);

}  // namespace kenzan::engine
