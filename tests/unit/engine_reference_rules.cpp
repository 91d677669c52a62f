// The reference evaluator: aggregates, hierarchies, instances, and what makes an instance.
#include <gtest/gtest.h>

#include "engine/indexes.hpp"
#include "tests/support/program_builder.hpp"

namespace kenzan::test {
namespace {

using dsl::AggregateFunction;
using dsl::ExprId;
using dsl::ExprOp;

/// Measures of two ministries; one amount is withheld, one ministry is not given by a flag that is blank.
struct Measures : World {
  dsl::TableId t = table("t", {text_key("k"), text("府省"), figure("v"), flag("本体"), date("d")},
                         {{"a", "防衛省", "1.0", "true", "2027-01-01"},
                          {"b", "防衛省", "2.0", "true", "2027-01-02"},
                          {"c", "総務省", "4.0", "", "2027-01-03"}});

  ExprId v() { return here(t, "v"); }
  ExprId ministry(const char* name) { return equal(here(t, "府省"), string(name)); }
  ExprId main() { return here(t, "本体"); }
  ExprId fold(AggregateFunction f, ExprId element, ExprId where = {}) { return aggregate(f, t, element, where); }

  Interval range(ExprId value) { return range_of(judge(equal(value, number("12345"))).comparison->left->form); }
  Verdict equals(ExprId value, const char* digits) { return judge(equal(value, number(digits))).verdict; }
  Verdict verdict(ExprId condition) { return judge(condition).verdict; }
};

Interval between(const char* low, const char* high) {
  return {Bound{*parse_rational(low), true, false}, Bound{*parse_rational(high), true, false}};
}

TEST(ReferenceAggregates, Sum) {
  Measures w;
  EXPECT_EQ(w.range(w.fold(AggregateFunction::sum, w.v())), between("6.85", "7.15"));
  EXPECT_EQ(w.range(w.fold(AggregateFunction::sum, w.v(), w.ministry("防衛省"))), between("2.9", "3.1"));
  EXPECT_EQ(w.range(w.fold(AggregateFunction::sum, w.v(), w.ministry("外務省"))), Interval::point(0));
  // c may count or not: its flag is not given.
  EXPECT_EQ(w.range(w.fold(AggregateFunction::sum, w.v(), w.main())), between("2.9", "7.15"));
  EXPECT_EQ(w.equals(w.fold(AggregateFunction::sum, w.v(), w.main()), "3"), Verdict::unknown);
  EXPECT_EQ(w.equals(w.fold(AggregateFunction::sum, w.v(), w.main()), "8"), Verdict::violated);
}

TEST(ReferenceAggregates, ARowWhoseWhereTurnsOnRoundingMayCount) {
  Measures w;
  const ExprId below = w.compare(w.v(), Relation::less, w.number("2.01"));
  const ExprId sum = w.fold(AggregateFunction::sum, w.v(), below);
  EXPECT_EQ(w.range(sum), between("0.95", "3.1"));
  EXPECT_EQ(w.equals(sum, "3"), Verdict::holds);  // as written, b counts
  EXPECT_EQ(w.equals(sum, "1"), Verdict::rounding);
}

TEST(ReferenceAggregates, Count) {
  Measures w;
  EXPECT_EQ(w.equals(w.fold(AggregateFunction::count, w.v()), "3"), Verdict::holds);
  EXPECT_EQ(w.equals(w.fold(AggregateFunction::count, w.here(w.t, "府省")), "3"), Verdict::holds);
  EXPECT_EQ(w.equals(w.fold(AggregateFunction::count, w.main()), "2"), Verdict::holds);
  EXPECT_EQ(w.equals(w.fold(AggregateFunction::count_distinct, w.here(w.t, "府省")), "2"), Verdict::holds);
  EXPECT_EQ(w.range(w.fold(AggregateFunction::count, w.v(), w.main())), between("2", "3"));
  EXPECT_EQ(w.range(w.fold(AggregateFunction::count_distinct, w.here(w.t, "府省"), w.main())), between("1", "2"));
  EXPECT_EQ(w.equals(w.fold(AggregateFunction::count, w.v(), w.truth(false)), "0"), Verdict::holds);
}

TEST(ReferenceAggregates, CountSkipsWhatIsNotGiven) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v"), text("s")},
                                 {{"a", "1", "x"}, {"b", "-", ""}, {"c", "…", "X"}, {"d", "x", "y"}, {"e", "", "Ｘ"}});
  EXPECT_EQ(w.judge(w.equal(w.aggregate(AggregateFunction::count, t, w.here(t, "v")), w.number("2"))).verdict, Verdict::holds);
  EXPECT_EQ(w.judge(w.equal(w.aggregate(AggregateFunction::count, t, w.here(t, "s")), w.number("4"))).verdict, Verdict::holds);
  // Distinct when folded: x, X and Ｘ (folding keeps the case), y.
  EXPECT_EQ(w.judge(w.equal(w.aggregate(AggregateFunction::count_distinct, t, w.here(t, "s")), w.number("3"))).verdict,
            Verdict::holds);
}

