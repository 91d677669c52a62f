// Names and calls: instance labels, parameters, definitions (inlined), functions.
#include <algorithm>

#include "base/text.hpp"
#include "dsl/check/checker.hpp"

namespace kenzan::dsl::check {

namespace {

const std::vector<std::pair<std::string, AggregateFunction>>& aggregates() {
  static const std::vector<std::pair<std::string, AggregateFunction>> all = {
      {"sum", AggregateFunction::sum},   {"count", AggregateFunction::count},
      {"min", AggregateFunction::min},   {"max", AggregateFunction::max},
      {"mean", AggregateFunction::mean}, {"any", AggregateFunction::any},
      {"all", AggregateFunction::all},   {"sorted", AggregateFunction::sorted_ascending}};
  return all;
}

const std::vector<std::string>& functions() {
  static const std::vector<std::string> all = {"abs",   "round",  "lag",      "children", "nfkc", "trim",
                                               "lower", "length", "contains", "starts",   "ends", "same"};
  return all;
}

}  // namespace

ExprId Checker::name(const tree::Expr& tree, Context& context) {
  const std::string folded = fold(tree.text);
  if (auto argument = context.lexical->arguments.find(folded);
      argument != context.lexical->arguments.end() && tree.brackets.empty()) {
    const Lexical* own = context.lexical;
    context.lexical = argument->second.lexical;
    const ExprId made = expression(argument->second.expr, context);
    context.lexical = own;
    return made;
  }
  if (context.row) {
    const Table& table = program_[*context.row];
    if (auto column = table.find(folded)) return cell(tree, *context.row, *column, context);
  }
  if (!tree.brackets.empty()) {
    error(tree.span, say(MessageId::brackets_need_table, {{"name", tree.text}}));
    return {};
  }
  if (auto at = dim_index_.find(folded); at != dim_index_.end()) {
    if (ExprId value = dimension_value(at->second, context, tree.span); value.valid()) return value;
  }
  const Scope& scope = context.file().scope;
  if (auto param = scope.parameters.find(folded); param != scope.parameters.end()) {
    used_names_.insert(used_key(param->second.file, folded));
    Expr value = param->second.value;
    value.span = tree.span;
    return add(std::move(value));
  }
  if (auto definition = scope.definitions.find(folded);
      definition != scope.definitions.end() && definition->second.tree->parameters.empty()) {
    return inlined(tree, definition->second, context);
  }
  if (const Unit* unit = scope.units.find(folded)) return figure_constant(unit->factor, *unit, tree.span);
  if (scope.lost.contains(folded)) return {};
  std::vector<std::string> known;
  if (context.row) {
    for (const Column& column : program_[*context.row].columns) known.push_back(column.spelling);
  }
  for (DimId by : *context.by) known.push_back(program_[by].name);
  for (const auto& [param, unused] : scope.parameters) known.push_back(param);
  if (dim_index_.contains(folded)) {
    error(tree.span, say(MessageId::not_a_dimension_here, {{"name", tree.text}}),
          say(MessageId::not_a_dimension_here_help, {{"name", tree.text}}));
    return {};
  }
  unknown(tree.span, say(MessageId::unknown_name, {{"name", tree.text}}), folded, known);
  return {};
}

ExprId Checker::call(const tree::Expr& tree, Context& context) {
  const std::string folded = fold(tree.text);
  const Scope& scope = context.file().scope;
  if (auto definition = scope.definitions.find(folded); definition != scope.definitions.end()) {
    if (tree.distinct || tree.where || !tree.over.empty() || !tree.by.empty()) {
      error(tree.span, say(MessageId::clause_needs_aggregate, {{"name", tree.text}}));
      return {};
    }
    refuse_commas(context.tree(), tree.kids, 0);
    return inlined(tree, definition->second, context);
  }
  refuse_commas(context.tree(), tree.kids, 0);
  for (const auto& [word, function] : aggregates()) {
    if (folded == word) return aggregate(tree, function, context);
  }
  if (std::ranges::find(functions(), folded) != functions().end()) return function(tree, context);
  if (scope.lost.contains(folded)) return {};
  std::vector<std::string> known = functions();
  for (const auto& [word, unused] : aggregates()) known.push_back(word);
  for (const auto& [definition, unused] : scope.definitions) known.push_back(definition);
  if (auto near = near_name(folded, known)) {
    error(tree.text_span, say(MessageId::unknown_function, {{"name", tree.text}}), say(MessageId::did_you_mean, {{"name", *near}}));
  } else {
    error(tree.text_span, say(MessageId::unknown_function, {{"name", tree.text}}));
  }
  return {};
}

ExprId Checker::inlined(const tree::Expr& tree, const Scope::Definition& definition, Context& context) {
  const tree::Define& define = *definition.tree;
  used_names_.insert(used_key(definition.file, fold(define.name.text)));
  if (tree.kids.size() != define.parameters.size()) {
    error(tree.span, say(MessageId::argument_count, {{"function", define.name.text},
                                                     {"expected", std::to_string(define.parameters.size())},
                                                     {"found", std::to_string(tree.kids.size())}}));
    return {};
  }
  for (const Lexical* at = context.lexical; at; at = at->caller) {
    if (at->definition == &define) {
      error(tree.span, say(MessageId::definition_recursive, {{"name", define.name.text}}));
      return {};
    }
  }
  Lexical inner{files_[definition.file].get(), {}, &define, context.lexical};
  for (std::size_t i = 0; i < tree.kids.size(); ++i) {
    inner.arguments[fold(define.parameters[i].text)] = {tree.kids[i], context.lexical};
  }
  const Lexical* own = context.lexical;
  context.lexical = &inner;
  const ExprId made = expression(define.body, context);
  context.lexical = own;
  return made;
}

ExprId Checker::function(const tree::Expr& tree, Context& context) {
  const std::string name = fold(tree.text);
  if (tree.distinct || ((tree.where || !tree.over.empty() || !tree.by.empty()) && name != "children")) {
    error(tree.span, say(MessageId::clause_needs_aggregate, {{"name", tree.text}}));
    return {};
  }
  if (name == "children") return children(tree, nullptr, AggregateFunction::sum, context);
  const auto count = [&](std::size_t least, std::size_t most) {
    if (tree.kids.size() >= least && tree.kids.size() <= most) return true;
    error(tree.span, say(MessageId::argument_count,
                         {{"function", tree.text},
                          {"expected", least == most ? std::to_string(least) : std::to_string(least) + "–" + std::to_string(most)},
                          {"found", std::to_string(tree.kids.size())}}));
    return false;
  };
  Expr made;
  made.span = tree.span;
  if (name == "abs") {
    if (!count(1, 1)) return {};
    const ExprId x = argument(tree.kids[0], context, ValueKind::figure, "abs");
    if (!x.valid()) return {};
    made.op = ExprOp::absolute;
    made.kind = ValueKind::figure;
    made.unit = expr(x).unit;
    made.kids = {x};
    return add(std::move(made));
  }
  if (name == "round") {
    if (!count(2, 3)) return {};
    const ExprId x = argument(tree.kids[0], context, ValueKind::figure, "round");
    auto step = literal(context.tree(), tree.kids[1], context.file().scope.units);
    if (!x.valid() || !step) return {};
    if (step->kind != ValueKind::figure || step->written <= 0 || !step->interval.is_point()) {
      error(step->span, say(MessageId::place_not_positive, {{"unit", unit_name(expr(x).unit)}}));
      return {};
    }
    if (!step->unit.same_dimension(expr(x).unit)) {
      error(step->span, say(MessageId::units_differ, {{"left", unit_name(expr(x).unit)}, {"right", unit_name(step->unit)}}));
      return {};
    }
    made.rounding = Rounding::nearest;
    if (tree.kids.size() == 3) {
      const tree::Expr& mode = context.tree()[tree.kids[2]];
      if (mode.kind != tree::ExprKind::name || !parse_rounding(mode.text, made.rounding)) {
        unknown(mode.span, say(MessageId::unknown_rounding, {{"name", mode.text}}), mode.text,
                {"nearest", "half-up", "half-even", "truncated", "away", "floor", "ceiling"});
        return {};
      }
    }
    made.op = ExprOp::round;
    made.kind = ValueKind::figure;
    made.unit = expr(x).unit;
    made.kids = {x};
    made.written = step->written;
    return add(std::move(made));
  }
  if (name == "lag") {
    if (!count(2, 2)) return {};
    const tree::Expr& dimension = context.tree()[tree.kids[1]];
    const auto at = dim_index_.find(fold(dimension.text));
    if (dimension.kind != tree::ExprKind::name || at == dim_index_.end()) {
      std::vector<std::string> names;
      for (const auto& [dim, id] : dim_index_) names.push_back(dim);
      unknown(dimension.span, say(MessageId::unknown_dimension, {{"name", dimension.text}}), fold(dimension.text), names);
      return {};
    }
    const bool applied_before = context.lag_applied;
    context.lag_applied = false;
    ++context.lag[at->second];
    const ExprId x = expression(tree.kids[0], context);
    if (--context.lag[at->second] == 0) context.lag.erase(at->second);
    if (x.valid() && !context.lag_applied) {
      error(tree.span, say(MessageId::lag_without_effect, {{"name", dimension.text}}));
      return {};
    }
    context.lag_applied = context.lag_applied || applied_before;
    return x;
  }
  const std::size_t arity = name == "contains" || name == "starts" || name == "ends" || name == "same" ? 2 : 1;
  if (!count(arity, arity)) return {};
  for (tree::ExprId kid : tree.kids) {
    const ExprId text = argument(kid, context, ValueKind::text, name);
    if (!text.valid()) return {};
    made.kids.push_back(text);
  }
  static const std::map<std::string, ExprOp> ops = {
      {"nfkc", ExprOp::nfkc},         {"trim", ExprOp::trim},     {"lower", ExprOp::lower}, {"length", ExprOp::length},
      {"contains", ExprOp::contains}, {"starts", ExprOp::starts}, {"ends", ExprOp::ends},   {"same", ExprOp::same}};
  made.op = ops.at(name);
  made.kind = arity == 2 ? ValueKind::truth : name == "length" ? ValueKind::figure : ValueKind::text;
  return add(std::move(made));
}

}  // namespace kenzan::dsl::check
