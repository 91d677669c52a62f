#pragma once
#include "cli/options.hpp"

namespace kenzan::cli {

/// `kenzan evidence`: returns the exit status.
[[nodiscard]] int evidence(const EvidenceOptions& options);

}  // namespace kenzan::cli
