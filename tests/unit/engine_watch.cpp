// A run that tells where it is, and one that is told to stop.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <mutex>
#include <string>
#include <vector>

#include "engine/run.hpp"
#include "tests/support/outcome.hpp"
#include "tests/support/text_input.hpp"

namespace kenzan::engine {
namespace {

using test::Files;

constexpr const char* rules =
    "table t from \"t.csv\" { a text  k text  v 億円  key a, k }\n"
    "table u from \"u.csv\" { a text  s 億円  key a }\n"
    "rule sum by a { require u.s = sum(t.v) }\n"
    "rule least by a { require u.s >= 0億円 }\n";

/// 9999 rows in three groups, the second row and the last without a number; every sum is wrong.
Files files() {
  Files out;
  std::string& t = out["t.csv"] = "a,k,v\n";
  for (int i = 0; i < 9999; ++i) {
    t += std::string(1, static_cast<char>('a' + i % 3)) + "," + std::to_string(i) + (i == 1 || i == 9998 ? ",abc\n" : ",1.0\n");
  }
  out["u.csv"] = "a,s\na,1.0\nb,1.0\nc,1.0\n";
  return out;
}

/// A run over `files`. `block` 0: with tables held.
RunResult run_over(const Files& files, Watch watch, std::size_t block, const std::string& text = rules) {
  test::CompiledRules compiled = test::compile_rules(text);
  RunOptions options;
  options.load.open = [&](const std::string& path) -> Result<std::string, std::string> { return files.at(path); };
  if (block > 0) {
    options.load.input = [&](const std::string& path) { return std::make_shared<test::TextInput>(files.at(path)); };
    options.stream = {.threads = 2, .block = block, .least = 0};
  }
  options.watch = std::move(watch);
  return run(compiled.sources, compiled.program, options);
}

std::vector<std::string> codes(const RunResult& result) {
  std::vector<std::string> out;
  for (const Finding& finding : result.findings) out.push_back(finding.code + " " + std::to_string(finding.cells.front().line));
  return out;
}

TEST(Watch, BytesReadRiseToTheSizeOfTheFile) {
  const Files files = engine::files();
  for (const std::size_t block : {0, 1000}) {
    std::mutex mutex;
    std::uint64_t most = 0, most_rows = 0, total = 0;
    std::size_t reports = 0;
    Watch watch;
    watch.tell = [&](const Progress& now) {
      const std::lock_guard lock(mutex);
      if (now.stage != Progress::Stage::reading || now.name != "t.csv") return;
      ++reports;
      EXPECT_LE(now.done, now.total);
      most = std::max(most, now.done);
      most_rows = std::max(most_rows, now.rows);
      total = now.total;
    };
    EXPECT_FALSE(run_over(files, watch, block).summary.interrupted);
    EXPECT_GE(reports, 2U);
    EXPECT_EQ(most, files.at("t.csv").size());
    EXPECT_EQ(total, most);
    EXPECT_GE(most_rows, 9999U);
  }
}

TEST(Watch, ARunStoppedFromTheStartIsIncomplete) {
  const std::atomic<bool> stop = true;
  for (const std::size_t block : {0, 1000}) {
    const RunResult result = run_over(files(), {{}, &stop}, block);
    EXPECT_TRUE(result.summary.interrupted);
    EXPECT_FALSE(result.summary.complete);
    EXPECT_EQ(result.summary.rules, 0U);
    EXPECT_TRUE(result.findings.empty());
  }
}

/// Stops a run when it has told something.
RunResult stopped_at(Progress::Stage stage, std::string_view name, std::size_t block, const std::string& text = rules) {
  std::atomic<bool> stop = false;
  Watch watch;
  watch.tell = [&](const Progress& now) {
    if (now.stage == stage && now.name == name && now.done > 0) stop = true;
  };
  watch.stop = &stop;
  return run_over(files(), watch, block, text);
}

TEST(Watch, TellsWhatIsWrongInTheRowsReadSoFar) {
  for (const std::size_t block : {0, 1000}) {
    const RunResult result = stopped_at(Progress::Stage::reading, "t.csv", block);
    EXPECT_FALSE(result.summary.complete);
    EXPECT_EQ(codes(result), std::vector<std::string>{"bad-number 3"}) << block;
  }
}

TEST(Watch, TellsNothingOfRowsThatMayNotCount) {
  std::string where = rules;
  where.insert(where.find("key a, k") + 8, "  where a != \"b\"");
  EXPECT_TRUE(codes(stopped_at(Progress::Stage::reading, "t.csv", 0, where)).empty());
}

TEST(Watch, CountsWhatFailedAndWasNotExplained) {
  for (const std::size_t block : {0, 1000}) {
    const RunResult result = stopped_at(Progress::Stage::judging, "least", block);
    EXPECT_TRUE(result.summary.interrupted);
    EXPECT_EQ(result.summary.rules, 1U);
    EXPECT_EQ(result.summary.verdicts[static_cast<std::size_t>(Verdict::violated)], 1U);  // two sums hold an unreadable cell
    EXPECT_EQ(result.summary.truncated, 1U);
    EXPECT_EQ(codes(result), (std::vector<std::string>{"bad-number 3", "bad-number 10000"}));
    EXPECT_EQ(result.summary.figures_checked, 3334U);
  }
}

}  // namespace
}  // namespace kenzan::engine
