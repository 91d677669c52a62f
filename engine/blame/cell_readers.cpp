#include "engine/blame/cell_readers.hpp"

#include <algorithm>

namespace kenzan::engine {
namespace {

constexpr std::uint64_t most_rows = 20'000;
constexpr std::size_t most_instances = 5000;

}  // namespace

/// The aggregates that an expression stands in, the innermost first.
struct CellReaders::Around {
  const dsl::Aggregate* aggregate;
  const Around* outer;
};

CellReaders::CellReaders(const Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules)
    : data_(data), index_(index) {
  for (const dsl::Rule* rule : rules) {
    if (rule->when.valid()) visit(*rule, rule->when, nullptr);
    visit(*rule, rule->require, nullptr);
  }
}

void CellReaders::visit(const dsl::Rule& rule, dsl::ExprId id, const Around* around) {
  const dsl::Program& program = *data_.program;
  const dsl::Expr& expr = program[id];
  for (const dsl::ExprId kid : expr.kids) visit(rule, kid, around);
  if (expr.op == dsl::ExprOp::cell) visit_access(rule, program[expr.access], around);
  if (expr.op != dsl::ExprOp::aggregate) return;
  const dsl::Aggregate& aggregate = program[expr.aggregate];
  for (const dsl::Binding& binding : aggregate.rows) visit(rule, binding.value, around);
  for (const auto* binding : {&aggregate.across_label, &aggregate.node}) {
    if (*binding) visit(rule, (*binding)->value, around);
  }
  const Around inside{&aggregate, around};
  if (aggregate.element.valid()) visit(rule, aggregate.element, &inside);
  if (aggregate.where.valid()) visit(rule, aggregate.where, &inside);
}

void CellReaders::visit_access(const dsl::Rule& rule, const dsl::Access& access, const Around* around) {
  for (const dsl::Binding& binding : access.rows) visit(rule, binding.value, around);
  if (access.across) visit(rule, access.across->value, around);

  Pattern pattern{&rule, {}, std::nullopt};
  const std::vector<dsl::Binding>* rows = &access.rows;
  if (access.current_row) {
    const Around* at = around;
    while (at != nullptr && at->aggregate->table != access.table) at = at->outer;
    if (at != nullptr) rows = &at->aggregate->rows;
  }
  for (const dsl::Binding& binding : *rows) {
    if (const auto dim = label_in(rule, binding)) pattern.rows.emplace_back(binding.column, *dim);
  }
  if (access.across) {
    pattern.across = label_in(rule, *access.across);
  } else {
    const Around* at = around;
    while (at != nullptr && !at->aggregate->across && !at->aggregate->across_label) at = at->outer;
    if (at != nullptr && at->aggregate->across_label) pattern.across = label_in(rule, *at->aggregate->across_label);
  }
  std::vector<Pattern>& known = patterns_[{access.table, access.column}];
  if (std::ranges::find(known, pattern) == known.end()) known.push_back(std::move(pattern));
}

std::optional<std::size_t> CellReaders::label_in(const dsl::Rule& rule, const dsl::Binding& binding) const {
  const dsl::Expr& value = (*data_.program)[binding.value];
  if (value.op != dsl::ExprOp::label || binding.lag > 0) return std::nullopt;
  const auto at = std::ranges::find(rule.by, value.dim);
  return at == rule.by.end() ? std::nullopt : std::optional(static_cast<std::size_t>(at - rule.by.begin()));
}

std::optional<CellReaders::Labels> CellReaders::labels_told(const Pattern& pattern, const CellRef& cell) const {
  const Table& table = data_[cell.table];
  Labels out(pattern.rule->by.size(), absent_label);
  const auto tell = [&](std::size_t dim, Code label) {
    if (label == Texts::empty || (out[dim] != absent_label && out[dim] != label)) return false;
    out[dim] = label;
    return true;
  };
  for (const auto& [column, dim] : pattern.rows) {
    if (!tell(dim, row_label(table.columns[column], cell.row))) return std::nullopt;
  }
  const std::vector<Code>& across = table.columns[cell.column].across_labels;
  if (pattern.across && !across.empty() && !tell(*pattern.across, across[cell.part])) return std::nullopt;
  return out;
}

std::optional<Instance> CellReaders::instance_of(const dsl::Rule& rule, const Labels& labels) {
  if (rule.by.empty()) return Instance{};
  for (const dsl::InstanceSource& source : rule.sources) {
    const Table& table = data_[source.table];
    Instance out{labels, Labels(labels.size())};
    std::vector<std::pair<std::uint32_t, Code>> wanted;
    bool there = true;
    for (std::size_t dim = 0; dim < labels.size(); ++dim) {
      const dsl::InstanceSource::Part& part = source.parts[dim];
      if (part.column) {
        wanted.emplace_back(*part.column, labels[dim]);
        continue;
      }
      const ColumnData& column = table.columns[part.across_column];
      const auto at = std::ranges::find(column.across_labels, labels[dim]);
      there = there && at != column.across_labels.end();
      if (there) out.spellings[dim] = column.across_spellings[static_cast<std::size_t>(at - column.across_labels.begin())];
    }
    if (!there) continue;
    const auto rows = index_.rows(source.table, wanted);
    if (rows.empty()) continue;
    for (std::size_t dim = 0; dim < labels.size(); ++dim) {
      const dsl::InstanceSource::Part& part = source.parts[dim];
      if (part.column) out.spellings[dim] = table.columns[*part.column].parts[0].text(rows.front());
    }
    return out;
  }
  return std::nullopt;
}

const std::vector<Instance>* CellReaders::instances_of(const dsl::Rule& rule) {
  const auto [known, added] = instances_.try_emplace(&rule);
  if (added) {
    const bool small =
        std::ranges::all_of(rule.sources, [&](const dsl::InstanceSource& source) { return data_[source.table].rows <= most_rows; });
    if (small) known->second = reference_instances(data_, rule);
    if (known->second && known->second->size() > most_instances) known->second.reset();
  }
  return known->second ? &*known->second : nullptr;
}

bool CellReaders::agree(const Labels& labels, const Labels& told) {
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (told[i] != absent_label && told[i] != labels[i]) return false;
  }
  return true;
}

}  // namespace kenzan::engine