TEST(ReferenceAggregates, MinMaxMean) {
  Measures w;
  EXPECT_EQ(w.range(w.fold(AggregateFunction::min, w.v())), between("0.95", "1.05"));
  EXPECT_EQ(w.range(w.fold(AggregateFunction::max, w.v())), between("3.95", "4.05"));
  EXPECT_EQ(w.range(w.fold(AggregateFunction::mean, w.v(), w.ministry("防衛省"))), between("1.45", "1.55"));
  // c may count or not.
  EXPECT_EQ(w.range(w.fold(AggregateFunction::max, w.v(), w.main())), between("1.95", "4.05"));
  EXPECT_EQ(w.range(w.fold(AggregateFunction::min, w.v(), w.main())), between("0.95", "1.05"));
  EXPECT_EQ(w.range(w.fold(AggregateFunction::mean, w.v(), w.main())), between("0.95", "4.05"));
  for (const AggregateFunction f : {AggregateFunction::min, AggregateFunction::max, AggregateFunction::mean}) {
    EXPECT_EQ(w.equals(w.fold(f, w.v(), w.ministry("外務省")), "1"), Verdict::unmatched);
    EXPECT_EQ(w.equals(w.fold(f, w.v(), w.test(ExprOp::and_, {w.ministry("総務省"), w.main()})), "4"), Verdict::unknown);
  }
}

TEST(ReferenceAggregates, OneElementIsItself) {
  Measures w;
  const ExprId only = w.fold(AggregateFunction::max, w.v(), w.ministry("総務省"));
  const ExprId cell = w.cell(w.t, "v", {{"k", w.string("c")}});
  EXPECT_EQ(w.verdict(w.equal(w.calc(ExprOp::subtract, {only, cell}), w.number("0"))), Verdict::holds);
  const engine::Judgement j = w.judge(w.equal(only, cell));
  EXPECT_TRUE(j.comparison->left->linear);
}

TEST(ReferenceAggregates, AnyAndAll) {
  Measures w;
  const auto above = [&](const char* limit) { return w.compare(w.v(), Relation::greater, w.number(limit)); };
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::any, above("3"))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::any, above("5"))), Verdict::violated);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::all, above("0"))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::all, above("1.5"))), Verdict::violated);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::any, above("3"), w.main())), Verdict::unknown);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::all, above("0"), w.main())), Verdict::holds);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::any, above("0"), w.ministry("外務省"))), Verdict::violated);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::all, above("9"), w.ministry("外務省"))), Verdict::holds);
  // The first row that decides is the evidence.
  const ExprId each = above("1.5");
  const engine::Judgement j = w.judge(w.fold(AggregateFunction::all, each));
  EXPECT_EQ(j.comparison->expr, each);
  ASSERT_EQ(j.comparison->left_cells.size(), 1U);
  EXPECT_EQ(j.comparison->left_cells[0].row, 0U);
}

