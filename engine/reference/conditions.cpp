// The reference evaluator: conditions.
#include <algorithm>

#include "base/text.hpp"
#include "engine/reference/evaluation.hpp"

namespace kenzan::engine::reference {
namespace {

bool holds(const Rational& a, Relation relation, const Rational& b) {
  switch (relation) {
    case Relation::equal: return a == b;
    case Relation::not_equal: return a != b;
    case Relation::less: return a < b;
    case Relation::less_equal: return a <= b;
    case Relation::greater: return a > b;
    case Relation::greater_equal: return a >= b;
  }
  return false;
}

/// Code points of UTF-8 sort as its bytes do.
bool holds(std::string_view a, Relation relation, std::string_view b) {
  switch (relation) {
    case Relation::equal: return a == b;
    case Relation::not_equal: return a != b;
    case Relation::less: return a < b;
    case Relation::less_equal: return a <= b;
    case Relation::greater: return a > b;
    case Relation::greater_equal: return a >= b;
  }
  return false;
}

Truth undetermined(bool missing, bool unknown) { return {true, true, false, missing, unknown}; }

/// What two texts make of a condition on them.
template <class Condition>
Truth on_texts(const TextValue& a, const TextValue& b, Condition condition) {
  if (a.absent() || b.absent()) return undetermined(a.missing || b.missing, a.unknown || b.unknown);
  return Truth::of(condition(a.text, b.text));
}

}  // namespace

Truth Evaluation::compare(const FigureValue& left, Relation relation, const FigureValue& right) {
  const Possibility possible = kenzan::compare(range_of_difference(left.form, right.form), relation, Interval::point(0));
  if (possible.can_be_true != possible.can_be_false) return Truth::of(possible.can_be_true);
  Truth out{true, true, false, left.missing || right.missing, left.unknown || right.unknown || left.suppressed || right.suppressed};
  const bool written = left.has_written && right.has_written && !left.absent() && !right.absent();
  out.written = written && holds(left.written, relation, right.written);
  return out;
}

Truth Evaluation::compare(const TextValue& left, Relation relation, const TextValue& right) {
  return on_texts(left, right, [&](const std::string& a, const std::string& b) { return holds(a, relation, b); });
}

Truth Evaluation::one_of(const dsl::Expr& expr, const Context& at) {
  Truth out = Truth::of(false);
  const bool figures = program()[expr.kids[0]].kind == dsl::ValueKind::figure;
  const FigureValue number = figures ? figure(expr.kids[0], at) : FigureValue();
  const TextValue string = figures ? TextValue() : text(expr.kids[0], at);
  for (std::size_t i = 1; i < expr.kids.size(); ++i) {
    out = disjunction(out, figures ? compare(number, Relation::equal, figure(expr.kids[i], at))
                                   : compare(string, Relation::equal, text(expr.kids[i], at)));
  }
  return out;
}

Truth Evaluation::flag_cell(const dsl::Expr& expr, const Context& at) {
  const Lookup found = look_up(program()[expr.access], at);
  if (!found.cell) {
    note(found.missed);
    return undetermined(true, false);
  }
  note(*found.cell);
  const std::int8_t flag = data_[found.cell->table].columns[found.cell->column].parts[found.cell->part].flags[found.cell->row];
  return flag < 0 ? undetermined(false, true) : Truth::of(flag != 0);
}

Truth Evaluation::mark_is(const dsl::Expr& expr, const Context& at) {
  const dsl::Expr& asked = program()[expr.kids[0]];
  if (asked.op != dsl::ExprOp::cell) return undetermined(false, true);  // the checker allows cells only
  const Lookup found = look_up(program()[asked.access], at);
  if (found.cell) note(*found.cell);
  if (expr.mark_test == dsl::MarkTest::missing) return Truth::of(!found.cell);
  if (!found.cell) {
    note(found.missed);
    return undetermined(true, false);
  }
  const auto [table, column, part, row] = *found.cell;
  const PhysicalColumn& data = data_[table].columns[column].parts[part];
  if (!program()[table].columns[column].is_figure()) {
    const bool text = asked.kind == dsl::ValueKind::text;
    return Truth::of(expr.mark_test == dsl::MarkTest::unknown && !text && data.blank[row]);
  }
  const bool excluded = (data.figures.state[row] & FigureColumn::excluded) != 0;
  const Mark mark = excluded ? Mark::unknown : data.figures.mark(row);
  switch (expr.mark_test) {
    case dsl::MarkTest::nil: return Truth::of(mark == Mark::nil);
    case dsl::MarkTest::unknown: return Truth::of(mark == Mark::unknown || mark == Mark::blank || mark == Mark::unreadable);
    case dsl::MarkTest::suppressed: return Truth::of(mark == Mark::suppressed);
    case dsl::MarkTest::number: return Truth::of(mark == Mark::number);
    case dsl::MarkTest::missing: break;
  }
  return Truth::of(false);
}

Truth Evaluation::some_or_all(const dsl::Aggregate& aggregate, const Context& at) {
  const Elements all = elements(aggregate, at);
  if (all.missed) {
    note(*all.missed);
    return undetermined(true, false);
  }
  const bool every = aggregate.function == dsl::AggregateFunction::all;
  Truth out = Truth::of(every);
  for (const Element& element : all.all) {
    Truth value = undetermined(true, false);
    if (element.missed) {
      note(*element.missed);
    } else {
      value = truth(aggregate.element, element.at);
    }
    out = every ? conjunction(out, implication(element.where, value)) : disjunction(out, conjunction(element.where, value));
  }
  return out;
}

Truth Evaluation::sorted(const dsl::Aggregate& aggregate, const Context& at, Comparison* out_of_order) {
  const Elements all = elements(aggregate, at);
  if (all.missed) {
    note(*all.missed);
    return undetermined(true, false);
  }
  const bool up = aggregate.function == dsl::AggregateFunction::sorted_ascending;
  const Relation relation = up ? Relation::less_equal : Relation::greater_equal;
  const bool figures = program()[aggregate.element].kind == dsl::ValueKind::figure;

  // Nothing is out of order iff every element can stand behind the greatest before it: a chain of choices exists iff each pair of
  // elements has one.
  bool possible = true, certain = !all.some_unsure(), written = true, absent = all.some_unsure();
  std::optional<Interval> greatest;
  std::optional<FigureValue> number_before;
  std::optional<Rational> written_before;  // of the element just before: any order that is wrong is wrong between neighbours
  std::optional<std::string> text_before;
  bool some_before = false, absent_before = false;  // a single element is in order, whatever it is
  std::vector<CellRef> before;                      // the cells of the one that reaches furthest
  for (const Element& element : all.all) {
    if (element.where.can_be_false) continue;
    Reading read;
    Truth next = Truth::of(true);
    FigureValue number;
    TextValue string;
    {
      const Redirect redirect(*this, &read);
      if (figures) {
        number = element_value(aggregate, element);
      } else if (element.missed) {
        string.missing = true;
      } else {
        string = text(aggregate.element, element.at);
      }
    }
    for (const CellRef& cell : read.cells()) note(cell);
    absent = absent || (figures ? number.absent() : string.absent());
    if (figures && greatest) {
      const Possibility p = kenzan::compare(*greatest, relation, range_of(number.form));
      next = {p.can_be_true, p.can_be_false, holds(*written_before, relation, number.written), false, false};
    } else if (!figures && text_before && !string.absent() && !holds(*text_before, relation, string.text)) {
      next = Truth::of(false);
    } else if (!figures && some_before && (string.absent() || absent_before)) {
      next = undetermined(false, true);
    }
    absent_before = absent_before || string.absent();
    some_before = true;
    if (out_of_order != nullptr && possible && (!next.can_be_true || (written && !next.written))) {
      out_of_order->left_cells = before;
      out_of_order->right_cells = read.cells();
      out_of_order->left = number_before;
      out_of_order->left_text = text_before;
      if (figures) out_of_order->right = number;
      if (!figures) out_of_order->right_text = string.text;
    }
    possible = possible && next.can_be_true;
    certain = certain && !next.can_be_false;
    written = written && next.written && number.has_written;
    if (figures) {
      written_before = number.written;
      const Interval range = range_of(number.form);
      const Interval reached = !greatest ? range : up ? maximum(*greatest, range) : minimum(*greatest, range);
      if (!greatest || !(up ? reached.low == greatest->low : reached.high == greatest->high)) {
        number_before = number;
        before = read.cells();
      }
      greatest = reached;
    } else if (!string.absent()) {
      text_before = string.text;
      before = read.cells();
    }
  }
  if (!possible) return Truth::of(false);
  if (certain) return Truth::of(true);
  return {true, true, written && !absent, false, absent};
}

Truth Evaluation::truth(dsl::ExprId id, const Context& at) {
  const dsl::Expr& expr = program()[id];
  const auto texts = [&](auto condition) {
    const TextValue left = text(expr.kids[0], at);
    return on_texts(left, text(expr.kids[1], at), condition);
  };
  switch (expr.op) {
    case dsl::ExprOp::truth: return Truth::of(expr.flag);
    case dsl::ExprOp::cell: return flag_cell(expr, at);
    case dsl::ExprOp::else_: return first_known<Truth>(expr, [&](dsl::ExprId kid) { return truth(kid, at); });
    case dsl::ExprOp::aggregate: {
      const dsl::Aggregate& aggregate = program()[expr.aggregate];
      const bool folds = aggregate.function == dsl::AggregateFunction::any || aggregate.function == dsl::AggregateFunction::all;
      return folds ? some_or_all(aggregate, at) : sorted(aggregate, at, nullptr);
    }
    case dsl::ExprOp::compare: {
      switch (program()[expr.kids[0]].kind) {
        case dsl::ValueKind::figure: {
          const FigureValue left = figure(expr.kids[0], at);
          return compare(left, expr.relation, figure(expr.kids[1], at));
        }
        case dsl::ValueKind::text:
        case dsl::ValueKind::date: {
          const TextValue left = text(expr.kids[0], at);
          return compare(left, expr.relation, text(expr.kids[1], at));
        }
        case dsl::ValueKind::truth: {
          const Truth left = truth(expr.kids[0], at), right = truth(expr.kids[1], at);
          const Truth same = conjunction(implication(left, right), implication(right, left));
          return expr.relation == Relation::equal ? same : negation(same);
        }
      }
      return undetermined(false, true);
    }
    case dsl::ExprOp::same: return texts([](const std::string& a, const std::string& b) { return fold(a) == fold(b); });
    case dsl::ExprOp::in: return one_of(expr, at);
    case dsl::ExprOp::matches: {
      const TextValue value = text(expr.kids[0], at);
      if (value.absent()) return undetermined(value.missing, value.unknown);
      return Truth::of(matcher_.matches(expr.string, value.text));
    }
    case dsl::ExprOp::is: return mark_is(expr, at);
    case dsl::ExprOp::not_: return negation(truth(expr.kids[0], at));
    case dsl::ExprOp::and_:
    case dsl::ExprOp::or_: {
      Truth out = truth(expr.kids[0], at);
      for (std::size_t i = 1; i < expr.kids.size(); ++i) {
        const Truth next = truth(expr.kids[i], at);
        out = expr.op == dsl::ExprOp::and_ ? conjunction(out, next) : disjunction(out, next);
      }
      return out;
    }
    case dsl::ExprOp::implies: {
      const Truth left = truth(expr.kids[0], at);
      return implication(left, truth(expr.kids[1], at));
    }
    case dsl::ExprOp::contains: return texts([](const std::string& a, const std::string& b) { return a.find(b) != a.npos; });
    case dsl::ExprOp::starts: return texts([](const std::string& a, const std::string& b) { return a.starts_with(b); });
    case dsl::ExprOp::ends: return texts([](const std::string& a, const std::string& b) { return a.ends_with(b); });
    case dsl::ExprOp::figure:
    case dsl::ExprOp::text:
    case dsl::ExprOp::date:
    case dsl::ExprOp::label:
    case dsl::ExprOp::negate:
    case dsl::ExprOp::add:
    case dsl::ExprOp::subtract:
    case dsl::ExprOp::multiply:
    case dsl::ExprOp::divide:
    case dsl::ExprOp::absolute:
    case dsl::ExprOp::round:
    case dsl::ExprOp::nfkc:
    case dsl::ExprOp::trim:
    case dsl::ExprOp::lower:
    case dsl::ExprOp::length: break;  // no conditions: the checker makes none of these here
  }
  return undetermined(false, true);
}

}  // namespace kenzan::engine::reference
