// Relations that the figures of a run obey and no rule states.
#pragma once
#include <vector>

#include "diag/discovery.hpp"
#include "engine/data.hpp"
#include "engine/indexes.hpp"

namespace kenzan::engine {

/// Looks for restatements, totals, sums, differences, shares and growth among the published figures, within their rounding.
///
/// Certain: an instance that holds tells −log₂ of the chance that an unrelated figure would; of these bits of all instances, what it
///          takes to say which relation was meant, among those that were tried, is taken off. What is left is Proposal::bits; only
///          proposals with some are returned.
/// New:     what a rule of `rules` or a more certain proposal states already counts for nothing: equations between the same cells, or
///          between cells that are stated to restate them.
/// Missing: instances with a figure that is not known are left out; a figure without a row is excepted by `when`.
/// Bounds:  tables of 20,000 rows, 64 labels of a dimension along which is added up, 2,000,000 cells that are read. What that leaves
///          out is told.
/// Cost:    linear in rows for each relation that holds; of others some rows.
[[nodiscard]] Discovery discover(const Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules);

}  // namespace kenzan::engine
