// Aggregates over the rows of one table, and the children of a hierarchy's node.
#include <algorithm>

#include "base/text.hpp"
#include "dsl/check/checker.hpp"

namespace kenzan::dsl::check {

Checker::Resolved Checker::resolve_argument(tree::ExprId id, const Lexical& lexical) const {
  const Lexical* at = &lexical;
  const tree::Expr* expr = &at->file->tree[id];
  while (expr->kind == tree::ExprKind::name && expr->brackets.empty()) {
    const auto argument = at->arguments.find(fold(expr->text));
    if (argument == at->arguments.end()) break;
    at = argument->second.lexical;
    expr = &at->file->tree[argument->second.expr];
    if (argument->second.expr == id && at == &lexical) break;
  }
  return {expr, at};
}

/// The table of the first field in the element, in reading order, that stands in no aggregate of its own.
std::optional<TableId> Checker::driver(tree::ExprId id, const Lexical& lexical) const {
  const auto [expr, at] = resolve_argument(id, lexical);
  if (expr->kind == tree::ExprKind::field) {
    const auto table = at->file->scope.tables.find(fold(expr->text));
    if (table != at->file->scope.tables.end()) return table->second;
    return std::nullopt;
  }
  static const std::set<std::string> own = {"sum", "count", "min", "max", "mean", "any", "all", "sorted"};
  if (expr->kind == tree::ExprKind::call && own.contains(fold(expr->text))) return std::nullopt;
  for (tree::ExprId kid : expr->kids) {
    if (auto found = driver(kid, *at)) return found;
  }
  if (expr->kind == tree::ExprKind::call) {
    const auto definition = at->file->scope.definitions.find(fold(expr->text));
    if (definition != at->file->scope.definitions.end()) {
      const Lexical inner{files_[definition->second.file].get(), {}, definition->second.tree, at};
      for (const Lexical* outer = at; outer; outer = outer->caller) {
        if (outer->definition == definition->second.tree) return std::nullopt;
      }
      return driver(definition->second.tree->body, inner);
    }
  }
  return std::nullopt;
}

ExprId Checker::aggregate_expr(Aggregate aggregate, Span span) {
  Expr made;
  made.op = ExprOp::aggregate;
  made.span = span;
  switch (aggregate.function) {
    case AggregateFunction::sum:
    case AggregateFunction::min:
    case AggregateFunction::max:
    case AggregateFunction::mean:
      made.kind = ValueKind::figure;
      made.unit = expr(aggregate.element).unit;
      break;
    case AggregateFunction::count:
    case AggregateFunction::count_distinct: made.kind = ValueKind::figure; break;
    case AggregateFunction::any:
    case AggregateFunction::all:
    case AggregateFunction::sorted_ascending:
    case AggregateFunction::sorted_descending: made.kind = ValueKind::truth; break;
  }
  aggregate.span = span;
  program_.aggregates.push_back(std::move(aggregate));
  made.aggregate = AggregateId(program_.aggregates.size() - 1);
  return add(std::move(made));
}

ExprId Checker::aggregate(const tree::Expr& tree, AggregateFunction function, Context& context) {
  const std::string shown = tree.text;
  Aggregate made;
  made.function = function;
  const std::size_t arity = function == AggregateFunction::sorted_ascending ? 2 : 1;
  if (tree.kids.size() != arity) {
    error(tree.span, say(MessageId::argument_count,
                         {{"function", shown}, {"expected", std::to_string(arity)}, {"found", std::to_string(tree.kids.size())}}));
    return {};
  }
  if (arity == 2) {
    const tree::Expr& order = context.tree()[tree.kids[1]];
    if (order.text == "descending")
      made.function = AggregateFunction::sorted_descending;
    else if (order.text != "ascending") {
      unknown(order.span, say(MessageId::unknown_order, {{"name", std::string(sources_.text(order.span))}}), order.text,
              {"ascending", "descending"});
      return {};
    }
  }
  if (tree.distinct) {
    if (function != AggregateFunction::count) {
      error(tree.span, say(MessageId::distinct_needs_count));
      return {};
    }
    made.function = AggregateFunction::count_distinct;
  }
  const auto [argument, lexical] = resolve_argument(tree.kids[0], *context.lexical);
  if (argument->kind == tree::ExprKind::call && fold(argument->text) == "children" &&
      !lexical->file->scope.definitions.contains("children")) {
    const Lexical* own = context.lexical;
    context.lexical = lexical;
    const ExprId result = children(*argument, &tree, made.function, context);
    context.lexical = own;
    return result;
  }
  const auto table_id = driver(tree.kids[0], *context.lexical);
  if (!table_id) {
    // An unknown name is better news than "no table": let the expression say so first.
    const std::size_t before = diagnostics_->errors();
    (void)expression(tree.kids[0], context);
    const bool follow_on = argument->kind == tree::ExprKind::field && lexical->file->scope.lost.contains(fold(argument->text));
    if (diagnostics_->errors() == before && !follow_on) {
      error(context.tree()[tree.kids[0]].span, say(MessageId::aggregate_needs_table, {{"function", shown}}));
    }
    return {};
  }
  made.table = *table_id;

  // Names released by `over`, and columns that stand for another dimension.
  std::set<DimId> released;
  for (const tree::Name& name : tree.over) {
    const auto at = dim_index_.find(fold(name.text));
    if (at == dim_index_.end() ||
        (!program_[*table_id].dimension_column(at->second) && !program_[*table_id].has_across(at->second))) {
      std::vector<std::string> names;
      for (const Column& column : program_[*table_id].columns) {
        if (column.dim) names.push_back(column.spelling);
        if (column.across) names.push_back(program_[column.across->dim].name);
      }
      unknown(name.span, say(MessageId::no_such_dimension, {{"name", name.text}, {"figure", program_[*table_id].spelling}}),
              fold(name.text), names);
      return {};
    }
    released.insert(at->second);
  }
  std::vector<std::pair<std::uint32_t, DimId>> regrouped;
  for (const auto& [column_name, as] : tree.by) {
    const auto column = program_[*table_id].find(fold(column_name.text));
    if (!column || !program_[*table_id].columns[*column].dim) {
      std::vector<std::string> names;
      for (const Column& candidate : program_[*table_id].columns) {
        if (candidate.dim) names.push_back(candidate.spelling);
      }
      unknown(column_name.span,
              say(MessageId::unknown_column, {{"name", column_name.text}, {"table", program_[*table_id].spelling}}),
              fold(column_name.text), names);
      return {};
    }
    const DimId as_dim = as ? dim(fold(as->text)) : *program_[*table_id].columns[*column].dim;
    if (!in_scope(as_dim, context)) {
      if (context.inferring) {
        context.by->push_back(as_dim);
      } else {
        error((as ? *as : column_name).span, say(MessageId::regroup_not_in_by, {{"name", program_[as_dim].name}}));
        return {};
      }
    }
    regrouped.emplace_back(*column, as_dim);
  }
  note_use(*table_id, regrouped);
  rule_aggregated_.emplace_back(*table_id, tree.span);

  Context inner = context;
  inner.row = *table_id;
  inner.row_across.reset();
  inner.collects_across = true;
  inner.restrictions = &made.rows;
  inner.outer = &context;
  inner.inferring = false;
  inner.lag.clear();
  inner.lag_applied = false;
  // A lag around the aggregate shifts the rows it takes; inside it nothing is lagged twice.
  const ExprId element = expression(tree.kids[0], inner);
  if (!element.valid()) return {};
  made.element = element;
  const std::optional<DimId> across = inner.row_across;
  made.across_column = inner.row_across_column;

  const ValueKind kind = expr(element).kind;
  const bool figure = kind == ValueKind::figure,
             truth_wanted = function == AggregateFunction::any || function == AggregateFunction::all;
  const bool countable = function == AggregateFunction::count;
  const bool sortable = arity == 2 && kind != ValueKind::truth;
  if (truth_wanted ? kind != ValueKind::truth : !(figure || countable || sortable)) {
    error(context.tree()[tree.kids[0]].span,
          say(MessageId::wrong_argument,
              {{"function", shown}, {"expected", truth_wanted ? "a condition" : "a figure"}, {"found", describe(expr(element))}}));
    return {};
  }
  if (made.function == AggregateFunction::count_distinct && figure) {
    const bool exact = expr(element).op == ExprOp::cell &&
                       program_[*table_id].columns[program_[expr(element).access].column].format.rounding == Rounding::exact;
    if (!exact) {
      error(context.tree()[tree.kids[0]].span, say(MessageId::distinct_needs_exact));
      return {};
    }
  }
  if (tree.where) {
    inner.restrictions = nullptr;
    inner.outer = nullptr;
    inner.collects_across = !across.has_value();
    made.where = truth(*tree.where, inner, MessageId::where_not_condition);
    if (!made.where.valid()) return {};
    if (inner.row_across && !across && !(in_scope(*inner.row_across, context) && !released.contains(*inner.row_across))) {
      error(context.tree()[*tree.where].span, say(MessageId::not_single, {{"figure", program_[*table_id].spelling},
                                                                          {"dims", "`" + program_[*inner.row_across].name + "`"}}));
      return {};
    }
    if (inner.row_across && !across) made.across_column = inner.row_across_column;
  }

  // The rows: those that agree with the instance on every dimension they have, save what is fixed, released or regrouped.
  const auto is_fixed = [&](std::uint32_t c) {
    return std::ranges::any_of(made.rows, [&](const Binding& b) { return b.column == c; });
  };
  for (const auto& [column, as_dim] : regrouped) {
    if (auto bound = binding(*table_id, column, as_dim, context, tree.span)) made.rows.push_back(*bound);
  }
  for (std::uint32_t c = 0; c < program_[*table_id].columns.size(); ++c) {
    const auto dimension = program_[*table_id].columns[c].dim;
    if (!dimension || is_fixed(c) || released.contains(*dimension)) continue;
    if (std::ranges::any_of(regrouped, [&](const auto& pair) { return pair.second == *dimension; })) continue;
    if (!in_scope(*dimension, context)) continue;
    if (auto bound = binding(*table_id, c, *dimension, context, tree.span)) made.rows.push_back(*bound);
  }
  if (inner.row_across) {
    const DimId dimension = *inner.row_across;
    if (in_scope(dimension, context) && !released.contains(dimension)) {
      made.across_label = binding(*table_id, made.across_column, dimension, context, tree.span);
    } else {
      made.across = dimension;
    }
  }
  return aggregate_expr(std::move(made), tree.span);
}

ExprId Checker::children(const tree::Expr& tree, const tree::Expr* outer, AggregateFunction function, Context& context) {
  if (tree.kids.empty() || tree.kids.size() > 2) {
    error(tree.span, say(MessageId::argument_count,
                         {{"function", "children"}, {"expected", "1"}, {"found", std::to_string(tree.kids.size())}}));
    return {};
  }
  const Span span = outer ? outer->span : tree.span;
  const auto [field, lexical] = resolve_argument(tree.kids[0], *context.lexical);
  const Lexical* own = context.lexical;
  const auto table_id = driver(tree.kids[0], *context.lexical);
  if (field->kind != tree::ExprKind::field || !table_id || (outer && (!outer->over.empty() || !outer->by.empty()))) {
    if (field->kind == tree::ExprKind::field && !table_id)
      (void)expression(tree.kids[0], context);
    else
      error(tree.span, say(MessageId::children_needs_field));
    return {};
  }
  if (program_[*table_id].hierarchies.empty()) {
    error(tree.span, say(MessageId::no_hierarchy, {{"table", program_[*table_id].spelling}}));
    return {};
  }
  const auto column = program_[*table_id].find(fold(field->field->text));
  if (!column) {
    (void)expression(tree.kids[0], context);
    return {};
  }
  Aggregate made;
  made.function = function;
  made.table = *table_id;
  context.lexical = lexical;
  Fixed fixed = brackets(*field, *table_id, *column, context);
  context.lexical = own;
  if (!fixed.ok) return {};

  std::optional<std::uint32_t> chosen;
  const std::string wanted = tree.kids.size() == 2 ? fold(context.tree()[tree.kids[1]].text) : "";
  std::size_t candidates = 0;
  for (std::uint32_t i = 0; i < program_[*table_id].hierarchies.size(); ++i) {
    const Hierarchy& hierarchy = program_[*table_id].hierarchies[i];
    if (!wanted.empty() && program_[hierarchy.dim].name != wanted) continue;
    ++candidates;
    if (!chosen) chosen = i;
  }
  if (candidates != 1) {
    error(tree.span, say(MessageId::which_hierarchy, {{"table", program_[*table_id].spelling}}));
    return {};
  }
  const std::uint32_t node_column = program_[*table_id].hierarchies[*chosen].node_column;
  made.hierarchy = chosen;
  note_use(*table_id);

  made.rows = std::move(fixed.rows);
  std::vector<std::string> open;
  for (std::uint32_t c = 0; c < program_[*table_id].columns.size(); ++c) {
    const auto dimension = program_[*table_id].columns[c].dim;
    if (!dimension) continue;
    if (auto given = std::ranges::find_if(made.rows, [&](const Binding& b) { return b.column == c; }); given != made.rows.end()) {
      if (c == node_column) {
        made.node = *given;
        made.rows.erase(given);
      }
      continue;
    }
    const bool in_key = std::ranges::find(program_[*table_id].key, c) != program_[*table_id].key.end();
    if (in_key && !in_scope(*dimension, context) && context.inferring) context.by->push_back(*dimension);
    auto bound = binding(*table_id, c, *dimension, context, tree.span);
    if (bound && c == node_column)
      made.node = *bound;
    else if (bound && in_key)
      made.rows.push_back(*bound);
    else if (in_key)
      open.push_back(program_[*dimension].name);
  }
  const auto across = program_[*table_id].columns[*column].across;
  if (across && !fixed.across) {
    if (!in_scope(across->dim, context) && context.inferring) context.by->push_back(across->dim);
    made.across_column = *column;
    made.across_label = binding(*table_id, *column, across->dim, context, tree.span);
    if (!made.across_label) open.push_back(program_[across->dim].name);
  }
  if (!open.empty()) {
    error(tree.span,
          say(MessageId::not_single, {{"figure", std::string(sources_.text(tree.span))}, {"dims", "`" + open.front() + "`"}}),
          say(MessageId::not_single_help, {{"figure", std::string(sources_.text(tree.span))}, {"dim", open.front()}}));
    return {};
  }
  Context inner = context;
  inner.row = *table_id;
  inner.row_across.reset();
  if (across && !fixed.across) inner.row_across = across->dim;
  inner.collects_across = false;
  std::vector<Binding> ignored;  // the node is fixed, not its children
  inner.restrictions = &ignored;
  inner.outer = &context;
  inner.inferring = false;
  inner.lag.clear();
  made.element = expression(tree.kids[0], inner);
  if (!made.element.valid()) return {};
  const ValueKind kind = expr(made.element).kind;
  const bool condition = function == AggregateFunction::any || function == AggregateFunction::all;
  if (condition || (kind != ValueKind::figure && function != AggregateFunction::count)) {
    error(tree.span,
          say(MessageId::wrong_argument,
              {{"function", outer ? outer->text : "children"}, {"expected", "a figure"}, {"found", describe(expr(made.element))}}));
    return {};
  }
  const std::optional<tree::ExprId> where = outer && outer->where ? outer->where : tree.where;
  if (where) {
    inner.restrictions = nullptr;
    inner.outer = nullptr;
    made.where = truth(*where, inner, MessageId::where_not_condition);
    if (!made.where.valid()) return {};
  }
  const ExprId result = aggregate_expr(std::move(made), span);
  if (result.valid()) rule_children_.push_back(expr(result).aggregate);
  return result;
}

}  // namespace kenzan::dsl::check
