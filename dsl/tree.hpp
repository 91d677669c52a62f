// The parse tree of a rule file: what was written, with places, before names, types and units are known.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "base/figure.hpp"
#include "base/ids.hpp"
#include "diag/source.hpp"

namespace kenzan::dsl::tree {

using ExprId = Id<struct TreeExprTag>;

/// A word as written, without 「」 or quotes.
struct Name {
  std::string text;
  Span span;
};

/// A number with its unit: `1,378.9億円` is {"1378.9", "億円"}, compound `3兆2,500億円` has two parts.
struct Number {
  struct Part {
    std::string digits;  ///< ASCII digits with at most one '.', commas and `_` removed, exponent kept ("1.2e5")
    std::string unit;    ///< as written, "" if none
  };
  std::vector<Part> parts;
  bool negative = false;  ///< written with ▲ or △; `-` is an operator
  bool about = false;     ///< 約 or about
  bool commas = false;    ///< has a thousands comma
  Span span;
};

enum class ExprKind : std::uint8_t {
  number,   ///< number; with `about … to …`: kids[0] is the place (a number)
  text,     ///< text: a "string"
  date,     ///< text: "2027-03-31"
  name,     ///< text: a bare word or 「…」
  field,    ///< text = table, field = column; `brackets` follow
  call,     ///< text = function or aggregate or definition; see Call fields
  unary,    ///< op; kids[0]
  binary,   ///< op; kids[0], kids[1]
  is,       ///< kids[0] `is [not]` text (nil unknown suppressed number missing)
  in,       ///< kids[0] `[not] in` kids[1..]
  matches,  ///< kids[0] `matches` /text/
};

enum class Op : std::uint8_t {
  implies,
  or_,
  and_,
  not_,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  else_,
  add,
  subtract,
  multiply,
  divide,
  negate,
};

/// One item of `x[section: 3, R6]`: `dim` is empty in the short form. A bare name or integer as value stays a name or number
/// expression: the checker decides whether it is a label or a dimension of the instance.
struct Bracket {
  std::optional<Name> dim;
  ExprId value;
};

struct Expr {
  ExprKind kind = ExprKind::name;
  Op op = Op::add;
  bool negated = false;  ///< `is not`, `not in`
  std::string text;
  std::optional<Name> field;  ///< of `table.column`
  Span text_span;             ///< of `text` alone (the table of a field, the name of a call)
  std::optional<Number> number;
  std::vector<ExprId> kids;       ///< arguments of a call
  std::vector<Bracket> brackets;  ///< of a field (also of a bare name: `amount[R6]` in a `where`)
  // A call only: f(distinct x over a, b by p as q where E)
  bool distinct = false;
  std::optional<ExprId> where;
  std::vector<Name> over;
  std::vector<std::pair<Name, std::optional<Name>>> by;  ///< by column as dimension
  Span span;
};

/// A label written in a declaration: a word, an integer, a "string" or 「…」.
struct Label {
  std::string text;
  Span span;
};

struct Regex {
  std::string pattern;
  Span span;
};

struct Rounded {
  Rounding mode;
  Span span;
};

struct Marks {
  std::optional<std::vector<std::string>> nil, unknown, suppressed;
};

/// `in (…)`, `in t.c`, `matches /…/`, `>= 0億円`, `unique`
struct Constraint {
  enum class Kind : std::uint8_t { in_list, in_table, matches, compare, unique } kind = Kind::unique;
  std::vector<ExprId> values;         ///< in_list: literals; compare: one literal
  Op op = Op::equal;                  ///< compare
  std::optional<Name> table, column;  ///< in_table
  std::optional<Regex> regex;
  Span span;
};

struct AcrossLabel {
  Label label;
  std::string header;
  Span span;
};
struct Across {
  Name dim;
  std::vector<AcrossLabel> labels;  ///< `across DIM { LABEL = "header", … }`
  std::optional<Regex> pattern;     ///< `across DIM from /REGEX/`
};

/// A type as written: a word (`text`, `億円`, `money`) or a compound unit `円/人`.
struct Type {
  std::string first;                               ///< "億円"
  std::vector<std::pair<char, std::string>> more;  ///< ('/', "人")
  std::optional<Name> unit_column;                 ///< `money in unit_column`
  Span span;
};

struct Column {
  Name name;
  Type type;
  std::optional<std::string> header;      ///< from "header"
  std::optional<std::uint32_t> position;  ///< from 3
  Span from_span;
  std::optional<Across> across;
  std::optional<Regex> take;
  std::vector<std::pair<Label, Label>> alias;  ///< printed = meant
  bool optional = false;
  std::optional<Rounded> rounded;
  std::optional<ExprId> to;      ///< a number
  std::optional<Name> decimals;  ///< column that says the place
  std::optional<Name> brackets;  ///< plain | minus | none
  Marks marks;
  std::vector<Constraint> constraints;
  Span span;
};

/// `hierarchy DIM …`
struct Hierarchy {
  enum class Kind : std::uint8_t { parent, level, prefix, path, stated } kind = Kind::stated;
  Name dim;
  std::optional<Name> column;          ///< parent, level
  std::vector<std::uint32_t> lengths;  ///< prefix
  std::string separator;               ///< path
  struct Part {
    Label label;
    bool negative = false;
    bool others = false;  ///< the word `others`
    std::optional<ExprId> when;
  };
  struct Total {
    Label label;
    std::vector<Part> parts;
  };
  std::vector<Total> totals;  ///< stated
  Span span;
};

/// One reader option: `format csv`, `encoding "cp932"`, `delimiter ";"`, `decimal ","`, `group "."`, `header 0`, `skip 2`,
/// `sheet "x"`, `range "A1:B2"`, `table 1`.
struct ReaderOption {
  Name name;
  std::string text;                     ///< word or string value
  std::optional<std::uint32_t> number;  ///< integer value
  Span value_span;
};

/// `across year { R3 = "R3.csv", R5 = none }` of a table over several files.
struct FileAcross {
  Name dim;
  struct File {
    Label label;
    std::optional<std::string> path;  ///< none: `none`
    Span span;
  };
  std::vector<File> files;
};

struct Table {
  Name name;
  std::optional<std::string> from;  ///< may hold one {dimension}
  Span from_span;
  std::optional<FileAcross> across;
  std::vector<Column> columns;
  std::vector<Name> key;  ///< key …; see key_row
  bool has_key = false;
  bool key_row = false;  ///< `key row`
  Span key_span;
  std::optional<Rounded> rounded;
  Marks marks;
  std::optional<ExprId> where;
  std::vector<Name> complete;
  std::vector<ReaderOption> options;
  std::vector<Hierarchy> hierarchies;
  Span span;
};

struct UnitDecl {
  Name name;
  std::optional<ExprId> definition;  ///< a number expression: `1_000 円`, `0.1`
  Span span;
};

struct Define {
  Name name;
  std::vector<Name> parameters;
  ExprId body;
  Span span;
};

struct Use {
  std::string path;
  Span span;
};

struct Param {
  Name name;
  ExprId value;  ///< a literal
  Span span;
};

enum class Strength : std::uint8_t { possible, exactly, surely };

struct Rule {
  Name name;
  std::optional<std::string> title;
  std::vector<Name> by;
  std::vector<Name> of;
  std::optional<Name> severity;  ///< error | warning | info
  std::optional<std::string> source;
  std::vector<Name> tags;
  std::optional<ExprId> when;
  std::optional<ExprId> require;  ///< the grammar demands one
  Strength strength = Strength::possible;
  std::optional<std::string> message;
  Span message_span;
  bool vacuous_allowed = false;
  Span span;
};

/// `waive NAME [labels] until DATE because "…" by "…"`
struct Waiver {
  Name name;  ///< of a rule, or a built-in code
  std::vector<Bracket> at;
  std::optional<Name> until, because, by;
  Span span;
};

/// `test "…" { set … expect … }`
struct Test {
  struct Change {
    ExprId cell;   ///< a field with brackets
    ExprId value;  ///< a literal or a name
    Span span;
  };
  struct Expectation {
    Name subject;                 ///< a rule, a table, or a built-in code
    std::optional<Name> outcome;  ///< a verdict of the rule, or a code
    std::vector<Bracket> at;
    Span span;
  };
  Name name;
  std::vector<Change> changes;
  std::vector<Expectation> expectations;
  Span span;
};

/// A parsed file. Declarations that did not parse are absent and were reported; `incomplete` then tells the checker to suppress
/// follow-on errors about the names in `lost`.
struct File {
  SourceId source;
  std::vector<Expr> exprs;
  std::vector<UnitDecl> units;
  std::vector<Table> tables;
  std::vector<Define> defines;
  std::vector<Use> uses;
  std::vector<Param> params;
  std::vector<Rule> rules;
  std::vector<Waiver> waivers;
  std::vector<Test> tests;
  std::vector<std::string> lost;  ///< names of declarations that were skipped

  [[nodiscard]] const Expr& operator[](ExprId id) const { return exprs[id.index()]; }
  ExprId add(Expr expr) {
    exprs.push_back(std::move(expr));
    return ExprId(exprs.size() - 1);
  }
};

}  // namespace kenzan::dsl::tree
