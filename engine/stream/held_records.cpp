#include "engine/stream/held_records.hpp"

#include <algorithm>
#include <ranges>
#include <utility>

namespace kenzan::engine {
namespace {

void sort_unique(std::vector<std::uint32_t>& rows) {
  std::ranges::sort(rows);
  rows.erase(std::ranges::unique(rows).begin(), rows.end());
}

}  // namespace

bool HeldRecords::reads(const dsl::Rule& rule) const {
  return std::ranges::any_of(rule.tables, [this](dsl::TableId table) { return tables_[table.index()] != nullptr; });
}

HeldRecords::Rows HeldRecords::rows_of(const Judgement& judgement) const {
  Rows out(tables_.size());
  for (const auto* cells : {&judgement.cells, &judgement.when_cells, &judgement.choosing_cells}) {
    for (const CellRef& cell : *cells) {
      if (table_of(cell) != nullptr && cell.row != Child::none) out[cell.table.index()].push_back(cell.row);
    }
  }
  std::ranges::for_each(out, sort_unique);
  return out;
}

void HeldRecords::add(Rows& to, const Rows& own) {
  for (std::size_t t = 0; t < to.size(); ++t) to[t].insert(to[t].end(), own[t].begin(), own[t].end());
}

std::uint64_t HeldRecords::records_in(const Rows& rows) const {
  std::uint64_t out = 0;
  for (std::size_t t = 0; t < rows.size(); ++t) {
    for (const std::uint32_t row : rows[t]) out += tables_[t]->records_in(row);
  }
  return out;
}

void HeldRecords::hold(Rows rows, Rows firsts, std::size_t most, LoadReport& report) {
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    if (!tables_[t]) continue;
    sort_unique(rows[t]);
    sort_unique(firsts[t]);
    tables_[t]->hold(std::move(rows[t]), std::move(firsts[t]), most, report);
    index_.forget(dsl::TableId(static_cast<std::uint32_t>(t)));
  }
}

void HeldRecords::release() {
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    if (!tables_[t]) continue;
    tables_[t]->release();
    index_.forget(dsl::TableId(static_cast<std::uint32_t>(t)));
  }
}

std::uint64_t HeldRecords::cells_in(const std::vector<CellRef>& cells) const {
  std::uint64_t out = 0;
  for (const CellRef& cell : cells) {
    const StreamedTable* const table = table_of(cell);
    out += table != nullptr && cell.row != Child::none ? table->records_in(cell.row) : 1;
  }
  return out;
}

Judgement HeldRecords::seen_in_part(Judgement whole, Judgement part) const {
  whole.cells_beyond += cells_in(whole.cells) + cells_in(whole.when_cells) - part.cells.size() - part.when_cells.size();
  whole.cells = std::move(part.cells);
  whole.when_cells = std::move(part.when_cells);
  whole.choosing_cells = std::move(part.choosing_cells);
  if (!whole.comparison) return whole;
  // Fewer parts may make another comparison decide; its cells are not those of this one.
  const auto same = [this](const std::vector<CellRef>& a, const std::vector<CellRef>& b) {
    const auto held = std::views::filter([this](const CellRef& cell) { return table_of(cell) == nullptr; });
    return std::ranges::equal(a | held, b | held);
  };
  whole.seen = std::move(part.comparison);
  const bool alike = whole.seen && whole.seen->expr == whole.comparison->expr &&
                     same(whole.seen->left_cells, whole.comparison->left_cells) &&
                     same(whole.seen->right_cells, whole.comparison->right_cells);
  if (!alike) whole.seen.emplace();
  whole.seen->missed = whole.comparison->missed;
  return whole;
}

}  // namespace kenzan::engine
