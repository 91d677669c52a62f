#pragma once
#include "cli/options.hpp"

namespace kenzan::cli {

/// `kenzan explain`: returns the exit status.
[[nodiscard]] int explain(const ExplainOptions& options);

}  // namespace kenzan::cli
