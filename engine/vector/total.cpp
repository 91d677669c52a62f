#include "engine/vector/total.hpp"

#include <algorithm>

#include "base/linear.hpp"
#include "engine/vector/kernels.hpp"

namespace kenzan::engine {
namespace {

constexpr int most_places = 18;  ///< the product of 10^18 and any 64 bits fits 128

/// What remains of a total without its parts.
struct Difference {
  int low = 0, high = 0;    ///< signs of its ends
  bool as_written = false;  ///< whether it is 0 as it is written
  double mean_doubled = 0;  ///< not a figure: grades plausibility, decides no value
};

template <class N>
Difference difference_of(N low, N high, bool as_written) {
  const auto sign = [](N n) { return n < 0 ? -1 : n > 0 ? 1 : 0; };
  // not a figure: grades plausibility, decides no value
  return {sign(low), sign(high), as_written, static_cast<double>(low) + static_cast<double>(high)};
}

/// The same where the exponents differ, or 64 bits are too few; none where more places lie between them than 128 bits have.
std::optional<Difference> minus_in_128(const PlainSum& total, int exponent, const PlainSum& parts, int exponent_of_parts) {
  const int least = std::min(exponent, exponent_of_parts);
  if (std::max(exponent, exponent_of_parts) - least > most_places) return std::nullopt;
  Int128 of_total = 1, of_parts = 1;
  if (!shift(of_total, exponent - least) || !shift(of_parts, exponent_of_parts - least)) return std::nullopt;
  return difference_of(of_total * total.low - of_parts * parts.high, of_total * total.high - of_parts * parts.low,
                       of_total * total.value == of_parts * parts.value);
}

std::optional<Difference> minus(const PlainSum& total, int exponent, const PlainSum& parts, int exponent_of_parts) {
  std::int64_t low = 0, high = 0;
  if (exponent == exponent_of_parts && !__builtin_sub_overflow(total.low, parts.high, &low) &&
      !__builtin_sub_overflow(total.high, parts.low, &high)) {
    return difference_of(low, high, total.value == parts.value);
  }
  return minus_in_128(total, exponent, parts, exponent_of_parts);
}

/// Σ width² of the figure's parts, in units of 10^(2·exponent).
// not a figure: grades plausibility, decides no value
double squares_of(const FigureColumn& figures, std::uint32_t row) {
  if (figures.has_sums()) return static_cast<double>(figures.squares(row));
  const double width = double_of(Int128{figures.high(row)} - figures.low(row));
  return width * width;
}

}  // namespace

std::optional<TotalShape> total_shape(const dsl::Program& program, const dsl::Rule& rule) {
  const dsl::Expr& require = program[rule.require];
  if (rule.when.valid() || !rule.children.empty() || rule.strength == dsl::Strength::exactly) return std::nullopt;
  if (require.op != dsl::ExprOp::compare || require.relation != Relation::equal) return std::nullopt;
  const bool cell_first = program[require.kids[0]].op == dsl::ExprOp::cell;
  const dsl::Expr& one = program[require.kids[cell_first ? 0 : 1]];
  const dsl::Expr& many = program[require.kids[cell_first ? 1 : 0]];
  if (one.op != dsl::ExprOp::cell || many.op != dsl::ExprOp::aggregate) return std::nullopt;
  const dsl::Access& cell = program[one.access];
  const dsl::Aggregate& sum = program[many.aggregate];
  if (sum.function != dsl::AggregateFunction::sum || sum.where.valid() || sum.hierarchy || sum.across) return std::nullopt;
  if (program[sum.element].op != dsl::ExprOp::cell) return std::nullopt;
  const dsl::Access& part = program[program[sum.element].access];
  const bool plain = !cell.current_row && part.current_row && part.table == sum.table;
  const bool shared = cell.table == part.table && cell.column == part.column;  // a cell may stand on both sides
  if (!plain || shared) return std::nullopt;
  return TotalShape{&cell, &part, &sum};
}

std::optional<std::size_t> dimension_of(const dsl::Program& program, const dsl::Rule& rule, const dsl::Binding& binding) {
  const dsl::Expr& value = program[binding.value];
  if (value.op != dsl::ExprOp::label || binding.lag != 0) return std::nullopt;
  const auto at = std::ranges::find(rule.by, value.dim);
  return at == rule.by.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - rule.by.begin()));
}

TotalVerdicts::TotalVerdicts(dsl::Strength strength) {
  for (const bool can_be_true : {false, true}) {
    for (const bool can_be_false : {false, true}) {
      for (const bool as_written : {false, true}) {
        Truth truth{can_be_true, can_be_false, can_be_true, false, false};
        if (!truth.determined()) truth.written = as_written;
        verdicts_[can_be_true][can_be_false][as_written] = decide(truth, strength);
      }
    }
  }
}

std::optional<TotalVerdicts::Judged> TotalVerdicts::judge(const FigureColumn& totals, std::uint32_t row, const FigureColumn& parts,
                                                          std::span<const std::uint32_t> rows) const {
  PlainSum total, sum;
  if (!total.add(totals, row)) return std::nullopt;
  for (const std::uint32_t part : rows) {
    if (!sum.add(parts, part)) return std::nullopt;
  }
  const std::optional<Difference> difference = minus(total, totals.exponent, sum, parts.exponent);
  if (!difference) return std::nullopt;
  const std::uint8_t low_ends = (total.ends & FigureColumn::low_open) | (sum.ends & FigureColumn::high_open);
  const std::uint8_t high_ends = (total.ends & FigureColumn::high_open) | (sum.ends & FigureColumn::low_open);
  const bool can_be_less = difference->low < 0 || (difference->low == 0 && low_ends == 0);
  const bool can_be_more = difference->high > 0 || (difference->high == 0 && high_ends == 0);

  Judged out;
  out.verdict = verdicts_[can_be_less && can_be_more][difference->low != 0 || difference->high != 0][difference->as_written];
  if (out.verdict == Verdict::rounding) {
    // not a figure: grades plausibility, decides no value
    const double unit = double_power_of_ten(totals.exponent), unit_of_parts = double_power_of_ten(parts.exponent);
    double squares = 0;
    for (const std::uint32_t part : rows) squares += squares_of(parts, part);
    out.squares = squares_of(totals, row) * unit * unit + squares * unit_of_parts * unit_of_parts;
    out.mean_doubled = difference->mean_doubled * (totals.exponent < parts.exponent ? unit : unit_of_parts);
  }
  return out;
}

// not a figure: grades plausibility, decides no value
Distance distance(double mean_doubled, double squares) {
  constexpr double leeway = 1e-9;
  return {0, z_squared(mean_doubled, squares * (1 + leeway)), z_squared(mean_doubled, squares * (1 - leeway))};
}

}  // namespace kenzan::engine
