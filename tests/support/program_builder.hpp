// Small programs and tables by hand, for tests of the engine: no parser, no checker, no files.
#pragma once
#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "engine/reference/reference.hpp"

namespace kenzan::test {

struct ColumnSpec {
  std::string name;
  dsl::ColumnType type = dsl::ColumnType::text;
  bool key = false;
  std::string unit;
  Rounding rounding = Rounding::nearest;
  std::string across;               ///< dimension
  std::vector<std::string> labels;  ///< of `across`: a cell for each
};

inline ColumnSpec text_key(std::string name) { return {std::move(name), dsl::ColumnType::text, true, {}, {}, {}, {}}; }
inline ColumnSpec text(std::string name) { return {std::move(name), dsl::ColumnType::text, false, {}, {}, {}, {}}; }
inline ColumnSpec date(std::string name) { return {std::move(name), dsl::ColumnType::date, false, {}, {}, {}, {}}; }
inline ColumnSpec flag(std::string name) { return {std::move(name), dsl::ColumnType::flag, false, {}, {}, {}, {}}; }
inline ColumnSpec integer_key(std::string name) {
  return {std::move(name), dsl::ColumnType::integer, true, {}, Rounding::exact, {}, {}};
}
inline ColumnSpec integer(std::string name) {
  return {std::move(name), dsl::ColumnType::integer, false, {}, Rounding::exact, {}, {}};
}
inline ColumnSpec figure(std::string name, std::string unit = "", Rounding rounding = Rounding::nearest) {
  return {std::move(name), dsl::ColumnType::figure, false, std::move(unit), rounding, {}, {}};
}
inline ColumnSpec figure_across(std::string name, std::string unit, std::string dim, std::vector<std::string> labels) {
  return {std::move(name), dsl::ColumnType::figure, false, std::move(unit), Rounding::nearest, std::move(dim), std::move(labels)};
}

/// A label to fix: the column's name and the expression that gives it.
using Fix = std::pair<std::string, dsl::ExprId>;

/// A program with its data. Every function that makes an expression returns its id.
struct World {
  dsl::Program program;
  SourceMap sources;
  engine::Data data;

  World() {
    data.program = &program;
    data.sources = &sources;
  }
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  dsl::DimId dim(const std::string& name) {
    for (std::size_t i = 0; i < program.dims.size(); ++i) {
      if (program.dims[i].name == name) return dsl::DimId(i);
    }
    program.dims.push_back({name, dsl::LabelKind::text});
    return dsl::DimId(program.dims.size() - 1);
  }

  // ---------------------------------------------------------------- tables

  /// A table read from `name.csv` with these cells; cells are not quoted.
  dsl::TableId table(const std::string& name, const std::vector<ColumnSpec>& specs,
                     const std::vector<std::vector<std::string>>& rows) {
    const dsl::TableId id(program.tables.size());
    dsl::Table declared;
    engine::Table table;
    declared.name = declared.spelling = name;
    table.id = id;
    table.rows = rows.size();
    for (const ColumnSpec& spec : specs) {
      if (spec.key) declared.key.push_back(static_cast<std::uint32_t>(declared.columns.size()));
      declared.columns.push_back(column(spec));
      table.columns.push_back(column_data(spec));
    }
    std::string csv = "header\n";
    std::vector<std::vector<std::uint32_t>> begins(rows.size());
    for (std::size_t r = 0; r < rows.size(); ++r) {
      table.row_begin.push_back(static_cast<std::uint32_t>(csv.size()));
      for (const std::string& cell : rows[r]) {
        begins[r].push_back(static_cast<std::uint32_t>(csv.size()));
        csv += cell + ",";
      }
      csv.back() = '\n';
      table.row_end.push_back(static_cast<std::uint32_t>(csv.size() - 1));
    }
    table.files = {sources.add(name + ".csv", csv)};
    table.file.assign(rows.size(), 0);
    table.duplicate.assign(rows.size(), false);
    table.kept.assign(rows.size(), true);
    for (std::size_t r = 0; r < rows.size(); ++r) {
      std::size_t at = 0;
      for (std::size_t c = 0; c < specs.size(); ++c) {
        for (engine::PhysicalColumn& part : table.columns[c].parts) {
          add_cell(part, declared.columns[c], rows[r][at], begins[r][at]);
          ++at;
        }
      }
    }
    program.tables.push_back(std::move(declared));
    data.tables.push_back(std::move(table));
    data.hierarchies.emplace_back();
    return id;
  }

  std::uint32_t column_of(dsl::TableId table, const std::string& name) const {
    const auto& columns = program[table].columns;
    return static_cast<std::uint32_t>(std::ranges::find(columns, name, &dsl::Column::name) - columns.begin());
  }

  // ---------------------------------------------------------------- expressions

