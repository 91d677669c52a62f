// The one translation unit that includes Boost.Spirit.
#include "dsl/grammar/grammar.hpp"

// Spirit's `a > b | c` is `(a > b) | c`, as a grammar wants it.
#pragma GCC diagnostic ignored "-Wparentheses"
#include "dsl/grammar/declaration.hpp"

namespace kenzan::dsl::grammar {

BOOST_SPIRIT_DEFINE(expression, comparison, comparison_tail, alternative, primary, number_literal, leaf, literal, unsigned_literal,
                    reference, bracket, bare_label_expr)
BOOST_SPIRIT_DEFINE(column_type, across_label, across, constraint, column, part, total, hierarchy, reader_option, across_file,
                    file_across, table)
BOOST_SPIRIT_DEFINE(unit_number, unit_definition, unit, define, use, param, rule, any_declaration)
BOOST_SPIRIT_DEFINE(waiver, change, changed_cell, new_value, named_value, expectation, test)

std::optional<Failure> parse_declaration(const Token*& first, const Token* last, State& state) {
  const Token* at = first;
  state.given.fill(nullptr);
  try {
    if (!x3::parse(at, last, x3::with<StateTag>(state)[any_declaration])) return Failure{first, expected(MessageId::a_declaration)};
  } catch (const x3::expectation_failure<const Token*>& failure) {
    return Failure{failure.where(), failure.which()};
  }
  first = at;
  return std::nullopt;
}

std::optional<tree::ExprId> parse_literal(const Token* first, const Token* last, State& state) {
  tree::ExprId value;
  try {
    if (x3::parse(first, last, x3::with<StateTag>(state)[literal], value) && first == last) return value;
  } catch (const x3::expectation_failure<const Token*>&) {
  }
  return std::nullopt;
}

}  // namespace kenzan::dsl::grammar
