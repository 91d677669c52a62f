// What rules say already: equations between cells, so that no proposal repeats one.
#pragma once
#include <cstdint>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "engine/reference/linear.hpp"

namespace kenzan::engine {

/// Σ factor · cell = 0.
using Equation = std::vector<std::pair<CellRef, Rational>>;

class StatedEquations {
 public:
  void add(const Equation& equation);
  /// Adds that a quotient or the like is stated of these cells.
  void add_others(const std::set<CellRef>& cells);
  /// Whether an equation follows from one that was added, and from those that say of two cells that one is a multiple of the other.
  [[nodiscard]] bool has(const Equation& equation);
  /// Whether something was stated of these cells, or of cells that are multiples of them.
  /// Parts of a sum are as good as their total.
  [[nodiscard]] bool has_others(const std::set<CellRef>& cells);

 private:
  using Canonical = std::vector<std::pair<std::uint32_t, Rational>>;  ///< ascending; the first factor is 1
  struct Root {
    std::uint32_t of;
    Rational factor;  ///< the cell is this times `of`
  };
  std::uint32_t number_of(const CellRef& cell);
  Root root(std::uint32_t number);
  Canonical canonical(const Equation& equation);
  std::set<std::uint32_t> roots(const std::set<CellRef>& cells);
  void refresh();
  /// Notes a sum, so that its parts can be replaced by it.
  void note(const Canonical& equation);

  std::map<CellRef, std::uint32_t> numbers_;
  std::vector<Root> parents_;
  std::vector<Equation> equations_;
  std::vector<std::set<CellRef>> others_;
  std::set<Canonical> canonical_;
  std::set<std::set<std::uint32_t>> roots_of_others_;
  std::map<std::set<std::uint32_t>, std::uint32_t> sums_;  ///< parts → total
  bool stale_ = false;                                     ///< roots have changed since `canonical_` was made
};

/// Adds what rules state of each of their instances.
/// Cost: that of judging these.
void add_rules(const Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules, StatedEquations& to);

}  // namespace kenzan::engine
