// The vectorised evaluator against the reference on random programs and tables: the same instances, the same verdicts, the same
// figures checked.
#include <gtest/gtest.h>

#include <set>

#include "tests/unit/engine_vector_case.hpp"

namespace kenzan::engine {
namespace {

using vector_test::Case;

/// What the reference makes of a rule: instances, verdicts, cells of the instances that were judged.
struct Expected {
  std::vector<Instance> instances;
  std::vector<Verdict> verdicts;
  std::set<CellRef> checked;
};

Expected expected_of(const Case& one) {
  Expected out;
  std::uint64_t made = 0;
  const std::vector<Instance> instances = reference_instances(one.data, one.rule);
  for (const Instance& instance : instances) made += judge(one.data, one.rule, instance, 1).made;
  for (const Instance& instance : instances) {
    const Judgement judgement = judge(one.data, one.rule, instance, made);
    if (!judgement.made) continue;
    out.instances.push_back(instance);
    out.verdicts.push_back(judgement.verdict);
    if (judgement.verdict == Verdict::unmatched || judgement.verdict == Verdict::unknown) continue;
    out.checked.insert(judgement.cells.begin(), judgement.cells.end());
  }
  return out;
}

void compare(const Case& one) {
  const Expected expected = expected_of(one);
  CheckedFigures checked(one.data);
  VectorEvaluator evaluator(one.data);
  const RuleVerdicts found = evaluator.evaluate(one.rule, checked);
  ASSERT_EQ(found.size, expected.instances.size());
  ASSERT_EQ(found.verdicts.size(), expected.verdicts.size());
  for (std::size_t i = 0; i < found.size; ++i) {
    EXPECT_EQ(found.instance(i), expected.instances[i]);
    EXPECT_EQ(found.instance(i).spellings, expected.instances[i].spellings);
    EXPECT_EQ(name_of(found.verdicts[i]), name_of(expected.verdicts[i])) << "instance " << i;
  }
  for (std::size_t t = 0; t < one.data.tables.size(); ++t) {
    const Table& table = one.data.tables[t];
    for (std::uint32_t c = 0; c < table.columns.size(); ++c) {
      if (one.program.tables[t].columns[c].type != dsl::ColumnType::figure) continue;
      for (std::uint32_t p = 0; p < table.columns[c].parts.size(); ++p) {
        for (std::uint32_t row = 0; row < table.rows; ++row) {
          const CellRef cell{dsl::TableId(t), c, p, row};
          EXPECT_EQ(checked.checked(cell), expected.checked.contains(cell))
              << "table " << t << " column " << c << " part " << p << " row " << row;
        }
      }
    }
  }
}

TEST(VectorRandom, AgreesWithTheReference) {
  constexpr std::uint64_t cases = 3000;
  for (std::uint64_t seed = 1; seed <= cases; ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    const Case one(seed);
    compare(one);
    if (HasFailure()) return;
  }
}

}  // namespace
}  // namespace kenzan::engine
