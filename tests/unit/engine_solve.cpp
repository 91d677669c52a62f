// Systems of constraints by hand: what cannot hold together, and which values are left.
#include <gtest/gtest.h>

#include "engine/solve/system.hpp"

namespace kenzan::engine {
namespace {

using Conflicts = std::vector<std::vector<std::uint32_t>>;

Interval half_open(const Rational& low, const Rational& high) { return {{low, true, false}, {high, false, false}}; }

/// A constraint Σ factor · unknown = value.
Constraint equals(std::vector<std::pair<std::uint32_t, int>> terms, const Rational& value = 0) {
  Constraint out;
  for (const auto& [unknown, factor] : terms) out.terms.push_back({unknown, factor});
  out.range = Interval::point(value);
  return out;
}

TEST(Systems, OfNothingHold) {
  EXPECT_TRUE(conflicts({}).empty());
  System one{{half_open(0, 1)}, {equals({{0, 1}}, 0)}};
  EXPECT_TRUE(conflicts(one).empty());
  one.constraints[0].range = Interval::point(1);  // the open end
  EXPECT_EQ(conflicts(one), Conflicts{{0}});
}

// 0, 1 parts; 2 a total of them; 3 a total of totals.
TEST(Systems, OfTotalsAreDecidedAlongTheHierarchy) {
  System system{{half_open(1, 2), half_open(1, 2), half_open(2, 5), half_open(6, 8)},
                {equals({{0, 1}, {1, 1}, {2, -1}}), equals({{2, 2}, {3, -1}})}};
  EXPECT_TRUE(conflicts(system).empty());
  EXPECT_EQ(possible_values(system, 3), half_open(4, 8));
  EXPECT_EQ(possible_values(system, 0), (Interval{{1, false, false}, {3, false, false}}));  // 3 ≤ 0 + 1 < 4, 1 ≤ 1 < 2
  system.unknowns[3] = half_open(8, 9);
  EXPECT_EQ(conflicts(system), (Conflicts{{0, 1}}));
  EXPECT_EQ(possible_values(system, 3), half_open(4, 8));
}

// x + y is 2.5 or more, x − y is 0.5 or more, and both are below 1.5: x would have to be 1.5.
TEST(Systems, OfCyclesAreDecided) {
  const Rational half(1, 2);
  System system{{half_open(half, 3 * half), half_open(half, 3 * half)}, {equals({{0, 1}, {1, 1}}), equals({{0, 1}, {1, -1}})}};
  system.constraints[0].range = half_open(5 * half, 7 * half);
  system.constraints[1].range = half_open(half, 3 * half);
  EXPECT_EQ(conflicts(system), (Conflicts{{0, 1}}));
  EXPECT_EQ(possible_values(system, 0), half_open(3 * half, 5 * half));
  system.constraints[1].range = half_open(Rational(1, 4), 3 * half);
  EXPECT_TRUE(conflicts(system).empty());
}

TEST(Systems, KnownValuesLinkNothing) {
  System system{{Interval::point(5), half_open(0, 1), half_open(0, 1)}, {equals({{0, 1}, {1, 1}}, 7), equals({{0, 1}, {2, 1}}, 8)}};
  EXPECT_EQ(linked_constraints(system), (Conflicts{{0}, {1}}));
  EXPECT_EQ(conflicts(system), (Conflicts{{0}, {1}}));
}

// A table of rounded cells with totals of rows and columns: there are values, however many cells there are.
TEST(Systems, OfALargeTableAreDecidedInAMoment) {
  constexpr std::uint32_t rows = 300, columns = 40;
  System system;
  const auto cell = [](std::uint32_t row, std::uint32_t column) { return row * columns + column; };
  for (std::uint32_t i = 0; i < rows * columns; ++i) system.unknowns.push_back(half_open(Rational(-1, 2), Rational(1, 2)));
  for (std::uint32_t row = 0; row < rows; ++row) {
    Constraint total;
    for (std::uint32_t column = 0; column < columns; ++column) total.terms.push_back({cell(row, column), 1});
    total.range = half_open(Rational(row % 7) - 3, Rational(row % 7) - 2);
    system.constraints.push_back(std::move(total));
  }
  for (std::uint32_t column = 0; column < columns; ++column) {
    Constraint total;
    for (std::uint32_t row = 0; row < rows; ++row) total.terms.push_back({cell(row, column), 1});
    total.range = half_open(Rational(column % 5) - 2, Rational(column % 5) - 1);
    system.constraints.push_back(std::move(total));
  }
  EXPECT_TRUE(conflicts(system).empty());
}

// The sums of rows and of columns must agree; here they do not, and every constraint is needed to see it.
TEST(Systems, ThatTakeTooLongAreLeftUndecided) {
  constexpr std::uint32_t size = 12;
  System system;
  for (std::uint32_t i = 0; i < size * size; ++i) system.unknowns.push_back(half_open(-5, 5));
  for (const bool columns : {false, true}) {
    for (std::uint32_t a = 0; a < size; ++a) {
      Constraint total;
      for (std::uint32_t b = 0; b < size; ++b) total.terms.push_back({columns ? b * size + a : a * size + b, 1});
      total.range = Interval::point(columns && a == 0 ? 1 : 0);
      system.constraints.push_back(std::move(total));
    }
  }
  ASSERT_EQ(conflicts(system).size(), 1U);
  EXPECT_EQ(conflicts(system)[0].size(), 2 * size);
  Effort little;
  little.steps = 100;
  EXPECT_TRUE(conflicts(system, {}, &little).empty());
  EXPECT_EQ(little.undecided.size(), 2 * size);
  Effort enough;
  enough.steps = 10'000'000;
  EXPECT_EQ(conflicts(system, {}, &enough), conflicts(system));
  EXPECT_TRUE(enough.undecided.empty() && !enough.perhaps_not_minimal);
  EXPECT_LT(enough.steps, 10'000'000U);
}

}  // namespace
}  // namespace kenzan::engine
