#pragma once
#include <optional>

#include "cli/prepare.hpp"
#include "engine/baseline.hpp"

namespace kenzan::cli {

/// Reads a baseline into the sources of a run. None, after saying why on standard error, where the exit status is 2.
[[nodiscard]] std::optional<engine::Baseline> load_baseline(Prepared& prepared, const std::string& path, Color color);

/// `kenzan baseline`: returns the exit status.
[[nodiscard]] int baseline(const BaselineOptions& options);

}  // namespace kenzan::cli
