// The vectorised evaluation: which cells an expression means, and gathering them.
#include <algorithm>

#include "base/text.hpp"
#include "engine/vector/evaluation.hpp"

namespace kenzan::engine {
namespace {

SharedRows shared(std::vector<std::uint32_t> rows) { return std::make_shared<const std::vector<std::uint32_t>>(std::move(rows)); }

/// The numbers of one cell at some exponent; 0 where the flags say that there are none.
struct CellNumbers {
  Int128 low = 0, high = 0, written = 0;
  Flags flags = 0;
};

/// `places` further digits than the column has. A cell that is wide, or does not fit, is `by_form`.
[[gnu::always_inline]] inline CellNumbers numbers_of(const FigureColumn& figures, std::uint32_t row, int places, bool as_written) {
  const std::uint8_t state = figures.state[row];
  CellNumbers out;
  out.low = figures.low(row);
  if ((state & FigureColumn::excluded) == 0) {
    switch (figures.mark(row)) {
      case Mark::number: {
        if (state & FigureColumn::is_wide) return {0, 0, 0, flag::by_form};
        out.high = figures.high(row);
        out.written = figures.value[row];
        if (as_written) out.low = out.high = out.written;
        if (places != 0 && (!shift(out.low, places) || !shift(out.high, places) || !shift(out.written, places))) {
          return {0, 0, 0, flag::by_form};
        }
        if (as_written) return out;
        if (state & FigureColumn::low_open) out.flags |= flag::low_open;
        if (state & FigureColumn::high_open) out.flags |= flag::high_open;
        return out;
      }
      case Mark::nil: return {};
      case Mark::suppressed:
        if (as_written) out.low = figures.value[row];
        if ((state & FigureColumn::is_wide) || !shift(out.low, places)) return {0, 0, 0, flag::by_form | flag::suppressed};
        out.written = out.low;
        out.flags = flag::suppressed | flag::high_infinite;
        if (!as_written && (state & FigureColumn::low_open)) out.flags |= flag::low_open;
        return out;
      case Mark::unknown:
      case Mark::blank:
      case Mark::unreadable: break;
    }
  }
  return {0, 0, 0, flag::unknown | flag::unbounded};
}

int exponent_of(const ColumnData& column) {
  int exponent = column.parts.empty() ? 0 : column.parts[0].figures.exponent;
  for (const PhysicalColumn& part : column.parts) exponent = std::min(exponent, part.figures.exponent);
  return exponent;
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
  const Index& index = indexes_.rows().rows_by(table, columns);
  group.resize(frame.size);
  std::vector<Code> tuple(columns.size());
  std::uint32_t last = absent_row;
  for (std::size_t i = 0; i < frame.size; ++i) {
    bool same = i > 0;  // instances that differ in an across label only stand side by side
    for (std::size_t c = 0; c < columns.size(); ++c) {
      same = same && tuple[c] == wanted[c].codes[i];
      tuple[c] = wanted[c].codes[i];
    }
    group[i] = same                                                    ? group[i - 1]
               : std::ranges::find(tuple, absent_label) != tuple.end() ? absent_row
                                                                       : index.groups().find(tuple, last);
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
  out.print.source = first_source_[access.table.index()] + access.column;
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
    for (std::uint32_t& row : rows) row = row == absent_row ? absent_row : index.rows(row).front();
    out.rows = shared(std::move(rows));
  }
  out.parts = parts(access, *out.column, frame, out);
  return out;
}

void VectorEvaluation::note(const dsl::Access& access, const Cells& found) {
  if (log_ == nullptr || !program_[access.table].columns[access.column].is_figure()) return;
  log_->cells.push_back({access.table, access.column, found.rows, found.parts});
}

FormPtr VectorEvaluation::cell_form(const Cells& cells) const {
  Form form;
  form.kind = Form::Kind::cells;
  form.column = cells.column;
  form.source = cells.print.source;
  form.as_written = as_written_;
  form.rows = cells.rows;
  form.parts = cells.parts;
  return make_form(std::move(form));
}

Figures VectorEvaluation::cell_figures(const dsl::Expr& expr, const Frame& frame) {
  const dsl::Access& access = program_[expr.access];
  const Cells found = cells(access, frame);
  note(access, found);
  Numbers numbers = Numbers::fixed(frame.size, exponent_of(*found.column));
  for (std::size_t i = 0; i < frame.size; ++i) {
    if (!found.found(i)) {
      numbers.set_unbounded(i, flag::missing);
      continue;
    }
    const FigureColumn& figures = found.part(i).figures;
    const CellNumbers cell = numbers_of(figures, (*found.rows)[i], figures.exponent - numbers.exponent, as_written_);
    numbers.low[i] = cell.low;
    numbers.high[i] = cell.high;
    numbers.written[i] = cell.written;
    numbers.flags[i] = cell.flags;
  }
  Figures out{std::make_shared<const Numbers>(std::move(numbers)), cell_form(found), {found.print}, std::nullopt};
  return with_flags(std::move(out), found.no_instance, flag::no_instance);
}

/// The sums of one cell of each element, which is what `fold` makes of `cell_figures`, without a column of all their numbers.
Figures VectorEvaluation::sum_of_cells(const dsl::Access& access, const Elements& elements) {
  const LogScope scope(*this, elements.log);
  const Cells found = cells(access, elements.frame);
  note(access, found);
  Numbers numbers = Numbers::fixed(elements.units(), exponent_of(*found.column));
  for (std::size_t u = 0; u < numbers.size(); ++u) {
    CellNumbers sum;
    sum.flags = flag::constant;
    for (std::size_t e = elements.offsets[u]; e < elements.offsets[u + 1]; ++e) {
      if (!found.found(e)) {
        sum.flags = joined(sum.flags, flag::missing | flag::unbounded);
        continue;
      }
      const FigureColumn& figures = found.part(e).figures;
      const CellNumbers cell = numbers_of(figures, (*found.rows)[e], figures.exponent - numbers.exponent, as_written_);
      sum.flags = joined(sum.flags, cell.flags);
      if (!found.no_instance.empty() && found.no_instance[e]) sum.flags |= flag::no_instance;
      if (add_overflows(sum.low, cell.low, sum.low) || add_overflows(sum.high, cell.high, sum.high) ||
          add_overflows(sum.written, cell.written, sum.written)) {
        sum.flags |= flag::by_form;
      }
    }
    numbers.low[u] = sum.low;
    numbers.high[u] = sum.high;
    numbers.written[u] = sum.written;
    numbers.flags[u] = sum.flags;
    if (sum.flags & flag::by_form) numbers.mark_by_form(u);
  }
  Form form;
  form.kind = Form::Kind::fold;
  form.first = cell_form(found);
  form.map = elements.offsets;
  return {std::make_shared<const Numbers>(std::move(numbers)), make_form(std::move(form)), folded({found.print}, elements),
          std::nullopt};
}

TextValues VectorEvaluation::cell_texts(const dsl::Expr& expr, const Frame& frame) {
  const Cells found = cells(program_[expr.access], frame);
  TextValues out = TextValues::of(frame.size, Texts::empty);
  const bool date = expr.kind == dsl::ValueKind::date;
  for (std::size_t i = 0; i < frame.size; ++i) {
    if (!found.found(i)) {
      out.flags[i] = flag::missing;
    } else {
      out.codes[i] = found.part(i).text((*found.rows)[i]);
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
