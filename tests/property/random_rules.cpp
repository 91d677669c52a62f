// The vectorised evaluator against the simple one, and both against brute force over sampled true values, on random rules and tables;
// and all that is said of tables that are read in pieces against what is said of the same tables held.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "engine/reference/reference.hpp"
#include "engine/vector/vector.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/held_tables.hpp"
#include "tests/support/random.hpp"
#include "tests/support/random_program.hpp"
#include "tests/support/random_sums.hpp"

namespace kenzan::test {

namespace {

constexpr int rules_per_program = 25;

std::uint64_t wanted_rules(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value ? std::strtoull(value, nullptr, 10) : otherwise;
}

std::string shown(const RandomProgram& program, const dsl::Rule& rule, const SourceMap& sources) {
  std::string out = program.tables;
  for (const auto& [path, text] : program.files) out += "-- " + path + " --\n" + text;
  return out + std::string(sources.text(rule.span)) + "\n";
}

/// Every number at one of its true values, as if it had been published exactly. Marks stay: what is unknown has no true value to
/// choose that `else` and `is` would not treat otherwise.
void sample(std::vector<engine::Table>& tables, std::uint64_t& state) {
  const auto next = [&](int n) {
    state = state * 6364136223846793005u + 1442695040888963407u;
    return static_cast<int>((state >> 33) % static_cast<std::uint64_t>(n));
  };
  for (engine::Table& table : tables) {
    for (engine::ColumnData& column : table.columns) {
      for (engine::PhysicalColumn& part : column.parts) {
        engine::FigureColumn exact;
        for (std::uint32_t row = 0; row < part.figures.size(); ++row) {
          const Interval range = part.figures.range(row);
          if (part.figures.mark(row) != Mark::number || !part.figures.known(row)) {
            exact.add({part.figures.mark(row), Rounding::exact, 0, 1});
            if (part.figures.state[row] & engine::FigureColumn::excluded) exact.exclude(row);
            continue;
          }
          Rational value;
          const Rational width = range.high.value - range.low.value;
          int step = next(9);
          if (step == 0 && !range.low.closed) step = 1;
          if (step == 8 && !range.high.closed) step = 7;
          value = range.low.value + width * Rational(step) / 8;
          exact.add({Mark::number, Rounding::exact, value, 1});
        }
        part.figures = std::move(exact);
      }
    }
  }
}

}  // namespace

TEST(RandomRules, VectorisedAgreesWithReferenceAndBothWithSampledTruth) {
  std::uint64_t compared = 0, instances = 0, samples = 0, seed = 0;
  std::uint64_t verdicts[verdict_count] = {};
  while (compared < wanted_rules("KENZAN_RANDOM_RULES", 60'000) && !::testing::Test::HasFailure()) {
    const RandomProgram program = random_program(++seed, rules_per_program);
    CompiledRules compiled = compile_rules(program.tables + valid_rules(program.tables, program.rules));
    engine::Data data = held_tables(compiled, program.files);
    engine::VectorEvaluator evaluator(data, {.threads = 1 + static_cast<unsigned>(seed % 2), .slice = 1 + seed % 7});
    engine::CheckedFigures checked(data);
    for (const dsl::Rule& rule : data.program->rules) {
      ++compared;
      std::vector<std::pair<engine::Instance, Verdict>> expected;
      std::uint64_t made = 0;
      const std::vector<engine::Instance> all = engine::reference_instances(data, rule);
      for (const engine::Instance& instance : all) made += engine::judge(data, rule, instance, 1).made;
      for (const engine::Instance& instance : all) {
        const engine::Judgement judgement = engine::judge(data, rule, instance, made);
        if (judgement.made) expected.emplace_back(instance, judgement.verdict);
      }
      const engine::RuleVerdicts actual = evaluator.evaluate(rule, checked);
      ASSERT_EQ(actual.size, expected.size()) << "seed " << seed << "\n" << shown(program, rule, compiled.sources);
      for (std::size_t i = 0; i < actual.size; ++i) {
        ++instances;
        ++verdicts[static_cast<std::size_t>(expected[i].second)];
        ASSERT_EQ(actual.instance(i).labels, expected[i].first.labels) << "seed " << seed << "\n"
                                                                       << shown(program, rule, compiled.sources);
        ASSERT_EQ(name_of(actual.verdicts[i]), name_of(expected[i].second)) << "seed " << seed << ", instance " << i << "\n"
                                                                            << shown(program, rule, compiled.sources);
      }
    }
    // Brute force: no choice of true values makes a violated rule true or one that holds for all true values false.
    if (seed % 4 != 0) continue;
    std::uint64_t state = seed;
    for (int round = 0; round < 3; ++round) {
      std::vector<engine::Table> sampled = data.tables;
      sample(sampled, state);
      for (const dsl::Rule& rule : data.program->rules) {
        if (rule.strength != dsl::Strength::possible || rule.when.valid()) continue;
        for (const engine::Instance& instance : engine::reference_instances(data, rule)) {
          const engine::Judgement before = engine::judge(data, rule, instance, 1);
          std::swap(data.tables, sampled);
          const engine::Judgement after = engine::judge(data, rule, instance, 1);
          std::swap(data.tables, sampled);
          if (!before.made || !after.made) continue;
          ++samples;
          if (!before.truth.can_be_true) {
            ASSERT_FALSE(after.truth.can_be_true) << "seed " << seed << "\n" << shown(program, rule, compiled.sources);
          }
          if (!before.truth.can_be_false) {
            ASSERT_FALSE(after.truth.can_be_false) << "seed " << seed << "\n" << shown(program, rule, compiled.sources);
          }
        }
      }
    }
  }
  std::cout << compared << " rules, " << instances << " instances, " << samples << " samples of true values:";
  for (std::size_t i = 0; i < verdict_count; ++i) std::cout << " " << verdicts[i] << " " << name_of(static_cast<Verdict>(i));
  std::cout << "\n";
  // The generator reaches every verdict of an instance.
  for (Verdict verdict : {Verdict::holds, Verdict::rounding, Verdict::violated, Verdict::unmatched, Verdict::unknown}) {
    EXPECT_GT(verdicts[static_cast<std::size_t>(verdict)], compared / 100) << name_of(verdict);
  }
}

namespace {

/// The counts of a run as the simple evaluator makes them.
Summary counted_by_reference(CompiledRules& rules, const Files& files) {
  Summary out;
  const engine::Data data = held_tables(rules, files);
  for (const dsl::Rule& rule : data.program->rules) {
    std::uint64_t made = 0;
    const std::vector<engine::Instance> all = engine::reference_instances(data, rule);
    for (const engine::Instance& instance : all) made += engine::judge(data, rule, instance, 1).made;
    for (const engine::Instance& instance : all) {
      const engine::Judgement judgement = engine::judge(data, rule, instance, made);
      if (!judgement.made) continue;
      ++out.instances;
      ++out.verdicts[static_cast<std::size_t>(judgement.verdict)];
    }
  }
  return out;
}

/// What is said of tables read in pieces that is not said of held ones, with the least of the rules that shows it; "" if nothing.
std::string disagreement(const RandomProgram& program, const std::string& rules, const Reading& reading, engine::Show show) {
  const auto differs = [&](const std::string& some) {
    const CompiledRules compiled = compile_rules(program.tables + some);
    const std::string held = outcome_of(compiled, program.files, {.suggestions = reading.suggestions}, show).said;
    const std::string streamed = outcome_of(compiled, program.files, reading, show).said;
    return held == streamed ? "" : line_difference(held, streamed);
  };
  std::string out = differs(rules), least = rules;
  if (out.empty()) return out;
  for (const std::string& rule : program.rules) {
    if (rules.find(rule) == std::string::npos) continue;
    if (std::string alone = differs(rule); !alone.empty()) {
      out = std::move(alone);
      least = rule;
      break;
    }
  }
  std::string shown = program.tables + least;
  for (const auto& [path, text] : program.files) shown += "-- " + path + " --\n" + text;
  return shown + "block " + std::to_string(reading.block) + ", threads " + std::to_string(reading.threads) + ", records " +
         std::to_string(reading.most_records) + "; - held, + in pieces\n" + out;
}

}  // namespace

TEST(RandomRules, TablesInPiecesSayWhatHeldTablesAndTheReferenceSay) {
  constexpr int rules_over_sums = 8;
  const std::uint64_t wanted = wanted_rules("KENZAN_RANDOM_SUMS", 4'000);
  std::uint64_t compared = 0, over_streamed = 0, seed = 0, tables = 0, streamed = 0, findings = 0;
  Summary counts;
  while (compared < wanted) {
    Random random(++seed);
    // Some with every construct of the language, for which most tables are held.
    const RandomProgram program = seed % 8 == 0 ? random_program(seed, rules_over_sums) : random_sums(seed, rules_over_sums);
    const std::string rules = valid_rules(program.tables, program.rules);
    CompiledRules compiled = compile_rules(program.tables + rules);
    const engine::Show show = seed % 3 == 0 ? engine::Show::all : seed % 3 == 1 ? engine::Show::rounding : engine::Show::failed;
    const unsigned threads[] = {1, 2, 7};
    const Reading reading{.block = 1 + random.below(random.below(2) == 0 ? 40 : 2000),
                          .threads = threads[random.below(3)],
                          .most_records = random.below(3) == 0 ? 1 + random.below(20) : engine::StreamOptions{}.most_records,
                          .suggestions = seed % 5 == 0};
    const Outcome in_pieces = outcome_of(compiled, program.files, reading, show);
    const Outcome held = outcome_of(compiled, program.files, {.suggestions = reading.suggestions}, show);
    ASSERT_TRUE(in_pieces.said == held.said) << "seed " << seed << "\n" << disagreement(program, rules, reading, show);
    const Summary expected = counted_by_reference(compiled, program.files);
    EXPECT_EQ(in_pieces.summary.instances, expected.instances) << "seed " << seed;
    for (std::size_t v = 0; v < verdict_count; ++v) {
      if (static_cast<Verdict>(v) == Verdict::vacuous) continue;
      ASSERT_EQ(in_pieces.summary.verdicts[v], expected.verdicts[v]) << "seed " << seed << ", " << name_of(static_cast<Verdict>(v));
      counts.verdicts[v] += expected.verdicts[v];
    }
    counts.instances += expected.instances;
    findings += held.findings.size();
    tables += compiled.program.tables.size();
    streamed += in_pieces.streamed.size();
    for (const dsl::Rule& rule : compiled.program.rules) {
      ++compared;
      over_streamed += std::ranges::any_of(
          rule.tables, [&](dsl::TableId table) { return in_pieces.streamed.contains(compiled.program[table].files.front().path); });
    }
  }
  std::cout << compared << " rules, " << over_streamed << " over tables read in pieces; " << streamed << " of " << tables
            << " tables in pieces; " << counts.instances << " instances, " << findings << " findings:";
  for (std::size_t i = 0; i < verdict_count; ++i) std::cout << " " << counts.verdicts[i] << " " << name_of(static_cast<Verdict>(i));
  std::cout << "\n";
  EXPECT_GT(streamed, tables / 3);
  EXPECT_GT(over_streamed, compared / 3);
  for (Verdict verdict : {Verdict::holds, Verdict::rounding, Verdict::violated, Verdict::unmatched, Verdict::unknown}) {
    EXPECT_GT(counts.verdicts[static_cast<std::size_t>(verdict)], compared / 100) << name_of(verdict);
  }
}

}  // namespace kenzan::test
