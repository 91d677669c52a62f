// Random typed programs with small tables, for the differential test of the two evaluators: every operation, marks, duplicates,
// blanks, numbers beyond 64 and 128 bits.
#pragma once
#include <algorithm>
#include <initializer_list>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "engine/vector/vector.hpp"

namespace kenzan::engine::vector_test {

using dsl::ExprId;
using dsl::ExprOp;
using dsl::TableId;
using dsl::ValueKind;

/// Where an expression is made: which dimensions the instance has, and the rows that aggregates around it are at.
struct Place {
  std::vector<int> dims;    // of the instance
  std::vector<int> tables;  // innermost last: 0 = items, 1 = groups
  bool across = false;      // some aggregate around is at a label of `period`
  [[nodiscard]] bool has(int dim) const { return std::ranges::find(dims, dim) != dims.end(); }
};

constexpr int dim_item = 0, dim_group = 1, dim_year = 2, dim_period = 3;

class Case {
 public:
  explicit Case(std::uint64_t seed) : random_(seed) {
    odd_ = std::vector<int>{0, 3, 10, 30}[static_cast<std::size_t>(below(4))];
    for (const char* name : {"item", "group", "year", "period"}) program.dims.push_back({name, dsl::LabelKind::text});
    program.dims[dim_year].kind = dsl::LabelKind::integer;
    make_items();
    make_groups();
    make_total();
    data.program = &program;
    make_hierarchy();
    make_rule();
  }

  dsl::Program program;
  Data data;
  dsl::Rule rule;

 private:
  int below(int n) { return static_cast<int>(random_() % static_cast<std::uint64_t>(n)); }
  bool chance(int percent) { return below(100) < percent; }
  std::string one_of(std::initializer_list<const char*> texts) { return texts.begin()[below(static_cast<int>(texts.size()))]; }

  // ---- tables

  Figure random_figure(bool integer) {
    Figure f;
    if (chance(odd_)) {
      f.mark = std::vector<Mark>{Mark::nil, Mark::unknown, Mark::suppressed, Mark::blank,
                                 Mark::unreadable}[static_cast<std::size_t>(below(5))];
      f.rounding = Rounding::exact;
      return f;
    }
    if (integer) {
      f.value = below(4);
      f.rounding = Rounding::exact;
      f.step = 1;
      return f;
    }
    f.rounding = static_cast<Rounding>(below(8));
    f.step = std::vector<Rational>{1, 1, 10, Rational(1, 10), 5}[static_cast<std::size_t>(below(5))];
    f.value = f.step * (chance(70) ? below(6) : below(14) - 4);
    if (huge_ && chance(20)) f.value = (f.value + 1) * power_of_ten(17 + below(25));
    return f;
  }

  void add_text(PhysicalColumn& part, std::string_view text) {
    const Code code = data.texts.intern(text);
    part.texts.push_back(code);
    part.labels.push_back(data.texts.label_of(code));
    part.blank.push_back(text.empty());
  }
  void add_figure(PhysicalColumn& part, bool integer) {
    const Figure figure = random_figure(integer);
    part.figures.add(figure);
    if (integer) add_text(part, figure.mark == Mark::number ? exact_text(figure.value) : "");
  }

  dsl::Column column(const char* name, dsl::ColumnType type, std::optional<int> dim = std::nullopt) {
    dsl::Column out;
    out.name = out.spelling = name;
    out.type = type;
    if (dim) out.dim = dsl::DimId(static_cast<std::size_t>(*dim));
    return out;
  }

