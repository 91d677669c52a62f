// Tables: columns with their clauses, table clauses, hierarchies. Included by grammar.cpp only.
#pragma once
#include "dsl/grammar/expression.hpp"

namespace kenzan::dsl::grammar {

using tree::Across;
using tree::AcrossLabel;
using tree::Column;
using tree::Constraint;
using tree::FileAcross;
using tree::Hierarchy;
using tree::Marks;
using tree::ReaderOption;
using tree::Table;
using tree::Type;

// --- words that are columns here, and clauses there ---

/// Whether the word behind a column begins a clause of it. Words that begin column clauses only are free as names of columns: they
/// are one where a type follows, and not what the clause needs.
inline bool begins_column_clause(const Token* t) {
  if (!is_word(t) || !stands_at(t->word, place::column_clause)) return false;
  const bool table_word = stands_at(t->word, place::table_clause);
  switch (t->word) {
    case Word::optional:
    case Word::unique: return true;
    case Word::across: return !is_type_word(t + 1) || t[2].kind == Kind::open_brace || t[2].word == Word::from;
    case Word::decimals:
    case Word::brackets: return !is_type_word(t + 1);
    case Word::in: return !is_type_word(t + 1) || t[2].kind == Kind::dot;
    default: return table_word || !(is_name(t + 1) || t[1].kind == Kind::unit_sign);  // the others take no word
  }
}

inline constexpr Terminal column_name{[](const Token* t, const State&) {
                                        return t->kind == Kind::quoted || (is_word(t) && !stands_at(t->word, place::table_clause));
                                      },
                                      MessageId::a_table_item};
inline constexpr Terminal type_word{[](const Token* t, const State&) {
                                      return t->kind == Kind::quoted || t->kind == Kind::unit_sign ||
                                             (is_word(t) && !stands_at(t->word, place::table_clause | place::column_clause));
                                    },
                                    MessageId::a_column_type};
inline constexpr Terminal type_operator{
    [](const Token* t, const State&) { return t->kind == Kind::slash || t->kind == Kind::star; }, MessageId::a_column_type};
inline constexpr Terminal in_unit_column{[](const Token* t, const State&) {
                                           return t->word == Word::in && t[-1].word == Word::money && is_name(t + 1) &&
                                                  t[2].kind != Kind::dot;
                                         },
                                         MessageId::a_name};
inline constexpr Terminal column_clause_ahead{[](const Token* t, const State&) { return begins_column_clause(t); },
                                              MessageId::a_table_item};
inline constexpr Terminal rounding_mode{[](const Token* t, const State& s) {
                                          Rounding mode{};
                                          return is_word(t) && parse_rounding(s.tokens.written(*t), mode);
                                        },
                                        MessageId::a_rounding_mode};
inline constexpr Terminal bracket_mode{[](const Token* t, const State& s) {
                                         const std::string_view word = s.tokens.written(*t);
                                         return is_word(t) && (word == "plain" || word == "minus" || word == "none");
                                       },
                                       MessageId::a_bracket_mode};
inline constexpr Terminal key_row{[](const Token* t, const State&) { return t->word == Word::row && t[1].kind != Kind::comma; },
                                  MessageId::a_name};

// --- actions ---

struct AddMark {
  std::optional<std::vector<std::string>> Marks::* member;
  template <class Context>
  void operator()(const Context& context) const {
    auto& spellings = x3::_val(context).marks.*member;
    if (!spellings) spellings.emplace();
    spellings->push_back(state(context).tokens.value(*x3::_attr(context)));
  }
};
struct AddTypePart {
  template <class Context>
  void operator()(const Context& context) const {
    const Token* token = x3::_attr(context);
    const char sign = token[-1].kind == Kind::slash ? '/' : '*';
    x3::_val(context).more.emplace_back(sign, state(context).tokens.value(*token));
    x3::_val(context).span.end = token->end;
  }
};
struct AddAlias {
  template <class Context>
  void operator()(const Context& context) const {
    const tree::Name printed = state(context).name(x3::_attr(context));
    x3::_val(context).alias.emplace_back(tree::Label{printed.text, printed.span}, tree::Label{});
  }
};
struct SetAlias {
  template <class Context>
  void operator()(const Context& context) const {
    const tree::Name meant = state(context).name(x3::_attr(context));
    x3::_val(context).alias.back().second = tree::Label{meant.text, meant.span};
  }
};
template <auto Member>
struct SetInteger {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).*Member = *state(context).integer(x3::_attr(context));
  }
};
struct SetRelation {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).kind = Constraint::Kind::compare;
    x3::_val(context).op = *relation_of(x3::_attr(context));
  }
};
struct StartColumn {
  template <class Context>
  void operator()(const Context& context) const {
    state(context).given_in_column.fill(nullptr);
    x3::_val(context).name = state(context).name(x3::_attr(context));
    x3::_val(context).span = x3::_val(context).name.span;
  }
};
struct MakeNumberExpr {  // a number alone, where the attribute is an ExprId member
  template <class Context>
  void operator()(const Context& context) const {
    Expr expr;
    expr.kind = ExprKind::number;
    expr.number = state(context).number(x3::_attr(context));
    expr.span = expr.number->span;
    x3::_val(context).to = state(context).add(std::move(expr));
  }
};
struct OptionName {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).name = state(context).name(&last_token(context));
  }
};
struct OptionText {
  template <class Context>
  void operator()(const Context& context) const {
    const tree::Name value = state(context).name(x3::_attr(context));
    x3::_val(context).text = value.text;
    x3::_val(context).value_span = value.span;
  }
};
struct OptionRangeEnd {
  template <class Context>
  void operator()(const Context& context) const {
    const tree::Name value = state(context).name(x3::_attr(context));
    x3::_val(context).text += ":" + value.text;
    x3::_val(context).value_span = x3::_val(context).value_span.to(value.span);
  }
};
struct OptionNumber {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).number = state(context).integer(x3::_attr(context));
    x3::_val(context).value_span = state(context).tokens.span(*x3::_attr(context));
  }
};

