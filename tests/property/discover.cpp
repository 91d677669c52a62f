// Discovery: relations that were planted are found, others are not; and every proposal can be pasted behind the tables and holds.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
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
  // The one equation too many: a part of GIGAスクール is the whole of its figure as printed, and the document says that it is a part.
  std::vector<std::string> wrong;
  for (std::size_t i = stated; i < both.program.rules.size(); ++i) {
    const std::vector<Row> rows = equations_of(data, both.program.rules[i]);
    EXPECT_FALSE(rows.empty()) << proposals[i - stated].rule;
    const auto says_more = [&](const Row& row) { return !of_rules.rest(row).empty(); };
    const auto more = std::ranges::count_if(rows, says_more);
    if (more > 0) wrong.push_back(proposals[i - stated].name + ": " + std::to_string(more) + " of " + std::to_string(rows.size()));
  }
  EXPECT_EQ(wrong, std::vector<std::string>{"measures-total-parts: 1 of 4"});
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
                                      "measures.amount = sum(parts.amount)", "ministries.amount = sum(measures.amount)",
                                      "pages.amount = measures.amount", "restated.amount = totals.amount"}));
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
  EXPECT_EQ(required(proposals),
            (std::vector<std::string>{"staff.男[北西計] = staff.男[北部] + staff.男[西部]",
                                      "staff.男[合計] = staff.男[北西計] + staff.男[東南計]",
                                      "staff.男[東南計] = staff.男[東部] + staff.男[南部]", "staff.計 = staff.男 + staff.女"}));
  // Of the three columns each.
  EXPECT_NE(rules_of(proposals).find("\n      and staff.計[合計] = staff.計[北西計] + staff.計[東南計]\n"), std::string::npos);
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
    const Rational food = amount(1100), housing = amount(1900), investment = amount(1200), exports = amount(800),
                   imports = amount(700);
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
  EXPECT_EQ(required(proposals),
            (std::vector<std::string>{"accounts.成長率 = accounts.総生産 / lag(accounts.総生産, 年) - 1",
                                      "accounts.消費 = sum(detail.額)", "accounts.消費割合 = accounts.消費 / accounts.総生産",
                                      "accounts.総生産 = accounts.消費 + accounts.投資 + accounts.輸出 - accounts.輸入"}));
}

TEST(Discovery, FollowsReferencesToTablesWithOtherNames) {
  const std::string tables = R"(
table measures from "measures.csv" { 施策 text  分野 text in sections.番号  額 億円  割合 %  key 施策  rounded half-up }
table sections from "sections.csv" { 番号 text  額 億円  key 番号  rounded half-up }
)";
  const Files files = {{"measures.csv",
                        "施策,分野,額,割合\n"
                        "a,い,127.4,31.1\nb,い,281.9,68.9\nc,ろ,733.1,61.6\nd,ろ,211.6,17.8\ne,ろ,244.8,20.6\nf,は,19.7,100.0\n"},
                       {"sections.csv", "番号,額\nい,409.3\nろ,1189.5\nは,19.7\n"}};
  const std::vector<Proposal> proposals = certain_ones(tables, files);
  expect_holding(tables, files, proposals);
  EXPECT_EQ(required(proposals), (std::vector<std::string>{"measures.割合 = measures.額 / sections.額[番号: 分野]",
                                                           "sections.額 = sum(measures.額 by 分野 as 番号)"}));
}

// ---------------------------------------------------------------- random tables

constexpr std::string_view shapes = R"(
table items from "items.csv" { 款 text  項 text  甲 億円  乙 億円  丙 億円  割合 %  key 項  rounded half-up }
table years from "years.csv" { 項 text  額 百万円 across 年度 { R4 = "R4", R5 = "R5", R6 = "R6" }  key 項  rounded half-up }
table groups from "groups.csv" { 款 text  年度 text in ("R4", "R5", "R6")  額 億円  key 款, 年度  rounded half-up }
table totals from "totals.csv" { 年度 text in ("R4", "R5", "R6")  額 億円  key 年度  rounded half-up }
table people from "people.csv" { 項 text  人員 人  key 項 }
table increase from "increase.csv" { 額 億円  rounded half-up }
)";

/// Figures of all magnitudes, in tenths: what stands in tables, but without any relation.
class Figures {
 public:
  explicit Figures(std::uint64_t seed) : random_(seed) {}
  std::string text() {
    if (random_.below(12) == 0) return "—";
    return exact_decimal(Rational(tenths(), 10)).value();
  }
  std::size_t tenths() {
    std::size_t range = 100;
    for (std::size_t i = random_.below(4); i > 0; --i) range *= 10;
    return 1 + random_.below(range);
  }
  std::size_t below(std::size_t bound) { return random_.below(bound); }

