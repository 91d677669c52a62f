#include "engine/discover/operand.hpp"

#include <algorithm>
#include <span>
#include <unordered_set>

namespace kenzan::engine {

std::optional<std::size_t> Basis::find(dsl::DimId dim) const {
  const auto at = std::ranges::find(dims, dim);
  return at == dims.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - dims.begin()));
}

const std::vector<std::uint32_t>& Operands::all_rows(dsl::TableId table) {
  const auto [at, fresh] = all_rows_.try_emplace(table);
  if (fresh) {
    for (std::uint32_t row = 0; row < data_[table].rows; ++row) {
      if (data_[table].kept[row]) at->second.push_back(row);
    }
  }
  return at->second;
}

const std::vector<std::pair<Code, Code>>& Operands::labels(dsl::TableId table, std::uint32_t column) {
  const auto [at, fresh] = labels_.try_emplace({table, column});
  if (fresh) {
    const PhysicalColumn& cells = data_[table].columns[column].parts[0];
    std::unordered_set<Code> seen;
    for (const std::uint32_t row : all_rows(table)) {
      if (cells.labels[row] != Texts::empty && seen.insert(cells.labels[row]).second) {
        at->second.emplace_back(cells.labels[row], cells.text(row));
      }
    }
  }
  return at->second;
}

std::optional<Code> Operands::label_before(const Basis& basis, const Operand& operand, Code label) {
  const std::size_t dim = *operand.before;
  const bool across = operand.across == Operand::Across::matched && operand.across_dim == dim;
  std::uint32_t column = operand.column;
  if (!across) column = *declared(operand.table).dimension_column(basis.dims[dim]);
  auto at = orders_.find({operand.table, column});
  if (at == orders_.end()) {
    std::vector<Code> all;
    for (const auto& [code, spelling] : across ? std::vector<std::pair<Code, Code>>() : labels(operand.table, column))
      all.push_back(code);
    LabelOrder order = across ? LabelOrder::listed(data_[operand.table].columns[column].across_labels)
                              : LabelOrder::sorted(std::move(all), data_.texts);
    at = orders_.emplace(std::pair(operand.table, column), std::move(order)).first;
  }
  const Code before = at->second.before(label, 1, data_.texts.text(label));
  return before == absent_label ? std::nullopt : std::optional(before);
}

Value Operands::read(const Basis& basis, const Operand& operand, std::size_t instance) {
  Value out;
  std::vector<Code> wanted = basis.instances[instance].labels;
  if (operand.before) {
    const auto label = label_before(basis, operand, wanted[*operand.before]);
    if (!label) {
      out.known = false;
      return out;
    }
    wanted[*operand.before] = *label;
  }
  const ColumnData& column = data_[operand.table].columns[operand.column];
  std::uint32_t first = 0, last = static_cast<std::uint32_t>(column.parts.size());
  if (operand.across == Operand::Across::fixed) {
    first = operand.part;
    last = first + 1;
  } else if (operand.across == Operand::Across::matched) {
    const auto at = std::ranges::find(column.across_labels, wanted[operand.across_dim]);
    first = static_cast<std::uint32_t>(at - column.across_labels.begin());
    last = std::min(first + 1, last);
  }
  std::vector<std::pair<std::uint32_t, Code>> by;
  for (const auto& [in, dim] : operand.matched) by.emplace_back(in, wanted[dim]);
  if (operand.fixed) by.push_back(*operand.fixed);
  std::ranges::sort(by);
  const std::span<const std::uint32_t> rows = by.empty() ? std::span(all_rows(operand.table)) : index_.rows(operand.table, by);

  const PhysicalColumn* const along =
      operand.only.empty() && !operand.but ? nullptr : &data_[operand.table].columns[operand.along].parts[0];
  std::size_t read = 0;
  for (const std::uint32_t row : rows) {
    if (along != nullptr) {
      const Code label = along->labels[row];
      if (operand.but == label || (!operand.only.empty() && std::ranges::find(operand.only, label) == operand.only.end())) continue;
    }
    for (std::uint32_t part = first; part < last; ++part) {
      ++read;
      out.at = {operand.table, operand.column, part, row};
      const FigureColumn& figures = column.parts[part].figures;
      if (!figures.known(row)) {
        out.known = false;
        continue;
      }
      const Interval range = figures.range(row);
      if (range == Interval::point(0)) continue;
      out.range = out.range + range;
      out.written += figures.written(row);
      out.cells.push_back(out.at);
    }
  }
  cells_read_ += read + 1;
  out.missing = read == 0;
  if (!operand.sum && read > 1) out.known = false;  // a key that stands twice
  return out;
}

}  // namespace kenzan::engine
