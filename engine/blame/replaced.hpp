// Another figure in the place of one, for as long as it is tried.
#pragma once
#include <utility>

#include "base/figure_text.hpp"
#include "engine/data.hpp"
#include "engine/reference/reference.hpp"

namespace kenzan::engine {

/// The grouping sign of a column as a character; NUL where there is none, or a longer one.
[[nodiscard]] inline char group_of(const FigureFormat& format) { return format.group.size() == 1 ? format.group[0] : '\0'; }

/// Whether a figure of a column can be read without the row that it stands in.
[[nodiscard]] inline bool stands_alone(const dsl::Column& column) {
  return column.type == dsl::ColumnType::figure && !column.unit_column && !column.decimals_column;
}

/// Puts another figure into a cell while it lives.
class Replaced {
 public:
  Replaced(Data& data, const CellRef& cell, const Figure& figure)
      : column_(data.tables[cell.table.index()].columns[cell.column].parts[cell.part].figures),
        row_(cell.row),
        before_(column_.replace(row_, figure)) {}
  ~Replaced() { column_.put_back(row_, std::move(before_)); }
  Replaced(const Replaced&) = delete;
  Replaced& operator=(const Replaced&) = delete;

 private:
  FigureColumn& column_;
  std::uint32_t row_;
  FigureColumn::Row before_;
};

}  // namespace kenzan::engine
