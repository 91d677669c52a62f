// A relation between figures, tried on every instance of its basis: how often it holds, and how surprising that is.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "diag/discovery.hpp"
#include "engine/discover/operand.hpp"
#include "engine/discover/spread.hpp"
#include "engine/discover/stated.hpp"

namespace kenzan::engine {

/// `target` is the sum of `terms`, some of which count negative; of a share it is the first by the second; of growth that less 1.
struct FigureRelation {
  struct Term {
    Operand operand;
    bool negative = false;
  };
  RelationForm form = RelationForm::restatement;
  const Basis* basis = nullptr;
  Operand target;
  std::vector<Term> terms;

  [[nodiscard]] bool is_quotient() const { return form == RelationForm::share || form == RelationForm::growth; }
};

/// What speaks for a relation.
struct Support {
  std::size_t instances = 0, held = 0;  ///< of which every figure is known
  // not a figure: ranks proposals
  double bits = 0;                    ///< that all its instances tell together; each pair of values counts once
  std::vector<std::size_t> broken;    ///< instances that do not hold
  std::vector<std::size_t> missing;   ///< operands that have no row in some instance: 0 is the target
  std::vector<Equation> equations;    ///< of the instances that hold …
  std::vector<std::set<CellRef>> of;  ///< … of a quotient their cells
};

class Trial {
 public:
  Trial(Operands& operands, std::size_t most_cells);

  /// Returns what speaks for a relation; nothing where it does not hold, or as good as holds: in nine of ten instances, of ten at least.
  /// With `stated`, only instances that are not stated count for its surprise, and their equations are filled in.
  /// Cost: of a relation that does not hold, some instances; otherwise all.
  [[nodiscard]] std::optional<Support> of(const FigureRelation& relation, StatedEquations* stated = nullptr);

  [[nodiscard]] Operands& operands() { return operands_; }
  /// Whether so many cells have been read that the search should end.
  [[nodiscard]] bool ended() const { return operands_.cells_read() > most_cells_; }

 private:
  struct Side {
    bool missing = false, known = true;
    Interval range = Interval::point(0);
  };
  /// What the terms come to.
  [[nodiscard]] Side side(const FigureRelation& relation, const std::vector<Value>& values) const;
  [[nodiscard]] static Equation equation(const FigureRelation& relation, const Value& target, const std::vector<Value>& values);

  Operands& operands_;
  std::size_t most_cells_;
  std::map<std::pair<dsl::TableId, std::uint32_t>, Spread> of_columns_;
  std::map<std::pair<Dimension, RatioKind>, Spread> of_kinds_;
};

}  // namespace kenzan::engine
