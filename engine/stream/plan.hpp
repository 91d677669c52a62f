// Which tables can be read without being held, and what is kept of them.
#pragma once
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "dsl/program.hpp"

namespace kenzan::engine {

/// What the rules need of a table: the sums of its figures for each combination of the labels of `groups`.
struct StreamPlan {
  std::vector<std::uint32_t> groups;  ///< columns, ascending
};

/// The plan for a table; none where some rule that `selected` takes, or a clause of a table, asks for more than sums: then the
/// table has to be held.
[[nodiscard]] std::optional<StreamPlan> plan_stream(const dsl::Program& program, dsl::TableId table,
                                                    const std::function<bool(const dsl::Rule&)>& selected);

}  // namespace kenzan::engine
