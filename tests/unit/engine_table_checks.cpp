// The checks of whole tables: keys, references, constraints, completeness.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/explain/fingerprint.hpp"
#include "engine/table/constraints.hpp"
#include "tests/unit/engine_table_build.hpp"

namespace kenzan::engine {
namespace {

using build::figure;
using build::integer;
using build::Tables;
using build::text;

dsl::Constraint constraint(dsl::Constraint::Kind kind, std::string words) {
  dsl::Constraint made;
  made.kind = kind;
  made.limit_text = std::move(words);
  return made;
}

TEST(CheckTable, ADuplicateKeyPointsToTheFirstAndHidesTheFigures) {
  Tables t;
  const auto id = t.add("t", {text("k"), figure("v")}, {0});
  t.files["t.csv"] = "k,v\nＡ,1\nb,2\nA,3\n";
  t.load();
  EXPECT_EQ(t.findings(), "duplicate-key: a second row for [k: A]; the first is on line 2");
  ASSERT_EQ(t.report.findings[0].cells.size(), 2U);
  EXPECT_EQ(t.report.findings[0].cells[1].text, "Ａ");
  EXPECT_FALSE(t.cells(id, 1).figures.known(0));
  EXPECT_TRUE(t.cells(id, 1).figures.known(1));
  EXPECT_FALSE(t.cells(id, 1).figures.known(2));
  EXPECT_TRUE(t.data[id].duplicate[0] && t.data[id].duplicate[2] && !t.data[id].duplicate[1]);
}

TEST(CheckTable, RowsWithABlankKeyAreNoDuplicates) {
  Tables t;
  dsl::Column part = text("p");
  part.optional = true;
  (void)t.add("t", {integer("k"), part, figure("v")}, {0, 1});
  t.files["t.csv"] = "k,p,v\n,,1\n,,2\n1,,3\n1,,4\n";
  t.load();
  EXPECT_EQ(t.findings(),
            "blank-cell: `k` is blank here\nblank-cell: `k` is blank here\n"
            "duplicate-key: a second row for [k: 1, p: \"\"]; the first is on line 4");
}

TEST(CheckTable, ATableWithoutAKeyHoldsOneRow) {
  Tables t;
  const auto id = t.add("t", {figure("v")}, {});
  t.files["t.csv"] = "v\n1\n2\n3\n";
  t.load();
  EXPECT_EQ(t.findings(), "duplicate-key: `t` has no key, so it holds one row, but there are 3");
  EXPECT_EQ(t.sources.text(t.report.findings[0].place), "2");
  EXPECT_FALSE(t.cells(id, 0).figures.known(0));
}

TEST(CheckTable, DroppedRowsTakeTheirFindingsWithThem) {
  Tables t;
  const auto id = t.add("t", {text("k"), figure("v")}, {0});
  t.files["t.csv"] = "k,v\na,1\n注,四捨五入\na,?,\n";
  t.read();
  EXPECT_EQ(t.report.findings.size(), 2U);
  t.data.tables[id.index()].kept = {true, false, false};
  t.check();
  EXPECT_EQ(t.findings(), "ragged-row: this record has 3 cells where the header has 2");
}

TEST(CheckTable, CompleteAsksForEachCombinationFound) {
  Tables t;
  (void)t.add("t", {text("a"), text("b")}, {0, 1});
  t.program.tables[0].complete = {{0, 1}};
  t.files["t.csv"] = "a,b\nx,1\nx,2\ny,2\n";
  t.load();
  EXPECT_EQ(t.findings(), "missing-row: no row for [a: y, b: 1], but `t` is declared `complete`");
  EXPECT_FALSE(t.report.findings[0].cells[0].span.source.valid());
  EXPECT_TRUE(t.report.findings[0].place.source.valid());
}

TEST(CheckTable, ManyMissingRowsAreCounted) {
  Tables t;
  (void)t.add("t", {text("a"), text("b")}, {0, 1});
  t.program.tables[0].complete = {{0, 1}};
  std::string& file = t.files["t.csv"] = "a,b\n";
  for (int i = 0; i < 2000; ++i) file += "a" + std::to_string(i) + ",b" + std::to_string(i) + "\n";
  t.load();
  ASSERT_EQ(t.report.findings.size(), 1001U);
  EXPECT_EQ(draw(t.report.findings[t.report.findings.size() - 1].message, Language::english),
            "3997000 more rows are missing in `t`");
}

TEST(CheckTable, ReferencesAreComparedFoldedAndNearNamesAreOffered) {
  Tables t;
  const auto to = t.add("sections", {text("section")}, {0});
  dsl::Column reference = text("section");
  dsl::Constraint in = constraint(dsl::Constraint::Kind::in_table, "in sections.section");
  in.table = to;
  reference.constraints.push_back(in);
  (void)t.add("t", {reference, text("k")}, {1});
  t.files["sections.csv"] = "section\nＡ社\n財務省\n";
  t.files["t.csv"] = "section,k\nA社,1\n財務所,2\n,3\n";
  t.load();
  EXPECT_EQ(t.findings(), "unknown-reference: `財務所` is not in `sections.section`");
  ASSERT_EQ(t.report.findings[0].helps.size(), 1U);
  EXPECT_EQ(draw(t.report.findings[0].helps[0], Language::english), "did you mean `財務省`?");
}

TEST(CheckTable, ReferencesToATableThatCouldNotBeReadAreNotChecked) {
  Tables t;
  const auto to = t.add("sections", {text("section")}, {0});
  dsl::Column reference = text("section");
  dsl::Constraint in = constraint(dsl::Constraint::Kind::in_table, "in sections.section");
  in.table = to;
  reference.constraints.push_back(in);
  (void)t.add("t", {reference}, {0});
  t.files["t.csv"] = "section\nA社\n";
  t.load();
  EXPECT_EQ(t.findings(), "");
  EXPECT_EQ(t.report.failures.size(), 1U);
}

TEST(CheckTable, ATextThatIsOnlySpelledOtherwiseIsAWarning) {
  Tables t;
  dsl::Column kind = text("kind");
  dsl::Constraint in = constraint(dsl::Constraint::Kind::in_texts, "in (\"新規\", \"継続\")");
  in.texts = {"新規", "継続"};
  kind.constraints.push_back(in);
  (void)t.add("t", {text("k"), kind}, {0});
  t.files["t.csv"] = "k,kind\na,新規\nb,継 続\nc,廃止\nd,\ne,継 続\n";
  t.load();
  EXPECT_EQ(t.findings(),
            "spelling: `継 続` is spelled `継続` where it is declared\n"
            "constraint: `廃止` does not meet `in (\"新規\", \"継続\")`\n"
            "spelling: `継 続` is spelled `継続` where it is declared");
  EXPECT_EQ(t.report.findings[0].severity, Severity::warning);
  EXPECT_EQ(t.report.findings[1].severity, Severity::error);
}

TEST(CheckTable, AComparisonFailsOnlyWhereNoTrueValueMeetsIt) {
  Tables t;
  dsl::Column v = figure("v");
  dsl::Constraint compare = constraint(dsl::Constraint::Kind::compare, ">= 0");
  compare.relation = Relation::greater_equal;
  compare.limit = Interval::point(0);
  v.constraints.push_back(compare);
  v.optional = true;
  (void)t.add("t", {text("k"), v}, {0});
  t.files["t.csv"] = "k,v\na,-0.0\nb,-1\nc,…\nd,\ne,5\nf,-0.4\n";
  t.load();
  EXPECT_EQ(t.findings(), "constraint: `-1` does not meet `>= 0`\nconstraint: `-0.4` does not meet `>= 0`");
  EXPECT_EQ(t.report.findings[0].cells[0].low, "-1.5");
}

TEST(IntegerBounds, HoldWhatSurelyMeetsComparisons) {
  const auto bounds = [](Relation relation, const Interval& limit, int exponent) {
    dsl::Constraint comparison;
    comparison.kind = dsl::Constraint::Kind::compare;
    comparison.relation = relation;
    comparison.limit = limit;
    engine::IntegerBounds out;
    narrow(out, comparison, exponent);
    return std::pair(out.least, out.most);
  };
  constexpr std::int64_t greatest = engine::IntegerBounds::greatest;
  const Interval two_and_a_half = Interval::point(Rational(5) / 2);
  EXPECT_EQ(bounds(Relation::greater_equal, Interval::point(0), 3), std::pair(std::int64_t{0}, greatest));
  EXPECT_EQ(bounds(Relation::greater, Interval::point(0), 3), std::pair(std::int64_t{1}, greatest));
  EXPECT_EQ(bounds(Relation::greater_equal, two_and_a_half, 0), std::pair(std::int64_t{3}, greatest));
  EXPECT_EQ(bounds(Relation::less, two_and_a_half, -1), std::pair(-greatest, std::int64_t{24}));
  EXPECT_EQ(bounds(Relation::less_equal, two_and_a_half, -1), std::pair(-greatest, std::int64_t{25}));
  EXPECT_EQ(bounds(Relation::equal, two_and_a_half, -1), std::pair(std::int64_t{25}, std::int64_t{25}));
  EXPECT_EQ(bounds(Relation::not_equal, two_and_a_half, -1), std::pair(std::int64_t{1}, std::int64_t{0}));  // none
  const Interval above{Bound{Rational(1), false, false}, Bound{Rational(0), false, true}};                  // (1, ∞)
  EXPECT_EQ(bounds(Relation::greater_equal, above, 0), std::pair(std::int64_t{2}, greatest));
}

TEST(CheckTable, FiguresMatchesAndUnique) {
  Tables t;
  dsl::Column v = figure("v"), code = text("code"), w = figure("w");
  dsl::Constraint in = constraint(dsl::Constraint::Kind::in_figures, "in (1, 2)");
  in.figures = {1, 2};
  v.constraints.push_back(in);
  dsl::Constraint matches = constraint(dsl::Constraint::Kind::matches, "matches /^\\d{3}$/");
  matches.pattern = "^\\d{3}$";
  code.constraints.push_back(matches);
  code.constraints.push_back(constraint(dsl::Constraint::Kind::unique, "unique"));
  w.constraints.push_back(constraint(dsl::Constraint::Kind::unique, "unique"));
  (void)t.add("t", {text("k"), v, code, w}, {0});
  t.files["t.csv"] = "k,v,code,w\na,1,001,5\nb,3,01,6\nc,2,００１,5.0\nd,2,,…\ne,1,,…\n";
  t.load();
  EXPECT_EQ(t.findings(),
            "constraint: `3` does not meet `in (1, 2)`\n"
            "constraint: `01` does not meet `matches /^\\d{3}$/`\n"
            "constraint: `００１` does not meet `matches /^\\d{3}$/`\n"
            "constraint: `００１` occurs again in `code`; the first is on line 2\n"
            "constraint: `5.0` occurs again in `w`; the first is on line 2");
}

TEST(Fingerprint, HoldsFileNameTableFieldAndKeyOnly) {
  const std::string one = fingerprint("bad-number", "a/t.csv", "t", "v", {{"k", "x"}});
  EXPECT_EQ(one.size(), 16U);
  EXPECT_EQ(one, fingerprint("bad-number", "b/c/t.csv", "t", "v", {{"k", "x"}}));
  EXPECT_NE(one, fingerprint("bad-number", "u.csv", "t", "v", {{"k", "x"}}));
  EXPECT_NE(one, fingerprint("bad-number", "t.csv", "t", "v", {{"k", "y"}}));
  EXPECT_NE(fingerprint("c", "t.csv", "ab", "c", {}), fingerprint("c", "t.csv", "a", "bc", {}));
}

TEST(Fingerprint, DoesNotMoveWithLinesOrValues) {
  Tables before, after;
  for (Tables* t : {&before, &after}) (void)t->add("t", {text("k"), figure("v")}, {0});
  before.files["t.csv"] = "k,v\na,x1\n";
  after.files["t.csv"] = "k,v\nb,2\na,y2\n";
  before.load();
  after.load();
  EXPECT_EQ(before.report.findings[0].fingerprint, after.report.findings[0].fingerprint);
}

}  // namespace
}  // namespace kenzan::engine
