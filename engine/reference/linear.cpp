// The reference evaluator: what an instance asks of its cells in linear terms.
#include <algorithm>
#include <utility>

#include "engine/reference/evaluation.hpp"

namespace kenzan::engine {
namespace reference {
namespace {

/// The values of left − right that make a relation true; none where they are no interval.
std::optional<Interval> wanted(Relation relation) {
  const Bound zero{0, true, false}, beside_zero{0, false, false}, infinite{0, false, true};
  switch (relation) {
    case Relation::equal: return Interval{zero, zero};
    case Relation::less: return Interval{infinite, beside_zero};
    case Relation::less_equal: return Interval{infinite, zero};
    case Relation::greater: return Interval{beside_zero, infinite};
    case Relation::greater_equal: return Interval{zero, infinite};
    case Relation::not_equal: return std::nullopt;
  }
  return std::nullopt;
}

}  // namespace

void Evaluation::linear(dsl::ExprId id, const Context& at, std::vector<LinearCondition>& out) {
  const dsl::Expr& expr = program()[id];
  if (expr.op == dsl::ExprOp::and_) {
    linear(expr.kids[0], at, out);
    linear(expr.kids[1], at, out);
  } else if (expr.op == dsl::ExprOp::implies) {
    const Truth when = truth(expr.kids[0], at);
    if (when.determined() && when.can_be_true) linear(expr.kids[1], at, out);
  } else if (expr.op == dsl::ExprOp::compare && program()[expr.kids[0]].kind == dsl::ValueKind::figure) {
    linear_comparison(expr, at, out);
  } else if (expr.op == dsl::ExprOp::aggregate && program()[expr.aggregate].function == dsl::AggregateFunction::all) {
    const dsl::Aggregate& aggregate = program()[expr.aggregate];
    for (const Element& element : elements(aggregate, at).all) {
      const bool counts = element.where.determined() && element.where.can_be_true && !element.missed;
      if (counts) linear(aggregate.element, element.at, out);
    }
  }
}

void Evaluation::linear_comparison(const dsl::Expr& expr, const Context& at, std::vector<LinearCondition>& out) {
  const std::optional<Interval> range = wanted(expr.relation);
  if (!range) return;
  const FigureValue left = figure(expr.kids[0], at);
  const Linear form = difference(left.form, figure(expr.kids[1], at).form);
  LinearCondition condition;
  Interval rest = Interval::point(form.constant);
  for (const Term& term : form.terms) {
    const auto cell = std::ranges::lower_bound(cells_by_id_, term.id, {}, &std::pair<std::uint64_t, CellRef>::first);
    if (cell == cells_by_id_.end() || cell->first != term.id) {
      rest = rest + term.factor * term.range;  // each a value of its own, which asks less than it might
    } else {
      condition.cells.push_back({cell->second, term.factor, term.range});
    }
  }
  condition.range = *range - rest;
  const bool says = !condition.range.low.infinite || !condition.range.high.infinite;
  if (says && !condition.cells.empty()) out.push_back(std::move(condition));
}

}  // namespace reference

namespace {

/// Whether what an expression says stays the same while figures are replaced by others of the same mark.
bool reads_only_marks(const dsl::Program& program, dsl::ExprId id) {
  const dsl::Expr& expr = program[id];
  const auto rows_do = [&](const std::vector<dsl::Binding>& rows) {
    return std::ranges::all_of(rows, [&](const dsl::Binding& each) { return reads_only_marks(program, each.value); });
  };
  switch (expr.op) {
    case dsl::ExprOp::is: return rows_do(program[program[expr.kids[0]].access].rows);
    case dsl::ExprOp::cell: return expr.kind != dsl::ValueKind::figure && rows_do(program[expr.access].rows);
    case dsl::ExprOp::aggregate: {
      const dsl::Aggregate& aggregate = program[expr.aggregate];
      return expr.kind != dsl::ValueKind::figure && reads_only_marks(program, aggregate.element) && rows_do(aggregate.rows) &&
             (!aggregate.where.valid() || reads_only_marks(program, aggregate.where));
    }
    default: return std::ranges::all_of(expr.kids, [&](dsl::ExprId kid) { return reads_only_marks(program, kid); });
  }
}

}  // namespace

bool is_decided_by_intervals(const dsl::Program& program, const dsl::Rule& rule) {
  const dsl::Expr& require = program[rule.require];
  if (rule.when.valid() && !reads_only_marks(program, rule.when)) return false;
  return rule.strength == dsl::Strength::possible && require.op == dsl::ExprOp::compare &&
         require.relation != Relation::not_equal && program[require.kids[0]].kind == dsl::ValueKind::figure;
}

void ValuesLeft::End::add(const Bound& bound) {
  if (bound.infinite) {
    ++infinite;
  } else {
    finite = plus(finite, bound.value);
    open += bound.closed ? 0 : 1;
  }
}

void ValuesLeft::End::take_out(const Bound& bound) {
  if (bound.infinite) {
    --infinite;
  } else {
    finite -= bound.value;
    open -= bound.closed ? 0 : 1;
  }
}

ValuesLeft::ValuesLeft(const LinearCondition& condition) : range_(condition.range) {
  for (const LinearCondition::Part& part : condition.cells) {
    const Interval values = part.factor * part.values;
    low_.add(values.low);
    high_.add(values.high);
  }
}

Interval ValuesLeft::of(const LinearCondition::Part& part) const {
  const Interval own = part.factor * part.values;
  End low = low_, high = high_;
  low.take_out(own.low);
  high.take_out(own.high);
  return quotient(1, part.factor) * (range_ - Interval{low.bound(), high.bound()});
}

bool ValuesLeft::allow(const std::vector<std::pair<const LinearCondition::Part*, Interval>>& others) const {
  End low = low_, high = high_;
  for (const auto& [part, values] : others) {
    const Interval before = part->factor * part->values, now = part->factor * values;
    low.take_out(before.low);
    high.take_out(before.high);
    low.add(now.low);
    high.add(now.high);
  }
  return intersection(range_, {low.bound(), high.bound()}).has_value();
}

std::vector<LinearCondition> linear_conditions(const Data& data, const dsl::Rule& rule, const Instance& instance, RowIndex* index) {
  reference::Evaluation evaluation(data, &rule, &instance, index);
  const reference::Context root;
  std::vector<LinearCondition> out;
  if (rule.when.valid() && admit(evaluation.truth(rule.when, root)) != Admission::made) return out;
  evaluation.linear(rule.require, root, out);
  if (evaluation.no_instance()) out.clear();
  return out;
}

}  // namespace kenzan::engine