TEST(ReferenceAggregates, Sorted) {
  Measures w;
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::sorted_ascending, w.v())), Verdict::holds);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::sorted_descending, w.v())), Verdict::violated);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::sorted_ascending, w.here(w.t, "d"))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::sorted_descending, w.here(w.t, "k"))), Verdict::violated);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::sorted_ascending, w.v(), w.main())), Verdict::unknown);
  EXPECT_EQ(w.verdict(w.fold(AggregateFunction::sorted_descending, w.v(), w.main())), Verdict::violated);
  const engine::Judgement j = w.judge(w.fold(AggregateFunction::sorted_descending, w.v()));
  ASSERT_EQ(j.comparison->left_cells.size(), 1U);
  EXPECT_EQ(j.comparison->left_cells[0].row, 0U);
  EXPECT_EQ(j.comparison->right_cells[0].row, 1U);
}

TEST(ReferenceAggregates, SortedWithinRounding) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v")}, {{"a", "1.1"}, {"b", "1.0"}, {"c", "0.9"}, {"d", "…"}});
  const ExprId first_two = w.compare(w.here(t, "k"), Relation::less, w.string("c"));
  const ExprId first_three = w.compare(w.here(t, "k"), Relation::less, w.string("d"));
  const auto sorted = [&](ExprId where) {
    return w.judge(w.aggregate(AggregateFunction::sorted_ascending, t, w.here(t, "v"), where)).verdict;
  };
  EXPECT_EQ(sorted(first_two), Verdict::rounding);    // 1.05 and 1.05
  EXPECT_EQ(sorted(first_three), Verdict::violated);  // 1.05 is above 0.95
  EXPECT_EQ(sorted(w.compare(w.here(t, "k"), Relation::greater, w.string("b"))), Verdict::unknown);
}

TEST(ReferenceAggregates, SortedAsWrittenLooksAtNeighbours) {
  World w;
  // 2 reaches less far down than 1.9 does; written, 1.95 still stands wrongly behind it.
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v")}, {{"a", "1.9"}, {"b", "2"}, {"c", "1.95"}});
  EXPECT_EQ(w.judge(w.aggregate(AggregateFunction::sorted_ascending, t, w.here(t, "v"))).verdict, Verdict::rounding);
}

TEST(ReferenceAggregates, ASingleElementIsSorted) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v"), date("d")}, {{"a", "…", ""}, {"b", "1", "2027-01-01"}});
  const auto sorted = [&](const char* column, const char* up_to) {
    const ExprId where = w.compare(w.here(t, "k"), Relation::less_equal, w.string(up_to));
    return w.judge(w.aggregate(AggregateFunction::sorted_ascending, t, w.here(t, column), where)).verdict;
  };
  for (const char* column : {"v", "d"}) {
    EXPECT_EQ(sorted(column, "a"), Verdict::holds) << column;
    EXPECT_EQ(sorted(column, "b"), Verdict::unknown) << column;
  }
}

TEST(ReferenceAggregates, AMissingLookUpInAnElement) {
  World w;
  const dsl::TableId a = w.table("a", {text_key("k"), figure("v")}, {{"x", "1.0"}, {"y", "2.0"}});
  const dsl::TableId b = w.table("b", {text_key("k"), figure("v")}, {{"x", "1.0"}});
  const ExprId product = w.calc(ExprOp::add, {w.here(a, "v"), w.cell(b, "v", {{"k", w.here(a, "k")}})});
  const engine::Judgement j = w.judge(w.equal(w.aggregate(AggregateFunction::sum, a, product), w.number("4")));
  EXPECT_EQ(j.verdict, Verdict::unmatched);
  ASSERT_EQ(j.comparison->missed.size(), 1U);
  EXPECT_EQ(j.comparison->missed[0].table, b);
  EXPECT_EQ(j.comparison->missed[0].labels[0].second, "y");
}

