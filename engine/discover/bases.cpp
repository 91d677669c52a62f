#include "engine/discover/bases.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {
namespace {

/// Whether figures of two columns can be added up.
bool adds_up(const dsl::Column& a, const dsl::Column& b) {
  const Unit &x = a.format.unit, &y = b.format.unit;
  return x.same_dimension(y) && (!x.dimension.empty() || x.kind == y.kind);
}

}  // namespace

Bases::Bases(Operands& operands) : operands_(operands) {
  const dsl::Program& program = *operands.data().program;
  for (const dsl::Table& table : program.tables) {
    for (const dsl::Column& column : table.columns) {
      for (const dsl::Constraint& constraint : column.constraints) {
        if (constraint.kind != dsl::Constraint::Kind::in_table || !column.dim) continue;
        const auto& to = program[constraint.table].columns[constraint.column].dim;
        if (to && *to != *column.dim) references_.emplace(*column.dim, *to);
      }
    }
  }
}

std::vector<dsl::DimId> Bases::key_of(dsl::TableId table) const {
  std::vector<dsl::DimId> out;
  for (const std::uint32_t column : operands_.declared(table).key) out.push_back(*operands_.declared(table).columns[column].dim);
  return out;
}

std::vector<std::uint32_t> Bases::figures_of(dsl::TableId table) const {
  std::vector<std::uint32_t> out;
  for (std::uint32_t c = 0; c < operands_.declared(table).columns.size(); ++c) {
    if (is_published_figure(operands_.declared(table), c) && !operands_.data()[table].columns[c].parts.empty()) out.push_back(c);
  }
  return out;
}

std::vector<dsl::DimId> Bases::across_of(dsl::TableId table) const {
  std::vector<dsl::DimId> out;
  for (const std::uint32_t c : figures_of(table)) {
    const auto& across = operands_.declared(table).columns[c].across;
    if (across && std::ranges::find(out, across->dim) == out.end()) out.push_back(across->dim);
  }
  return out;
}

bool Bases::is_looked_at(dsl::TableId table) const {
  const std::size_t rows = operands_.data()[table].rows;
  return rows > 0 && rows <= most_rows;
}

const Basis* Bases::of(dsl::TableId table, std::vector<dsl::DimId> dims) {
  const auto [at, fresh] = bases_.try_emplace({table, dims});
  if (!fresh) return at->second.get();
  const dsl::Table& declared = operands_.declared(table);
  const Table& data = operands_.data()[table];
  std::vector<std::optional<std::uint32_t>> columns;
  const ColumnData* across = nullptr;
  for (const dsl::DimId dim : dims) {
    columns.push_back(declared.dimension_column(dim));
    if (columns.back()) continue;
    for (const std::uint32_t c : figures_of(table)) {
      if (declared.columns[c].across && declared.columns[c].across->dim == dim) across = &data.columns[c];
    }
    if (across == nullptr) return nullptr;
  }
  auto basis = std::make_unique<Basis>(Basis{table, dims, {}});
  TupleTable seen(dims.size(), operands_.data().seed);
  const std::size_t labels = across == nullptr ? 1 : across->parts.size();
  for (std::uint32_t row = 0; row < data.rows; ++row) {
    operands_.data().watch.go_on(row);
    if (!data.kept[row]) continue;
    for (std::size_t label = 0; label < labels; ++label) {
      Instance instance;
      for (const auto& column : columns) {
        instance.labels.push_back(column ? data.columns[*column].parts[0].labels[row] : across->across_labels[label]);
        instance.spellings.push_back(column ? data.columns[*column].parts[0].text(row) : across->across_spellings[label]);
      }
      const bool blank = std::ranges::find(instance.labels, Texts::empty) != instance.labels.end();
      bool is_new = basis->instances.empty();
      if (!blank && !dims.empty()) seen.insert(instance.labels, is_new);
      if (!blank && is_new) basis->instances.push_back(std::move(instance));
    }
  }
  at->second = std::move(basis);
  return at->second.get();
}

std::optional<std::size_t> Bases::referred(const Basis& basis, dsl::DimId dim, References references) const {
  for (std::size_t d = 0; references != References::none && d < basis.dims.size(); ++d) {
    const auto from_to = references == References::from_basis ? std::pair(basis.dims[d], dim) : std::pair(dim, basis.dims[d]);
    if (references_.contains(from_to)) return d;
  }
  return std::nullopt;
}

