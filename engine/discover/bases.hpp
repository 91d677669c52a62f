// Over which instances relations are looked for, and which figures there are for each of them.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "engine/discover/operand.hpp"

namespace kenzan::engine {

inline constexpr std::size_t most_rows = 20'000;      ///< of a table that is looked at
inline constexpr std::size_t most_labels = 64;        ///< of a dimension along which rows are added up or compared
inline constexpr std::size_t most_fixed_labels = 12;  ///< of a dimension of which each label is tried in brackets

/// A figure of the basis' own table, in each instance.
struct Slot {
  Operand operand;
  std::string name;  ///< folded: of its column or its label, whichever tells it from its neighbours
};

/// Slots that can be added up: of one dimension, in the order of the file.
using Axis = std::vector<Slot>;

/// A figure of another table.
struct Foreign {
  Operand operand;
  bool repeated = false;  ///< it is the same in all instances
  /// Of a figure in brackets: which dimension they fix. Operands that differ in the label alone stand one after the other.
  std::optional<dsl::DimId> in_brackets = {};
};

class Bases {
 public:
  explicit Bases(Operands& operands);

  /// The combinations of dimensions that a table has; null if it does not have all of them.
  /// Cost: linear in rows and labels, once.
  [[nodiscard]] const Basis* of(dsl::TableId table, std::vector<dsl::DimId> dims);

  [[nodiscard]] std::vector<dsl::DimId> key_of(dsl::TableId table) const;
  /// Across which dimensions the table has columns.
  [[nodiscard]] std::vector<dsl::DimId> across_of(dsl::TableId table) const;
  [[nodiscard]] std::vector<std::uint32_t> figures_of(dsl::TableId table) const;
  [[nodiscard]] bool is_looked_at(dsl::TableId table) const;

  /// The figures of a row, and of a row at a label where the basis has the `across` dimension: an axis for each unit of measure.
  [[nodiscard]] std::vector<Axis> along_rows(const Basis& basis) const;
  /// The figures of a column along one of its key columns, which the basis lacks: an axis for each column.
  [[nodiscard]] std::vector<Axis> along_column(const Basis& basis, std::uint32_t key_column);

  /// Figures of other tables that are single in each instance, with one dimension in brackets at most. With `wanted`, only those that
  /// are looked up by this dimension.
  [[nodiscard]] std::vector<Foreign> single(const Basis& basis, std::optional<dsl::DimId> wanted);
  /// Sums of other tables over all dimensions that the basis lacks, with one label of `across` in brackets at most.
  [[nodiscard]] std::vector<Foreign> sums(const Basis& basis);

 private:
  /// Which way a table may be matched by a dimension of another name.
  enum class References : std::uint8_t {
    none,
    from_basis,  ///< a dimension of the basis refers to a key of the table, which is looked up by it
    to_basis,    ///< a column of the table refers to a dimension of the basis, by which it is grouped
  };
  /// Matches what a column of a table and the basis have in common; returns the dimensions of its key that the basis lacks.
  [[nodiscard]] Operand matched(const Basis& basis, dsl::TableId table, std::uint32_t column, References references,
                                std::vector<dsl::DimId>& open) const;
  [[nodiscard]] std::optional<std::size_t> referred(const Basis& basis, dsl::DimId dim, References references) const;

  Operands& operands_;
  std::map<std::pair<dsl::TableId, std::vector<dsl::DimId>>, std::unique_ptr<Basis>> bases_;
  std::set<std::pair<dsl::DimId, dsl::DimId>> references_;  ///< from a dimension to another, by `in`
};

}  // namespace kenzan::engine
