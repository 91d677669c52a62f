// Predicates of terminals, and actions that put what was parsed into the member of the rule's attribute.
#pragma once
#include "dsl/grammar/parsers.hpp"

namespace kenzan::dsl::grammar {

inline bool is_word(const Token* token) { return token->kind == Kind::word && !token->declares; }
inline bool is_name(const Token* token) { return is_word(token) || token->kind == Kind::quoted; }
inline bool is_type_word(const Token* token) { return stands_at(token->word, place::type); }

/// The token parsed last, in an action.
template <class Context>
const Token& last_token(const Context& context) {
  return *(x3::_where(context).begin() - 1);
}

// Terminals that need no context.
inline constexpr Terminal name{[](const Token* t, const State&) { return is_name(t); }, MessageId::a_name};
inline constexpr Terminal string{[](const Token* t, const State&) { return t->kind == Kind::string; }, MessageId::a_text};
inline constexpr Terminal regex{[](const Token* t, const State&) { return t->kind == Kind::regex; }, MessageId::a_regex};
inline constexpr Terminal number{[](const Token* t, const State&) { return t->kind == Kind::number; }, MessageId::a_number};
inline constexpr Terminal date{[](const Token* t, const State&) { return t->kind == Kind::date; }, MessageId::a_literal};
inline constexpr Terminal integer{[](const Token* t, const State& s) { return s.integer(t).has_value(); },
                                  MessageId::a_whole_number};
inline constexpr Terminal label{
    [](const Token* t, const State& s) { return is_name(t) || t->kind == Kind::string || s.is_integer(t); }, MessageId::a_label};

// Actions: `set_x<&Owner::member>` assigns to the member of the rule's attribute, `add_x` appends to it.
template <auto Member>
struct SetName {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).*Member = state(context).name(x3::_attr(context));
  }
};
template <auto Member>
struct AddName {
  template <class Context>
  void operator()(const Context& context) const {
    (x3::_val(context).*Member).push_back(state(context).name(x3::_attr(context)));
  }
};
template <auto Member>
struct SetText {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).*Member = state(context).tokens.value(*x3::_attr(context));
  }
};
template <auto Member>
struct SetLabel {
  template <class Context>
  void operator()(const Context& context) const {
    const tree::Name written = state(context).name(x3::_attr(context));
    x3::_val(context).*Member = tree::Label{written.text, written.span};
  }
};
template <auto Member>
struct SetRegex {
  template <class Context>
  void operator()(const Context& context) const {
    const tree::Name written = state(context).name(x3::_attr(context));
    x3::_val(context).*Member = tree::Regex{written.text, written.span};
  }
};
template <auto Member>
struct SetRounded {
  template <class Context>
  void operator()(const Context& context) const {
    const tree::Name written = state(context).name(x3::_attr(context));
    tree::Rounded rounded{Rounding::nearest, written.span};
    static_cast<void>(parse_rounding(written.text, rounded.mode));
    x3::_val(context).*Member = rounded;
  }
};
/// Assigns what a rule made (an expression, a list) as it is.
template <auto Member>
struct Set {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).*Member = std::move(x3::_attr(context));
  }
};
template <auto Member>
struct Add {
  template <class Context>
  void operator()(const Context& context) const {
    (x3::_val(context).*Member).push_back(std::move(x3::_attr(context)));
  }
};
/// Assigns a constant.
template <auto Member, auto Value>
struct Put {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).*Member = Value;
  }
};
/// The span of the attribute starts at, or ends with, the token just parsed.
struct Begin {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).span = state(context).tokens.span(last_token(context));
  }
};
struct End {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).span.end = last_token(context).end;
  }
};
template <auto Member>
struct SetSpan {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).*Member = state(context).tokens.span(last_token(context));
  }
};

template <auto Member>
inline constexpr SetName<Member> set_name{};
template <auto Member>
inline constexpr AddName<Member> add_name{};
template <auto Member>
inline constexpr SetText<Member> set_text{};
template <auto Member>
inline constexpr SetLabel<Member> set_label{};
template <auto Member>
inline constexpr SetRegex<Member> set_regex{};
template <auto Member>
inline constexpr SetRounded<Member> set_rounded{};
template <auto Member>
inline constexpr Set<Member> set{};
template <auto Member>
inline constexpr Add<Member> add{};
template <auto Member, auto Value>
inline constexpr Put<Member, Value> put{};
template <auto Member>
inline constexpr SetSpan<Member> set_span{};
inline constexpr Begin begin{};
inline constexpr End end{};

// Signs, as the grammar writes them.
inline constexpr Sign open_brace{Kind::open_brace}, close_brace{Kind::close_brace}, open_paren{Kind::open_paren},
    close_paren{Kind::close_paren}, open_bracket{Kind::open_bracket}, close_bracket{Kind::close_bracket}, colon{Kind::colon},
    dot{Kind::dot}, equal{Kind::equal};

}  // namespace kenzan::dsl::grammar
