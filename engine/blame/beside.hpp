// The cells that lie beside one in its file, as far as a hand can slip.
#pragma once
#include <vector>

#include "engine/reference/reference.hpp"

namespace kenzan::engine {

/// Returns the cells of the same column in the records before and behind, where these follow each other in one file, and those of the
/// same row under the labels across before and behind, or else in the columns declared before and behind. Of any type.
[[nodiscard]] std::vector<CellRef> beside(const Data& data, const CellRef& cell);

}  // namespace kenzan::engine
