// What the lexer decides when it has seen all tokens: where declarations must start, and which brackets nest too deep.
#include "dsl/lexer.hpp"
#include "dsl/lexer_text.hpp"

namespace kenzan::dsl {

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
      if (!reported) diagnostics.error(tokens.span(token), say(MessageId::nested_too_deep, {{"limit", std::to_string(max_nesting)}}));
      reported = true;
    } else if (token.kind == Kind::close_brace || token.kind == Kind::close_paren || token.kind == Kind::close_bracket) {
      if (--depth < 0) depth = 0;
    }
  }
}

}  // namespace kenzan::dsl
