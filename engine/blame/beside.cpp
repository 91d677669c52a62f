#include "engine/blame/beside.hpp"

namespace kenzan::engine {

std::vector<CellRef> beside(const Data& data, const CellRef& cell) {
  std::vector<CellRef> out;
  const Table& table = data[cell.table];
  // By lines: records that are held in pieces have places of their own.
  const auto follows = [&](std::uint32_t row, std::uint32_t next) {
    if (table.file[row] != table.file[next]) return false;
    const SourceId file = table.files[table.file[row]];
    return data.sources->position(file, table.row_begin[next]).line == data.sources->position(file, table.row_end[row]).line + 1;
  };
  if (cell.row > 0 && follows(cell.row - 1, cell.row)) out.push_back({cell.table, cell.column, cell.part, cell.row - 1});
  if (cell.row + 1 < table.rows && follows(cell.row, cell.row + 1))
    out.push_back({cell.table, cell.column, cell.part, cell.row + 1});
  const std::size_t parts = table.columns[cell.column].parts.size();
  if (cell.part > 0) out.push_back({cell.table, cell.column, cell.part - 1, cell.row});
  if (cell.part + 1 < parts) out.push_back({cell.table, cell.column, cell.part + 1, cell.row});
  if (parts == 1 && cell.column > 0) out.push_back({cell.table, cell.column - 1, 0, cell.row});
  if (parts == 1 && cell.column + 1 < table.columns.size()) out.push_back({cell.table, cell.column + 1, 0, cell.row});
  return out;
}

}  // namespace kenzan::engine