// --- columns ---
// clang-format off: a rule is laid out by its alternatives

x3::rule<struct TypeRule, Type> const column_type = "type";
x3::rule<struct AcrossLabelRule, AcrossLabel> const across_label = "across_label";
x3::rule<struct AcrossRule, Across> const across = "across";
x3::rule<struct ConstraintRule, Constraint> const constraint = "constraint";
x3::rule<struct ColumnRule, Column> const column = "column";

auto const marks = [](auto once_) {
  return once_(Word::nil) > list(string[AddMark{&Marks::nil}])
    | once_(Word::unknown) > list(string[AddMark{&Marks::unknown}])
    | once_(Word::suppressed) > list(string[AddMark{&Marks::suppressed}]);
};

auto const column_type_def = type_word[set_text<&Type::first>] >> x3::eps[begin]
    >> (in_unit_column > name[set_name<&Type::unit_column>] > x3::eps[end]
      | *(type_operator > type_word[AddTypePart{}]));

auto const across_label_def = label[set_label<&AcrossLabel::label>] >> x3::eps[begin]
    > equal > string[set_text<&AcrossLabel::header>] > x3::eps[end];

auto const across_def = name[set_name<&Across::dim>]
    > named(MessageId::an_across_list)[open_brace > named(MessageId::a_label)[series(across_label[add<&Across::labels>])]
        > named(MessageId::comma_or_close_brace)[close_brace]
      | Keyword(Word::from) > regex[set_regex<&Across::pattern>]];

