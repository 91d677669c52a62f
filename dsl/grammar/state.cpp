#include <algorithm>
#include <charconv>

#include "dsl/grammar/grammar.hpp"

namespace kenzan::dsl::grammar {

bool State::is_integer(const Token* token) const {
  if (token->kind != Kind::number) return false;
  const tree::Number& value = number(token);
  return value.parts.size() == 1 && value.parts[0].unit.empty() && !value.negative && !value.about &&
         value.parts[0].digits.find_first_not_of("0123456789") == std::string::npos;
}

std::optional<std::uint32_t> State::integer(const Token* token) const {
  if (!is_integer(token)) return std::nullopt;
  const std::string& digits = number(token).parts[0].digits;
  std::uint32_t value = 0;
  if (std::from_chars(digits.data(), digits.data() + digits.size(), value).ec != std::errc{}) return std::nullopt;
  return value;
}

tree::ExprId State::add(tree::Expr expr) {
  std::uint16_t height = 0;
  const auto above = [&](tree::ExprId kid) { height = std::max(height, heights[kid.index()]); };
  for (const tree::ExprId kid : expr.kids) above(kid);
  for (const tree::Bracket& bracket : expr.brackets) above(bracket.value);
  if (expr.where) above(*expr.where);
  if (height >= max_height) {
    if (!too_high) too_high = expr.span;
  } else {
    ++height;
  }
  heights.resize(file.exprs.size());
  heights.push_back(height);
  return file.add(std::move(expr));
}

tree::ExprId State::add_binary(tree::Op op, tree::ExprId left, tree::ExprId right) {
  tree::Expr expr;
  expr.kind = tree::ExprKind::binary;
  expr.op = op;
  expr.kids = {left, right};
  expr.span = file[left].span.to(file[right].span);
  return add(std::move(expr));
}

tree::ExprId State::add_unary(tree::Op op, const Token& sign, tree::ExprId operand) {
  tree::Expr expr;
  expr.kind = tree::ExprKind::unary;
  expr.op = op;
  expr.kids = {operand};
  expr.span = tokens.span(sign).to(file[operand].span);
  return add(std::move(expr));
}

void State::clause_repeated(const Token& first, const Token& again) {
  Diagnostic diagnostic;
  diagnostic.message = say(MessageId::clause_repeated, {{"clause", std::string(spelling(again.word))}});
  diagnostic.place = tokens.span(again);
  diagnostic.labels.push_back({tokens.span(first), say(MessageId::given_here_first)});
  diagnostics.add(std::move(diagnostic));
}

}  // namespace kenzan::dsl::grammar
