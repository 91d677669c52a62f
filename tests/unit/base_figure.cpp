#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/figure.hpp"
#include "tests/unit/base_show.hpp"

namespace kenzan {
namespace {

constexpr Rounding modes[] = {Rounding::nearest, Rounding::half_up, Rounding::half_even, Rounding::truncated,
                              Rounding::away,    Rounding::floor,   Rounding::ceiling,   Rounding::exact};

Rational number(const char* text) { return parse_rational(text).value(); }

std::string values(Rounding rounding, const char* value, const char* step) {
  return show(true_values(Figure{Mark::number, rounding, number(value), number(step)}));
}

struct Row {
  Rounding rounding;
  const char *positive, *negative, *zero;  // of 0.3, −0.3 and 0.0, step 0.1
};

// The table of the language reference, section 2.
constexpr Row table[] = {
    {Rounding::nearest, "[0.25, 0.35]", "[-0.35, -0.25]", "[-0.05, 0.05]"},
    {Rounding::half_up, "[0.25, 0.35)", "(-0.35, -0.25]", "(-0.05, 0.05)"},
    {Rounding::half_even, "(0.25, 0.35)", "(-0.35, -0.25)", "[-0.05, 0.05]"},
    {Rounding::truncated, "[0.3, 0.4)", "(-0.4, -0.3]", "(-0.1, 0.1)"},
    {Rounding::away, "(0.2, 0.3]", "[-0.3, -0.2)", "[0, 0]"},
    {Rounding::floor, "[0.3, 0.4)", "[-0.3, -0.2)", "[0, 0.1)"},
    {Rounding::ceiling, "(0.2, 0.3]", "(-0.4, -0.3]", "(-0.1, 0]"},
    {Rounding::exact, "[0.3, 0.3]", "[-0.3, -0.3]", "[0, 0]"},
};

TEST(Figure, StandsForWhatPrintsAsIt) {
  for (const Row& row : table) {
    EXPECT_EQ(values(row.rounding, "0.3", "0.1"), row.positive) << spelling(row.rounding);
    EXPECT_EQ(values(row.rounding, "-0.3", "0.1"), row.negative) << spelling(row.rounding);
    EXPECT_EQ(values(row.rounding, "0", "0.1"), row.zero) << spelling(row.rounding);
  }
}

TEST(Figure, HalfEvenIsClosedAroundEvenDigits) {
  EXPECT_EQ(values(Rounding::half_even, "0.4", "0.1"), "[0.35, 0.45]");
  EXPECT_EQ(values(Rounding::half_even, "-0.4", "0.1"), "[-0.45, -0.35]");
  EXPECT_EQ(values(Rounding::half_even, "1200", "100"), "[1150, 1250]");
  EXPECT_EQ(values(Rounding::half_even, "1300", "100"), "(1250, 1350)");
  EXPECT_EQ(values(Rounding::half_even, "0.25", "0.1"), "(0.2, 0.3)");  // no multiple of the place: not even
}

TEST(Figure, StepZeroIsExact) {
  for (Rounding mode : modes) EXPECT_EQ(values(mode, "2.5", "0"), "[2.5, 2.5]");
}

TEST(Figure, Marks) {
  const auto of = [](Mark mark) { return show(true_values(Figure{mark, Rounding::exact, 0, 0})); };
  EXPECT_EQ(of(Mark::nil), "[0, 0]");
  EXPECT_EQ(of(Mark::unknown), "(-oo, oo)");
  EXPECT_EQ(of(Mark::blank), "(-oo, oo)");
  EXPECT_EQ(of(Mark::unreadable), "(-oo, oo)");
  EXPECT_EQ(of(Mark::suppressed), "[0, oo)");
}

TEST(RoundTo, EveryModeAtEveryBoundary) {
  struct Case {
    Rounding rounding;
    std::vector<long> results;  // of −2 −1.75 −1.5 −1.25 −1 −0.75 −0.5 −0.25 0 0.25 0.5 0.75 1 1.25 1.5 1.75 2
  };
  const Case cases[] = {
      {Rounding::nearest, {-2, -2, -2, -1, -1, -1, -1, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2}},
      {Rounding::half_up, {-2, -2, -2, -1, -1, -1, -1, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2}},
      {Rounding::half_even, {-2, -2, -2, -1, -1, -1, 0, 0, 0, 0, 0, 1, 1, 1, 2, 2, 2}},
      {Rounding::truncated, {-2, -1, -1, -1, -1, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2}},
      {Rounding::away, {-2, -2, -2, -2, -1, -1, -1, -1, 0, 1, 1, 1, 1, 2, 2, 2, 2}},
      {Rounding::floor, {-2, -2, -2, -2, -1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1, 2}},
      {Rounding::ceiling, {-2, -1, -1, -1, -1, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2}},
  };
  for (const Case& c : cases) {
    for (std::size_t i = 0; i < c.results.size(); ++i) {
      const Rational value(static_cast<long>(i) - 8, 4);
      EXPECT_EQ(round_to(value, 1, c.rounding), c.results[i]) << spelling(c.rounding) << ' ' << exact_text(value);
    }
  }
}

TEST(RoundTo, KeepsThePlace) {
  EXPECT_EQ(round_to(number("1349.75"), number("0.1"), Rounding::half_up), number("1349.8"));
  EXPECT_EQ(round_to(number("1349.75"), number("100"), Rounding::truncated), number("1300"));
  EXPECT_EQ(round_to(number("1349.75"), number("100"), Rounding::exact), number("1349.75"));
}

TEST(RoundTo, IntervalsBecomeTheHullOfTheResults) {
  const Interval closed{{number("0.5"), true, false}, {number("1.5"), true, false}};
  const Interval open{{number("0.5"), false, false}, {number("1.5"), false, false}};
  EXPECT_EQ(show(round_to(closed, 1, Rounding::nearest)), "[0, 2]");  // a tie may go either way
  EXPECT_EQ(show(round_to(open, 1, Rounding::nearest)), "[1, 1]");
  EXPECT_EQ(show(round_to(closed, 1, Rounding::half_up)), "[1, 2]");
  EXPECT_EQ(show(round_to(open, 1, Rounding::half_up)), "[1, 1]");
  EXPECT_EQ(show(round_to(closed, 1, Rounding::half_even)), "[0, 2]");
  EXPECT_EQ(show(round_to(open, 1, Rounding::half_even)), "[1, 1]");
  const Interval whole{{Rational(1), false, false}, {Rational(2), false, false}};
  EXPECT_EQ(show(round_to(whole, 1, Rounding::floor)), "[1, 1]");
  EXPECT_EQ(show(round_to(whole, 1, Rounding::ceiling)), "[2, 2]");
  EXPECT_EQ(show(round_to(whole, 1, Rounding::exact)), "(1, 2)");
  EXPECT_EQ(show(round_to(Interval::at_least_zero(), 1, Rounding::away)), "[0, oo)");
  EXPECT_EQ(show(round_to(-whole, 1, Rounding::truncated)), "[-1, -1]");
}

TEST(RoundingNames, ReadBackAsWritten) {
  for (Rounding mode : modes) {
    Rounding read = mode == Rounding::exact ? Rounding::nearest : Rounding::exact;
    EXPECT_TRUE(parse_rounding(spelling(mode), read));
    EXPECT_EQ(read, mode);
  }
  Rounding untouched = Rounding::floor;
  EXPECT_FALSE(parse_rounding("half-down", untouched));
  EXPECT_FALSE(parse_rounding("half_up", untouched));
  EXPECT_EQ(untouched, Rounding::floor);
  EXPECT_EQ(spelling(Rounding::half_up), "half-up");
}

}  // namespace
}  // namespace kenzan
