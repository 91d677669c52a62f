#pragma once
#include "cli/options.hpp"

namespace kenzan::cli {

/// `kenzan fix`: returns the exit status.
[[nodiscard]] int fix(const FixOptions& options);

}  // namespace kenzan::cli
