// What has a say about the cells of a violated instance.
#pragma once
#include <cstdint>
#include <functional>
#include <set>
#include <utility>
#include <vector>

#include "engine/blame/cell_readers.hpp"

namespace kenzan::engine {

/// Instances that are violated, or that cannot all hold together.
struct Violation {
  std::vector<RuleInstance> instances;
};

struct Near {
  std::vector<Violation> violations;  ///< the first of those that were asked for: as many as there was room for
  std::vector<RuleInstance>
      instances;  ///< those of the violations, those that read a cell of one, those that read a cell of these …
  /// One that adds up very many cells. Only those that `instances` read matter of it, and of the others their sum.
  struct Large {
    RuleInstance instance;
    Verdict verdict;
    Interval others = Interval::point(0);  ///< what the cells add up to that are not held
  };
  std::vector<Large> large;  ///< none of `instances`
  bool all = false;          ///< whether nothing further hangs together with them
};

/// Where blame looks: not at more than this.
struct NearLimits {
  std::size_t most_violations = 1000, most_instances = 2000, most_suspects = 200;  ///< cells of one violation
  std::uint64_t most_cells = 200'000;                                              ///< that all instances read
  unsigned most_steps = 3;                                                         ///< from the violations
  std::uint64_t large = 1000;                                                      ///< cells of one instance
};

/// Whether another figure in a cell of that column may be meant: those that others are not read by, and that need no other cell
/// to be read.
[[nodiscard]] bool may_be_wrong(const dsl::Program& program, const CellRef& cell);

/// Returns the instances that lie around violations, by the cells that they read.
///
/// cells_in: how many cells stand behind one: more than one in a table of which sums are held.
/// Cost:     that of judging each by the reference.
/// judged:   is told of each instance, and of some that there was no room for; of a large one, of its cell alone.
[[nodiscard]] Near near(const Data& data, RowIndex& index, CellReaders& readers, std::vector<Violation> violations,
                        const NearLimits& limits, const std::function<std::uint64_t(const CellRef&)>& cells_in,
                        const std::function<void(const RuleInstance&, const Judgement&)>& judged = {});

/// Adds up what large instances read besides the cells that will be held.
/// Cost: a few nanoseconds for each cell.
void add_up_others(const Data& data, RowIndex& index, Near& near, const std::function<bool(const CellRef&)>& is_held);

}  // namespace kenzan::engine
