// Rules that cannot fail: a condition that is true for all possible values of the cells tests nothing.
#include <algorithm>
#include <unordered_map>

#include "base/linear.hpp"
#include "dsl/check/checker.hpp"

namespace kenzan::dsl::check {

namespace {

/// Evaluates a condition with every cell unbounded. Two expressions of one structure read the same cells and are one unknown.
class Unbounded {
 public:
  explicit Unbounded(const Program& program) : program_(program) {}

  Possibility condition(ExprId id) {
    const Expr& expr = program_[id];
    switch (expr.op) {
      case ExprOp::truth: return {expr.flag, !expr.flag};
      case ExprOp::compare: return compared(expr);
      case ExprOp::same:
        if (structure(expr.kids[0]) == structure(expr.kids[1])) return {true, false};
        return {};
      case ExprOp::in:
        for (std::size_t i = 1; i < expr.kids.size(); ++i) {
          if (structure(expr.kids[0]) == structure(expr.kids[i])) return {true, false};
        }
        return {};
      case ExprOp::not_: {
        const Possibility inner = condition(expr.kids[0]);
        return {inner.can_be_false, inner.can_be_true};
      }
      case ExprOp::and_: {
        const Possibility a = condition(expr.kids[0]), b = condition(expr.kids[1]);
        return {a.can_be_true && b.can_be_true, a.can_be_false || b.can_be_false};
      }
      case ExprOp::or_:
      case ExprOp::implies: {
        Possibility a = condition(expr.kids[0]);
        const Possibility b = condition(expr.kids[1]);
        if (expr.op == ExprOp::implies) std::swap(a.can_be_true, a.can_be_false);
        if (structure(expr.kids[0]) == structure(expr.kids[1]) && expr.op == ExprOp::implies) return {true, false};
        return {a.can_be_true || b.can_be_true, a.can_be_false && b.can_be_false};
      }
      case ExprOp::figure:
      case ExprOp::text:
      case ExprOp::date:
      case ExprOp::label:
      case ExprOp::cell:
      case ExprOp::negate:
      case ExprOp::add:
      case ExprOp::subtract:
      case ExprOp::multiply:
      case ExprOp::divide:
      case ExprOp::absolute:
      case ExprOp::round:
      case ExprOp::else_:
      case ExprOp::aggregate:
      case ExprOp::matches:
      case ExprOp::is:
      case ExprOp::nfkc:
      case ExprOp::trim:
      case ExprOp::lower:
      case ExprOp::length:
      case ExprOp::contains:
      case ExprOp::starts:
      case ExprOp::ends: break;
    }
    return {};
  }

 private:
  Possibility compared(const Expr& expr) {
    if (program_[expr.kids[0]].kind != ValueKind::figure) {
      const Expr &a = program_[expr.kids[0]], &b = program_[expr.kids[1]];
      const bool constants = (a.op == ExprOp::text && b.op == ExprOp::text) || (a.op == ExprOp::date && b.op == ExprOp::date);
      const bool same = constants ? a.string == b.string : structure(expr.kids[0]) == structure(expr.kids[1]);
      if (!same && !constants) return {};
      const int order = constants ? a.string.compare(b.string) : 0;
      return kenzan::compare(Interval::point(order), expr.relation, Interval::point(0));
    }
    Linear difference;
    collect_into(difference, expr.kids[0], 1);
    collect_into(difference, expr.kids[1], -1);
    collect(difference);
    return kenzan::compare(range_of(difference), expr.relation, Interval::point(0));
  }

