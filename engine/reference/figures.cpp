// The reference evaluator: figures.
#include "base/figure.hpp"
#include "base/text.hpp"
#include "engine/reference/evaluation.hpp"

namespace kenzan::engine::reference {
namespace {

FigureValue point(const Rational& value) {
  FigureValue out;
  out.form.constant = value;
  out.written = value;
  return out;
}

FigureValue scaled(FigureValue a, const Rational& factor) {
  a.form.constant *= factor;
  for (Term& term : a.form.terms) term.factor *= factor;
  collect(a.form);
  a.written *= factor;
  return a;
}

FigureValue added(FigureValue a, const FigureValue& b) {
  join_flags(a, b);
  a.form.terms.insert(a.form.terms.end(), b.form.terms.begin(), b.form.terms.end());
  a.form.constant += b.form.constant;
  collect(a.form);
  a.written += b.written;
  return a;
}

}  // namespace

FigureValue Evaluation::opaque(const Interval& range) {
  FigureValue out;
  out.form.terms.push_back({next_id_++, 1, range});
  out.linear = false;
  return out;
}

FigureValue Evaluation::missing(const MissedCell& cell) {
  note(cell);
  FigureValue out;
  // Each time an unknown of its own: two cells that are not there are not equal.
  out.form.terms.push_back({next_id_++, 1, Interval::everything()});
  out.missing = true;
  return out;
}

FigureValue Evaluation::constant(dsl::ExprId id, const dsl::Expr& expr) {
  FigureValue out = point(expr.written);
  if (as_written_) return out;
  if (expr.interval.is_point()) {
    out.form.constant = expr.interval.low.value;
    return out;
  }
  const auto [known, added] = constant_ids_.try_emplace(id, next_id_);
  if (added) ++next_id_;
  out.form.constant = 0;
  out.form.terms.push_back({known->second, 1, expr.interval});
  return out;
}

FigureValue Evaluation::cell(const dsl::Expr& expr, const Context& at) {
  const Lookup found = look_up(program()[expr.access], at);
  if (!found.cell) return missing(found.missed);
  const CellRef& ref = *found.cell;
  note(ref);
  const FigureColumn& column = data_[ref.table].columns[ref.column].parts[ref.part].figures;
  const bool known = column.known(ref.row);
  FigureValue out;
  out.suppressed = column.mark(ref.row) == Mark::suppressed && (column.state[ref.row] & FigureColumn::excluded) == 0;
  out.unknown = !known && !out.suppressed;
  out.written = column.written(ref.row);
  const auto id = cell_ids_.try_emplace(cell_ids_.end(), ref, next_id_);  // mostly behind all others
  if (id->second == next_id_) cells_by_id_.emplace_back(next_id_++, ref);
  out.form.terms.push_back({id->second, 1, as_written_ ? column.range_as_written(ref.row) : column.range(ref.row)});
  return out;
}

FigureValue Evaluation::product(const FigureValue& a, const FigureValue& b) {
  const bool a_constant = a.form.terms.empty(), b_constant = b.form.terms.empty();
  FigureValue out;
  if (b_constant) {
    out = scaled(a, b.form.constant);
  } else if (a_constant) {
    out = scaled(b, a.form.constant);
  } else {
    const Interval range = range_of(a.form) * range_of(b.form);
    out = range.is_point() ? point(range.low.value) : opaque(range);
  }
  join_flags(out, a);
  join_flags(out, b);
  out.written = a.written * b.written;
  return out;
}

FigureValue Evaluation::quotient(const FigureValue& a, const FigureValue& b) {
  const Interval below = range_of(b.form);
  FigureValue out;
  if (below == Interval::point(0)) {
    out = opaque(Interval::everything());
    out.unknown = true;
  } else if (b.form.terms.empty()) {
    out = scaled(a, Rational(1 / b.form.constant));
  } else {
    const Interval range = a.linear && b.linear ? range_of_quotient(a.form, b.form) : range_of(a.form) / below;
    out = range.is_point() ? point(range.low.value) : opaque(range);
  }
  join_flags(out, a);
  join_flags(out, b);
  out.has_written = out.has_written && !b.written.is_zero();
  out.written = out.has_written ? Rational(a.written / b.written) : Rational(0);
  return out;
}

FigureValue Evaluation::mapped(const FigureValue& a, const Interval& range, const Rational& written) {
  FigureValue out = range.is_point() ? point(range.low.value) : opaque(range);
  join_flags(out, a);
  out.written = written;
  return out;
}

FigureValue Evaluation::figure(dsl::ExprId id, const Context& at) {
  const dsl::Expr& expr = program()[id];
  const auto kid = [&](std::size_t i) { return figure(expr.kids[i], at); };
  switch (expr.op) {
    case dsl::ExprOp::figure: return constant(id, expr);
    case dsl::ExprOp::label: {
      const auto number = parse_rational(data_.texts.text(instance_label(expr.dim, false)));
      if (number) return point(*number);
      break;
    }
    case dsl::ExprOp::cell: return cell(expr, at);
    case dsl::ExprOp::negate: return scaled(kid(0), -1);
    case dsl::ExprOp::add: {
      FigureValue left = kid(0);
      return added(std::move(left), kid(1));
    }
    case dsl::ExprOp::subtract: {
      FigureValue left = kid(0);
      return added(std::move(left), scaled(kid(1), -1));
    }
    case dsl::ExprOp::multiply: {
      const FigureValue left = kid(0);
      return product(left, kid(1));
    }
    case dsl::ExprOp::divide: {
      const FigureValue left = kid(0);
      return quotient(left, kid(1));
    }
    case dsl::ExprOp::absolute: {
      const FigureValue a = kid(0);
      return mapped(a, kenzan::absolute(range_of(a.form)), abs(a.written));
    }
    case dsl::ExprOp::round: {
      const FigureValue a = kid(0);
      return mapped(a, round_to(range_of(a.form), expr.written, expr.rounding), round_to(a.written, expr.written, expr.rounding));
    }
    case dsl::ExprOp::else_: return first_known<FigureValue>(expr, [&](dsl::ExprId kid_id) { return figure(kid_id, at); });
    case dsl::ExprOp::aggregate: return folded(program()[expr.aggregate], at);
    case dsl::ExprOp::length: {
      const TextValue t = text(expr.kids[0], at);
      if (!t.absent()) return point(Rational(code_points(t.text)));
      FigureValue out = opaque(Interval::everything());
      out.missing = t.missing;
      out.unknown = t.unknown;
      return out;
    }
    case dsl::ExprOp::text:
    case dsl::ExprOp::date:
    case dsl::ExprOp::truth:
    case dsl::ExprOp::compare:
    case dsl::ExprOp::same:
    case dsl::ExprOp::in:
    case dsl::ExprOp::matches:
    case dsl::ExprOp::is:
    case dsl::ExprOp::not_:
    case dsl::ExprOp::and_:
    case dsl::ExprOp::or_:
    case dsl::ExprOp::implies:
    case dsl::ExprOp::nfkc:
    case dsl::ExprOp::trim:
    case dsl::ExprOp::lower:
    case dsl::ExprOp::contains:
    case dsl::ExprOp::starts:
    case dsl::ExprOp::ends: break;  // no figures: the checker makes none of these here
  }
  FigureValue out = opaque(Interval::everything());
  out.unknown = true;
  return out;
}

// ---------------------------------------------------------------- texts

TextValue Evaluation::text(dsl::ExprId id, const Context& at) {
  const dsl::Expr& expr = program()[id];
  const auto changed = [&](std::string (*change)(std::string_view)) {
    TextValue value = text(expr.kids[0], at);
    value.text = change(value.text);
    return value;
  };
  switch (expr.op) {
    case dsl::ExprOp::text:
    case dsl::ExprOp::date: return {expr.string, false, false};
    case dsl::ExprOp::label: {
      const bool date = expr.kind == dsl::ValueKind::date;
      return {std::string(data_.texts.text(instance_label(expr.dim, !date))), false, false};
    }
    case dsl::ExprOp::cell: {
      const Lookup found = look_up(program()[expr.access], at);
      if (!found.cell) {
        note(found.missed);
        return {"", true, false};
      }
      note(*found.cell);
      const PhysicalColumn& column = data_[found.cell->table].columns[found.cell->column].parts[found.cell->part];
      const Code code = column.text(found.cell->row);
      return {std::string(data_.texts.text(code)), false, expr.kind == dsl::ValueKind::date && code == Texts::empty};
    }
    case dsl::ExprOp::else_: return first_known<TextValue>(expr, [&](dsl::ExprId kid) { return text(kid, at); });
    case dsl::ExprOp::nfkc: return changed(kenzan::nfkc);
    case dsl::ExprOp::trim: return changed(kenzan::trim);
    case dsl::ExprOp::lower: return changed(kenzan::lower);
    case dsl::ExprOp::figure:
    case dsl::ExprOp::truth:
    case dsl::ExprOp::negate:
    case dsl::ExprOp::add:
    case dsl::ExprOp::subtract:
    case dsl::ExprOp::multiply:
    case dsl::ExprOp::divide:
    case dsl::ExprOp::absolute:
    case dsl::ExprOp::round:
    case dsl::ExprOp::aggregate:
    case dsl::ExprOp::compare:
    case dsl::ExprOp::same:
    case dsl::ExprOp::in:
    case dsl::ExprOp::matches:
    case dsl::ExprOp::is:
    case dsl::ExprOp::not_:
    case dsl::ExprOp::and_:
    case dsl::ExprOp::or_:
    case dsl::ExprOp::implies:
    case dsl::ExprOp::length:
    case dsl::ExprOp::contains:
    case dsl::ExprOp::starts:
    case dsl::ExprOp::ends: break;  // no texts: the checker makes none of these here
  }
  return {"", false, true};
}

}  // namespace kenzan::engine::reference