  dsl::ExprId add(dsl::Expr expr) {
    program.exprs.push_back(std::move(expr));
    return dsl::ExprId(program.exprs.size() - 1);
  }
  dsl::ExprId op(dsl::ExprOp op, dsl::ValueKind kind, std::vector<dsl::ExprId> kids, const std::string& unit = "") {
    dsl::Expr expr;
    expr.op = op;
    expr.kind = kind;
    expr.kids = std::move(kids);
    if (!unit.empty()) {
      expr.unit = *program.units.find(unit);
    } else if (kind == dsl::ValueKind::figure && !expr.kids.empty()) {
      expr.unit = program[expr.kids.front()].unit;
    }
    return add(std::move(expr));
  }
  dsl::ExprId calc(dsl::ExprOp which, std::vector<dsl::ExprId> kids) { return op(which, dsl::ValueKind::figure, std::move(kids)); }
  dsl::ExprId test(dsl::ExprOp which, std::vector<dsl::ExprId> kids) { return op(which, dsl::ValueKind::truth, std::move(kids)); }

  /// An exact number in a unit; `about`: a figure rounded to its last digit.
  dsl::ExprId number(const std::string& digits, const std::string& unit = "", bool about = false) {
    FigureFormat format;
    if (!unit.empty()) format.unit = *program.units.find(unit);
    format.rounding = about ? Rounding::nearest : Rounding::exact;
    const Figure read = read_figure(digits, format, program.units).figure;
    dsl::Expr expr;
    expr.op = dsl::ExprOp::figure;
    expr.kind = dsl::ValueKind::figure;
    expr.unit = format.unit;
    expr.written = read.value;
    expr.interval = true_values(read);
    return add(std::move(expr));
  }
  dsl::ExprId string(const std::string& value, dsl::ValueKind kind = dsl::ValueKind::text) {
    dsl::Expr expr;
    expr.op = kind == dsl::ValueKind::date ? dsl::ExprOp::date : dsl::ExprOp::text;
    expr.kind = kind;
    expr.string = value;
    return add(std::move(expr));
  }
  dsl::ExprId truth(bool value) {
    dsl::Expr expr;
    expr.flag = value;
    return add(std::move(expr));
  }
  dsl::ExprId label(const std::string& dimension, dsl::ValueKind kind = dsl::ValueKind::text) {
    dsl::Expr expr;
    expr.op = dsl::ExprOp::label;
    expr.kind = kind;
    expr.dim = dim(dimension);
    return add(std::move(expr));
  }
  dsl::Binding binding(dsl::TableId table, const Fix& fix, std::uint32_t lag = 0) {
    return {column_of(table, fix.first), fix.second, lag};
  }

  dsl::ExprId cell(dsl::TableId table, const std::string& column, const std::vector<Fix>& fixes, dsl::ExprId across = {},
                   std::uint32_t lag = 0) {
    dsl::Access access;
    access.table = table;
    access.column = column_of(table, column);
    for (const Fix& fix : fixes) access.rows.push_back(binding(table, fix, across.valid() ? 0 : lag));
    if (across.valid()) access.across = dsl::Binding{0, across, lag};
    return cell(std::move(access));
  }
  /// The cell of the row that the surrounding aggregate is at.
  dsl::ExprId here(dsl::TableId table, const std::string& column) {
    dsl::Access access;
    access.table = table;
    access.column = column_of(table, column);
    access.current_row = true;
    return cell(std::move(access));
  }
  dsl::ExprId cell(dsl::Access access) {
    const dsl::Column& column = program[access.table].columns[access.column];
    dsl::Expr expr;
    expr.op = dsl::ExprOp::cell;
    switch (column.type) {
      case dsl::ColumnType::text: expr.kind = dsl::ValueKind::text; break;
      case dsl::ColumnType::date: expr.kind = dsl::ValueKind::date; break;
      case dsl::ColumnType::flag: expr.kind = dsl::ValueKind::truth; break;
      case dsl::ColumnType::figure:
      case dsl::ColumnType::integer:
        expr.kind = dsl::ValueKind::figure;
        expr.unit = column.format.unit;
        break;
    }
    program.accesses.push_back(std::move(access));
    expr.access = dsl::AccessId(program.accesses.size() - 1);
    return add(std::move(expr));
  }

  dsl::ExprId compare(dsl::ExprId left, Relation relation, dsl::ExprId right) {
    const dsl::ExprId id = test(dsl::ExprOp::compare, {left, right});
    program.exprs[id.index()].relation = relation;
    return id;
  }
  dsl::ExprId equal(dsl::ExprId left, dsl::ExprId right) { return compare(left, Relation::equal, right); }
  dsl::ExprId is(dsl::ExprId cell, dsl::MarkTest mark) {
    const dsl::ExprId id = test(dsl::ExprOp::is, {cell});
    program.exprs[id.index()].mark_test = mark;
    return id;
  }
  dsl::ExprId matches(dsl::ExprId text, const std::string& pattern) {
    const dsl::ExprId id = test(dsl::ExprOp::matches, {text});
    program.exprs[id.index()].string = pattern;
    return id;
  }
  dsl::ExprId round(dsl::ExprId value, const std::string& step, Rounding rounding = Rounding::nearest) {
    const dsl::ExprId id = calc(dsl::ExprOp::round, {value});
    program.exprs[id.index()].written = *parse_rational(step) * program[value].unit.factor;
    program.exprs[id.index()].rounding = rounding;
    return id;
  }

