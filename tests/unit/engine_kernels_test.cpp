#include <gtest/gtest.h>

#include "engine/vector/kernels.hpp"

namespace kenzan::engine {
namespace {

constexpr Int128 largest = ~(Int128{1} << 127);

Numbers span(Int128 low, Int128 high, Flags flags, int exponent = 0) {
  Numbers out = Numbers::fixed(1, exponent);
  out.low[0] = low;
  out.high[0] = high;
  out.written[0] = low;
  out.flags[0] = flags;
  return out;
}

bool by_form(const Numbers& numbers) { return (numbers.flags[0] & flag::by_form) != 0; }

TEST(Kernels, AddJoinsEndsAndTakesTheFinerExponent) {
  const Numbers out = add(span(1, 2, flag::low_open), span(25, 35, flag::high_open, -1));
  EXPECT_EQ(out.exponent, -1);
  EXPECT_EQ(out.flags[0] & flag::ends, flag::low_open | flag::high_open);
  EXPECT_EQ(range_at(out, 0), (Interval{Bound{Rational(7, 2), false, false}, Bound{Rational(11, 2), false, false}}));
}

TEST(Kernels, OverflowIsFlaggedAndNeverWraps) {
  EXPECT_TRUE(by_form(add(span(0, largest, 0), span(0, 1, 0))));
  EXPECT_FALSE(by_form(add(span(0, largest, 0), span(-1, 0, 0))));
  EXPECT_TRUE(by_form(add(span(1, 1, 0, 30), span(1, 1, 0, -30))));
  EXPECT_FALSE(by_form(add(span(0, 0, 0, 30), span(1, 1, 0, -30))));  // 0 fits at any exponent

  Numbers lowest = span(-largest - 1, 0, 0);
  negate(lowest);
  EXPECT_TRUE(by_form(lowest));

  Numbers scaled = span(1, largest / 2, 0);
  scale(scaled, {3, 0});
  EXPECT_TRUE(by_form(scaled));

  const std::vector<std::uint32_t> offsets{0, 2};
  Numbers two = Numbers::fixed(2);
  two.set_point(0, largest, 0);
  two.set_point(1, 1, 0);
  EXPECT_TRUE(by_form(sum_segments(two, offsets)));
}

TEST(Kernels, ANegativeFactorSwapsTheEndsWithTheirFlags) {
  Numbers out = span(1, 3, flag::low_open);
  scale(out, {-2, 1});
  EXPECT_EQ(range_at(out, 0), (Interval{Bound{-60, true, false}, Bound{-20, false, false}}));
}

TEST(Kernels, DecimalsAreExactOrRefused) {
  EXPECT_FALSE(decimal_of(Rational(1, 3)));
  const auto quarter = decimal_of(Rational(1, 4));
  ASSERT_TRUE(quarter);
  EXPECT_EQ(rational_of(quarter->number, quarter->exponent), Rational(1, 4));
  const auto million = decimal_of(1'000'000);
  ASSERT_TRUE(million);
  EXPECT_TRUE(million->number == 1 && million->exponent == 6);
  EXPECT_FALSE(decimal_of(Rational(power_of_ten(39) + 1)));
}

TEST(Kernels, AnUncertainRowMayCountOrNot) {
  Numbers out = span(2, 3, flag::low_open);
  const std::vector<std::uint8_t> yes{1}, no{0};
  widen_to_zero(out, yes, no);
  EXPECT_EQ(range_at(out, 0), (Interval{Bound{0, true, false}, Bound{3, true, false}}));
  EXPECT_TRUE(out.written[0] == 0);
}

TEST(Kernels, AbsoluteKeepsTheFartherEnd) {
  Numbers out = span(-5, 5, flag::low_open);
  absolute(out);
  EXPECT_EQ(range_at(out, 0), (Interval{Bound{0, true, false}, Bound{5, true, false}}));
  out = span(-5, 4, flag::low_open);
  absolute(out);
  EXPECT_EQ(range_at(out, 0), (Interval{Bound{0, true, false}, Bound{5, false, false}}));
  out = span(0, -3, flag::low_infinite);
  absolute(out);
  EXPECT_EQ(range_at(out, 0), (Interval{Bound{3, true, false}, Bound{0, false, true}}));
}

TEST(Kernels, FixedAndExactAgreeOnEveryPairOfEnds) {
  std::vector<Numbers> all;
  for (const int low : {-1, 0, 1}) {
    for (const int high : {low, low + 1, low + 2}) {
      for (const Flags low_end : {Flags{0}, flag::low_open, flag::low_infinite}) {
        for (const Flags high_end : {Flags{0}, flag::high_open, flag::high_infinite}) {
          const bool point_is_open = low == high && ((low_end | high_end) & (flag::low_open | flag::high_open));
          if (!point_is_open) all.push_back(span(low, high, low_end | high_end));
        }
      }
    }
  }
  const auto to_interval = [](const FixedRange& range) {
    Numbers out = Numbers::fixed(1);
    out.low[0] = range.low;
    out.high[0] = range.high;
    out.flags[0] = range.ends;
    return range_at(out, 0);
  };
  const Interval zero = Interval::point(0);
  for (const Numbers& a : all) {
    const FixedRange x = fixed_range(a, 0);
    for (const Relation relation :
         {Relation::equal, Relation::not_equal, Relation::less, Relation::less_equal, Relation::greater, Relation::greater_equal}) {
      EXPECT_EQ(compare_to_zero(a.low[0], a.high[0], a.flags[0], relation), compare(range_at(a, 0), relation, zero));
    }
    for (const Numbers& b : all) {
      const FixedRange y = fixed_range(b, 0);
      EXPECT_EQ(to_interval(minimum(x, y)), minimum(range_at(a, 0), range_at(b, 0)));
      EXPECT_EQ(to_interval(maximum(x, y)), maximum(range_at(a, 0), range_at(b, 0)));
      EXPECT_EQ(to_interval(hull(x, y)), hull(range_at(a, 0), range_at(b, 0)));
      EXPECT_EQ(range_at(add(a, b), 0), range_at(a, 0) + range_at(b, 0));
    }
  }
}

}  // namespace
}  // namespace kenzan::engine
