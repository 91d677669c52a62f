// The vectorised evaluator on small tables by hand. Every rule is judged by the reference as well.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <numeric>
#include <vector>

#include "engine/indexes.hpp"
#include "engine/vector/vector.hpp"
#include "tests/support/program_builder.hpp"

namespace kenzan::engine {
namespace {

using dsl::ExprOp;
using test::World;

/// Verdicts by name, after checking that the reference gives the same for the same instances.
std::vector<std::string> verdicts(const World& world, const dsl::Rule& rule, CheckedFigures* checked = nullptr) {
  CheckedFigures own(world.data);
  VectorEvaluator evaluator(world.data);
  const RuleVerdicts found = evaluator.evaluate(rule, checked == nullptr ? own : *checked);
  std::vector<std::string> out;
  std::size_t at = 0;
  for (const Instance& instance : reference_instances(world.data, rule)) {
    const Judgement judgement = judge(world.data, rule, instance, found.size);
    if (!judgement.made) continue;
    if (at >= found.size) return {"an instance is missing"};
    EXPECT_EQ(found.instance(at), instance);
    EXPECT_EQ(name_of(found.verdicts[at]), name_of(judgement.verdict));
    out.emplace_back(name_of(found.verdicts[at++]));
  }
  EXPECT_EQ(at, found.size);
  return out;
}

std::vector<std::string> list(std::initializer_list<const char*> names) { return {names.begin(), names.end()}; }

/// Sections with measures: a sum for each section.
struct Budget : World {
  dsl::TableId sections, measures;
  dsl::Rule floor;

