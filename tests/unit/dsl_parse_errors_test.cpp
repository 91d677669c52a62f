// Mistakes in rule files: one message for each, at its place, hiding no other; and the bounds of the parser.
#include <gtest/gtest.h>

#include "dsl_parse_dump.hpp"

namespace kenzan::test {
namespace {

std::string said(const std::string& text) { return Parsed(text).said(); }

TEST(DslParseErrors, ExpectedAndFound) {
  EXPECT_EQ(said("rule r { severty error require a = b }"),
            "1:10: expected a clause of the rule or `}`, found `severty`; `severty`: did you mean `severity`?");
  EXPECT_EQ(said("rule r { require a = b }}"),
            "1:25: expected a declaration: `rule`, `table`, `unit`, `define`, `use`, `param`, `test` or `waive`, found `}`");
  EXPECT_EQ(said("tabel t { a text }"),
            "1:1: expected a declaration: `rule`, `table`, `unit`, `define`, `use`, `param`, `test` or `waive`, found `tabel`; "
            "`tabel`: did you mean `table`?");
  EXPECT_EQ(said("define f(x) x + 1"), "1:13: expected `=` and a definition, found `x`");
  EXPECT_EQ(said("define f(x y) = 1"), "1:12: expected `,` or `)`, found `y`");
  EXPECT_EQ(said("table t { a }"),
            "1:13: expected a column type: `text`, `number`, `integer`, `money`, `date`, `flag` or a unit, found `}`");
  EXPECT_EQ(said("rule r { require a = }"), "1:22: expected an expression, found `}`");
  EXPECT_EQ(said("rule r { require sum(a b) = 1 }"), "1:24: expected `,` or `)`, found `b`");
  EXPECT_EQ(said("rule r { require t. = 1 }"), "1:21: expected a name, found `=`");
  EXPECT_EQ(said("rule r { require t.a[] }"), "1:22: expected an expression, found `]`");
  EXPECT_EQ(said("rule r { require t.a[x y] }"), "1:24: expected `,` or `]`, found `y`");
  EXPECT_EQ(said("rule r { require a is nul }"),
            "1:23: expected `nil`, `unknown`, `suppressed`, `number` or `missing`, found `nul`; `nul`: did you mean `nil`?");
  EXPECT_EQ(said("rule r { require a matches \"x\" }"),
            "1:28: expected a regular expression between slashes, `/…/`, found `\"x\"`");
  EXPECT_EQ(said("rule r { require a = b AND c }"),
            "1:24: expected a clause of the rule or `}`, found `AND`; `AND`: did you mean `and`?");
  EXPECT_EQ(said("rule r { require a == b }"), "1:21: expected an expression, found `=`; equality is written `=`");
  EXPECT_EQ(said("rule r { when require a }"), "1:15: expected an expression, found `require`");
  EXPECT_EQ(said("rule r { require a vacuous alowed }"),
            "1:28: expected `allowed`, found `alowed`; `alowed`: did you mean `allowed`?");
  EXPECT_EQ(said("rule r { severity fatal require a }"), "1:19: expected `error`, `warning` or `info`, found `fatal`");
  EXPECT_EQ(said("rule r bye x { require a }"),
            "1:8: expected `{` and the clauses of the rule, or `by` before it, found `bye`; `bye`: did you mean `by`?");
  EXPECT_EQ(said("rule { require a }"), "1:6: expected a name for the rule, found `{`");
  EXPECT_EQ(said("table { a text }"), "1:7: expected a name for the table, found `{`");
  EXPECT_EQ(said("table t \"t.csv\" { a text }"), "1:9: expected `{` and the columns of the table, found `\"t.csv\"`");
  EXPECT_EQ(said("unit = 3"), "1:6: expected a name for the unit, found `=`");
  EXPECT_EQ(said("unit a = b"), "1:10: expected a number of another unit, or a number alone, found `b`");
  EXPECT_EQ(said("param p 3"), "1:9: expected `=` and a value, found `3`");
  EXPECT_EQ(said("param p = q"), "1:11: expected a number, a text in quotes or a date, found `q`");
  EXPECT_EQ(said("use common.kz"), "1:5: expected a text in quotes, found `common`");
}

TEST(DslParseErrors, InTables) {
  EXPECT_EQ(
      said("table t { a 円 rounded halfup }"),
      "1:23: expected how it was rounded: `nearest`, `half-up`, `half-even`, `truncated`, `away`, `floor`, `ceiling` or `exact`, "
      "found `halfup`; `halfup`: did you mean `half-up`?");
  EXPECT_EQ(said("table t { a 円 optinal key a }"),
            "1:23: expected a column type: `text`, `number`, `integer`, `money`, `date`, `flag` or a unit, found `key`; "
            "`optinal`: did you mean `optional`?");
  EXPECT_EQ(said("table t { a 円 optinal\n name text }"),
            "2:12: expected a column type: `text`, `number`, `integer`, `money`, `date`, `flag` or a unit, found `}`; "
            "`optinal`: did you mean `optional`?");
  EXPECT_EQ(said("table t { group text }"),
            "1:17: expected a text in quotes, found `text`; `group` begins a clause of the table here; "
            "a column of that name is written 「group」");
  EXPECT_EQ(said("table t { a 円 brackets plus }"), "1:24: expected `plain`, `minus` or `none`, found `plus`");
  EXPECT_EQ(said("table t { a 円 from , }"), "1:20: expected the header in quotes, or the position of the column, found `,`");
  EXPECT_EQ(said("table t { a 円 from 1.5 }"), "1:20: expected the header in quotes, or the position of the column, found `1.5`");
  EXPECT_EQ(said("table t { a 円 across d { R6 \"x\" } }"), "1:29: expected `=`, found `\"x\"`");
  EXPECT_EQ(said("table t { a 円 across d { } }"), "1:26: expected a label: a name, a whole number or a text in quotes, found `}`");
  EXPECT_EQ(said("table t { a 円 across d ; }").substr(0, 5), "1:24:");
  EXPECT_EQ(said("table t { a 円 across d : }"), "1:24: expected `{` and the labels with their headers, or `from /…/`, found `:`");
  EXPECT_EQ(said("table t { a text in 3 }"),
            "1:21: expected `(` and the permitted values, or a column as `table.column`, found `3`");
  EXPECT_EQ(said("table t { a text in (新規) }"), "1:22: expected a number, a text in quotes or a date, found `新規`");
  EXPECT_EQ(said("table t { : }"), "1:11: expected a column, a clause of the table or `}`, found `:`");
  EXPECT_EQ(said("table t { a text skip x }"),
            "1:23: expected a whole number, found `x`; `skip` begins a clause of the table here; "
            "a column of that name is written 「skip」");
  EXPECT_EQ(said("table t { a text hierarchy a along b }"),
            "1:30: expected `by` or `{` and the totals with their parts, found `along`");
  EXPECT_EQ(said("table t { a text hierarchy a by parents b }"),
            "1:33: expected `parent`, `level`, `prefix` or `path`, found `parents`; `parents`: did you mean `parent`?");
  EXPECT_EQ(said("table t { a text hierarchy a { x = } }"), "1:36: expected a part: a label or `others`, found `}`");
  EXPECT_EQ(said("table t { a text hierarchy a { x = y * z } }"), "1:38: expected `+`, `-`, another total or `}`, found `*`");
  EXPECT_EQ(said("table t across y { R5 = 3 } { a text }"), "1:25: expected a file in quotes, or `none`, found `3`");
  EXPECT_EQ(said("table t { format \"csv\" }"), "1:18: expected the name of a format, as in `csv`, found `\"csv\"`");
}

TEST(DslParseErrors, ClausesStandOnce) {
  EXPECT_EQ(said("rule r { require a severity info require b severity error }"),
            "1:34: `require` is given twice; keep one\n1:44: `severity` is given twice; keep one");
  EXPECT_EQ(said("table t { a 円 optional optional b 円 optional key a key b }"),
            "1:24: `optional` is given twice; keep one\n1:52: `key` is given twice; keep one");
  EXPECT_EQ(said("rule r { require sum(a where b where c) = 1 }"), "1:32: `where` is given twice; keep one");
}

TEST(DslParseErrors, ARuleRequires) {
  const Parsed parsed("rule r { when a }\nrule s { require a }");
  EXPECT_EQ(parsed.said(), "1:6: rule `r` has no `require`: it asserts nothing; write `require` and what must hold");
  EXPECT_EQ(parsed.file.rules.size(), 1u);
  EXPECT_EQ(parsed.file.lost, std::vector<std::string>{"r"});
}

TEST(DslParseErrors, Characters) {
  EXPECT_EQ(said("rule r { require a ;; b }"), "1:20: `;;` means nothing here; a name with such characters is written 「…」");
  EXPECT_EQ(said("rule r { require \"a }"), "1:18: this text has no closing `\"` on its line");
  EXPECT_EQ(said("rule r { require 「a }"), "1:18: this name has no closing 」 on its line");
  EXPECT_EQ(said("rule r { require 「」 = 1 }"), "1:18: 「」 holds no name");
  EXPECT_EQ(said("rule r { require a matches /[a }"), "1:28: this regular expression has no closing `/` on its line");
  EXPECT_EQ(said("rule r { require a = 2027-02-29 }"), "1:22: there is no day 2027-02-29 in the calendar");
  EXPECT_EQ(said("rule r { require a = \x82\xa0 or \x82 }"),
            "1:22: this file is not UTF-8: byte 0x82 stands here; save it as UTF-8");
  EXPECT_EQ(said("# \xff\nrule r { require \"\xff\" }"), "1:3: this file is not UTF-8: byte 0xFF stands here; save it as UTF-8");
  EXPECT_EQ(said("rule r { require ▲a }"), "1:18: `▲` means nothing here; a name with such characters is written 「…」");
  EXPECT_EQ(said("\xEF\xBB\xBFrule r { require a }"), "");
  EXPECT_EQ(said(""), "");
}

TEST(DslParseErrors, AMistakeHidesNoOther) {
  const Parsed parsed(R"(rule a { require x = }
table b from "b.csv" { k text key }
unit c = d
define e(x = 1
param f = g
rule h by unit, rule { require x ( }
rule good { require x = 1 }
rule i { require x = 1
rule j "no brace" by k
table l from "l.csv" {
  unit text
  rule text
  v 円 brackets up
  key unit
}
rule also-good { require x })");
  EXPECT_EQ(parsed.said(), R"(1:22: expected an expression, found `}`
2:35: expected a name, found `}`
3:10: expected a number of another unit, or a number alone, found `d`
4:12: expected `,` or `)`, found `=`
5:11: expected a number, a text in quotes or a date, found `g`
6:36: expected `,` or `)`, found `}`
9:1: expected a clause of the rule or `}`, found `rule`
10:1: expected `{` and the clauses of the rule, or `by` before it, found `table`
13:16: expected `plain`, `minus` or `none`, found `up`)");
  EXPECT_EQ(parsed.file.lost, (std::vector<std::string>{"a", "b", "c", "e", "f", "h", "i", "j", "l"}));
  ASSERT_EQ(parsed.file.rules.size(), 2u);
  EXPECT_EQ(parsed.file.rules[1].name.text, "also-good");
}

TEST(DslParseErrors, AnUnclosedBraceShowsWhereItOpened) {
  const Parsed parsed("rule a {\n  require f(x\n\nrule b { require x }");
  EXPECT_EQ(parsed.said(), "4:1: expected `,` or `)`, found `rule`");
  ASSERT_EQ(parsed.diagnostics.all()[0].labels.size(), 1u);
  EXPECT_EQ(parsed.sources.text(parsed.diagnostics.all()[0].labels[0].span), "(");
  EXPECT_EQ(parsed.file.rules.size(), 1u);
  EXPECT_EQ(said("table t { a text\n\n"), "1:17: expected a column, a clause of the table or `}`, found the end of the file");
}

// --- bounds ---

std::string repeat(std::string_view text, std::size_t times) {
  std::string result;
  for (std::size_t i = 0; i < times; ++i) result += text;
  return result;
}

TEST(DslParseBounds, NestingIsBounded) {
  const std::string message = "brackets are nested more than 200 deep here";
  const Parsed parsed("rule r { require " + repeat("(", 20'000) + "x" + repeat(")", 20'000) + " }\nrule s { require a }");
  EXPECT_EQ(parsed.said(), "1:217: " + message);
  EXPECT_EQ(parsed.file.rules.size(), 1u);
  EXPECT_EQ(said("rule r { require " + repeat("(", 1'000'000)), "1:217: " + message);
  EXPECT_EQ(said("rule r { require " + repeat("f(x[", 20'000)).substr(0, 4), "1:41");
  EXPECT_EQ(expression(repeat("(", 199) + "x" + repeat(")", 199)), "x");
  EXPECT_EQ(expression(repeat("f(", 199) + "x" + repeat(")", 199)).substr(0, 8), "f(f(f(f(");
}

TEST(DslParseBounds, ChainsAreBounded) {
  const std::string message = "this expression joins more than 1000 operators in one chain; split it with `define`";
  EXPECT_EQ(expression(repeat("x + ", 900) + "x").substr(0, 4), "(+ (");
  EXPECT_EQ(expression(repeat("x implies ", 900) + "x").substr(0, 8), "(implies");
  for (const std::string chain : {"x + ", "x implies ", "- ", "not ", "x and ", "x else "}) {
    const std::string result = expression(repeat(chain, 100'000) + "x");
    ASSERT_GT(result.size(), message.size()) << chain;
    EXPECT_EQ(result.substr(result.size() - message.size()), message) << chain;
  }
}

TEST(DslParseBounds, GarbageIsReadInLinearTime) {
  std::string garbage;
  std::uint32_t seed = 1;
  while (garbage.size() < (1u << 20)) garbage += static_cast<char>((seed = seed * 1664525u + 1013904223u) >> 24);
  EXPECT_TRUE(Parsed(garbage).diagnostics.has_errors());
  for (const std::string piece : {"{", "}", "\"", "「", "rule ", "rule a { ", "table t {\n", "unit\n", "/", "a matches /", "@",
                                  "1,000,", "約", "-", "[a: ", "test\n", "2027-03-31", "\xff", "\n"}) {
    const std::string pieces = repeat(piece, (1u << 17) / piece.size());
    static_cast<void>(Parsed(pieces));
    static_cast<void>(Parsed("rule r { require " + pieces));
    static_cast<void>(Parsed("table t { a 円 " + pieces));
  }
}

TEST(DslParseBounds, EveryPrefixOfAFileIsSafe) {
  const std::string text = R"(unit 千円 = 1_000 円
table t from "t.csv" { 「区 分」 text in ("a") matches /a/  金額 億円 across p { R6 = "x" } key 「区 分」 hierarchy h { a = b - c when x } }
rule r "t" by a of t { when x is not nil require exactly sum(t.v[p: R6] where y not in (1, 2)) = 約3,000億円 to 1億円 message "m" })";
  for (std::size_t end = 0; end <= text.size(); ++end) {
    const Parsed parsed(text.substr(0, end));
    EXPECT_LE(parsed.diagnostics.errors(), 2u) << text.substr(0, end) << "\n" << parsed.said();
  }
}

TEST(DslParseBounds, FilesAreBounded) {
  EXPECT_EQ(said(std::string((16u << 20) + 1, ' ')),
            "1:1: this file is larger than 16 MiB; split it, and join the parts with `use`");
}

}  // namespace
}  // namespace kenzan::test