/// Totals by section and period, with the sections' measures.
struct Periods : World {
  dsl::TableId totals = table("totals", {text_key("section"), figure_across("amount", "億円", "period", {"R5", "R6"})},
                              {{"1", "3.0", "4.0"}, {"2", "5.0", "6.0"}});
  dsl::TableId measures =
      table("measures", {text("section"), text_key("measure"), figure_across("amount", "億円", "period", {"R5", "R6"})},
            {{"1", "a", "1.0", "1.0"}, {"1", "b", "2.0", "3.0"}, {"2", "c", "5.0", "6.0"}, {"３", "d", "9.0", "9.0"}});

  ExprId total(std::uint32_t lag = 0) { return cell(totals, "amount", {{"section", label("section")}}, label("period"), lag); }
  ExprId parts() {
    dsl::Access access;
    access.table = measures;
    access.column = 2;
    access.current_row = true;
    dsl::Aggregate sum;
    sum.table = measures;
    sum.element = cell(std::move(access));
    sum.rows = {binding(measures, {"section", label("section")})};
    sum.across_label = dsl::Binding{0, label("period"), 0};
    sum.across_column = 2;
    return aggregate(std::move(sum));
  }
  dsl::Rule by_section_and_period(ExprId require) {
    dsl::Rule out = rule("floor", require);
    out.by = {dim("section"), dim("period")};
    out.sources = {{totals, {{0U, 0}, {std::nullopt, 1}}}, {measures, {{0U, 0}, {std::nullopt, 2}}}};
    return out;
  }
  std::vector<std::string> names(const std::vector<engine::Instance>& instances) {
    std::vector<std::string> out;
    for (const engine::Instance& i : instances) {
      out.emplace_back();
      for (const engine::Code code : i.spellings) out.back() += std::string(data.texts.text(code)) + " ";
    }
    return out;
  }
};

TEST(ReferenceRules, InstancesAreTheUnionOfTheSources) {
  Periods w;
  const dsl::Rule rule = w.by_section_and_period(w.equal(w.total(), w.parts()));
  EXPECT_EQ(w.names(engine::reference_instances(w.data, rule)),
            (std::vector<std::string>{"1 R5 ", "1 R6 ", "2 R5 ", "2 R6 ", "３ R5 ", "３ R6 "}));
  EXPECT_EQ(engine::reference_instances(w.data, w.rule("r", w.truth(true))).size(), 1U);
}

TEST(ReferenceRules, ARowWithABlankLabelBelongsToNoInstance) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), text("g")}, {{"a", "x"}, {"b", ""}, {"c", "Ｘ"}, {"d", "X"}});
  dsl::Rule rule = w.rule("r", w.truth(true));
  rule.by = {w.dim("g")};
  rule.sources = {{t, {{1U, 0}}}};
  const auto instances = engine::reference_instances(w.data, rule);
  ASSERT_EQ(instances.size(), 2U);
  EXPECT_EQ(w.data.texts.text(instances[1].spellings[0]), "Ｘ");
  EXPECT_EQ(w.data.texts.text(instances[1].labels[0]), "X");
}

TEST(ReferenceRules, ATotalForEachSectionAndPeriod) {
  Periods w;
  const dsl::Rule rule = w.by_section_and_period(w.equal(w.total(), w.parts()));
  std::vector<Verdict> verdicts;
  for (const engine::Instance& i : engine::reference_instances(w.data, rule)) {
    verdicts.push_back(engine::judge(w.data, rule, i, 6).verdict);
  }
  EXPECT_EQ(verdicts, (std::vector<Verdict>{Verdict::holds, Verdict::holds, Verdict::holds, Verdict::holds, Verdict::unmatched,
                                            Verdict::unmatched}));
  engine::RowIndex index(w.data);
  for (const engine::Instance& i : engine::reference_instances(w.data, rule)) {
    EXPECT_EQ(engine::judge(w.data, rule, i, 6, &index).verdict, engine::judge(w.data, rule, i, 6).verdict);
  }
}

