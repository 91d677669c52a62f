// Parsers over tokens that the grammar is built of: terminals with predicates, clauses given once, chains of operators.
#pragma once
#include <boost/spirit/home/x3.hpp>

#include "dsl/grammar/grammar.hpp"

namespace kenzan::dsl::grammar {

namespace x3 = boost::spirit::x3;

struct StateTag;

template <class Context>
State& state(const Context& context) {
  return x3::get<StateTag>(context);
}

inline std::string expected(MessageId id) { return "#" + std::to_string(static_cast<unsigned>(id)); }

/// One token that a predicate accepts; its attribute is the token. Predicates may look at the tokens around: Kind::end is always
/// behind, and never accepted.
struct Terminal : x3::parser<Terminal> {
  using attribute_type = const Token*;
  static constexpr bool has_attribute = true;
  using Predicate = bool (*)(const Token*, const State&);

  Predicate accepts;
  MessageId what;

  constexpr Terminal(Predicate accepts_, MessageId what_) : accepts(accepts_), what(what_) {}

  template <class Iterator, class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator&, const Context& context, RuleContext&, Attribute& attribute) const {
    if (!accepts(first, state(context))) return false;
    const Token* token = first++;
    x3::traits::move_to(token, attribute);
    return true;
  }
};

/// A sign.
struct Sign : x3::parser<Sign> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
  Kind kind;

  explicit constexpr Sign(Kind kind_) : kind(kind_) {}

  template <class Iterator, class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator&, const Context&, RuleContext&, Attribute&) const {
    if (first->kind != kind) return false;
    ++first;
    return true;
  }
};

/// A bare word of the language; `given` says where it is noted that a clause stands only once.
struct Keyword : x3::parser<Keyword> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
  using Given = std::array<const Token*, 128> State::*;

  Word word;
  Given given = nullptr;
  bool at_top = false;

  explicit constexpr Keyword(Word word_, Given given_ = nullptr, bool at_top_ = false)
      : word(word_), given(given_), at_top(at_top_) {}

  template <class Iterator, class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator&, const Context& context, RuleContext&, Attribute&) const {
    if (first->word != word || (first->declares && !at_top)) return false;
    if (given != nullptr) {
      State& all = state(context);
      const Token*& before = (all.*given)[static_cast<std::size_t>(word)];
      if (before != nullptr) all.clause_repeated(*before, *first);
      if (before == nullptr) before = first;
    }
    ++first;
    return true;
  }
};

/// A clause of a rule or table, and one of a column: each is reported where it is given again.
constexpr Keyword once(Word word) { return Keyword(word, &State::given); }
constexpr Keyword once_in_column(Word word) { return Keyword(word, &State::given_in_column); }

/// Says what a parser stands for in a message.
template <class Subject>
struct Named : x3::unary_parser<Subject, Named<Subject>> {
  using base_type = x3::unary_parser<Subject, Named<Subject>>;
  static bool const is_pass_through_unary = true;
  MessageId what;

  constexpr Named(const Subject& subject_, MessageId what_) : base_type(subject_), what(what_) {}

  template <class Iterator, class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext& rule, Attribute& attribute) const {
    return this->subject.parse(first, last, context, rule, attribute);
  }
};

struct NamedAs {
  MessageId what;
  template <class Subject>
  constexpr auto operator[](const Subject& subject) const {
    return Named<typename x3::extension::as_parser<Subject>::value_type>(x3::as_parser(subject), what);
  }
};
constexpr NamedAs named(MessageId what) { return {what}; }

/// Parses its subject while `State::sign_ends` has a value.
template <class Subject>
struct SignEnds : x3::unary_parser<Subject, SignEnds<Subject>> {
  using base_type = x3::unary_parser<Subject, SignEnds<Subject>>;
  static bool const is_pass_through_unary = true;
  bool value;

  constexpr SignEnds(const Subject& subject_, bool value_) : base_type(subject_), value(value_) {}

  template <class Iterator, class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext& rule, Attribute& attribute) const {
    struct Restore {
      bool& now;
      bool before;
      ~Restore() { now = before; }
    } restore{state(context).sign_ends, state(context).sign_ends};
    state(context).sign_ends = value;
    return this->subject.parse(first, last, context, rule, attribute);
  }
};
template <class Subject>
constexpr auto with_sign_ends(bool value, const Subject& subject) {
  return SignEnds<typename x3::extension::as_parser<Subject>::value_type>(x3::as_parser(subject), value);
}

/// The operator that a token is, in one level of precedence.
using OperatorOf = std::optional<tree::Op> (*)(const Token*, const State&);

enum class Side : std::uint8_t { left, right };

/// Operands with operators of one level between them, grouped from the left or from the right. A loop: its length costs no stack.
template <class Operand>
struct Chain : x3::unary_parser<Operand, Chain<Operand>> {
  using base_type = x3::unary_parser<Operand, Chain<Operand>>;
  static bool const is_pass_through_unary = true;
  OperatorOf operator_of;
  Side side;

  constexpr Chain(const Operand& operand, OperatorOf operator_of_, Side side_)
      : base_type(operand), operator_of(operator_of_), side(side_) {}