  // items: 0 item (key), 1 group, 2 year, 3 amount, 4 money across period, 5 note, 6 flag, 7 day
  void make_items() {
    dsl::Table declared;
    declared.name = declared.spelling = "items";
    declared.columns = {column("item", dsl::ColumnType::text, dim_item),
                        column("group", dsl::ColumnType::text, dim_group),
                        column("year", dsl::ColumnType::integer, dim_year),
                        column("amount", dsl::ColumnType::figure),
                        column("money", dsl::ColumnType::figure),
                        column("note", dsl::ColumnType::text),
                        column("flag", dsl::ColumnType::flag),
                        column("day", dsl::ColumnType::date)};
    declared.key = {0};
    declared.columns[4].across = dsl::Across{dsl::DimId(std::size_t{dim_period}), {}, std::nullopt};
    dsl::Hierarchy tree;
    tree.kind = chance(50) ? dsl::Hierarchy::Kind::stated : dsl::Hierarchy::Kind::parent;
    declared.hierarchies.push_back(tree);
    program.tables.push_back(declared);

    Table table;
    table.id = TableId(std::size_t{0});
    table.rows = static_cast<std::size_t>(chance(10) ? below(2) : chance(10) ? 20 + below(20) : 2 + below(5));
    table.columns.resize(8);
    huge_ = chance(15);
    for (ColumnData& c : table.columns) c.parts.resize(1);
    ColumnData& money = table.columns[4];
    money.parts.resize(3);
    for (const char* label : {"p1", "p2", "p3"}) {
      money.across_labels.push_back(data.texts.intern(label));
      money.across_spellings.push_back(data.texts.intern(std::string(label) + " "));
    }
    for (std::size_t row = 0; row < table.rows; ++row) {
      add_text(table.columns[0].parts[0], chance(3) ? "" : chance(95) ? "i" + std::to_string(row) : "i0");
      add_text(table.columns[1].parts[0], one_of({"g0", "g1", "G1 ", "ｇ0", "g2", ""}));
      add_figure(table.columns[2].parts[0], true);
      add_figure(table.columns[3].parts[0], false);
      for (PhysicalColumn& part : money.parts) add_figure(part, false);
      add_text(table.columns[5].parts[0], one_of({"", "x", "X", "ｘ", "x y", " x"}));
      table.columns[6].parts[0].flags.push_back(static_cast<std::int8_t>(below(3) - 1));
      table.columns[6].parts[0].blank.push_back(table.columns[6].parts[0].flags.back() < 0);
      add_text(table.columns[7].parts[0], one_of({"", "2024-01-01", "2024-02-01", "2025-01-01"}));
      table.kept.push_back(!chance(10));
      const bool duplicate = chance(5);
      table.duplicate.push_back(duplicate);
      if (duplicate) table.columns[3].parts[0].figures.exclude(static_cast<std::uint32_t>(row));
    }
    data.tables.push_back(std::move(table));
  }

  // groups: 0 group (key), 1 year, 2 amount
  void make_groups() {
    dsl::Table declared;
    declared.name = declared.spelling = "groups";
    declared.columns = {column("group", dsl::ColumnType::text, dim_group), column("year", dsl::ColumnType::integer, dim_year),
                        column("amount", dsl::ColumnType::figure)};
    declared.key = {0, 1};
    program.tables.push_back(declared);
    Table table;
    table.id = TableId(std::size_t{1});
    table.rows = static_cast<std::size_t>(below(5));
    table.columns.resize(3);
    for (ColumnData& c : table.columns) c.parts.resize(1);
    for (std::size_t row = 0; row < table.rows; ++row) {
      add_text(table.columns[0].parts[0], one_of({"g0", "g1", "g2", "Ｇ9", ""}));
      add_figure(table.columns[1].parts[0], true);
      add_figure(table.columns[2].parts[0], false);
      table.kept.push_back(!chance(10));
      table.duplicate.push_back(false);
    }
    data.tables.push_back(std::move(table));
  }

  // total: 0 amount, one row
  void make_total() {
    dsl::Table declared;
    declared.name = declared.spelling = "total";
    declared.columns = {column("amount", dsl::ColumnType::figure)};
    program.tables.push_back(declared);
    Table table;
    table.id = TableId(std::size_t{2});
    table.rows = chance(90) ? 1 : 0;
    table.columns.resize(1);
    table.columns[0].parts.resize(1);
    for (std::size_t row = 0; row < table.rows; ++row) {
      add_figure(table.columns[0].parts[0], false);
      table.kept.push_back(true);
      table.duplicate.push_back(false);
    }
    data.tables.push_back(std::move(table));
  }

  void make_hierarchy() {
    data.hierarchies.resize(3);
    Hierarchy& tree = data.hierarchies[0].emplace_back();
    const auto rows = static_cast<std::uint32_t>(data.tables[0].rows);
    tree.children.resize(rows);
    const bool stated = program.tables[0].hierarchies[0].kind == dsl::Hierarchy::Kind::stated;
    for (std::uint32_t row = 1; row < rows; ++row) {
      if (!chance(60)) continue;
      tree.children[static_cast<std::size_t>(below(static_cast<int>(row)))].push_back({row, stated && chance(30), ""});
    }
    if (stated && rows > 1 && chance(50)) tree.children[0].push_back({Child::none, chance(50), "others"});
    if (stated && rows > 2 && chance(30)) tree.children[0].push_back({2, false, ""});
  }

