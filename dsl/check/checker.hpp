// The checker's shared state: one for a compilation. Its members are defined by concern, a file each.
#pragma once
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "dsl/compile.hpp"
#include "dsl/tree.hpp"

namespace kenzan::dsl::check {

/// What a name can mean in a file: its own declarations and those of the files it uses.
struct Scope {
  struct Definition {
    const tree::Define* tree = nullptr;
    std::size_t file = 0;
  };
  struct Parameter {
    const tree::Param* tree = nullptr;
    std::size_t file = 0;
    Expr value;  ///< a constant
  };
  UnitTable units;
  std::map<std::string, TableId> tables;
  std::map<std::string, Definition> definitions;
  std::map<std::string, Parameter> parameters;
  std::set<std::string> lost;  ///< names of declarations that did not parse: no follow-on errors about them
};

struct RuleFile {
  std::string path;
  SourceId source;
  tree::File tree;
  Scope scope;
  std::vector<std::size_t> uses;  ///< indexes of files
  bool used = false;              ///< by another file: its unused definitions are no mistake
  bool declared = false;          ///< its declarations have been entered
};

/// Where the words of an expression get their meaning: its file and, inside a definition, the arguments of the call.
struct Lexical {
  const RuleFile* file = nullptr;
  struct Argument {
    tree::ExprId expr;
    const Lexical* lexical;
  };
  std::map<std::string, Argument> arguments;
  const tree::Define* definition = nullptr;  ///< being inlined; none: a declaration itself
  const Lexical* caller = nullptr;
};

/// What an expression is checked for: the instances, and the row that the surroundings are at.
struct Context {
  const Lexical* lexical = nullptr;

  /// Dimensions of the instances. While the dimensions of a rule without `by` are being inferred, open ones are added here.
  std::vector<DimId>* by = nullptr;
  bool inferring = false;

  /// Inside an aggregate, a table's `where` or a hierarchy: the table whose row is current, and the across dimension that the
  /// surroundings choose a label of.
  std::optional<TableId> row;
  std::optional<DimId> row_across;
  std::uint32_t row_across_column = 0;
  bool collects_across = false;                  ///< an open across dimension of the row's table becomes `row_across`
  std::vector<Binding>* restrictions = nullptr;  ///< where `x[section: 3]` in an aggregate's element puts its row restrictions
  const Context* outer = nullptr;                ///< of an aggregate: the context it stands in

  std::map<DimId, std::uint32_t> lag;
  bool lag_applied = false;
  int depth = 0;

  [[nodiscard]] const RuleFile& file() const { return *lexical->file; }
  [[nodiscard]] const tree::File& tree() const { return lexical->file->tree; }
};

class Checker {
 public:
  Checker(SourceMap& sources, const CompileOptions& options, Diagnostics& diagnostics)
      : sources_(sources), options_(options), diagnostics_(&diagnostics) {}

  Compiled run();

 private:
  // files.cpp: reading, `use`, scopes
  std::optional<std::size_t> load(const std::string& path, const tree::Use* use);
  void declare(std::size_t file);
  void import(Scope& into, const Scope& from);
  void declare_units(RuleFile& file);
  void declare_params(std::size_t file);
  void report_unused();

  // literals.cpp: numbers, units, types
  std::optional<Expr> number(const tree::File& file, const tree::Expr& expr, const UnitTable& units);
  std::optional<Expr> literal(const tree::File& file, tree::ExprId id, const UnitTable& units);
  const Unit* unit(const std::string& name, Span span, const UnitTable& units);
  std::optional<Unit> unit_of(const tree::Type& type, const UnitTable& units);
  bool regex(const tree::Regex& regex, bool needs_group);

  // tables.cpp: declarations of tables
  void declare_table(RuleFile& file, const tree::Table& table);
  std::optional<Column> column(const RuleFile& file, const tree::Table& table, const tree::Column& column);
  void figure_format(const RuleFile& file, const tree::Table& table, const tree::Column& tree, Column& column);
  /// Fills the files; returns the dimension of a table over several files.
  std::optional<DimId> files_of(const RuleFile& file, const tree::Table& tree, Table& table);
  void reader_options(const tree::Table& tree, Table& table);
  void key_of(const tree::Table& tree, Table& table);
  void finish_tables();  ///< kinds of dimensions; then what refers to other tables or needs expressions
  void constraints(const RuleFile& file, const tree::Column& tree, Table& table, std::uint32_t column);
  void hierarchies(const RuleFile& file, const tree::Table& tree, TableId id);
  DimId dim(const std::string& folded);

  // expressions.cpp: operators, functions, definitions
  ExprId expression(tree::ExprId id, Context& context);
  ExprId name(const tree::Expr& expr, Context& context);
  ExprId call(const tree::Expr& expr, Context& context);
  ExprId function(const tree::Expr& expr, Context& context);
  ExprId inlined(const tree::Expr& expr, const Scope::Definition& definition, Context& context);
  ExprId unary(const tree::Expr& expr, Context& context);
  ExprId binary(const tree::Expr& expr, Context& context);
  ExprId arithmetic(const tree::Expr& expr, ExprId left, ExprId right);
  ExprId comparison(Span span, Relation relation, ExprId left, ExprId right);
  ExprId is(const tree::Expr& expr, Context& context);
  ExprId in(const tree::Expr& expr, Context& context);
  ExprId truth(tree::ExprId id, Context& context, MessageId wrong);
  ExprId argument(tree::ExprId id, Context& context, ValueKind kind, const std::string& function);
  bool comparable(Span span, ExprId left, ExprId right);
  void refuse_commas(const tree::File& file, const std::vector<tree::ExprId>& arguments, std::size_t from);

