// Rules, units, definitions, imports, parameters, and the file's declarations. Included by grammar.cpp only.
#pragma once
#include "dsl/grammar/table.hpp"

namespace kenzan::dsl::grammar {

using tree::Define;
using tree::Param;
using tree::Rule;
using tree::Strength;
using tree::Test;
using tree::UnitDecl;
using tree::Use;
using tree::Waiver;

// --- units ---

inline constexpr Terminal unit_name{[](const Token* t, const State&) { return is_name(t) || t->kind == Kind::unit_sign; },
                                    MessageId::a_unit_name};
/// A unit behind its number with a blank between: in `unit` declarations only. `unit 円 = 1 unit 人` goes on with a declaration.
inline constexpr Terminal unit_behind{[](const Token* t, const State& s) {
                                        return (is_name(t) || t->kind == Kind::unit_sign) && t[-1].kind == Kind::number &&
                                               s.number(t - 1).parts.back().unit.empty() && !stands_at(t->word, place::declaration);
                                      },
                                      MessageId::a_unit_name};

struct SetUnitBehind {
  template <class Context>
  void operator()(const Context& context) const {
    const tree::Name unit = state(context).name(x3::_attr(context));
    Expr& expr = x3::_val(context);
    expr.number->parts.back().unit = unit.text;
    expr.number->span.end = expr.span.end = unit.span.end;
  }
};

x3::rule<struct UnitDefinitionRule, Expr> const unit_number = "unit_number";
x3::rule<struct UnitDefinitionIdRule, ExprId> const unit_definition = "unit_definition";
x3::rule<struct UnitRule, UnitDecl> const unit = "unit";

auto const unit_number_def = number[MakeNumber{}] >> -unit_behind[SetUnitBehind{}];
auto const unit_definition_def = unit_number[AddExpr{}];

auto const unit_def = Keyword(Word::unit, nullptr, true)[begin] > unit_name[set_name<&UnitDecl::name>] > x3::eps[end] >
                      -(equal > named(MessageId::a_unit_definition)[unit_definition][set<&UnitDecl::definition>] > x3::eps[end]);

// --- definitions, imports, parameters ---
// clang-format off: a rule is laid out by its alternatives

x3::rule<struct DefineRule, Define> const define = "define";
x3::rule<struct UseRule, Use> const use = "use";
x3::rule<struct ParamRule, Param> const param = "param";

auto const define_def = Keyword(Word::define, nullptr, true)[begin] > name[set_name<&Define::name>]
    > -(open_paren > -list(name[add_name<&Define::parameters>]) > named(MessageId::comma_or_close)[close_paren])
    > named(MessageId::a_definition)[equal] > an_expression[set<&Define::body>] > x3::eps[end];

auto const use_def = Keyword(Word::use, nullptr, true)[begin] > string[set_text<&Use::path>] > x3::eps[end];

auto const param_def = Keyword(Word::param, nullptr, true)[begin] > name[set_name<&Param::name>]
    > named(MessageId::a_parameter_value)[equal] > a_literal[set<&Param::value>] > x3::eps[end];

// --- rules ---

/// `exactly` or `surely` before what it judges; where an operator follows, it is a name.
inline bool is_strength(const Token* t) {
  if (t->word != Word::exactly && t->word != Word::surely) return false;
  if (t[1].word == Word::not_) return t[2].word != Word::in;
  return is_name(t + 1) ? !stands_at(t[1].word, place::operation)
                        : t[1].kind == Kind::open_paren || t[1].kind == Kind::minus || t[1].kind == Kind::string ||
                              t[1].kind == Kind::number || t[1].kind == Kind::date;
}
inline constexpr Terminal exactly{[](const Token* t, const State&) { return t->word == Word::exactly && is_strength(t); },
                                  MessageId::an_expression};
inline constexpr Terminal surely{[](const Token* t, const State&) { return t->word == Word::surely && is_strength(t); },
                                 MessageId::an_expression};
inline constexpr Terminal severity{[](const Token* t, const State& s) {
                                     const std::string_view word = s.tokens.written(*t);
                                     return is_word(t) && (word == "error" || word == "warning" || word == "info");
                                   },
                                   MessageId::a_severity};
inline constexpr Terminal tag{[](const Token* t, const State&) { return is_name(t) || t->kind == Kind::string; }, MessageId::a_tag};

x3::rule<struct RuleRule, Rule> const rule = "rule";

auto const rule_clause =
    once(Word::severity) > severity[set_name<&Rule::severity>]
  | once(Word::source) > string[set_text<&Rule::source>]
  | once(Word::tags) > list(tag[add_name<&Rule::tags>])
  | once(Word::when) > an_expression[set<&Rule::when>]
  | once(Word::require) > -(exactly[put<&Rule::strength, Strength::exactly>] | surely[put<&Rule::strength, Strength::surely>])
      > an_expression[set<&Rule::require>]
  | once(Word::message) > string[set_text<&Rule::message>] > x3::eps[set_span<&Rule::message_span>]
  | once(Word::vacuous) > Keyword(Word::allowed)[put<&Rule::vacuous_allowed, true>];

auto const rule_def = Keyword(Word::rule, nullptr, true)[begin] > named(MessageId::a_rule_name)[name[set_name<&Rule::name>]]
    > -string[set_text<&Rule::title>]
    > -(Keyword(Word::by) > list(name[add_name<&Rule::by>]) > -(Keyword(Word::of) > list(name[add_name<&Rule::of>])))
    > named(MessageId::a_rule_body)[open_brace] > *rule_clause > named(MessageId::a_rule_clause)[close_brace] > x3::eps[end];

// --- waivers and tests ---

x3::rule<struct WaiverRule, Waiver> const waiver = "waiver";
x3::rule<struct ChangeRule, Test::Change> const change = "change";
x3::rule<struct ChangedCellRule, ExprId> const changed_cell = "changed_cell";
x3::rule<struct NewValueRule, ExprId> const new_value = "new_value";
x3::rule<struct NamedValueRule, Expr> const named_value = "named_value";
x3::rule<struct ExpectationRule, Test::Expectation> const expectation = "expectation";
x3::rule<struct TestRule, Test> const test = "test";

/// Whose findings are waived: not the clause that stands where the name was left out.
inline constexpr Terminal waived{[](const Token* t, const State&) {
                                   const bool clause = t->word == Word::until || t->word == Word::because || t->word == Word::by;
                                   return is_name(t) && !(clause && (t[1].kind == Kind::date || t[1].kind == Kind::string));
                                 },
                                 MessageId::a_waived_name};

/// Labels in brackets.
template <auto Member>
constexpr auto labels = open_bracket > list(named(MessageId::a_label)[bracket][add<Member>])
    > named(MessageId::comma_or_close_bracket)[close_bracket];

auto const waiver_def = Keyword(Word::waive, nullptr, true)[begin]
    > waived[set_name<&Waiver::name>] > -labels<&Waiver::at>
    > *( once(Word::until) > named(MessageId::a_date)[date[set_name<&Waiver::until>]]
       | once(Word::because) > string[set_name<&Waiver::because>]
       | once(Word::by) > string[set_name<&Waiver::by>])
    > x3::eps[end];

/// Words on one line with what they belong to: on the next, `set` and `expect` go on with the test.
inline bool is_name_here(const Token* t) { return is_name(t) && !t->line_start && t->word != Word::set && t->word != Word::expect; }
inline constexpr Terminal name_as_value{[](const Token* t, const State&) { return is_name_here(t); }, MessageId::a_cells_text};
inline constexpr Terminal outcome{[](const Token* t, const State&) {
                                    return is_name_here(t) && !(t->word == Word::at && t[1].kind == Kind::open_bracket);
                                  },
                                  MessageId::a_name};

auto const changed_cell_def = reference[AddExpr{}];
auto const new_value_def = literal[Pass{}] | named_value[AddExpr{}];
auto const named_value_def = name_as_value[MakeLeaf<ExprKind::name>{}];

auto const change_def = Keyword(Word::set)[begin] > named(MessageId::a_cell)[changed_cell[set<&Test::Change::cell>]]
    > equal > named(MessageId::a_cells_text)[new_value[set<&Test::Change::value>]] > x3::eps[end];

auto const expectation_def = Keyword(Word::expect)[begin]
    > named(MessageId::an_expected_name)[name[set_name<&Test::Expectation::subject>]]
    > -outcome[set_name<&Test::Expectation::outcome>] > -(Keyword(Word::at) > labels<&Test::Expectation::at>) > x3::eps[end];

auto const test_def = Keyword(Word::test, nullptr, true)[begin] > string[set_name<&Test::name>]
    > named(MessageId::a_test_body)[open_brace] > *(change[add<&Test::changes>] | expectation[add<&Test::expectations>])
    > named(MessageId::a_test_clause)[close_brace] > x3::eps[end];

// --- the file ---

template <auto Member>
struct Append {
  template <class Context>
  void operator()(const Context& context) const {
    (state(context).file.*Member).push_back(std::move(x3::_attr(context)));
  }
};

x3::rule<struct DeclarationRule, x3::unused_type> const any_declaration = "declaration";

auto const any_declaration_def = rule[Append<&tree::File::rules>{}] | table[Append<&tree::File::tables>{}]
    | unit[Append<&tree::File::units>{}] | define[Append<&tree::File::defines>{}] | use[Append<&tree::File::uses>{}]
    | param[Append<&tree::File::params>{}] | waiver[Append<&tree::File::waivers>{}] | test[Append<&tree::File::tests>{}];

}  // namespace kenzan::dsl::grammar
