#include "base/figure.hpp"

#include <array>
#include <utility>

namespace kenzan {
namespace {

constexpr std::array<std::pair<std::string_view, Rounding>, 8> spellings{{
    {"nearest", Rounding::nearest},
    {"half-up", Rounding::half_up},
    {"half-even", Rounding::half_even},
    {"truncated", Rounding::truncated},
    {"away", Rounding::away},
    {"floor", Rounding::floor},
    {"ceiling", Rounding::ceiling},
    {"exact", Rounding::exact},
}};

bool is_even(const Integer& n) { return !bit_test(Integer(abs(n)), 0); }

bool is_even_multiple(const Rational& value, const Rational& step) {
  const Rational quotient = value / step;
  return denominator(quotient) == 1 && is_even(numerator(quotient));
}

/// [value − below, value + above] with the ends closed as said.
Interval around(const Rational& value, const Rational& below, bool low_closed, const Rational& above, bool high_closed) {
  return Interval{Bound{Rational(value - below), low_closed, false}, Bound{Rational(value + above), high_closed, false}};
}

/// The neighbouring integer nearest to `q`; a tie goes up where `tie_up`.
Integer nearest_integer(const Rational& q, bool tie_up) {
  const Rational half(1, 2);
  return tie_up ? floor_of(Rational(q + half)) : ceiling_of(Rational(q - half));
}

Integer round_to_integer(const Rational& q, Rounding rounding) {
  switch (rounding) {
    case Rounding::nearest:
    case Rounding::half_up: return nearest_integer(q, q.sign() >= 0);
    case Rounding::half_even: {
      const Integer up = nearest_integer(q, true);
      const Integer down = nearest_integer(q, false);
      return is_even(up) ? up : down;  // they differ at a tie only, and one of two neighbours is even
    }
    case Rounding::truncated: return q.sign() >= 0 ? floor_of(q) : ceiling_of(q);
    case Rounding::away: return q.sign() >= 0 ? ceiling_of(q) : floor_of(q);
    case Rounding::floor: return floor_of(q);
    case Rounding::ceiling: return ceiling_of(q);
    case Rounding::exact: return floor_of(q);  // not reached: the caller keeps exact values as they are
  }
  return 0;
}

/// The end on `side` (−1 low, +1 high) of the rounded interval. Every mode is a staircase whose steps change at multiples of half
/// a step, so just inside an open end it is constant, and the result is attained.
Bound rounded_end(const Bound& end, int side, const Rational& step, Rounding rounding) {
  if (end.infinite) return end;
  Rational q = end.value / step;
  const bool at_change = denominator(Rational(2 * q)) == 1;
  if (!end.closed && at_change) q -= Rational(side, 4);
  const Integer n = rounding == Rounding::nearest ? nearest_integer(q, side > 0) : round_to_integer(q, rounding);
  return Bound{Rational(Rational(n, 1) * step), true, false};
}

}  // namespace

Interval true_values(const Figure& figure) {
  switch (figure.mark) {
    case Mark::number: break;
    case Mark::nil: return Interval::point(0);
    case Mark::unknown:
    case Mark::blank:
    case Mark::unreadable: return Interval::everything();
    case Mark::suppressed: return Interval::at_least_zero();
  }
  const Rational& v = figure.value;
  const Rational& u = figure.step;
  const int sign = v.sign();
  if (u.is_zero()) return Interval::point(v);
  const Rational half = u / 2;
  switch (figure.rounding) {
    case Rounding::nearest: return around(v, half, true, half, true);
    case Rounding::half_up: return around(v, half, sign > 0, half, sign < 0);
    case Rounding::half_even: {
      const bool closed = is_even_multiple(v, u);
      return around(v, half, closed, half, closed);
    }
    case Rounding::truncated:
      if (sign == 0) return around(v, u, false, u, false);
      return sign > 0 ? around(v, 0, true, u, false) : around(v, u, false, 0, true);
    case Rounding::away:
      if (sign == 0) return Interval::point(v);
      return sign > 0 ? around(v, u, false, 0, true) : around(v, 0, true, u, false);
    case Rounding::floor: return around(v, 0, true, u, false);
    case Rounding::ceiling: return around(v, u, false, 0, true);
    case Rounding::exact: return Interval::point(v);
  }
  return Interval::everything();
}

Rational round_to(const Rational& value, const Rational& step, Rounding rounding) {
  if (rounding == Rounding::exact) return value;
  return Rational(round_to_integer(Rational(value / step), rounding), 1) * step;
}

Interval round_to(const Interval& a, const Rational& step, Rounding rounding) {
  if (rounding == Rounding::exact) return a;
  return Interval{rounded_end(a.low, -1, step, rounding), rounded_end(a.high, 1, step, rounding)};
}

bool parse_rounding(std::string_view text, Rounding& out) {
  for (const auto& [name, rounding] : spellings) {
    if (name != text) continue;
    out = rounding;
    return true;
  }
  return false;
}

std::string_view spelling(Rounding rounding) { return spellings[static_cast<std::size_t>(rounding)].first; }

}  // namespace kenzan