  // ---- expressions

  ExprId add(dsl::Expr expr) {
    program.exprs.push_back(std::move(expr));
    return ExprId(program.exprs.size() - 1);
  }
  ExprId node(ExprOp op, ValueKind kind, std::vector<ExprId> kids = {}) {
    dsl::Expr expr;
    expr.op = op;
    expr.kind = kind;
    expr.kids = std::move(kids);
    return add(std::move(expr));
  }
  ExprId text_constant(std::string_view text) {
    dsl::Expr expr;
    expr.op = ExprOp::text;
    expr.kind = ValueKind::text;
    expr.string = text;
    return add(std::move(expr));
  }
  ExprId number(const Rational& value, const Rational& width = 0) {
    dsl::Expr expr;
    expr.op = ExprOp::figure;
    expr.kind = ValueKind::figure;
    expr.written = value;
    expr.interval = width.is_zero()
                        ? Interval::point(value)
                        : Interval{Bound{Rational(value - width), chance(70), false}, Bound{Rational(value + width), true, false}};
    return add(std::move(expr));
  }
  ExprId label(int dim) {
    dsl::Expr expr;
    expr.op = ExprOp::label;
    expr.kind = dim == dim_year ? ValueKind::figure : ValueKind::text;
    expr.dim = dsl::DimId(static_cast<std::size_t>(dim));
    return add(std::move(expr));
  }
  ExprId cell(ValueKind kind, dsl::Access access) {
    program.accesses.push_back(std::move(access));
    dsl::Expr expr;
    expr.op = ExprOp::cell;
    expr.kind = kind;
    expr.access = dsl::AccessId(program.accesses.size() - 1);
    return add(std::move(expr));
  }
  ExprId item_label(const Place& at) {
    if (at.has(dim_item) && chance(85)) return label(dim_item);
    return text_constant(chance(90) ? one_of({"i0", "i1"}) : one_of({"i2", "i3", "nowhere"}));
  }
  ExprId group_label(const Place& at, int depth) {
    if (at.has(dim_group) && chance(60)) return label(dim_group);
    if (depth > 0 && chance(40)) return text(at, depth - 1);
    return text_constant(one_of({"g0", "g1", "Ｇ2", ""}));
  }
  ExprId year_label(const Place& at, int depth) {
    if (at.has(dim_year) && chance(60)) return label(dim_year);
    if (depth > 0 && chance(40)) return figure(at, depth - 1);
    return number(below(4));
  }
  ExprId period_label(const Place& at) {
    if (at.has(dim_period) && chance(70)) return label(dim_period);
    return text_constant(one_of({"p1", "Ｐ2", "p2", "p3", "p1", "p2", "p3", "p4"}));
  }
  std::uint32_t lag() { return chance(12) ? 1 : 0; }

  dsl::Access items_access(const Place& at, std::uint32_t column, int depth) {
    dsl::Access access;
    access.table = TableId(std::size_t{0});
    access.column = column;
    access.current_row = std::ranges::find(at.tables, 0) != at.tables.end() && chance(75);
    if (!access.current_row) {
      access.rows.push_back({0, item_label(at), 0});
      if (chance(5)) access.rows.push_back({1, group_label(at, depth), 0});
    }
    if (column == 4 && !(at.across && chance(75))) access.across = dsl::Binding{0, period_label(at), lag()};
    return access;
  }
  dsl::Access groups_access(const Place& at, std::uint32_t column, int depth) {
    dsl::Access access;
    access.table = TableId(std::size_t{1});
    access.column = column;
    access.current_row = std::ranges::find(at.tables, 1) != at.tables.end() && chance(75);
    if (access.current_row) return access;
    access.rows = {{0, group_label(at, depth), 0}, {1, year_label(at, depth), lag()}};
    return access;
  }
  dsl::Access figure_access(const Place& at, int depth) {
    const int kind = below(24);
    if (kind < 10) return items_access(at, 3, depth);
    if (kind < 17) return items_access(at, 4, depth);
    if (kind < 19) return items_access(at, 2, depth);
    if (kind < 22) return groups_access(at, 2, depth);
    dsl::Access access;
    access.table = TableId(std::size_t{2});
    return access;
  }

