// Discovery: relations that were planted are found, others are not; and every proposal can be pasted behind the tables and holds.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "engine/indexes.hpp"
#include "engine/reference/linear.hpp"
#include "engine/run.hpp"
#include "tests/support/held_tables.hpp"
#include "tests/support/outcome.hpp"
#include "tests/support/places.hpp"
#include "tests/support/random.hpp"
#include "tests/support/run.hpp"

namespace kenzan::test {
namespace {

constexpr std::uint32_t certain = 7;  // bits: once in 100

Discovery discovered(const std::string& tables, const Files& files) {
  const CompiledRules compiled = compile_rules(tables);
  SourceMap sources = compiled.sources;
  engine::RunOptions options;
  options.load.open = [&](const std::string& path) -> Result<std::string, std::string> { return files.at(path); };
  options.with_discovery = true;
  return engine::run(sources, compiled.program, options).discovery.value();
}

/// The proposals that are shown without being asked for.
std::vector<Proposal> certain_ones(const std::string& tables, const Files& files) {
  std::vector<Proposal> out = discovered(tables, files).proposals;
  std::erase_if(out, [](const Proposal& proposal) { return proposal.bits < certain; });
  return out;
}

std::string rules_of(const std::vector<Proposal>& proposals) {
  std::string out;
  for (const Proposal& proposal : proposals) out += proposal.rule;
  return out;
}

/// Pastes all proposals behind the tables: they must compile, be checked, and fail where they say, and nowhere else.
void expect_holding(const std::string& tables, const Files& files, const std::vector<Proposal>& proposals) {
  const Outcome outcome = outcome_of(compile_rules(tables + rules_of(proposals)), files);
  std::map<std::string, std::size_t> failures;
  for (const Finding& finding : outcome.findings) {
    if (finding.verdict && finding.verdict != Verdict::unknown && finding.verdict != Verdict::implausible) ++failures[finding.rule];
  }
  for (const Proposal& proposal : proposals) {
    std::string name = proposal.name;
    if (name.starts_with("「")) name = name.substr(3, name.size() - 6);
    EXPECT_EQ(failures[name], proposal.instances - proposal.held) << proposal.rule << outcome.said;
  }
}

/// What is required, one line of each proposal.
std::vector<std::string> required(const std::vector<Proposal>& proposals) {
  std::vector<std::string> out;
  for (const Proposal& proposal : proposals) {
    const std::size_t at = proposal.rule.find("  require ") + 10;
    out.push_back(proposal.rule.substr(at, proposal.rule.find('\n', at) - at));
  }
  std::ranges::sort(out);
  return out;
}

// ---------------------------------------------------------------- the bundled budget

using Row = std::map<engine::CellRef, Rational>;

/// Linear equations over cells, in echelon form: an oracle that knows nothing of how proposals are found.
class Span {
 public:
  /// What is left of an equation when those that were added are taken from it: nothing if it follows from them.
  [[nodiscard]] Row rest(Row row) const {
    for (const auto& [lead, pivot] : rows_) {
      const auto at = row.find(lead);
      if (at == row.end()) continue;
      const Rational factor = at->second;
      for (const auto& [cell, value] : pivot) {
        Rational& to = row[cell];
        to -= factor * value;
        if (to.is_zero()) row.erase(cell);
      }
    }
    return row;
  }
  void add(const Row& row) {
    Row left = rest(row);
    if (left.empty()) return;
    const auto [lead, factor] = *left.begin();
    for (auto& [cell, value] : left) value /= factor;
    for (auto& [other, pivot] : rows_) {
      const auto at = pivot.find(lead);
      if (at == pivot.end()) continue;
      const Rational times = at->second;
      for (const auto& [cell, value] : left) {
        Rational& to = pivot[cell];
        to -= times * value;
        if (to.is_zero()) pivot.erase(cell);
      }
    }
    rows_.emplace(lead, std::move(left));
  }

