// What has to do with files that have changed.
#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "dsl/program.hpp"
#include "engine/table/load.hpp"

namespace kenzan::engine {

struct Concerned {
  std::vector<bool> rules;   ///< in the order of the program: one of its tables has changed, or its rule file, or what that uses
  std::vector<bool> tables;  ///< by TableId: changed, or declared in such a file, or read by such a rule
};

/// `changed` says whether a rule file or a data file is one of those. Cost: linear in the program.
[[nodiscard]] Concerned concerned_by(const dsl::Program& program, const SourceMap& sources, const LoadOptions& load,
                                     const std::function<bool(std::string_view path)>& changed);

}  // namespace kenzan::engine
