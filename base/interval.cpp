#include "base/interval.hpp"

#include <utility>

namespace kenzan {
namespace {

Bound infinity() { return Bound{0, false, true}; }

/// −1, 0, 1 as the finite value stands to the other.
int order(const Rational& a, const Rational& b) { return a.compare(b); }

Bound sum(const Bound& a, const Bound& b) {
  if (a.infinite || b.infinite) return infinity();
  return Bound{plus(a.value, b.value), a.closed && b.closed, false};
}

Bound scaled(const Rational& factor, const Bound& a) {
  if (a.infinite) return infinity();
  return Bound{times(factor, a.value), a.closed, false};
}

/// The lower (`side` −1) or higher (+1) of two ends of that side; of equal ones the closed: a point that either set attains.
const Bound& outer(const Bound& a, const Bound& b, int side) {
  if (a.infinite || b.infinite) return a.infinite ? a : b;
  const int o = order(a.value, b.value) * side;
  if (o != 0) return o > 0 ? a : b;
  return a.closed ? a : b;
}

/// The higher of two low ends (`side` −1) or the lower of two high ends (+1); of equal ones the open.
const Bound& inner(const Bound& a, const Bound& b, int side) {
  if (a.infinite) return b;
  if (b.infinite) return a;
  const int o = order(a.value, b.value) * side;
  if (o != 0) return o < 0 ? a : b;
  return a.closed ? b : a;
}

/// A corner of the box of two factors: the product of one end of each. `sign` is that of an infinite corner, 0 of a finite one.
struct Corner {
  Rational value = 0;
  bool closed = true;
  int sign = 0;
};

int sign_of(const Bound& bound, int side) { return bound.infinite ? side : bound.value.sign(); }

Corner corner(const Bound& a, int a_side, const Bound& b, int b_side) {
  if (!a.infinite && !b.infinite) return Corner{Rational(a.value * b.value), a.closed && b.closed, 0};
  const int sign = sign_of(a, a_side) * sign_of(b, b_side);
  return Corner{0, false, sign};  // sign 0: 0 · ∞ tends to nothing but 0
}

/// The end on `side` among the corners.
Bound extreme(const Corner (&corners)[4], int side, bool attains_zero) {
  const Corner* best = nullptr;
  for (const Corner& c : corners) {
    if (c.sign == side) return infinity();
    if (c.sign == -side) continue;
    const int o = best == nullptr ? 1 : order(c.value, best->value) * side;
    if (o > 0 || (o == 0 && c.closed)) best = &c;
  }
  if (best == nullptr) return infinity();  // not reached: no box has four corners at the same infinity
  return Bound{best->value, best->value.is_zero() ? attains_zero : best->closed, false};
}

/// {1/y} for an interval without 0.
Interval reciprocal(const Interval& b) {
  const auto flip = [](const Bound& end) {
    if (end.infinite) return Bound{0, false, false};
    if (end.value.is_zero()) return infinity();
    return Bound{Rational(1 / end.value), end.closed, false};
  };
  return Interval{flip(b.high), flip(b.low)};
}

/// Whether x < y, or x ≤ y, for some x from `a` and y from `b`.
bool can_be_less(const Interval& a, const Interval& b, bool or_equal) {
  if (a.low.infinite || b.high.infinite) return true;
  const int o = order(a.low.value, b.high.value);
  if (o != 0) return o < 0;
  return or_equal && a.low.closed && b.high.closed;
}

}  // namespace

Interval Interval::point(Rational value) {
  Bound bound{std::move(value), true, false};
  return Interval{bound, bound};
}

Interval Interval::everything() { return Interval{infinity(), infinity()}; }

Interval Interval::at_least_zero() { return Interval{Bound{0, true, false}, infinity()}; }

bool Interval::is_point() const { return !low.infinite && !high.infinite && low.value == high.value; }

bool Interval::contains(const Rational& value) const {
  if (!low.infinite) {
    const int o = order(value, low.value);
    if (o < 0 || (o == 0 && !low.closed)) return false;
  }
  if (!high.infinite) {
    const int o = order(value, high.value);
    if (o > 0 || (o == 0 && !high.closed)) return false;
  }
  return true;
}

Interval operator+(const Interval& a, const Interval& b) { return Interval{sum(a.low, b.low), sum(a.high, b.high)}; }

Interval operator-(const Interval& a) { return Rational(-1) * a; }

Interval operator-(const Interval& a, const Interval& b) { return a + (-b); }

Interval operator*(const Rational& factor, const Interval& a) {
  const int sign = factor.sign();
  if (sign == 0) return Interval::point(0);
  if (factor == 1) return a;
  if (sign > 0) return Interval{scaled(factor, a.low), scaled(factor, a.high)};
  return Interval{scaled(factor, a.high), scaled(factor, a.low)};
}

Interval operator*(const Interval& a, const Interval& b) {
  if (a.is_point()) return a.low.value * b;
  if (b.is_point()) return b.low.value * a;
  const Corner corners[4] = {corner(a.low, -1, b.low, -1), corner(a.low, -1, b.high, 1), corner(a.high, 1, b.low, -1),
                             corner(a.high, 1, b.high, 1)};
  const bool attains_zero = a.contains(0) || b.contains(0);
  return Interval{extreme(corners, -1, attains_zero), extreme(corners, 1, attains_zero)};
}

Interval operator/(const Interval& a, const Interval& b) {
  if (b.contains(0)) return Interval::everything();
  return a * reciprocal(b);
}

Interval absolute(const Interval& a) {
  if (!a.low.infinite && a.low.value.sign() >= 0) return a;
  const Interval mirrored = -a;
  if (!a.high.infinite && a.high.value.sign() <= 0) return mirrored;
  return Interval{Bound{0, true, false}, outer(a.high, mirrored.high, 1)};
}

Interval hull(const Interval& a, const Interval& b) { return Interval{outer(a.low, b.low, -1), outer(a.high, b.high, 1)}; }

Interval minimum(const Interval& a, const Interval& b) { return Interval{outer(a.low, b.low, -1), inner(a.high, b.high, 1)}; }

Interval maximum(const Interval& a, const Interval& b) { return Interval{inner(a.low, b.low, -1), outer(a.high, b.high, 1)}; }

std::optional<Interval> intersection(const Interval& a, const Interval& b) {
  if (!can_be_less(a, b, true) || !can_be_less(b, a, true)) return std::nullopt;
  return Interval{inner(a.low, b.low, -1), inner(a.high, b.high, 1)};
}

Rational gap(const Interval& a, const Interval& b) {
  if (!a.high.infinite && !b.low.infinite && a.high.value < b.low.value) return b.low.value - a.high.value;
  if (!b.high.infinite && !a.low.infinite && b.high.value < a.low.value) return a.low.value - b.high.value;
  return 0;
}

Possibility compare(const Interval& a, Relation relation, const Interval& b) {
  switch (relation) {
    case Relation::equal: {
      const bool meet = can_be_less(a, b, true) && can_be_less(b, a, true);
      const bool one_value = a.is_point() && b.is_point() && a.low.value == b.low.value;
      return {meet, !one_value};
    }
    case Relation::not_equal: {
      const Possibility same = compare(a, Relation::equal, b);
      return {same.can_be_false, same.can_be_true};
    }
    case Relation::less: return {can_be_less(a, b, false), can_be_less(b, a, true)};
    case Relation::less_equal: return {can_be_less(a, b, true), can_be_less(b, a, false)};
    case Relation::greater: return {can_be_less(b, a, false), can_be_less(a, b, true)};
    case Relation::greater_equal: return {can_be_less(b, a, true), can_be_less(a, b, false)};
  }
  return {};
}

}  // namespace kenzan
