// The words and signs of the language, and what a token says.
#include <algorithm>
#include <array>

#include "dsl/lexer.hpp"
#include "dsl/lexer_text.hpp"

namespace kenzan::dsl {

namespace {

struct Entry {
  std::string_view spelling;
  std::uint8_t places;
};

constexpr auto words = [] {
  using namespace place;
  return std::to_array<Entry>({
#define KENZAN_WORD(name, spelling, places) {spelling, places},
#include "dsl/grammar/words.def"
#undef KENZAN_WORD
  });
}();
static_assert(std::ranges::is_sorted(words, {}, &Entry::spelling), "words.def is searched by bisection");

constexpr std::size_t longest_word =
    std::ranges::max(words, {}, [](const Entry& entry) { return entry.spelling.size(); }).spelling.size();

}  // namespace

Word word_of(std::string_view text) {
  std::string ascii;
  if (!text.empty() && static_cast<unsigned char>(text[0]) >= 0x80) {
    if (text.size() > 3 * longest_word) return Word::other;
    for (std::size_t at = 0; at < text.size();) {
      const CodePoint point = folded_at(text, at);
      if (point.code >= 0x80) return Word::other;
      ascii += static_cast<char>(point.code);
      at += point.length;
    }
    text = ascii;
  }
  if (text.size() > longest_word) return Word::other;
  const auto found = std::ranges::lower_bound(words, text, {}, &Entry::spelling);
  if (found == words.end() || found->spelling != text) return Word::other;
  return static_cast<Word>(found - words.begin() + 1);
}

std::string_view spelling(Word word) {
  return word == Word::other ? std::string_view{} : words[static_cast<std::size_t>(word) - 1].spelling;
}

bool stands_at(Word word, std::uint8_t places) {
  return word != Word::other && (words[static_cast<std::size_t>(word) - 1].places & places) != 0;
}

std::vector<std::string> words_at(std::uint8_t places) {
  std::vector<std::string> found;
  for (const Entry& entry : words) {
    if ((entry.places & places) != 0) found.emplace_back(entry.spelling);
  }
  return found;
}

std::string_view spelling(Kind kind) {
  switch (kind) {
    case Kind::end:
    case Kind::bad:
    case Kind::word:
    case Kind::quoted:
    case Kind::unit_sign:
    case Kind::string:
    case Kind::number:
    case Kind::date:
    case Kind::regex: return "";
    case Kind::open_brace: return "{";
    case Kind::close_brace: return "}";
    case Kind::open_paren: return "(";
    case Kind::close_paren: return ")";
    case Kind::open_bracket: return "[";
    case Kind::close_bracket: return "]";
    case Kind::comma: return ",";
    case Kind::colon: return ":";
    case Kind::dot: return ".";
    case Kind::equal: return "=";
    case Kind::not_equal: return "!=";
    case Kind::less: return "<";
    case Kind::less_equal: return "<=";
    case Kind::greater: return ">";
    case Kind::greater_equal: return ">=";
    case Kind::plus: return "+";
    case Kind::minus: return "-";
    case Kind::star: return "*";
    case Kind::slash: return "/";
  }
  return "";
}

std::string Tokens::value(const Token& token) const {
  switch (token.kind) {
    case Kind::string:
    case Kind::date:
    case Kind::regex: return texts[token.index];
    case Kind::quoted: {
      const std::size_t mark = std::string_view("「").size();
      const std::string_view inner = written(token);
      return std::string(inner.substr(mark, inner.size() - 2 * mark));
    }
    case Kind::unit_sign: return folded_at(text, token.begin).code == U'%' ? "%" : "‰";
    case Kind::word:
    case Kind::end:
    case Kind::bad:
    case Kind::number:
    case Kind::open_brace:
    case Kind::close_brace:
    case Kind::open_paren:
    case Kind::close_paren:
    case Kind::open_bracket:
    case Kind::close_bracket:
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
    case Kind::slash: return std::string(written(token));
  }
  return {};
}

}  // namespace kenzan::dsl
