#include "engine/stream/plan.hpp"

#include <algorithm>
#include <map>
#include <ranges>
#include <set>

#include "engine/vector/total.hpp"

namespace kenzan::engine {
namespace {

/// Walks what is read of one table.
class Needs {
 public:
  Needs(const dsl::Program& program, dsl::TableId table) : program_(program), id_(table), table_(program[table]) {}

  /// Whether the clauses of the table itself let it be read in pieces.
  bool declaration() {
    if (table_.files.size() != 1 || table_.file_pattern || table_.file_column || table_.key.empty() || table_.where.valid() ||
        !table_.complete.empty() || !table_.hierarchies.empty() || table_.reader.format == dsl::Format::other) {
      return false;
    }
    for (std::uint32_t c = 0; c < table_.columns.size(); ++c) {
      const dsl::Column& column = table_.columns[c];
      if (column.unit_column || column.decimals_column) return false;
      const bool in_key = std::ranges::find(table_.key, c) != table_.key.end();
      if (in_key && (column.type == dsl::ColumnType::flag || column.across)) return false;
      if (column.record_number) continue;
      if (in_key && column.type != dsl::ColumnType::text) groups_.insert(c);  // its labels are not its bytes
      const bool checked_by_row = column.type == dsl::ColumnType::date || column.type == dsl::ColumnType::flag;
      if (checked_by_row && !in_key) return false;
      for (const dsl::Constraint& constraint : column.constraints) {
        const bool bounds = constraint.kind == dsl::Constraint::Kind::compare && constraint.relation != Relation::not_equal;
        if (bounds && column.type == dsl::ColumnType::figure) continue;
        if (constraint.kind == dsl::Constraint::Kind::unique || column.type != dsl::ColumnType::text || column.across) return false;
        groups_.insert(c);
      }
    }
    return true;
  }

  /// Labels that other tables ask for.
  void references() {
    for (const dsl::Table& other : program_.tables) {
      for (const dsl::Column& column : other.columns) {
        for (const dsl::Constraint& constraint : column.constraints) {
          if (constraint.kind == dsl::Constraint::Kind::in_table && constraint.table == id_) groups_.insert(constraint.column);
        }
      }
      if (&other != &table_ && other.where.valid()) ok_ = ok_ && !reads(other.where);
    }
  }

  void rule(const dsl::Rule& rule) {
    if (std::ranges::find(rule.tables, id_) == rule.tables.end()) return;
    for (const dsl::InstanceSource& source : rule.sources) {
      if (source.table != id_) continue;
      for (const dsl::InstanceSource::Part& part : source.parts) {
        if (part.column) group(*part.column);
      }
    }
    if (!rule.children.empty()) ok_ = false;
    if (rule.when.valid()) expression(rule.when);
    expression(rule.require);
  }

  [[nodiscard]] std::optional<StreamPlan> plan() const {
    if (!ok_) return std::nullopt;
    return StreamPlan{{groups_.begin(), groups_.end()}, false};
  }

 private:
  /// A column whose labels choose rows.
  void group(std::uint32_t column) {
    const dsl::Column& declared = table_.columns[column];
    if (declared.record_number || declared.across || declared.type == dsl::ColumnType::flag) ok_ = false;
    groups_.insert(column);
  }

  void bindings(const std::vector<dsl::Binding>& bindings, bool own) {
    for (const dsl::Binding& binding : bindings) {
      if (own) {
        group(binding.column);
        if (binding.lag > 0) ok_ = false;  // the order of labels is that of all rows
      }
      expression(binding.value);
    }
  }

  void access(const dsl::Access& access) {
    const bool own = access.table == id_;
    bindings(access.rows, own);
    if (access.across) expression(access.across->value);
    if (!own) return;
    if (access.current_row) ok_ = false;  // other than as the element of a sum
    const dsl::Column& column = table_.columns[access.column];
    if (!column.is_figure() || column.record_number) ok_ = false;  // a text is shown where it stands
  }

  void aggregate(const dsl::Aggregate& aggregate) {
    const bool own = aggregate.table == id_;
    bindings(aggregate.rows, own);
    if (aggregate.across_label) expression(aggregate.across_label->value);
    if (aggregate.node) expression(aggregate.node->value);
    if (!own) {
      if (aggregate.where.valid()) expression(aggregate.where);
      expression(aggregate.element);
      return;
    }
    const dsl::Expr& element = program_[aggregate.element];
    const bool plain = aggregate.function == dsl::AggregateFunction::sum && !aggregate.where.valid() && !aggregate.hierarchy &&
                       element.op == dsl::ExprOp::cell && program_[element.access].current_row &&
                       program_[element.access].table == id_;
    if (!plain || !table_.columns[program_[element.access].column].is_figure()) {
      ok_ = false;
      return;
    }
    if (program_[element.access].across) expression(program_[element.access].across->value);
    const dsl::Column& column = table_.columns[program_[element.access].column];
    if (column.record_number || std::ranges::find(table_.key, program_[element.access].column) != table_.key.end()) ok_ = false;
  }

  void expression(dsl::ExprId id) {
    if (!id.valid() || !ok_) return;
    const dsl::Expr& expr = program_[id];
    if (expr.op == dsl::ExprOp::cell) access(program_[expr.access]);
    if (expr.op == dsl::ExprOp::aggregate) aggregate(program_[expr.aggregate]);
    if (expr.op == dsl::ExprOp::is && reads(expr.kids[0])) ok_ = false;  // asks for the mark of one cell
    for (const dsl::ExprId kid : expr.kids) expression(kid);
  }

