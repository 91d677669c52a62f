// Which columns of which tables a rule reads.
#pragma once
#include <utility>
#include <vector>

#include "dsl/program.hpp"

namespace kenzan::dsl {

/// The columns of the cells that `when` and `require` of a rule read, and those by which rows are chosen, each once, in order of
/// table and column. Cost: linear in the rule's expressions.
[[nodiscard]] std::vector<std::pair<TableId, std::uint32_t>> columns_read(const Program& program, const Rule& rule);

}  // namespace kenzan::dsl
