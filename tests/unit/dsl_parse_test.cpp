// Expressions and declarations other than tables: every form of the language reference parses to the tree that it says.
#include <gtest/gtest.h>

#include "dsl_parse_dump.hpp"

namespace kenzan::test {
namespace {

struct Case {
  std::string text, tree;
};

void expect_expressions(const std::vector<Case>& cases) {
  for (const Case& each : cases) EXPECT_EQ(expression(each.text), each.tree) << each.text;
}

std::string rule(const std::string& text) {
  const Parsed parsed(text);
  if (parsed.diagnostics.has_errors()) return parsed.said();
  return dump(parsed.file, parsed.file.rules.at(0));
}

TEST(DslParse, IdeaInFiveLines) {
  const Parsed parsed(R"(
rule delta                                   { require totals.amount[R6] - totals.amount[R5] = 約749.7億円 }
rule section-floor  by section, period       { require sections.amount >= sum(measures.amount) }
rule total-floor    by period                { require totals.amount >= sum(sections.amount) }
rule page-agrees    by measure, period, page { require pages.amount = measures.amount }
rule share-3                                 { require sections.amount[section: 3, R6] / totals.amount[R6] = 約7割 }
)");
  EXPECT_EQ(parsed.said(), "");
  ASSERT_EQ(parsed.file.rules.size(), 5u);
  EXPECT_EQ(dump(parsed.file, parsed.file.rules[0]), "delta require (= (- totals.amount[R6] totals.amount[R5]) 約749.7億円)");
  EXPECT_EQ(dump(parsed.file, parsed.file.rules[1]),
            "section-floor by section,period require (>= sections.amount sum(measures.amount))");
  EXPECT_EQ(dump(parsed.file, parsed.file.rules[3]), "page-agrees by measure,period,page require (= pages.amount measures.amount)");
  EXPECT_EQ(dump(parsed.file, parsed.file.rules[4]),
            "share-3 require (= (/ sections.amount[section:3,R6] totals.amount[R6]) 約7割)");
}

TEST(DslParse, OperatorsFromLooseToTight) {
  expect_expressions({
      {"a implies b implies c", "(implies a (implies b c))"},
      {"a or b implies c or d", "(implies (or a b) (or c d))"},
      {"a or b and c", "(or a (and b c))"},
      {"a and b and c", "(and (and a b) c)"},
      {"not a and b", "(and (not a) b)"},
      {"not a = b", "(not (= a b))"},
      {"not not a", "(not (not a))"},
      {"a = b else c", "(= a (else b c))"},
      {"a else b + c", "(else a (+ b c))"},
      {"a else b else c", "(else (else a b) c)"},
      {"a + b * c - d / e", "(- (+ a (* b c)) (/ d e))"},
      {"a - b - c", "(- (- a b) c)"},
      {"a / b / c", "(/ (/ a b) c)"},
      {"-a * -b", "(* (neg a) (neg b))"},
      {"- - a", "(neg (neg a))"},
      {"-a + b", "(+ (neg a) b)"},
      {"(a + b) * c", "(* (+ a b) c)"},
      {"a is nil or b is not missing", "(or (is a nil) (is-not b missing))"},
      {"not a is number", "(not (is a number))"},
      {"a + b in (1, 2)", "(in (+ a b) 1 2)"},
  });
}

TEST(DslParse, Comparisons) {
  expect_expressions({
      {"a = b", "(= a b)"},
      {"a != b", "(!= a b)"},
      {"a ≠ b", "(!= a b)"},
      {"a < b", "(< a b)"},
      {"a <= b", "(<= a b)"},
      {"a ≤ b", "(<= a b)"},
      {"a > b", "(> a b)"},
      {"a >= b", "(>= a b)"},
      {"a ≥ b", "(>= a b)"},
      {"a≦b", "(<= a b)"},
      {"a is unknown", "(is a unknown)"},
      {"a is suppressed", "(is a suppressed)"},
      {"a is not nil", "(is-not a nil)"},
      {"a in (\"新規\", \"継続\")", "(in a \"新規\" \"継続\")"},
      {"a not in (1)", "(not-in a 1)"},
      {"not a in (1)", "(not (in a 1))"},
      {R"(t.no matches /\d{3}/)", R"((matches t.no /\d{3}/))"},
  });
}

TEST(DslParse, ComparisonsDoNotChain) {
  const std::string message = "a comparison stands behind a comparison; join two with `and`: `a < b and b < c`";
  EXPECT_EQ(expression("a < b < c"), "1:24: " + message);
  EXPECT_EQ(expression("a = b is nil"), "1:24: " + message);
  EXPECT_EQ(expression("a is nil = b"), "1:27: " + message);
  EXPECT_EQ(expression("a = b not in (c)"), "1:24: " + message);
  EXPECT_EQ(expression("(a < b) = (b < c)"), "(= (< a b) (< b c))");
}

TEST(DslParse, Numbers) {
  expect_expressions({
      {"749.7億円", "749.7億円"},
      {"1,378.9億円", "1378.9億円(commas)"},
      {"1_000", "1000"},
      {"70%", "70%"},
      {"7割", "7割"},
      {"▲5億円", "▲5億円"},
      {"△1,234", "▲1234(commas)"},
      {"3兆2,500億円", "3兆2500億円(commas)"},
      {"1.2e5", "1.2e5"},
      {"1E-3円", "1e-3円"},
      {"5m3", "5m3"},
      {"12‰", "12‰"},
      {"1,378.9億円", "1378.9億円(commas)"},
      {"７０％", "70%"},
      {"約7割", "約7割"},
      {"約 7割", "約7割"},
      {"about 7割", "約7割"},
      {"約▲5億円", "約▲5億円"},
      {"約-5億円", "約▲5億円"},
      {"-5億円", "(neg 5億円)"},
      {"約3000億円 to 100億円", "約3000億円 to 100億円"},
      {"x = 約3,000億円 to 1_000億円 and y", "(and (= x 約3000億円(commas) to 1000億円) y)"},
      {"about - 5", "(- about 5)"},
      {"約束 + 1", "(+ 約束 1)"},
      {"2027-03-31", "@2027-03-31"},
      {"2027-3-31", "(- (- 2027 3) 31)"},
  });
}

TEST(DslParse, CommaIsOfANumberOnlyBeforeThreeDigits) {
  expect_expressions({
      {"f(1,234)", "f(1234(commas))"},
      {"f(1, 234)", "f(1,234)"},
      {"f(1,2345)", "f(1,2345)"},
      {"f(1,23)", "f(1,23)"},
      {"f(1,234,567)", "f(1234567(commas))"},
      {"f(1.5,300)", "f(1.5,300)"},
      {"f(1,234_5)", "f(1,2345)"},
  });
}

TEST(DslParse, FullWidthFormsAreFolded) {
  EXPECT_EQ(expression("ｔ．ｘ［年度：３，R6］＋２＝（１）＊１"), "(= (+ ｔ.ｘ[年度:3,R6] 2) (* 1 1))");
  EXPECT_EQ(rule("ｒｕｌｅ 検算－1 {ｒｅｑｕｉｒｅ　ａ！＝ｂ}＃ 終"), "検算－1 require (!= ａ ｂ)");
  EXPECT_EQ(expression("a >= 0 AND b").substr(0, 5), "1:25:");
}

TEST(DslParse, NamesFieldsAndBrackets) {
  expect_expressions({
      {"区分", "区分"},
      {"「歳出 総額」", "歳出 総額"},
      {"t.key", "t.key"},
      {"t.where", "t.where"},
      {"t.「歳 出」[「R 6」]", "t.歳 出[R 6]"},
      {"amount[R6]", "amount[R6]"},
      {"x[rule: 3]", "x[rule:3]"},
      {"x[section: 3, period: R6]", "x[section:3,period:R6]"},
      {"x[when, not, in: and]", "x[when,not,in:and]"},
      {"nace.level[code: nace.parent]", "nace.level[code:nace.parent]"},
      {"x[d: 2027-03-31, e: a + 1]", "x[d:@2027-03-31,e:(+ a 1)]"},
      {"x[\"令和 6\"]", "x[\"令和 6\"]"},
      {"source = section", "(= source section)"},
      {"message.text = tags", "(= message.text tags)"},
      {"is.a = matches.b", "(= is.a matches.b)"},
      {"in = 3 and matches / 2 > or", "(and (= in 3) (> (/ matches 2) or))"},
      {"a.matches / b.take / c", "(/ (/ a.matches b.take) c)"},
  });
}

TEST(DslParse, Calls) {
  expect_expressions({
      {"sum(measures.amount where ministry = \"防衛省\")", "sum(measures.amount where (= ministry \"防衛省\"))"},
      {"sum(x over section)", "sum(x over section)"},
      {"sum(x over a, b)", "sum(x over a,b)"},
      {"sum(a.v by parent as code)", "sum(a.v by parent as code)"},
      {"sum(a.v where x > 0 by p as q, r over s)", "sum(a.v over s by p as q by r where (> x 0))"},
      {"count(distinct pages.label)", "count(distinct pages.label)"},
      {"count(distinct)", "count(distinct)"},
      {"count(distinct = 1)", "count((= distinct 1))"},
      {"sorted(x, ascending)", "sorted(x,ascending)"},
      {"round(x, 0.1億円, half-even)", "round(x,0.1億円,half-even)"},
      {"round(x, 1, half-up) - half - up", "(- (- round(x,1,half-up) half) up)"},
      {"lag(x, period)", "lag(x,period)"},
      {"f()", "f()"},
      {"same(nfkc(trim(a)), b) and children(t.v) > 0", "(and same(nfkc(trim(a)),b) (> children(t.v) 0))"},
      {"sum(t.v where key = 1 over key)", "sum(t.v over key where (= key 1))"},
      {"min(a) / max(b[R6]) >= 0.5", "(>= (/ min(a) max(b[R6])) 0.5)"},
  });
}

TEST(DslParse, RuleClausesInAnyOrder) {
  EXPECT_EQ(rule(R"~(rule 検算-01 "合計" by 区分, period of t, u {
    vacuous  allowed
    message  "{section}: {left} は {right} を下回る(差 {gap})"
    require  exactly a = b
    when     a is number
    tags     total, r6
    source   "概要 注2"
    severity warning
  })~"),
            "検算-01 \"合計\" by 区分,period of t,u severity(warning) source(\"概要 注2\") tags(total,r6) when (is a number) "
            "require (= a b) exactly message(\"{section}: {left} は {right} を下回る(差 {gap})\") vacuous-allowed");
  EXPECT_EQ(rule("rule r { require surely a <= b }"), "r require (<= a b) surely");
  EXPECT_EQ(rule("rule r { require surely not (a) }"), "r require (not a) surely");
  EXPECT_EQ(rule("rule r { require exactly = surely.x }"), "r require (= exactly surely.x)");
  EXPECT_EQ(rule("rule 「a b」 { require x }"), "a b require x");
  EXPECT_EQ(rule("rule 2-a { require x }").substr(0, 4), "1:6:");
}

TEST(DslParse, Strings) {
  const Parsed parsed(R"(rule r { source "a \"b\" \\ c\nd \d" require x })");
  EXPECT_EQ(parsed.said(), "");
  EXPECT_EQ(*parsed.file.rules.at(0).source, "a \"b\" \\ c\nd \\d");
}

