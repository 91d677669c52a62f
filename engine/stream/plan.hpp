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
  bool in_pair = false;               ///< groups may agree with those of another table, and be asked for no more
};

/// The plan for a table; none where some rule that `selected` takes, or a clause of a table, asks for more than sums: then the
/// table has to be held.
[[nodiscard]] std::optional<StreamPlan> plan_stream(const dsl::Program& program, dsl::TableId table,
                                                    const std::function<bool(const dsl::Rule&)>& selected);

/// Two tables that are read in pieces, of which one publishes what the groups of the other add up to. The label of a dimension
/// stands in the same order among the groups of both. Other rules ask for no labels of either: they read the sums of all rows.
struct TotalsPair {
  dsl::TableId totals, parts;
  std::vector<const dsl::Rule*> rules;  ///< that say so: each is `cell = sum(cells)` for all the groups
};

/// The pairs among the tables for which there is a plan; no table stands in two.
[[nodiscard]] std::vector<TotalsPair> totals_pairs(const dsl::Program& program,
                                                   const std::function<bool(const dsl::Rule&)>& selected);

}  // namespace kenzan::engine
