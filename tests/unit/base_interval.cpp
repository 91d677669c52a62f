#include <gtest/gtest.h>

#include "base/interval.hpp"
#include "tests/unit/base_show.hpp"

namespace kenzan {
namespace {

constexpr Relation relations[] = {Relation::equal,      Relation::not_equal, Relation::less,
                                  Relation::less_equal, Relation::greater,   Relation::greater_equal};

/// Reads "[1, 2)"; an end "-oo" or "oo" is infinite.
Interval iv(const std::string& text) {
  const auto comma = text.find(',');
  const auto end = [](std::string value, bool closed) {
    value.erase(0, value.find_first_not_of(' '));
    if (value == "oo" || value == "-oo") return Bound{0, false, true};
    return Bound{parse_rational(value).value(), closed, false};
  };
  const std::string low = text.substr(1, comma - 1);
  const std::string high = text.substr(comma + 1, text.size() - comma - 2);
  return {end(low, text.front() == '['), end(high, text.back() == ']')};
}

TEST(Interval, KnowsItsPoints) {
  EXPECT_TRUE(Interval::point(3).is_point());
  EXPECT_FALSE(iv("[3, 4]").is_point());
  EXPECT_FALSE(Interval::everything().is_point());
  EXPECT_TRUE(iv("[1, 2)").contains(1));
  EXPECT_FALSE(iv("[1, 2)").contains(2));
  EXPECT_FALSE(iv("(1, 2)").contains(1));
  EXPECT_TRUE(Interval::everything().contains(-7));
  EXPECT_TRUE(Interval::at_least_zero().contains(0));
  EXPECT_FALSE(Interval::at_least_zero().contains(-1));
}

TEST(Interval, SumIsClosedOnlyWhereBothAre) {
  EXPECT_EQ(show(iv("[1, 2)") + iv("[3, 4]")), "[4, 6)");
  EXPECT_EQ(show(iv("(1, 2]") + iv("[3, 4]")), "(4, 6]");
  EXPECT_EQ(show(iv("[1, oo)") + iv("[3, 4]")), "[4, oo)");
  EXPECT_EQ(show(iv("[1, 2)") - iv("[3, 5]")), "[-4, -1)");
  EXPECT_EQ(show(iv("[1, 2)") - iv("[1, 2)")), "(-1, 1)");
  EXPECT_EQ(show(iv("[0, oo)") - iv("[0, oo)")), "(-oo, oo)");
}

TEST(Interval, NegativeFactorSwapsEndsWithFlags) {
  EXPECT_EQ(show(-iv("[1, 2)")), "(-2, -1]");
  EXPECT_EQ(show(Rational(-3) * iv("(1, oo)")), "(-oo, -3)");
  EXPECT_EQ(show(Rational(2) * iv("(1, oo)")), "(2, oo)");
  EXPECT_EQ(show(Rational(0) * Interval::everything()), "[0, 0]");
}

TEST(Interval, ProductIsClosedWhereAttained) {
  EXPECT_EQ(show(iv("[2, 3)") * iv("[4, 5]")), "[8, 15)");
  EXPECT_EQ(show(iv("[-2, 3)") * iv("[-4, 5)")), "(-12, 15)");
  EXPECT_EQ(show(iv("(-2, 3)") * iv("[-5, 5]")), "(-15, 15)");
  EXPECT_EQ(show(iv("[-3, 3)") * iv("[-5, 5)")), "(-15, 15]");  // 15 = −3 · −5, though 3 · 5 is not attained
}

TEST(Interval, ZeroIsAttainedInsideEither) {
  EXPECT_EQ(show(iv("(0, 3)") * iv("[0, 5)")), "[0, 15)");
  EXPECT_EQ(show(iv("(0, 3)") * iv("(0, 5)")), "(0, 15)");
  EXPECT_EQ(show(iv("[0, 3)") * iv("(1, 5)")), "[0, 15)");
}

TEST(Interval, InfiniteFactors) {
  EXPECT_EQ(show(Interval::point(0) * Interval::everything()), "[0, 0]");
  EXPECT_EQ(show(iv("[0, 1]") * iv("[1, oo)")), "[0, oo)");
  EXPECT_EQ(show(iv("(0, 1]") * iv("(1, oo)")), "(0, oo)");
  EXPECT_EQ(show(iv("[-1, 1]") * iv("[1, oo)")), "(-oo, oo)");
  EXPECT_EQ(show(iv("[-2, -1)") * iv("[1, oo)")), "(-oo, -1)");
  EXPECT_EQ(show(iv("(-oo, -1]") * iv("(-oo, -2)")), "(2, oo)");
}

TEST(Interval, Quotient) {
  EXPECT_EQ(show(iv("[1, 2)") / iv("[4, 5)")), "(0.2, 0.5)");
  EXPECT_EQ(show(iv("[1, 2]") / iv("[-5, -4]")), "[-0.5, -0.2]");
  EXPECT_EQ(show(iv("[1, 2]") / iv("[0, 4]")), "(-oo, oo)");
  EXPECT_EQ(show(iv("[1, 2]") / iv("[-1, 4]")), "(-oo, oo)");
  EXPECT_EQ(show(iv("[1, 2]") / Interval::point(0)), "(-oo, oo)");
  EXPECT_EQ(show(iv("[1, 2]") / iv("(0, 4]")), "[0.25, oo)");
  EXPECT_EQ(show(iv("[1, 2]") / iv("[-4, 0)")), "(-oo, -0.25]");
  EXPECT_EQ(show(iv("[1, 2]") / iv("[4, oo)")), "(0, 0.5]");
  EXPECT_EQ(show(Interval::point(0) / iv("(0, oo)")), "[0, 0]");
  EXPECT_EQ(show(iv("[1, 2]") / iv("(0, oo)")), "(0, oo)");
}

TEST(Interval, AbsoluteHullMinimumMaximum) {
  EXPECT_EQ(show(absolute(iv("[-2, 1]"))), "[0, 2]");
  EXPECT_EQ(show(absolute(iv("(-2, 2]"))), "[0, 2]");
  EXPECT_EQ(show(absolute(iv("(-2, 0)"))), "(0, 2)");
  EXPECT_EQ(show(absolute(iv("(0, 2]"))), "(0, 2]");
  EXPECT_EQ(show(absolute(iv("(-oo, 1]"))), "[0, oo)");
  EXPECT_EQ(show(hull(iv("(1, 2)"), iv("[1, 5)"))), "[1, 5)");
  EXPECT_EQ(show(minimum(iv("[1, 4]"), iv("(1, 4)"))), "[1, 4)");
  EXPECT_EQ(show(maximum(iv("[1, 4]"), iv("(1, 4)"))), "(1, 4]");
  EXPECT_EQ(show(minimum(iv("[1, 9]"), iv("[2, oo)"))), "[1, 9]");
  EXPECT_EQ(show(maximum(iv("[1, 9]"), iv("[2, oo)"))), "[2, oo)");
}

TEST(Interval, GapIsZeroWhereTheyMeetOrTouch) {
  EXPECT_EQ(gap(iv("[1, 2]"), iv("[5, 6]")), 3);
  EXPECT_EQ(gap(iv("[5, 6]"), iv("[1, 2]")), 3);
  EXPECT_EQ(gap(iv("[1, 2)"), iv("(2, 6]")), 0);
  EXPECT_EQ(gap(iv("[1, 4)"), iv("(2, 6]")), 0);
  EXPECT_EQ(gap(iv("[1, oo)"), iv("[-5, 0]")), 1);
  EXPECT_EQ(gap(Interval::everything(), iv("[-5, 0]")), 0);
}

TEST(Interval, TouchingEndsMeetOnlyIfBothAreClosed) {
  const auto equal = [](const char* a, const char* b) { return compare(iv(a), Relation::equal, iv(b)); };
  EXPECT_EQ(equal("[1, 2]", "[2, 3]"), (Possibility{true, true}));
  EXPECT_EQ(equal("[1, 2)", "[2, 3]"), (Possibility{false, true}));
  EXPECT_EQ(equal("[1, 2]", "(2, 3]"), (Possibility{false, true}));
  EXPECT_EQ(equal("[2, 2]", "[2, 2]"), (Possibility{true, false}));
  EXPECT_EQ(equal("[2, 3]", "[2, 3]"), (Possibility{true, true}));
  EXPECT_EQ(equal("(-oo, oo)", "[2, 3]"), (Possibility{true, true}));
}

TEST(Interval, OrderWithTheSameCare) {
  const auto holds = [](const char* a, Relation r, const char* b) { return compare(iv(a), r, iv(b)); };
  EXPECT_EQ(holds("[1, 2]", Relation::less, "[2, 3]"), (Possibility{true, true}));
  EXPECT_EQ(holds("[1, 2)", Relation::less, "[2, 3]"), (Possibility{true, false}));
  EXPECT_EQ(holds("[1, 2]", Relation::less_equal, "[2, 3]"), (Possibility{true, false}));
  EXPECT_EQ(holds("[2, 3]", Relation::less_equal, "[1, 2]"), (Possibility{true, true}));
  EXPECT_EQ(holds("(2, 3]", Relation::less_equal, "[1, 2]"), (Possibility{false, true}));
  EXPECT_EQ(holds("[2, 3]", Relation::less, "[1, 2]"), (Possibility{false, true}));
  EXPECT_EQ(holds("[2, 2]", Relation::greater_equal, "[2, 2]"), (Possibility{true, false}));
  EXPECT_EQ(holds("[2, 2]", Relation::greater, "[2, 2]"), (Possibility{false, true}));
  EXPECT_EQ(holds("[0, oo)", Relation::greater_equal, "[0, 0]"), (Possibility{true, false}));
  EXPECT_EQ(holds("[0, oo)", Relation::less, "[0, 0]"), (Possibility{false, true}));
}

TEST(Interval, WhatIsInBothIsNoMoreThanEither) {
  EXPECT_EQ(intersection(iv("[0, 2)"), iv("(1, 3]")), iv("(1, 2)"));
  EXPECT_EQ(intersection(iv("[0, 1)"), iv("[0, 1]")), iv("[0, 1)"));
  EXPECT_EQ(intersection(iv("[0, 1]"), iv("[1, oo)")), iv("[1, 1]"));
  EXPECT_EQ(intersection(iv("[0, 1)"), iv("[1, oo)")), std::nullopt);
  EXPECT_EQ(intersection(iv("(-oo, oo)"), iv("(-oo, 1]")), iv("(-oo, 1]"));
}

TEST(Interval, SomethingIsAlwaysPossible) {
  for (const char* a : {"[0, 0]", "[0, 1)", "(0, 1]", "(-oo, 0]", "(-oo, oo)", "[0, oo)"}) {
    for (const char* b : {"[0, 0]", "[1, 2)", "(1, 2]", "(-oo, 1)", "(-oo, oo)", "(1, oo)"}) {
      for (Relation r : relations) {
        const Possibility p = compare(iv(a), r, iv(b));
        EXPECT_TRUE(p.can_be_true || p.can_be_false) << a << ' ' << b;
      }
    }
  }
}

}  // namespace
}  // namespace kenzan
