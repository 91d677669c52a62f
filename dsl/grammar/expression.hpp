// Expressions, loosest operator first. Included by grammar.cpp only.
#pragma once
#include <algorithm>

#include "dsl/grammar/actions.hpp"

namespace kenzan::dsl::grammar {

using tree::Bracket;
using tree::Expr;
using tree::ExprId;
using tree::ExprKind;
using tree::Op;

// --- which token is which operator ---

inline std::optional<Op> implies_operator(const Token* t, const State&) {
  return t->word == Word::implies ? std::optional(Op::implies) : std::nullopt;
}
inline std::optional<Op> or_operator(const Token* t, const State&) {
  return t->word == Word::or_ ? std::optional(Op::or_) : std::nullopt;
}
inline std::optional<Op> and_operator(const Token* t, const State&) {
  return t->word == Word::and_ ? std::optional(Op::and_) : std::nullopt;
}
inline std::optional<Op> not_operator(const Token* t, const State&) {
  return t->word == Word::not_ && t[1].kind != Kind::dot ? std::optional(Op::not_) : std::nullopt;
}
inline std::optional<Op> else_operator(const Token* t, const State&) {
  return t->word == Word::else_ ? std::optional(Op::else_) : std::nullopt;
}
inline std::optional<Op> sum_operator(const Token* t, const State& state) {
  if (state.sign_ends) return std::nullopt;
  if (t->kind == Kind::plus) return Op::add;
  if (t->kind == Kind::minus) return Op::subtract;
  return std::nullopt;
}
inline std::optional<Op> product_operator(const Token* t, const State&) {
  if (t->kind == Kind::star) return Op::multiply;
  if (t->kind == Kind::slash) return Op::divide;
  return std::nullopt;
}
inline std::optional<Op> negation_operator(const Token* t, const State&) {
  return t->kind == Kind::minus ? std::optional(Op::negate) : std::nullopt;
}
inline std::optional<Op> relation_of(const Token* t) {
  if (t->kind == Kind::equal) return Op::equal;
  if (t->kind == Kind::not_equal) return Op::not_equal;
  if (t->kind == Kind::less) return Op::less;
  if (t->kind == Kind::less_equal) return Op::less_equal;
  if (t->kind == Kind::greater) return Op::greater;
  if (t->kind == Kind::greater_equal) return Op::greater_equal;
  return std::nullopt;
}
inline bool not_in(const Token* t) { return t->word == Word::not_ && t[1].word == Word::in; }
inline bool compares(const Token* t) {
  return relation_of(t).has_value() || t->word == Word::is || t->word == Word::in || t->word == Word::matches || not_in(t);
}

// --- which words are names in an expression ---

/// Whether what follows the word at `t` cannot follow a name: then a word of the language there begins a clause, or is an operator
/// without its operand.
inline bool cannot_be_name(const Token* t) {
  switch (t[1].kind) {
    case Kind::word:
      if (t[1].word == Word::not_) return t[2].word != Word::in;
      return !stands_at(t[1].word, place::operation) && t[1].word != Word::where && t[1].word != Word::over &&
             t[1].word != Word::by && t[1].word != Word::as;
    case Kind::quoted:
    case Kind::string:
    case Kind::number:
    case Kind::date: return true;
    case Kind::open_paren: return stands_at(t->word, place::operation);
    default: return false;  // other signs may follow a name
  }
}
inline bool is_bare_name(const Token* t) {
  if (t->kind == Kind::quoted) return true;
  if (!is_word(t)) return false;
  if (t->word == Word::not_) return t[1].kind == Kind::dot;
  return !stands_at(t->word, place::rule_clause | place::table_clause | place::declaration | place::operation) ||
         !cannot_be_name(t);
}

inline constexpr Terminal bare_name{[](const Token* t, const State&) { return is_bare_name(t); }, MessageId::an_expression};
inline constexpr Terminal relation{[](const Token* t, const State&) { return relation_of(t).has_value(); },
                                   MessageId::an_expression};
inline constexpr Terminal not_in_list{[](const Token* t, const State&) { return not_in(t); }, MessageId::an_expression};
inline constexpr Terminal kind_of_cell{[](const Token* t, const State&) {
                                         return t->word == Word::nil || t->word == Word::unknown || t->word == Word::suppressed ||
                                                t->word == Word::number || t->word == Word::missing;
                                       },
                                       MessageId::a_kind_of_cell};
/// `dim` of `[dim: …]`.
inline constexpr Terminal dimension{[](const Token* t, const State&) { return is_name(t) && t[1].kind == Kind::colon; },
                                    MessageId::a_name};
/// A word that is all of a bracket's value is a label, whatever word it is.
inline constexpr Terminal bare_label{
    [](const Token* t, const State&) { return is_name(t) && (t[1].kind == Kind::comma || t[1].kind == Kind::close_bracket); },
    MessageId::an_expression};
/// `distinct` before what it counts, not a name of its own.
inline constexpr Terminal distinct{[](const Token* t, const State&) {
                                     return t->word == Word::distinct && is_name(t + 1) &&
                                            !stands_at(t[1].word, place::operation) && t[1].word != Word::where &&
                                            t[1].word != Word::over && t[1].word != Word::by;
                                   },
                                   MessageId::a_name};
/// `to` behind a number with 約.
inline constexpr Terminal place_of_about{
    [](const Token* t, const State& s) { return t->word == Word::to && t[-1].kind == Kind::number && s.number(t - 1).about; },
    MessageId::a_number};

// --- actions ---

struct MakeNumber {
  template <class Context>
  void operator()(const Context& context) const {
    Expr& expr = x3::_val(context);
    expr.kind = ExprKind::number;
    expr.number = state(context).number(x3::_attr(context));
    expr.span = expr.number->span;
  }
};
struct AddPlace {  // of 約… to …
  template <class Context>
  void operator()(const Context& context) const {
    Expr place;
    place.kind = ExprKind::number;
    place.number = state(context).number(x3::_attr(context));
    place.span = place.number->span;
    x3::_val(context).span.end = place.span.end;
    x3::_val(context).kids = {state(context).add(std::move(place))};
  }
};
template <ExprKind Of>
struct MakeLeaf {
  template <class Context>
  void operator()(const Context& context) const {
    Expr& expr = x3::_val(context);
    tree::Name written = state(context).name(x3::_attr(context));
    expr.kind = Of;
    expr.text = std::move(written.text);
    expr.text_span = expr.span = written.span;
  }
};
struct AddExpr {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context) = state(context).add(std::move(x3::_attr(context)));
  }
};
struct Pass {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context) = x3::_attr(context);
  }
};
/// Adds the comparison that `_attr` is, with the left operand parsed before.
struct AddComparison {
  template <class Context>
  void operator()(const Context& context) const {
    State& all = state(context);
    Expr expr = std::move(x3::_attr(context));
    expr.kids.insert(expr.kids.begin(), x3::_val(context));
    expr.span = all.file[x3::_val(context)].span;
    expr.span.end = last_token(context).end;
    x3::_val(context) = all.add(std::move(expr));
  }
};
template <ExprKind Of>
struct MakeComparison {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).kind = Of;
  }
};
struct MakeRelation {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).kind = ExprKind::binary;
    x3::_val(context).op = *relation_of(x3::_attr(context));
  }
};
/// A parenthesised expression spans its parentheses.
struct Widen {
  template <class Context>
  void operator()(const Context& context) const {
    State& all = state(context);
    Span& span = all.file.exprs[x3::_val(context).index()].span;
    const auto inner = std::ranges::lower_bound(all.tokens.list, span.begin, {}, &Token::begin);
    span.begin = (inner - 1)->begin;
    span.end = last_token(context).end;
  }
};
struct AddBy {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).by.emplace_back(state(context).name(x3::_attr(context)), std::nullopt);
  }
};
struct SetByAs {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).by.back().second = state(context).name(x3::_attr(context));
  }
};
/// Each of `where`, `over` and `by` stands once in a call.
template <auto Member>
struct OnceInCall {
  template <class Context>
  void operator()(const Context& context) const {
    const auto& member = x3::_val(context).*Member;
    bool given = false;
    if constexpr (requires { member.has_value(); }) given = member.has_value();
    if constexpr (requires { member.empty(); }) given = !member.empty();
    const Token& word = last_token(context);
    State& all = state(context);
    if (given) {
      all.diagnostics.error(all.tokens.span(word), say(MessageId::clause_repeated, {{"clause", std::string(spelling(word.word))}}));
    }
  }
};