  // fields.cpp: cells and their look-ups
  ExprId field(const tree::Expr& expr, Context& context);
  ExprId cell(const tree::Expr& expr, TableId table, std::uint32_t column, Context& context);
  struct Fixed {
    std::vector<Binding> rows;
    std::optional<Binding> across;
    bool ok = true;
  };
  Fixed brackets(const tree::Expr& expr, TableId table, std::uint32_t column, Context& context);
  ExprId bracket_value(const tree::Bracket& bracket, LabelKind kind, const Across* across, Context& context);
  ExprId dimension_value(DimId dim, Context& context, Span span);  ///< invalid: not in scope
  [[nodiscard]] bool in_scope(DimId dim, const Context& context) const;
  std::optional<Binding> binding(TableId table, std::uint32_t column, DimId dim, Context& context, Span span);
  void note_use(TableId table, std::vector<std::pair<std::uint32_t, DimId>> regrouped = {});

  // aggregates.cpp
  ExprId aggregate(const tree::Expr& expr, AggregateFunction function, Context& context);
  ExprId children(const tree::Expr& call, const tree::Expr* outer_call, AggregateFunction function, Context& context);
  std::optional<TableId> driver(tree::ExprId id, const Lexical& lexical) const;  ///< the table that an aggregate folds
  ExprId aggregate_expr(Aggregate aggregate, Span span);
  struct Resolved {
    const tree::Expr* expr;
    const Lexical* lexical;
  };
  Resolved resolve_argument(tree::ExprId id, const Lexical& lexical) const;  ///< through the arguments of definitions

  // rules.cpp
  void rule(std::size_t file, const tree::Rule& rule);
  bool instance_sources(const Scope& scope, const tree::Rule& tree, Rule& rule);
  std::vector<MessagePart> message_template(const tree::Rule& tree, const Rule& rule);

  // waivers.cpp: waivers and tests
  void waiver(const RuleFile& file, const tree::Waiver& waiver);
  void test(const RuleFile& file, const tree::Test& test);
  bool change(const RuleFile& file, const tree::Test::Change& change, Test& test);
  bool expectation(const RuleFile& file, const tree::Test::Expectation& expectation, Test& test);
  const Rule* rule_named(const std::string& name) const;
  /// Whether a rule of this name may have been declared, though the program does not have it: there is a mistake in it.
  bool rule_lost(const RuleFile& file, const std::string& name) const;
  std::optional<std::vector<RequiredLabel>> required_labels(const RuleFile& file, const std::vector<tree::Bracket>& at,
                                                            const Rule* of);

  // cannot_fail.cpp
  bool cannot_fail(ExprId require) const;

  // helpers of all
  static constexpr std::size_t most_exprs = 250'000;
  /// Whether the limit was passed, and reported: nothing more is inlined.
  [[nodiscard]] bool too_large() const { return program_.exprs.size() > most_exprs; }
  ExprId add(Expr expr);
  ExprId figure_constant(Rational value, Unit unit, Span span);
  [[nodiscard]] const Expr& expr(ExprId id) const { return program_.exprs[id.index()]; }
  void error(Span span, Message message) { diagnostics_->error(span, std::move(message)); }
  void error(Span span, Message message, Message help) { diagnostics_->error(span, std::move(message), std::move(help)); }
  /// Reports an unknown name with the nearest of `candidates`, or with all of them where there are few.
  void unknown(Span span, Message message, const std::string& wanted, std::vector<std::string> candidates);

  SourceMap& sources_;
  const CompileOptions& options_;
  Diagnostics* diagnostics_;
  Program program_;
  std::vector<std::string> unreadable_;
  std::vector<std::unique_ptr<RuleFile>> files_;
  std::map<std::string, std::size_t> file_index_;
  std::map<std::string, DimId> dim_index_;
  struct PendingTable {
    std::size_t file;
    const tree::Table* tree;
    TableId id;
  };
  std::vector<PendingTable> pending_;
  std::set<std::string> used_names_;  ///< "file index\0name" of definitions and parameters that were used
  std::set<std::string> set_params_;  ///< --set names that some file declares

  // of the rule being checked
  struct Use {
    TableId table;
    std::vector<std::pair<std::uint32_t, DimId>> regrouped;  ///< columns that stand for dimensions
    friend bool operator==(const Use&, const Use&) = default;
  };
  std::vector<Use> rule_uses_;
  std::vector<AggregateId> rule_children_;
  std::vector<std::pair<TableId, Span>> rule_aggregated_;
};

/// A name of one file, as `used_names_` holds it.
[[nodiscard]] std::string used_key(std::size_t file, const std::string& name);
/// What people call a type: "a figure in 億円", "a text", …
[[nodiscard]] std::string describe(const Expr& expr);
/// The name of a unit in messages: "億円"; "no unit" for plain numbers.
[[nodiscard]] std::string unit_name(const Unit& unit);

}  // namespace kenzan::dsl::check
