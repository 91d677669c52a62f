// `kenzan check`, and what other commands that judge rules share with it.
#pragma once
#include <optional>

#include "cli/prepare.hpp"
#include "diag/report.hpp"
#include "engine/baseline.hpp"

namespace kenzan::cli {

/// Sets the run up as the options of check say; `known` holds the baseline, and must outlive the run. False, after saying why on
/// standard error, where the exit status is 2.
[[nodiscard]] bool set_up(const CheckOptions& options, Prepared& prepared, std::optional<engine::Baseline>& known);

/// The exit status of a check that was written.
[[nodiscard]] int exit_status(const CheckOptions& options, const Summary& summary);

/// `kenzan check`: returns the exit status.
[[nodiscard]] int check(const CheckOptions& options);

}  // namespace kenzan::cli