Operand Bases::matched(const Basis& basis, dsl::TableId table, std::uint32_t column, References references,
                       std::vector<dsl::DimId>& open) const {
  const dsl::Table& declared = operands_.declared(table);
  Operand out{.table = table, .column = column};
  for (std::uint32_t c = 0; c < declared.columns.size(); ++c) {
    if (!declared.columns[c].dim) continue;
    const dsl::DimId dim = *declared.columns[c].dim;
    const bool in_key = std::ranges::find(declared.key, c) != declared.key.end();
    const auto other = referred(basis, dim, references);
    if (const auto own = basis.find(dim)) {
      out.matched.emplace_back(c, *own);
    } else if (other && (in_key || references == References::to_basis) && !declared.dimension_column(basis.dims[*other])) {
      out.matched.emplace_back(c, *other);
      out.referring.push_back(c);
    } else if (in_key) {
      open.push_back(dim);
    }
  }
  if (const auto& across = declared.columns[column].across) {
    if (const auto dim = basis.find(across->dim)) {
      out.across = Operand::Across::matched;
      out.across_dim = *dim;
    } else {
      out.across = Operand::Across::all;
      open.push_back(across->dim);
    }
  }
  return out;
}

std::vector<Axis> Bases::along_rows(const Basis& basis) const {
  std::vector<Axis> out;
  const auto add = [&](Slot slot) {
    const dsl::Column& column = operands_.declared(slot.operand);
    const auto same = [&](const Axis& axis) { return adds_up(operands_.declared(axis.front().operand), column); };
    const auto axis = std::ranges::find_if(out, same);
    (axis == out.end() ? out.emplace_back() : *axis).push_back(std::move(slot));
  };
  for (const std::uint32_t c : figures_of(basis.table)) {
    std::vector<dsl::DimId> open;
    const Operand operand = matched(basis, basis.table, c, References::none, open);
    const std::string& name = operands_.declared(operand).name;
    if (operand.across != Operand::Across::all) {
      add({operand, name});
      continue;
    }
    const ColumnData& column = operands_.data()[basis.table].columns[c];
    for (std::uint32_t part = 0; part < column.parts.size(); ++part) {
      Slot slot{operand, std::string(operands_.data().texts.text(column.across_labels[part]))};
      slot.operand.across = Operand::Across::fixed;
      slot.operand.part = part;
      add(std::move(slot));
    }
  }
  return out;
}

std::vector<Axis> Bases::along_column(const Basis& basis, std::uint32_t key_column) {
  std::vector<Axis> out;
  for (const std::uint32_t c : figures_of(basis.table)) {
    std::vector<dsl::DimId> open;
    const Operand operand = matched(basis, basis.table, c, References::none, open);
    if (operand.across == Operand::Across::all) continue;
    Axis& axis = out.emplace_back();
    for (const auto& [label, spelling] : operands_.labels(basis.table, key_column)) {
      axis.push_back({operand, std::string(operands_.data().texts.text(label))});
      axis.back().operand.fixed = {key_column, label};
    }
  }
  return out;
}

std::vector<Foreign> Bases::single(const Basis& basis, std::optional<dsl::DimId> wanted) {
  std::vector<Foreign> out;
  for (const Table& table : operands_.data().tables) {
    if (table.id == basis.table || !is_looked_at(table.id)) continue;
    const dsl::Table& declared = operands_.declared(table.id);
    for (const std::uint32_t c : figures_of(table.id)) {
      std::vector<dsl::DimId> open;
      Operand operand = matched(basis, table.id, c, References::from_basis, open);
      if (open.size() > 1) continue;
      if (wanted && std::ranges::none_of(operand.matched, [&](const auto& each) { return basis.dims[each.second] == *wanted; }))
        continue;
      const bool repeated = operand.matched.empty() && operand.across != Operand::Across::matched && !basis.dims.empty();
      if (open.empty()) {
        out.push_back({operand, repeated});
      } else if (operand.across == Operand::Across::all) {
        if (table.columns[c].parts.size() > most_fixed_labels) continue;
        operand.across = Operand::Across::fixed;
        for (operand.part = 0; operand.part < table.columns[c].parts.size(); ++operand.part) {
          out.push_back({operand, repeated, open.front()});
        }
      } else {
        const std::uint32_t along = *declared.dimension_column(open.front());
        const auto& labels = operands_.labels(table.id, along);
        if (labels.size() > most_fixed_labels) continue;
        for (const auto& [label, spelling] : labels) {
          operand.fixed = {along, label};
          out.push_back({operand, repeated, open.front()});
        }
      }
    }
  }
  return out;
}

std::vector<Foreign> Bases::sums(const Basis& basis) {
  std::vector<Foreign> out;
  for (const Table& table : operands_.data().tables) {
    if (table.id == basis.table || !is_looked_at(table.id)) continue;
    for (const std::uint32_t c : figures_of(table.id)) {
      std::vector<dsl::DimId> open;
      Operand operand = matched(basis, table.id, c, References::to_basis, open);
      const bool matches = !operand.matched.empty() || operand.across == Operand::Across::matched || basis.dims.empty();
      if (open.empty() || !matches) continue;
      operand.sum = true;
      out.push_back({operand});
      if (operand.across != Operand::Across::all || open.size() == 1) continue;
      operand.across = Operand::Across::fixed;
      for (operand.part = 0; operand.part < std::min(table.columns[c].parts.size(), most_fixed_labels); ++operand.part) {
        out.push_back({operand, false, open.back()});
      }
    }
  }
  return out;
}

}  // namespace kenzan::engine
