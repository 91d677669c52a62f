#include "tests/support/held_tables.hpp"

#include <stdexcept>

#include "engine/reference/reference.hpp"

namespace kenzan::test {

engine::Data held_tables(CompiledRules& rules, const Files& files) {
  engine::Data data;
  data.program = &rules.program;
  data.sources = &rules.sources;
  const std::size_t tables = rules.program.tables.size();
  data.tables.resize(tables);
  data.hierarchies.resize(tables);
  engine::LoadOptions options;
  options.open = [&](const std::string& path) -> Result<std::string, std::string> { return files.at(path); };
  engine::LoadReport report;
  for (std::uint32_t i = 0; i < tables; ++i) {
    const dsl::TableId id(i);
    engine::read_table(data, id, options, report);
    engine::keep_rows(data, id);
  }
  if (!report.failures.empty()) throw std::runtime_error("a table cannot be read");
  for (std::uint32_t i = 0; i < tables; ++i) engine::check_table(data, dsl::TableId(i), report);
  for (std::uint32_t i = 0; i < tables; ++i) {
    const dsl::TableId id(i);
    std::vector<std::uint32_t> cycles;
    data.hierarchies[i] = engine::build_hierarchies(
        data, id, [&](dsl::ExprId when, std::uint32_t row) { return engine::judge_row(data, when, id, row).written; }, cycles);
  }
  return data;
}

std::string valid_rules(const std::string& tables, const std::vector<std::string>& rules) {
  std::string out;
  for (const std::string& rule : rules) {
    try {
      (void)compile_rules(tables + rule);
      out += rule;
    } catch (const std::runtime_error&) {
      // Random rules may have mistakes.
    }
  }
  return out;
}

}  // namespace kenzan::test
