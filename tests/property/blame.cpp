// Who reads a cell, against judging everything; and what is suggested, against a whole check of the files with it.
#include <gtest/gtest.h>

#include <algorithm>
#include <iostream>
#include <map>
#include <set>

#include "engine/blame/cell_readers.hpp"
#include "engine/blame/slips.hpp"
#include "tests/support/held_tables.hpp"
#include "tests/support/random.hpp"
#include "tests/support/random_program.hpp"

namespace kenzan::test {
namespace {

TEST(CellReaders, AreAllInstancesThatReadACell) {
  std::size_t cells = 0, readers = 0, told = 0;
  for (std::uint64_t seed = 1; seed <= 400; ++seed) {
    const RandomProgram program = random_program(seed, 25);
    CompiledRules compiled = compile_rules(program.tables + valid_rules(program.tables, program.rules));
    engine::Data data = held_tables(compiled, program.files);
    engine::RowIndex index(data);
    std::vector<const dsl::Rule*> rules;
    std::map<engine::CellRef, std::set<engine::RuleInstance>> reading;
    std::map<engine::RuleInstance, std::vector<engine::Code>> spellings;
    for (const dsl::Rule& rule : data.program->rules) {
      rules.push_back(&rule);
      for (const engine::Instance& instance : engine::reference_instances(data, rule)) {
        spellings[{&rule, instance}] = instance.spellings;
        const engine::Judgement judgement = engine::judge(data, rule, instance, 1);
        for (const auto* read : {&judgement.cells, &judgement.when_cells}) {
          for (const engine::CellRef& cell : *read) {
            if (cell.row != engine::Child::none) reading[cell].insert({&rule, instance});
          }
        }
      }
    }
    engine::CellReaders all(data, index, rules);
    for (const auto& [cell, expected] : reading) {
      std::set<engine::RuleInstance> found;
      ASSERT_TRUE(all.of(cell, [&](const engine::RuleInstance& each) {
        found.insert(each);
        const auto known = spellings.find(each);
        ASSERT_NE(known, spellings.end()) << "an instance that there is not";
        EXPECT_EQ(known->second, each.instance.spellings);
      }));
      for (const engine::RuleInstance& each : expected) {
        ASSERT_TRUE(found.contains(each)) << "seed " << seed << "\n" << compiled.sources.text(each.rule->span);
      }
      ++cells;
      readers += expected.size();
      told += found.size();
    }
  }
  std::cout << cells << " cells, " << readers << " readers, " << told << " told\n";
  EXPECT_LT(told, readers * 4);
}

constexpr std::string_view totals = R"(
table t from "t.csv" { 区分 text  本年 億円  前年 億円  計 億円  key 区分  rounded half-up }
table page from "page.csv" { 区分 text  額 百万円  key 区分  rounded truncated }
rule across by 区分 of t { require t.計 = t.本年 + t.前年 }
rule 本年 { require t.本年[合計] = sum(t.本年 where 区分 != "合計") }
rule 前年 { require t.前年[合計] = sum(t.前年 where 区分 != "合計") }
rule restated by 区分 of page { require page.額 = t.本年 }
rule share { require t.本年[医療] / t.本年[合計] < 0.9 }
)";

std::string tenths(std::size_t number) { return std::to_string(number / 10) + "." + std::to_string(number % 10); }

Files draw_files(Random& random) {
  std::string t = "区分,本年,前年,計\n", page = "区分,額\n";
  std::size_t now = 0, before = 0;
  for (const char* name : {"年金", "医療", "雇用", "合計"}) {
    const bool total = name == std::string_view("合計");
    const std::size_t a = total ? now : 100 + random.below(900), b = total ? before : 100 + random.below(900);
    now += a, before += b;
    t += std::string(name) + "," + tenths(a) + "," + tenths(b) + "," + tenths(a + b) + "\n";
    if (random.below(3) > 0) page += std::string(name) + "," + std::to_string(a * 10) + "\n";
  }
  return {{"t.csv", t}, {"page.csv", page}};
}

/// Puts a slip of the hand into one of the figures.
void slip(Files& files, Random& random) {
  std::string& text = random.below(4) == 0 ? files.at("page.csv") : files.at("t.csv");
  std::vector<std::pair<std::size_t, std::size_t>> figures;
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find_first_of(",\n", at + 1)) {
    const std::size_t end = text.find_first_of(",\n", at + 1);
    if (text[at] == ',') figures.emplace_back(at + 1, end - at - 1);
  }
  if (figures.empty()) return;
  const auto [begin, size] = figures[random.below(figures.size())];
  const std::vector<engine::Meant> all = engine::meant_by(text.substr(begin, size), '.', ',');
  text.replace(begin, size, all[random.below(all.size())].text);
}

/// Rule, or code, and instance of each error.
std::multiset<std::string> errors_of(const Outcome& outcome) {
  std::multiset<std::string> out;
  for (const Finding& finding : outcome.findings) {
    if (finding.severity != Severity::error || finding.verdict == Verdict::implausible) continue;
    std::string name = finding.rule.empty() ? finding.code : finding.rule;
    for (const auto& [dim, label] : finding.instance) name += " " + label;
    out.insert(name);
  }
  return out;
}

TEST(Blame, ASuggestionClearsWhatItSaysAndBreaksNothing) {
  const CompiledRules compiled = compile_rules(totals);
  std::size_t violated = 0, suggested = 0, together = 0, sets[4] = {};
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    Random random(seed);
    Files files = draw_files(random);
    for (std::size_t slips = 1 + random.below(3); slips > 0; --slips) slip(files, random);
    const Outcome before = outcome_of(compiled, files);
    const std::multiset<std::string> errors = errors_of(before);
    violated += errors.size();
    for (const Finding& finding : before.findings) {
      if (!finding.corrections.empty()) ++sets[finding.corrections.front().size()];
      for (const Suggestion& suggestion : finding.suggestions) {
        Files changed = files;
        std::vector<std::pair<CellEvidence, std::string>> changes{{suggestion.cell, suggestion.text}};
        for (const Suggestion::Other& other : suggestion.with) changes.emplace_back(other.cell, other.text);
        std::ranges::sort(changes, std::greater(), [](const auto& each) { return each.first.span.begin; });
        for (const auto& [cell, text] : changes) {
          std::string& file = changed.at(cell.table + ".csv");
          ASSERT_EQ(file.substr(cell.span.begin, cell.span.end - cell.span.begin), cell.text);
          file.replace(cell.span.begin, cell.span.end - cell.span.begin, text);
        }
        const std::multiset<std::string> after = errors_of(outcome_of(compiled, changed));
        EXPECT_TRUE(std::ranges::includes(errors, after)) << suggestion.text;
        EXPECT_LT(after.size(), errors.size()) << suggestion.text;
        const std::string says = draw(suggestion.message, Language::english);
        const std::size_t cleared = errors.size() - after.size();
        const bool one = says.find("this violation") != std::string::npos;
        EXPECT_TRUE(one ? cleared == 1 : says.find(" " + std::to_string(cleared) + " violations") != std::string::npos)
            << says << ", but it clears " << cleared;
        ++suggested;
        together += suggestion.with.empty() ? 0 : 1;
      }
    }
    if (HasFailure()) break;
  }
  std::cout << violated << " errors, " << suggested << " suggestions, " << together << " of several cells; smallest sets of one "
            << sets[1] << ", of two " << sets[2] << ", of three " << sets[3] << '\n';
  EXPECT_GT(suggested, violated);
  EXPECT_GT(together, 20U);
  EXPECT_GT(sets[2], 20U);
}

}  // namespace
}  // namespace kenzan::test
