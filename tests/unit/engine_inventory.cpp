// The tables of a run, cell by cell: states, values, and which instances read each.
#include <gtest/gtest.h>

#include <algorithm>

#include "diag/render.hpp"
#include "engine/run.hpp"
#include "tests/support/outcome.hpp"

namespace kenzan::test {
namespace {

using engine::RunOptions;
using engine::RunResult;

struct Tables {
  CompiledRules rules;
  RunResult result;

  Tables(const std::string& text, const Files& files, const std::function<void(RunOptions&)>& set = {})
      : rules(compile_rules(text)) {
    RunOptions options;
    options.load.open = [&files](const std::string& path) -> Result<std::string, std::string> {
      const auto at = files.find(path);
      if (at == files.end()) return tl::make_unexpected(std::string("No such file"));
      return at->second;
    };
    options.with_tables = true;
    options.as_of = "2026-01-01";
    if (set) set(options);
    result = engine::run(rules.sources, rules.program, options);
  }

  /// The cell of a row in the column that shows as `field`, or `field/label`.
  [[nodiscard]] CellView cell(std::size_t row, const std::string& field) const {
    const TableView& table = *result.tables.front();
    for (std::size_t c = 0; c < table.columns().size(); ++c) {
      const TableColumn& column = table.columns()[c];
      if (field == column.field + (column.across.empty() ? "" : "/" + column.across)) return table.cell(row, c);
    }
    throw std::runtime_error("no column " + field);
  }
  [[nodiscard]] std::vector<std::string> read_by(std::size_t row, const std::string& field) const {
    std::vector<std::string> out;
    for (const std::uint32_t index : cell(row, field).instances) {
      const Finding each = result.instance(index);
      out.push_back(each.rule.empty() ? each.code : each.rule + " " + std::string(name_of(*each.verdict)));
    }
    return out;
  }
};

const std::string sums = R"(table t from "t.csv" { 区分 text  金額 億円  key 区分  rounded half-up }
rule sum "合計" { require t.金額[合計] = t.金額[年金] + t.金額[医療] }
rule most "上限" { require t.金額[年金] <= 20億円 }
)";

TEST(Inventory, ACellHasTheWorstOfWhatTheRulesSay) {
  const Files files = {{"t.csv", "区分,金額,備考\n年金,13.4,\n医療,12.2,x\n合計,25.9,\n予備,3.0,\n"}};
  std::string text = sums;
  text.insert(text.find(" key 区分"), " 備考 text optional ");
  const Tables t(text, files);
  ASSERT_EQ(t.result.tables.size(), 1U);
  const TableView& table = *t.result.tables.front();
  EXPECT_EQ(table.name(), "t");
  EXPECT_EQ(table.files(), std::vector<std::string>{"t.csv"});
  EXPECT_EQ(table.rows(), 4U);
  ASSERT_EQ(table.columns().size(), 3U);
  EXPECT_FALSE(table.columns()[0].figure);
  EXPECT_TRUE(table.columns()[1].figure);
  EXPECT_EQ(table.columns()[1].unit, "億円");

  const CellView pension = t.cell(0, "金額");
  EXPECT_EQ(pension.state, CellState::violated);
  EXPECT_EQ(pension.value, "13.4");
  EXPECT_EQ(pension.evidence.text, "13.4");
  EXPECT_EQ(pension.evidence.low, "13.35");
  EXPECT_EQ(pension.evidence.line, 2U);
  EXPECT_EQ(pension.evidence.column, 4U);
  EXPECT_EQ(t.read_by(0, "金額"), (std::vector<std::string>{"sum violated", "most holds"}));
  EXPECT_EQ(t.cell(3, "金額").state, CellState::unchecked);
  EXPECT_TRUE(t.read_by(3, "金額").empty());
  EXPECT_EQ(t.cell(0, "備考").state, CellState::label);
  EXPECT_EQ(t.cell(0, "区分").evidence.text, "年金");
}

TEST(Inventory, RoundingExactWaivedAndWarned) {
  const Files files = {{"t.csv", "区分,金額\n年金,13.4\n医療,12.2\n合計,25.7\n"}};
  EXPECT_EQ(Tables(sums, files).cell(2, "金額").state, CellState::rounding);
  EXPECT_EQ(Tables(sums, {{"t.csv", "区分,金額\n年金,13.4\n医療,12.2\n合計,25.6\n"}}).cell(2, "金額").state, CellState::exact);
  const Files wrong = {{"t.csv", "区分,金額\n年金,13.4\n医療,12.2\n合計,29\n"}};
  const std::string waive = R"(waive sum until 2099-01-01 because "正誤表待ち" by "担当")";
  const Tables waived(sums + waive, wrong);
  EXPECT_EQ(waived.cell(2, "金額").state, CellState::waived);
  EXPECT_EQ(waived.read_by(2, "金額"), std::vector<std::string>{"sum violated"});
  std::string mild = sums;
  mild.insert(mild.find("{ require t.金額[合計]") + 1, " severity warning ");
  EXPECT_EQ(Tables(mild, wrong).cell(2, "金額").state, CellState::warned);
}

TEST(Inventory, AFigureThatCannotBeReadIsViolatedAndItsRulesAreStillNamed) {
  const Tables t(sums, {{"t.csv", "区分,金額\n年金,13.x\n医療,12.2\n合計,25.6\n"}});
  const CellView cell = t.cell(0, "金額");
  EXPECT_EQ(cell.state, CellState::violated);
  EXPECT_EQ(cell.value, "");
  EXPECT_EQ(cell.evidence.mark, "unreadable");
  EXPECT_EQ(t.read_by(0, "金額"), (std::vector<std::string>{"bad-number", "most unknown", "sum unknown"}));
  EXPECT_EQ(t.cell(1, "金額").state, CellState::unchecked);
  EXPECT_EQ(t.result.findings.size(), 1U) << "the instances that it makes unknown are not told again";
}

TEST(Inventory, AColumnForEachLabelOfAnAcross) {
  const std::string rules = R"(table t from "t.csv" { 区分 text  金額 億円 across 年度 { R5 = "R5", R6 = "R6" }  key 区分 }
rule r "差" { require t.金額[年金, R6] - t.金額[年金, R5] = 1億円 }
)";
  const Tables t(rules, {{"t.csv", "区分,R5,R6\n年金,1,2\n\n医療,3,\n"}});
  ASSERT_EQ(t.result.tables.front()->columns().size(), 3U);
  EXPECT_EQ(t.cell(0, "金額/R6").state, CellState::exact);
  EXPECT_EQ(t.cell(0, "金額/R5").evidence.place.column, 1U);
  EXPECT_EQ(t.cell(0, "金額/R6").evidence.place.column, 2U);
  EXPECT_EQ(t.cell(1, "金額/R5").state, CellState::unchecked);
}