TEST(ReferenceRules, AnAggregateOverAllLabels) {
  Periods w;
  dsl::Access access;
  access.table = w.totals;
  access.column = 1;
  access.current_row = true;
  dsl::Aggregate sum;
  sum.table = w.totals;
  sum.element = w.cell(std::move(access));
  sum.across = w.dim("period");
  sum.across_column = 1;
  EXPECT_EQ(w.judge(w.equal(w.aggregate(std::move(sum)), w.number("18", "億円"))).verdict, Verdict::holds);
}

TEST(ReferenceRules, LagTakesTheLabelBefore) {
  Periods w;
  const dsl::Rule rule = w.by_section_and_period(w.compare(w.total(), Relation::greater, w.total(1)));
  const auto instances = engine::reference_instances(w.data, rule);
  EXPECT_FALSE(engine::judge(w.data, rule, instances[0], 1).made);  // R5 has none before it
  const engine::Judgement j = engine::judge(w.data, rule, instances[1], 1);
  EXPECT_TRUE(j.made);
  EXPECT_EQ(j.verdict, Verdict::holds);
  EXPECT_EQ(j.comparison->right_cells[0].part, 0U);
}

TEST(ReferenceRules, LagOverNumbersTakesTheNextSmaller) {
  World w;
  const dsl::TableId t = w.table("t", {integer_key("年"), figure("v")}, {{"2024", "4.0"}, {"2010", "1.0"}, {"2022", "2.0"}});
  const auto year = [&] { return w.label("年", dsl::ValueKind::figure); };
  const ExprId now = w.cell(t, "v", {{"年", year()}}), before = w.cell(t, "v", {{"年", year()}}, {}, 1);
  dsl::Rule rule = w.rule("r", w.equal(w.calc(ExprOp::subtract, {now, before}), w.number("2")));
  rule.by = {w.dim("年")};
  rule.sources = {{t, {{0U, 0}}}};
  const auto instances = engine::reference_instances(w.data, rule);
  EXPECT_EQ(engine::judge(w.data, rule, instances[0], 1).verdict, Verdict::holds);
  EXPECT_FALSE(engine::judge(w.data, rule, instances[1], 1).made);
  EXPECT_EQ(engine::judge(w.data, rule, instances[2], 1).verdict, Verdict::violated);
}

TEST(ReferenceRules, WhenRulesInstancesOut) {
  Periods w;
  dsl::Rule rule = w.by_section_and_period(w.truth(false));
  const engine::Instance first = engine::reference_instances(w.data, rule)[0];
  const auto admit = [&](ExprId when) {
    rule.when = when;
    return engine::judge(w.data, rule, first, 1);
  };
  EXPECT_TRUE(admit(w.truth(true)).made);
  EXPECT_FALSE(admit(w.truth(false)).made);
  const ExprId missing = w.cell(w.totals, "amount", {{"section", w.string("9")}}, w.label("period"));
  EXPECT_FALSE(admit(w.equal(missing, w.number("1"))).made);
  // Undetermined by rounding: judged as `when implies require`.
  const engine::Judgement open = admit(w.compare(w.total(), Relation::greater, w.number("3.01", "億円")));
  EXPECT_EQ(open.verdict, Verdict::holds);
  EXPECT_EQ(open.when_cells.size(), 1U);
}

TEST(ReferenceRules, AnUnknownWhenIsAnUnknownVerdict) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v")}, {{"a", "…"}});
  dsl::Rule rule = w.rule("r", w.truth(false));
  rule.when = w.equal(w.cell(t, "v", {{"k", w.string("a")}}), w.number("1"));
  const engine::Judgement j = engine::judge(w.data, rule, {}, 1);
  EXPECT_EQ(j.verdict, Verdict::unknown);
  EXPECT_FALSE(j.comparison.has_value());
}

