// Published figures: what is written in a cell, how it was rounded, and the set of true values that it stands for.
#pragma once
#include <cstdint>
#include <string_view>

#include "base/interval.hpp"

namespace kenzan {

/// How a published figure was rounded from its true value. Names as in the rule language.
enum class Rounding : std::uint8_t { nearest, half_up, half_even, truncated, away, floor, ceiling, exact };

/// What a cell of a figure column holds. `blank`: an empty cell; `unreadable`: reported as bad-number and unknown from there on.
enum class Mark : std::uint8_t { number, nil, unknown, suppressed, blank, unreadable };

/// A figure known to its printed precision. `value` and `step` (the place of the last written digit, > 0) are in base units
/// (円, not 億円). For marks other than `number` both are 0 and `rounding` is `exact`.
struct Figure {
  Mark mark = Mark::number;
  Rounding rounding = Rounding::exact;
  Rational value = 0;
  Rational step = 0;
};

/// Returns every true value that prints as `figure`.
///
/// Missing: nil is {0}; unknown, blank and unreadable are (−∞, ∞); suppressed is [0, ∞).
/// Source:  the rounding table of the language reference, section 2.
[[nodiscard]] Interval true_values(const Figure& figure);

/// Rounds `value` to a multiple of `step` (> 0). For `nearest`, whose tie rule is unknown, a tie goes away from zero.
[[nodiscard]] Rational round_to(const Rational& value, const Rational& step, Rounding rounding);

/// Rounds every value of `a`: the hull of the results, an end closed iff attained. Under `nearest` a tie may go either way.
[[nodiscard]] Interval round_to(const Interval& a, const Rational& step, Rounding rounding);

/// Reads a rounding mode as the rule language spells it ("half-up"); false if there is none of that name.
[[nodiscard]] bool parse_rounding(std::string_view text, Rounding& out);
[[nodiscard]] std::string_view spelling(Rounding rounding);

}  // namespace kenzan
