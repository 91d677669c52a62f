// From a judgement to a finding: sides, gap, cells, the primary one, words.
#include <gtest/gtest.h>

#include "engine/explain/explain.hpp"
#include "tests/support/program_builder.hpp"

namespace kenzan::test {
namespace {

Finding finding_of(const engine::Data& data, const dsl::Rule& rule, const engine::Instance& instance,
                   const engine::Judgement& judgement) {
  engine::NearLabels near(data);
  return engine::explain(data, rule, instance, judgement, near);
}

using dsl::AggregateFunction;
using dsl::ExprId;
using dsl::ExprOp;

/// The golden of the style guide: a total that its two parts cannot make.
struct Sum : World {
  dsl::TableId t = table("t", {text_key("区分"), figure("金額", "億円")},
                         {{"年金", "13.4"}, {"医療", "12.2"}, {"合計", "25.9"}, {"予備", "…"}, {"厚生", "x"}, {"雑", ""}});

  ExprId of(const std::string& key) { return cell(t, "金額", {{"区分", string(key)}}); }
  ExprId parts() { return calc(ExprOp::add, {of("年金"), of("医療")}); }
  Finding finding(const dsl::Rule& rule) { return finding_of(data, rule, {}, engine::judge(data, rule, {}, 1)); }
  Finding finding(ExprId require, dsl::Strength strength = dsl::Strength::possible) {
    return finding(rule("r", require, strength));
  }
  std::string english(ExprId require, dsl::Strength strength = dsl::Strength::possible) {
    return draw(finding(require, strength).message, Language::english);
  }
};

TEST(Explain, ATotalThatItsPartsCannotMake) {
  Sum w;
  dsl::Rule rule = w.rule("sum-01", w.equal(w.of("合計"), w.parts()));
  rule.title = "合計は内訳の和";
  rule.source = "概要 注2";
  const Finding f = w.finding(rule);
  EXPECT_EQ(f.rule, "sum-01");
  EXPECT_EQ(f.code, "violated");
  EXPECT_EQ(f.severity, Severity::error);
  EXPECT_EQ(f.verdict, Verdict::violated);
  EXPECT_EQ(f.title, "合計は内訳の和");
  EXPECT_EQ(f.source, "概要 注2");
  EXPECT_FALSE(f.custom_message);
  EXPECT_EQ(draw(f.message, Language::english), "25.9億円 is at least 0.15億円 above its parts");
  EXPECT_EQ(draw(f.message, Language::japanese), "25.9億円 は その内訳の合計 を少なくとも 0.15億円 上回る");
  EXPECT_EQ(f.left->value, "25.9");
  EXPECT_EQ(f.left->low, "25.85");
  EXPECT_EQ(f.left->high, "25.95");
  EXPECT_EQ(f.left->unit, "億円");
  EXPECT_TRUE(f.left->numeric);
  EXPECT_EQ(f.right->value, "25.6");
  EXPECT_EQ(f.right->low, "25.5");
  EXPECT_EQ(f.right->high, "25.7");
  EXPECT_EQ(f.relation, "=");
  EXPECT_EQ(f.gap, "0.15");
  EXPECT_TRUE(f.parts);
  ASSERT_EQ(f.cells.size(), 3U);
  EXPECT_EQ(f.cells_omitted, 0U);
  EXPECT_EQ(f.primary, 0U);
  const CellEvidence& total = f.cells[0];
  EXPECT_EQ(total.role, "left");
  EXPECT_EQ(total.table, "t");
  EXPECT_EQ(total.field, "金額");
  EXPECT_EQ(total.key, (std::vector<std::pair<std::string, std::string>>{{"区分", "合計"}}));
  EXPECT_EQ(total.text, "25.9");
  EXPECT_EQ(total.low, "25.85");
  EXPECT_EQ(total.unit, "億円");
  EXPECT_EQ(total.mark, "");
  EXPECT_EQ(w.sources.text(total.span), "25.9");
  EXPECT_EQ(f.place, total.span);
  EXPECT_EQ(f.cells[1].role, "right");
  EXPECT_EQ(f.fingerprint.size(), 16U);
}

TEST(Explain, TheTotalIsTheSubjectOnEitherSide) {
  Sum w;
  const Finding f = w.finding(w.compare(w.parts(), Relation::greater_equal, w.of("合計")));
  EXPECT_EQ(draw(f.message, Language::english), "25.9億円 is at least 0.15億円 above its parts");
  EXPECT_EQ(f.primary, 2U);
  EXPECT_EQ(f.cells[2].role, "right");
  EXPECT_TRUE(f.parts);
  EXPECT_EQ(f.relation, ">=");
}

TEST(Explain, ADifferenceIsNoSumOfParts) {
  Sum w;
  const Finding f = w.finding(w.equal(w.number("749.7", "億円", true), w.calc(ExprOp::subtract, {w.of("合計"), w.of("年金")})));
  EXPECT_FALSE(f.parts);
  EXPECT_EQ(draw(f.message, Language::english), "749.7億円 is at least 737.05億円 above 12.5億円");
  EXPECT_EQ(f.primary, 0U);
  EXPECT_EQ(f.cells[0].role, "right");
}

TEST(Explain, OnlyACellHasParts) {
  Sum w;
  const ExprId half = w.calc(ExprOp::divide, {w.of("合計"), w.number("2")});
  const Finding f = w.finding(w.equal(half, w.parts()));
  EXPECT_FALSE(f.parts);
  EXPECT_EQ(draw(f.message, Language::english), "12.95億円 is at least 12.525億円 below 25.6億円");
}

TEST(Explain, RelationsInWords) {
  Sum w;
  const auto words = [&](Relation relation, const char* right, bool about = false) {
    return w.english(w.compare(w.of("合計"), relation, w.number(right, "億円", about)));
  };
  EXPECT_EQ(words(Relation::equal, "30"), "25.9億円 is at least 4.05億円 below 30億円");
  EXPECT_EQ(words(Relation::less_equal, "25"), "25.9億円 is at least 0.85億円 above 25億円");
  EXPECT_EQ(words(Relation::less, "25.85"), "25.9億円 is not below 25.85億円");
  EXPECT_EQ(words(Relation::greater, "25.95"), "25.9億円 is not above 25.95億円");
  EXPECT_EQ(words(Relation::greater_equal, "26"), "25.9億円 is at least 0.05億円 below 26億円");
  EXPECT_EQ(w.english(w.test(ExprOp::not_, {w.compare(w.of("合計"), Relation::greater, w.number("25", "億円"))})),
            "25.9億円 is at least 0.85億円 above 25億円");
  EXPECT_EQ(w.english(w.equal(w.of("合計"), w.number("25.91", "億円")), dsl::Strength::exactly),
            "25.9億円 is not exactly 25.91億円");
  EXPECT_EQ(w.english(w.compare(w.of("合計"), Relation::less_equal, w.number("25.9", "億円")), dsl::Strength::surely),
            "25.9億円 <= 25.9億円 is not true of all true values");
  EXPECT_EQ(w.english(w.compare(w.number("3"), Relation::not_equal, w.number("3"))), "3 equals 3");
  EXPECT_EQ(w.english(w.equal(w.number("5", "件"), w.number("3", "件"))), "5件 is 2件 above 3件");
}

TEST(Explain, OpenEndsThatTouch) {
  World w;
  const dsl::TableId t =
      w.table("t", {text_key("k"), figure("v", "", Rounding::half_up), figure("w", "", Rounding::half_up)}, {{"a", "1.0", "1.1"}});
  const auto value = [&](const char* column) { return w.cell(t, column, {{"k", w.string("a")}}); };
  const auto words = [&](ExprId require) {
    const dsl::Rule rule = w.rule("r", require);
    const Finding f = finding_of(w.data, rule, {}, engine::judge(w.data, rule, {}, 1));
    EXPECT_EQ(f.gap, "0");
    return draw(f.message, Language::english);
  };
  EXPECT_EQ(words(w.equal(value("v"), value("w"))), "1 just misses 1.1");
  EXPECT_EQ(words(w.compare(value("v"), Relation::greater_equal, value("w"))), "1 is below 1.1");
}

TEST(Explain, UnitsAreThoseOfTheLeft) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("oku", "億円"), figure("man", "百万円"), figure("share", "%")},
                                 {{"a", "1.0", "230", "70.2"}});
  const auto value = [&](const char* column) { return w.cell(t, column, {{"k", w.string("a")}}); };
  const auto explained = [&](ExprId require) {
    const dsl::Rule rule = w.rule("r", require);
    return finding_of(w.data, rule, {}, engine::judge(w.data, rule, {}, 1));
  };
  const Finding f = explained(w.equal(value("oku"), value("man")));
  EXPECT_EQ(f.right->value, "2.3");
  EXPECT_EQ(f.right->unit, "億円");
  EXPECT_EQ(f.gap, "1.245");
  EXPECT_EQ(f.cells[1].unit, "百万円");
  EXPECT_EQ(f.cells[1].low, "229.5");
  EXPECT_EQ(draw(explained(w.equal(value("share"), w.number("60", "%"))).message, Language::english),
            "70.2% is at least 10.15% above 60%");
}