TEST(DslParse, Units) {
  const Parsed parsed(R"(
unit 円      unit 千円 = 1_000 円      unit 百万円 = 1_000 千円      unit 億円 = 100 百万円
unit 割 = 0.1      unit % = 0.01      unit 人      unit 件   unit ‰ = 0.001
unit USD  unit kUSD = 1_000 USD unit 万円 = 10,000円 unit 「a b」 = 2 「c d」)");
  EXPECT_EQ(parsed.said(), "");
  std::string units;
  for (const auto& unit : parsed.file.units) {
    units += unit.name.text + (unit.definition ? "=" + dump(parsed.file, *unit.definition) : "") + ";";
  }
  EXPECT_EQ(units,
            "円;千円=1000円;百万円=1000千円;億円=100百万円;割=0.1;%=0.01;人;件;‰=0.001;"
            "USD;kUSD=1000USD;万円=10000円(commas);a b=2c d;");
}

TEST(DslParse, DefinitionsImportsParameters) {
  const Parsed parsed(R"(define share(part, whole) = part / whole
use "common.kz"
param tolerance = 0億円
param low = -5億円 param from = 2024-04-01 param who = "総務省"
define one() = 1)");
  EXPECT_EQ(parsed.said(), "");
  ASSERT_EQ(parsed.file.defines.size(), 2u);
  EXPECT_EQ(parsed.file.defines[0].parameters.size(), 2u);
  EXPECT_EQ(dump(parsed.file, parsed.file.defines[0].body), "(/ part whole)");
  EXPECT_EQ(parsed.file.uses.at(0).path, "common.kz");
  std::string params;
  for (const auto& param : parsed.file.params) params += param.name.text + "=" + dump(parsed.file, param.value) + ";";
  EXPECT_EQ(params, "tolerance=0億円;low=(neg 5億円);from=@2024-04-01;who=\"総務省\";");
}

