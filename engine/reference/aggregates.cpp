// The reference evaluator: aggregates.
#include <algorithm>
#include <iterator>
#include <set>

#include "base/text.hpp"
#include "engine/reference/evaluation.hpp"

namespace kenzan::engine::reference {
namespace {

/// Whether a row may count or not, and what it turns on is not known.
bool turns_on_absent(const Truth& where) { return where.missing || where.unknown; }

void negate(FigureValue& value) {
  for (Term& term : value.form.terms) term.factor = -term.factor;
  value.form.constant = -value.form.constant;
  value.written = -value.written;
}

}  // namespace

bool Elements::some_unsure() const {
  return std::ranges::any_of(all, [](const Element& e) { return e.where.can_be_false; });
}

void Evaluation::add_element(Elements& out, const dsl::Aggregate& aggregate, Element element) {
  if (aggregate.where.valid() && !element.missed) {
    Reading read;
    {
      const Redirect redirect(*this, &read);
      element.where = truth(aggregate.where, element.at);
    }
    const bool certain = element.where.determined();
    // The cells of a condition that leaves it open whether the row counts are evidence; others only chose the row.
    if (certain) {
      choosing_.add(read);
    } else {
      for (const CellRef& cell : read.cells()) note(cell);
    }
    if (!element.where.can_be_true) return;
  }
  out.all.push_back(std::move(element));
}

void Evaluation::at_labels(Elements& out, const dsl::Aggregate& aggregate, const Context& at, Element element) {
  if (aggregate.across) {
    for (const Code code : data_[aggregate.table].columns[aggregate.across_column].across_labels) {
      Element one = element;
      one.at.across = code;
      if (one.missed) one.missed->across = std::string(data_.texts.text(code));
      add_element(out, aggregate, std::move(one));
    }
    return;
  }
  if (aggregate.across_label) {
    const Label wanted = label(*aggregate.across_label, aggregate.table, aggregate.across_column, true, at);
    if (!wanted.known) return;
    // A label that no cell of the run has is no column's: its cells are missing.
    element.at.across = wanted.code.value_or(Texts::empty);
    if (element.missed) element.missed->across = spelling_of(wanted);
  }
  add_element(out, aggregate, std::move(element));
}

Elements Evaluation::elements(const dsl::Aggregate& aggregate, const Context& at) {
  Elements out;
  Element element;
  element.at.outer = &at;
  element.at.table = aggregate.table;
  MissedCell missed;
  missed.table = aggregate.table;
  std::vector<dsl::Binding> bindings = aggregate.rows;
  if (aggregate.node) bindings.insert(bindings.begin(), *aggregate.node);
  const WantedLabels labels = labels_of(bindings, aggregate.table, at);
  std::vector<std::uint32_t> scratch;
  const std::span<const std::uint32_t> rows = rows_with(aggregate.table, labels, scratch);

  if (!aggregate.hierarchy) {
    for (const std::uint32_t row : rows) {
      element.at.row = row;
      at_labels(out, aggregate, at, element);
    }
    return out;
  }
  spell(labels, missed);
  if (rows.empty()) {
    missed.column = aggregate.node ? aggregate.node->column : 0;
    out.missed = std::move(missed);
    return out;
  }
  const dsl::Hierarchy& declared = program()[aggregate.table].hierarchies[*aggregate.hierarchy];
  for (const Child& child : data_.hierarchies[aggregate.table.index()][*aggregate.hierarchy].children[rows.front()]) {
    Element one = element;
    one.at.row = child.row;
    one.negative = child.negative;
    if (child.row == Child::none) {
      one.missed = missed;
      one.missed->column = declared.node_column;
      for (auto& [column, spelling] : one.missed->labels) {
        if (column == declared.node_column) spelling = child.spelling;
      }
    }
    at_labels(out, aggregate, at, std::move(one));
  }
  return out;
}

bool Evaluation::has_children(const dsl::Aggregate& aggregate) {
  const Context root;
  const Redirect redirect(*this, nullptr);
  std::vector<dsl::Binding> bindings = aggregate.rows;
  if (aggregate.node) bindings.insert(bindings.begin(), *aggregate.node);
  const WantedLabels labels = labels_of(bindings, aggregate.table, root);
  if (!aggregate.hierarchy) return false;
  std::vector<std::uint32_t> scratch;
  const std::span<const std::uint32_t> rows = rows_with(aggregate.table, labels, scratch);
  return !rows.empty() && !data_.hierarchies[aggregate.table.index()][*aggregate.hierarchy].children[rows.front()].empty();
}

FigureValue Evaluation::element_value(const dsl::Aggregate& aggregate, const Element& element) {
  return element.missed ? missing(*element.missed) : figure(aggregate.element, element.at);
}

FigureValue Evaluation::folded(const dsl::Aggregate& aggregate, const Context& at) {
  const Elements all = elements(aggregate, at);
  if (all.missed) return missing(*all.missed);
  switch (aggregate.function) {
    case dsl::AggregateFunction::sum: return sum(aggregate, all);
    case dsl::AggregateFunction::count:
    case dsl::AggregateFunction::count_distinct: return count(aggregate, all);
    case dsl::AggregateFunction::min:
    case dsl::AggregateFunction::max:
    case dsl::AggregateFunction::mean: {
      if (all.all.empty()) {
        MissedCell none;
        none.kind = MissedCell::Kind::no_rows;
        none.table = aggregate.table;
        return missing(none);
      }
      return aggregate.function == dsl::AggregateFunction::mean ? mean(aggregate, all) : extreme(aggregate, all);
    }
    case dsl::AggregateFunction::any:
    case dsl::AggregateFunction::all:
    case dsl::AggregateFunction::sorted_ascending:
    case dsl::AggregateFunction::sorted_descending: break;  // no figures
  }
  FigureValue out = opaque(Interval::everything());
  out.unknown = true;
  return out;
}

FigureValue Evaluation::sum(const dsl::Aggregate& aggregate, const Elements& elements) {
  FigureValue out;
  out.form.terms.reserve(elements.all.size());
  for (const Element& element : elements.all) {
    FigureValue value = element_value(aggregate, element);
    if (element.negative) negate(value);
    join_flags(out, value);
    if (element.where.can_be_false) {
      const Interval range = hull(Interval::point(0), range_of(value.form));
      value.form.terms.assign(1, Term{next_id_++, 1, range});
      value.form.constant = 0;
      out.linear = false;
      out.unknown = out.unknown || turns_on_absent(element.where);
      if (element.where.written) out.written = plus(out.written, value.written);
    } else {
      out.written = plus(out.written, value.written);
    }
    std::ranges::move(value.form.terms, std::back_inserter(out.form.terms));
    out.form.constant = plus(out.form.constant, value.form.constant);
  }
  collect(out.form);
  return out;
}

FigureValue Evaluation::extreme(const dsl::Aggregate& aggregate, const Elements& elements) {
  if (elements.all.size() == 1 && !elements.some_unsure()) return element_value(aggregate, elements.all.front());
  const bool least = aggregate.function == dsl::AggregateFunction::min;
  const auto inner = [&](const Interval& a, const Interval& b) { return least ? minimum(a, b) : maximum(a, b); };
  FigureValue flags;
  std::optional<Interval> certain, all;  // of the rows that count; of all as if they counted
  std::optional<Rational> written;
  for (const Element& element : elements.all) {
    const FigureValue value = element_value(aggregate, element);
    const Interval range = range_of(value.form);
    join_flags(flags, value);
    if (turns_on_absent(element.where)) flags.unknown = true;
    all = all ? inner(*all, range) : range;
    if (!element.where.can_be_false) certain = certain ? inner(*certain, range) : range;
    if (element.where.written && (!written || (least ? value.written < *written : value.written > *written)))
      written = value.written;
  }
  if (!certain) flags.unknown = true;  // there may be none to take it of: it may be missing
  FigureValue out = opaque(certain ? hull(*certain, *all) : Interval::everything());
  join_flags(out, flags);
  out.has_written = out.has_written && written.has_value();
  out.written = written.value_or(0);
  return out;
}

FigureValue Evaluation::mean(const dsl::Aggregate& aggregate, const Elements& elements) {
  if (!elements.some_unsure()) {
    Elements plain = elements;
    for (Element& element : plain.all) element.negative = false;
    FigureValue out = sum(aggregate, plain);
    const Rational share = Rational(1) / Rational(plain.all.size());
    for (Term& term : out.form.terms) term.factor *= share;
    out.form.constant *= share;
    out.written *= share;
    return out;
  }
  FigureValue flags;
  std::optional<Interval> span;
  bool some_certain = false;
  Rational total = 0;
  std::size_t counted = 0;
  for (const Element& element : elements.all) {
    const FigureValue value = element_value(aggregate, element);
    join_flags(flags, value);
    if (turns_on_absent(element.where)) flags.unknown = true;
    some_certain = some_certain || !element.where.can_be_false;
    span = span ? hull(*span, range_of(value.form)) : range_of(value.form);
    if (!element.where.written) continue;
    total += value.written;
    ++counted;
  }
  if (!some_certain) flags.unknown = true;
  FigureValue out = opaque(some_certain ? *span : Interval::everything());
  join_flags(out, flags);
  out.has_written = out.has_written && counted > 0;
  if (counted > 0) out.written = total / Rational(counted);
  return out;
}

std::optional<std::string> Evaluation::counted(const dsl::Aggregate& aggregate, const Element& element) {
  const bool distinct = aggregate.function == dsl::AggregateFunction::count_distinct;
  if (element.missed) return std::nullopt;
  switch (program()[aggregate.element].kind) {
    case dsl::ValueKind::figure: {
      const FigureValue value = figure(aggregate.element, element.at);
      if (value.absent()) return std::nullopt;
      return distinct ? exact_text(value.written) : std::string();
    }
    case dsl::ValueKind::text:
    case dsl::ValueKind::date: {
      const TextValue value = text(aggregate.element, element.at);
      if (value.absent() || value.text.empty()) return std::nullopt;
      return distinct ? fold(value.text) : std::string();
    }
    case dsl::ValueKind::truth: {
      const Truth value = truth(aggregate.element, element.at);
      if (value.missing || value.unknown) return std::nullopt;
      return distinct && value.written ? "true" : std::string();
    }
  }
  return std::nullopt;
}

FigureValue Evaluation::between(std::size_t low, std::size_t high, std::size_t written) {
  FigureValue out;
  if (low == high) {
    out.form.constant = Rational(low);
  } else {
    out = opaque(Interval{Bound{Rational(low), true, false}, Bound{Rational(high), true, false}});
  }
  out.written = Rational(written);
  return out;
}

FigureValue Evaluation::count(const dsl::Aggregate& aggregate, const Elements& elements) {
  const bool distinct = aggregate.function == dsl::AggregateFunction::count_distinct;
  bool unknown = false;
  std::size_t certain = 0, possible = 0, written = 0;
  std::set<std::string> certain_values, possible_values, written_values;
  for (const Element& element : elements.all) {
    Reading read;
    std::optional<std::string> value;
    {
      const Redirect redirect(*this, &read);
      value = counted(aggregate, element);
    }
    for (const CellRef& cell : read.cells()) note(cell);  // a cell that is not there is not counted, and no reason for anything
    if (!value) continue;
    unknown = unknown || turns_on_absent(element.where);
    ++possible;
    possible_values.insert(*value);
    if (!element.where.can_be_false) {
      ++certain;
      certain_values.insert(*value);
    }
    if (element.where.written) {
      ++written;
      written_values.insert(*value);
    }
  }
  FigureValue out = distinct ? between(certain_values.size(), possible_values.size(), written_values.size())
                             : between(certain, possible, written);
  out.unknown = unknown;
  return out;
}

}  // namespace kenzan::engine::reference
