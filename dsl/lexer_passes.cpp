// What the lexer decides by the tokens around: where a pattern may open, where declarations must start, which brackets nest too deep.
#include "dsl/lexer.hpp"
#include "dsl/lexer_text.hpp"

namespace kenzan::dsl {

namespace {

/// Whether an operand ends with the token at `index`.
bool ends_operand(const std::vector<Token>& list, std::size_t index) {
  const Token& token = list[index];
  switch (token.kind) {
    case Kind::word:
      if (index > 0 && list[index - 1].kind == Kind::dot) return true;
      return !stands_at(token.word, place::operation) && token.word != Word::where && token.word != Word::when &&
             token.word != Word::require && token.word != Word::exactly && token.word != Word::surely;
    case Kind::quoted:
    case Kind::unit_sign:
    case Kind::string:
    case Kind::number:
    case Kind::date:
    case Kind::regex:
    case Kind::close_brace:
    case Kind::close_paren:
    case Kind::close_bracket: return true;
    case Kind::end:
    case Kind::bad:
    case Kind::open_brace:
    case Kind::open_paren:
    case Kind::open_bracket:
    case Kind::comma:
    case Kind::colon:
    case Kind::dot:
    case Kind::equal:
    case Kind::not_equal:
    case Kind::less:
    case Kind::less_equal:
    case Kind::greater:
    case Kind::greater_equal:
    case Kind::plus:
    case Kind::minus:
    case Kind::star:
    case Kind::slash: return false;
  }
  return false;
}

}  // namespace

bool pattern_may_open(const std::vector<Token>& list) {
  const std::size_t n = list.size();
  if (n < 2 || list[n - 1].kind != Kind::word || list[n - 2].kind == Kind::dot) return false;
  switch (list[n - 1].word) {
    case Word::matches:
    case Word::take: return ends_operand(list, n - 2);
    case Word::from: return n >= 3 && list[n - 3].word == Word::across;
    default: return false;  // words.def is long, and no other word is followed by a pattern
  }
}

void mark_declarations(std::vector<Token>& list) {
  const auto kind = [&list](std::size_t i) { return i < list.size() ? list[i].kind : Kind::end; };
  const auto word = [&list](std::size_t i) { return i < list.size() ? list[i].word : Word::other; };
  const auto named = [&](std::size_t i) { return kind(i) == Kind::word || kind(i) == Kind::quoted || kind(i) == Kind::unit_sign; };
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (!list[i].line_start || !stands_at(list[i].word, place::declaration)) continue;
    bool shaped = false;
    if (list[i].word == Word::use || list[i].word == Word::test) {
      shaped = kind(i + 1) == Kind::string;
    } else if (!named(i + 1)) {
      shaped = false;
    } else if (list[i].word == Word::rule) {
      shaped = kind(i + 2) == Kind::open_brace || kind(i + 2) == Kind::string || word(i + 2) == Word::by;
    } else if (list[i].word == Word::table) {
      shaped = kind(i + 2) == Kind::open_brace || word(i + 2) == Word::from || word(i + 2) == Word::across;
    } else if (list[i].word == Word::define) {
      shaped = kind(i + 2) == Kind::open_paren;
    } else if (list[i].word == Word::waive) {
      shaped = kind(i + 2) == Kind::open_bracket || word(i + 2) == Word::until || word(i + 2) == Word::because;
    } else {  // unit, param
      shaped = kind(i + 2) == Kind::equal;
    }
    list[i].declares = shaped;
  }
}

void bound_nesting(Tokens& tokens, Diagnostics& diagnostics) {
  int depth = 0;
  bool reported = false;
  for (Token& token : tokens.list) {
    if (token.declares) {
      depth = 0;
      reported = false;
    }
    if (token.kind == Kind::open_brace || token.kind == Kind::open_paren || token.kind == Kind::open_bracket) {
      if (++depth <= max_nesting) continue;
      token.kind = Kind::bad;
      if (!reported)
        diagnostics.error(tokens.span(token), say(MessageId::nested_too_deep, {{"limit", std::to_string(max_nesting)}}));
      reported = true;
    } else if (token.kind == Kind::close_brace || token.kind == Kind::close_paren || token.kind == Kind::close_bracket) {
      if (--depth < 0) depth = 0;
    }
  }
}

}  // namespace kenzan::dsl
