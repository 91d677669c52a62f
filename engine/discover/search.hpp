// Trying relations: which of all that there could be the figures obey.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/discover/bases.hpp"
#include "engine/discover/relation.hpp"

namespace kenzan::engine {

/// A relation that the figures obey.
struct Found {
  FigureRelation relation;
  Support support;
  // not a figure: ranks proposals
  double cost = 0;  ///< what it takes to say which relation it is, among all that were tried, in bits
};

/// Tries relations of every form between the figures of a run.
///
/// Cost of a relation: a bit where names tell of it (the total of all others that is called 合計); else those that it takes to choose
/// a form, a column, and one of the relations of this form that were tried for that column.
/// Bounds: those of bases.hpp, and `most_slots`; what they leave out is told.
class Search {
 public:
  static constexpr std::size_t most_slots = 24;   ///< figures of a row of which pairs are tried
  static constexpr std::size_t most_parts = 128;  ///< figures that are tried in quotients of one column
  static constexpr std::size_t most_found = 2'000;

  Search(Trial& trial, Bases& bases) : trial_(trial), bases_(bases) {}

  /// Returns what holds, in the order of trying; the bases in `bases` must outlive it.
  [[nodiscard]] std::vector<Found> all();

  [[nodiscard]] std::size_t tried() const { return tried_; }
  [[nodiscard]] const std::set<dsl::TableId>& with_many_columns() const { return many_columns_; }
  [[nodiscard]] const std::set<dsl::TableId>& with_many_parts() const { return many_parts_; }
  /// Whether so much holds that not all of it was kept.
  [[nodiscard]] bool is_full() const { return kept_.size() >= most_found; }
  [[nodiscard]] const std::set<std::pair<dsl::TableId, dsl::DimId>>& with_many_labels() const { return many_labels_; }

 private:
  using ColumnOf = std::pair<dsl::TableId, std::uint32_t>;
  struct Kept {
    FigureRelation relation;
    Support support;
    // not a figure: ranks proposals
    std::optional<double> cost = std::nullopt;  ///< none: by the number of relations that were tried
    bool named = false;
  };

  void at_rows(const Basis& basis);
  void at_column(const Basis& basis, std::uint32_t key_column);
  void restatements(const Basis& basis, const std::vector<Axis>& axes, std::optional<dsl::DimId> wanted);
  void group_totals(const Basis& basis, const std::vector<Axis>& axes);
  void differences(const Basis& basis, const std::vector<Axis>& axes);
  void pairs(const Basis& basis, const Axis& axis);
  /// With `wanted`, only those of which a part is looked up by this dimension.
  void quotients(const Basis& basis, const std::vector<Axis>& axes, std::optional<dsl::DimId> wanted);
  [[nodiscard]] std::vector<Foreign> parts_of_quotients(const Basis& basis, const std::vector<Axis>& axes, bool below);

  /// Of one axis; or, along a key column, of all columns together. In runs.cpp.
  class Runs;
  void runs(const Basis& basis, std::vector<Axis> axes, std::optional<std::uint32_t> key_column);

  /// Counts a relation, and keeps it if it holds.
  bool attempt(const FigureRelation& relation, bool named);
  void count(const FigureRelation& relation);
  // not a figure: bits
  [[nodiscard]] double cost_of(const Kept& kept) const;
  [[nodiscard]] bool is_named(const Operand& target, RelationForm form, const std::string& label = {}) const;
  [[nodiscard]] bool fits(const Operand& a, const Operand& b) const;  ///< whether figures of both can be equal
  [[nodiscard]] const dsl::Column& declared(const Operand& operand) const { return trial_.operands().declared(operand); }

  Trial& trial_;
  Bases& bases_;
  std::size_t tried_ = 0, columns_ = 0;
  std::map<std::pair<ColumnOf, RelationForm>, std::size_t> counts_;
  std::vector<Kept> kept_;
  std::set<dsl::TableId> many_columns_, many_parts_;
  std::set<std::pair<dsl::TableId, dsl::DimId>> many_labels_;
};

}  // namespace kenzan::engine
