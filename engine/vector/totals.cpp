#include "engine/vector/totals.hpp"

#include <algorithm>

#include "engine/vector/kernels.hpp"

namespace kenzan::engine {
namespace {

Interval range_of(const PlainSum& sum, int exponent) {
  return {{scaled_by_ten(sum.low, exponent), (sum.ends & FigureColumn::low_open) == 0, false},
          {scaled_by_ten(sum.high, exponent), (sum.ends & FigureColumn::high_open) == 0, false}};
}

/// An instance as the only one of its rule.
RuleVerdicts alone(const Instance& instance) {
  RuleVerdicts out;
  for (const Code label : instance.labels) out.labels.push_back({label});
  return out;
}

}  // namespace

bool TotalsRule::Side::bind(const Data& data, const dsl::Rule& rule, RowIndex& rows, const dsl::Access& access,
                            const std::vector<dsl::Binding>& bindings, const std::optional<dsl::Binding>& across,
                            CheckedFigures* checked) {
  const auto dimension = [&](const dsl::Binding& binding) { return dimension_of(*data.program, rule, binding); };
  table_ = access.table;
  number_ = access.column;
  column_ = &data[table_].columns[number_];
  if (!(*data.program)[table_].columns[number_].is_figure()) return false;
  for (std::uint32_t part = 0; part < column_->parts.size(); ++part) {
    parts_.push_back({&column_->parts[part].figures, {}, {}});
    if (checked != nullptr) parts_.back().checked = checked->of(table_, number_, part);
  }
  std::vector<std::uint32_t> columns;
  for (const dsl::Binding& binding : bindings) {
    const auto dim = dimension(binding);
    if (!dim) return false;
    columns.push_back(binding.column);
    dims_.push_back(*dim);
  }
  if (!column_->across_labels.empty()) {
    if (across) across_ = dimension(*across);
    if (!across_) return false;
    for (std::uint32_t part = 0; part < column_->across_labels.size(); ++part) part_of_.emplace(column_->across_labels[part], part);
    if (part_of_.size() != column_->across_labels.size()) return false;
  }
  labels_.resize(dims_.size());
  index_ = &rows.rows_by(table_, columns);
  return true;
}

bool TotalsRule::Side::names_all(std::size_t dims) const {
  for (std::size_t d = 0; d < dims; ++d) {
    if (across_ != d && std::ranges::find(dims_, d) == dims_.end()) return false;
  }
  return true;
}

bool TotalsRule::Side::find_part(Code label) {
  const std::vector<Code>& labels = column_->across_labels;
  if (labels[part_] == label) return true;
  const std::uint32_t next = part_ + 1 < labels.size() ? part_ + 1 : 0;  // instances go through the labels in turn
  if (labels[next] == label) {
    part_ = next;
    return true;
  }
  const auto at = part_of_.find(label);
  if (at == part_of_.end()) return false;
  part_ = at->second;
  return true;
}

void TotalsRule::Side::look_ahead(const RuleVerdicts& all, std::size_t begin, std::size_t end) {
  run_.begin = run_.end = 0;
  run_.groups.clear();
  scattered_ = false;
  if (dims_.empty()) return;
  columns_.clear();
  for (const std::size_t dim : dims_) columns_.push_back(all.labels[dim].data());
  const std::uint32_t before = last_;
  const bool found = find(all, begin);
  if (!across_ && found && index_->groups().has_run(group_, columns_, begin, end - begin)) {
    run_.begin = begin;
    run_.end = end;
    run_.group = group_;
  } else if (across_ || (last_ != before && last_ != before + 1)) {  // each row brings several, or they hardly follow each other
    find_all(begin, end);
  }
}

/// Finds the groups of instances [begin, end) in whatever order they come.
void TotalsRule::Side::find_all(std::size_t begin, std::size_t end) {
  distinct_.clear();
  for (std::size_t i = begin; i < end; ++i) {
    const auto same = [i](const Code* column) { return column[i] == column[i - 1]; };
    if (i == begin || !std::ranges::all_of(columns_, same)) distinct_.push_back(i);
  }
  index_->groups().find_all(columns_, distinct_, last_, found_);
  for (std::size_t d = 1; d < found_.size(); ++d) scattered_ = scattered_ || found_[d] != found_[d - 1] + 1;
  run_.begin = begin;
  run_.end = end;
  for (std::size_t d = 0; d < distinct_.size(); ++d) {
    const std::size_t next = d + 1 < distinct_.size() ? distinct_[d + 1] : end;
    run_.groups.insert(run_.groups.end(), next - distinct_[d], found_[d]);
  }
}

void TotalsRule::Side::bring_near(const RuleVerdicts& all, std::size_t begin, std::size_t end, std::size_t turn) {
  if (!scattered_ || (across_ && !find_part(all.labels[*across_][begin]))) return;
  for (std::size_t i = begin; i < end; i += turn) {
    if (const std::uint32_t group = run_.groups[i - run_.begin]; group != absent_row)
      figures().bring_near(index_->rows(group).front());
  }
}

void TotalsRule::Side::settle_marks() {
  for (Part& part : parts_) {
    for (std::size_t row = 0; row < part.own.size(); ++row) {
      if (part.own[row] != 0) CheckedFigures::mark(part.checked[row]);
    }
    part.own.clear();
  }
}

bool TotalsRule::Side::find_ahead(const RuleVerdicts& all, std::size_t i) {
  if (i < run_.begin || i >= run_.end) return find(all, i);
  group_ = run_.groups.empty() ? run_.group + static_cast<std::uint32_t>(i - run_.begin) : run_.groups[i - run_.begin];
  known_ = behind_ = true;
  if (group_ == absent_row) return false;
  last_ = group_;
  return !across_ || find_part(all.labels[*across_][i]);
}

bool TotalsRule::Side::find(const RuleVerdicts& all, std::size_t i) {
  bool same = known_ && !behind_;
  for (std::size_t c = 0; c < dims_.size(); ++c) {
    const Code label = all.labels[dims_[c]][i];
    known_ = label != Texts::empty;
    if (!known_) return false;
    same = same && labels_[c] == label;
    labels_[c] = label;
  }
  if (!same) group_ = index_->groups().find(labels_, last_);
  known_ = true;
  behind_ = false;
  return group_ != absent_row && (!across_ || find_part(all.labels[*across_][i]));
}

std::unique_ptr<TotalsRule> TotalsRule::of(const Data& data, const dsl::Rule& rule, RowIndex& rows, CheckedFigures* checked) {
  const std::optional<TotalShape> shape = total_shape(*data.program, rule);
  if (!shape) return nullptr;
  auto out = std::make_unique<TotalsRule>(*data.program, rule);
  if (!out->cell_.bind(data, rule, rows, *shape->cell, shape->cell->rows, shape->cell->across, checked) ||
      !out->cells_.bind(data, rule, rows, *shape->part, shape->sum->rows, shape->across_of_parts(), checked)) {
    return nullptr;
  }
  // Otherwise several instances have the same sum, which should be taken once.
  return out->cells_.names_all(rule.by.size()) ? std::move(out) : nullptr;
}

std::optional<LinearCondition> TotalsRule::condition(const Instance& instance, const std::function<bool(const CellRef&)>& apart) {
  const RuleVerdicts one = alone(instance);
  if (!cell_.find(one, 0) || !cells_.find(one, 0)) return std::nullopt;
  const std::uint32_t row = cell_.rows().front();
  const FigureColumn& figures = cells_.figures();
  if (!cell_.figures().known(row)) return std::nullopt;
  LinearCondition out;
  out.cells.push_back({cell_.cell(row), 1, cell_.figures().range(row)});
  PlainSum parts;
  for (const std::uint32_t part : cells_.rows()) {
    if (apart(cells_.cell(part))) {
      out.cells.push_back({cells_.cell(part), -1, figures.range(part)});
    } else if (!parts.add(figures, part)) {
      return std::nullopt;
    }
  }
  out.range = range_of(parts, figures.exponent);
  return out;
}

std::optional<Judgement> TotalsRule::large(const Instance& instance, std::size_t most,
                                           const std::function<std::uint64_t(const std::vector<CellRef>&)>& count) {
  const RuleVerdicts one = alone(instance);
  if (!cell_.find(one, 0) || !cells_.find(one, 0) || cells_.rows().size() <= most) return std::nullopt;
  const std::uint32_t row = cell_.rows().front();
  PlainSum total, parts;
  if (!total.add(cell_.figures(), row)) return std::nullopt;
  for (const std::uint32_t part : cells_.rows()) {
    if (!parts.add(cells_.figures(), part)) return std::nullopt;
  }
  const auto value = [](std::uint64_t id, const PlainSum& sum, int exponent) {
    FigureValue out;
    out.form.terms.push_back({id, 1, range_of(sum, exponent)});
    out.written = scaled_by_ten(sum.value, exponent);
    return out;
  };
  const dsl::Expr& require = (*program_)[require_];
  const bool cell_first = (*program_)[require.kids[0]].op == dsl::ExprOp::cell;
  Judgement out;
  out.made = true;
  Comparison& comparison = out.comparison.emplace();
  comparison.expr = require_;
  comparison.left_expr = require.kids[0];
  comparison.right_expr = require.kids[1];
  (cell_first ? comparison.left : comparison.right) = value(0, total, cell_.figures().exponent);
  (cell_first ? comparison.right : comparison.left) = value(1, parts, cells_.figures().exponent);
  (cell_first ? comparison.left_cells : comparison.right_cells).push_back(cell_.cell(row));
  std::vector<CellRef>& first = cell_first ? comparison.right_cells : comparison.left_cells;
  std::vector<CellRef> others;
  for (const std::uint32_t part : cells_.rows()) (first.size() < most ? first : others).push_back(cells_.cell(part));
  for (const auto* cells : {&comparison.left_cells, &comparison.right_cells})
    out.cells.insert(out.cells.end(), cells->begin(), cells->end());
  out.cells_beyond = count(others);
  (cell_first ? comparison.right : comparison.left)->cells_added = first.size() + out.cells_beyond;
  return out;
}

std::vector<CellRef> TotalsRule::cells() const {
  std::vector<CellRef> out;
  if (!cells_.found()) return out;
  for (const std::uint32_t row : cells_.rows()) out.push_back(cells_.cell(row));
  return out;
}

std::optional<TotalVerdicts::Judged> TotalsRule::judge(const RuleVerdicts& all, std::size_t i) {
  if (!cell_.find_ahead(all, i) || !cells_.find_ahead(all, i)) return std::nullopt;
  const std::span<const std::uint32_t> row = cell_.rows().first(1), rows = cells_.rows();
  const std::optional<TotalVerdicts::Judged> out = verdicts_.judge(cell_.figures(), row[0], cells_.figures(), rows);
  if (!out) return out;
  cell_.mark(row);
  cells_.mark(rows);
  return out;
}

}  // namespace kenzan::engine
