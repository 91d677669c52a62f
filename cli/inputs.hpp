// The files that a check reads.
#pragma once
#include <set>
#include <string>
#include <vector>

#include "cli/prepare.hpp"
#include "diag/report.hpp"

namespace kenzan::cli {

/// By the paths that messages show; "-" is standard input.
struct Inputs {
  std::set<std::string> rules, data;
};

[[nodiscard]] Inputs inputs_of(const Prepared& prepared);

/// Reads all of them for their digests, rule files first. Those that cannot be read, or only once, are left out.
[[nodiscard]] std::vector<InputDigest> digests_of(const Prepared& prepared);

}  // namespace kenzan::cli
