// Figures as integers of one scale.
#include <algorithm>
#include <limits>
#include <optional>

#include "engine/table/table.hpp"

namespace kenzan::engine {
namespace {

constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

/// n · 10^places (places ≥ 0) into n; false if it does not fit.
bool shift(std::int64_t& n, int places) {
  if (n == 0) return true;
  if (places > 18) return false;
  for (; places > 0; --places) {
    if (__builtin_mul_overflow(n, std::int64_t{10}, &n)) return false;
  }
  return n != std::numeric_limits<std::int64_t>::min();  // whose magnitude is no int64
}

std::int64_t magnitude(std::int64_t n) { return n < 0 ? -n : n; }

std::optional<std::int64_t> as_int64(const Integer& n) {
  if (n > greatest || n < -greatest) return std::nullopt;
  return static_cast<std::int64_t>(n);
}

/// How many digits behind the point write q exactly; none where no decimal does, or its terms are large.
std::optional<int> places_of(const Rational& q) {
  const auto known = as_int64(denominator(q));
  if (!known) return std::nullopt;
  std::int64_t rest = *known;
  int twos = 0, fives = 0;
  for (; rest % 2 == 0; rest /= 2) ++twos;
  for (; rest % 5 == 0; rest /= 5) ++fives;
  if (rest != 1) return std::nullopt;
  return std::max(twos, fives);
}

/// q · 10^places, which is whole; none where it is large.
std::optional<std::int64_t> scaled(const Rational& q, int places) {
  const auto top = as_int64(numerator(q));
  std::int64_t power = 1, out = 0;
  if (!top || !shift(power, places)) return as_int64(Integer(numerator(Rational(q * power_of_ten(places)))));
  if (__builtin_mul_overflow(*top, power / static_cast<std::int64_t>(denominator(q)), &out) || out < -greatest) return std::nullopt;
  return out;
}

std::uint8_t ends(bool low_closed, bool high_closed) {
  return static_cast<std::uint8_t>((low_closed ? 0 : FigureColumn::low_open) | (high_closed ? 0 : FigureColumn::high_open));
}

}  // namespace

void FigureColumn::add(const Figure& figure) {
  const auto mark = static_cast<std::uint8_t>(figure.mark);
  if (figure.mark != Mark::number) {
    put({}, exponent, mark);
    return;
  }
  const Interval range = true_values(figure);
  const auto of_value = places_of(figure.value), of_low = places_of(range.low.value), of_high = places_of(range.high.value);
  if (!of_value || !of_low || !of_high) return put_wide(figure);
  const int places = std::max({*of_value, *of_low, *of_high});
  const auto value_n = scaled(figure.value, places), low_n = scaled(range.low.value, places),
             high_n = scaled(range.high.value, places);
  if (!value_n || !low_n || !high_n) return put_wide(figure);
  Bounds bounds{*value_n, *low_n, *high_n};
  int at = -places;
  if (bounds.value != 0 || bounds.low != 0 || bounds.high != 0) {
    for (; bounds.value % 10 == 0 && bounds.low % 10 == 0 && bounds.high % 10 == 0; ++at) {
      bounds = {bounds.value / 10, bounds.low / 10, bounds.high / 10};
    }
  }
  if (!put(bounds, at, static_cast<std::uint8_t>(mark | ends(range.low.closed, range.high.closed)))) put_wide(figure);
}

void FigureColumn::add(std::int64_t number, int place, Rounding rounding) {
  if (magnitude(number) >= greatest / 10 - 1) {  // ten times the number, and half a step more, must fit
    return put_wide({Mark::number, rounding, scaled_by_ten(number, place), power_of_ten(place)});
  }
  const bool positive = number > 0, negative = number < 0, zero = number == 0;
  Bounds bounds{number, number, number};
  int at = place;
  std::uint8_t open = 0;
  switch (rounding) {
    case Rounding::nearest:
    case Rounding::half_up:
    case Rounding::half_even: {
      bounds = {10 * number, 10 * number - 5, 10 * number + 5};
      at = place - 1;
      const bool even = number % 2 == 0;
      if (rounding == Rounding::half_up) open = ends(positive, negative);
      if (rounding == Rounding::half_even) open = ends(even, even);
      break;
    }
    case Rounding::truncated:
      bounds = {number, positive ? number : number - 1, negative ? number : number + 1};
      open = ends(positive, negative);
      break;
    case Rounding::away:
      if (!zero) bounds = {number, positive ? number - 1 : number, positive ? number : number + 1};
      open = ends(!positive, !negative);
      break;
    case Rounding::floor:
      bounds = {number, number, number + 1};
      open = high_open;
      break;
    case Rounding::ceiling:
      bounds = {number, number - 1, number};
      open = low_open;
      break;
    case Rounding::exact: break;
  }
  if (!put(bounds, at, open)) put_wide({Mark::number, rounding, scaled_by_ten(number, place), power_of_ten(place)});
}

/// Appends a row; false, and nothing done, if it does not fit at the column's scale.
bool FigureColumn::put(Bounds bounds, int at, std::uint8_t mark_and_ends) {
  const bool zero = bounds.value == 0 && bounds.low == 0 && bounds.high == 0;  // the same at every scale
  if (!zero) {
    if (at < exponent || largest_ == 0) {
      if (!rescale(at)) return false;
    } else if (at > exponent) {
      if (!shift(bounds.value, at - exponent) || !shift(bounds.low, at - exponent) || !shift(bounds.high, at - exponent))
        return false;
    }
    largest_ = std::max({largest_, magnitude(bounds.value), magnitude(bounds.low), magnitude(bounds.high)});
  }
  value.push_back(bounds.value);
  low_.push_back(bounds.low);
  high_.push_back(bounds.high);
  state.push_back(mark_and_ends);
  return true;
}

void FigureColumn::put_wide(const Figure& figure) {
  const auto row = static_cast<std::uint32_t>(state.size());
  const Interval range = true_values(figure);
  put({}, exponent,
      static_cast<std::uint8_t>(static_cast<std::uint8_t>(figure.mark) | is_wide | ends(range.low.closed, range.high.closed)));
  wide.emplace(row, Wide{range, figure.value, 0});
}

void FigureColumn::begin_sums(std::size_t rows, std::optional<Width> width) {
  value.resize(rows);
  state.resize(rows);
  if (width) {
    width_ = *width;
    numbers_.resize(rows);
  } else {
    low_.resize(rows);
    high_.resize(rows);
    squares_.resize(rows);
  }
}

void FigureColumn::set(std::uint32_t row, Mark mark, const Wide& sum) {
  set(row, Sum{mark, 0, 0, 0, 0, 0, static_cast<std::uint8_t>(is_wide | ends(sum.range.low.closed, sum.range.high.closed))});
  wide.emplace(row, sum);
}

/// Rewrites the column at a finer scale, or at any while all its integers are 0; false, and nothing changed, if one would not fit.
/// Cost: linear, at most 18 times in the life of a column.
bool FigureColumn::rescale(int finer) {
  if (largest_ != 0) {
    std::int64_t greatest_then = largest_;
    if (!shift(greatest_then, exponent - finer)) return false;
    const std::int64_t factor = greatest_then / largest_;
    for (auto* numbers : {&value, &low_, &high_}) {
      for (std::int64_t& n : *numbers) n *= factor;
    }
    largest_ = greatest_then;
  }
  exponent = finer;
  return true;
}

FigureColumn::Row FigureColumn::replace(std::uint32_t row, const Figure& number) {
  Row before{state[row], std::nullopt};
  if (const auto known = wide.find(row); known != wide.end()) before.wide = known->second;
  const Interval range = true_values(number);
  const auto mark = static_cast<std::uint8_t>(static_cast<std::uint8_t>(number.mark) | is_wide);
  state[row] = static_cast<std::uint8_t>(mark | ends(range.low.closed, range.high.closed));
  wide.insert_or_assign(row, Wide{range, number.value, 0});
  return before;
}

void FigureColumn::put_back(std::uint32_t row, Row before) {
  state[row] = before.state;
  wide.erase(row);
  if (before.wide) wide.emplace(row, std::move(*before.wide));
}

bool FigureColumn::known(std::uint32_t row) const {
  return (state[row] & excluded) == 0 && (mark(row) == Mark::number || mark(row) == Mark::nil);
}

Interval FigureColumn::range(std::uint32_t row) const {
  if ((state[row] & excluded) != 0) return Interval::everything();
  switch (mark(row)) {
    case Mark::number: break;
    case Mark::nil: return Interval::point(0);
    case Mark::suppressed: {
      if ((state[row] & is_wide) != 0) return {wide.at(row).range.low, Bound{0, false, true}};
      return {Bound{scaled_by_ten(low(row), exponent), (state[row] & low_open) == 0, false}, Bound{0, false, true}};
    }
    case Mark::unknown:
    case Mark::blank:
    case Mark::unreadable: return Interval::everything();
  }
  if ((state[row] & is_wide) != 0) return wide.at(row).range;
  return {Bound{scaled_by_ten(low(row), exponent), (state[row] & low_open) == 0, false},
          Bound{scaled_by_ten(high(row), exponent), (state[row] & high_open) == 0, false}};
}

Interval FigureColumn::range_as_written(std::uint32_t row) const {
  if ((state[row] & excluded) == 0 && mark(row) == Mark::suppressed)
    return {Bound{sum_written(row), true, false}, Bound{0, false, true}};
  return known(row) ? Interval::point(sum_written(row)) : Interval::everything();
}

Rational FigureColumn::written(std::uint32_t row) const { return known(row) ? sum_written(row) : 0; }

/// The sum of what is written of a figure that is known or suppressed.
Rational FigureColumn::sum_written(std::uint32_t row) const {
  return (state[row] & is_wide) != 0 ? wide.at(row).written : scaled_by_ten(value[row], exponent);
}

std::optional<Rational> FigureColumn::squares_of(std::uint32_t row) const {
  if (!has_sums() || !known(row)) return std::nullopt;
  if ((state[row] & is_wide) != 0) return wide.at(row).squares;
  const Rational unit = scaled_by_ten(1, exponent);
  return Rational(squares(row) * unit * unit);
}

}  // namespace kenzan::engine
