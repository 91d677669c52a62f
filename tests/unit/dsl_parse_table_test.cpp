// Tables: columns, clauses and hierarchies parse to the tree that the language reference says.
#include <gtest/gtest.h>

#include "dsl_parse_dump.hpp"

namespace kenzan::test {
namespace {

/// The columns of `table t { TEXT }`, one a line, or what was said.
std::string columns(const std::string& text) {
  const Parsed parsed("table t { " + text + " }");
  if (parsed.diagnostics.has_errors()) return parsed.said();
  std::string result;
  for (const auto& column : parsed.file.tables.at(0).columns) {
    result += (result.empty() ? "" : "\n") + dump(parsed.file, column);
  }
  return result;
}

/// The clauses of a table, or what was said.
std::string clauses(const std::string& text) {
  const Parsed parsed(text);
  if (parsed.diagnostics.has_errors()) return parsed.said();
  return dump_clauses(parsed.file, parsed.file.tables.at(0));
}

std::string hierarchy(const std::string& text) {
  const Parsed parsed("table t { k text key k hierarchy " + text + " }");
  if (parsed.diagnostics.has_errors()) return parsed.said();
  return dump(parsed.file, parsed.file.tables.at(0).hierarchies.at(0));
}

TEST(DslParseTable, ExampleOfTheReference) {
  const Parsed parsed(R"(table measures from "../datasets/r6/measures.csv" {
  section   text  in sections.section
  ministry  text  from "府省庁"                       # header in the file, where it differs from the name here
  measure   text
  amount    億円  across period { R5 = "令和5年度当初予算", R5補正 = "令和5年度補正予算", R6 = "令和6年度当初予算" }
  key       measure                                   # `across` adds its dimension: the key of amount is measure, period
  rounded   half-up                                   # for the table; a column can say its own
})");
  EXPECT_EQ(parsed.said(), "");
  const auto& table = parsed.file.tables.at(0);
  EXPECT_EQ(dump_clauses(parsed.file, table), "measures from(\"../datasets/r6/measures.csv\") key(measure) rounded(half-up)");
  ASSERT_EQ(table.columns.size(), 4u);
  EXPECT_EQ(dump(parsed.file, table.columns[0]), "section:text in sections.section");
  EXPECT_EQ(dump(parsed.file, table.columns[1]), "ministry:text from(\"府省庁\")");
  EXPECT_EQ(dump(parsed.file, table.columns[3]),
            "amount:億円 across period(R5=\"令和5年度当初予算\";R5補正=\"令和5年度補正予算\";R6=\"令和6年度当初予算\";)");
}

TEST(DslParseTable, Types) {
  EXPECT_EQ(columns("a text b number c 億円 d money e money in cur f integer g date h flag i 円/人 j % k 「a b」 l m*s/kg"),
            "a:text\nb:number\nc:億円\nd:money\ne:money unit-in cur\nf:integer\ng:date\nh:flag\ni:円/人\nj:%\nk:a b\nl:m*s/kg");
}

TEST(DslParseTable, ColumnClauses) {
  EXPECT_EQ(columns("a text from 3"), "a:text from(3)");
  EXPECT_EQ(columns(R"(a 円 across year from /令和(\d+)年/)"), R"(a:円 across year(/令和(\d+)年/))");
  EXPECT_EQ(columns(R"(a 円 take /約?([^/]+)/ optional)"), R"(a:円 take/約?([^/]+)/ optional)");
  EXPECT_EQ(columns(R"(a text alias { "印刷" = "意味", b = c  1 = "一" })"), "a:text alias(印刷=意味) alias(b=c) alias(1=一)");
  EXPECT_EQ(columns("a 円 rounded truncated to 0.1 decimals d brackets minus"),
            "a:円 rounded(truncated) to(0.1) decimals(d) brackets(minus)");
  EXPECT_EQ(columns(R"(a 円 nil "", "*" unknown "…" suppressed "x")"), R"(a:円 nil("","*") unknown("…") suppressed("x"))");
  EXPECT_EQ(columns(R"(a text in ("新規", "継続") matches /\d{3}/ unique  b 円 >= 0億円 < ▲1円 != -3円)"),
            "a:text in(\"新規\",\"継続\") matches/\\d{3}/ unique\nb:円 >=0億円 <▲1円 !=(neg 3円)");
  EXPECT_EQ(columns("y integer in (2023, 2024) d date >= 2024-04-01"), "y:integer in(2023,2024)\nd:date >=@2024-04-01");
}

TEST(DslParseTable, ClausesBelongToTheColumnUntilTheNextClauseOfTheTable) {
  EXPECT_EQ(columns("a 円 rounded floor b 円 key b rounded away"), "a:円 rounded(floor)\nb:円");
  EXPECT_EQ(clauses("table t { a 円 rounded floor key a rounded away nil \"-\" }"), "t key(a) rounded(away) nil(\"-\")");
  EXPECT_EQ(clauses("table t { rounded exact a 円 nil \"-\" }"), "t rounded(exact)");
}

TEST(DslParseTable, WordsAsColumns) {
  EXPECT_EQ(columns("rule text source text by text 「key」 text row text"), "rule:text\nsource:text\nby:text\nkey:text\nrow:text");
  EXPECT_EQ(columns("from text to text take number optional text text"), "from:text\nto:text\ntake:number optional\ntext:text");
  EXPECT_EQ(columns("from 億円 to 億円 to 0.1"), "from:億円\nto:億円 to(0.1)");
  EXPECT_EQ(columns("v 円 decimals decimals decimals integer in text in (\"a\") matches text"),
            "v:円 decimals(decimals)\ndecimals:integer\nin:text in(\"a\")\nmatches:text");
  EXPECT_EQ(columns("a text across text unique date date flag flag"), "a:text\nacross:text unique\ndate:date\nflag:flag");
  EXPECT_EQ(columns("unit text\ntable_name text\nparam text\nuse text\ntest text\nwaive flag\nrule text"),
            "unit:text\ntable_name:text\nparam:text\nuse:text\ntest:text\nwaive:flag\nrule:text");
}

TEST(DslParseTable, TableClauses) {
  EXPECT_EQ(clauses("table t from \"t.csv\" { a text key row }"), "t from(\"t.csv\") key(<row>)");
  EXPECT_EQ(clauses("table t { a text key 「row」 }"), "t key(row)");
  EXPECT_EQ(clauses("table t { row text a text key row, a }"), "t key(row,a)");
  EXPECT_EQ(clauses("table t { a text where a != \"計\" and b >= 0 complete a, b nil \"*\" unknown \"?\", \"??\" }"),
            "t nil(\"*\") unknown(\"?\",\"??\") where (and (!= a \"計\") (>= b 0)) complete(a,b)");
  EXPECT_EQ(clauses("table t { format csv encoding \"cp932\" delimiter \";\" decimal \",\" group \".\" header 2 skip 1 "
                    "sheet \"表 1\" range \"A1:C9\" table 2 a text }"),
            "t format=csv encoding=cp932 delimiter=; decimal=, group=. header=#2 skip=#1 sheet=表 1 range=A1:C9 table=#2");
  EXPECT_EQ(clauses("table t { format xlsx encoding utf-8 sheet 表1 range A1:C9 a text\ntable 3 }"),
            "t format=xlsx encoding=utf-8 sheet=表1 range=A1:C9 table=#3");
}

TEST(DslParseTable, SeveralFiles) {
  EXPECT_EQ(clauses("table budget across year { R3 = \"R3.csv\", R4 = \"R4.csv\", R5 = none } { a text }"),
            "budget across year(R3=R3.csv;R4=R4.csv;R5=none;)");
  EXPECT_EQ(clauses("table kofu from \"kofu-{year}.csv\" { a text }"), "kofu from(\"kofu-{year}.csv\")");
}

TEST(DslParseTable, Hierarchies) {
  EXPECT_EQ(hierarchy("k by parent p"), "k by parent p");
  EXPECT_EQ(hierarchy("k by level depth"), "k by level depth");
  EXPECT_EQ(hierarchy("k by prefix 2 4 6"), "k by prefix 2 4 6");
  EXPECT_EQ(hierarchy("k by path \"/\""), "k by path \"/\"");
  EXPECT_EQ(hierarchy("item { 合計 = 小計 + 災害復旧  小計 = 港湾 + 海岸 - 控除  \"Total\" = others }"),
            "item 合計 = +小計 +災害復旧; 小計 = +港湾 +海岸 -控除; Total = +<others>;");
  EXPECT_EQ(hierarchy("item { 1 = - a + 「others」 - others }"), "item 1 = -a +others -<others>;");
}

TEST(DslParseTable, ConditionOfAPartEndsAtTheNextSign) {
  EXPECT_EQ(hierarchy("item { 計 = a when year >= 3 + b when (x + y) > -1 - c  小計 = d when f(p - q) }"),
            "item 計 = +a{(>= year 3)} +b{(> (+ x y) (neg 1))} -c; 小計 = +d{f((- p q))};");
}

TEST(DslParseTable, SlashesArePatternsOnlyWhereOneIsDue) {
  EXPECT_EQ(clauses("table t { a text matches /a/ take /b/ where take / 2 > matches / x }"),
            "t where (> (/ take 2) (/ matches x))");
  EXPECT_EQ(columns("a 円/人 take /[/]+x\\/y/ b text"), "a:円/人 take/[/]+x\\/y/\nb:text");
}

}  // namespace
}  // namespace kenzan::test
