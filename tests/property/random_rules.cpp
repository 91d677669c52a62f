// The vectorised evaluator against the simple one, and both against brute force over sampled true values, on random rules and tables.
#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>

#include "dsl/compile.hpp"
#include "engine/reference.hpp"
#include "engine/table/load.hpp"
#include "engine/vector.hpp"
#include "tests/support/random_program.hpp"

namespace kenzan::test {

namespace {

constexpr int rules_per_program = 25;

std::uint64_t wanted_rules() {
  const char* value = std::getenv("KENZAN_RANDOM_RULES");
  return value ? std::strtoull(value, nullptr, 10) : 100'000;
}

struct Loaded {
  SourceMap sources;
  dsl::Compiled compiled;
  engine::Data data;
};

/// Compiles the rules that are valid, and reads the tables as a run does.
std::unique_ptr<Loaded> load(const RandomProgram& program) {
  auto loaded = std::make_unique<Loaded>();
  const auto compile = [&](const std::string& text, SourceMap& sources, Diagnostics& diagnostics) {
    dsl::CompileOptions options;
    options.paths = {"r.kz"};
    options.read = [&](const std::string&) -> Result<std::string, std::string> { return text; };
    return dsl::compile(sources, options, diagnostics);
  };
  std::string valid = program.tables;
  for (const std::string& rule : program.rules) {
    SourceMap sources;
    Diagnostics diagnostics;
    (void)compile(program.tables + rule, sources, diagnostics);
    if (!diagnostics.has_errors()) valid += rule;
  }
  Diagnostics diagnostics;
  loaded->compiled = compile(valid, loaded->sources, diagnostics);
  EXPECT_FALSE(diagnostics.has_errors()) << valid;
  engine::Data& data = loaded->data;
  data.program = &loaded->compiled.program;
  data.sources = &loaded->sources;
  const std::size_t tables = data.program->tables.size();
  data.tables.resize(tables);
  data.hierarchies.resize(tables);
  engine::LoadOptions options;
  options.open = [&](const std::string& path) -> Result<std::string, std::string> { return program.files.at(path); };
  engine::LoadReport report;
  for (std::uint32_t i = 0; i < tables; ++i) {
    const dsl::TableId id(i);
    engine::read_table(data, id, options, report);
    if (!data.program->tables[i].where.valid()) continue;
    for (std::uint32_t row = 0; row < data.tables[i].rows; ++row) {
      data.tables[i].kept[row] = engine::keeps(engine::judge_row(data, data.program->tables[i].where, id, row));
    }
  }
  EXPECT_TRUE(report.failures.empty());
  for (std::uint32_t i = 0; i < tables; ++i) engine::check_table(data, dsl::TableId(i), report);
  for (std::uint32_t i = 0; i < tables; ++i) {
    const dsl::TableId id(i);
    std::vector<std::uint32_t> cycles;
    data.hierarchies[i] = engine::build_hierarchies(
        data, id, [&](dsl::ExprId when, std::uint32_t row) { return engine::judge_row(data, when, id, row).written; }, cycles);
  }
  return loaded;
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
  while (compared < wanted_rules() && !::testing::Test::HasFailure()) {
    const RandomProgram program = random_program(++seed, rules_per_program);
    const auto loaded = load(program);
    engine::Data& data = loaded->data;
    engine::VectorEvaluator evaluator(data);
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
      ASSERT_EQ(actual.size, expected.size()) << "seed " << seed << "\n" << shown(program, rule, loaded->sources);
      for (std::size_t i = 0; i < actual.size; ++i) {
        ++instances;
        ++verdicts[static_cast<std::size_t>(expected[i].second)];
        ASSERT_EQ(actual.instance(i).labels, expected[i].first.labels) << "seed " << seed << "\n"
                                                                       << shown(program, rule, loaded->sources);
        ASSERT_EQ(name_of(actual.verdicts[i]), name_of(expected[i].second)) << "seed " << seed << ", instance " << i << "\n"
                                                                            << shown(program, rule, loaded->sources);
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
            ASSERT_FALSE(after.truth.can_be_true) << "seed " << seed << "\n" << shown(program, rule, loaded->sources);
          }
          if (!before.truth.can_be_false) {
            ASSERT_FALSE(after.truth.can_be_false) << "seed " << seed << "\n" << shown(program, rule, loaded->sources);
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

}  // namespace kenzan::test