TEST(Inventory, ReadsEveryCellOfALongSum) {
  std::string csv = "区分,金額\n合計,300\n";
  for (int i = 0; i < 300; ++i) csv += "a" + std::to_string(i) + ",1\n";
  const std::string rules = R"(table t from "t.csv" { 区分 text  金額 億円  key 区分 }
rule r "和" { require t.金額[合計] = sum(t.金額 where starts(区分, "a")) }
)";
  const Tables t(rules, {{"t.csv", csv}});
  for (std::size_t row = 0; row <= 300; ++row) ASSERT_EQ(t.read_by(row, "金額"), std::vector<std::string>{"r holds"}) << row;
}

TEST(Inventory, WhatIsCutOffIsNoInstance) {
  const Files files = {{"t.csv", "区分,金額\n年金,33\n医療,12.2\n合計,25.9\n"}};
  const Tables t(sums, files, [](RunOptions& options) { options.max_findings = 1; });
  ASSERT_EQ(t.result.findings.size(), 1U);
  EXPECT_EQ(t.result.summary.truncated, 1U);
  const std::size_t all = t.result.findings.size() + t.result.unlisted.size();
  for (std::size_t row = 0; row < 3; ++row) {
    for (const std::uint32_t index : t.cell(row, "金額").instances) EXPECT_LT(index, all);
  }
}

TEST(Inventory, TheRunSaysTheSameWithAndWithoutIt) {
  const Files files = {{"t.csv", "区分,金額\n年金,13.x\n医療,12.2\n合計,25.6\n合計,2\n"}};
  const Tables with(sums, files), without(sums, files, [](RunOptions& options) { options.with_tables = false; });
  EXPECT_TRUE(without.result.tables.empty());
  EXPECT_TRUE(without.result.unlisted.empty());
  ASSERT_EQ(with.result.findings.size(), without.result.findings.size());
  for (std::size_t i = 0; i < with.result.findings.size(); ++i)
    EXPECT_EQ(with.result.findings[i].fingerprint, without.result.findings[i].fingerprint);
  EXPECT_EQ(summary_line(with.result.summary, Language::english), summary_line(without.result.summary, Language::english));
}

}  // namespace
}  // namespace kenzan::test
