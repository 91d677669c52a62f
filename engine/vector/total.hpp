// A total and its parts: what a rule `cell = sum(cells)` names, and its verdict by integers of 64 bits.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "engine/data.hpp"
#include "engine/verdict.hpp"

namespace kenzan::engine {

/// The cells of a rule of this shape, without `when`, possibly or surely.
struct TotalShape {
  const dsl::Access* cell = nullptr;
  const dsl::Access* part = nullptr;  ///< what is added up
  const dsl::Aggregate* sum = nullptr;
  [[nodiscard]] const std::optional<dsl::Binding>& across_of_parts() const {
    return part->across ? part->across : sum->across_label;
  }
};
/// None where the rule has another shape.
[[nodiscard]] std::optional<TotalShape> total_shape(const dsl::Program& program, const dsl::Rule& rule);
/// The dimension of the rule whose label a binding asks for, as an index into `rule.by`; none where it asks for anything else.
[[nodiscard]] std::optional<std::size_t> dimension_of(const dsl::Program& program, const dsl::Rule& rule,
                                                      const dsl::Binding& binding);

/// Figures added up: n stands for n · 10^exponent, `ends` are bits of FigureColumn.
struct PlainSum {
  std::int64_t value = 0, low = 0, high = 0;
  std::uint8_t ends = 0;

  /// Adds a figure; false where it is neither a number nor nil, or the sum leaves 64 bits.
  [[gnu::always_inline]] bool add(const FigureColumn& figures, std::uint32_t row) {
    constexpr std::uint8_t odd = FigureColumn::is_wide | FigureColumn::excluded;
    const std::uint8_t state = figures.state[row];
    const Mark mark = figures.mark(row);
    if ((state & odd) != 0 || (mark != Mark::number && mark != Mark::nil)) return false;
    ends |= state;
    return !__builtin_add_overflow(value, figures.value[row], &value) && !__builtin_add_overflow(low, figures.low(row), &low) &&
           !__builtin_add_overflow(high, figures.high(row), &high);
  }
};

class TotalVerdicts {
 public:
  explicit TotalVerdicts(dsl::Strength strength);

  /// What the caller makes of a settled difference, total − parts.
  struct Judged {
    Verdict verdict = Verdict::unknown;
    // not a figure: they grade plausibility, decide no value
    double mean_doubled = 0;  ///< of the difference; like `squares` only where rounding explains it
    double squares = 0;       ///< Σ width²
  };
  /// None where the figures are not plain, or do not fit.
  [[nodiscard]] std::optional<Judged> judge(const FigureColumn& totals, std::uint32_t row, const FigureColumn& parts,
                                            std::span<const std::uint32_t> rows) const;

 private:
  std::array<std::array<std::array<Verdict, 2>, 2>, 2>
      verdicts_{};  ///< by whether it can be true, can be false, is true as written
};

/// How far an instance lies from 0: z² is between these. Not figures.
struct Distance {
  std::size_t instance = 0;
  double least = 0, most = 0;  // not a figure: grades plausibility, decides no value
};
/// Widths whose squares add up to less are too small for `distance`.
inline constexpr double least_squares = 1e-200;  // not a figure: grades plausibility, decides no value
/// The distance of a value with this mean, known so far as numbers of this kind tell.
// not a figure: grades plausibility, decides no value
[[nodiscard]] Distance distance(double mean_doubled, double squares);

}  // namespace kenzan::engine
