#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

#include "base/rational.hpp"

namespace kenzan {
namespace {

Rational q(long top, long bottom = 1) { return {Integer(top), Integer(bottom)}; }

TEST(Rational, ReadsPlainDecimalsExactly) {
  EXPECT_EQ(parse_rational("0"), q(0));
  EXPECT_EQ(parse_rational("23.40"), q(234, 10));
  EXPECT_EQ(parse_rational("-0.05"), q(-1, 20));
  EXPECT_EQ(parse_rational("0.1e2"), q(10));
  EXPECT_EQ(parse_rational("12E-3"), q(12, 1000));
}

TEST(Rational, LeadingZeroIsNotOctal) {
  EXPECT_EQ(parse_rational("010"), q(10));
  EXPECT_EQ(parse_rational("009.5"), q(95, 10));
  EXPECT_EQ(integer_from_digits("0000000000000000000000000000000000000017"), 17);
  EXPECT_EQ(integer_from_digits(""), 0);
}

TEST(Rational, RefusesWhatIsNotOneNumber) {
  for (const char* text : {"", "-", "+1", ".5", "5.", "1e", "1e+2", "1e-", "1 ", " 1", "1.2.3", "--1", "0x1", "1,000", "１"}) {
    EXPECT_FALSE(parse_rational(text)) << text;
  }
}

TEST(Rational, RefusesWhatIsTooLongAtOnce) {
  const std::string limit(max_digits, '9');
  EXPECT_TRUE(parse_rational(limit));
  EXPECT_FALSE(parse_rational(limit + "9"));
  EXPECT_TRUE(parse_rational("0." + limit));
  EXPECT_FALSE(parse_rational("0." + limit + "1"));
  EXPECT_TRUE(parse_rational("1e399"));
  EXPECT_FALSE(parse_rational("1e400"));
  EXPECT_TRUE(parse_rational("1e-400"));
  EXPECT_FALSE(parse_rational("1e-401"));
  EXPECT_FALSE(parse_rational("1e999999999999999999999"));
  EXPECT_FALSE(parse_rational("0e-999999999"));
}

TEST(Rational, PowersOfTen) {
  EXPECT_EQ(power_of_ten(0), q(1));
  EXPECT_EQ(power_of_ten(18), q(1'000'000'000'000'000'000));
  EXPECT_EQ(Rational(power_of_ten(19) / power_of_ten(18)), q(10));
  EXPECT_EQ(Rational(power_of_ten(-800) * power_of_ten(800)), q(1));
}

TEST(Rational, ScaledByTen) {
  const std::int64_t least = std::numeric_limits<std::int64_t>::min(), greatest = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t number : {least, std::int64_t{-250}, std::int64_t{0}, std::int64_t{7}, greatest}) {
    for (const int exponent : {-19, -18, -2, 0, 1, 18, 19}) {
      EXPECT_EQ(scaled_by_ten(number, exponent), Rational(Rational(Integer(number)) * power_of_ten(exponent)))
          << number << " " << exponent;
    }
  }
}

TEST(Rational, PlusAndTimes) {
  for (const Rational& a : {q(0), q(-6), q(7, 2), Rational(power_of_ten(30))}) {
    for (const Rational& b : {q(0), q(4), q(-2, 7), Rational(power_of_ten(-30))}) {
      EXPECT_EQ(plus(a, b), Rational(a + b));
      EXPECT_EQ(times(a, b), Rational(a * b));
    }
  }
}

TEST(Rational, WritesExactDecimals) {
  EXPECT_EQ(exact_decimal(q(0)), "0");
  EXPECT_EQ(exact_decimal(q(1200)), "1200");
  EXPECT_EQ(exact_decimal(q(-1, 20)), "-0.05");
  EXPECT_EQ(exact_decimal(q(5, 2)), "2.5");
  EXPECT_EQ(exact_decimal(Rational(-(std::int64_t{1} << 61), 25)), "-92233720368547758.08");  // scaled to the least of 64 bits
  EXPECT_EQ(exact_decimal(Rational((std::int64_t{1} << 61) + 1, 16)), "144115188075855872.0625");
  EXPECT_EQ(exact_decimal(q(1, 3)), std::nullopt);
  EXPECT_EQ(exact_text(q(1, 8)), "0.125");
  EXPECT_EQ(exact_text(q(-4, 6)), "-2/3");
}

TEST(Rational, WritesForPeople) {
  EXPECT_EQ(readable(q(1234567)), "1,234,567");
  EXPECT_EQ(readable(q(123)), "123");
  EXPECT_EQ(readable(q(-123456, 100)), "-1,234.56");
  EXPECT_EQ(readable(q(1234567), 6, false), "1234567");
  EXPECT_EQ(readable(q(2, 3)), "0.666667…");
  EXPECT_EQ(readable(q(-2, 3), 2), "-0.67…");
  EXPECT_EQ(readable(q(1, 2), 0), "1…");
  EXPECT_EQ(readable(q(5, 2), 1), "2.5");
  EXPECT_EQ(readable(q(1, 10'000'000)), "0.000000…");
}

TEST(Rational, FloorAndCeiling) {
  EXPECT_EQ(floor_of(q(7, 2)), 3);
  EXPECT_EQ(floor_of(q(-7, 2)), -4);
  EXPECT_EQ(floor_of(q(-4)), -4);
  EXPECT_EQ(ceiling_of(q(7, 2)), 4);
  EXPECT_EQ(ceiling_of(q(-7, 2)), -3);
  EXPECT_EQ(ceiling_of(q(4)), 4);
}

}  // namespace
}  // namespace kenzan
