#include <gtest/gtest.h>

#include "base/linear.hpp"
#include "tests/unit/base_show.hpp"

namespace kenzan {
namespace {

Rational number(const char* text) { return parse_rational(text).value(); }

Interval closed(const char* low, const char* high) { return {{number(low), true, false}, {number(high), true, false}}; }
Interval half_open(const char* low, const char* high) { return {{number(low), true, false}, {number(high), false, false}}; }

TEST(Linear, ACellThatOccursTwiceIsOneUnknown) {
  Linear form{{{7, 1, closed("1", "2")}, {3, 2, closed("0", "1")}, {7, -1, closed("1", "2")}, {3, 1, closed("0", "1")}}, 5};
  collect(form);
  ASSERT_EQ(form.terms.size(), 1U);
  EXPECT_EQ(form.terms[0].id, 3U);
  EXPECT_EQ(form.terms[0].factor, 3);
  EXPECT_EQ(show(range_of(form)), "[5, 8]");
}

TEST(Linear, RangeKeepsOpenEnds) {
  const Linear form{{{1, -1, half_open("1", "2")}, {2, 2, closed("0", "1")}}, 0};
  EXPECT_EQ(show(range_of(form)), "(-2, 1]");
  EXPECT_EQ(show(range_of(Linear{{}, 4})), "[4, 4]");
  EXPECT_EQ(show(range_of(Linear{{{1, 0, Interval::everything()}}, 4})), "[4, 4]");
}

TEST(Quotient, SharePlusRestIsTight) {
  // x / (x + y), x in [1, 2), y in [3, 4]: rises in x, falls in y. Plain division would give [1/6, 2/4).
  const Linear top{{{1, 1, half_open("1", "2")}}, 0};
  const Linear bottom{{{1, 1, half_open("1", "2")}, {2, 1, closed("3", "4")}}, 0};
  EXPECT_EQ(show(range_of_quotient(top, bottom)), "[0.2, 0.4)");
  EXPECT_EQ(show(range_of_quotient(bottom, bottom)), "[1, 1]");
}

TEST(Quotient, NegativeDenominator) {
  const Linear top{{{1, 1, half_open("1", "2")}}, 0};
  const Linear bottom{{{1, -1, half_open("1", "2")}, {2, -1, closed("3", "4")}}, 0};
  EXPECT_EQ(show(range_of_quotient(top, bottom)), "(-0.4, -0.2]");
}

TEST(Quotient, IndependentIsPlainDivision) {
  const Linear top{{{1, 1, closed("1", "2")}}, 0};
  const Linear bottom{{{2, 1, half_open("4", "5")}}, 0};
  EXPECT_EQ(show(range_of_quotient(top, bottom)), "(0.2, 0.5]");
}

TEST(Quotient, ZeroInTheDenominator) {
  const Linear top{{{1, 1, closed("1", "2")}}, 0};
  EXPECT_EQ(show(range_of_quotient(top, Linear{{{1, 1, closed("1", "2")}}, -1})), "(-oo, oo)");
  EXPECT_EQ(show(range_of_quotient(top, Linear{{}, 0})), "(-oo, oo)");
  const Interval open{{number("1"), false, false}, {number("2"), true, false}};
  const Linear shared{{{1, 1, open}}, 0};
  EXPECT_EQ(range_of_difference(shared, shared), Interval::point(0));
  EXPECT_EQ(range_of_difference(shared, Linear{{{2, 1, open}}, 0}), range_of(difference(shared, Linear{{{2, 1, open}}, 0})));
  EXPECT_EQ(show(range_of_quotient(shared, Linear{{{1, 1, open}}, -1})), "[2, oo)");  // x / (x − 1)
  EXPECT_EQ(show(range_of_quotient(Linear{{{1, 2, open}}, -2}, Linear{{{1, 1, open}}, -1})), "[2, 2]");
}

TEST(Quotient, InfiniteRangesFallBackToPlainDivision) {
  const Linear top{{{1, 1, Interval::at_least_zero()}}, 0};
  EXPECT_EQ(show(range_of_quotient(top, Linear{{{1, 1, Interval::at_least_zero()}}, 1})), "[0, oo)");
}

TEST(Implausible, JudgesTheTailAgainstTheNumberOfInstances) {
  // One unknown of width 1: σ² = 1/12. z = 4 has p = 6.3e-5: under 1 % for 100 instances, not for 1,000.
  const Rational mean = number("1.1547005");  // 4/√12
  const Linear form{{{1, 1, closed("-0.5", "0.5")}}, mean};
  EXPECT_TRUE(implausible(z_squared(form), 100));
  EXPECT_FALSE(implausible(z_squared(form), 1000));
  EXPECT_TRUE(implausible(z_squared(2.309401, 1.0), 100));
  EXPECT_FALSE(implausible(z_squared(2.309401, 1.0), 1000));
  EXPECT_FALSE(implausible(z_squared(Linear{{{1, 1, closed("-0.5", "0.5")}}, 0}), 1));
}

TEST(Implausible, NeverOfInfiniteRangesOrPoints) {
  EXPECT_FALSE(implausible(z_squared(Linear{{{1, 1, Interval::everything()}}, 1000}), 1));
  EXPECT_FALSE(implausible(z_squared(Linear{{{1, 1, Interval::point(3)}}, 1000}), 1));
  EXPECT_FALSE(implausible(z_squared(Linear{{}, 1}), 1));
  EXPECT_FALSE(implausible(z_squared(5.0, 0.0), 1));
}

TEST(Implausible, NumbersBeyondADouble) {
  const Rational huge = power_of_ten(390);
  const Interval range{{Rational(huge - 1), true, false}, {Rational(huge + 1), true, false}};
  EXPECT_TRUE(implausible(z_squared(Linear{{{1, 1, range}}, 0}), 1));
  EXPECT_FALSE(implausible(z_squared(Linear{{{1, 1, range}}, Rational(-huge)}), 1));
}

}  // namespace
}  // namespace kenzan
