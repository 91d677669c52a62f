#pragma once
#include "cli/options.hpp"

namespace kenzan::cli {

/// `kenzan check`: returns the exit status.
[[nodiscard]] int check(const CheckOptions& options);

}  // namespace kenzan::cli
