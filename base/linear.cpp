#include "base/linear.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <optional>
#include <utility>

namespace kenzan {
namespace {

/// Iterations of Dinkelbach's method. It converges faster than linearly, in a handful of steps; beyond this many the plain,
/// wider quotient is returned.
constexpr int iteration_limit = 100;

/// left − factor · right, both collected.
Linear difference(const Linear& left, const Rational& factor, const Linear& right) {
  Linear out = left;
  out.constant = plus(out.constant, -times(factor, right.constant));
  out.terms.reserve(left.terms.size() + right.terms.size());
  for (const Term& term : right.terms) {
    out.terms.push_back(term);
    out.terms.back().factor = -times(factor, term.factor);
  }
  collect(out);
  return out;
}

bool all_finite(const Linear& form) {
  return std::ranges::all_of(form.terms, [](const Term& t) { return !t.range.low.infinite && !t.range.high.infinite; });
}

bool share_an_unknown(const Linear& a, const Linear& b) {
  auto at = b.terms.begin();
  for (const Term& term : a.terms) {
    while (at != b.terms.end() && at->id < term.id) ++at;
    if (at != b.terms.end() && at->id == term.id) return true;
  }
  return false;
}

/// The value of `form` at the corner of the box at which `slope` is largest. Where an unknown does not tilt `slope`, its lower end
/// is taken: any would do.
Rational value_where_largest(const Linear& form, const Linear& slope) {
  Rational value = form.constant;
  auto at = slope.terms.begin();
  for (const Term& term : form.terms) {
    while (at != slope.terms.end() && at->id < term.id) ++at;
    const bool upper = at != slope.terms.end() && at->id == term.id && at->factor > 0;
    value += term.factor * (upper ? term.range.high.value : term.range.low.value);
  }
  return value;
}

/// The least upper bound of top/bottom where bottom > 0 throughout the (finite) box, by Dinkelbach's method: λ is the bound iff the
/// largest value of top − λ·bottom is 0, and it is attained iff that 0 is. Nothing if the iteration does not end.
/// Source: W. Dinkelbach, On nonlinear fractional programming, Management Science 13 (1967).
std::optional<Bound> upper_bound(const Linear& top, const Linear& bottom) {
  Rational ratio = value_where_largest(top, bottom) / value_where_largest(bottom, bottom);
  for (int i = 0; i < iteration_limit; ++i) {
    const Linear excess = difference(top, ratio, bottom);
    const Bound most = range_of(excess).high;
    if (most.value.is_zero()) return Bound{ratio, most.closed, false};
    const Rational divisor = value_where_largest(bottom, excess);
    if (divisor.is_zero()) return Bound{0, false, true};  // the open end 0 of the denominator under a positive numerator
    ratio = value_where_largest(top, excess) / divisor;
  }
  return std::nullopt;
}

Linear negated(Linear form) {
  form.constant = -form.constant;
  for (Term& term : form.terms) term.factor = -term.factor;
  return form;
}

/// Where the middle of a sum of unknowns lies, and how far it spreads: the middle doubled, and Σ (factor · width)².
struct Spread {
  Rational mean_doubled = 0, squares = 0;

  void add(const Linear& form, int sign) {
    mean_doubled += 2 * sign * form.constant;
    for (const Term& term : form.terms) {
      const Rational width = term.factor * (term.range.high.value - term.range.low.value);
      mean_doubled += sign * term.factor * (term.range.low.value + term.range.high.value);
      squares += term.squares ? Rational(term.factor * term.factor * *term.squares) : Rational(width * width);
    }
  }
  // not a figure: grades plausibility, decides no value
  [[nodiscard]] double z_squared() const {
    if (squares.is_zero()) return 0;
    // Divided before it is made binary: figures may have more digits than a double has range.
    const Rational exact = 3 * mean_doubled * mean_doubled / squares;
    constexpr int far = 10'000;  // the tail is below the smallest double
    if (exact > far) return far;
    return static_cast<double>(floor_of(Rational(exact * 1'000'000'000)).convert_to<std::uint64_t>()) / 1e9;  // not a figure
  }
};

}  // namespace

Linear difference(const Linear& left, const Linear& right) { return difference(left, 1, right); }

void collect(Linear& form) {
  auto& terms = form.terms;
  if (!std::ranges::is_sorted(terms, {}, &Term::id)) std::ranges::stable_sort(terms, {}, &Term::id);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < terms.size();) {
    std::size_t next = i + 1;
    for (; next < terms.size() && terms[next].id == terms[i].id; ++next) terms[i].factor += terms[next].factor;
    if (!terms[i].factor.is_zero()) {
      if (kept != i) terms[kept] = std::move(terms[i]);
      ++kept;
    }
    i = next;
  }
  terms.erase(terms.begin() + static_cast<std::ptrdiff_t>(kept), terms.end());
}

Interval range_of(const Linear& form) {
  Interval range = Interval::point(form.constant);
  for (const Term& term : form.terms) range = range + term.factor * term.range;
  return range;
}

Interval range_of_difference(const Linear& left, const Linear& right) {
  return share_an_unknown(left, right) ? range_of(difference(left, right)) : range_of(left) - range_of(right);
}

Interval range_of_quotient(const Linear& numerator, const Linear& denominator) {
  const Interval bottom = range_of(denominator);
  if (bottom.contains(0)) return Interval::everything();
  const auto plain = [&] { return range_of(numerator) / bottom; };
  if (!share_an_unknown(numerator, denominator) || !all_finite(numerator) || !all_finite(denominator)) return plain();
  const bool negative = bottom.high.value.sign() <= 0;
  const Linear top = negative ? negated(numerator) : numerator;
  const Linear positive = negative ? negated(denominator) : denominator;
  const auto high = upper_bound(top, positive);
  const auto low = upper_bound(negated(top), positive);
  if (!high || !low) return plain();
  return Interval{Bound{Rational(-low->value), low->closed, low->infinite}, *high};
}

double z_squared(const Linear& form) {  // not a figure: grades plausibility, decides no value
  Spread spread;
  spread.add(form, 1);
  return all_finite(form) ? spread.z_squared() : 0;
}

// not a figure: grades plausibility, decides no value
double z_squared_of_difference(const Linear& left, const Linear& right) {
  if (share_an_unknown(left, right)) return z_squared(difference(left, right));
  if (!all_finite(left) || !all_finite(right)) return 0;
  Spread spread;
  spread.add(left, 1);
  spread.add(right, -1);
  return spread.z_squared();
}

// not a figure: grades plausibility, decides no value
double z_squared(double mean_doubled, double squares) {
  if (!(squares > 0) || !std::isfinite(squares) || !std::isfinite(mean_doubled)) return 0;
  return 3 * mean_doubled * mean_doubled / squares;
}

// not a figure: grades plausibility, decides no value
bool implausible(double z_squared, std::uint64_t instances) {
  if (z_squared < 6) return false;  // the tail is above 1 %
  const double tail = std::erfc(std::sqrt(z_squared / 2));
  return tail * static_cast<double>(std::max<std::uint64_t>(instances, 1)) < 0.01;
}

}  // namespace kenzan
