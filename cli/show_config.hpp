// `kenzan config show`.
#pragma once
#include "cli/options.hpp"

namespace kenzan::cli {

[[nodiscard]] int show_config(const Invocation& invocation);

}  // namespace kenzan::cli
