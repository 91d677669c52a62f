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
  std::vector<std::uint32_t> columns =
      {};  ///< of the target's table, all of which obey it: each in the place of the target's; none: that alone

  [[nodiscard]] std::size_t column_count() const { return columns.empty() ? 1 : columns.size(); }
  /// The same relation of column number `i` alone.
  [[nodiscard]] FigureRelation in_column(std::size_t i) const;
  [[nodiscard]] bool is_quotient() const { return form == RelationForm::share || form == RelationForm::growth; }
};

/// What speaks for a relation.
struct Support {
  std::size_t instances = 0, held = 0;  ///< of which every figure is known
  // not a figure: ranks proposals
  double bits = 0;                    ///< that all its instances tell together; each pair of values counts once
  std::vector<CellRef> broken;        ///< targets that it does not hold for
  std::vector<std::size_t> missing;   ///< operands that have no row in some instance: 0 is the target
  std::vector<Equation> equations;    ///< of the instances that hold …
  std::vector<std::set<CellRef>> of;  ///< … of a quotient their cells
};

class Trial {
 public:
  Trial(Operands& operands, std::size_t most_cells);

  /// Returns what speaks for a relation; nothing where it neither holds nor nearly holds: in nine of ten instances, of ten at least.
  /// An instance counts once for each of the columns.
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
  /// Adds the instances of one of so many columns; false where they fail too often.
  bool add_column(const FigureRelation& relation, std::size_t columns, StatedEquations* stated, Support& out,
                  std::vector<bool>& missing);
  /// Notes what an instance states; returns whether that is stated already.
  bool note(const FigureRelation& relation, const Value& target, const std::vector<Value>& values, StatedEquations& stated,
            Support& out) const;
  /// What the terms come to.
  [[nodiscard]] Side side(const FigureRelation& relation, const std::vector<Value>& values) const;
  [[nodiscard]] static Equation equation(const FigureRelation& relation, const Value& target, const std::vector<Value>& values);

  Operands& operands_;
  std::size_t most_cells_;
  std::map<std::pair<dsl::TableId, std::uint32_t>, Spread> of_columns_;
  std::map<std::pair<Dimension, RatioKind>, Spread> of_kinds_;
};

}  // namespace kenzan::engine