  void collect_into(Linear& form, ExprId id, const Rational& factor) {
    const Expr& expr = program_[id];
    const auto constant = [&](ExprId kid) { return program_[kid].op == ExprOp::figure && program_[kid].interval.is_point(); };
    switch (expr.op) {
      case ExprOp::figure:
        if (expr.interval.is_point())
          form.constant += factor * expr.written;
        else
          form.terms.push_back({id.value, factor, expr.interval});
        return;
      case ExprOp::negate: collect_into(form, expr.kids[0], -factor); return;
      case ExprOp::add:
      case ExprOp::subtract:
        collect_into(form, expr.kids[0], factor);
        collect_into(form, expr.kids[1], expr.op == ExprOp::add ? factor : Rational(-factor));
        return;
      case ExprOp::multiply:
        if (constant(expr.kids[1])) return collect_into(form, expr.kids[0], factor * program_[expr.kids[1]].written);
        if (constant(expr.kids[0])) return collect_into(form, expr.kids[1], factor * program_[expr.kids[0]].written);
        break;
      case ExprOp::divide:
        if (constant(expr.kids[1])) return collect_into(form, expr.kids[0], factor / program_[expr.kids[1]].written);
        break;
      case ExprOp::truth:
      case ExprOp::text:
      case ExprOp::date:
      case ExprOp::label:
      case ExprOp::cell:
      case ExprOp::absolute:
      case ExprOp::round:
      case ExprOp::else_:
      case ExprOp::aggregate:
      case ExprOp::compare:
      case ExprOp::same:
      case ExprOp::in:
      case ExprOp::matches:
      case ExprOp::is:
      case ExprOp::not_:
      case ExprOp::and_:
      case ExprOp::or_:
      case ExprOp::implies:
      case ExprOp::nfkc:
      case ExprOp::trim:
      case ExprOp::lower:
      case ExprOp::length:
      case ExprOp::contains:
      case ExprOp::starts:
      case ExprOp::ends: break;
    }
    const bool never_negative =
        expr.op == ExprOp::absolute || expr.op == ExprOp::length ||
        (expr.op == ExprOp::aggregate && (program_[expr.aggregate].function == AggregateFunction::count ||
                                          program_[expr.aggregate].function == AggregateFunction::count_distinct));
    const auto [at, fresh] = unknowns_.emplace(structure(id), unknowns_.size());
    form.terms.push_back(
        {(std::uint64_t{1} << 32) + at->second, factor, never_negative ? Interval::at_least_zero() : Interval::everything()});
  }

  std::string binding(const Binding& binding) {
    return std::to_string(binding.column) + "=" + structure(binding.value) + "-" + std::to_string(binding.lag) + ";";
  }

  /// A text that two expressions share iff they are built alike (constants of a figure rounded by 約 are never alike).
  std::string structure(ExprId id) {
    if (!id.valid()) return "none";
    if (auto known = structures_.find(id); known != structures_.end()) return known->second;
    const Expr& expr = program_[id];
    std::string text = std::to_string(static_cast<int>(expr.op)) + "(";
    if (expr.op == ExprOp::figure) {
      text += exact_text(expr.written);
      if (!expr.interval.is_point()) text += "~" + std::to_string(id.value);
    }
    if (!expr.string.empty()) text += std::to_string(expr.string.size()) + ":" + expr.string;
    if (expr.op == ExprOp::label) text += std::to_string(expr.dim.value);
    if (expr.op == ExprOp::round) text += exact_text(expr.written) + "," + std::to_string(static_cast<int>(expr.rounding));
    text += "," + std::to_string(static_cast<int>(expr.relation)) + "," + std::to_string(static_cast<int>(expr.mark_test));
    if (expr.op == ExprOp::cell) {
      const Access& access = program_[expr.access];
      text += "t" + std::to_string(access.table.value) + "c" + std::to_string(access.column) + (access.current_row ? "r" : "");
      for (const Binding& row : access.rows) text += binding(row);
      if (access.across) text += "a" + binding(*access.across);
    }
    if (expr.op == ExprOp::aggregate) {
      const Aggregate& aggregate = program_[expr.aggregate];
      text += "f" + std::to_string(static_cast<int>(aggregate.function)) + "t" + std::to_string(aggregate.table.value) +
              structure(aggregate.element) + structure(aggregate.where);
      for (const Binding& row : aggregate.rows) text += binding(row);
      if (aggregate.across) text += "x" + std::to_string(aggregate.across->value);
      if (aggregate.across_label) text += "l" + binding(*aggregate.across_label);
      if (aggregate.hierarchy) text += "h" + std::to_string(*aggregate.hierarchy);
      if (aggregate.node) text += "n" + binding(*aggregate.node);
    }
    for (ExprId kid : expr.kids) text += structure(kid) + ",";
    text += ")";
    structures_[id] = text;
    return text;
  }

  const Program& program_;
  std::unordered_map<std::string, std::uint64_t> unknowns_;
  std::unordered_map<ExprId, std::string> structures_;
};

}  // namespace

bool Checker::cannot_fail(ExprId require) const {
  // The texts of structures grow with the expression: a rule too long to read is not judged.
  std::size_t size = 0;
  std::vector<ExprId> open{require};
  while (!open.empty()) {
    const Expr& at = expr(open.back());
    open.pop_back();
    if (++size > 1000) return false;
    open.insert(open.end(), at.kids.begin(), at.kids.end());
  }
  return !Unbounded(program_).condition(require).can_be_false;
}

}  // namespace kenzan::dsl::check
