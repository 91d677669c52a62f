// What the goldens cannot show: waived findings, findings without a place, broken sinks, and what limits do.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "diag/check.hpp"
#include "diag_sample.hpp"

namespace kenzan {
namespace {

using nlohmann::json;
using sample::Sample;
using test::count;
using test::rendered;
using test::report_of;

/// One finding of its rule.
Report report_with_rule(const Sample& sample) {
  Report report = report_of({sample.finding});
  RuleOutcome& rule = report.rules.emplace_back();
  rule.name = sample.finding.rule;
  rule.title = sample.finding.title;
  rule.place = sample.finding.rule_place;
  rule.evaluated = true;
  rule.instances = rule.verdicts[static_cast<std::size_t>(Verdict::violated)] = 1;
  return report;
}

TEST(WaivedFindings, AreSaidOrLeftOut) {
  Sample s;
  s.finding.waived = true;
  s.finding.waiver = WaivedBy{"2027-03-31", "why", "who"};
  const Report report = report_with_rule(s);
  const auto in = [&](auto render) { return rendered(render, report, s.sources); };
  EXPECT_NE(in(render_text).find("= note: waived until 2027-03-31 by who: why\n"), std::string::npos);
  EXPECT_NE(in(render_concise).find(": waived "), std::string::npos);
  EXPECT_NE(in(render_markdown).find("| waived |"), std::string::npos);
  EXPECT_NE(in(render_json).find("\"waived\": true"), std::string::npos);
  EXPECT_NE(in(render_jsonl).find("\"waived\": true"), std::string::npos);
  EXPECT_NE(in(render_junit).find("<skipped message=\"waived until 2027-03-31 by who: why\"/>"), std::string::npos);
  EXPECT_NE(in(render_junit).find("failures=\"0\""), std::string::npos);
  EXPECT_EQ(in(render_github), "");
  EXPECT_EQ(json::parse(in(render_gitlab)).size(), 0U);
  EXPECT_EQ(count(in(render_checkstyle), "<error"), 0U);
  EXPECT_EQ(json::parse(in(render_rdjson))["diagnostics"].size(), 0U);
  const json run = json::parse(in(render_sarif))["runs"][0];
  EXPECT_EQ(run["results"].size(), 0U);
  EXPECT_EQ(run["properties"]["waived"], 1);
}

TEST(Sarif, RulesOfOneNameAreOne) {
  Sample s;
  Report report = report_with_rule(s);
  RuleOutcome other = report.rules.front();
  other.name = "other";
  report.rules.insert(report.rules.begin(), {other, other});
  const json run = json::parse(rendered(render_sarif, report, s.sources))["runs"][0];
  const json& result = run["results"][0];
  EXPECT_EQ(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"], result["ruleId"]);
}

TEST(FindingsWithoutAPlace, GetThatOfARule) {
  Sample s;
  s.finding.primary.reset();
  s.finding.cells.clear();
  s.finding.place = {};
  s.finding.rule_place = {};
  Report report = report_with_rule(s);
  report.rules[0].place = sample::find(s.sources, s.rules, "sum-01");
  const json log = json::parse(rendered(render_sarif, report, s.sources));
  const json& place = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"];
  EXPECT_EQ(place["artifactLocation"]["uri"], "t.kz");
  EXPECT_EQ(place["region"]["startLine"], 2);
  EXPECT_TRUE(rendered(render_github, report, s.sources).starts_with("::error file=t.kz,line=2,col=6,"));
  report.rules.clear();
  for (const Format& format : formats()) EXPECT_NO_THROW((void)rendered(format.render, report, s.sources)) << format.name;
}

TEST(Sarif, PathsAreReferences) {
  SourceMap sources;
  Sample s;
  const auto uri = [&](std::string path) {
    const SourceId id = sources.add(std::move(path), "x");
    Finding finding;
    finding.code = "bad-number";
    finding.place = {id, 0, 1};
    const json log = json::parse(rendered(render_sarif, report_of({finding}), sources));
    return log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]["uri"].get<std::string>();
  };
  EXPECT_EQ(uri("a b/c:d%.csv"), "a%20b/c%3Ad%25.csv");
  EXPECT_EQ(uri("概要.csv"), "%E6%A6%82%E8%A6%81.csv");
  EXPECT_EQ(uri("/srv/a?b#c.csv"), "file:///srv/a%3Fb%23c.csv");
}

TEST(Junit, ShowsFindingsThatWereLeftOut) {
  const Sample s;
  Report report = report_with_rule(s);
  report.rules[0].verdicts[static_cast<std::size_t>(Verdict::violated)] = 3;
  EXPECT_NE(rendered(render_junit, report, s.sources).find("\n2 more findings\n</failure>"), std::string::npos);
  report.findings.clear();
  report.summary.truncated = 3;
  const std::string text = rendered(render_junit, report, s.sources);
  EXPECT_NE(text.find("<failure type=\"violated\" message=\"3 more findings\">3 more findings\n</failure>"), std::string::npos)
      << text;
}

TEST(Markdown, SaysWhatALimitLeavesOut) {
  const Sample s;
  const Report report = report_of(std::vector<Finding>(50, s.finding));
  const std::string text = rendered(render_markdown, report, s.sources, {.most_bytes = 2000});
  EXPECT_LE(text.size(), 2030U);
  const std::size_t rows = count(text, "\n| 4:4 |");
  EXPECT_GT(rows, 5U);
  EXPECT_TRUE(text.ends_with("\n\n" + std::to_string(50 - rows) + " more findings\n")) << text;
}

TEST(GitLab, FingerprintsDiffer) {
  const Sample s;
  std::vector<Finding> findings(4, s.finding);
  for (Finding& finding : findings) finding.fingerprint = "0123456789abcdef";
  findings[1].fingerprint = "fedcba9876543210";
  const json issues = json::parse(rendered(render_gitlab, report_of(findings), s.sources));
  std::set<std::string> seen;
  for (const json& issue : issues) seen.insert(issue["fingerprint"].get<std::string>());
  EXPECT_EQ(seen, (std::set<std::string>{"0123456789abcdef", "0123456789abcdef-2", "0123456789abcdef-3", "fedcba9876543210"}));
}

TEST(Sink, HandsOnPiecesUntilOneFails) {
  const Sample s;
  const Report report = report_of(std::vector<Finding>(1000, s.finding));
  for (const Format& format : formats()) {
    std::size_t pieces = 0, longest = 0;
    Sink whole([&](std::string_view piece) {
      ++pieces;
      longest = std::max(longest, piece.size());
      return true;
    });
    format.render(whole, report, s.sources, {});
    EXPECT_TRUE(whole.finish());
    EXPECT_GE(pieces, std::min<std::size_t>(whole.size() / 100'000, 3)) << format.name;
    EXPECT_LT(longest, 100'000U) << format.name;
    std::size_t tries = 0;
    Sink broken([&tries](std::string_view) { return ++tries, false; });
    format.render(broken, report, s.sources, {});
    EXPECT_FALSE(broken.finish());
    EXPECT_EQ(tries, 1U) << format.name;
  }
}

TEST(BuiltinChecks, AreSorted) { EXPECT_TRUE(std::ranges::is_sorted(builtin_checks(), {}, &BuiltinCheck::code)); }

}  // namespace
}  // namespace kenzan