auto const constraint_def =
    Keyword(Word::in)[begin]
      > named(MessageId::a_constraint_list)
          [open_paren[put<&Constraint::kind, Constraint::Kind::in_list>] > list(a_literal[add<&Constraint::values>])
             > named(MessageId::comma_or_close)[close_paren]
         | name[set_name<&Constraint::table>] > dot[put<&Constraint::kind, Constraint::Kind::in_table>]
             > name[set_name<&Constraint::column>]]
      > x3::eps[end]
  | Keyword(Word::matches)[begin] > regex[set_regex<&Constraint::regex>]
      > x3::eps[put<&Constraint::kind, Constraint::Kind::matches>] > x3::eps[end]
  | once_in_column(Word::unique)[begin]
  | relation[SetRelation{}] >> x3::eps[begin] > a_literal[add<&Constraint::values>] > x3::eps[end];

auto const column_clause =
    once_in_column(Word::from) > named(MessageId::a_header)[string[set_text<&Column::header>]
                                                            | integer[SetInteger<&Column::position>{}]]
      > x3::eps[set_span<&Column::from_span>]
  | once_in_column(Word::across) > named(MessageId::a_name)[across][set<&Column::across>]
  | once_in_column(Word::take) > regex[set_regex<&Column::take>]
  | once_in_column(Word::alias) > open_brace
      > named(MessageId::a_label)[series(label[AddAlias{}] > equal > label[SetAlias{}])]
      > named(MessageId::comma_or_close_brace)[close_brace]
  | once_in_column(Word::optional)[put<&Column::optional, true>]
  | once_in_column(Word::rounded) > rounding_mode[set_rounded<&Column::rounded>]
  | once_in_column(Word::to) > number[MakeNumberExpr{}]
  | once_in_column(Word::decimals) > name[set_name<&Column::decimals>]
  | once_in_column(Word::brackets) > bracket_mode[set_name<&Column::brackets>]
  | marks(once_in_column);

auto const column_def = column_name[StartColumn{}] > named(MessageId::a_column_type)[column_type][set<&Column::type>]
    > *(&column_clause_ahead >> (column_clause | constraint[add<&Column::constraints>])
      | &relation >> constraint[add<&Column::constraints>])
    > x3::eps[end];

// --- hierarchies ---

x3::rule<struct PartRule, Hierarchy::Part> const part = "part";
x3::rule<struct TotalRule, Hierarchy::Total> const total = "total";
x3::rule<struct HierarchyRule, Hierarchy> const hierarchy = "hierarchy";

auto const condition = with_sign_ends(true, expression);

auto const part_def =
    (Keyword(Word::others)[put<&Hierarchy::Part::others, true>]
         >> x3::eps[([](const auto& context) {
              const tree::Name word = state(context).name(&last_token(context));
              x3::_val(context).label = tree::Label{word.text, word.span};
            })]
   | label[set_label<&Hierarchy::Part::label>])
    >> -(Keyword(Word::when) > named(MessageId::an_expression)[condition][set<&Hierarchy::Part::when>]);

struct AddNegativePart {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_attr(context).negative = true;
    x3::_val(context).parts.push_back(std::move(x3::_attr(context)));
  }
};
auto const a_part = named(MessageId::a_hierarchy_part)[part];
auto const plus_part = Sign(Kind::plus) > a_part[add<&Hierarchy::Total::parts>];
auto const minus_part = Sign(Kind::minus) > a_part[AddNegativePart{}];

auto const total_def = label[set_label<&Hierarchy::Total::label>] > equal
    > named(MessageId::a_hierarchy_part)[minus_part | a_part[add<&Hierarchy::Total::parts>]] > *(plus_part | minus_part);

struct AddLength {
  template <class Context>
  void operator()(const Context& context) const {
    x3::_val(context).lengths.push_back(*state(context).integer(x3::_attr(context)));
  }
};

