// What instances ask of cells, as one system: an unknown for each cell.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "engine/reference/linear.hpp"
#include "engine/solve/system.hpp"

namespace kenzan::engine {

class CellSystem {
 public:
  /// Adds a constraint.
  void add(LinearCondition condition) {
    Constraint& constraint = system_.constraints.emplace_back();
    constraint.range = std::move(condition.range);
    for (LinearCondition::Part& part : condition.cells) {
      const auto [known, added] = unknowns_.try_emplace(part.cell, static_cast<std::uint32_t>(cells_.size()));
      if (added) {
        cells_.push_back(part.cell);
        system_.unknowns.push_back(std::move(part.values));
      }
      constraint.terms.push_back({known->second, std::move(part.factor)});
    }
  }
  [[nodiscard]] const System& system() const { return system_; }
  [[nodiscard]] const CellRef& cell(std::uint32_t unknown) const { return cells_[unknown]; }
  [[nodiscard]] std::optional<std::uint32_t> unknown(const CellRef& cell) const {
    const auto known = unknowns_.find(cell);
    return known == unknowns_.end() ? std::nullopt : std::optional(known->second);
  }

 private:
  System system_;
  std::vector<CellRef> cells_;  ///< of each unknown
  std::map<CellRef, std::uint32_t> unknowns_;
};

}  // namespace kenzan::engine