 private:
  Random random_;
};

std::string tenth_text(std::size_t tenths) { return exact_decimal(Rational(tenths, 10)).value(); }

/// Tables in which a few relations were planted, or none.
Files random_tables(std::uint64_t seed, bool planted) {
  Figures figures(seed);
  const std::size_t rows = 6 + figures.below(20);
  std::string items = "款,項,甲,乙,丙,割合\n", years = "項,R4,R5,R6\n", groups = "款,年度,額\n", totals = "年度,額\n",
              people = "項,人員\n";
  std::map<std::string, std::size_t> sums;  // in hundredths
  for (std::size_t row = 0; row < rows; ++row) {
    const std::string name = "項" + std::string(1, static_cast<char>('a' + row)), group = row % 2 == 0 ? "東" : "西";
    const std::size_t a = 50 + figures.tenths(), b = 50 + figures.tenths();
    items += group + "," + name + "," + tenth_text(a) + "," +
             (planted ? tenth_text(b) + "," + tenth_text(a + b) : figures.text() + "," + figures.text());
    items += "," + tenth_text(figures.below(1000)) + "\n";
    years += name;
    for (int year = 0; year < 3; ++year) {
      const bool restates = planted && year == 2;
      years += "," + (restates ? std::to_string(a * 10) : std::to_string(figures.tenths()));
    }
    years += "\n";
    people += name + "," + std::to_string(figures.tenths()) + "\n";
  }
  std::vector<std::size_t> of_year;
  for (const std::string year : {"R4", "R5", "R6"}) {
    std::size_t sum = 0;
    for (const std::string group : {"東", "西"}) {
      const std::size_t amount = 1000 + figures.tenths();
      sum += amount;
      groups += group + "," + year + "," + tenth_text(amount) + "\n";
    }
    of_year.push_back(planted ? sum : 1000 + figures.tenths());
    totals += year + "," + tenth_text(of_year.back()) + "\n";
  }
  const std::size_t larger = std::max(of_year[2], of_year[0]), smaller = std::min(of_year[2], of_year[0]);
  const std::string increase = "額\n" + tenth_text(planted ? larger - smaller : 1000 + figures.tenths()) + "\n";
  return {{"items.csv", items},   {"years.csv", years},   {"groups.csv", groups},
          {"totals.csv", totals}, {"people.csv", people}, {"increase.csv", increase}};
}

// The odds that are printed are kept: of so many collections, one in 2^bits shows something of so many bits, or fewer.
TEST(Discovery, IsSilentOverUnrelatedFigures) {
  constexpr std::size_t collections = 400;
  std::map<std::uint32_t, std::size_t> with_bits;
  for (std::uint64_t seed = 0; seed < collections; ++seed) {
    const Files files = random_tables(seed, false);
    const std::vector<Proposal> proposals = discovered(std::string(shapes), files).proposals;
    if (seed % 4 == 0) expect_holding(std::string(shapes), files, proposals);
    for (const Proposal& proposal : proposals) {
      for (std::uint32_t bits = 0; bits <= proposal.bits; ++bits) ++with_bits[bits];
      if (proposal.bits >= certain) std::cout << "seed " << seed << ", " << proposal.bits << " bits:\n" << proposal.rule;
    }
  }
  for (const auto& [bits, count] : with_bits) {
    std::cout << bits << " bits: " << count << '\n';
    EXPECT_LE(count, (collections >> bits) + 2) << bits;
  }
}

TEST(Discovery, FindsWhatWasPlantedAmongRandomFigures) {
  const std::vector<std::string> planted = {"items.丙 = items.甲 + items.乙", "totals.額 = sum(groups.額)"};
  for (std::uint64_t seed = 1000; seed < 1050; ++seed) {
    const Files files = random_tables(seed, true);
    const std::vector<Proposal> proposals = certain_ones(std::string(shapes), files);
    expect_holding(std::string(shapes), files, discovered(std::string(shapes), files).proposals);
    const std::vector<std::string> found = required(proposals);
    for (const std::string& each : planted)
      EXPECT_TRUE(std::ranges::count(found, each) == 1) << seed << " " << each << rules_of(proposals);
    const auto restates = [](const std::string& rule) {
      return rule == "items.甲 = years.額[R6]" || rule == "years.額[R6] = items.甲";
    };
    EXPECT_EQ(std::ranges::count_if(found, restates), 1) << seed << rules_of(proposals);
    EXPECT_LE(found.size(), planted.size() + 2) << seed << rules_of(proposals);  // and the increase
  }
}

}  // namespace
}  // namespace kenzan::test
