// Of each slip of the hand in each figure, `kenzan coverage` says the same as a whole check of the file in which it happened.
#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "engine/blame/slips.hpp"
#include "engine/run.hpp"
#include "engine/table/csv.hpp"
#include "tests/support/outcome.hpp"

namespace kenzan::test {
namespace {

constexpr std::string_view rules = R"(
table t from "t.csv" { 区分 text  本年 億円  前年 億円  割合 %  key 区分  rounded half-up }
table page from "page.csv" { 区分 text  額 百万円  key 区分  rounded truncated }
rule total       { require t.本年[合計] = t.本年[年金] + t.本年[医療] }
rule growth by 区分 of t { when 区分 != "予備"  require t.本年 >= t.前年 }
rule order       { require sorted(page.額, ascending) }
rule share by 区分 of t { when 区分 != "予備"  require t.本年 / t.本年[合計] = t.割合 }
rule restated by 区分 of page { require page.額 = t.本年 }
rule exact       { require exactly t.本年[予備] = 1億円 }
rule range       { require all(page.額 >= 100百万円) and t.前年[予備] <= 3億円 }
rule some by 区分 of t { when t.前年 > 2億円  require t.本年 > 1億円 }
)";

const Files files = {
    {"t.csv", "区分,本年,前年,割合\n年金,13.4,12.0,52.3\n医療,12.2,12.1,47.7\n合計,25.6,24.1,100.0\n予備,1.0,1.0,—\n"},
    {"page.csv", "区分,額\n年金,\"1,341\"\n合計,\"2,560\"\n"}};

/// Findings but sums that are implausible, which coverage leaves out.
bool complains(const Outcome& outcome) {
  return std::ranges::any_of(outcome.findings, [](const Finding& finding) {
    return finding.severity != Severity::info && finding.verdict != Verdict::implausible;
  });
}

TEST(Coverage, SeesTheSlipsThatACheckSees) {
  const CompiledRules compiled = compile_rules(rules);
  const Outcome right = outcome_of(compiled, files);
  ASSERT_FALSE(complains(right)) << right.said;

  SourceMap sources = compiled.sources;
  engine::RunOptions options;
  options.load.open = [](const std::string& path) -> Result<std::string, std::string> { return files.at(path); };
  options.with_coverage = options.with_slips = true;
  const engine::RunResult result = engine::run(sources, compiled.program, options);
  ASSERT_TRUE(result.coverage);

  std::size_t tried[std::size(engine::slip_names)] = {}, seen[std::size(engine::slip_names)] = {};
  for (const auto& [name, text] : files) {
    engine::CsvReader reader(text, ',');
    engine::CsvRecord record;
    std::vector<engine::CsvRecord> records;
    while (reader.next(record)) records.push_back(record);
    for (std::size_t r = 1; r < records.size(); ++r) {
      const auto text_at = [&](std::size_t row, std::size_t column) {
        const auto& cell = records[row].cells[column];
        return text.substr(cell.begin, cell.end - cell.begin);
      };
      for (std::size_t i = 1; i < records[r].cells.size(); ++i) {
        const auto begin = records[r].cells[i].begin, end = records[r].cells[i].end;
        std::vector<engine::Meant> slips = engine::meant_by(text_at(r, i), '.', ',');
        std::set<std::string> copied{text_at(r, i), "—"};
        const auto copy = [&](std::size_t row, std::size_t column) {
          if (row == 0 || row == records.size() || column == 0 || column == records[r].cells.size()) return;
          if (copied.insert(text_at(row, column)).second) slips.push_back({engine::Slip::copied, text_at(row, column)});
        };
        if (text_at(r, i) != "—") {
          copy(r - 1, i), copy(r + 1, i), copy(r, i - 1), copy(r, i + 1);
        }
        for (const engine::Meant& slip : slips) {
          Files changed = files;
          const bool quoted = text[begin - 1] == '"';
          changed.at(name).replace(begin, end - begin, quoted ? slip.text : '"' + slip.text + '"');
          ++tried[static_cast<std::size_t>(slip.slip)];
          seen[static_cast<std::size_t>(slip.slip)] += complains(outcome_of(compiled, changed)) ? 1 : 0;
        }
      }
    }
  }
  for (std::size_t i = 0; i < std::size(tried); ++i) {
    const SlipCoverage& said = result.coverage->slips[i];
    EXPECT_EQ(said.slip, engine::slip_names[i]);
    EXPECT_EQ(said.tried, tried[i]) << said.slip;
    EXPECT_EQ(said.seen, seen[i]) << said.slip;
    std::cout << said.slip << ": " << said.seen << " of " << said.tried << '\n';
  }
}

}  // namespace
}  // namespace kenzan::test