  dsl::AggregateId aggregate(const Place& at, int depth, dsl::AggregateFunction function) {
    dsl::Aggregate out;
    out.function = function;
    Place inside = at;
    const int kind = below(10);
    const int table = kind < 8 ? 0 : 1;
    out.table = TableId(static_cast<std::size_t>(table));
    inside.tables.push_back(table);
    if (table == 1) {
      if (chance(60)) out.rows.push_back({0, group_label(at, depth - 1), 0});
      if (chance(30)) out.rows.push_back({1, year_label(at, depth - 1), lag()});
    } else if (kind < 2) {
      out.hierarchy = 0;
      out.node = dsl::Binding{0, item_label(at), 0};
    } else {
      if (chance(50)) out.rows.push_back({1, group_label(at, depth - 1), 0});
      if (chance(15)) out.rows.push_back({2, year_label(at, depth - 1), lag()});
    }
    if (table == 0 && chance(30)) {
      out.across_column = 4;
      inside.across = true;
      if (chance(50)) {
        out.across = dsl::DimId(std::size_t{dim_period});
      } else {
        out.across_label = dsl::Binding{0, period_label(at), lag()};
      }
    }
    if (chance(40)) out.where = truth(inside, depth - 1);
    switch (function) {
      case dsl::AggregateFunction::any:
      case dsl::AggregateFunction::all: out.element = truth(inside, depth - 1); break;
      case dsl::AggregateFunction::count:
      case dsl::AggregateFunction::count_distinct:
      case dsl::AggregateFunction::sorted_ascending:
      case dsl::AggregateFunction::sorted_descending:
        out.element = chance(40) ? text(inside, depth - 1) : element(inside, depth - 1);
        break;
      case dsl::AggregateFunction::sum:
      case dsl::AggregateFunction::min:
      case dsl::AggregateFunction::max:
      case dsl::AggregateFunction::mean: out.element = element(inside, depth - 1); break;
    }
    program.aggregates.push_back(out);
    return dsl::AggregateId(program.aggregates.size() - 1);
  }
  ExprId element(const Place& at, int depth) {
    if (chance(70)) {
      dsl::Access access;
      access.table = TableId(static_cast<std::size_t>(at.tables.back()));
      access.current_row = true;
      access.column = at.tables.back() == 1 ? 2 : chance(60) || !at.across ? 3 : 4;
      return cell(ValueKind::figure, access);
    }
    return figure(at, depth);
  }

  ExprId figure(const Place& at, int depth) {
    const auto kid = [&] { return figure(at, depth - 1); };
    const int kind = depth <= 0 ? below(30) : below(100);
    if (kind < 3) return number(Rational(below(9) - 2), chance(50) ? Rational(1, 2) : Rational(0));
    if (kind < 5) return number(Rational(below(90) - 20, 10), Rational(1, 20));
    if (kind < 7 && at.has(dim_year)) return label(dim_year);
    if (kind < 40) return cell(ValueKind::figure, figure_access(at, depth));
    if (kind < 44) return node(ExprOp::negate, ValueKind::figure, {kid()});
    if (kind < 52) return node(ExprOp::add, ValueKind::figure, {kid(), kid()});
    if (kind < 60) return node(ExprOp::subtract, ValueKind::figure, {kid(), kid()});
    if (kind < 65)
      return node(ExprOp::multiply, ValueKind::figure, {kid(), chance(50) ? kid() : number(Rational(below(7) - 2, 3))});
    if (kind < 71) return node(ExprOp::divide, ValueKind::figure, {kid(), chance(70) ? kid() : number(Rational(below(7) - 2))});
    if (kind < 74) return node(ExprOp::absolute, ValueKind::figure, {kid()});
    if (kind < 77) {
      const ExprId id = node(ExprOp::round, ValueKind::figure, {kid()});
      program.exprs[id.index()].written = std::vector<Rational>{1, 10, Rational(1, 2)}[static_cast<std::size_t>(below(3))];
      program.exprs[id.index()].rounding = static_cast<Rounding>(below(7));
      return id;
    }
    if (kind < 81) return node(ExprOp::else_, ValueKind::figure, {kid(), kid()});
    if (kind < 83) return node(ExprOp::length, ValueKind::figure, {text(at, depth - 1)});
    const ExprId id = node(ExprOp::aggregate, ValueKind::figure);
    const auto functions = {dsl::AggregateFunction::sum,   dsl::AggregateFunction::sum,           dsl::AggregateFunction::sum,
                            dsl::AggregateFunction::min,   dsl::AggregateFunction::max,           dsl::AggregateFunction::mean,
                            dsl::AggregateFunction::count, dsl::AggregateFunction::count_distinct};
    program.exprs[id.index()].aggregate = aggregate(at, depth, functions.begin()[below(static_cast<int>(functions.size()))]);
    return id;
  }