auto const hierarchy_def = name[set_name<&Hierarchy::dim>]
    > named(MessageId::a_hierarchy_form)
        [Keyword(Word::by)
           > named(MessageId::a_hierarchy_way)
               [Keyword(Word::parent)[put<&Hierarchy::kind, Hierarchy::Kind::parent>] > name[set_name<&Hierarchy::column>]
              | Keyword(Word::level)[put<&Hierarchy::kind, Hierarchy::Kind::level>] > name[set_name<&Hierarchy::column>]
              | Keyword(Word::prefix)[put<&Hierarchy::kind, Hierarchy::Kind::prefix>]
                  > named(MessageId::a_whole_number)[series(integer[AddLength{}])]
              | Keyword(Word::path)[put<&Hierarchy::kind, Hierarchy::Kind::path>] > string[set_text<&Hierarchy::separator>]]
       | open_brace > named(MessageId::a_label)[series(total[add<&Hierarchy::totals>])]
           > named(MessageId::hierarchy_end)[close_brace]]
    > x3::eps[end];

// --- tables ---

x3::rule<struct OptionRule, ReaderOption> const reader_option = "option";
x3::rule<struct FileRule, FileAcross::File> const across_file = "file";
x3::rule<struct FileAcrossRule, FileAcross> const file_across = "files";
x3::rule<struct TableRule, Table> const table = "table";

auto const text_option = string[OptionText{}];
auto const word_option = name[OptionText{}];
auto const number_option = integer[OptionNumber{}];

auto const reader_option_def =
    once(Word::format)[OptionName{}] > named(MessageId::a_format)[word_option]
  | once(Word::encoding)[OptionName{}] > named(MessageId::a_text)[text_option | word_option]
  | once(Word::delimiter)[OptionName{}] > named(MessageId::a_text)[text_option | word_option]
  | once(Word::decimal)[OptionName{}] > text_option
  | once(Word::group)[OptionName{}] > text_option
  | once(Word::header)[OptionName{}] > number_option
  | once(Word::skip)[OptionName{}] > number_option
  | once(Word::sheet)[OptionName{}] > named(MessageId::a_text)[text_option | word_option | number_option]
  | once(Word::range)[OptionName{}]
      > named(MessageId::a_text)[text_option | word_option >> -(colon > name[OptionRangeEnd{}])]
  | once(Word::table)[OptionName{}] > named(MessageId::a_whole_number)[number_option | text_option];

auto const across_file_def = label[set_label<&FileAcross::File::label>] >> x3::eps[begin] > equal
    > named(MessageId::a_file)[string[set_text<&FileAcross::File::path>] | Keyword(Word::none)] > x3::eps[end];

auto const file_across_def = name[set_name<&FileAcross::dim>] > open_brace
    > named(MessageId::a_label)[series(across_file[add<&FileAcross::files>])] > named(MessageId::comma_or_close_brace)[close_brace];

auto const table_clause =
    once(Word::key)[put<&Table::has_key, true>]
      > named(MessageId::a_name)[key_row[put<&Table::key_row, true>] | list(name[add_name<&Table::key>])]
      > x3::eps[set_span<&Table::key_span>]
  | once(Word::rounded) > rounding_mode[set_rounded<&Table::rounded>]
  | marks(once)
  | once(Word::where) > an_expression[set<&Table::where>]
  | once(Word::complete) > list(name[add_name<&Table::complete>])
  | Keyword(Word::hierarchy)
      > named(MessageId::a_name)[hierarchy][add<&Table::hierarchies>]
  | reader_option[add<&Table::options>];

auto const table_def = Keyword(Word::table, nullptr, true)[begin] > named(MessageId::a_table_name)[name[set_name<&Table::name>]]
    > *(once(Word::from) > string[set_text<&Table::from>] > x3::eps[set_span<&Table::from_span>]
      | once(Word::across) > named(MessageId::a_name)[file_across][set<&Table::across>])
    > named(MessageId::a_table_body)[open_brace] > *(table_clause | column[add<&Table::columns>])
    > named(MessageId::a_table_item)[close_brace] > x3::eps[end];

}  // namespace kenzan::dsl::grammar
