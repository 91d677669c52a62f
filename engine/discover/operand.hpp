// What relations are made of: for each instance of a basis, a figure of some table, or a sum of figures.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/indexes.hpp"
#include "engine/reference/reference.hpp"

namespace kenzan::engine {

/// Instances that relations are looked for over: the combinations of some dimensions that a table has.
struct Basis {
  dsl::TableId table;
  std::vector<dsl::DimId> dims;
  std::vector<Instance> instances;

  [[nodiscard]] std::optional<std::size_t> find(dsl::DimId dim) const;
};

/// Which figures of a table an instance reads.
struct Operand {
  /// How a column with `across` is read.
  enum class Across : std::uint8_t {
    none,     ///< the column has none
    matched,  ///< at the instance's label of dimension `across_dim` of the basis
    fixed,    ///< at label number `part`
    all,      ///< a sum over all labels
  };
  dsl::TableId table;
  std::uint32_t column = 0;
  std::vector<std::pair<std::uint32_t, std::size_t>> matched =
      {};  ///< columns that have the instance's label of a dimension of the basis
  /// Columns among these that have another name than the dimension: one refers to the other by `in`.
  std::vector<std::uint32_t> referring = {};
  std::optional<std::pair<std::uint32_t, Code>> fixed = std::nullopt;  ///< a column that has this label
  Across across = Across::none;
  std::size_t across_dim = 0;
  std::uint32_t part = 0;
  bool sum = false;              ///< over all such rows; else there is one at most
  std::vector<Code> only = {};   ///< of a sum: the labels that it goes over, in column `along`; none: all of them …
  std::optional<Code> but = {};  ///< … but this
  std::uint32_t along = 0;
  std::optional<std::size_t> before = {};  ///< at the label before the instance's, in this dimension of the basis

  friend bool operator==(const Operand&, const Operand&) = default;
};

/// What an operand comes to in an instance.
struct Value {
  bool missing = false;  ///< no such row or label, or a sum of no rows
  bool known = true;     ///< every figure is a number or nil; false where there is no label before
  Interval range = Interval::point(0);
  Rational written = 0;
  CellRef at;                  ///< the last that was read
  std::vector<CellRef> cells;  ///< but those that are exactly 0
};

/// Reads operands.
class Operands {
 public:
  Operands(const Data& data, RowIndex& index) : data_(data), index_(index) {}

  /// Cost: that of the rows it reads; the first time that rows are asked for by some columns, that of the table.
  [[nodiscard]] Value read(const Basis& basis, const Operand& operand, std::size_t instance);
  [[nodiscard]] std::uint64_t cells_read() const { return cells_read_; }

  [[nodiscard]] const Data& data() const { return data_; }
  [[nodiscard]] const dsl::Table& declared(dsl::TableId table) const { return (*data_.program)[table]; }
  [[nodiscard]] const dsl::Column& declared(const Operand& operand) const {
    return declared(operand.table).columns[operand.column];
  }
  /// Distinct labels of a column in the order of the file, with the spelling where each was first found.
  [[nodiscard]] const std::vector<std::pair<Code, Code>>& labels(dsl::TableId table, std::uint32_t column);

 private:
  [[nodiscard]] std::optional<Code> label_before(const Basis& basis, const Operand& operand, Code label);
  [[nodiscard]] const std::vector<std::uint32_t>& all_rows(dsl::TableId table);

  const Data& data_;
  RowIndex& index_;
  std::uint64_t cells_read_ = 0;
  std::map<dsl::TableId, std::vector<std::uint32_t>> all_rows_;
  std::map<std::pair<dsl::TableId, std::uint32_t>, std::vector<std::pair<Code, Code>>> labels_;
  std::map<std::pair<dsl::TableId, std::uint32_t>, LabelOrder> orders_;
};

}  // namespace kenzan::engine