TEST(Explain, TheRulesOwnMessage) {
  Sum w;
  dsl::Rule rule = w.rule("sum-01", w.compare(w.of("合計"), Relation::less_equal, w.parts()));
  rule.by = {w.dim("期")};
  rule.title = "題";
  using Kind = dsl::MessagePart::Kind;
  rule.message = {{Kind::dimension, "", w.dim("期")},
                  {Kind::literal, ": ", {}},
                  {Kind::left, "", {}},
                  {Kind::literal, "は", {}},
                  {Kind::right, "", {}},
                  {Kind::literal, "超(", {}},
                  {Kind::gap, "", {}},
                  {Kind::literal, ")", {}},
                  {Kind::title, "", {}},
                  {Kind::rule, "", {}}};
  const engine::Code code = w.data.texts.intern("Ｒ６");
  const engine::Instance instance{{w.data.texts.label_of(code)}, {code}};
  const Finding f = finding_of(w.data, rule, instance, engine::judge(w.data, rule, instance, 1));
  EXPECT_EQ(f.custom_message, "Ｒ６: 25.9億円は25.6億円超(0.15億円)題sum-01");
  EXPECT_EQ(f.instance, (std::vector<std::pair<std::string, std::string>>{{"期", "Ｒ６"}}));
}

TEST(Explain, UnmatchedNamesTheRowAndANearLabel) {
  Sum w;
  const Finding f = w.finding(w.equal(w.of("合計"), w.of("医療費")));
  EXPECT_EQ(f.code, "unmatched");
  EXPECT_EQ(f.severity, Severity::error);
  EXPECT_EQ(draw(f.message, Language::english), "no row for [区分: 医療費] in `t`");
  ASSERT_EQ(f.helps.size(), 1U);
  EXPECT_EQ(draw(f.helps[0], Language::english), "did you mean `医療`?");
  ASSERT_EQ(f.cells.size(), 2U);
  EXPECT_EQ(f.cells[1].mark, "missing");
  EXPECT_EQ(f.cells[1].role, "right");
  EXPECT_FALSE(f.cells[1].span.source.valid());
  EXPECT_EQ(f.primary, 0U);
  // With no cell at all it points at the rule.
  const Finding nowhere = w.finding(w.equal(w.number("1", "億円"), w.of("費")));
  EXPECT_FALSE(nowhere.primary);
  EXPECT_EQ(nowhere.place, nowhere.rule_place);
}