  ExprId text(const Place& at, int depth) {
    const int kind = depth <= 0 ? below(50) : below(100);
    if (kind < 10) return text_constant(one_of({"x", "X", "ｘ", "g1", "", "i1"}));
    if (kind < 15 && at.has(dim_group)) return label(dim_group);
    if (kind < 18 && at.has(dim_item)) return label(dim_item);
    if (kind < 20 && at.has(dim_period)) return label(dim_period);
    if (kind < 70) {
      if (std::ranges::find(at.tables, 1) != at.tables.end() && chance(50))
        return cell(ValueKind::text, groups_access(at, 0, depth));
      return cell(ValueKind::text, items_access(at, chance(50) ? 1 : 5, depth));
    }
    if (kind < 85) {
      const ExprOp op = std::vector<ExprOp>{ExprOp::nfkc, ExprOp::trim, ExprOp::lower}[static_cast<std::size_t>(below(3))];
      return node(op, ValueKind::text, {text(at, depth - 1)});
    }
    return node(ExprOp::else_, ValueKind::text, {text(at, depth - 1), text(at, depth - 1)});
  }
  ExprId date(const Place& at) {
    if (chance(60)) return cell(ValueKind::date, items_access(at, 7, 0));
    dsl::Expr expr;
    expr.op = ExprOp::date;
    expr.kind = ValueKind::date;
    expr.string = "2024-02-01";
    return add(std::move(expr));
  }

  ExprId comparison(ExprId left, ExprId right, Relation relation) {
    const ExprId id = node(ExprOp::compare, ValueKind::truth, {left, right});
    program.exprs[id.index()].relation = relation;
    return id;
  }
  Relation relation() { return chance(40) ? Relation::equal : static_cast<Relation>(below(6)); }

  ExprId truth(const Place& at, int depth) {
    const auto kid = [&] { return truth(at, depth - 1); };
    const int kind = depth <= 0 ? below(62) : below(100);
    if (kind < 40) return comparison(figure(at, depth), figure(at, depth), relation());
    if (kind < 46) return comparison(text(at, depth), text(at, depth), relation());
    if (kind < 49) return comparison(date(at), date(at), relation());
    if (kind < 53) return cell(ValueKind::truth, items_access(at, 6, depth));
    if (kind < 60) {
      const ExprId id = node(ExprOp::is, ValueKind::truth, {is_cell(at, depth)});
      program.exprs[id.index()].mark_test = static_cast<dsl::MarkTest>(below(5));
      return id;
    }
    if (kind < 62) {
      const ExprId id = node(ExprOp::truth, ValueKind::truth);
      program.exprs[id.index()].flag = chance(50);
      return id;
    }
    if (kind < 66) return node(ExprOp::not_, ValueKind::truth, {kid()});
    if (kind < 72) return node(ExprOp::and_, ValueKind::truth, {kid(), kid()});
    if (kind < 77) return node(ExprOp::or_, ValueKind::truth, {kid(), kid(), kid()});
    if (kind < 80) return node(ExprOp::implies, ValueKind::truth, {kid(), kid()});
    if (kind < 82) return node(ExprOp::else_, ValueKind::truth, {kid(), kid()});
    if (kind < 84) return comparison(kid(), kid(), chance(50) ? Relation::equal : Relation::not_equal);
    if (kind < 87) {
      const ExprOp op =
          std::vector<ExprOp>{ExprOp::same, ExprOp::contains, ExprOp::starts, ExprOp::ends}[static_cast<std::size_t>(below(4))];
      return node(op, ValueKind::truth, {text(at, depth - 1), text(at, depth - 1)});
    }
    if (kind < 89) {
      const ExprId id = node(ExprOp::matches, ValueKind::truth, {text(at, depth - 1)});
      program.exprs[id.index()].string = one_of({"x", "^g", "[0-9]$", "."});
      return id;
    }
    if (kind < 92) {
      return chance(50) ? node(ExprOp::in, ValueKind::truth, {figure(at, depth - 1), number(1), figure(at, depth - 1)})
                        : node(ExprOp::in, ValueKind::truth, {text(at, depth - 1), text_constant("x"), text(at, depth - 1)});
    }
    const ExprId id = node(ExprOp::aggregate, ValueKind::truth);
    const auto functions = {dsl::AggregateFunction::any, dsl::AggregateFunction::all, dsl::AggregateFunction::sorted_ascending,
                            dsl::AggregateFunction::sorted_descending};
    program.exprs[id.index()].aggregate = aggregate(at, depth, functions.begin()[below(4)]);
    return id;
  }
  ExprId is_cell(const Place& at, int depth) {
    if (chance(70)) return cell(ValueKind::figure, figure_access(at, depth));
    if (chance(50)) return cell(ValueKind::text, items_access(at, 5, depth));
    return cell(ValueKind::date, items_access(at, 7, depth));
  }

