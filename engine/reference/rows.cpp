// The reference evaluator: which cells and rows an expression means.
#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "engine/indexes.hpp"
#include "engine/reference/evaluation.hpp"

namespace kenzan::engine::reference {
namespace {

/// The place of `label` among labels in declared order, `places` before it; none where there is none.
std::optional<std::size_t> place_before(const std::vector<Code>& order, Code label, std::uint32_t places) {
  const auto at = std::ranges::find(order, label);
  if (at == order.end() || at - order.begin() < static_cast<std::ptrdiff_t>(places)) return std::nullopt;
  return static_cast<std::size_t>(at - order.begin()) - places;
}

/// Whether a label sorts below another: whole numbers as numbers, everything else (dates) by its text.
bool is_below(std::string_view a, std::string_view b) {
  const std::optional<Rational> x = parse_rational(a), y = parse_rational(b);
  return x && y ? *x < *y : a < b;
}

}  // namespace

void Reading::add(const CellRef& cell) {
  // Cells mostly come in order; from the first that does not, the others are looked for.
  if (seen_.empty() && (cells_.empty() || cells_.back() < cell)) return cells_.push_back(cell);
  if (seen_.empty()) seen_.insert(cells_.begin(), cells_.end());
  if (seen_.insert(cell).second) cells_.push_back(cell);
}

void Reading::add(const MissedCell& cell) {
  if (std::ranges::find(missed_, cell) == missed_.end()) missed_.push_back(cell);
}

void Reading::add(const Reading& other) {
  for (const CellRef& cell : other.cells_) add(cell);
  for (const MissedCell& cell : other.missed_) add(cell);
}

void Evaluation::note(const CellRef& cell) {
  if (reading_ != nullptr) reading_->add(cell);
}

void Evaluation::note(const MissedCell& cell) {
  if (reading_ != nullptr) reading_->add(cell);
}

Code Evaluation::instance_label(dsl::DimId dim, bool spelling) const {
  if (rule_ == nullptr || instance_ == nullptr) return Texts::empty;
  const auto at = std::ranges::find(rule_->by, dim);
  if (at == rule_->by.end()) return Texts::empty;
  const auto i = static_cast<std::size_t>(at - rule_->by.begin());
  return spelling ? instance_->spellings[i] : instance_->labels[i];
}

Label Evaluation::label_of(dsl::ExprId value, const Context& at) {
  const dsl::Expr& expr = program()[value];
  Label out;
  if (expr.op == dsl::ExprOp::label) {
    const Code code = instance_label(expr.dim, false);
    if (code == Texts::empty) return out;
    return {true, code, instance_label(expr.dim, true), {}};
  }
  // The cells that give a label choose other cells.
  const Redirect redirect(*this, &choosing_);
  std::string folded;
  if (expr.kind == dsl::ValueKind::figure) {
    const FigureValue v = figure(value, at);
    const Interval range = range_of(v.form);
    if (v.absent() || !range.is_point() || denominator(range.low.value) != 1) return out;
    out.other = folded = exact_text(range.low.value);
  } else {
    const TextValue v = text(value, at);
    if (v.absent()) return out;
    out.other = v.text;
    folded = fold(v.text);
  }
  out.known = !folded.empty();
  Code code = Texts::empty;
  if (out.known && data_.texts.find(folded, code)) out.code = code;
  return out;
}

Label Evaluation::label_before(const Label& label, std::uint32_t places, dsl::TableId table, std::uint32_t column, bool across) {
  const dsl::Table& declared = program()[table];
  const ColumnData& data = data_[table].columns[column];
  const auto made = [](Code code) { return Label{true, code, code, {}}; };
  const auto none = [&] {
    no_instance_ = true;
    return Label{};
  };
  if (across) {
    const auto place = label.code ? place_before(data.across_labels, *label.code, places) : std::nullopt;
    if (!place) return none();
    return {true, data.across_labels[*place], data.across_spellings[*place], {}};
  }
  if (declared.file_column == column && !declared.file_labels.empty()) {
    const auto at = std::ranges::find(declared.file_labels, fold(spelling_of(label)));
    if (at == declared.file_labels.end() || at - declared.file_labels.begin() < static_cast<std::ptrdiff_t>(places)) return none();
    const std::string& before = *(at - static_cast<std::ptrdiff_t>(places));
    Code code = Texts::empty;
    if (data_.texts.find(before, code)) return made(code);
    return {true, std::nullopt, Texts::empty, before};
  }
  const std::string spelled = spelling_of(label);
  const std::string_view limit = label.code ? data_.texts.text(*label.code) : std::string_view(spelled);
  std::set<Code> smaller;
  const Table& rows = data_[table];
  for (std::uint32_t row = 0; row < rows.rows; ++row) {
    data_.watch.go_on(row);
    const Code code = data.parts[0].labels[row];
    if (rows.kept[row] && code != Texts::empty && is_below(data_.texts.text(code), limit)) smaller.insert(code);
  }
  std::vector<Code> order(smaller.begin(), smaller.end());
  std::ranges::sort(order, [&](Code a, Code b) { return is_below(data_.texts.text(a), data_.texts.text(b)); });
  if (order.size() < places) return none();
  return made(order[order.size() - places]);
}

Label Evaluation::label(const dsl::Binding& binding, dsl::TableId table, std::uint32_t column, bool across, const Context& at) {
  const Label wanted = label_of(binding.value, at);
  if (!wanted.known || binding.lag == 0) return wanted;
  return label_before(wanted, binding.lag, table, column, across);
}

WantedLabels Evaluation::labels_of(const std::vector<dsl::Binding>& bindings, dsl::TableId table, const Context& at) {
  WantedLabels out;
  for (const dsl::Binding& binding : bindings) out.emplace_back(binding.column, label(binding, table, binding.column, false, at));
  return out;
}

std::string Evaluation::spelling_of(const Label& label) const {
  return label.other.empty() ? std::string(data_.texts.text(label.spelled)) : label.other;
}

void Evaluation::spell(const WantedLabels& labels, MissedCell& missed) const {
  for (const auto& [column, label] : labels) missed.labels.emplace_back(column, spelling_of(label));
}

std::span<const std::uint32_t> Evaluation::rows_with(dsl::TableId table, const WantedLabels& labels,
                                                     std::vector<std::uint32_t>& scratch) {
  boost::container::small_vector<std::pair<std::uint32_t, Code>, 4> codes;
  for (const auto& [column, label] : labels) {
    if (!label.code) return {};
    codes.emplace_back(column, *label.code);
  }
  if (index_ != nullptr) return index_->rows(table, codes);
  const Table& rows = data_[table];
  for (std::uint32_t row = 0; row < rows.rows; ++row) {
    data_.watch.go_on(row);
    const bool agrees = std::ranges::all_of(
        codes, [&](const auto& wanted) { return rows.columns[wanted.first].parts[0].labels[row] == wanted.second; });
    if (rows.kept[row] && agrees) scratch.push_back(row);
  }
  return scratch;
}

Lookup Evaluation::look_up(const dsl::Access& access, const Context& at) {
  Lookup out;
  out.missed.table = access.table;
  out.missed.column = access.column;
  CellRef cell{access.table, access.column, 0, Child::none};
  WantedLabels labels;
  const ColumnData& column = data_[access.table].columns[access.column];

  if (access.current_row) {
    const Context* here = &at;
    while (here->outer != nullptr && here->table != access.table) here = here->outer;
    if (here->table == access.table) cell.row = here->row;
  } else {
    std::vector<std::uint32_t> scratch;
    labels = labels_of(access.rows, access.table, at);
    const std::span<const std::uint32_t> rows = rows_with(access.table, labels, scratch);
    if (!rows.empty()) cell.row = rows.front();
  }

  if (!column.across_labels.empty()) {
    std::optional<Code> wanted;
    if (access.across) {
      const Label across = label(*access.across, access.table, access.column, true, at);
      wanted = across.code;
      out.missed.across = spelling_of(across);
    } else {
      const Context* here = &at;
      while (here->outer != nullptr && !here->across) here = here->outer;
      wanted = here->across;
      if (wanted) out.missed.across = std::string(data_.texts.text(*wanted));
    }
    const auto part = wanted ? std::ranges::find(column.across_labels, *wanted) : column.across_labels.end();
    if (part == column.across_labels.end()) {
      if (cell.row != Child::none) out.missed.kind = MissedCell::Kind::no_label;
      spell(labels, out.missed);
      return out;
    }
    cell.part = static_cast<std::uint32_t>(part - column.across_labels.begin());
    out.missed.across = std::string(data_.texts.text(column.across_spellings[cell.part]));
  }
  if (cell.row != Child::none) {
    out.cell = cell;
  } else {
    spell(labels, out.missed);
  }
  return out;
}

}  // namespace kenzan::engine::reference