TEST(NearLabels, AreNamedAmongAThousandAndNeverForANumber) {
  World w;
  std::vector<std::vector<std::string>> rows = {{"年金"}, {"医療"}, {"2024"}};
  for (int i = 0; i < 997; ++i) rows.push_back({"区分" + std::to_string(i) + "の細目"});
  const dsl::TableId t = w.table("t", {text_key("k")}, rows);
  rows.push_back({"雇用"});
  const dsl::TableId many = w.table("many", {text_key("k")}, rows);
  const dsl::TableId one = w.table("one", {text_key("k")}, {{"a"}, {"bb"}});
  engine::NearLabels near(w.data);
  const auto missed = [](dsl::TableId table, const std::string& label) {
    engine::MissedCell out;
    out.table = table;
    out.labels = {{0U, label}};
    return out;
  };
  EXPECT_EQ(near.find(missed(t, "医療費")), "医療");
  EXPECT_EQ(near.find(missed(t, "医療費")), "医療");  // the same again
  EXPECT_EQ(near.find(missed(t, "厚生")), std::nullopt);
  EXPECT_EQ(near.find(missed(t, "年金")), std::nullopt);  // it is there
  EXPECT_EQ(near.find(missed(t, "2025")), std::nullopt);
  EXPECT_EQ(near.find(missed(many, "医療費")), std::nullopt);
  // A blank is no slip of another label, whatever was asked before: the next column is looked at.
  engine::MissedCell blank = missed(one, "");
  blank.labels.emplace_back(0U, "bbb");
  EXPECT_EQ(near.find(missed(one, "bbb")), "bb");
  EXPECT_EQ(near.find(blank), "bb");
}