// --- the grammar ---
// clang-format off: a rule is laid out by its alternatives

x3::rule<struct ExpressionRule, ExprId> const expression = "expression";
x3::rule<struct ComparisonRule, ExprId> const comparison = "comparison";
x3::rule<struct ComparisonTail, Expr> const comparison_tail = "comparison_tail";
x3::rule<struct AlternativeRule, ExprId> const alternative = "alternative";
x3::rule<struct PrimaryRule, ExprId> const primary = "primary";
x3::rule<struct NumberRule, Expr> const number_literal = "number";
x3::rule<struct LeafRule, Expr> const leaf = "leaf";
x3::rule<struct LiteralRule, ExprId> const literal = "literal";
x3::rule<struct UnsignedRule, ExprId> const unsigned_literal = "unsigned_literal";
x3::rule<struct ReferenceRule, Expr> const reference = "reference";
x3::rule<struct BracketRule, Bracket> const bracket = "bracket";
x3::rule<struct BareLabelRule, Expr> const bare_label_expr = "bare_label";

auto const an_expression = named(MessageId::an_expression)[expression];
auto const an_operand = named(MessageId::an_expression)[alternative];
auto const a_literal = named(MessageId::a_literal)[literal];
auto const free_expression = with_sign_ends(false, expression);
auto const an_argument = named(MessageId::an_expression)[free_expression];

