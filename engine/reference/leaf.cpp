// The reference evaluator: which leaf of a condition decides it, and what that leaf read.
#include <algorithm>
#include <utility>

#include "engine/reference/evaluation.hpp"

namespace kenzan::engine::reference {
namespace {

/// The relation that holds exactly where `relation` does not.
Relation opposite(Relation relation) {
  switch (relation) {
    case Relation::equal: return Relation::not_equal;
    case Relation::not_equal: return Relation::equal;
    case Relation::less: return Relation::greater_equal;
    case Relation::less_equal: return Relation::greater;
    case Relation::greater: return Relation::less_equal;
    case Relation::greater_equal: return Relation::less;
  }
  return relation;
}

/// Whether what is sought is that something failed, so that of several that failed together the last is shown.
bool seeks_failure(Seek seek) { return seek == Seek::impossible || seek == Seek::refutable || seek == Seek::unwritten; }

Truth turned(Truth truth, bool negated) { return negated ? negation(truth) : truth; }

}  // namespace

bool is_sought(Truth truth, Seek seek) {
  switch (seek) {
    case Seek::impossible: return !truth.can_be_true;
    case Seek::refutable: return truth.can_be_false;
    case Seek::unwritten: return !truth.written && !truth.missing && !truth.unknown;
    case Seek::missing: return truth.missing;
    case Seek::unknown: return truth.unknown;
    case Seek::undetermined: return !truth.determined();
    case Seek::any: return true;
  }
  return true;
}

void Evaluation::fill(Comparison& out, dsl::ExprId side, const Context& at, bool right) {
  Reading read;
  {
    const Redirect redirect(*this, &read);
    switch (program()[side].kind) {
      case dsl::ValueKind::figure: (right ? out.right : out.left) = figure(side, at); break;
      case dsl::ValueKind::text:
      case dsl::ValueKind::date: {
        const TextValue value = text(side, at);
        if (!value.absent()) (right ? out.right_text : out.left_text) = value.text;
        break;
      }
      case dsl::ValueKind::truth: (void)truth(side, at); break;
    }
  }
  (right ? out.right_expr : out.left_expr) = side;
  (right ? out.right_cells : out.left_cells) = read.cells();
  for (MissedCell missed : read.missed()) {
    missed.right = right;
    out.missed.push_back(std::move(missed));
  }
}

Comparison Evaluation::leaf(dsl::ExprId id, const Context& at, bool negated) {
  const dsl::Expr& expr = program()[id];
  Comparison out;
  out.expr = id;
  out.negated = negated;
  switch (expr.op) {
    case dsl::ExprOp::compare: out.relation = negated ? opposite(expr.relation) : expr.relation; [[fallthrough]];
    case dsl::ExprOp::same:
    case dsl::ExprOp::contains:
    case dsl::ExprOp::starts:
    case dsl::ExprOp::ends:
      fill(out, expr.kids[0], at, false);
      fill(out, expr.kids[1], at, true);
      return out;
    case dsl::ExprOp::in: {
      out.relation = negated ? Relation::not_equal : Relation::equal;
      fill(out, expr.kids[0], at, false);
      Reading listed;
      const Redirect redirect(*this, &listed);
      (void)one_of(expr, at);
      for (const CellRef& cell : listed.cells()) {
        if (std::ranges::find(out.left_cells, cell) == out.left_cells.end()) out.right_cells.push_back(cell);
      }
      for (MissedCell missed : listed.missed()) {
        if (std::ranges::find(out.missed, missed) != out.missed.end()) continue;
        missed.right = true;
        out.missed.push_back(std::move(missed));
      }
      return out;
    }
    case dsl::ExprOp::matches: fill(out, expr.kids[0], at, false); return out;
    case dsl::ExprOp::aggregate: {
      const dsl::Aggregate& aggregate = program()[expr.aggregate];
      const bool up = aggregate.function == dsl::AggregateFunction::sorted_ascending;
      if (up || aggregate.function == dsl::AggregateFunction::sorted_descending) {
        out.relation = up ? Relation::less_equal : Relation::greater_equal;
        const Redirect redirect(*this, nullptr);
        (void)sorted(aggregate, at, negated ? nullptr : &out);
        if (out.left || out.left_text) {
          out.left_expr = out.right_expr = aggregate.element;
          return out;
        }
      }
      break;
    }
    case dsl::ExprOp::truth:
    case dsl::ExprOp::cell:
    case dsl::ExprOp::is:
    case dsl::ExprOp::else_:
    case dsl::ExprOp::not_:
    case dsl::ExprOp::and_:
    case dsl::ExprOp::or_:
    case dsl::ExprOp::implies:
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
    case dsl::ExprOp::length: break;
  }
  Reading read;
  const Redirect redirect(*this, &read);
  (void)truth(id, at);
  out.left_cells = read.cells();
  out.missed = read.missed();
  return out;
}

Comparison Evaluation::deciding_element(dsl::ExprId id, const Context& at, bool negated, Seek seek) {
  const dsl::Aggregate& aggregate = program()[program()[id].aggregate];
  const bool every = aggregate.function == dsl::AggregateFunction::all;
  const Elements all = elements(aggregate, at);
  // Where no element can do, no single one is to blame.
  const bool one_decides = every != negated || !seeks_failure(seek) || all.all.size() == 1;
  if (!one_decides || all.missed) return leaf(id, at, negated);
  for (const Element& element : all.all) {
    if (element.missed) {
      if (seek != Seek::missing) continue;
      Comparison out;
      out.expr = id;
      out.negated = negated;
      out.missed.push_back(*element.missed);
      return out;
    }
    const Truth value = truth(aggregate.element, element.at);
    const Truth whole = every ? implication(element.where, value) : conjunction(element.where, value);
    if (!is_sought(turned(whole, negated), seek)) continue;
    const bool by_where = !seeks_failure(seek) && aggregate.where.valid() && !is_sought(turned(value, negated), seek) &&
                          is_sought(element.where, seek);
    return deciding(by_where ? aggregate.where : aggregate.element, element.at, negated, seek);
  }
  return leaf(id, at, negated);
}

Comparison Evaluation::deciding(dsl::ExprId id, const Context& at, bool negated, Seek seek) {
  const Redirect quiet(*this, nullptr);
  const dsl::Expr& expr = program()[id];
  if (expr.op == dsl::ExprOp::not_) return deciding(expr.kids[0], at, !negated, seek);
  if (expr.op == dsl::ExprOp::aggregate) {
    const dsl::AggregateFunction function = program()[expr.aggregate].function;
    const bool folds = function == dsl::AggregateFunction::any || function == dsl::AggregateFunction::all;
    return folds ? deciding_element(id, at, negated, seek) : leaf(id, at, negated);
  }
  const bool connects = expr.op == dsl::ExprOp::and_ || expr.op == dsl::ExprOp::or_ || expr.op == dsl::ExprOp::implies;
  if (!connects) return leaf(id, at, negated);

  const bool conjunctive = (expr.op == dsl::ExprOp::and_) != negated;
  std::vector<std::pair<dsl::ExprId, bool>> operands;
  for (const dsl::ExprId kid : expr.kids) operands.emplace_back(kid, negated);
  if (expr.op == dsl::ExprOp::implies) operands.front().second = !negated;
  std::optional<std::size_t> found;
  for (std::size_t i = 0; i < operands.size(); ++i) {
    if (!is_sought(turned(truth(operands[i].first, at), operands[i].second), seek)) continue;
    if (!found || (!conjunctive && seeks_failure(seek))) found = i;
  }
  // Of an implication that is not to blame, what it demands is shown.
  const std::size_t fallback = expr.op == dsl::ExprOp::implies ? 1 : 0;
  const auto& [kid, turn] = operands[seek == Seek::any ? fallback : found.value_or(fallback)];
  return deciding(kid, at, turn, seek);
}

}  // namespace kenzan::engine::reference