TEST(Explain, UnmatchedLabelsAndAggregates) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure_across("v", "", "期", {"R5", "R6"})}, {{"a", "1", "2"}});
  const auto words = [&](ExprId value) {
    const dsl::Rule rule = w.rule("r", w.equal(value, w.number("1")));
    return draw(finding_of(w.data, rule, {}, engine::judge(w.data, rule, {}, 1)).message, Language::english);
  };
  EXPECT_EQ(words(w.cell(t, "v", {{"k", w.string("a")}}, w.string("R7"))), "`t.v` has no 期 R7");
  EXPECT_EQ(words(w.cell(t, "v", {{"k", w.string("b")}}, w.string("R5"))), "no row for [k: b, 期: R5] in `t`");
  dsl::Aggregate least;
  least.function = AggregateFunction::min;
  least.table = t;
  least.element = w.number("1");
  least.rows = {w.binding(t, {"k", w.string("b")})};
  EXPECT_EQ(words(w.aggregate(std::move(least))), "no row of `t` belongs to this instance");
}

TEST(Explain, UnknownPointsAtTheCell) {
  Sum w;
  const auto with = [&](const char* key) { return w.equal(w.of("合計"), w.calc(ExprOp::add, {w.of("年金"), w.of(key)})); };
  const Finding f = w.finding(with("予備"));
  EXPECT_EQ(f.severity, Severity::info);
  EXPECT_EQ(draw(f.message, Language::english), "cannot be judged: t.金額[区分: 予備] is unknown");
  ASSERT_TRUE(f.primary);
  EXPECT_EQ(f.cells[*f.primary].text, "…");
  EXPECT_EQ(f.cells[*f.primary].mark, "unknown");
  EXPECT_EQ(f.right->low, "-inf");
  EXPECT_EQ(f.right->high, "inf");
  EXPECT_FALSE(f.right->low_closed);
  EXPECT_EQ(f.gap, "0");
  EXPECT_EQ(w.english(with("厚生")), "cannot be judged: t.金額[区分: 厚生] is withheld");
  EXPECT_EQ(w.english(with("雑")), "cannot be judged: t.金額[区分: 雑] is blank");
  const ExprId nothing = w.calc(ExprOp::divide, {w.of("合計"), w.number("0")});
  EXPECT_EQ(w.english(w.equal(nothing, w.number("1", "億円"))), "cannot be judged: it divides by 0");
}

TEST(Explain, AnUnknownWhen) {
  Sum w;
  dsl::Rule rule = w.rule("r", w.truth(true));
  rule.when = w.equal(w.of("予備"), w.number("1", "億円"));
  const Finding f = w.finding(rule);
  EXPECT_EQ(draw(f.message, Language::english), "cannot be judged: t.金額[区分: 予備] is unknown");
  ASSERT_EQ(f.cells.size(), 1U);
  EXPECT_EQ(f.cells[0].role, "when");
}

TEST(Explain, ASuppressedFigureThatCannotBeEnough) {
  Sum w;
  EXPECT_EQ(w.english(w.compare(w.of("厚生"), Relation::less_equal, w.number("-1", "億円"))),
            "[0, ∞)億円 is at least 1億円 above -1億円");
}

TEST(Explain, WhatHoldsOnRequest) {
  Sum w;
  const Finding holds = w.finding(w.equal(w.of("合計"), w.number("25.9", "億円")));
  EXPECT_EQ(holds.code, "holds");
  EXPECT_EQ(holds.severity, Severity::info);
  EXPECT_EQ(draw(holds.message, Language::english), "25.9億円 = 25.9億円 holds");
  EXPECT_EQ(w.english(w.equal(w.of("合計"), w.number("25.95", "億円"))), "25.9億円 = 25.95億円 holds within rounding only");
}

