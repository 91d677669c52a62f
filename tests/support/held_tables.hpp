// The tables of a program read as a run reads those that it holds: what the evaluators are given.
#pragma once
#include "engine/data.hpp"
#include "engine/table/load.hpp"
#include "tests/support/outcome.hpp"

namespace kenzan::test {

/// `rules` outlives what is returned. Throws std::runtime_error where a table cannot be read.
[[nodiscard]] engine::Data held_tables(CompiledRules& rules, const Files& files);

/// Those of the rules that compile behind the tables, one behind the other.
[[nodiscard]] std::string valid_rules(const std::string& tables, const std::vector<std::string>& rules);

}  // namespace kenzan::test
