// Counting which published figures some rule has checked.
#include <algorithm>
#include <atomic>

#include "engine/vector/vector.hpp"

namespace kenzan::engine {
namespace {

/// How many published figures a figure of the table stands for.
std::size_t cells(const PhysicalColumn& part, std::uint32_t row) {
  if (!part.counts.empty()) return part.counts[row];
  return part.figures.mark(row) == Mark::blank ? 0 : 1;
}

}  // namespace

bool is_published_figure(const dsl::Table& table, std::uint32_t column) {
  const dsl::Column& declared = table.columns[column];
  if (declared.type == dsl::ColumnType::figure) return true;
  if (declared.type != dsl::ColumnType::integer || declared.from_file || declared.record_number) return false;
  if (std::ranges::find(table.key, column) != table.key.end()) return false;
  return std::ranges::none_of(table.columns, [&](const dsl::Column& other) { return other.decimals_column == column; });
}

CheckedFigures::CheckedFigures(const Data& data) : data_(&data) {
  for (const Table& table : data.tables) {
    auto& columns = marks_.emplace_back();
    for (std::uint32_t c = 0; c < table.columns.size(); ++c) {
      auto& parts = columns.emplace_back();
      if (!is_published_figure(data.program->tables[marks_.size() - 1], c)) continue;
      for (const PhysicalColumn& part : table.columns[c].parts) parts.emplace_back(part.figures.size());
    }
  }
}

void CheckedFigures::mark(dsl::TableId table, std::uint32_t column, std::uint32_t part, std::uint32_t row) {
  auto& parts = marks_[table.index()][column];
  if (part >= parts.size() || row >= parts[part].size()) return;
  const std::atomic_ref<std::uint8_t> checked(parts[part][row]);  // another thread may mark it, too
  if (checked.load(std::memory_order_relaxed) == 0) checked.store(1, std::memory_order_relaxed);
}

bool CheckedFigures::checked(const CellRef& cell) const {
  const auto& parts = marks_[cell.table.index()][cell.column];
  return cell.part < parts.size() && cell.row < parts[cell.part].size() && parts[cell.part][cell.row] != 0;
}

CheckedFigures::Counts CheckedFigures::count() const {
  Counts out;
  for (std::size_t t = 0; t < marks_.size(); ++t) {
    const Table& table = data_->tables[t];
    for (std::size_t c = 0; c < marks_[t].size(); ++c) {
      for (std::size_t p = 0; p < marks_[t][c].size(); ++p) {
        const std::vector<std::uint8_t>& marks = marks_[t][c][p];
        const PhysicalColumn& part = table.columns[c].parts[p];
        for (std::uint32_t row = 0; row < marks.size(); ++row) {
          const std::size_t more = table.kept[row] ? cells(part, row) : 0;
          out.all += more;
          out.marked += marks[row] ? more : 0;
        }
      }
    }
  }
  return out;
}

}  // namespace kenzan::engine