TEST(Explain, Texts) {
  World w;
  const dsl::TableId t =
      w.table("t", {text_key("k"), text("s"), date("d")}, {{"a", "A1", "2027-03-31"}, {"b", "Ａ１", "2027-04-01"}});
  const auto s = [&](const char* key) { return w.cell(t, "s", {{"k", w.string(key)}}); };
  const auto d = [&](const char* key) { return w.cell(t, "d", {{"k", w.string(key)}}); };
  const auto explained = [&](ExprId require) {
    const dsl::Rule rule = w.rule("r", require);
    return finding_of(w.data, rule, {}, engine::judge(w.data, rule, {}, 1));
  };
  const auto words = [&](ExprId require) { return draw(explained(require).message, Language::english); };
  const Finding f = explained(w.equal(s("a"), s("b")));
  EXPECT_EQ(draw(f.message, Language::english), "「A1」 is not 「Ａ１」");
  EXPECT_EQ(f.left->value, "A1");
  EXPECT_FALSE(f.left->numeric);
  EXPECT_FALSE(f.gap);
  ASSERT_EQ(f.notes.size(), 1U);
  EXPECT_EQ(draw(f.notes[0], Language::english), "the two differ only in width, blanks or the form of characters");
  EXPECT_TRUE(explained(w.equal(s("a"), w.string("B"))).notes.empty());
  EXPECT_EQ(words(w.compare(s("a"), Relation::not_equal, w.string("A1"))), "「A1」 is the same text as 「A1」");
  EXPECT_EQ(words(w.compare(d("b"), Relation::less, d("a"))), "2027-04-01 < 2027-03-31 is false");
  EXPECT_EQ(words(w.matches(s("a"), "^B")), "「A1」 does not match /^B/");
  EXPECT_EQ(words(w.test(ExprOp::same, {s("a"), w.string("B")})), "「A1」 is not 「B」");
  EXPECT_EQ(words(w.aggregate(AggregateFunction::sorted_descending, t, w.here(t, "d"))),
            "2027-03-31 stands before 2027-04-01, out of order");
}

TEST(Explain, ConditionsInTheirOwnWords) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v"), flag("f")}, {{"a", "-", "false"}});
  const SourceId source = w.sources.add("r.kz", "t.v is number");
  const auto words = [&](ExprId require) {
    w.program.exprs[require.index()].span = {source, 0, 13};
    const dsl::Rule rule = w.rule("r", require);
    return draw(finding_of(w.data, rule, {}, engine::judge(w.data, rule, {}, 1)).message, Language::english);
  };
  const auto v = [&] { return w.cell(t, "v", {{"k", w.string("a")}}); };
  EXPECT_EQ(words(w.is(v(), dsl::MarkTest::number)), "`t.v is number` is false");
  EXPECT_EQ(words(w.cell(t, "f", {{"k", w.string("a")}})), "`t.v is number` is false");
  EXPECT_EQ(words(w.test(ExprOp::in, {v(), w.number("1"), w.number("2")})), "0 is none of those in `t.v is number`");
  EXPECT_EQ(
      words(w.aggregate(AggregateFunction::any, t, w.compare(w.here(t, "v"), Relation::greater, w.number("0")), w.truth(false))),
      "no row of `t` meets `t.v is number`");
  const ExprId nil = w.is(v(), dsl::MarkTest::nil);
  w.program.exprs[nil.index()].span = {source, 0, 13};
  EXPECT_EQ(words(w.test(ExprOp::not_, {nil})), "`t.v is number` is true and must not be");
}

TEST(Explain, OtherCellsFollowTheComparisons) {
  Sum w;
  dsl::Rule rule =
      w.rule("r", w.test(ExprOp::and_, {w.equal(w.of("医療"), w.number("12.2", "億円")), w.equal(w.of("合計"), w.of("年金"))}));
  rule.when = w.is(w.of("予備"), dsl::MarkTest::unknown);
  const Finding f = w.finding(rule);
  std::vector<std::string> roles;
  for (const CellEvidence& cell : f.cells) roles.push_back(cell.role);
  EXPECT_EQ(roles, (std::vector<std::string>{"left", "right", "when", "cell"}));
  EXPECT_EQ(f.primary, 0U);
}

TEST(Explain, AtMostAHundredCells) {
  World w;
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 250; ++i) rows.push_back({std::to_string(i), "1"});
  rows.push_back({"total", "9999"});
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v")}, rows);
  const ExprId sum =
      w.aggregate(AggregateFunction::sum, t, w.here(t, "v"), w.compare(w.here(t, "k"), Relation::not_equal, w.string("total")));
  const dsl::Rule rule = w.rule("r", w.equal(sum, w.cell(t, "v", {{"k", w.string("total")}})));
  const Finding f = finding_of(w.data, rule, {}, engine::judge(w.data, rule, {}, 1));
  EXPECT_EQ(f.cells.size(), 100U);
  EXPECT_EQ(f.cells_omitted, 151U);
  ASSERT_TRUE(f.primary);
  EXPECT_EQ(f.cells[*f.primary].text, "9999");
  EXPECT_TRUE(f.parts);
}

