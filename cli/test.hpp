#pragma once
#include "cli/options.hpp"

namespace kenzan::cli {

/// `kenzan test`: returns the exit status.
[[nodiscard]] int test(const ProgramOptions& options);

}  // namespace kenzan::cli