  /// A sum of some cells that stands near an end of what it can be: where rounding and plausibility are decided.
  ExprId tuned(const Place& at) {
    const Table& items = data.tables[0];
    ExprId left = number(0);
    Interval range = Interval::point(0);
    const int terms = 2 + below(8);
    for (int i = 0; i < terms && items.rows > 0; ++i) {
      dsl::Access access;
      access.table = TableId(std::size_t{0});
      const auto row = static_cast<std::uint32_t>(below(static_cast<int>(items.rows)));
      const auto part = static_cast<std::uint32_t>(below(3));
      access.column = chance(50) ? 3 : 4;
      access.rows.push_back({0, at.has(dim_item) && chance(5) ? label(dim_item) : text_constant("i" + std::to_string(row)), 0});
      if (access.column == 4) access.across = dsl::Binding{0, text_constant("p" + std::to_string(part + 1)), 0};
      const Interval one = items.columns[access.column].parts[access.column == 4 ? part : 0].figures.range(row);
      const Rational factor = chance(70) ? Rational(1) : Rational(below(5) - 2);
      left = node(ExprOp::add, ValueKind::figure,
                  {left, node(ExprOp::multiply, ValueKind::figure, {cell(ValueKind::figure, access), number(factor)})});
      range = range + factor * one;
    }
    Rational near = 0;
    if (!range.low.infinite && !range.high.infinite) {
      const Rational share(below(23) - 1, 20);
      near = range.low.value + (range.high.value - range.low.value) * share;
    }
    const ExprId right = number(near, chance(20) ? Rational(1, 10) : Rational(0));
    return comparison(left, right, chance(70) ? Relation::equal : relation());
  }

  // ---- the rule

  void make_rule() {
    Place at;
    at.dims =
        std::vector<std::vector<int>>{
            {},          {dim_item}, {dim_group}, {dim_item, dim_group}, {dim_year}, {dim_group, dim_year}, {dim_item, dim_period},
            {dim_period}}[static_cast<std::size_t>(below(8))];
    rule.name = "random";
    for (const int dim : at.dims) rule.by.emplace_back(static_cast<std::size_t>(dim));
    dsl::InstanceSource items{TableId(std::size_t{0}), {}};
    dsl::InstanceSource groups{TableId(std::size_t{1}), {}};
    bool in_groups = true;
    for (const int dim : at.dims) {
      if (dim == dim_period) {
        items.parts.push_back({std::nullopt, 4});
      } else {
        items.parts.push_back({static_cast<std::uint32_t>(dim), 0});
      }
      in_groups = in_groups && (dim == dim_group || dim == dim_year);
      groups.parts.push_back({dim == dim_group ? 0u : 1u, 0});
    }
    if (!at.dims.empty() && in_groups && chance(70)) rule.sources.push_back(groups);
    if (!at.dims.empty() && (rule.sources.empty() || chance(80))) rule.sources.push_back(items);
    rule.strength = static_cast<dsl::Strength>(std::vector<int>{0, 0, 0, 1, 2}[static_cast<std::size_t>(below(5))]);
    const int depth = below(4);
    if (chance(30)) rule.when = truth(at, depth - 1);
    rule.require = chance(25)   ? tuned(at)
                   : chance(30) ? comparison(figure(at, depth), figure(at, depth), Relation::equal)
                                : truth(at, depth);
    if (chance(10)) {
      dsl::Aggregate one;
      one.table = TableId(std::size_t{0});
      one.hierarchy = 0;
      one.node = dsl::Binding{0, item_label(at), 0};
      one.element = number(1);
      program.aggregates.push_back(one);
      rule.children.emplace_back(program.aggregates.size() - 1);
    }
  }

  std::mt19937_64 random_;
  bool huge_ = false;
  int odd_ = 10;  // marks among figures, in percent
};

}  // namespace kenzan::engine::vector_test
