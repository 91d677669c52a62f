// The typed program: what the rules mean, with every name resolved, every unit known and every definition inlined.
// The engine sees this and nothing of tokens, tree or grammar.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/figure_text.hpp"
#include "base/ids.hpp"
#include "base/interval.hpp"
#include "base/unit.hpp"
#include "diag/finding.hpp"

namespace kenzan::dsl {

using DimId = Id<struct DimTag>;
using TableId = Id<struct TableTag>;
using ExprId = Id<struct ExprTag>;
using AggregateId = Id<struct AggregateTag>;
using AccessId = Id<struct AccessTag>;
using RuleId = Id<struct RuleTag>;

/// Kinds of values. An `integer` column is a figure; as a label it is an integer without a fraction.
enum class ValueKind : std::uint8_t { figure, text, date, truth };

/// How the labels of a dimension compare and sort.
enum class LabelKind : std::uint8_t { text, integer, date };

struct Dimension {
  std::string name;  ///< folded
  LabelKind kind = LabelKind::text;
};

// ---------------------------------------------------------------- tables

enum class ColumnType : std::uint8_t { text, figure, integer, date, flag };

struct AcrossLabel {
  std::string label;     ///< folded
  std::string spelling;  ///< as the rule file writes it
  std::string header;    ///< as written, compared folded
};

struct Across {
  DimId dim;
  std::vector<AcrossLabel> labels;
  std::optional<std::string> pattern;  ///< RE2; then `labels` come from the file's headers
};

/// A constraint on the cells of one column, checked without a rule.
struct Constraint {
  enum class Kind : std::uint8_t { in_texts, in_figures, in_table, matches, compare, unique } kind = Kind::unique;
  std::vector<std::string> texts;  ///< in_texts, as written
  std::vector<Rational> figures;   ///< in_figures, base units
  TableId table;                   ///< in_table: the labels of that column
  std::uint32_t column = 0;
  std::string pattern;                  ///< matches (anywhere in the cell, RE2)
  Relation relation = Relation::equal;  ///< compare: cell relation limit
  Interval limit;
  std::string limit_text;  ///< the constraint's words, for messages
  Span span;
};

struct Column {
  std::string name;  ///< folded
  std::string spelling;
  ColumnType type = ColumnType::text;
  FigureFormat format;                           ///< figures and integers; unit, rounding, marks filled in
  std::optional<std::uint32_t> unit_column;      ///< `money in …`: index of a text column of this table
  std::optional<std::uint32_t> decimals_column;  ///< index of a column of this table
  std::optional<std::string> header;             ///< in the file, where it differs from `spelling`
  std::optional<std::uint32_t> position;         ///< from 1
  std::optional<Across> across;
  std::optional<std::string> take;                         ///< RE2 with at least one group
  std::vector<std::pair<std::string, std::string>> alias;  ///< printed (folded) = meant (as written)
  bool optional = false;
  bool from_file = false;      ///< filled with the label of the file (table over several files)
  bool record_number = false;  ///< the implicit column of `key row`
  std::optional<DimId> dim;    ///< text, integer and date columns are dimensions of this name
  std::vector<Constraint> constraints;
  Span span;

  [[nodiscard]] bool is_figure() const { return type == ColumnType::figure || type == ColumnType::integer; }
};

enum class Format : std::uint8_t { csv, tsv, other };

struct ReaderOptions {
  Format format = Format::csv;
  std::string format_name;  ///< for `other`: the message says that this version does not read it yet
  Span format_span;
  std::string encoding;           ///< "" = utf-8; others are refused with a message
  std::optional<char> delimiter;  ///< default: by format
  std::uint32_t header = 1;       ///< number of the header record after `skip`; 0: none
  std::uint32_t skip = 0;         ///< records before the header
};

/// The end of a file's name that says its format: ".tsv" of `A.TSV.gz`.
[[nodiscard]] std::string format_extension(const std::string& path);

struct InputFile {
  std::string path;   ///< as opened and as shown; relative to the rule file's folder, resolved
  std::string label;  ///< of the file dimension, "" if none
  Span span;          ///< where the rule file says so
};

struct HierarchyPart {
  std::string label;  ///< folded
  std::string spelling;
  bool negative = false;
  bool others = false;
  ExprId when;  ///< in the row context of the total; invalid: always
};
struct Hierarchy {
  enum class Kind : std::uint8_t { parent, level, prefix, path, stated } kind = Kind::stated;
  DimId dim;
  std::uint32_t node_column = 0;  ///< the key column
  std::uint32_t column = 0;       ///< parent, level
  std::vector<std::uint32_t> lengths;
  std::string separator;
  struct Total {
    std::string label;  ///< folded
    std::string spelling;
    std::vector<HierarchyPart> parts;
  };
  std::vector<Total> totals;
  Span span;
};

struct Table {
  std::string name;  ///< folded
  std::string spelling;
  std::vector<InputFile> files;              ///< in label order; a `none` file is absent
  std::optional<std::string> file_pattern;   ///< path with one {dimension}; the engine finds the files
  std::vector<std::string> file_labels;      ///< declared order of the file dimension's labels (folded), for lag
  std::optional<std::uint32_t> file_column;  ///< the column with `from_file`
  std::vector<Column> columns;
  std::vector<std::uint32_t> key;                    ///< columns; empty: the table holds one row
  ExprId where;                                      ///< rows to keep, in row context; invalid: all
  std::vector<std::vector<std::uint32_t>> complete;  ///< groups of key columns whose label combinations must all have rows
  ReaderOptions reader;
  std::vector<Hierarchy> hierarchies;
  Span span;

