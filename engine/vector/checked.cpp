// Counting which published figures some rule has checked.
#include <algorithm>

#include "engine/threads.hpp"
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
  const std::span<std::uint8_t> rows = of(table, column, part);
  if (row < rows.size()) mark(rows[row]);
}

std::span<std::uint8_t> CheckedFigures::of(dsl::TableId table, std::uint32_t column, std::uint32_t part) {
  auto& parts = marks_[table.index()][column];
  return part < parts.size() ? std::span(parts[part]) : std::span<std::uint8_t>();
}

bool CheckedFigures::checked(const CellRef& cell) const {
  const auto& parts = marks_[cell.table.index()][cell.column];
  return cell.part < parts.size() && cell.row < parts[cell.part].size() && parts[cell.part][cell.row] != 0;
}

CheckedFigures::Counts CheckedFigures::count(std::size_t threads) const {
  struct Part {
    const std::vector<bool>* kept = nullptr;
    const PhysicalColumn* column = nullptr;
    const PagedVector<std::uint8_t>* marks = nullptr;
    Counts counts{};
  };
  std::vector<Part> parts;
  std::size_t all = 0;
  for (std::size_t t = 0; t < marks_.size(); ++t) {
    const Table& table = data_->tables[t];
    for (std::size_t c = 0; c < marks_[t].size(); ++c) {
      for (std::size_t p = 0; p < marks_[t][c].size(); ++p) {
        parts.push_back({&table.kept, &table.columns[c].parts[p], &marks_[t][c][p]});
        all += table.rows;
      }
    }
  }
  constexpr std::size_t few = 100'000;  // counted sooner than another thread is begun
  share_out(all < few ? 1 : threads, parts.size(), [&](std::size_t, std::size_t i) {
    Counts counts;
    const Part& part = parts[i];
    for (std::uint32_t row = 0; row < part.marks->size(); ++row) {
      const std::size_t more = (*part.kept)[row] ? cells(*part.column, row) : 0;
      counts.all += more;
      counts.marked += (*part.marks)[row] ? more : 0;
    }
    parts[i].counts = counts;
  });
  Counts out;
  for (const Part& part : parts) {
    out.all += part.counts.all;
    out.marked += part.counts.marked;
  }
  return out;
}

}  // namespace kenzan::engine
