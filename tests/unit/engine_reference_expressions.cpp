// The reference evaluator: every operator, on tables of a few cells.
#include <gtest/gtest.h>

#include "tests/support/program_builder.hpp"

namespace kenzan::test {
namespace {

using dsl::ExprId;
using dsl::ExprOp;
using dsl::MarkTest;

/// A table of one figure per name, in no unit, and of other cells.
struct Cells : World {
  dsl::TableId t = table("t", {text_key("k"), figure("v"), text("s"), date("d"), flag("f"), integer("n")},
                         {{"a", "1.0", "A1", "2027-03-31", "true", "3"},
                          {"b", "2.0", "Ａ１", "2027-04-01", "false", "4"},
                          {"nil", "-", "", "", "", "5"},
                          {"unknown", "…", "東京都", "", "", "6"},
                          {"withheld", "x", "x", "", "", "7"},
                          {"blank", "", "", "", "", ""},
                          {"zero", "0.0", "", "", "", "0"},
                          {"exact", "9", "", "", "", "9"}});

  ExprId v(const std::string& key) { return cell(t, "v", {{"k", string(key)}}); }
  ExprId s(const std::string& key) { return cell(t, "s", {{"k", string(key)}}); }
  ExprId d(const std::string& key) { return cell(t, "d", {{"k", string(key)}}); }
  ExprId f(const std::string& key) { return cell(t, "f", {{"k", string(key)}}); }
  ExprId n(const std::string& key) { return cell(t, "n", {{"k", string(key)}}); }