TEST(DslParse, SpansCoverWhatWasWritten) {
  const Parsed parsed("rule r { require (a + b) * t.c[R6] = sum(x) }");
  const auto& file = parsed.file;
  const auto text = [&](dsl::tree::ExprId id) { return std::string(parsed.sources.text(file[id].span)); };
  const auto& equal = file[*file.rules.at(0).require];
  EXPECT_EQ(text(*file.rules[0].require), "(a + b) * t.c[R6] = sum(x)");
  EXPECT_EQ(text(equal.kids[0]), "(a + b) * t.c[R6]");
  EXPECT_EQ(text(file[equal.kids[0]].kids[0]), "(a + b)");
  EXPECT_EQ(text(file[equal.kids[0]].kids[1]), "t.c[R6]");
  EXPECT_EQ(parsed.sources.text(file[file[equal.kids[0]].kids[1]].text_span), "t");
  EXPECT_EQ(text(equal.kids[1]), "sum(x)");
  EXPECT_EQ(parsed.sources.text(file.rules[0].span), "rule r { require (a + b) * t.c[R6] = sum(x) }");
}

TEST(DslParse, WaiversAndTests) {
  const Parsed parsed(R"kz(test "a digit slip in the R6 total is caught" {
  set    totals.amount[R6] = 2,182.6億円
  set    totals.note = "(x)"  set t.set = none
  expect delta violated
  expect page-agrees rounding at [place: L102, R6]
  expect bad-number
  expect at violated
  expect totals bad-number at [「R6」]
}
waive section-names [section: 2, place: L96] until 2027-03-31 because "L96は「デジタル」を欠く" by "予算班"
waive until by "b" because "c" until 2027-03-31
rule test { require waive.test - expect = test })kz");
  EXPECT_EQ(parsed.said(), "");
  const dsl::tree::File& file = parsed.file;
  const auto written = [&](dsl::tree::ExprId id) { return std::string(parsed.sources.text(file[id].span)); };
  const auto labels = [&](const std::vector<dsl::tree::Bracket>& at) {
    std::string out;
    for (const auto& bracket : at) out += (bracket.dim ? bracket.dim->text : "?") + "=" + dump(file, bracket.value) + ";";
    return out;
  };
  ASSERT_EQ(file.tests.size(), 1U);
  const dsl::tree::Test& test = file.tests[0];
  EXPECT_EQ(test.name.text, "a digit slip in the R6 total is caught");
  ASSERT_EQ(test.changes.size(), 3U);
  EXPECT_EQ(written(test.changes[0].cell) + " " + written(test.changes[0].value), "totals.amount[R6] 2,182.6億円");
  EXPECT_EQ(dump(file, test.changes[1].value), "\"(x)\"");
  EXPECT_EQ(written(test.changes[2].cell) + " " + written(test.changes[2].value), "t.set none");
  std::string expected;
  for (const auto& each : test.expectations) {
    expected += each.subject.text + (each.outcome ? " " + each.outcome->text : "") + " " + labels(each.at) + "|";
  }
  EXPECT_EQ(expected, "delta violated |page-agrees rounding place=L102;?=R6;|bad-number |at violated |totals bad-number ?=R6;|");
  ASSERT_EQ(file.waivers.size(), 2U);
  const dsl::tree::Waiver& waiver = file.waivers[0];
  EXPECT_EQ(waiver.name.text + " " + labels(waiver.at), "section-names section=2;place=L96;");
  EXPECT_EQ(waiver.until->text + " " + waiver.because->text + " " + waiver.by->text, "2027-03-31 L96は「デジタル」を欠く 予算班");
  EXPECT_EQ(file.waivers[1].name.text, "until");
  ASSERT_EQ(file.rules.size(), 1U);
  EXPECT_EQ(dump(file, file.rules[0]), "test require (= (- waive.test expect) test)");
}

TEST(DslParse, LiteralOfTheCommandLine) {
  const auto literal = [](const std::string& text) -> std::string {
    SourceMap sources;
    Diagnostics diagnostics;
    dsl::tree::File file;
    const auto id = dsl::parse_literal(sources, sources.add("--set", text), file, diagnostics);
    return id ? dump(file, *id) : diagnostics.has_errors() ? "error" : "nothing";
  };
  EXPECT_EQ(literal("5億円"), "5億円");
  EXPECT_EQ(literal(" -5億円 "), "(neg 5億円)");
  EXPECT_EQ(literal("\"a b\""), "\"a b\"");
  EXPECT_EQ(literal("2027-03-31"), "@2027-03-31");
  EXPECT_EQ(literal("R6"), "\"R6\"");
  EXPECT_EQ(literal(" 防衛省 @ 2 "), "\"防衛省 @ 2\"");
  EXPECT_EQ(literal(""), "\"\"");
  EXPECT_EQ(literal("\"a"), "error");
  EXPECT_EQ(literal("\x82\xa0"), "error");
}

}  // namespace
}  // namespace kenzan::test
