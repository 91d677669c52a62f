// The second half of a table's declaration: kinds of dimensions, constraints, `where`, `complete`, hierarchies.
#include <algorithm>
#include <cctype>

#include "base/text.hpp"
#include "dsl/check/checker.hpp"

namespace kenzan::dsl::check {

namespace {

bool is_integer_label(const std::string& label) {
  const std::size_t first = label.starts_with('-') ? 1 : 0;
  return label.size() > first && label.size() < 19 &&
         std::ranges::all_of(
             label.begin() + static_cast<std::ptrdiff_t>(first), label.end(), [](unsigned char c) { return std::isdigit(c); });
}

Relation relation_of(tree::Op op) {
  switch (op) {
    case tree::Op::equal: return Relation::equal;
    case tree::Op::not_equal: return Relation::not_equal;
    case tree::Op::less: return Relation::less;
    case tree::Op::less_equal: return Relation::less_equal;
    case tree::Op::greater: return Relation::greater;
    case tree::Op::greater_equal: return Relation::greater_equal;
    case tree::Op::implies:
    case tree::Op::or_:
    case tree::Op::and_:
    case tree::Op::not_:
    case tree::Op::else_:
    case tree::Op::add:
    case tree::Op::subtract:
    case tree::Op::multiply:
    case tree::Op::divide:
    case tree::Op::negate: break;
  }
  return Relation::equal;
}

}  // namespace

void Checker::finish_tables() {
  // A dimension is one of integers or dates only if every column and label of that name is; otherwise its labels are texts.
  std::vector<bool> seen(program_.dims.size()), integer(program_.dims.size(), true), date(program_.dims.size(), true);
  const auto note = [&](DimId id, bool is_integer, bool is_date) {
    seen[id.index()] = true;
    if (!is_integer) integer[id.index()] = false;
    if (!is_date) date[id.index()] = false;
  };
  for (const Table& table : program_.tables) {
    for (const Column& column : table.columns) {
      if (column.from_file) {
        note(*column.dim, !table.file_labels.empty() && std::ranges::all_of(table.file_labels, is_integer_label), false);
      } else if (column.dim) {
        note(*column.dim, column.type == ColumnType::integer, column.type == ColumnType::date);
      }
      if (column.across) {
        note(column.across->dim,
             !column.across->pattern &&
                 std::ranges::all_of(column.across->labels, [](const AcrossLabel& label) { return is_integer_label(label.label); }),
             false);
      }
    }
  }
  for (std::size_t i = 0; i < program_.dims.size(); ++i) {
    if (!seen[i]) continue;
    program_.dims[i].kind = integer[i] ? LabelKind::integer : date[i] ? LabelKind::date : LabelKind::text;
  }

  for (const PendingTable& pending : pending_) {
    const RuleFile& file = *files_[pending.file];
    const tree::Table& tree = *pending.tree;
    for (const tree::Column& column_tree : tree.columns) {
      Table& table = program_.tables[pending.id.index()];
      if (auto column = table.find(fold(column_tree.name.text))) constraints(file, column_tree, table, *column);
    }
    if (tree.where) {
      Context context;
      const Lexical lexical{&file, {}, nullptr, nullptr};
      context.lexical = &lexical;
      std::vector<DimId> none;
      context.by = &none;
      context.row = pending.id;
      const ExprId where = truth(*tree.where, context, MessageId::where_not_condition);
      program_.tables[pending.id.index()].where = where;
    }
    std::vector<std::uint32_t> complete;
    for (const tree::Name& name : tree.complete) {
      Table& table = program_.tables[pending.id.index()];
      auto column = table.find(fold(name.text));
      if (!column || std::ranges::find(table.key, *column) == table.key.end()) {
        if (dim_index_.contains(fold(name.text)) && table.has_across(dim_index_.at(fold(name.text)))) continue;
        std::vector<std::string> keys;
        for (std::uint32_t key : table.key) keys.push_back(table.columns[key].spelling);
        unknown(name.span, say(MessageId::complete_not_key, {{"name", name.text}, {"table", tree.name.text}}), fold(name.text),
                keys);
      } else {
        complete.push_back(*column);
      }
    }
    if (!complete.empty()) program_.tables[pending.id.index()].complete.push_back(std::move(complete));
    hierarchies(file, tree, pending.id);
  }
}

void Checker::constraints(const RuleFile& file, const tree::Column& tree, Table& table, std::uint32_t index) {
  Column& column = table.columns[index];
  for (const tree::Constraint& constraint : tree.constraints) {
    Constraint result;
    result.span = constraint.span;
    result.limit_text = std::string(sources_.text(constraint.span));
    switch (constraint.kind) {
      case tree::Constraint::Kind::unique: result.kind = Constraint::Kind::unique; break;
      case tree::Constraint::Kind::matches:
        result.kind = Constraint::Kind::matches;
        if (column.is_figure()) {
          error(constraint.span, say(MessageId::text_constraint, {{"name", column.spelling}}));
          continue;
        }
        if (!regex(*constraint.regex, false)) continue;
        result.pattern = constraint.regex->pattern;
        break;
      case tree::Constraint::Kind::in_table: {
        result.kind = Constraint::Kind::in_table;
        auto target = file.scope.tables.find(fold(constraint.table->text));
        if (target == file.scope.tables.end()) {
          if (file.scope.lost.contains(fold(constraint.table->text))) continue;
          std::vector<std::string> names;
          for (const auto& [name, id] : file.scope.tables) names.push_back(name);
          unknown(constraint.table->span, say(MessageId::unknown_table, {{"name", constraint.table->text}}),
                  fold(constraint.table->text), names);
          continue;
        }
        const Table& other = program_[target->second];
        const auto other_column = other.find(fold(constraint.column->text));
        if (!other_column || !other.columns[*other_column].dim) {
          std::vector<std::string> names;
          for (const Column& candidate : other.columns) {
            if (candidate.dim) names.push_back(candidate.spelling);
          }
          unknown(constraint.column->span,
                  say(MessageId::unknown_column, {{"name", constraint.column->text}, {"table", constraint.table->text}}),
                  fold(constraint.column->text), names);
          continue;
        }
        if (!column.dim) {
          error(constraint.span, say(MessageId::text_constraint, {{"name", column.spelling}}));
          continue;
        }
        result.table = target->second;
        result.column = *other_column;
        break;
      }
      case tree::Constraint::Kind::in_list:
      case tree::Constraint::Kind::compare: {
        const bool list = constraint.kind == tree::Constraint::Kind::in_list;
        result.kind = !list                ? Constraint::Kind::compare
                      : column.is_figure() ? Constraint::Kind::in_figures
                                           : Constraint::Kind::in_texts;
        result.relation = relation_of(constraint.op);
        if (list) refuse_commas(file.tree, constraint.values, 0);
        bool good = true;
        for (tree::ExprId id : constraint.values) {
          auto value = literal(file.tree, id, file.scope.units);
          if (!value) {
            good = false;
            continue;
          }
          const bool fits = column.is_figure()                ? value->kind == ValueKind::figure
                            : column.type == ColumnType::date ? value->kind == ValueKind::date
                            : column.type == ColumnType::text ? value->kind == ValueKind::text
                                                              : false;
          if (!fits) {
            error(file.tree[id].span, say(MessageId::constraint_type, {{"name", column.spelling}, {"value", describe(*value)}}));
            good = false;
          } else if (column.is_figure() && !value->unit.same_dimension(column.format.unit)) {
            error(file.tree[id].span,
                  say(MessageId::units_differ, {{"left", unit_name(column.format.unit)}, {"right", unit_name(value->unit)}}));
            good = false;
          } else if (column.is_figure()) {
            result.figures.push_back(value->written);
            result.limit = value->interval;
          } else {
            result.texts.push_back(value->string);
          }
        }
        if (!good) continue;
        break;
      }
    }
    column.constraints.push_back(std::move(result));
  }
}

void Checker::hierarchies(const RuleFile& file, const tree::Table& tree, TableId id) {
  for (const tree::Hierarchy& given : tree.hierarchies) {
    const Table& table = program_[id];
    Hierarchy hierarchy;
    hierarchy.kind = static_cast<Hierarchy::Kind>(given.kind);
    hierarchy.dim = dim(fold(given.dim.text));
    hierarchy.span = given.span;
    hierarchy.lengths = given.lengths;
    hierarchy.separator = given.separator;
    const auto node = table.find(fold(given.dim.text));
    if (!node || std::ranges::find(table.key, *node) == table.key.end()) {
      std::vector<std::string> keys;
      for (std::uint32_t key : table.key) keys.push_back(table.columns[key].spelling);
      unknown(given.dim.span, say(MessageId::hierarchy_not_key, {{"name", given.dim.text}, {"table", tree.name.text}}),
              fold(given.dim.text), keys);
      continue;
    }
    hierarchy.node_column = *node;
    if (given.column) {
      const auto column = table.find(fold(given.column->text));
      if (!column || table.columns[*column].across) {
        std::vector<std::string> names;
        for (const Column& candidate : table.columns) names.push_back(candidate.spelling);
        unknown(given.column->span, say(MessageId::unknown_column, {{"name", given.column->text}, {"table", tree.name.text}}),
                fold(given.column->text), names);
        continue;
      }
      if (given.kind == tree::Hierarchy::Kind::level && table.columns[*column].type != ColumnType::integer) {
        error(given.column->span, say(MessageId::level_not_integer, {{"name", given.column->text}}));
        continue;
      }
      if (given.kind == tree::Hierarchy::Kind::parent && !table.columns[*column].dim) {
        error(given.column->span, say(MessageId::key_not_label, {{"name", given.column->text}}));
        continue;
      }
      hierarchy.column = *column;
    }
    std::set<std::string> totals;
    for (const tree::Hierarchy::Total& total : given.totals) {
      Hierarchy::Total result{fold(total.label.text), total.label.text, {}};
      if (!totals.insert(result.label).second) {
        error(total.label.span, say(MessageId::label_twice, {{"label", total.label.text}}));
        continue;
      }
      for (const tree::Hierarchy::Part& part : total.parts) {
        HierarchyPart made{fold(part.label.text), part.label.text, part.negative, part.others, {}};
        if (!part.others && made.label == result.label) {
          error(part.label.span, say(MessageId::own_part, {{"label", part.label.text}}));
          continue;
        }
        if (part.when) {
          Context context;
          const Lexical lexical{&file, {}, nullptr, nullptr};
          context.lexical = &lexical;
          std::vector<DimId> none;
          context.by = &none;
          context.row = id;
          made.when = truth(*part.when, context, MessageId::when_not_condition);
        }
        result.parts.push_back(std::move(made));
      }
      hierarchy.totals.push_back(std::move(result));
    }
    program_.tables[id.index()].hierarchies.push_back(std::move(hierarchy));
  }
}

}  // namespace kenzan::dsl::check