  /// Whether `value` is just between these, for all that is known: its range.
  std::string range(ExprId value) {
    const engine::Judgement j = judge(equal(value, number("12345")));
    const Interval r = range_of(j.comparison->left->form);
    const auto end = [](const Bound& b) { return b.infinite ? std::string("inf") : exact_text(b.value); };
    return (r.low.closed && !r.low.infinite ? "[" : "(") + end(r.low) + ", " + end(r.high) +
           (r.high.closed && !r.high.infinite ? "]" : ")");
  }
  std::string written(ExprId value) {
    const engine::Judgement j = judge(equal(value, number("12345")));
    return j.comparison->left->has_written && !j.comparison->left->absent() ? exact_text(j.comparison->left->written) : "none";
  }
  Verdict verdict(ExprId condition, dsl::Strength strength = dsl::Strength::possible) { return judge(condition, strength).verdict; }
};

TEST(Reference, CellsAreIntervals) {
  Cells w;
  EXPECT_EQ(w.range(w.v("a")), "[0.95, 1.05]");
  EXPECT_EQ(w.range(w.v("nil")), "[0, 0]");
  EXPECT_EQ(w.range(w.v("unknown")), "(inf, inf)");
  EXPECT_EQ(w.range(w.v("withheld")), "[0, inf)");
  EXPECT_EQ(w.range(w.v("blank")), "(inf, inf)");
  EXPECT_EQ(w.range(w.n("a")), "[3, 3]");
  EXPECT_EQ(w.range(w.v("no such key")), "(inf, inf)");
}

TEST(Reference, ArithmeticIsExact) {
  Cells w;
  EXPECT_EQ(w.range(w.calc(ExprOp::negate, {w.v("a")})), "[-1.05, -0.95]");
  EXPECT_EQ(w.range(w.calc(ExprOp::add, {w.v("a"), w.v("b")})), "[2.9, 3.1]");
  EXPECT_EQ(w.range(w.calc(ExprOp::subtract, {w.v("b"), w.v("a")})), "[0.9, 1.1]");
  EXPECT_EQ(w.range(w.calc(ExprOp::multiply, {w.v("a"), w.v("b")})), "[1.8525, 2.1525]");
  EXPECT_EQ(w.range(w.calc(ExprOp::multiply, {w.number("-3"), w.v("a")})), "[-3.15, -2.85]");
  EXPECT_EQ(w.range(w.calc(ExprOp::divide, {w.v("b"), w.number("4")})), "[0.4875, 0.5125]");
  EXPECT_EQ(w.range(w.calc(ExprOp::divide, {w.n("a"), w.n("exact")})), "[1/3, 1/3]");
  EXPECT_EQ(w.range(w.calc(ExprOp::absolute, {w.calc(ExprOp::negate, {w.v("a")})})), "[0.95, 1.05]");
  EXPECT_EQ(w.range(w.round(w.v("a"), "1")), "[1, 1]");
  EXPECT_EQ(w.range(w.calc(ExprOp::length, {w.s("unknown")})), "[3, 3]");
  EXPECT_EQ(w.written(w.calc(ExprOp::multiply, {w.v("a"), w.v("b")})), "2");
}

TEST(Reference, ACellThatOccursTwiceIsOneUnknown) {
  Cells w;
  EXPECT_EQ(w.range(w.calc(ExprOp::subtract, {w.v("a"), w.v("a")})), "[0, 0]");
  EXPECT_EQ(w.verdict(w.equal(w.v("unknown"), w.v("unknown"))), Verdict::holds);
  // a + b = a - b holds only where b = 0: a is the same on both sides.
  EXPECT_EQ(w.verdict(w.equal(w.calc(ExprOp::add, {w.v("a"), w.v("b")}), w.calc(ExprOp::subtract, {w.v("a"), w.v("b")}))),
            Verdict::violated);
  // a / (a + b): numerator and denominator move together.
  const ExprId share = w.calc(ExprOp::divide, {w.v("a"), w.calc(ExprOp::add, {w.v("a"), w.v("b")})});
  EXPECT_EQ(w.range(share), "[19/60, 0.35]");
  // Two cells that are not there are two.
  EXPECT_EQ(w.verdict(w.equal(w.v("none"), w.v("none"))), Verdict::unmatched);
}

TEST(Reference, DivisionByZero) {
  Cells w;
  const ExprId by_nil = w.calc(ExprOp::divide, {w.v("a"), w.v("nil")});
  EXPECT_EQ(w.verdict(w.equal(by_nil, w.number("1"))), Verdict::unknown);
  const ExprId by_zero = w.calc(ExprOp::divide, {w.v("a"), w.v("zero")});
  EXPECT_EQ(w.range(by_zero), "(inf, inf)");
  EXPECT_EQ(w.written(by_zero), "none");
  EXPECT_EQ(w.verdict(w.equal(by_zero, w.number("1"))), Verdict::rounding);
  EXPECT_EQ(w.verdict(w.equal(w.calc(ExprOp::divide, {w.v("a"), w.number("0")}), w.number("1"))), Verdict::unknown);
}

TEST(Reference, AboutConstantsAreIntervals) {
  Cells w;
  EXPECT_EQ(w.verdict(w.equal(w.v("a"), w.number("1", "", true))), Verdict::holds);
  EXPECT_EQ(w.range(w.calc(ExprOp::multiply, {w.number("7", "割", true), w.number("1")})), "[0.65, 0.75]");
  const ExprId about = w.number("1", "", true);
  EXPECT_EQ(w.range(w.calc(ExprOp::subtract, {about, about})), "[0, 0]");
}

TEST(Reference, ElseTakesTheRightWhereTheLeftIsMissingOrUnknown) {
  Cells w;
  const auto or_nine = [&](const char* key) { return w.calc(ExprOp::else_, {w.v(key), w.number("9")}); };
  EXPECT_EQ(w.range(or_nine("a")), "[0.95, 1.05]");
  EXPECT_EQ(w.range(or_nine("unknown")), "[9, 9]");
  EXPECT_EQ(w.range(or_nine("blank")), "[9, 9]");
  EXPECT_EQ(w.range(or_nine("no such key")), "[9, 9]");
  EXPECT_EQ(w.range(or_nine("withheld")), "[0, inf)");
  EXPECT_EQ(w.verdict(w.equal(or_nine("no such key"), w.number("9"))), Verdict::holds);
  const ExprId text = w.op(ExprOp::else_, dsl::ValueKind::text, {w.s("no such key"), w.string("A1")});
  EXPECT_EQ(w.verdict(w.equal(text, w.s("a"))), Verdict::holds);
  const ExprId truth = w.op(ExprOp::else_, dsl::ValueKind::truth, {w.f("blank"), w.truth(true)});
  EXPECT_EQ(w.verdict(truth), Verdict::holds);
}

TEST(Reference, Comparisons) {
  Cells w;
  const auto verdict = [&](Relation relation, const char* right) {
    return w.verdict(w.compare(w.v("a"), relation, w.number(right)));
  };
  EXPECT_EQ(verdict(Relation::equal, "1"), Verdict::holds);
  EXPECT_EQ(verdict(Relation::equal, "1.05"), Verdict::rounding);
  EXPECT_EQ(verdict(Relation::equal, "1.06"), Verdict::violated);
  EXPECT_EQ(verdict(Relation::not_equal, "1"), Verdict::rounding);
  EXPECT_EQ(verdict(Relation::not_equal, "2"), Verdict::holds);
  EXPECT_EQ(verdict(Relation::less, "0.95"), Verdict::violated);
  EXPECT_EQ(verdict(Relation::less_equal, "0.95"), Verdict::rounding);
  EXPECT_EQ(verdict(Relation::greater, "1.05"), Verdict::violated);
  EXPECT_EQ(verdict(Relation::greater_equal, "1.05"), Verdict::rounding);
  EXPECT_EQ(verdict(Relation::greater_equal, "1.06"), Verdict::violated);
}

TEST(Reference, AbsentCells) {
  Cells w;
  EXPECT_EQ(w.verdict(w.equal(w.v("unknown"), w.number("1"))), Verdict::unknown);
  EXPECT_EQ(w.verdict(w.equal(w.v("blank"), w.number("1"))), Verdict::unknown);
  EXPECT_EQ(w.verdict(w.equal(w.v("withheld"), w.number("1"))), Verdict::unknown);
  EXPECT_EQ(w.verdict(w.equal(w.v("withheld"), w.number("-1"))), Verdict::violated);
  EXPECT_EQ(w.verdict(w.compare(w.v("withheld"), Relation::greater_equal, w.number("0"))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.equal(w.v("no such key"), w.number("1"))), Verdict::unmatched);
  EXPECT_EQ(w.verdict(w.equal(w.s("no such key"), w.string("x"))), Verdict::unmatched);
  EXPECT_EQ(w.verdict(w.equal(w.d("blank"), w.d("a"))), Verdict::unknown);
  EXPECT_EQ(w.verdict(w.f("blank")), Verdict::unknown);
  EXPECT_EQ(w.verdict(w.f("no such key")), Verdict::unmatched);
}

TEST(Reference, TheFiguresOfADuplicatedKeyAreUnknown) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v")}, {{"a", "1.0"}, {"a", "1.0"}});
  for (const std::uint32_t row : {0U, 1U}) w.data.tables[0].columns[1].parts[0].figures.exclude(row);
  const ExprId cell = w.cell(t, "v", {{"k", w.string("a")}});
  EXPECT_EQ(w.judge(w.equal(cell, w.number("1"))).verdict, Verdict::unknown);
  EXPECT_EQ(w.judge(w.is(cell, MarkTest::unknown)).verdict, Verdict::holds);
  EXPECT_EQ(w.judge(w.is(cell, MarkTest::number)).verdict, Verdict::violated);
}

TEST(Reference, ExactlyAndSurely) {
  Cells w;
  const ExprId double_a = w.calc(ExprOp::add, {w.v("a"), w.v("a")});
  EXPECT_EQ(w.verdict(w.equal(double_a, w.v("b")), dsl::Strength::exactly), Verdict::holds);
  EXPECT_EQ(w.verdict(w.equal(w.v("a"), w.number("1.05")), dsl::Strength::exactly), Verdict::violated);
  EXPECT_EQ(w.verdict(w.equal(w.v("a"), w.number("1", "", true)), dsl::Strength::exactly), Verdict::holds);
  EXPECT_EQ(w.verdict(w.equal(w.v("unknown"), w.number("1")), dsl::Strength::exactly), Verdict::unknown);
  EXPECT_EQ(w.verdict(w.equal(w.v("none"), w.number("1")), dsl::Strength::exactly), Verdict::unmatched);
  EXPECT_EQ(w.verdict(w.compare(w.v("a"), Relation::less, w.v("b")), dsl::Strength::surely), Verdict::holds);
  EXPECT_EQ(w.verdict(w.equal(w.v("a"), w.number("1")), dsl::Strength::surely), Verdict::violated);
  EXPECT_EQ(w.verdict(w.compare(w.v("unknown"), Relation::less, w.v("b")), dsl::Strength::surely), Verdict::violated);
}

TEST(Reference, Texts) {
  Cells w;
  EXPECT_EQ(w.verdict(w.equal(w.s("a"), w.string("A1"))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.equal(w.s("a"), w.s("b"))), Verdict::violated);
  EXPECT_EQ(w.verdict(w.test(ExprOp::same, {w.s("a"), w.s("b")})), Verdict::holds);
  EXPECT_EQ(w.verdict(w.compare(w.s("a"), Relation::less, w.s("b"))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.equal(w.s("blank"), w.string(""))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.equal(w.op(ExprOp::nfkc, dsl::ValueKind::text, {w.s("b")}), w.string("A1"))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.equal(w.op(ExprOp::lower, dsl::ValueKind::text, {w.s("a")}), w.string("a1"))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.equal(w.op(ExprOp::trim, dsl::ValueKind::text, {w.string(" A1　")}), w.s("a"))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.test(ExprOp::contains, {w.s("unknown"), w.string("京")})), Verdict::holds);
  EXPECT_EQ(w.verdict(w.test(ExprOp::starts, {w.s("unknown"), w.string("京")})), Verdict::violated);
  EXPECT_EQ(w.verdict(w.test(ExprOp::ends, {w.s("unknown"), w.string("都")})), Verdict::holds);
  EXPECT_EQ(w.verdict(w.matches(w.s("unknown"), "^.京")), Verdict::holds);
  EXPECT_EQ(w.verdict(w.matches(w.s("unknown"), "^京")), Verdict::violated);
  EXPECT_EQ(w.verdict(w.matches(w.s("none"), "a")), Verdict::unmatched);
  EXPECT_EQ(w.verdict(w.compare(w.d("a"), Relation::less, w.d("b"))), Verdict::holds);
  EXPECT_EQ(w.verdict(w.equal(w.d("a"), w.string("2027-03-31", dsl::ValueKind::date))), Verdict::holds);
}

TEST(Reference, InIsAnyEquality) {
  Cells w;
  EXPECT_EQ(w.verdict(w.test(ExprOp::in, {w.v("a"), w.number("2"), w.number("1")})), Verdict::holds);
  EXPECT_EQ(w.verdict(w.test(ExprOp::in, {w.v("a"), w.number("2"), w.number("3")})), Verdict::violated);
  EXPECT_EQ(w.verdict(w.test(ExprOp::in, {w.s("a"), w.string("B"), w.string("A1")})), Verdict::holds);
  EXPECT_EQ(w.verdict(w.test(ExprOp::in, {w.s("a"), w.string("B")})), Verdict::violated);
  EXPECT_EQ(w.verdict(w.test(ExprOp::in, {w.v("unknown"), w.number("2")})), Verdict::unknown);
}

TEST(Reference, Marks) {
  Cells w;
  const auto verdict = [&](const char* key, MarkTest mark) { return w.verdict(w.is(w.v(key), mark)); };
  EXPECT_EQ(verdict("a", MarkTest::number), Verdict::holds);
  EXPECT_EQ(verdict("nil", MarkTest::nil), Verdict::holds);
  EXPECT_EQ(verdict("nil", MarkTest::number), Verdict::violated);
  EXPECT_EQ(verdict("unknown", MarkTest::unknown), Verdict::holds);
  EXPECT_EQ(verdict("blank", MarkTest::unknown), Verdict::holds);
  EXPECT_EQ(verdict("withheld", MarkTest::suppressed), Verdict::holds);
  EXPECT_EQ(verdict("withheld", MarkTest::unknown), Verdict::violated);
  EXPECT_EQ(verdict("a", MarkTest::missing), Verdict::violated);
  EXPECT_EQ(verdict("none", MarkTest::missing), Verdict::holds);
  EXPECT_EQ(verdict("none", MarkTest::number), Verdict::unmatched);
  EXPECT_EQ(w.verdict(w.is(w.s("none"), MarkTest::missing)), Verdict::holds);
  EXPECT_EQ(w.verdict(w.is(w.s("withheld"), MarkTest::suppressed)), Verdict::violated);
  EXPECT_EQ(w.verdict(w.is(w.d("blank"), MarkTest::unknown)), Verdict::holds);
}

TEST(Reference, Connectives) {
  Cells w;
  const ExprId yes = w.truth(true), no = w.truth(false), open = w.equal(w.v("unknown"), w.number("1"));
  EXPECT_EQ(w.verdict(w.test(ExprOp::and_, {yes, no})), Verdict::violated);
  EXPECT_EQ(w.verdict(w.test(ExprOp::or_, {no, yes})), Verdict::holds);
  EXPECT_EQ(w.verdict(w.test(ExprOp::not_, {no})), Verdict::holds);
  EXPECT_EQ(w.verdict(w.test(ExprOp::implies, {no, no})), Verdict::holds);
  EXPECT_EQ(w.verdict(w.test(ExprOp::implies, {yes, no})), Verdict::violated);
  EXPECT_EQ(w.verdict(w.test(ExprOp::and_, {open, no})), Verdict::violated);
  EXPECT_EQ(w.verdict(w.test(ExprOp::or_, {open, yes})), Verdict::holds);
  EXPECT_EQ(w.verdict(w.test(ExprOp::or_, {open, no})), Verdict::unknown);
  EXPECT_EQ(w.verdict(w.equal(w.f("a"), w.f("b"))), Verdict::violated);
  EXPECT_EQ(w.verdict(w.compare(w.f("a"), Relation::not_equal, w.f("b"))), Verdict::holds);
}

TEST(Reference, TheDecidingLeaf) {
  Cells w;
  const ExprId wrong = w.equal(w.v("a"), w.v("b")), right = w.equal(w.v("a"), w.number("1"));
  const ExprId also_wrong = w.equal(w.n("a"), w.n("b"));
  EXPECT_EQ(w.judge(w.test(ExprOp::and_, {right, wrong})).comparison->expr, wrong);
  EXPECT_EQ(w.judge(w.test(ExprOp::and_, {wrong, also_wrong})).comparison->expr, wrong);
  EXPECT_EQ(w.judge(w.test(ExprOp::or_, {wrong, also_wrong})).comparison->expr, also_wrong);
  EXPECT_EQ(w.judge(w.test(ExprOp::implies, {w.truth(true), wrong})).comparison->expr, wrong);
  EXPECT_EQ(w.judge(w.test(ExprOp::implies, {w.truth(false), wrong})).comparison->expr, wrong);
  const engine::Judgement negated = w.judge(w.test(ExprOp::not_, {w.compare(w.v("a"), Relation::less, w.v("b"))}));
  EXPECT_TRUE(negated.comparison->negated);
  EXPECT_EQ(negated.comparison->relation, Relation::greater_equal);
  const ExprId open = w.equal(w.v("unknown"), w.number("1"));
  EXPECT_EQ(w.judge(w.test(ExprOp::and_, {w.equal(w.v("a"), w.number("1.05")), open})).comparison->expr, open);
}

TEST(Reference, CellsAreNotedWithTheirSide) {
  Cells w;
  const ExprId sum = w.calc(ExprOp::add, {w.v("a"), w.calc(ExprOp::add, {w.v("nil"), w.v("a")})});
  const engine::Judgement j = w.judge(w.equal(w.v("b"), sum));
  ASSERT_EQ(j.comparison->left_cells.size(), 1U);
  EXPECT_EQ(j.comparison->left_cells[0].row, 1U);
  ASSERT_EQ(j.comparison->right_cells.size(), 2U);
  EXPECT_EQ(j.comparison->right_cells[0].row, 0U);
  EXPECT_EQ(j.comparison->right_cells[1].row, 2U);
  EXPECT_EQ(j.cells.size(), 3U);
}

TEST(Reference, Implausible) {
  World w;
  std::vector<std::vector<std::string>> rows{{"total", "40"}};
  for (int i = 0; i < 40; ++i) rows.push_back({"part " + std::to_string(i), "1.4"});
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v")}, rows);
  const ExprId parts = w.aggregate(dsl::AggregateFunction::sum, t, w.here(t, "v"),
                                   w.compare(w.cell([&] {
                                     dsl::Access access;
                                     access.table = t;
                                     access.column = 0;
                                     access.current_row = true;
                                     return access;
                                   }()),
                                             Relation::not_equal, w.string("total")));
  // 40 parts of 1.4 make 54.0 to 58.0: 57.9 needs nearly every part to be rounded down.
  EXPECT_EQ(w.judge(w.equal(w.number("57.9"), parts)).verdict, Verdict::implausible);
  EXPECT_EQ(w.judge(w.equal(w.number("56.1"), parts)).verdict, Verdict::rounding);
  EXPECT_EQ(w.judge(w.equal(w.number("58.1"), parts)).verdict, Verdict::violated);
  // Only an `=` at the root is graded.
  EXPECT_EQ(w.judge(w.test(ExprOp::not_, {w.compare(w.number("57.9"), Relation::not_equal, parts)})).verdict, Verdict::rounding);
}

TEST(Reference, IntegersAndDatesAsKeys) {
  World w;
  const dsl::TableId t =
      w.table("t", {integer_key("年"), figure("v"), integer("前")}, {{"2023", "1.0", ""}, {"2024", "2.0", "2023"}});
  const ExprId by_number = w.cell(t, "v", {{"年", w.number("2024")}});
  EXPECT_EQ(w.judge(w.equal(by_number, w.number("2"))).verdict, Verdict::holds);
  const ExprId of_previous = w.cell(t, "v", {{"年", w.cell(t, "前", {{"年", w.number("2024")}})}});
  EXPECT_EQ(w.judge(w.equal(of_previous, w.number("1"))).verdict, Verdict::holds);
  // A blank label finds nothing, nor does one that is no whole number.
  const ExprId of_blank = w.cell(t, "v", {{"年", w.cell(t, "前", {{"年", w.number("2023")}})}});
  EXPECT_EQ(w.judge(w.equal(of_blank, w.number("1"))).verdict, Verdict::unmatched);
  EXPECT_EQ(w.judge(w.equal(w.cell(t, "v", {{"年", w.number("2023.5")}}), w.number("1"))).verdict, Verdict::unmatched);
}

TEST(Reference, LabelsAreLookedUpFolded) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v")}, {{"Ａ 社", "1.0"}});
  EXPECT_EQ(w.judge(w.equal(w.cell(t, "v", {{"k", w.string("A社")}}), w.number("1"))).verdict, Verdict::holds);
}

TEST(Reference, RowsThatWhereDroppedAreNotThere) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v")}, {{"a", "1.0"}, {"b", "2.0"}});
  w.data.tables[0].kept[0] = false;
  EXPECT_EQ(w.judge(w.equal(w.cell(t, "v", {{"k", w.string("a")}}), w.number("1"))).verdict, Verdict::unmatched);
  EXPECT_EQ(w.judge(w.equal(w.aggregate(dsl::AggregateFunction::sum, t, w.here(t, "v")), w.number("2"))).verdict, Verdict::holds);
}

TEST(Reference, AConditionOfOneRow) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v")}, {{"a", "1.0"}, {"b", "…"}});
  const ExprId positive = w.compare(w.here(t, "v"), Relation::greater, w.number("0"));
  EXPECT_EQ(engine::judge_row(w.data, positive, t, 0), engine::Truth::of(true));
  EXPECT_TRUE(engine::judge_row(w.data, positive, t, 1).unknown);
}

}  // namespace
}  // namespace kenzan::test
