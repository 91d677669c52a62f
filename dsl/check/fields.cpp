// Cells: which table and column a field names, and how its row and label are found for an instance.
#include <algorithm>

#include "base/text.hpp"
#include "dsl/check/checker.hpp"

namespace kenzan::dsl::check {

void Checker::note_use(TableId table, std::vector<std::pair<std::uint32_t, DimId>> regrouped) {
  Use use{table, std::move(regrouped)};
  if (std::ranges::find(rule_uses_, use) == rule_uses_.end()) rule_uses_.push_back(std::move(use));
}

ExprId Checker::field(const tree::Expr& tree, Context& context) {
  const Scope& scope = context.file().scope;
  const std::string folded = fold(tree.text);
  const auto table = scope.tables.find(folded);
  if (table == scope.tables.end()) {
    if (scope.lost.contains(folded)) return {};
    std::vector<std::string> names;
    for (const auto& [name, id] : scope.tables) names.push_back(name);
    unknown(tree.text_span, say(MessageId::unknown_table, {{"name", tree.text}}), folded, names);
    return {};
  }
  const Table& declared = program_[table->second];
  const auto column = declared.find(fold(tree.field->text));
  if (!column) {
    if (scope.lost.contains(declared.name + "." + fold(tree.field->text))) return {};
    std::vector<std::string> names;
    for (const Column& candidate : declared.columns) names.push_back(candidate.spelling);
    unknown(tree.field->span, say(MessageId::unknown_column, {{"name", tree.field->text}, {"table", tree.text}}),
            fold(tree.field->text), names);
    return {};
  }
  return cell(tree, table->second, *column, context);
}

bool Checker::in_scope(DimId dim, const Context& context) const {
  if (context.row && (program_[*context.row].dimension_column(dim) || context.row_across == dim)) return true;
  return std::ranges::find(*context.by, dim) != context.by->end();
}

/// The label of `dim` for the instance or, inside an aggregate, of the current row.
ExprId Checker::dimension_value(DimId dim, Context& context, Span span) {
  Expr made;
  made.span = span;
  if (context.row && context.row_across != dim) {
    if (auto column = program_[*context.row].dimension_column(dim)) {
      Access access;
      access.table = *context.row;
      access.column = *column;
      access.current_row = true;
      program_.accesses.push_back(std::move(access));
      const Column& declared = program_[*context.row].columns[*column];
      made.op = ExprOp::cell;
      made.kind = declared.type == ColumnType::text   ? ValueKind::text
                  : declared.type == ColumnType::date ? ValueKind::date
                                                      : ValueKind::figure;
      made.access = AccessId(program_.accesses.size() - 1);
      return add(std::move(made));
    }
  }
  if (!in_scope(dim, context)) return {};
  made.op = ExprOp::label;
  made.dim = dim;
  switch (program_[dim].kind) {
    case LabelKind::text: made.kind = ValueKind::text; break;
    case LabelKind::integer: made.kind = ValueKind::figure; break;
    case LabelKind::date: made.kind = ValueKind::date; break;
  }
  return add(std::move(made));
}

/// Binds a column (or, for an across, its labels) to the label of `dim` in scope, as many places before it as `lag` says.
std::optional<Binding> Checker::binding(TableId table, std::uint32_t column, DimId dim, Context& context, Span span) {
  const ExprId value = dimension_value(dim, context, span);
  if (!value.valid()) return std::nullopt;
  Binding made{column, value, 0};
  if (auto lag = context.lag.find(dim); lag != context.lag.end()) {
    const Column& declared = program_[table].columns[column];
    const bool across = declared.across && declared.across->dim == dim;
    if (!across && declared.type == ColumnType::text && !declared.from_file) {
      error(span, say(MessageId::lag_needs_order, {{"name", program_[dim].name}}));
    }
    made.lag = lag->second;
    context.lag_applied = true;
  }
  return made;
}

ExprId Checker::cell(const tree::Expr& tree, TableId table_id, std::uint32_t column_index, Context& context) {
  const Table& table = program_[table_id];
  const Column& column = table.columns[column_index];
  const std::string shown = table.spelling + "." + column.spelling;
  Fixed fixed = brackets(tree, table_id, column_index, context);
  if (!fixed.ok) return {};

  Access access;
  access.table = table_id;
  access.column = column_index;
  bool lagged_rows = false;
  for (const Column& candidate : table.columns)
    lagged_rows = lagged_rows || (candidate.dim && context.lag.contains(*candidate.dim));
  const bool at_row = context.row == table_id && !lagged_rows && (fixed.rows.empty() || context.restrictions);
  if (at_row) {
    access.current_row = true;
    if (context.restrictions) context.restrictions->insert(context.restrictions->end(), fixed.rows.begin(), fixed.rows.end());
  } else {
    note_use(table_id);
    access.rows = std::move(fixed.rows);
    const auto is_fixed = [&](std::uint32_t c) {
      return std::ranges::any_of(access.rows, [&](const Binding& binding) { return binding.column == c; });
    };
    const bool key_fixed = !table.key.empty() && std::ranges::all_of(table.key, is_fixed);
    std::vector<std::string> open;
    for (std::uint32_t c = 0; c < table.columns.size(); ++c) {
      const bool in_key = std::ranges::find(table.key, c) != table.key.end();
      if (!table.columns[c].dim || is_fixed(c) || (key_fixed && !in_key)) continue;
      const DimId dimension = *table.columns[c].dim;
      if (in_key && !in_scope(dimension, context) && context.inferring) context.by->push_back(dimension);
      if (auto bound = binding(table_id, c, dimension, context, tree.span))
        access.rows.push_back(*bound);
      else if (in_key)
        open.push_back(program_[dimension].name);
    }
    if (column.across && !fixed.across && !in_scope(column.across->dim, context) && !context.inferring) {
      open.push_back(program_[column.across->dim].name);
    }
    if (!open.empty()) {
      std::string names;
      for (const std::string& name : open) names += (names.empty() ? "`" : "`, `") + name;
      names += "`";
      error(tree.span, say(MessageId::not_single, {{"figure", shown}, {"dims", names}}),
            say(MessageId::not_single_help, {{"figure", shown}, {"dim", open.front()}}));
      return {};
    }
  }
  if (fixed.across) {
    access.across = fixed.across;
  } else if (column.across) {
    const DimId dimension = column.across->dim;
    const bool row_label = at_row && context.row_across == dimension;
    if (row_label && !context.lag.contains(dimension)) {
      // the label that the aggregate is at
    } else if (at_row && !context.row_across && context.collects_across && !context.lag.contains(dimension)) {
      context.row_across = dimension;
      context.row_across_column = column_index;
    } else {
      if (!in_scope(dimension, context) && context.inferring) context.by->push_back(dimension);
      if (auto bound = binding(table_id, column_index, dimension, context, tree.span)) {
        access.across = *bound;
      } else {
        error(tree.span, say(MessageId::not_single, {{"figure", shown}, {"dims", "`" + program_[dimension].name + "`"}}),
              say(MessageId::fix_label_help, {{"figure", shown}, {"dim", program_[dimension].name}}));
        return {};
      }
    }
  }
  Expr made;
  made.op = ExprOp::cell;
  made.span = tree.span;
  switch (column.type) {
    case ColumnType::text: made.kind = ValueKind::text; break;
    case ColumnType::figure:
    case ColumnType::integer:
      made.kind = ValueKind::figure;
      made.unit = column.format.unit;
      break;
    case ColumnType::date: made.kind = ValueKind::date; break;
    case ColumnType::flag: made.kind = ValueKind::truth; break;
  }
  program_.accesses.push_back(std::move(access));
  made.access = AccessId(program_.accesses.size() - 1);
  return add(std::move(made));
}

Checker::Fixed Checker::brackets(const tree::Expr& tree, TableId table_id, std::uint32_t column_index, Context& context) {
  Fixed fixed;
  // Look-up values are the instance's (or, where the row is looked up from another row, that row's), never the row being looked up:
  // inside an aggregate's element they restrict its rows and are evaluated outside.
  const bool restricts = context.row == table_id && context.restrictions && context.outer;
  std::set<std::uint32_t> named;
  for (const tree::Bracket& bracket : tree.brackets) {
    if (!bracket.dim) continue;
    if (auto column = program_[table_id].find(fold(bracket.dim->text))) named.insert(*column);
  }
  for (const tree::Bracket& bracket : tree.brackets) {
    const Table& table = program_[table_id];
    const Column& column = table.columns[column_index];
    const tree::Expr& value = context.tree()[bracket.value];
    std::optional<std::uint32_t> row_column;
    bool across = false;
    Span place = bracket.dim ? bracket.dim->span : value.span;
    if (bracket.dim) {
      const std::string name = fold(bracket.dim->text);
      if (column.across && program_[column.across->dim].name == name)
        across = true;
      else if (auto found = table.find(name); found && table.columns[*found].dim)
        row_column = found;
      if (!across && !row_column) {
        std::vector<std::string> names;
        for (const Column& candidate : table.columns) {
          if (candidate.dim) names.push_back(candidate.spelling);
        }
        if (column.across) names.push_back(program_[column.across->dim].name);
        unknown(
            place,
            say(MessageId::no_such_dimension, {{"name", bracket.dim->text}, {"figure", table.spelling + "." + column.spelling}}),
            name, names);
        fixed.ok = false;
        continue;
      }
    } else {
      std::string label = value.kind == tree::ExprKind::number ? std::string(sources_.text(value.span)) : value.text;
      const bool literal =
          value.kind == tree::ExprKind::number || value.kind == tree::ExprKind::name || value.kind == tree::ExprKind::text;
      std::vector<std::string> labels;
      if (column.across) {
        for (const AcrossLabel& known : column.across->labels) {
          labels.push_back(known.spelling);
          if (literal && known.label == fold(label)) across = true;
        }
      }
      if (!across) {
        std::vector<std::uint32_t> open;
        for (std::uint32_t key : table.key) {
          if (!named.contains(key) && std::ranges::none_of(fixed.rows, [&](const Binding& b) { return b.column == key; }))
            open.push_back(key);
        }
        const bool open_pattern = column.across && column.across->pattern && !fixed.across;
        if (open.size() == 1 && !open_pattern) {
          row_column = open.front();
        } else if (open.empty() && open_pattern) {
          across = true;
        } else if (!labels.empty() && (open.empty() || near_name(fold(label), labels))) {
          unknown(place, say(MessageId::unknown_label, {{"label", label}, {"dim", program_[column.across->dim].name}}), fold(label),
                  labels);
          fixed.ok = false;
          continue;
        } else {
          error(place, say(MessageId::label_of_what, {{"label", label}, {"figure", table.spelling + "." + column.spelling}}),
                say(MessageId::label_of_what_help, {{"label", label}}));
          fixed.ok = false;
          continue;
        }
      }
    }
    if ((across && fixed.across) ||
        (row_column && std::ranges::any_of(fixed.rows, [&](const Binding& b) { return b.column == *row_column; }))) {
      error(place, say(MessageId::fixed_twice, {{"label", std::string(sources_.text(value.span))}}));
      fixed.ok = false;
      continue;
    }
    LabelKind kind = LabelKind::text;
    if (row_column) {
      const ColumnType type = table.columns[*row_column].type;
      kind = type == ColumnType::integer ? LabelKind::integer : type == ColumnType::date ? LabelKind::date : LabelKind::text;
    }
    const std::optional<Across> labels = across ? column.across : std::nullopt;  // a copy: checking adds to the program
    ExprId made;
    if (restricts && row_column) {
      Context outer = *context.outer;
      outer.depth = context.depth;
      outer.lexical = context.lexical;
      made = bracket_value(bracket, kind, nullptr, outer);
    } else {
      made = bracket_value(bracket, kind, labels ? &*labels : nullptr, context);
    }
    if (!made.valid()) {
      fixed.ok = false;
      continue;
    }
    if (across)
      fixed.across = Binding{column_index, made, 0};
    else
      fixed.rows.push_back({*row_column, made, 0});
  }
  return fixed;
}

/// The value between brackets: a label as it stands, or any text, integer or date of the instance.
ExprId Checker::bracket_value(const tree::Bracket& bracket, LabelKind kind, const Across* across, Context& context) {
  const tree::Expr& value = context.tree()[bracket.value];
  const auto label = [&](const std::string& text) -> ExprId {
    Expr made;
    made.span = value.span;
    made.op = ExprOp::text;
    made.kind = ValueKind::text;
    made.string = text;
    if (across && !across->pattern) {
      std::vector<std::string> names;
      for (const AcrossLabel& known : across->labels) {
        names.push_back(known.spelling);
        if (known.label == fold(text)) return add(std::move(made));
      }
      unknown(value.span, say(MessageId::unknown_label, {{"label", text}, {"dim", program_[across->dim].name}}), fold(text), names);
      return {};
    }
    return add(std::move(made));
  };
  const bool plain_integer = value.kind == tree::ExprKind::number && !value.number->about && value.number->parts.size() == 1 &&
                             value.number->parts[0].unit.empty() &&
                             value.number->parts[0].digits.find_first_of(".eE") == std::string::npos;
  if (plain_integer) {
    if (kind == LabelKind::integer) {
      const auto number = parse_rational(value.number->parts[0].digits);
      return label(exact_text(value.number->negative ? Rational(-*number) : *number));
    }
    return label(std::string(sources_.text(value.span)));
  }
  if (value.kind == tree::ExprKind::number && value.number->parts.size() == 1) {
    // A label such as 25億円以上 is written in quotes; a number with a unit is no label.
    error(value.span, say(MessageId::not_a_label, {{"text", std::string(sources_.text(value.span))}}));
    return {};
  }
  if (value.kind == tree::ExprKind::text) return label(value.text);
  if (value.kind == tree::ExprKind::name && value.brackets.empty()) {
    const std::string folded = fold(value.text);
    const auto at = dim_index_.find(folded);
    const bool known = context.lexical->arguments.contains(folded) || (at != dim_index_.end() && in_scope(at->second, context)) ||
                       (context.row && program_[*context.row].find(folded)) || context.file().scope.parameters.contains(folded);
    const bool declared_label =
        across && std::ranges::any_of(across->labels, [&](const AcrossLabel& l) { return l.label == folded; });
    if (declared_label || !known) return label(value.text);
  }
  const ExprId made = expression(bracket.value, context);
  if (!made.valid()) return {};
  const Expr& checked = expr(made);
  const bool integer = checked.kind == ValueKind::figure && checked.unit.dimension.empty() && checked.unit.name.empty();
  if (checked.kind == ValueKind::truth || (checked.kind == ValueKind::figure && !integer)) {
    error(value.span, say(MessageId::not_a_label, {{"text", std::string(sources_.text(value.span))}}));
    return {};
  }
  return made;
}

}  // namespace kenzan::dsl::check
