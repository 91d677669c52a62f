// The tables of a run as they were read, cell by cell, with what became of each figure: what the report of all tables and the list of
// all figures are made of.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.hpp"

namespace kenzan {

/// What the rules say about a cell; of several, the last in this order.
enum class CellState : std::uint8_t {
  label,      ///< no figure: a text, a date, an integer that only names its row
  blank,      ///< a figure's cell with nothing in it
  unchecked,  ///< a figure that no rule which could be judged has read
  exact,      ///< every rule that could be judged and read it holds for the numbers as written
  rounding,   ///< some rule holds only within rounding
  waived,     ///< a finding is about it, and a waiver or a baseline says that this is known
  warned,     ///< a finding below an error is about it, and nothing says so
  violated,   ///< an error is about it, and nothing says so
};
[[nodiscard]] std::string_view name_of(CellState state);

/// A column as the file has it: one for each label of an `across`.
struct TableColumn {
  std::string field, across;  ///< the column's name in the rule file, and the label of its `across` if there is one
  std::string unit;           ///< of figures that have one
  bool figure = false;
};

struct CellView {
  CellEvidence evidence;  ///< role "", located
  std::string value;      ///< of a figure that is known: as written, an exact decimal in `evidence.unit`
  CellState state = CellState::label;
  std::vector<std::uint32_t> instances;  ///< that read it: indexes into Report::findings and, behind these, Report::unlisted
};

/// One table. Rows count from 0 in the order of the files; columns are those of `columns()`.
class TableView {
 public:
  virtual ~TableView() = default;
  [[nodiscard]] virtual std::string_view name() const = 0;
  [[nodiscard]] virtual std::vector<std::string> files() const = 0;
  [[nodiscard]] virtual const std::vector<TableColumn>& columns() const = 0;
  [[nodiscard]] virtual std::size_t rows() const = 0;
  /// False: the table's `where` leaves the row out.
  [[nodiscard]] virtual bool kept(std::size_t row) const = 0;
  /// Cost: linear in the length of the cell and the instances that read it, and logarithmic in the rest.
  [[nodiscard]] virtual CellView cell(std::size_t row, std::size_t column) const = 0;
};

}  // namespace kenzan
