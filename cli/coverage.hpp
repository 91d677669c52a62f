#pragma once
#include "cli/options.hpp"

namespace kenzan::cli {

/// `kenzan coverage`: returns the exit status.
[[nodiscard]] int coverage(const CoverageOptions& options);

}  // namespace kenzan::cli
