// The constraints that columns declare, checked on their own.
#pragma once
#include "engine/table/load.hpp"

namespace kenzan::engine {

/// Checks the constraints of every column over the kept rows: `constraint`, `unknown-reference` for `in table.column`, and
/// `spelling` where a text is permitted but for its spelling. A comparison is violated only if no true value meets it. Blank cells
/// are not checked.
///
/// Columns: all, or those in `only`.
/// Missing: a reference to a table that could not be read is not checked.
/// Cost:    linear in rows and constraints; near names are looked for a few times only.
void check_constraints(const Data& data, dsl::TableId table, LoadReport& report, const std::vector<std::uint32_t>* only = nullptr);

}  // namespace kenzan::engine