/// 合計 = 港湾 + 海岸 - 控除, of which 海岸 has no row.
struct Tree : World {
  dsl::TableId t;
  explicit Tree(bool with_missing = false)
      : t(table("t", {text_key("item"), figure("v")}, {{"合計", "5.0"}, {"港湾", "4.0"}, {"海岸", "2.0"}, {"控除", "1.0"}})) {
    dsl::Hierarchy declared;
    declared.dim = dim("item");
    program.tables[0].hierarchies = {declared};
    engine::Hierarchy tree;
    tree.children.resize(4);
    tree.children[0] = {{1, false, "港湾"}, {2, false, "海岸"}, {3, true, "控除"}};
    if (with_missing) tree.children[0].push_back({engine::Child::none, false, "空港"});
    data.hierarchies[0] = {tree};
  }
  dsl::AggregateId children_of(AggregateFunction function, ExprId element, const char* node) {
    dsl::Aggregate out;
    out.function = function;
    out.table = t;
    out.element = element;
    out.hierarchy = 0;
    out.node = binding(t, {"item", string(node)});
    const ExprId id = aggregate(std::move(out));
    return program[id].aggregate;
  }
  ExprId of(dsl::AggregateId id) {
    return dsl::ExprId(
        static_cast<std::size_t>(std::ranges::find(program.exprs, id, &dsl::Expr::aggregate) - program.exprs.begin()));
  }
};

TEST(ReferenceRules, ChildrenAddUpWithTheirSigns) {
  Tree w;
  const ExprId sum = w.of(w.children_of(AggregateFunction::sum, w.here(w.t, "v"), "合計"));
  const ExprId total = w.cell(w.t, "v", {{"item", w.string("合計")}});
  EXPECT_EQ(w.judge(w.equal(total, sum)).verdict, Verdict::holds);
  const ExprId most = w.of(w.children_of(AggregateFunction::max, w.here(w.t, "v"), "合計"));
  EXPECT_EQ(w.judge(w.equal(most, w.number("4"))).verdict, Verdict::holds);
  const ExprId of_none = w.of(w.children_of(AggregateFunction::sum, w.here(w.t, "v"), "小計"));
  EXPECT_EQ(w.judge(w.equal(of_none, w.number("4"))).verdict, Verdict::unmatched);
}

TEST(ReferenceRules, AStatedPartWithoutARowIsUnmatched) {
  Tree w(true);
  const ExprId sum = w.of(w.children_of(AggregateFunction::sum, w.here(w.t, "v"), "合計"));
  const engine::Judgement j = w.judge(w.equal(w.cell(w.t, "v", {{"item", w.string("合計")}}), sum));
  EXPECT_EQ(j.verdict, Verdict::unmatched);
  ASSERT_EQ(j.comparison->missed.size(), 1U);
  EXPECT_EQ(j.comparison->missed[0].labels[0].second, "空港");
  EXPECT_TRUE(j.comparison->missed[0].right);
  const ExprId count = w.of(w.children_of(AggregateFunction::count, w.here(w.t, "v"), "合計"));
  EXPECT_EQ(w.judge(w.equal(count, w.number("3"))).verdict, Verdict::holds);
}

TEST(ReferenceRules, LeavesMakeNoInstance) {
  Tree w;
  for (const auto& [node, made] : {std::pair("合計", true), std::pair("港湾", false), std::pair("小計", false)}) {
    dsl::Rule rule = w.rule("r", w.truth(true));
    rule.children = {w.children_of(AggregateFunction::sum, w.here(w.t, "v"), node)};
    EXPECT_EQ(engine::judge(w.data, rule, {}, 1).made, made) << node;
  }
}

}  // namespace
}  // namespace kenzan::test
