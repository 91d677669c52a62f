#pragma once
#include "cli/options.hpp"

namespace kenzan::cli {

/// `kenzan rules`: returns the exit status.
[[nodiscard]] int rules(const RulesOptions& options);

}  // namespace kenzan::cli