TEST(Explain, FingerprintsKeepToTheirInstance) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), figure("v")}, {{"a", "1"}, {"b", "2"}});
  dsl::Rule rule = w.rule("r", w.equal(w.cell(t, "v", {{"k", w.label("k")}}), w.number("9")));
  rule.by = {w.dim("k")};
  rule.sources = {{t, {{0U, 0}}}};
  std::set<std::string> all;
  for (const engine::Instance& i : engine::reference_instances(w.data, rule)) {
    all.insert(finding_of(w.data, rule, i, engine::judge(w.data, rule, i, 2)).fingerprint);
  }
  EXPECT_EQ(all.size(), 2U);
}

TEST(Explain, Vacuous) {
  World w;
  const dsl::TableId t = w.table("t", {text_key("k"), text("g")}, {{"a", ""}});
  dsl::Rule rule = w.rule("r", w.truth(true));
  rule.by = {w.dim("g")};
  rule.sources = {{t, {{1U, 0}}}};
  const Finding none = engine::explain_vacuous(w.data, rule);
  EXPECT_EQ(none.code, "vacuous");
  EXPECT_EQ(none.severity, Severity::error);
  EXPECT_EQ(draw(none.message, Language::english), "made no instance: no row of `t` has a label for each of g");
  rule.by = {w.dim("k")};
  rule.sources = {{t, {{0U, 0}}}};
  EXPECT_EQ(draw(engine::explain_vacuous(w.data, rule).message, Language::english),
            "made no instance: `when`, a missing row, `lag` or `children` rules out the only one");
}

TEST(ExplainSpelling, ATextThatSameWouldPass) {
  World w;
  const dsl::TableId a = w.table("a", {text_key("k"), text("s")}, {{"x", "Ａ１"}, {"y", "A1"}, {"z", "B"}});
  const auto find = [&](ExprId require) {
    const dsl::Rule rule = w.rule("r", require);
    EXPECT_TRUE(engine::compares_texts(w.data, rule));
    engine::SpellingSearch search;
    Findings out;
    for (int twice = 0; twice < 2; ++twice) engine::find_spelling(w.data, rule, {}, search, out);
    return std::vector<Finding>(out.begin(), out.end());
  };
  const auto s = [&](const char* key) { return w.cell(a, "s", {{"k", w.string(key)}}); };
  const std::vector<Finding> one = find(w.equal(s("x"), s("y")));
  ASSERT_EQ(one.size(), 1U);
  EXPECT_EQ(one[0].code, "spelling");
  EXPECT_EQ(one[0].rule, "");
  EXPECT_EQ(one[0].severity, Severity::warning);
  EXPECT_EQ(draw(one[0].message, Language::english), "「Ａ１」 and 「A1」 differ only in width, blanks or the form of characters");
  EXPECT_EQ(one[0].cells.size(), 2U);
  EXPECT_EQ(w.sources.text(one[0].place), "Ａ１");
  EXPECT_TRUE(find(w.equal(s("x"), s("z"))).empty());
  EXPECT_TRUE(find(w.equal(s("y"), w.string("A1"))).empty());
  EXPECT_EQ(find(w.test(ExprOp::in, {s("x"), w.string("B"), w.string("A1")})).size(), 1U);
  EXPECT_TRUE(find(w.test(ExprOp::in, {s("x"), w.string("A1"), w.string("Ａ１")})).empty());
  // Rows that a `where` drops for their spelling alone.
  const ExprId count = w.aggregate(AggregateFunction::count, a, w.here(a, "s"), w.equal(w.here(a, "s"), w.string("A1")));
  const std::vector<Finding> dropped = find(w.equal(count, w.number("1")));
  ASSERT_EQ(dropped.size(), 1U);
  EXPECT_EQ(dropped[0].cells[0].key[0].second, "x");
  EXPECT_FALSE(engine::compares_texts(w.data, w.rule("r", w.equal(w.number("1"), w.number("1")))));
}

}  // namespace
}  // namespace kenzan::test