  template <class Iterator, class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext& rule, Attribute& attribute) const {
    State& all = state(context);
    tree::ExprId left;
    if (!this->subject.parse(first, last, context, rule, left)) return false;
    std::vector<std::pair<tree::ExprId, tree::Op>> open;  // of a chain grouped from the right
    while (const std::optional<tree::Op> op = operator_of(first, all)) {
      ++first;
      tree::ExprId right;
      if (!this->subject.parse(first, last, context, rule, right)) {
        throw x3::expectation_failure<Iterator>(first, expected(MessageId::an_expression));
      }
      if (side == Side::left) {
        left = all.add_binary(*op, left, right);
      } else {
        open.emplace_back(left, *op);
        left = right;
      }
    }
    for (; !open.empty(); open.pop_back()) left = all.add_binary(open.back().second, open.back().first, left);
    x3::traits::move_to(left, attribute);
    return true;
  }
};
template <class Operand>
constexpr auto chain(const Operand& operand, OperatorOf operator_of, Side side = Side::left) {
  return Chain<typename x3::extension::as_parser<Operand>::value_type>(x3::as_parser(operand), operator_of, side);
}

/// An operand behind any number of one prefix operator.
template <class Operand>
struct Prefix : x3::unary_parser<Operand, Prefix<Operand>> {
  using base_type = x3::unary_parser<Operand, Prefix<Operand>>;
  static bool const is_pass_through_unary = true;
  OperatorOf operator_of;

  constexpr Prefix(const Operand& operand, OperatorOf operator_of_) : base_type(operand), operator_of(operator_of_) {}

  template <class Iterator, class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator& last, const Context& context, RuleContext& rule, Attribute& attribute) const {
    State& all = state(context);
    const Iterator begin = first;
    while (operator_of(first, all)) ++first;
    const Iterator end = first;
    tree::ExprId value;
    if (!this->subject.parse(first, last, context, rule, value)) {
      if (begin != end) throw x3::expectation_failure<Iterator>(first, expected(MessageId::an_expression));
      return false;
    }
    for (Iterator sign = end; sign != begin;) {
      --sign;
      value = all.add_unary(*operator_of(sign, all), *sign, value);
    }
    x3::traits::move_to(value, attribute);
    return true;
  }
};
template <class Operand>
constexpr auto prefix(const Operand& operand, OperatorOf operator_of) {
  return Prefix<typename x3::extension::as_parser<Operand>::value_type>(x3::as_parser(operand), operator_of);
}

/// Fails with the expectation `chained` where another comparison follows a comparison.
struct NotChained : x3::parser<NotChained> {
  using attribute_type = x3::unused_type;
  static constexpr bool has_attribute = false;
  using Predicate = bool (*)(const Token*);
  Predicate compares;

  explicit constexpr NotChained(Predicate compares_) : compares(compares_) {}

  template <class Iterator, class Context, class RuleContext, class Attribute>
  bool parse(Iterator& first, const Iterator&, const Context&, RuleContext&, Attribute&) const {
    if (compares(first)) throw x3::expectation_failure<Iterator>(first, std::string(chained));
    return true;
  }
};

/// `item`, `item, item`: after a comma another item is expected.
template <class Item>
constexpr auto list(const Item& item) {
  return item >> *(Sign(Kind::comma) > item);
}

/// Items with or without commas between them.
template <class Item>
constexpr auto series(const Item& item) {
  return item >> *(-Sign(Kind::comma) >> item) >> -Sign(Kind::comma);
}

}  // namespace kenzan::dsl::grammar

namespace boost::spirit::x3 {

template <>
struct get_info<kenzan::dsl::grammar::Terminal> {
  using result_type = std::string;
  result_type operator()(const kenzan::dsl::grammar::Terminal& parser) const { return kenzan::dsl::grammar::expected(parser.what); }
};
template <>
struct get_info<kenzan::dsl::grammar::Sign> {
  using result_type = std::string;
  result_type operator()(const kenzan::dsl::grammar::Sign& parser) const { return std::string(kenzan::dsl::spelling(parser.kind)); }
};
template <>
struct get_info<kenzan::dsl::grammar::Keyword> {
  using result_type = std::string;
  result_type operator()(const kenzan::dsl::grammar::Keyword& parser) const {
    return std::string(kenzan::dsl::spelling(parser.word));
  }
};
template <class Subject>
struct get_info<kenzan::dsl::grammar::Named<Subject>> {
  using result_type = std::string;
  result_type operator()(const kenzan::dsl::grammar::Named<Subject>& parser) const {
    return kenzan::dsl::grammar::expected(parser.what);
  }
};
/// A sequence fails without having moved where its first part does. An alternative that is expected should be named: without a
/// name it says its first.
template <class Left, class Right>
struct get_info<sequence<Left, Right>> {
  using result_type = std::string;
  result_type operator()(const sequence<Left, Right>& parser) const { return what(parser.left); }
};
template <class Left, class Right>
struct get_info<alternative<Left, Right>> {
  using result_type = std::string;
  result_type operator()(const alternative<Left, Right>& parser) const { return what(parser.left); }
};
/// An action does not change what its parser stands for.
template <class Subject, class Action>
struct get_info<action<Subject, Action>> {
  using result_type = std::string;
  result_type operator()(const action<Subject, Action>& parser) const { return what(parser.subject); }
};

}  // namespace boost::spirit::x3
