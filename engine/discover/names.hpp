// Names that tell what a figure is made of: those of totals, differences, shares and growth.
#pragma once
#include <string_view>

#include "diag/discovery.hpp"

namespace kenzan::engine {

/// Whether a name of a table, a column or a label (folded) says that its figures are of this form, as 合計 and `total` do of totals.
[[nodiscard]] bool tells_of(std::string_view folded, RelationForm form);

}  // namespace kenzan::engine
