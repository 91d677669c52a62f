// The renderers beside the text format: mistakes in rules, one line each, JSON, the last line.
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "diag_sample.hpp"

namespace kenzan {
namespace {

using nlohmann::ordered_json;
using sample::Sample;
using test::rendered;
using test::report_of;

std::vector<std::string> keys(const ordered_json& object) {
  std::vector<std::string> names;
  for (const auto& [name, value] : object.items()) names.push_back(name);
  return names;
}

TEST(RenderDiagnostics, MarksThePlaceAndOffersTheNextStep) {
  SourceMap sources;
  const SourceId id = sources.add("rules/x.kz", "rule a {\n  # 検算\n  require measures.ammount = 1億円\n}\n");
  Diagnostic d;
  d.message = say(MessageId::quoted_value, {{"value", "ammount"}});
  d.place = sample::find(sources, id, "measures.ammount");
  d.helps = {say(MessageId::quoted_value, {{"value", "amount"}})};
  EXPECT_EQ(render_diagnostics({&d, 1}, sources, {}), R"(rules/x.kz:3:11: error: `ammount`
  |
3 |   require measures.ammount = 1億円
  |           ^^^^^^^^^^^^^^^^
  = help: `amount`
)");
}

TEST(RenderDiagnostics, LabelsFurtherPlaces) {
  SourceMap sources;
  const SourceId id = sources.add("x.kz", "require 甲 + 乙\n");
  const SourceId other = sources.add("y.kz", "\n\ntable 甲\n");
  Diagnostic d;
  d.severity = Severity::warning;
  d.message = say(MessageId::mark_blank);
  d.place = sample::find(sources, id, "甲 + 乙");
  d.labels = {{sample::find(sources, id, "甲"), say(MessageId::mark_unknown)},
              {sample::find(sources, id, "乙"), say(MessageId::mark_nil)},
              {sample::find(sources, other, "甲"), say(MessageId::mark_blank)}};
  EXPECT_EQ(render_diagnostics({&d, 1}, sources, {Language::japanese, false}), R"(x.kz:1:9: warning: 空欄
  |
1 | require 甲 + 乙
  |         ^^^^^^^ 皆無(ちょうど0)
  |         |
  |         不詳
  |
 ::: y.kz:3:7
  |
3 | table 甲
  |       -- 空欄
)");
}

TEST(RenderConcise, WritesALineEach) {
  Sample s;
  s.finding.instance = {{"period", "R6"}};
  s.finding.custom_message = "a\nb";
  Finding check;
  check.code = "bad-number";
  check.severity = Severity::warning;
  check.custom_message = "c";
  const std::vector<Finding> two = {s.finding, check};
  EXPECT_EQ(rendered(render_concise, report_of(two), s.sources),
            "t.csv:4:4: error sum-01: 合計は内訳の和: [period: R6] a␊b\n"
            "warning bad-number: c\n");
}

TEST(RenderJson, HasTheShapeOfTheContract) {
  Sample s;
  s.finding.instance = {{"period", "R6"}};
  Summary summary;
  summary.rules = 1;
  summary.instances = 3;
  summary.verdicts[3] = 1;
  summary.errors = 1;
  summary.figures = 4;
  summary.figures_checked = 3;
  const std::string text = rendered(render_json, report_of({s.finding}, summary), s.sources, {.tool_version = "0.1.0"});
  EXPECT_EQ(text.back(), '\n');
  const ordered_json json = ordered_json::parse(text);
  EXPECT_EQ(text, json.dump(2) + "\n");
  const ordered_json expected = ordered_json::parse(R"({ "version": 1,
    "tool": {"name": "kenzan", "version": "0.1.0"},
    "summary": {"complete": true, "interrupted": false, "rules": 1, "instances": 3,
                "verdicts": {"holds": 0, "rounding": 0, "implausible": 0, "violated": 1, "unmatched": 0, "unknown": 0, "vacuous": 0},
                "findings": {"error": 1, "warning": 0, "info": 0}, "waived": 0,
                "figures": {"total": 4, "checked": 3}, "truncated": 0},
    "findings": [
      { "rule": "sum-01", "severity": "error", "verdict": "violated", "waived": false, "instance": {"period": "R6"},
        "message": "25.9億円 is at least 0.15億円 above its parts", "source": "概要 注2", "fingerprint": "0123abcd",
        "left":  {"value": "25.9", "low": "25.85", "high": "25.95", "low_closed": true, "high_closed": false, "unit": "億円"},
        "right": {"value": "25.6", "low": "25.5", "high": "25.7", "low_closed": true, "high_closed": false, "unit": "億円"},
        "gap": "0.15",
        "cells": [
          {"role": "left", "file": "t.csv", "line": 4, "column": 4, "end_column": 8, "table": "t", "field": "金額",
           "key": {"区分": "合計"}, "text": "25.9"},
          {"role": "right", "file": "t.csv", "line": 2, "column": 4, "end_column": 8, "table": "t", "field": "金額",
           "key": {}, "text": "13.4"},
          {"role": "right", "file": "t.csv", "line": 3, "column": 4, "end_column": 8, "table": "t", "field": "金額",
           "key": {}, "text": "12.2"}],
        "suggestions": [] } ] })");
  EXPECT_EQ(json, expected);
  EXPECT_EQ(json.dump(), expected.dump());  // the order of the keys too
}

TEST(RenderJson, NamesABuiltInCheckByItsCode) {
  Finding check;
  check.code = "bad-number";
  check.custom_message = "c";
  check.cells.resize(1);  // of a row that does not exist
  check.cells_omitted = 2;
  const ordered_json json = ordered_json::parse(rendered(render_json, report_of({check}), SourceMap()));
  const ordered_json& finding = json["findings"][0];
  EXPECT_EQ(keys(finding), (std::vector<std::string>{"code", "severity", "waived", "instance", "message", "source", "fingerprint",
                                                     "cells", "cells_omitted", "suggestions"}));
  EXPECT_EQ(keys(finding["cells"][0]), (std::vector<std::string>{"role", "table", "field", "key", "text"}));
}

TEST(RenderJson, IsValidAndHarmlessForAnyBytes) {
  Sample s;
  s.finding.custom_message = "\xFF\x1b[2J\"\\\n\t\x7F\xC2\x9B\xE2\x80\xAE\xF3\xA0\x81\x81";
  const std::string text = rendered(render_json, report_of({s.finding}), s.sources);
  for (const std::string_view raw : {"\x1b", "\x7F", "\xC2\x9B", "\xE2\x80\xAE"}) EXPECT_EQ(text.find(raw), text.npos);
  EXPECT_EQ(ordered_json::parse(text)["findings"][0]["message"],
            "\xEF\xBF\xBD\x1b[2J\"\\\n\t\x7F\xC2\x9B\xE2\x80\xAE\xF3\xA0\x81\x81");
}

TEST(RenderJson, WritesNoFindingsAsAnEmptyList) {
  EXPECT_TRUE(ordered_json::parse(rendered(render_json, {}, SourceMap()))["findings"].empty());
}

TEST(RenderSummary, CountsWhatWasCheckedAndWhatWasNot) {
  Summary s;
  s.rules = 24;
  s.instances = 312;
  s.verdicts[0] = 290;
  s.verdicts[1] = 15;
  s.verdicts[3] = 3;
  s.verdicts[5] = 4;
  s.figures = 162;
  s.figures_checked = 160;
  s.errors = 2;
  s.warnings = 3;
  s.infos = 4;
  EXPECT_EQ(render_summary(s, {}),
            "24 rules, 312 instances: 290 hold, 15 within rounding, 3 violated, 4 unknown; "
            "figures: 160 of 162 checked, 2 unchecked; 2 errors, 3 warnings, 4 notes\n");
  EXPECT_EQ(render_summary(s, {Language::japanese, false}),
            "ルール24件、判定312件: 成立290、端数の範囲内15、違反3、判定不能4。"
            "数値: 162個のうち検査済み160、未検査2。エラー2件、警告3件、情報4件\n");
}

TEST(RenderSummary, SaysWhatIsNotShownAndWhatIsNotComplete) {
  Summary s;
  s.complete = false;
  s.rules = s.instances = s.verdicts[0] = s.errors = s.waived = s.truncated = 1;
  EXPECT_EQ(render_summary(s, {}),
            "incomplete run: 1 rule, 1 instance: 1 holds, 0 violated; figures: 0 of 0 checked, 0 unchecked; "
            "1 error, 0 warnings, 0 notes, 1 waived; 1 finding not shown\n");
  s.interrupted = true;
  EXPECT_TRUE(render_summary(s, {}).starts_with("interrupted, incomplete run: 1 rule, "));
  EXPECT_TRUE(render_summary(s, {Language::japanese, false}).starts_with("検査は中断され、完了していない: "));
  const ordered_json summary = ordered_json::parse(rendered(render_json, report_of({}, s), SourceMap()))["summary"];
  EXPECT_FALSE(summary["complete"]);
  EXPECT_TRUE(summary["interrupted"]);
}

TEST(Locate, CountsCodePointsFromOne) {
  Sample s;
  locate(s.finding, s.sources);
  EXPECT_EQ(s.finding.cells[0].line, 4U);
  EXPECT_EQ(s.finding.cells[0].column, 4U);
  EXPECT_EQ(s.finding.cells[0].end_column, 8U);
}

}  // namespace
}  // namespace kenzan
