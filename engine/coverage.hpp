// What the rules of a run would notice.
#pragma once
#include <vector>

#include "diag/coverage.hpp"
#include "engine/indexes.hpp"
#include "engine/reference/linear.hpp"

namespace kenzan::engine {

/// Looks at every instance of the rules by the reference evaluator, and at every published figure of a row that counts.
///
/// Bounds:  those that one instance alone gives while the other figures stay within their own ranges; of several instances the
///          narrowest. A figure that `require` reads is loose where no comparison of linear expressions bounds it.
/// Cells:   blank cells do not count. `locate` fills lines and columns.
/// Cost:    judging every instance once.
[[nodiscard]] Coverage coverage_of(const Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules);

}  // namespace kenzan::engine
