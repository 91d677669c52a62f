// Joint consistency of whole rule files: what is found does not turn on how much of a table is taken as one sum, nor on whether the
// table is held or read in pieces.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <iostream>
#include <string>

#include "tests/support/outcome.hpp"
#include "tests/support/random.hpp"

namespace kenzan::test {
namespace {

const std::string tables = R"(
table items from "items.csv" { program text  item text  amount 億円 across period { R5 = "R5", R6 = "R6" }  key program, item  rounded half-up }
table programs from "programs.csv" { program text  amount 億円 across period { R5 = "R5", R6 = "R6" }  key program  rounded half-up }
table pages from "pages.csv" { program text  period text  amount 億円  key program, period  rounded half-up }
table totals from "totals.csv" { period text  amount 億円  key period  rounded half-up }
rule program by program, period { require programs.amount = sum(items.amount) }
rule page by program, period of pages { require pages.amount = programs.amount }
rule total by period { require totals.amount = sum(programs.amount) }
)";
// Which is always true, and reads all items: each is an unknown of its own then.
const std::string each_item = "rule each { require sum(items.amount) >= -1000000億円 }\n";

std::string tenths(std::int64_t value) { return std::to_string(value / 10) + "." + std::to_string(value % 10); }

Files some_budget(Random& random) {
  Files out;
  std::string &items = out["items.csv"], &programs = out["programs.csv"], &pages = out["pages.csv"], &totals = out["totals.csv"];
  items = "program,item,R5,R6\n";
  programs = "program,R5,R6\n";
  pages = "program,period,amount\n";
  totals = "period,amount\n";
  std::int64_t all[2] = {0, 0};
  for (std::size_t p = 1 + random.below(4); p-- > 0;) {
    const std::string program = "事業" + std::to_string(p);
    std::int64_t sums[2] = {0, 0};
    for (std::size_t i = 1 + random.below(6); i-- > 0;) {
      items += program + ",項目" + std::to_string(i);
      for (std::int64_t& sum : sums) {
        const auto amount = static_cast<std::int64_t>(random.below(200));
        sum += amount;
        items += random.below(12) == 0 ? ",—" : "," + std::to_string((amount + 5) / 10);
      }
      items += "\n";
    }
    programs += program;
    for (int y = 0; y < 2; ++y) {
      all[y] += sums[y];
      const auto off = static_cast<std::int64_t>(random.below(21));
      const std::int64_t page = std::max<std::int64_t>(sums[y] + off - 10, 0);
      programs += "," + std::to_string((sums[y] + 5) / 10);
      pages += program + (y == 0 ? ",R5," : ",R6,") + tenths(page) + "\n";
    }
    programs += "\n";
  }
  for (int y = 0; y < 2; ++y) totals += (y == 0 ? "R5," : "R6,") + tenths(all[y]) + "\n";
  return out;
}

std::size_t contradictions(const Outcome& outcome) {
  return static_cast<std::size_t>(std::ranges::count(outcome.findings, "inconsistent", &Finding::code));
}

TEST(Joint, FindsTheSameWhateverIsTakenAsOneSum) {
  const CompiledRules sums = compile_rules(tables), each = compile_rules(tables + each_item);
  Random random(9);
  std::size_t found = 0, none = 0;
  for (int round = 0; round < 400; ++round) {
    const Files files = some_budget(random);
    const std::size_t expected = contradictions(outcome_of(each, files, {.suggestions = false}));
    const Outcome held = outcome_of(sums, files, {.suggestions = false});
    // Of sets that overlap another may be found.
    ASSERT_EQ(contradictions(held) > 0, expected > 0) << files.at("items.csv") << files.at("programs.csv") << files.at("pages.csv");
    ASSERT_EQ(outcome_of(sums, files, {.block = 100, .suggestions = false}).said, held.said);
    found += expected;
    none += expected == 0 ? 1 : 0;
  }
  std::cout << found << " contradictions; none in " << none << " of 400\n";
  EXPECT_GT(found, 100U);
  EXPECT_GT(none, 50U);
}

}  // namespace
}  // namespace kenzan::test