  /// Whether an expression reads the table at all.
  [[nodiscard]] bool reads(dsl::ExprId id) const {
    if (!id.valid()) return false;
    const dsl::Expr& expr = program_[id];
    if (expr.op == dsl::ExprOp::cell && program_[expr.access].table == id_) return true;
    if (expr.op == dsl::ExprOp::aggregate) return true;  // not looked into: seldom enough
    return std::ranges::any_of(expr.kids, [&](dsl::ExprId kid) { return reads(kid); });
  }

  const dsl::Program& program_;
  dsl::TableId id_;
  const dsl::Table& table_;
  std::set<std::uint32_t> groups_;
  bool ok_ = true;
};

/// The dimensions of a rule by whose labels rows are chosen, in the order of the columns; none where these are not all of `groups`,
/// or labels are no dimensions.
std::optional<std::vector<std::size_t>> dimensions_of(const dsl::Program& program, const dsl::Rule& rule,
                                                      const std::vector<dsl::Binding>& rows,
                                                      const std::vector<std::uint32_t>& groups) {
  std::map<std::uint32_t, std::size_t> dims;
  for (const dsl::Binding& binding : rows) {
    const auto dim = dimension_of(program, rule, binding);
    if (!dim || !dims.emplace(binding.column, *dim).second) return std::nullopt;
  }
  if (!std::ranges::equal(dims | std::views::keys, groups)) return std::nullopt;
  const auto values = dims | std::views::values;
  return std::vector<std::size_t>(values.begin(), values.end());
}

/// Whether each instance of a rule is a group of either table, or one label across of it.
bool is_by_groups(const dsl::Program& program, const dsl::Rule& rule, const TotalShape& shape, const StreamPlan& totals,
                  const StreamPlan& parts) {
  const auto dims = dimensions_of(program, rule, shape.cell->rows, totals.groups);
  if (!dims || dims != dimensions_of(program, rule, shape.sum->rows, parts.groups)) return false;
  const std::optional<dsl::Binding>&across = shape.cell->across, &across_of_parts = shape.across_of_parts();
  if (across.has_value() != across_of_parts.has_value()) return false;
  std::optional<std::size_t> dim_across;
  if (across) {
    dim_across = dimension_of(program, rule, *across);
    if (!dim_across || dim_across != dimension_of(program, rule, *across_of_parts)) return false;
  }
  if (rule.by.size() != dims->size() + (across ? 1 : 0)) return false;
  return std::ranges::all_of(rule.sources, [&](const dsl::InstanceSource& source) {
    if (source.table != shape.cell->table && source.table != shape.part->table) return false;
    const std::vector<std::uint32_t>& groups = source.table == shape.cell->table ? totals.groups : parts.groups;
    for (std::size_t d = 0; d < rule.by.size(); ++d) {
      const auto at = std::ranges::find(*dims, d);
      const bool is_across = dim_across == d;
      if (is_across == source.parts[d].column.has_value()) return false;
      if (!is_across && (at == dims->end() || groups[static_cast<std::size_t>(at - dims->begin())] != *source.parts[d].column))
        return false;
    }
    return true;
  });
}

}  // namespace

std::vector<TotalsPair> totals_pairs(const dsl::Program& program, const std::function<bool(const dsl::Rule&)>& selected) {
  std::map<dsl::TableId, std::optional<StreamPlan>> plans;
  const auto plan_of = [&](dsl::TableId table) -> const std::optional<StreamPlan>& {
    const auto [at, added] = plans.try_emplace(table);
    if (added) at->second = plan_stream(program, table, selected);
    return at->second;
  };
  std::vector<TotalsPair> out;
  for (const dsl::Rule& rule : program.rules) {
    const auto shape = selected(rule) ? total_shape(program, rule) : std::nullopt;
    if (!shape || shape->cell->table == shape->part->table) continue;
    const dsl::TableId totals = shape->cell->table, parts = shape->part->table;
    if (!plan_of(totals) || !plan_of(parts) || !is_by_groups(program, rule, *shape, *plan_of(totals), *plan_of(parts))) continue;
    const auto same = [&](const TotalsPair& pair) { return pair.totals == totals && pair.parts == parts; };
    const auto pair = std::ranges::find_if(out, same);
    (pair == out.end() ? out.emplace_back(TotalsPair{totals, parts, {}}) : *pair).rules.push_back(&rule);
  }
  std::set<dsl::TableId> taken;
  std::erase_if(out, [&](TotalsPair& pair) {
    const auto others = [&](const dsl::Rule& rule) {
      return selected(rule) && std::ranges::find(pair.rules, &rule) == pair.rules.end();
    };
    const auto is_free = [&](dsl::TableId table) {
      const auto plan = plan_stream(program, table, others);
      return !taken.contains(table) && plan && plan->groups.empty() && !plan_of(table)->groups.empty();
    };
    if (!is_free(pair.totals) || !is_free(pair.parts)) return true;
    taken.insert({pair.totals, pair.parts});
    return false;
  });
  return out;
}

std::optional<StreamPlan> plan_stream(const dsl::Program& program, dsl::TableId table,
                                      const std::function<bool(const dsl::Rule&)>& selected) {
  Needs needs(program, table);
  if (!needs.declaration()) return std::nullopt;
  needs.references();
  for (const dsl::Rule& rule : program.rules) {
    if (selected(rule)) needs.rule(rule);
  }
  return needs.plan();
}

}  // namespace kenzan::engine
