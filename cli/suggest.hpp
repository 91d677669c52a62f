#pragma once
#include "cli/options.hpp"

namespace kenzan::cli {

/// `kenzan suggest`: returns the exit status.
[[nodiscard]] int suggest(const SuggestOptions& options);

}  // namespace kenzan::cli
