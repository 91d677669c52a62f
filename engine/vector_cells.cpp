// The vectorised evaluation: which cells an expression means, and gathering them.
#include <algorithm>

#include "base/text.hpp"
#include "engine/vector_evaluation.hpp"

namespace kenzan::engine {
namespace {

SharedRows shared(std::vector<std::uint32_t> rows) { return std::make_shared<const std::vector<std::uint32_t>>(std::move(rows)); }

/// One cell's numbers at the column's exponent; a cell that is wide is `by_form`.
void take_cell(Numbers& out, std::size_t i, const FigureColumn& figures, std::uint32_t row, int places, bool as_written) {
  const std::uint8_t state = figures.state[row];
  if (state & FigureColumn::excluded) return out.set_unbounded(i, flag::unknown);
  switch (figures.mark(row)) {
    case Mark::unknown:
    case Mark::blank:
    case Mark::unreadable: return out.set_unbounded(i, flag::unknown);
    case Mark::suppressed: {
      Int128 least = figures.low[row];
      if ((state & FigureColumn::is_wide) || !shift(least, places)) {
        out.mark_by_form(i);
        out.flags[i] |= flag::suppressed;
        return;
      }
      out.set_point(i, least, flag::suppressed);
      out.high[i] = 0;
      out.flags[i] |= flag::high_infinite;
      if (state & FigureColumn::low_open) out.flags[i] |= flag::low_open;
      return;
    }
    case Mark::nil: return out.set_point(i, 0, 0);
    case Mark::number: break;
  }
  if (state & FigureColumn::is_wide) return out.mark_by_form(i);
  Int128 low = figures.low[row];
  Int128 high = figures.high[row];
  Int128 written = figures.value[row];
  if (as_written) low = high = written;
  if (!shift(low, places) || !shift(high, places) || !shift(written, places)) return out.mark_by_form(i);
  out.low[i] = low;
  out.high[i] = high;
  out.written[i] = written;
  if (as_written) return;
  if (state & FigureColumn::low_open) out.flags[i] |= flag::low_open;
  if (state & FigureColumn::high_open) out.flags[i] |= flag::high_open;
}

}  // namespace

void join_masks(std::vector<std::uint8_t>& into, const std::vector<std::uint8_t>& from) {
  if (from.empty()) return;
  if (into.empty()) {
    into = from;
    return;
  }
  for (std::size_t i = 0; i < into.size(); ++i) into[i] |= from[i];
}

Figures missing_figures(std::size_t size) {
  Numbers numbers = Numbers::fixed(size);
  for (std::size_t i = 0; i < size; ++i) numbers.set_unbounded(i, flag::missing);
  return opaque_figures(std::move(numbers));
}

std::vector<Code> VectorEvaluation::instance_labels(dsl::DimId dim, const Frame& frame, bool spelling) {
  SharedRows map;
  const Frame& root = frame.root(map);
  const auto at = root.dims == nullptr ? std::vector<dsl::DimId>::const_iterator() : std::ranges::find(*root.dims, dim);
  if (root.dims == nullptr || at == root.dims->end()) return std::vector<Code>(frame.size, Texts::empty);
  const auto d = static_cast<std::size_t>(at - root.dims->begin());
  return picked(spelling ? (*root.spellings)[d] : (*root.labels)[d], map);
}

Figures VectorEvaluation::label_figures(dsl::DimId dim, const Frame& frame) {
  const std::vector<Code> codes = instance_labels(dim, frame, false);
  Numbers numbers = Numbers::fixed(frame.size);
  for (std::size_t i = 0; i < codes.size(); ++i) {
    const std::optional<Rational> value = parse_rational(texts_.text(codes[i]));
    const std::optional<Decimal128> decimal = value ? decimal_of(*value) : std::nullopt;
    Int128 number = decimal ? decimal->number : 0;
    if (decimal && decimal->exponent >= 0 && shift(number, decimal->exponent)) {
      numbers.set_point(i, number, flag::constant);
    } else if (!value) {
      numbers.set_unbounded(i, flag::unknown | flag::nonlinear);
    } else {
      // A label that does not fit: the whole column in rationals.
      Numbers wide = Numbers::rational(frame.size);
      for (std::size_t k = 0; k < codes.size(); ++k) {
        const std::optional<Rational> each = parse_rational(texts_.text(codes[k]));
        wide.range[k] = each ? Interval::point(*each) : Interval::everything();
        wide.value[k] = each.value_or(Rational(0));
        wide.flags[k] = each ? flag::constant : flag::unknown | flag::nonlinear;
      }
      return opaque_figures(std::move(wide));
    }
  }
  return opaque_figures(std::move(numbers));
}

VectorEvaluation::Labels VectorEvaluation::labels_of(dsl::ExprId value, const Frame& frame) {
  const dsl::Expr& expr = program_[value];
  Labels out;
  if (expr.op == dsl::ExprOp::label) {
    out.codes = instance_labels(expr.dim, frame, false);
    std::ranges::replace(out.codes, Texts::empty, absent_label);
    return out;
  }
  const LogScope quiet(*this, nullptr);  // cells that choose other cells are not what is checked
  out.codes.assign(frame.size, absent_label);
  const auto no_instance = [&](std::size_t i, Flags flags) {
    if (!(flags & flag::no_instance)) return;
    out.no_instance.resize(frame.size);
    out.no_instance[i] = 1;
  };
  if (expr.kind == dsl::ValueKind::figure) {
    Figures values = figures(value, frame);
    settle(values);
    for (std::size_t i = 0; i < frame.size; ++i) {
      const Flags flags = values.flags(i);
      no_instance(i, flags);
      if (flags & (flag::missing | flag::unknown | flag::suppressed)) continue;
      const Interval range = values.range(i);
      if (range.is_point() && denominator(range.low.value) == 1) out.codes[i] = texts_.label_of_integer(range.low.value);
    }
    if (values.uniform && frame.size > 0) out.uniform = out.codes[0];
    return out;
  }
  const TextValues values = texts(value, frame);
  for (std::size_t i = 0; i < frame.size; ++i) {
    no_instance(i, values.flags[i]);
    if (values.flags[i] & (flag::missing | flag::unknown)) continue;
    const Code label = texts_.label_of(values.codes[i]);
    if (label != Texts::empty) out.codes[i] = label;
  }
  if ((expr.op == dsl::ExprOp::text || expr.op == dsl::ExprOp::date) && frame.size > 0) out.uniform = out.codes[0];
  return out;
}

VectorEvaluation::Labels VectorEvaluation::labels(const dsl::Binding& binding, dsl::TableId table, std::uint32_t column,
                                                  bool across, const Frame& frame) {
  Labels out = labels_of(binding.value, frame);
  if (binding.lag == 0) return out;
  const LabelOrder& order = across ? indexes_.order_of_across(table, column) : indexes_.order_of(table, column);
  out.uniform = std::nullopt;
  for (std::size_t i = 0; i < frame.size; ++i) {
    if (out.codes[i] == absent_label) continue;
    out.codes[i] = order.before(out.codes[i], binding.lag, texts_.text(out.codes[i]));
    if (out.codes[i] != absent_label) continue;
    out.no_instance.resize(frame.size);
    out.no_instance[i] = 1;
  }
  return out;
}

const Index& VectorEvaluation::groups(const std::vector<dsl::Binding>& bindings, dsl::TableId table, const Frame& frame,
                                      std::vector<std::uint32_t>& group, std::vector<std::uint8_t>& no_instance,
                                      std::vector<std::pair<std::uint32_t, Code>>* fixed) {
  std::vector<std::uint32_t> columns;
  std::vector<Labels> wanted;
  for (const dsl::Binding& binding : bindings) {
    columns.push_back(binding.column);
    Labels& one = wanted.emplace_back(labels(binding, table, binding.column, false, frame));
    join_masks(no_instance, one.no_instance);
    if (fixed != nullptr && one.uniform) fixed->emplace_back(binding.column, *one.uniform);
  }
  const Index& index = indexes_.rows_by(table, columns);
  group.resize(frame.size);
  std::vector<Code> tuple(columns.size());
  for (std::size_t i = 0; i < frame.size; ++i) {
    bool same = i > 0;  // instances that differ in an across label only stand side by side
    for (std::size_t c = 0; c < columns.size(); ++c) {
      same = same && tuple[c] == wanted[c].codes[i];
      tuple[c] = wanted[c].codes[i];
    }
    group[i] = same ? group[i - 1] : std::ranges::find(tuple, absent_label) != tuple.end() ? absent_row : index.groups.find(tuple);
  }
  return index;
}

SharedRows VectorEvaluation::parts(const dsl::Access& access, const ColumnData& column, const Frame& frame, Cells& out) {
  if (column.across_labels.empty()) return nullptr;
  std::vector<Code> wanted(frame.size, absent_label);
  if (access.across) {
    Labels found = labels(*access.across, access.table, access.column, true, frame);
    join_masks(out.no_instance, found.no_instance);
    out.print.across = found.uniform;
    wanted = std::move(found.codes);
  } else {
    SharedRows map;
    if (const Frame* at = frame.at_across(map)) {
      wanted = picked(*at->across, map);
      out.print.own_across = at == &frame;
    }
  }
  std::unordered_map<Code, std::uint32_t> part_of;
  for (std::uint32_t part = 0; part < column.across_labels.size(); ++part) part_of.emplace(column.across_labels[part], part);
  std::vector<std::uint32_t> parts(frame.size, absent_row);
  Code last = absent_label;
  std::uint32_t last_part = absent_row;
  for (std::size_t i = 0; i < frame.size; ++i) {
    if (wanted[i] != last) {
      last = wanted[i];
      const auto at = part_of.find(last);
      last_part = at == part_of.end() ? absent_row : at->second;
    }
    parts[i] = last_part;
  }
  return shared(std::move(parts));
}

VectorEvaluation::Cells VectorEvaluation::cells(const dsl::Access& access, const Frame& frame) {
  Cells out;
  out.column = &data_[access.table].columns[access.column];
  out.print.source = sources_[access.table.index()][access.column];
  if (access.current_row) {
    SharedRows map;
    const Frame* at = frame.at_table(access.table, map);
    out.print.own_row = at == &frame;
    if (at == nullptr) {
      out.rows = shared(std::vector<std::uint32_t>(frame.size, absent_row));
    } else {
      out.rows = map ? shared(picked(*at->rows, map)) : at->rows;
    }
  } else {
    std::vector<std::uint32_t> rows;
    const Index& index = groups(access.rows, access.table, frame, rows, out.no_instance, &out.print.fixed);
    for (std::uint32_t& row : rows) row = row == absent_row ? absent_row : index.rows[index.offsets[row]];
    out.rows = shared(std::move(rows));
  }
  out.parts = parts(access, *out.column, frame, out);
  return out;
}

void VectorEvaluation::note(const dsl::Access& access, const Cells& found) {
  if (log_ == nullptr || !program_[access.table].columns[access.column].is_figure()) return;
  log_->cells.push_back({access.table, access.column, found.rows, found.parts});
}

Figures VectorEvaluation::cell_figures(const dsl::Expr& expr, const Frame& frame) {
  const dsl::Access& access = program_[expr.access];
  const Cells found = cells(access, frame);
  note(access, found);
  int exponent = found.column->parts.empty() ? 0 : found.column->parts[0].figures.exponent;
  for (const PhysicalColumn& part : found.column->parts) exponent = std::min(exponent, part.figures.exponent);
  Numbers numbers = Numbers::fixed(frame.size, exponent);
  for (std::size_t i = 0; i < frame.size; ++i) {
    if (!found.found(i)) {
      numbers.set_unbounded(i, flag::missing);
      continue;
    }
    const FigureColumn& figures = found.part(i).figures;
    take_cell(numbers, i, figures, (*found.rows)[i], figures.exponent - exponent, as_written_);
  }
  Form form;
  form.kind = Form::Kind::cells;
  form.column = found.column;
  form.source = found.print.source;
  form.as_written = as_written_;
  form.rows = found.rows;
  form.parts = found.parts;
  Figures out{std::make_shared<const Numbers>(std::move(numbers)), make_form(std::move(form)), {found.print}, std::nullopt};
  return with_flags(std::move(out), found.no_instance, flag::no_instance);
}

TextValues VectorEvaluation::cell_texts(const dsl::Expr& expr, const Frame& frame) {
  const Cells found = cells(program_[expr.access], frame);
  TextValues out = TextValues::of(frame.size, Texts::empty);
  const bool date = expr.kind == dsl::ValueKind::date;
  for (std::size_t i = 0; i < frame.size; ++i) {
    if (!found.found(i)) {
      out.flags[i] = flag::missing;
    } else {
      out.codes[i] = found.part(i).texts[(*found.rows)[i]];
      if (date && out.codes[i] == Texts::empty) out.flags[i] = flag::unknown;
    }
    if (!found.no_instance.empty() && found.no_instance[i]) out.flags[i] |= flag::no_instance;
  }
  return out;
}

Truths VectorEvaluation::cell_truths(const dsl::Expr& expr, const Frame& frame) {
  const Cells found = cells(program_[expr.access], frame);
  Truths out(frame.size, undetermined_missing);
  for (std::size_t i = 0; i < frame.size; ++i) {
    if (found.found(i)) {
      const std::int8_t value = found.part(i).flags[(*found.rows)[i]];
      out[i] = value < 0 ? undetermined_unknown : packed(value != 0);
    }
    if (!found.no_instance.empty() && found.no_instance[i]) out[i] |= truth_no_instance;
  }
  return out;
}

Truths VectorEvaluation::mark_tests(const dsl::Expr& expr, const Frame& frame) {
  const dsl::Expr& asked = program_[expr.kids[0]];
  if (asked.op != dsl::ExprOp::cell) return Truths(frame.size, undetermined_unknown);  // the checker allows cells only
  const dsl::Access& access = program_[asked.access];
  const Cells found = cells(access, frame);
  note(access, found);
  const bool figure = program_[access.table].columns[access.column].is_figure();
  const auto test = [&](std::size_t i) -> TruthByte {
    if (expr.mark_test == dsl::MarkTest::missing) return packed(!found.found(i));
    if (!found.found(i)) return undetermined_missing;
    const std::uint32_t row = (*found.rows)[i];
    const PhysicalColumn& part = found.part(i);
    if (!figure) return packed(expr.mark_test == dsl::MarkTest::unknown && asked.kind != dsl::ValueKind::text && part.blank[row]);
    const Mark mark = part.figures.state[row] & FigureColumn::excluded ? Mark::unknown : part.figures.mark(row);
    switch (expr.mark_test) {
      case dsl::MarkTest::nil: return packed(mark == Mark::nil);
      case dsl::MarkTest::unknown: return packed(mark == Mark::unknown || mark == Mark::blank || mark == Mark::unreadable);
      case dsl::MarkTest::suppressed: return packed(mark == Mark::suppressed);
      case dsl::MarkTest::number: return packed(mark == Mark::number);
      case dsl::MarkTest::missing: break;
    }
    return packed(false);
  };
  Truths out(frame.size);
  for (std::size_t i = 0; i < frame.size; ++i) {
    out[i] = test(i);
    if (!found.no_instance.empty() && found.no_instance[i]) out[i] |= truth_no_instance;
  }
  return out;
}

}  // namespace kenzan::engine
