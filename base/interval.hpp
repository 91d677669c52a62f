// Sets of true values: intervals with open, closed or infinite ends, and exact arithmetic on them.
#pragma once
#include <cstdint>
#include <optional>

#include "base/rational.hpp"

namespace kenzan {

/// One end of an interval. `value` and `closed` mean nothing where `infinite`.
struct Bound {
  Rational value = 0;
  bool closed = true;
  bool infinite = false;
  friend bool operator==(const Bound& a, const Bound& b) {
    return a.infinite == b.infinite && (a.infinite || (a.value == b.value && a.closed == b.closed));
  }
};

/// A non-empty set {x : low ≤ x ≤ high}, each end without equality where it is not closed.
struct Interval {
  Bound low, high;

  [[nodiscard]] static Interval point(Rational value);
  [[nodiscard]] static Interval everything();     ///< (−∞, ∞)
  [[nodiscard]] static Interval at_least_zero();  ///< [0, ∞)
  [[nodiscard]] bool is_point() const;
  [[nodiscard]] bool contains(const Rational& value) const;
  friend bool operator==(const Interval&, const Interval&) = default;
};

/// Exact interval arithmetic. An end of a sum is closed only if both summands' ends are; a negative factor swaps the ends with
/// their flags; 0 · anything is {0}.
[[nodiscard]] Interval operator+(const Interval& a, const Interval& b);
[[nodiscard]] Interval operator-(const Interval& a, const Interval& b);
[[nodiscard]] Interval operator-(const Interval& a);
[[nodiscard]] Interval operator*(const Rational& factor, const Interval& a);

/// The hull of {x·y}. An end is closed iff it is attained (0 is attained where either factor attains 0).
[[nodiscard]] Interval operator*(const Interval& a, const Interval& b);

/// The hull of {x/y : y ≠ 0}: (−∞, ∞) where `b` contains 0 or has it as a closed end; where 0 is an open end, one end is infinite.
[[nodiscard]] Interval operator/(const Interval& a, const Interval& b);

/// The numbers that are in both; nothing where there is none.
[[nodiscard]] std::optional<Interval> intersection(const Interval& a, const Interval& b);

/// {|x|}; hull of both; the set of min(x, y) and of max(x, y).
[[nodiscard]] Interval absolute(const Interval& a);
[[nodiscard]] Interval hull(const Interval& a, const Interval& b);
[[nodiscard]] Interval minimum(const Interval& a, const Interval& b);
[[nodiscard]] Interval maximum(const Interval& a, const Interval& b);

/// The distance between two intervals: 0 if they meet or touch.
[[nodiscard]] Rational gap(const Interval& a, const Interval& b);

/// Whether a comparison of x from `a` with y from `b` is true for some pair, and whether it is true for all pairs, x and y being
/// independent.
struct Possibility {
  bool can_be_true = true;
  bool can_be_false = true;
  friend bool operator==(const Possibility&, const Possibility&) = default;
};
enum class Relation : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };
[[nodiscard]] Possibility compare(const Interval& a, Relation relation, const Interval& b);

}  // namespace kenzan