auto const expression_def =
    chain(chain(chain(prefix(comparison, not_operator), and_operator), or_operator), implies_operator, Side::right);

auto const comparison_def = alternative[Pass{}] >> -(comparison_tail[AddComparison{}] >> NotChained(compares));

auto const comparison_tail_def =
    relation[MakeRelation{}] > an_operand[add<&Expr::kids>]
  | Keyword(Word::is)[MakeComparison<ExprKind::is>{}] > -Keyword(Word::not_)[put<&Expr::negated, true>]
        > kind_of_cell[set_text<&Expr::text>]
  | (not_in_list[put<&Expr::negated, true>] >> Keyword(Word::in) | Keyword(Word::in))[MakeComparison<ExprKind::in>{}]
        > open_paren > list(an_argument[add<&Expr::kids>]) > named(MessageId::comma_or_close)[close_paren]
  | Keyword(Word::matches)[MakeComparison<ExprKind::matches>{}] > regex[set_text<&Expr::text>];

auto const alternative_def = chain(chain(chain(prefix(primary, negation_operator), product_operator), sum_operator), else_operator);

auto const primary_def =
    number_literal[AddExpr{}]
  | leaf[AddExpr{}]
  | open_paren > an_argument[Pass{}] > close_paren[Widen{}]
  | reference[AddExpr{}];

auto const number_literal_def = number[MakeNumber{}] >> -(place_of_about > number[AddPlace{}]);

auto const leaf_def = string[MakeLeaf<ExprKind::text>{}] | date[MakeLeaf<ExprKind::date>{}];

/// A literal of a declaration: a number, perhaps negative, a text or a date.
auto const literal_def = prefix(unsigned_literal, negation_operator);
auto const unsigned_literal_def = number_literal[AddExpr{}] | leaf[AddExpr{}];

/// A name, a field of a table or a call, and its brackets.
auto const brackets = open_bracket > list(named(MessageId::an_expression)[bracket][add<&Expr::brackets>])
    > named(MessageId::comma_or_close_bracket)[close_bracket];

auto const call_clause =
    Keyword(Word::where)[OnceInCall<&Expr::where>{}] > an_argument[set<&Expr::where>]
  | Keyword(Word::over)[OnceInCall<&Expr::over>{}] > list(name[add_name<&Expr::over>])
  | Keyword(Word::by)[OnceInCall<&Expr::by>{}] > list(name[AddBy{}] >> -(Keyword(Word::as) > name[SetByAs{}]));

auto const reference_def = bare_name[MakeLeaf<ExprKind::name>{}] >> (
    open_paren[put<&Expr::kind, ExprKind::call>] > -distinct[put<&Expr::distinct, true>] > -list(an_argument[add<&Expr::kids>])
        > *call_clause > named(MessageId::comma_or_close)[close_paren][end]
  | dot[put<&Expr::kind, ExprKind::field>] > name[set_name<&Expr::field>] > x3::eps[end] > -(brackets > x3::eps[end])
  | brackets > x3::eps[end]
  | x3::eps);

auto const bracket_def = -(dimension[set_name<&Bracket::dim>] > colon)
    >> (bare_label_expr[([](const auto& context) {
          x3::_val(context).value = state(context).add(std::move(x3::_attr(context)));
        })]
      | free_expression[set<&Bracket::value>]);

auto const bare_label_expr_def = bare_label[MakeLeaf<ExprKind::name>{}];

}  // namespace kenzan::dsl::grammar