  [[nodiscard]] std::optional<std::uint32_t> find(std::string_view folded) const;
  /// The column that makes this table have dimension `dim` by its rows.
  [[nodiscard]] std::optional<std::uint32_t> dimension_column(DimId dim) const;
  /// Whether some column of the table is across `dim`.
  [[nodiscard]] bool has_across(DimId dim) const;
};

// ---------------------------------------------------------------- expressions

/// Fixes one dimension: rows whose `column` has the label that `value` gives (a text, integer or date expression).
/// `lag` > 0: the label that many places before it, in the order of the target's labels; where there is none, no instance is made.
struct Binding {
  std::uint32_t column = 0;
  ExprId value;
  std::uint32_t lag = 0;
};

/// Which cell: a column, the row, and for a column with `across` the label.
struct Access {
  TableId table;
  std::uint32_t column = 0;
  /// The row that the surrounding aggregate, `where` or hierarchy is at, instead of a look-up by `rows`.
  bool current_row = false;
  std::vector<Binding> rows;  ///< covers the key unless `current_row`; may hold attributes besides, which must agree
  /// For a column with `across`: its label (`column` unused). None: the label that the surrounding aggregate is at.
  std::optional<Binding> across;
};

enum class AggregateFunction : std::uint8_t {
  sum,
  count,
  min,
  max,
  mean,
  any,
  all,
  count_distinct,
  sorted_ascending,
  sorted_descending
};

/// A fold over the rows of one table that agree with the instance.
struct Aggregate {
  AggregateFunction function = AggregateFunction::sum;
  TableId table;
  ExprId element;                       ///< in row context: the expression folded
  ExprId where;                         ///< in row context; invalid: all rows
  std::vector<Binding> rows;            ///< restrict the rows; values are evaluated outside, in the instance's context
  std::optional<DimId> across;          ///< iterate this across dimension too; none: the element has no open one
  std::optional<Binding> across_label;  ///< fix the label that the aggregate is at (the instance's), instead of iterating
  std::uint32_t across_column = 0;      ///< a column of `table` whose `across` gives the labels
  /// Children of the node that the instance's labels name, instead of `rows` of the node's own dimension.
  std::optional<std::uint32_t> hierarchy;  ///< index into table.hierarchies
  std::optional<Binding> node;             ///< the node's label; `rows` then hold the other key dimensions
  Span span;
};

enum class ExprOp : std::uint8_t {
  figure,  ///< constant: `interval`, `written`
  text,    ///< constant: `string`
  date,    ///< constant: `string` "2027-03-31"
  truth,   ///< constant: `flag`
  label,   ///< the instance's label of `dim`: text, date, or an integer as a figure
  cell,    ///< `access`
  negate,
  add,
  subtract,
  multiply,
  divide,
  absolute,
  round,      ///< kids[0] to `written` (> 0, base units), `rounding`
  else_,      ///< kids[0] if it has a row and is not unknown, otherwise kids[1]
  aggregate,  ///< `aggregate`
  compare,    ///< kids[0] `relation` kids[1]; both of one kind
  same,       ///< texts equal when folded
  in,         ///< kids[0] in kids[1..], constants or expressions of the same kind
  matches,    ///< text kids[0] matches `string` (RE2, anywhere)
  is,         ///< kids[0] (a cell) is `mark_test`
  not_,
  and_,
  or_,
  implies,
  nfkc,
  trim,
  lower,
  length,
  contains,
  starts,
  ends,
};

enum class MarkTest : std::uint8_t { nil, unknown, suppressed, number, missing };

struct Expr {
  ExprOp op = ExprOp::truth;
  ValueKind kind = ValueKind::truth;
  Unit unit;  ///< of a figure: how people see it; values themselves are in base units
  std::vector<ExprId> kids;
  std::string string;
  Interval interval;
  Rational written = 0;
  Rounding rounding = Rounding::nearest;
  bool flag = false;  ///< truth constant; `is`, `in`, `matches`: negated is expressed by not_ around
  DimId dim;
  AccessId access;
  AggregateId aggregate;
  Relation relation = Relation::equal;
  MarkTest mark_test = MarkTest::nil;
  Span span;
};

// ---------------------------------------------------------------- rules

/// Where instances come from: for each dimension of the rule, how this table has it.
struct InstanceSource {
  TableId table;
  struct Part {
    std::optional<std::uint32_t> column;  ///< a column of the rows …
    std::uint32_t across_column = 0;      ///< … or the across of this column
  };
  std::vector<Part> parts;  ///< as many as `by`
};

enum class Strength : std::uint8_t { possible, exactly, surely };

struct MessagePart {
  enum class Kind : std::uint8_t { literal, dimension, left, right, gap, title, rule } kind = Kind::literal;
  std::string text;
  DimId dim;
};

struct Rule {
  std::string name;
  std::string title, source;
  std::vector<std::string> tags;
  Severity severity = Severity::error;
  std::vector<DimId> by;
  std::vector<InstanceSource> sources;  ///< empty with a non-empty `by` cannot be
  ExprId when;                          ///< invalid: always
  ExprId require;
  Strength strength = Strength::possible;
  std::vector<MessagePart> message;  ///< empty: the default message
  bool vacuous_allowed = false;
  std::vector<AggregateId> children;  ///< made only for instances for which each of these has children
  std::vector<TableId> tables;
  Span place;  ///< of the name
  Span span;
};

// ---------------------------------------------------------------- waivers and tests

/// A label that an instance, or the key of a cell, must have; without a dimension: in any.
struct RequiredLabel {
  std::string dim;    ///< folded; "" if none was named
  std::string label;  ///< folded
};

/// Silences findings of one rule or built-in code.
struct Waiver {
  std::string name;  ///< as findings have it
  std::vector<RequiredLabel> at;
  std::string until;  ///< the last day on which it counts, "2027-03-31"
  std::string because, by;
  Span place;  ///< of the name
  Span span;
};

/// Cells that are written otherwise, and what is then to be found.
struct Test {
  struct Change {
    ExprId cell;       ///< a look-up that is the same for all instances
    std::string text;  ///< the cell's new text, without quotes of the format
    Span span;
  };
  struct Expectation {
    std::string rule;                ///< or "": `code` is expected
    std::optional<Verdict> verdict;  ///< of the rule
    std::string code;
    std::optional<TableId> table;  ///< in which `code` is expected; none: in any
    std::vector<RequiredLabel> at;
    Span span;
  };
  std::string name;
  std::vector<Change> changes;
  std::vector<Expectation> expectations;
  Span place;  ///< of the name
};

/// A file that the program was compiled from.
struct RuleFile {
  SourceId source;
  std::vector<std::size_t> uses;  ///< indexes of those that it names in `use`
};

struct Program {
  std::vector<RuleFile> files;
  std::vector<Dimension> dims;
  std::vector<Table> tables;
  std::vector<Expr> exprs;
  std::vector<Access> accesses;
  std::vector<Aggregate> aggregates;
  std::vector<Rule> rules;
  std::vector<Waiver> waivers;
  std::vector<Test> tests;
  UnitTable units;  ///< for reading cells: the units of all files

  [[nodiscard]] const Dimension& operator[](DimId id) const { return dims[id.index()]; }
  [[nodiscard]] const Table& operator[](TableId id) const { return tables[id.index()]; }
  [[nodiscard]] const Expr& operator[](ExprId id) const { return exprs[id.index()]; }
  [[nodiscard]] const Access& operator[](AccessId id) const { return accesses[id.index()]; }
  [[nodiscard]] const Aggregate& operator[](AggregateId id) const { return aggregates[id.index()]; }
};

}  // namespace kenzan::dsl
