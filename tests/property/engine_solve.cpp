// Systems of linear constraints against Z3, which decides them by other means: can all hold, is each conflict one, is it minimal,
// which values are possible, and which unknowns must be others.
#include <gtest/gtest.h>
#include <z3++.h>

#include <algorithm>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <set>

#include "engine/solve/corrections.hpp"
#include "engine/solve/system.hpp"
#include "tests/support/random.hpp"

namespace kenzan::engine {
namespace {

using test::Random;

class Judge {
 public:
  explicit Judge(const System& system) : system_(system) {
    for (std::size_t i = 0; i < system.unknowns.size(); ++i) names_.push_back(z3_.real_const(("x" + std::to_string(i)).c_str()));
  }

  z3::expr number(const Rational& value) { return z3_.real_val(value.str().c_str()); }
  z3::expr unknown(std::uint32_t i) { return names_[i]; }

  z3::expr within(const z3::expr& value, const Interval& range) {
    z3::expr out = z3_.bool_val(true);
    if (!range.low.infinite) out = out && (range.low.closed ? value >= number(range.low.value) : value > number(range.low.value));
    if (!range.high.infinite)
      out = out && (range.high.closed ? value <= number(range.high.value) : value < number(range.high.value));
    return out;
  }
  /// The system with those of its constraints that are wanted, some unknowns without a range.
  z3::solver solver(const std::function<bool(std::uint32_t)>& wanted, const std::set<std::uint32_t>& lifted = {}) {
    z3::solver out(z3_);
    for (std::uint32_t i = 0; i < system_.unknowns.size(); ++i) {
      if (!lifted.contains(i)) out.add(within(names_[i], system_.unknowns[i]));
    }
    for (std::uint32_t i = 0; i < system_.constraints.size(); ++i) {
      if (!wanted(i)) continue;
      z3::expr sum = number(0);
      for (const auto& [unknown, factor] : system_.constraints[i].terms) sum = sum + number(factor) * names_[unknown];
      out.add(within(sum, system_.constraints[i].range));
    }
    return out;
  }
  /// Tells quickly of many sets of unknowns whether all constraints can hold without their ranges.
  std::function<bool(const std::vector<std::uint32_t>&)> lifting() {
    std::set<std::uint32_t> all;
    z3::expr_vector kept(z3_);
    for (std::uint32_t i = 0; i < system_.unknowns.size(); ++i) {
      all.insert(i);
      kept.push_back(z3_.bool_const(("kept" + std::to_string(i)).c_str()));
    }
    z3::solver solver = this->solver([](std::uint32_t) { return true; }, all);
    for (std::uint32_t i = 0; i < system_.unknowns.size(); ++i) {
      solver.add(z3::implies(kept[static_cast<int>(i)], within(names_[i], system_.unknowns[i])));
    }
    return [this, solver, kept](const std::vector<std::uint32_t>& lifted) mutable {
      z3::expr_vector asked(z3_);
      for (std::uint32_t i = 0; i < system_.unknowns.size(); ++i) {
        if (!std::ranges::binary_search(lifted, i)) asked.push_back(kept[static_cast<int>(i)]);
      }
      return solver.check(asked) == z3::sat;
    };
  }
  bool can_hold(const std::function<bool(std::uint32_t)>& wanted, const std::set<std::uint32_t>& lifted = {}) {
    return solver(wanted, lifted).check() == z3::sat;
  }

