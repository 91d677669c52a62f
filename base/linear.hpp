// Linear forms over figures: terms with one unknown each, collected so that a cell that occurs twice stays one unknown.
#pragma once
#include <cstdint>
#include <optional>
#include <vector>

#include "base/interval.hpp"

namespace kenzan {

/// One unknown of a linear form: `id` says which (equal ids are the same unknown), `range` its true values, `factor` ≠ 0 its
/// weight. Equal ids have equal ranges. An unknown that is itself a sum of independent ones has `squares`: Σ width² of these.
struct Term {
  std::uint64_t id;
  Rational factor;
  Interval range;
  std::optional<Rational> squares = std::nullopt;
};

/// Σ factor · unknown + constant.
struct Linear {
  std::vector<Term> terms;
  Rational constant = 0;
};

/// Adds up the factors of equal ids and drops terms whose factor became 0. Afterwards the ids are distinct and ascending.
void collect(Linear& form);

/// left − right, collected: what stands in both is one unknown.
[[nodiscard]] Linear difference(const Linear& left, const Linear& right);

/// The set of values of a collected form.
[[nodiscard]] Interval range_of(const Linear& form);
/// That of left − right. Cost: no copy of the terms where none is in both.
[[nodiscard]] Interval range_of_difference(const Linear& left, const Linear& right);

/// The set of values of numerator/denominator, both collected, for unknowns that may stand in both: exact where the denominator
/// cannot be 0 (the quotient is monotone in each unknown), otherwise (−∞, ∞).
[[nodiscard]] Interval range_of_quotient(const Linear& numerator, const Linear& denominator);

/// How far from 0 the form's value lies, by the square of its standard deviation: each unknown independent and uniform over its
/// range. 0 where any range is infinite or all are points. The only judgement made in binary floating point: it grades, and never
/// decides whether a value is possible.
// not a figure: grades plausibility, decides no value
[[nodiscard]] double z_squared(const Linear& form);
/// The same of left − right, both collected.
// not a figure: grades plausibility, decides no value
[[nodiscard]] double z_squared_of_difference(const Linear& left, const Linear& right);
/// The same from sums: `mean_doubled` = low + high of the form's range, `squares` = Σ (factor · width)².
[[nodiscard]] double z_squared(double mean_doubled, double squares);
/// Whether that is implausible for a rule of `instances` instances: normal approximation, two-sided tail p with p · instances < 1 %.
[[nodiscard]] bool implausible(double z_squared, std::uint64_t instances);

}  // namespace kenzan