  dsl::ExprId aggregate(dsl::Aggregate aggregate) {
    dsl::Expr expr;
    expr.op = dsl::ExprOp::aggregate;
    switch (aggregate.function) {
      case dsl::AggregateFunction::sum:
      case dsl::AggregateFunction::min:
      case dsl::AggregateFunction::max:
      case dsl::AggregateFunction::mean:
        expr.kind = dsl::ValueKind::figure;
        expr.unit = program[aggregate.element].unit;
        break;
      case dsl::AggregateFunction::count:
      case dsl::AggregateFunction::count_distinct: expr.kind = dsl::ValueKind::figure; break;
      case dsl::AggregateFunction::any:
      case dsl::AggregateFunction::all:
      case dsl::AggregateFunction::sorted_ascending:
      case dsl::AggregateFunction::sorted_descending: expr.kind = dsl::ValueKind::truth; break;
    }
    program.aggregates.push_back(std::move(aggregate));
    expr.aggregate = dsl::AggregateId(program.aggregates.size() - 1);
    return add(std::move(expr));
  }
  dsl::ExprId aggregate(dsl::AggregateFunction function, dsl::TableId table, dsl::ExprId element, dsl::ExprId where = {},
                        const std::vector<Fix>& fixes = {}) {
    dsl::Aggregate out;
    out.function = function;
    out.table = table;
    out.element = element;
    out.where = where;
    for (const Fix& fix : fixes) out.rows.push_back(binding(table, fix));
    return aggregate(std::move(out));
  }

  // ---------------------------------------------------------------- rules

  dsl::Rule rule(const std::string& name, dsl::ExprId require, dsl::Strength strength = dsl::Strength::possible) {
    dsl::Rule rule;
    rule.name = name;
    rule.require = require;
    rule.strength = strength;
    return rule;
  }
  engine::Judgement judge(dsl::ExprId require, dsl::Strength strength = dsl::Strength::possible) {
    return engine::judge(data, rule("r", require, strength), {}, 1);
  }

 private:
  dsl::Column column(const ColumnSpec& spec) {
    dsl::Column out;
    out.name = out.spelling = spec.name;
    out.type = spec.type;
    if (!spec.unit.empty()) out.format.unit = *program.units.find(spec.unit);
    out.format.rounding = spec.rounding;
    out.format.integer_only = spec.type == dsl::ColumnType::integer;
    out.format.nil = default_nil(false);
    out.format.unknown = default_unknown(false);
    out.format.suppressed = default_suppressed();
    const bool labels =
        spec.type == dsl::ColumnType::text || spec.type == dsl::ColumnType::date || spec.type == dsl::ColumnType::integer;
    if (labels) {
      out.dim = dim(spec.name);
      if (spec.type == dsl::ColumnType::date) program.dims[out.dim->index()].kind = dsl::LabelKind::date;
      if (spec.type == dsl::ColumnType::integer) program.dims[out.dim->index()].kind = dsl::LabelKind::integer;
    }
    if (!spec.across.empty()) {
      dsl::Across across;
      across.dim = dim(spec.across);
      for (const std::string& label : spec.labels) across.labels.push_back({fold(label), label, label});
      out.across = std::move(across);
    }
    return out;
  }

  engine::ColumnData column_data(const ColumnSpec& spec) {
    engine::ColumnData out;
    for (const std::string& label : spec.labels) {
      out.across_spellings.push_back(data.texts.intern(label));
      out.across_labels.push_back(data.texts.label_of(out.across_spellings.back()));
    }
    out.parts.resize(std::max<std::size_t>(1, spec.labels.size()));
    return out;
  }

  void add_cell(engine::PhysicalColumn& part, const dsl::Column& column, const std::string& cell, std::uint32_t begin) {
    part.begin.push_back(begin);
    part.end.push_back(begin + static_cast<std::uint32_t>(cell.size()));
    if (column.is_figure()) part.figures.add(read_figure(cell, column.format, program.units).figure);
    if (column.type != dsl::ColumnType::figure && column.type != dsl::ColumnType::flag) {
      part.texts.push_back(data.texts.intern(cell));
      part.labels.push_back(data.texts.label_of(part.texts.back()));
    }
    if (column.type == dsl::ColumnType::flag) part.flags.push_back(cell.empty() ? -1 : cell == "true" ? 1 : 0);
    if (!column.is_figure()) part.blank.push_back(cell.empty());
  }
};

}  // namespace kenzan::test
