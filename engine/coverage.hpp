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
/// Cells:   blank cells do not count. By table, row and column. `locate` fills lines and columns.
/// Slips:   with `slips`, each text that one slip of the hand makes of a figure, or that stands beside it, is put in its place, and is seen where an instance that
///          reads the figure is then violated and was not, where all of them together can no longer hold (if they are 200 at most), or where the text can no longer
///          be read without a complaint. Not of columns that take their unit or places from another. The constraints of columns are
///          not asked. Of a hundred of those that are seen it is found out which figure would be suggested.
/// Cost:    judging every instance once; a comparison of intervals for each slip, and for those that no linear instance sees, judging the
///          others that read the figure.
[[nodiscard]] Coverage coverage_of(Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules, bool slips);

}  // namespace kenzan::engine
