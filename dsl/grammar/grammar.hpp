// The grammar behind its one door: tokens of a declaration → an entry of the tree. No Spirit in this header.
#pragma once
#include <array>
#include <optional>
#include <string>
#include <vector>

#include "dsl/lexer.hpp"
#include "dsl/tree.hpp"

namespace kenzan::dsl::grammar {

/// What a parse fills, and what its actions remember.
struct State {
  tree::File& file;
  const Tokens& tokens;
  Diagnostics& diagnostics;

  /// In the `when` of a hierarchy's part, `+` and `-` outside parentheses begin the next part.
  bool sign_ends = false;
  /// Where each clause of the rule or table, and of the column, was given: each stands once.
  std::array<const Token*, 128> given{}, given_in_column{};
  /// Height of each expression of `file`, and the first that is too high for what walks trees recursively.
  std::vector<std::uint16_t> heights{};
  std::optional<Span> too_high{};

  [[nodiscard]] tree::Name name(const Token* token) const { return {tokens.value(*token), tokens.span(*token)}; }
  [[nodiscard]] const tree::Number& number(const Token* token) const { return tokens.numbers[token->index]; }
  [[nodiscard]] bool is_integer(const Token* token) const;  ///< a number of digits only
  [[nodiscard]] std::optional<std::uint32_t> integer(const Token* token) const;

  tree::ExprId add(tree::Expr expr);
  tree::ExprId add_binary(tree::Op op, tree::ExprId left, tree::ExprId right);
  tree::ExprId add_unary(tree::Op op, const Token& sign, tree::ExprId operand);

  void clause_repeated(const Token& first, const Token& again);
};

inline constexpr std::uint16_t max_height = 1000;

/// Where a parse stopped, and what the grammar expected there: `#` and the number of a message, or a sign or word as it is written.
struct Failure {
  const Token* at = nullptr;
  std::string expected;
};

/// The `expected` of a comparison after a comparison.
inline constexpr std::string_view chained = "chained";

/// Parses the declaration at `first` into `state.file`, moving `first` behind it. Never throws. On failure nothing is added but
/// expressions that no one refers to.
[[nodiscard]] std::optional<Failure> parse_declaration(const Token*& first, const Token* last, State& state);

/// Parses a literal (`-5億円`, "text", a date) that takes all tokens to `last`; nothing if it is none.
[[nodiscard]] std::optional<tree::ExprId> parse_literal(const Token* first, const Token* last, State& state);

}  // namespace kenzan::dsl::grammar
