// Interval arithmetic against sampled values: every result lies in the interval, and every end is reached, or approached if open.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "base/interval.hpp"
#include "base/linear.hpp"
#include "tests/unit/base_show.hpp"

namespace kenzan {
namespace {

const Rational hair(1, 4096);        // how far inside an open end the samples go
const Rational far = 1'000'000;      // a sample near an infinite end
const Rational near_enough(1, 100);  // what the results of such samples may miss a finite end by
const Rational beyond = 1000;        // what they exceed where the end is infinite

using Random = std::mt19937;

int draw(Random& random, int low, int high) { return low + static_cast<int>(random() % static_cast<unsigned>(high - low + 1)); }

Interval draw_interval(Random& random, bool infinite_allowed) {
  const int low = draw(random, -4, 4);
  const int width = draw(random, 0, 4);
  if (width == 0) return Interval::point(low);
  Interval out{{low, draw(random, 0, 1) == 1, false}, {low + width, draw(random, 0, 1) == 1, false}};
  if (infinite_allowed && draw(random, 0, 5) == 0) out.low = {0, false, true};
  if (infinite_allowed && draw(random, 0, 5) == 0) out.high = {0, false, true};
  return out;
}

/// Values from all over the interval, its attained ends among them.
std::vector<Rational> samples(const Interval& a) {
  std::vector<Rational> out;
  for (const Rational& value : {Rational(-far), Rational(0), far}) {
    if (a.contains(value)) out.push_back(value);
  }
  for (const auto& [bound, inward] : {std::pair{&a.low, hair}, std::pair{&a.high, Rational(-hair)}}) {
    if (bound->infinite) continue;
    for (const Rational& value : {bound->value, Rational(bound->value + inward)}) {
      if (a.contains(value)) out.push_back(value);
    }
  }
  return out;
}

/// Expects `range` to hold all of `results` and to be no wider than they show.
void expect_tight(const Interval& range, const std::vector<Rational>& results, const std::string& what) {
  ASSERT_FALSE(results.empty()) << what;
  Rational least = results[0], most = results[0];
  for (const Rational& result : results) {
    ASSERT_TRUE(range.contains(result)) << what << " = " << show(range) << " without " << exact_text(result);
    least = std::min(least, result);
    most = std::max(most, result);
  }
  const auto reached = [](const Bound& bound, const Rational& extreme, int side) {
    if (bound.infinite) return Rational(extreme * side) > beyond;
    if (bound.closed) return extreme == bound.value;
    return Rational(abs(Rational(extreme - bound.value))) < near_enough;
  };
  EXPECT_TRUE(reached(range.low, least, -1)) << what << " = " << show(range) << ", least " << exact_text(least);
  EXPECT_TRUE(reached(range.high, most, 1)) << what << " = " << show(range) << ", most " << exact_text(most);
}

using Operation = std::function<Rational(const Rational&, const Rational&)>;

void check(const Interval& a, const Interval& b, const Interval& range, const char* name, const Operation& operation) {
  std::vector<Rational> results;
  for (const Rational& x : samples(a)) {
    for (const Rational& y : samples(b)) results.push_back(operation(x, y));
  }
  expect_tight(range, results, show(a) + name + show(b));
}

TEST(IntervalProperty, EveryOperationIsSoundAndTight) {
  Random random(1);
  for (int i = 0; i < 3000; ++i) {
    const Interval a = draw_interval(random, true);
    const Interval b = draw_interval(random, true);
    check(a, b, a + b, " + ", [](const Rational& x, const Rational& y) { return Rational(x + y); });
    check(a, b, a - b, " - ", [](const Rational& x, const Rational& y) { return Rational(x - y); });
    check(a, b, a * b, " * ", [](const Rational& x, const Rational& y) { return Rational(x * y); });
    check(a, b, minimum(a, b), " min ", [](const Rational& x, const Rational& y) { return std::min(x, y); });
    check(a, b, maximum(a, b), " max ", [](const Rational& x, const Rational& y) { return std::max(x, y); });
    check(a, a, absolute(a), " abs ", [](const Rational& x, const Rational&) { return Rational(abs(x)); });
    if (b.contains(0)) {
      EXPECT_EQ(a / b, Interval::everything());
    } else {
      check(a, b, a / b, " / ", [](const Rational& x, const Rational& y) { return Rational(x / y); });
    }
    if (HasFailure()) return;
  }
}

TEST(IntervalProperty, ComparisonsAreWhatThePairsShow) {
  Random random(2);
  for (int i = 0; i < 5000; ++i) {
    const Interval a = draw_interval(random, true);
    const Interval b = draw_interval(random, true);
    // Both sides are sampled at one another's ends too, where they meet.
    std::vector<Rational> values = samples(a);
    for (const Rational& y : samples(b)) values.push_back(y);
    Rational nearest = beyond;
    Possibility equal{false, false}, less{false, false}, less_equal{false, false};
    for (const Rational& x : values) {
      for (const Rational& y : values) {
        if (!a.contains(x) || !b.contains(y)) continue;
        nearest = std::min(nearest, Rational(abs(Rational(x - y))));
        (x == y ? equal.can_be_true : equal.can_be_false) = true;
        (x < y ? less.can_be_true : less.can_be_false) = true;
        (x <= y ? less_equal.can_be_true : less_equal.can_be_false) = true;
      }
    }
    const std::string what = show(a) + " and " + show(b);
    ASSERT_EQ(compare(a, Relation::equal, b), equal) << what;
    ASSERT_EQ(compare(a, Relation::not_equal, b), (Possibility{equal.can_be_false, equal.can_be_true})) << what;
    ASSERT_EQ(compare(a, Relation::less, b), less) << what;
    ASSERT_EQ(compare(a, Relation::less_equal, b), less_equal) << what;
    ASSERT_EQ(compare(b, Relation::greater, a), less) << what;
    ASSERT_EQ(compare(b, Relation::greater_equal, a), less_equal) << what;
    ASSERT_LE(gap(a, b), nearest) << what;
    ASSERT_LT(nearest - gap(a, b), near_enough) << what;
  }
}

Rational value_of(const Linear& form, const std::vector<Rational>& unknowns) {
  Rational value = form.constant;
  for (const Term& term : form.terms) value += term.factor * unknowns[term.id];
  return value;
}

TEST(LinearProperty, ProfitsFromUnknownsThatOccurTwice) {
  Random random(3);
  for (int i = 0; i < 1500; ++i) {
    constexpr std::size_t count = 3;
    std::vector<Interval> ranges;
    for (std::size_t k = 0; k < count; ++k) ranges.push_back(draw_interval(random, false));
    const auto draw_form = [&](int constant) {
      Linear form{{}, constant};
      for (int t = draw(random, 1, 5); t > 0; --t) {
        const auto k = static_cast<std::size_t>(draw(random, 0, count - 1));
        form.terms.push_back({k, Rational(draw(random, -3, 3), 2), ranges[k]});
      }
      return form;
    };
    const Linear top_written = draw_form(draw(random, -5, 5));
    const Linear bottom_written = draw_form(draw(random, 0, 1) == 1 ? 30 : -30);
    Linear top = top_written, bottom = bottom_written;
    collect(top);
    collect(bottom);
    std::vector<Rational> sums, quotients;
    std::vector<Rational> unknowns(count);
    const bool zero = range_of(bottom).contains(0);
    const std::function<void(std::size_t)> visit = [&](std::size_t k) {
      if (k < count) {
        for (const Rational& x : samples(ranges[k])) {
          unknowns[k] = x;
          visit(k + 1);
        }
        return;
      }
      sums.push_back(value_of(top_written, unknowns));
      const Rational divisor = value_of(bottom_written, unknowns);
      if (!divisor.is_zero()) quotients.push_back(sums.back() / divisor);
    };
    visit(0);
    expect_tight(range_of(top), sums, "sum");
    if (zero) {
      EXPECT_EQ(range_of_quotient(top, bottom), Interval::everything());
    } else if (Rational low = range_of(bottom).low.value, high = range_of(bottom).high.value;
               low >= Rational(1, 2) || high <= Rational(-1, 2)) {  // nearer to 0 the samples are too coarse
      expect_tight(range_of_quotient(top, bottom), quotients, "quotient " + std::to_string(i));
    }
    if (HasFailure()) return;
  }
}

TEST(LinearProperty, AQuotientOfManyUnknownsEnds) {
  Random random(4);
  Linear top, bottom;
  for (std::size_t k = 0; k < 2000; ++k) {
    const Interval range{{Rational(draw(random, 1, 900), 10), true, false}, {Rational(draw(random, 901, 2000), 10), false, false}};
    bottom.terms.push_back({k, 1, range});
    if (k % 3 == 0) top.terms.push_back({k, 1, range});
  }
  const Interval share = range_of_quotient(top, bottom);
  EXPECT_FALSE(share.low.infinite || share.high.infinite);
  EXPECT_FALSE(share.low.closed || share.high.closed);
  EXPECT_TRUE(share.low.value > 0 && share.low.value < share.high.value && share.high.value < 1);
  const Interval plain = range_of(top) / range_of(bottom);
  EXPECT_TRUE(plain.low.value < share.low.value && share.high.value < plain.high.value);
}

}  // namespace
}  // namespace kenzan
