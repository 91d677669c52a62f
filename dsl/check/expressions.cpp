// Expressions: operators and their types.
#include <algorithm>

#include "base/text.hpp"
#include "dsl/check/checker.hpp"

namespace kenzan::dsl::check {

namespace {

/// The unit of a sum or difference of two figures of one dimension: the left one's, but % − % is ポイント, and ポイント added to %
/// is %.
Unit unit_of_sum(const Unit& a, const Unit& b, bool subtract, const UnitTable& units) {
  if (!a.dimension.empty()) return a;
  using enum RatioKind;
  if (a.kind == percent && b.kind == percent) return subtract ? *units.find("ポイント") : a;
  if (a.kind == point && b.kind == percent) return subtract ? a : b;
  if (a.kind == plain && b.kind == percent) return b;
  return a;
}

Unit unit_of_product(const Unit& a, const Unit& b) {
  if (b.dimension.empty() && (b.name.empty() || !a.dimension.empty())) return a;
  if (a.dimension.empty() && (a.name.empty() || !b.dimension.empty())) return b;
  if (a.dimension.empty() && b.dimension.empty()) return {};
  return a * b;
}

Unit unit_of_quotient(const Unit& a, const Unit& b) {
  if (b.dimension.empty() && (b.name.empty() || !a.dimension.empty())) return a;
  if (a.dimension == b.dimension) return {};
  if (a.dimension.empty()) return Unit{} / b;
  return a / b;
}

bool is_point(const Expr& expr) { return expr.op == ExprOp::figure && expr.interval.is_point(); }

}  // namespace

ExprId Checker::expression(tree::ExprId id, Context& context) {
  if (too_large()) return {};
  const tree::Expr& expr = context.tree()[id];
  constexpr int deepest = 2000;
  if (context.depth >= deepest) {
    error(expr.span, say(MessageId::program_too_large));
    return {};
  }
  ++context.depth;
  ExprId result;
  switch (expr.kind) {
    case tree::ExprKind::number:
    case tree::ExprKind::text:
    case tree::ExprKind::date:
      if (auto constant = literal(context.tree(), id, context.file().scope.units)) result = add(std::move(*constant));
      break;
    case tree::ExprKind::name: result = name(expr, context); break;
    case tree::ExprKind::field: result = field(expr, context); break;
    case tree::ExprKind::call: result = call(expr, context); break;
    case tree::ExprKind::unary: result = unary(expr, context); break;
    case tree::ExprKind::binary: result = binary(expr, context); break;
    case tree::ExprKind::is: result = is(expr, context); break;
    case tree::ExprKind::in: result = in(expr, context); break;
    case tree::ExprKind::matches: {
      const ExprId text = argument(expr.kids[0], context, ValueKind::text, "matches");
      if (!regex({expr.text, expr.span}, false) || !text.valid()) break;
      Expr made;
      made.op = ExprOp::matches;
      made.kids = {text};
      made.string = expr.text;
      made.span = expr.span;
      result = add(std::move(made));
      if (expr.negated) result = add({.op = ExprOp::not_, .kids = {result}, .span = expr.span});
      break;
    }
  }
  --context.depth;
  return result;
}

ExprId Checker::truth(tree::ExprId id, Context& context, MessageId wrong) {
  const ExprId made = expression(id, context);
  if (!made.valid()) return {};
  if (expr(made).kind != ValueKind::truth) {
    error(context.tree()[id].span, say(wrong, {{"found", describe(expr(made))}}));
    return {};
  }
  return made;
}

ExprId Checker::argument(tree::ExprId id, Context& context, ValueKind kind, const std::string& function) {
  const ExprId made = expression(id, context);
  if (!made.valid()) return {};
  if (expr(made).kind != kind) {
    Expr wanted;
    wanted.kind = kind;
    error(context.tree()[id].span, say(MessageId::wrong_argument,
                                       {{"function", function}, {"expected", describe(wanted)}, {"found", describe(expr(made))}}));
    return {};
  }
  return made;
}

void Checker::refuse_commas(const tree::File& file, const std::vector<tree::ExprId>& arguments, std::size_t from) {
  for (std::size_t i = from; i < arguments.size(); ++i) {
    const tree::Expr& value = file[arguments[i]];
    if (value.kind != tree::ExprKind::number || !value.number->commas) continue;
    std::string plain(sources_.text(value.number->span));
    std::ranges::replace(plain, ',', '_');
    error(value.span, say(MessageId::comma_in_arguments, {{"number", std::string(sources_.text(value.number->span))}}),
          say(MessageId::comma_in_arguments_help, {{"number", plain}}));
  }
}

ExprId Checker::unary(const tree::Expr& tree, Context& context) {
  if (tree.op == tree::Op::not_) {
    const ExprId inner = truth(tree.kids[0], context, MessageId::not_a_condition);
    if (!inner.valid()) return {};
    return add({.op = ExprOp::not_, .kids = {inner}, .span = tree.span});
  }
  const ExprId inner = argument(tree.kids[0], context, ValueKind::figure, "-");
  if (!inner.valid()) return {};
  Expr made = expr(inner);
  made.span = tree.span;
  if (is_point(made)) {
    made.written = -made.written;
    made.interval = -made.interval;
    return add(std::move(made));
  }
  return add({.op = ExprOp::negate, .kind = ValueKind::figure, .unit = made.unit, .kids = {inner}, .span = tree.span});
}

ExprId Checker::binary(const tree::Expr& tree, Context& context) {
  const auto connective = [&](ExprOp op) -> ExprId {
    const ExprId left = truth(tree.kids[0], context, MessageId::not_a_condition);
    const ExprId right = truth(tree.kids[1], context, MessageId::not_a_condition);
    if (!left.valid() || !right.valid()) return {};
    return add({.op = op, .kids = {left, right}, .span = tree.span});
  };
  const auto compared = [&](Relation relation) -> ExprId {
    const ExprId left = expression(tree.kids[0], context);
    const ExprId right = expression(tree.kids[1], context);
    if (!left.valid() || !right.valid()) return {};
    return comparison(tree.span, relation, left, right);
  };
  switch (tree.op) {
    case tree::Op::implies: return connective(ExprOp::implies);
    case tree::Op::or_: return connective(ExprOp::or_);
    case tree::Op::and_: return connective(ExprOp::and_);
    case tree::Op::equal: return compared(Relation::equal);
    case tree::Op::not_equal: return compared(Relation::not_equal);
    case tree::Op::less: return compared(Relation::less);
    case tree::Op::less_equal: return compared(Relation::less_equal);
    case tree::Op::greater: return compared(Relation::greater);
    case tree::Op::greater_equal: return compared(Relation::greater_equal);
    case tree::Op::else_: {
      const ExprId left = expression(tree.kids[0], context);
      const ExprId right = expression(tree.kids[1], context);
      if (!left.valid() || !right.valid() || !comparable(tree.span, left, right)) return {};
      return add({.op = ExprOp::else_, .kind = expr(left).kind, .unit = expr(left).unit, .kids = {left, right}, .span = tree.span});
    }
    case tree::Op::add:
    case tree::Op::subtract:
    case tree::Op::multiply:
    case tree::Op::divide: {
      const char* sign = tree.op == tree::Op::add        ? "+"
                         : tree.op == tree::Op::subtract ? "-"
                         : tree.op == tree::Op::multiply ? "*"
                                                         : "/";
      const ExprId left = argument(tree.kids[0], context, ValueKind::figure, sign);
      const ExprId right = argument(tree.kids[1], context, ValueKind::figure, sign);
      if (!left.valid() || !right.valid()) return {};
      return arithmetic(tree, left, right);
    }
    case tree::Op::not_:
    case tree::Op::negate: break;
  }
  return {};
}

ExprId Checker::arithmetic(const tree::Expr& tree, ExprId left, ExprId right) {
  const Expr a = expr(left), b = expr(right);
  Expr made;
  made.kind = ValueKind::figure;
  made.kids = {left, right};
  made.span = tree.span;
  const bool constants = is_point(a) && is_point(b);
  Rational value = 0;
  switch (tree.op) {
    case tree::Op::add:
    case tree::Op::subtract: {
      const bool subtract = tree.op == tree::Op::subtract;
      if (!comparable(tree.span, left, right)) return {};
      made.op = subtract ? ExprOp::subtract : ExprOp::add;
      made.unit = unit_of_sum(a.unit, b.unit, subtract, program_.units);
      if (constants) value = subtract ? Rational(a.written - b.written) : Rational(a.written + b.written);
      break;
    }
    case tree::Op::multiply:
      made.op = ExprOp::multiply;
      made.unit = unit_of_product(a.unit, b.unit);
      if (constants) value = a.written * b.written;
      break;
    case tree::Op::divide:
      made.op = ExprOp::divide;
      made.unit = unit_of_quotient(a.unit, b.unit);
      if (is_point(b) && b.written == 0) {
        error(tree.span, say(MessageId::division_by_zero));
        return {};
      }
      if (constants) value = a.written / b.written;
      break;
    case tree::Op::implies:
    case tree::Op::or_:
    case tree::Op::and_:
    case tree::Op::not_:
    case tree::Op::equal:
    case tree::Op::not_equal:
    case tree::Op::less:
    case tree::Op::less_equal:
    case tree::Op::greater:
    case tree::Op::greater_equal:
    case tree::Op::else_:
    case tree::Op::negate: return {};
  }
  if (constants) return figure_constant(std::move(value), made.unit, tree.span);
  return add(std::move(made));
}

bool Checker::comparable(Span span, ExprId left, ExprId right) {
  const Expr &a = expr(left), &b = expr(right);
  if (a.kind != b.kind) {
    Message message = say(MessageId::kinds_differ, {{"left", describe(a)}, {"right", describe(b)}});
    const Expr& text = a.kind == ValueKind::text ? a : b;
    const Expr& other = a.kind == ValueKind::text ? b : a;
    if (text.kind == ValueKind::text && other.op == ExprOp::figure) {
      error(span, std::move(message), say(MessageId::write_in_quotes, {{"text", std::string(sources_.text(other.span))}}));
    } else {
      error(span, std::move(message));
    }
    return false;
  }
  if (a.kind != ValueKind::figure) return true;
  if (!a.unit.same_dimension(b.unit)) {
    const Expr& constant = a.op == ExprOp::figure ? a : b;
    const Expr& other = a.op == ExprOp::figure ? b : a;
    Message message = say(MessageId::units_differ, {{"left", unit_name(a.unit)}, {"right", unit_name(b.unit)}});
    if (constant.op == ExprOp::figure && constant.unit.name.empty()) {
      error(span, std::move(message),
            say(MessageId::write_the_unit, {{"number", std::string(sources_.text(constant.span))}, {"unit", other.unit.name}}));
    } else {
      error(span, std::move(message));
    }
    return false;
  }
  return true;
}

ExprId Checker::comparison(Span span, Relation relation, ExprId left, ExprId right) {
  if (!comparable(span, left, right)) return {};
  const Expr &a = expr(left), &b = expr(right);
  if (a.kind == ValueKind::truth) {
    error(span, say(MessageId::conditions_compared));
    return {};
  }
  const auto clash = [](const Expr& x, const Expr& y) {
    return x.unit.kind == RatioKind::percent && y.unit.kind == RatioKind::point && x.unit.dimension.empty() &&
           y.unit.dimension.empty();
  };
  if (a.kind == ValueKind::figure && (clash(a, b) || clash(b, a))) {
    error(span, say(MessageId::percent_and_point), say(MessageId::percent_and_point_help));
    return {};
  }
  Expr made;
  made.op = ExprOp::compare;
  made.kids = {left, right};
  made.relation = relation;
  made.span = span;
  return add(std::move(made));
}

ExprId Checker::is(const tree::Expr& tree, Context& context) {
  Expr made;
  made.op = ExprOp::is;
  made.span = tree.span;
  static const std::vector<std::pair<std::string, MarkTest>> tests = {{"nil", MarkTest::nil},
                                                                      {"unknown", MarkTest::unknown},
                                                                      {"suppressed", MarkTest::suppressed},
                                                                      {"number", MarkTest::number},
                                                                      {"missing", MarkTest::missing}};
  for (const auto& [word, test] : tests) {
    if (tree.text == word) made.mark_test = test;
  }
  const ExprId cell = expression(tree.kids[0], context);
  if (!cell.valid()) return {};
  if (expr(cell).op != ExprOp::cell) {
    error(context.tree()[tree.kids[0]].span, say(MessageId::is_needs_cell, {{"word", tree.text}}));
    return {};
  }
  if (expr(cell).kind != ValueKind::figure && made.mark_test != MarkTest::missing) {
    error(tree.span, say(MessageId::is_needs_figure, {{"word", tree.text}}));
    return {};
  }
  made.kids = {cell};
  const ExprId result = add(std::move(made));
  return tree.negated ? add({.op = ExprOp::not_, .kids = {result}, .span = tree.span}) : result;
}

ExprId Checker::in(const tree::Expr& tree, Context& context) {
  refuse_commas(context.tree(), tree.kids, 1);
  Expr made;
  made.op = ExprOp::in;
  made.span = tree.span;
  bool good = true;
  for (tree::ExprId kid : tree.kids) {
    const ExprId value = expression(kid, context);
    good = good && value.valid();
    if (!value.valid()) continue;
    if (!made.kids.empty() && !comparable(expr(value).span, made.kids[0], value)) good = false;
    made.kids.push_back(value);
  }
  if (!good) return {};
  if (expr(made.kids[0]).kind == ValueKind::truth) {
    error(tree.span, say(MessageId::conditions_compared));
    return {};
  }
  const ExprId result = add(std::move(made));
  return tree.negated ? add({.op = ExprOp::not_, .kids = {result}, .span = tree.span}) : result;
}

}  // namespace kenzan::dsl::check