 private:
  const System& system_;
  z3::context z3_;
  std::vector<z3::expr> names_;
};

Interval draw_range(Random& random, const Rational& around, bool wide) {
  if (random.below(8) == 0) return Interval::point(around);
  const Rational low = around - Rational(random.below(wide ? 12 : 6), 10),
                 high = around + Rational(random.below(wide ? 12 : 6) + 1, 10);
  Interval out{{low, random.below(2) == 0, false}, {high, random.below(2) == 0, false}};
  if (random.below(12) == 0) out.low.infinite = true;
  if (random.below(12) == 0) out.high.infinite = true;
  return out;
}

Rational draw_factor(Random& random) {
  const Rational factors[] = {1, 1, 1, 1, -1, -1, 2, Rational(-1, 3), Rational(5, 2)};
  return factors[random.below(std::size(factors))];
}

/// A system around values that solve it, but for some constraints that are moved.
System draw_system(Random& random) {
  System out;
  std::vector<Rational> values;
  const std::size_t unknowns = 2 + random.below(9), constraints = 1 + random.below(10);
  for (std::size_t i = 0; i < unknowns; ++i) {
    values.emplace_back(Rational(random.below(100), 10));
    out.unknowns.push_back(draw_range(random, values.back(), false));
  }
  const std::size_t moved = random.below(4);
  for (std::size_t i = 0; i < constraints; ++i) {
    Constraint constraint;
    Rational sum = 0;
    const std::size_t most = random.below(3) == 0 ? unknowns : 3;
    for (std::uint32_t unknown = 0; unknown < unknowns; ++unknown) {
      if (constraint.terms.size() == most || random.below(unknowns) >= most) continue;
      constraint.terms.push_back({unknown, draw_factor(random)});
      sum += constraint.terms.back().factor * values[unknown];
    }
    if (random.below(4) < moved) sum += Rational(random.below(30), 10) - 1;
    constraint.range = draw_range(random, sum, true);
    out.constraints.push_back(std::move(constraint));
  }
  return out;
}

void expect_possible_values(const System& system, Judge& judge, std::uint32_t unknown) {
  const auto all = [](std::uint32_t) { return true; };
  const auto found = possible_values(system, unknown);
  z3::solver solver = judge.solver(all, {unknown});
  ASSERT_EQ(found.has_value(), solver.check() == z3::sat);
  if (!found) return;
  const z3::expr x = judge.unknown(unknown);
  const auto sat = [&](const z3::expr& more) {
    solver.push();
    solver.add(more);
    const bool out = solver.check() == z3::sat;
    solver.pop();
    return out;
  };
  const Rational little(1, 1'000'000), much = 1'000'000;
  for (const bool high : {false, true}) {
    const Bound& end = high ? found->high : found->low;
    if (end.infinite) {
      EXPECT_TRUE(sat(high ? x > judge.number(much) : x < judge.number(-much)));
      continue;
    }
    const z3::expr at = judge.number(end.value);
    EXPECT_EQ(sat(x == at), end.closed);
    EXPECT_FALSE(sat(high ? x > at : x < at));
    EXPECT_TRUE(sat(high ? x > judge.number(end.value - little) : x < judge.number(end.value + little)));
  }
}

std::size_t systems_asked_for() {
  const char* asked = std::getenv("KENZAN_RANDOM_SYSTEMS");
  return asked == nullptr ? 300 : std::strtoul(asked, nullptr, 10);
}

TEST(Systems, AreDecidedAsAnotherSolverDoes) {
  const std::size_t count = systems_asked_for();
  std::size_t impossible = 0, sizes[12] = {};
  for (std::size_t seed = 0; seed < count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const System system = draw_system(random);
    Judge judge(system);
    const auto found = conflicts(system);
    EXPECT_EQ(found.empty(), judge.can_hold([](std::uint32_t) { return true; }));
    std::vector<bool> taken(system.constraints.size());
    std::set<std::uint32_t> lifted;
    for (const std::vector<std::uint32_t>& conflict : found) {
      const auto in = [&](std::uint32_t i) { return std::ranges::find(conflict, i) != conflict.end(); };
      EXPECT_FALSE(judge.can_hold(in, lifted));
      for (const std::uint32_t left_out : conflict) {
        EXPECT_TRUE(judge.can_hold([&](std::uint32_t i) { return i != left_out && in(i); }, lifted));
      }
      for (const std::uint32_t each : conflict) {
        EXPECT_FALSE(taken[each]);
        taken[each] = true;
        for (const Constraint::Term& term : system.constraints[each].terms) {
          if (!system.unknowns[term.unknown].is_point()) lifted.insert(term.unknown);
        }
      }
      ++sizes[conflict.size()];
    }
    EXPECT_TRUE(judge.can_hold([&](std::uint32_t i) { return !taken[i]; }, lifted));
    impossible += found.empty() ? 0 : 1;
    expect_possible_values(system, judge, static_cast<std::uint32_t>(random.below(system.unknowns.size())));
    if (HasFailure()) break;
  }
  std::cout << impossible << " of " << count << " systems are impossible; conflicts by size:";
  for (std::size_t i = 1; i < std::size(sizes); ++i) std::cout << ' ' << sizes[i];
  std::cout << '\n';
  EXPECT_GT(impossible, count / 10);
  EXPECT_LT(impossible, count * 9 / 10);
}

/// All subsets of the unknowns, the smaller first.
std::vector<std::vector<std::uint32_t>> subsets(std::size_t unknowns, std::size_t most) {
  std::vector<std::vector<std::uint32_t>> out{{}};
  for (std::size_t i = 0; i < out.size(); ++i) {
    if (out[i].size() == most) continue;
    for (std::uint32_t next = out[i].empty() ? 0 : out[i].back() + 1; next < unknowns; ++next) {
      std::vector<std::uint32_t> larger = out[i];
      larger.push_back(next);
      out.push_back(std::move(larger));
    }
  }
  return out;
}

TEST(Systems, AreCorrectedInAllWaysThatAnotherSolverFinds) {
  const std::size_t count = systems_asked_for();
  std::size_t sizes[4] = {}, none = 0;
  for (std::size_t seed = 0; seed < count; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    const System system = draw_system(random);
    std::vector<bool> changeable;
    for (std::size_t i = 0; i < system.unknowns.size(); ++i) changeable.push_back(random.below(8) != 0);
    Judge judge(system);
    const auto can_hold_without = judge.lifting();
    std::vector<std::vector<std::uint32_t>> expected;
    for (const std::vector<std::uint32_t>& set : subsets(system.unknowns.size(), 3)) {
      if (!std::ranges::all_of(set, [&](std::uint32_t unknown) { return changeable[unknown]; })) continue;
      if (std::ranges::any_of(expected, [&](const auto& known) { return std::ranges::includes(set, known); })) continue;
      if (can_hold_without(set)) expected.push_back(set);
      if (set.empty() && !expected.empty()) break;
    }
    const Corrections found = corrections(system, changeable);
    EXPECT_TRUE(found.complete);
    EXPECT_EQ(found.sets, expected);
    const Corrections smallest = corrections(system, changeable, {.only_smallest = true});
    std::erase_if(expected, [&](const auto& set) { return set.size() > expected.front().size(); });
    EXPECT_EQ(smallest.sets, expected);
    for (const auto& set : found.sets) ++sizes[set.size()];
    none += found.sets.empty() ? 1 : 0;
    if (HasFailure()) break;
  }
  std::cout << "of " << count << " systems " << sizes[0] << " hold; sets of one unknown " << sizes[1] << ", of two " << sizes[2]
            << ", of three " << sizes[3] << "; for " << none << " systems none\n";
  EXPECT_GT(sizes[1], count / 20);
  EXPECT_GT(sizes[2], count / 20);
}

}  // namespace
}  // namespace kenzan::engine