 private:
  std::map<engine::CellRef, Row> rows_;  ///< each alone has its first cell
};

/// The equations that a rule asks of figures that are not nil.
std::vector<Row> equations_of(const engine::Data& data, const dsl::Rule& rule) {
  std::vector<Row> out;
  for (const engine::Instance& instance : engine::reference_instances(data, rule)) {
    for (const engine::LinearCondition& condition : engine::linear_conditions(data, rule, instance)) {
      if (condition.range != Interval::point(0)) continue;
      Row row;
      for (const auto& part : condition.cells) {
        if (part.values != Interval::point(0)) row[part.cell] += part.factor;
      }
      if (!row.empty()) out.push_back(std::move(row));
    }
  }
  return out;
}

class Budget : public ::testing::Test {
 protected:
  Budget() {
    rules_ = read_file(source_root() / "rules" / "cybersecurity-r6.kz");
    const std::string folder = "../datasets/cybersecurity-r6/";
    for (std::size_t at = 0; (at = rules_.find(folder, at)) != std::string::npos;) rules_.erase(at, folder.size());
    for (const auto& entry : std::filesystem::directory_iterator(source_root() / "datasets" / "cybersecurity-r6")) {
      if (entry.path().extension() == ".csv") files_[entry.path().filename().string()] = read_file(entry.path());
    }
    tables_ = rules_.substr(0, rules_.find("# ══ Rules on figures"));
  }
  std::string rules_, tables_;
  Files files_;
};

TEST_F(Budget, TheRelationsOfItsRulesAreFoundFromTheTablesAlone) {
  const std::vector<Proposal> proposals = certain_ones(tables_, files_);
  expect_holding(tables_, files_, proposals);

  CompiledRules both = compile_rules(rules_ + rules_of(proposals));
  const engine::Data data = held_tables(both, files_);
  const std::size_t stated = both.program.rules.size() - proposals.size();
  Span of_rules, of_proposals;
  for (std::size_t i = 0; i < both.program.rules.size(); ++i) {
    for (const Row& row : equations_of(data, both.program.rules[i])) (i < stated ? of_rules : of_proposals).add(row);
  }
  std::size_t wrong = 0;
  for (std::size_t i = stated; i < both.program.rules.size(); ++i) {
    const std::vector<Row> rows = equations_of(data, both.program.rules[i]);
    const bool follows = std::ranges::all_of(rows, [&](const Row& row) { return of_rules.rest(row).empty(); });
    wrong += !rows.empty() && follows ? 0 : 1;
    EXPECT_TRUE(!rows.empty() && follows) << "no rule of the budget says so:\n" << proposals[i - stated].rule;
  }
  EXPECT_LT(wrong, 3);
  std::size_t equations = 0;
  for (std::size_t i = 0; i < stated; ++i) {
    for (const Row& row : equations_of(data, both.program.rules[i])) {
      ++equations;
      EXPECT_TRUE(of_proposals.rest(row).empty()) << "not found: an equation of " << both.program.rules[i].name;
    }
  }
  EXPECT_GT(equations, 60);
  EXPECT_EQ(required(proposals),
            (std::vector<std::string>{"increase.amount = totals.amount[R6] - totals.amount[R5]",
                                      "ministries.amount = sum(measures.amount)", "pages.amount = measures.amount",
                                      "pages.amount = sum(parts.amount)", "restated.amount = totals.amount"}));
}

TEST_F(Budget, NothingIsProposedThatItsRulesState) { EXPECT_EQ(rules_of(certain_ones(rules_, files_)), ""); }

TEST_F(Budget, ARuleThatIsMissingIsProposed) {
  for (const std::string name : {"delta", "total-restated", "page-agrees", "ministry-total", "parts-make-measure"}) {
    std::string rules = rules_;
    const std::size_t at = rules.find("rule " + name + " ");
    const std::size_t end = rules.find("\n}\n", at) + 3;
    rules.erase(at, end - at);
    rules.erase(rules.find("# ══ Tests"));
    const std::vector<Proposal> proposals = certain_ones(rules, files_);
    EXPECT_EQ(proposals.size(), 1) << name << "\n" << rules_of(proposals);
    expect_holding(rules, files_, proposals);
  }
}

// ---------------------------------------------------------------- other tables

TEST(Discovery, FindsTheTotalsOfBothWays) {
  const std::string tables = R"(
table staff from "staff.csv" { 地域 text  男 人  女 人  計 人  key 地域 }
)";
  const Files files = {{"staff.csv",
                        "地域,男,女,計\n"
                        "北部,1234,1311,2545\n西部,872,903,1775\n北西計,2106,2214,4320\n"
                        "東部,2417,2388,4805\n南部,655,712,1367\n東南計,3072,3100,6172\n"
                        "合計,5178,5314,10492\n"}};
  const std::vector<Proposal> proposals = certain_ones(tables, files);
  expect_holding(tables, files, proposals);
  EXPECT_EQ(required(proposals), (std::vector<std::string>{}));
}

TEST(Discovery, FindsGrowthAndSharesOfNationalAccounts) {
  const std::string tables = R"(
table accounts from "accounts.csv" {
  年 integer  消費 億円  投資 億円  輸出 億円  輸入 億円  総生産 億円  成長率 %  消費割合 %
  key 年  rounded half-up
}
table detail from "detail.csv" { 年 integer  項目 text  額 百万円  key 年, 項目  rounded half-up }
)";
  std::string accounts = "年,消費,投資,輸出,輸入,総生産,成長率,消費割合\n", detail = "年,項目,額\n";
  Random random(5);
  const auto decimal = [](const Rational& value, const Rational& step) {
    return exact_decimal(round_to(value, step, Rounding::half_up)).value();
  };
  Rational before = 0;
  for (int year = 2011; year <= 2020; ++year) {
    const Rational tenth(1, 10), hundredth(1, 100);
    const auto amount = [&](int around) { return Rational(around * 1000 + static_cast<int>(random.below(around * 200)), 1000); };
    const Rational food = amount(1100), housing = amount(1900), investment = amount(1200), exports = amount(800), imports = amount(700);
    const Rational consumption = food + housing, product = consumption + investment + exports - imports;
    accounts += std::to_string(year);
    for (const Rational& each : {consumption, investment, exports, imports, product}) accounts += "," + decimal(each, tenth);
    accounts += before.is_zero() ? std::string(",…") : "," + decimal((product / before - 1) * 100, hundredth);
    accounts += "," + decimal(consumption / product * 100, tenth) + "\n";
    detail += std::to_string(year) + ",食料," + decimal(food * 100, 1) + "\n";
    detail += std::to_string(year) + ",住居," + decimal(housing * 100, 1) + "\n";
    before = product;
  }
  const Files files = {{"accounts.csv", accounts}, {"detail.csv", detail}};
  const std::vector<Proposal> proposals = certain_ones(tables, files);
  expect_holding(tables, files, proposals);
  EXPECT_EQ(required(proposals), (std::vector<std::string>{}));
}

}  // namespace
}  // namespace kenzan::test
