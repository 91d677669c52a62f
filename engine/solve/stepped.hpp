// Exact numbers with infinitely small steps beside them: an open end of a range is one step off its value.
#pragma once
#include "base/rational.hpp"

namespace kenzan::engine {

struct Stepped {
  Rational value = 0;
  Rational steps = 0;
  friend bool operator==(const Stepped&, const Stepped&) = default;
};

/// Negative, 0 or positive as `a` is less than, equal to or greater than `b`.
[[nodiscard]] inline int order(const Stepped& a, const Stepped& b) {
  const int by_value = a.value.compare(b.value);
  return by_value != 0 ? by_value : a.steps.compare(b.steps);
}

/// a + factor · b
[[nodiscard]] inline Stepped added(const Stepped& a, const Rational& factor, const Stepped& b) {
  return {b.value.is_zero() ? a.value : plus(a.value, times(factor, b.value)),
          b.steps.is_zero() ? a.steps : plus(a.steps, times(factor, b.steps))};
}
[[nodiscard]] inline Stepped minus(const Stepped& a, const Stepped& b) { return added(a, -1, b); }
[[nodiscard]] inline Stepped divided(const Stepped& a, const Rational& by) {
  return {quotient(a.value, by), quotient(a.steps, by)};
}

}  // namespace kenzan::engine