  explicit Budget(const std::vector<std::vector<std::string>>& measure_rows) {
    sections =
        table("sections", {test::text_key("section"), test::figure("amount", "億円")}, {{"1", "10"}, {"2", "5"}, {"3", "7"}});
    measures = table("measures", {test::text("section"), test::text_key("measure"), test::figure("amount", "億円")}, measure_rows);
    floor = rule("floor", equal(cell(sections, "amount", {{"section", label("section")}}),
                                aggregate(dsl::AggregateFunction::sum, measures, here(measures, "amount"), {},
                                          {{"section", label("section")}})));
    floor.by = {dim("section")};
    floor.sources = {{sections, {{0, 0}}}};
  }
};

TEST(Vector, ASumForEachInstance) {
  const Budget world({{"1", "a", "4"}, {"1", "b", "5"}, {"2", "c", "2"}, {"2", "d", "3"}, {"3", "e", "4"}, {"9", "f", "9"}});
  EXPECT_EQ(verdicts(world, world.floor), list({"rounding", "holds", "violated"}));
}

TEST(Vector, UnknownAndSuppressedCellsInASum) {
  const Budget world({{"1", "a", "4"}, {"1", "b", "…"}, {"2", "c", "x"}, {"2", "d", "7"}});
  EXPECT_EQ(verdicts(world, world.floor), list({"unknown", "violated", "violated"}));
}

TEST(Vector, NumbersBeyond128BitsAreJudgedExactly) {
  const std::string huge = "1" + std::string(60, '0');
  const Budget world({{"1", "a", huge}, {"1", "b", "-" + huge}, {"1", "c", "10"}, {"2", "d", huge}, {"3", "e", "7"}});
  EXPECT_EQ(verdicts(world, world.floor), list({"holds", "violated", "holds"}));
}

TEST(Vector, FiguresThatOverflowOnlyTogether) {
  const std::string large =
      "9" + std::string(17, '0');  // fits 64 bits in the cell, and overflows at the finer exponent of the other
  World world;
  const auto t = world.table("t", {test::text_key("k"), test::figure("x"), test::figure("y")},
                             {{"a", large, "0." + std::string(30, '0') + "1"}});
  const auto x = world.cell(t, "x", {{"k", world.string("a")}});
  const auto y = world.cell(t, "y", {{"k", world.string("a")}});
  const auto rule = world.rule("r", world.compare(world.calc(ExprOp::add, {x, y}), Relation::greater, world.number(large)));
  EXPECT_EQ(verdicts(world, rule), list({"holds"}));
}

TEST(Vector, ACellThatStandsTwiceIsOneUnknown) {
  World world;
  const auto t = world.table("t", {test::text_key("k"), test::figure("x")}, {{"a", "3"}, {"b", "4"}});
  const auto a = [&] { return world.cell(t, "x", {{"k", world.string("a")}}); };
  const auto all = world.aggregate(dsl::AggregateFunction::sum, t, world.here(t, "x"));
  const auto b = world.cell(t, "x", {{"k", world.string("b")}});
  // (a + b) − a is b exactly, not b ± 1.
  auto rule = world.rule("r", world.equal(world.calc(ExprOp::subtract, {all, a()}), b));
  EXPECT_EQ(verdicts(world, rule), list({"holds"}));
  // a / a is 1.
  rule = world.rule("r", world.equal(world.calc(ExprOp::divide, {a(), a()}), world.number("1")));
  EXPECT_EQ(verdicts(world, rule), list({"holds"}));
  // a / (a + b) < 1 for all true values.
  rule = world.rule("r", world.compare(world.calc(ExprOp::divide, {a(), all}), Relation::less, world.number("1")));
  EXPECT_EQ(verdicts(world, rule), list({"holds"}));
}

TEST(Vector, ASumFarFromItsPartsIsImplausible) {
  World world;
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 12; ++i) rows.push_back({"k" + std::to_string(i), "1"});
  const auto t = world.table("t", {test::text_key("k"), test::figure("x")}, rows);
  const auto all = [&] { return world.aggregate(dsl::AggregateFunction::sum, t, world.here(t, "x")); };
  EXPECT_EQ(verdicts(world, world.rule("r", world.equal(all(), world.number("16")))), list({"implausible"}));
  EXPECT_EQ(verdicts(world, world.rule("r", world.equal(all(), world.number("13")))), list({"rounding"}));
}

TEST(Vector, WrittenValuesAreJudgedAsPoints) {
  World world;
  const auto t = world.table("t", {test::text_key("k"), test::figure("x")}, {{"a", "3"}, {"b", "4"}});
  const auto all = world.aggregate(dsl::AggregateFunction::sum, t, world.here(t, "x"));
  const auto rule = world.rule("r", world.equal(all, world.number("8")), dsl::Strength::exactly);
  EXPECT_EQ(verdicts(world, rule), list({"violated"}));
}

TEST(Vector, ALagBeforeTheFirstLabelMakesNoInstance) {
  World world;
  const auto t = world.table("t", {test::integer_key("year"), test::figure("x")}, {{"2020", "1"}, {"2022", "3"}, {"2021", "2"}});
  const auto year = [&] { return world.label("year", dsl::ValueKind::figure); };
  const auto now = world.cell(t, "x", {{"year", year()}});
  const auto before = world.cell(t, "x", {{"year", year()}}, {}, 1);
  auto rule = world.rule("r", world.compare(now, Relation::greater_equal, before));
  rule.by = {world.dim("year")};
  rule.sources = {{t, {{0, 0}}}};
  EXPECT_EQ(verdicts(world, rule), list({"holds", "holds"}));
}

TEST(Vector, FunctionsMakeTextsThatTheRunDoesNotHave) {
  World world;
  const auto t = world.table("t", {test::text_key("k"), test::text("name")}, {{"a", "ＡＢ"}, {"b", "ab "}});
  const auto name = [&](const char* key) { return world.cell(t, "name", {{"k", world.string(key)}}); };
  const auto on_text = [&](ExprOp op, dsl::ExprId kid) { return world.op(op, dsl::ValueKind::text, {kid}); };
  const auto left = on_text(ExprOp::lower, on_text(ExprOp::nfkc, name("a")));
  const auto right = on_text(ExprOp::trim, name("b"));
  EXPECT_EQ(verdicts(world, world.rule("r", world.equal(left, right))), list({"holds"}));
}

TEST(Vector, OnlyJudgedInstancesCheckTheirFigures) {
  const Budget world({{"1", "a", "4"}, {"1", "b", "6"}, {"2", "c", "…"}, {"9", "d", "3"}});
  CheckedFigures checked(world.data);
  EXPECT_EQ(verdicts(world, world.floor, &checked), list({"holds", "unknown", "violated"}));
  EXPECT_EQ(checked.count().all, 7U);
  EXPECT_EQ(checked.count().marked, 4U);  // sections 1 and 3, measures a and b
  EXPECT_TRUE(checked.checked({world.measures, 2, 0, 0}));
  EXPECT_FALSE(checked.checked({world.measures, 2, 0, 2}));  // its instance is unknown
  EXPECT_FALSE(checked.checked({world.measures, 2, 0, 3}));  // no section 9
}

TEST(Vector, IntegersOfTheKeyAreNoFiguresToCheck) {
  World world;
  world.table("t", {test::integer_key("year"), test::integer("count"), test::figure("x")}, {{"2020", "1", ""}, {"2021", "2", "5"}});
  EXPECT_EQ(CheckedFigures(world.data).count().all, 3U);  // two counts and one figure; a blank is none
}

TEST(Vector, TuplesAreNumberedInOrderOfAppearance) {
  TupleTable tuples(2, 7);
  for (std::uint32_t round = 0; round < 2; ++round) {
    for (Code i = 0; i < 1000; ++i) {
      const Code tuple[2] = {i % 10, i};
      bool fresh = false;
      EXPECT_EQ(tuples.insert(tuple, fresh), i);
      EXPECT_EQ(fresh, round == 0);
    }
  }
  const Code absent[2] = {1, 2};
  EXPECT_EQ(tuples.find(absent), absent_row);
}

TEST(Vector, ManyTuplesAreFoundAsOneIs) {
  for (const Code step : {Code{1}, Code{7}}) {  // in order, which is looked up by halves; and not
    TupleTable tuples(2, 7);
    std::vector<Code> first, second;
    bool fresh = false;
    for (Code i = 0; i < 500; ++i) {
      const Code n = i * step % 500, tuple[2] = {n / 20, n % 20};
      (void)tuples.insert(tuple, fresh);
      first.push_back((n * 13 + 5) % 30);  // some of which are not there
      second.push_back(n * 17 % 20);
    }
    const Code* const columns[] = {first.data(), second.data()};
    std::vector<std::size_t> rows;
    for (std::size_t i = 0; i < 300; ++i) rows.push_back((i * 11 + 3) % 500);
    std::vector<std::uint32_t> found{1, 2, 3};
    std::uint32_t last = 4;
    tuples.find_all(columns, rows, last, found);
    ASSERT_EQ(found.size(), rows.size());
    std::size_t absent = 0;
    for (std::size_t k = 0; k < rows.size(); ++k) {
      const Code tuple[2] = {first[rows[k]], second[rows[k]]};
      EXPECT_EQ(found[k], tuples.find(tuple));
      absent += found[k] == absent_row ? 1 : 0;
    }
    EXPECT_GT(absent, 0U);
    EXPECT_LT(absent, rows.size());
    const auto behind = std::ranges::find_if(found.rbegin(), found.rend(), [](std::uint32_t at) { return at != absent_row; });
    EXPECT_EQ(last, *behind);
    tuples.find_all(columns, {}, last, found);
    EXPECT_TRUE(found.empty());
    EXPECT_EQ(last, *behind);
  }
}

TEST(Vector, TuplesThatFollowEachOtherAreFoundBehindTheLast) {
  TupleTable tuples(1, 7), others(1, 7);
  bool fresh = false;
  for (Code i = 0; i < 200; ++i) {
    const Code tuple[1] = {i * 7 % 200}, other[1] = {i < 150 ? tuple[0] : 1000 + i};
    (void)tuples.insert(tuple, fresh);
    (void)others.insert(other, fresh);
  }
  std::vector<std::size_t> numbers(100);
  std::iota(numbers.begin(), numbers.end(), std::size_t{100});
  std::uint32_t last = 99;
  std::vector<std::uint32_t> found;
  tuples.find_all(others, numbers, last, found);
  for (std::uint32_t k = 0; k < 100; ++k) EXPECT_EQ(found[k], k < 50 ? 100 + k : absent_row);
  EXPECT_EQ(last, 149U);
}

TEST(Vector, DistinctTuplesAreFoundInTheirColumns) {
  std::vector<Code> first, second;
  for (Code i = 0; i < 3000; ++i) first.push_back(i * 7919 % 3000), second.push_back(i % 3);
  TupleTable tuples(2, 7);
  ASSERT_TRUE(tuples.take_distinct({first.data(), second.data()}, first.size(), Watch{}));
  EXPECT_EQ(tuples.size(), 3000U);
  for (std::uint32_t i = 0; i < 3000; ++i) {
    const Code tuple[2] = {first[i], second[i]}, absent[2] = {first[i], second[i] + 3};
    EXPECT_EQ(tuples.find(tuple), i);
    EXPECT_EQ(tuples.find(absent), absent_row);
  }
  first[2999] = first[17];
  second[2999] = second[17];
  TupleTable twice(2, 7);
  EXPECT_FALSE(twice.take_distinct({first.data(), second.data()}, first.size(), Watch{}));
  EXPECT_EQ(twice.size(), 0U);
  bool fresh = false;
  const Code tuple[2] = {5, 6};
  EXPECT_EQ(twice.insert(tuple, fresh), 0U);
  EXPECT_TRUE(fresh);
}

TEST(Vector, DistinctTuplesAreLeftWhereTheRunIsToEnd) {
  const std::vector<Code> column{3, 1, 2};
  const std::atomic<bool> stop = true;
  TupleTable tuples(1, 7);
  EXPECT_THROW((void)tuples.take_distinct({column.data()}, column.size(), Watch{{}, &stop}), Stopped);
}

TEST(Vector, TuplesThatAscendAreFoundInTheirColumns) {
  std::vector<Code> first, second;
  for (Code i = 0; i < 300; ++i) first.push_back(10 + i / 7), second.push_back(20 + i % 7 * 2);
  TupleTable tuples(2, 7);
  tuples.take_ascending({first.data(), second.data()}, first.size());
  EXPECT_EQ(tuples.size(), 300U);
  for (Code i = 0; i < 300; ++i) {
    const Code tuple[2] = {first[i], second[i]}, absent[2] = {first[i], second[i] + 1};
    EXPECT_EQ(tuples.find(tuple), i);
    EXPECT_EQ(tuples.find(absent), absent_row);
  }
  std::vector<Code> other(first.begin() + 40, first.end()), beside(second.begin() + 40, second.end());
  const Code* const columns[] = {other.data(), beside.data()};
  EXPECT_TRUE(tuples.has_run(50, columns, 10, 128));
  EXPECT_TRUE(tuples.has_run(172, columns, 132, 128));
  EXPECT_FALSE(tuples.has_run(173, columns, 133, 128));  // beyond the last
  EXPECT_FALSE(tuples.has_run(50, columns, 11, 128));
  ++beside[100];
  EXPECT_FALSE(tuples.has_run(50, columns, 10, 128));
}

}  // namespace
}  // namespace kenzan::engine
