// Text of a rule file → tokens. Full-width forms, numbers with units, 「…」 names and regular expressions end here: the grammar
// sees one spelling of everything.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "diag/message.hpp"
#include "dsl/tree.hpp"

namespace kenzan::dsl {

/// Words of the language, see dsl/grammar/words.def. `other`: any other word, and everything that is not a bare word.
enum class Word : std::uint8_t {
  other,
#define KENZAN_WORD(name, spelling, places) name,
#include "dsl/grammar/words.def"
#undef KENZAN_WORD
};

/// Where a word begins something. Bits, because some words do so in several places.
namespace place {
inline constexpr std::uint8_t elsewhere = 0;
inline constexpr std::uint8_t declaration = 1;    ///< `rule`, `table` …
inline constexpr std::uint8_t table_clause = 2;   ///< `key`, `where` …
inline constexpr std::uint8_t column_clause = 4;  ///< `from`, `optional` …
inline constexpr std::uint8_t rule_clause = 8;    ///< `severity`, `require` …
inline constexpr std::uint8_t operation = 16;     ///< `and`, `is` …
inline constexpr std::uint8_t type = 32;          ///< `text`, `money` …
}  // namespace place

/// Finds a word by its spelling, full-width letters read as ASCII.
[[nodiscard]] Word word_of(std::string_view text);
[[nodiscard]] std::string_view spelling(Word word);
[[nodiscard]] bool stands_at(Word word, std::uint8_t places);
[[nodiscard]] std::vector<std::string> words_at(std::uint8_t places);

enum class Kind : std::uint8_t {
  end,        ///< once, at the end of the file
  bad,        ///< not a token of the language; already reported
  word,       ///< a bare word
  quoted,     ///< 「…」
  unit_sign,  ///< % or ‰ alone
  string,     ///< "…"
  number,     ///< with its unit, 約 and ▲
  date,       ///< 2027-03-31
  regex,      ///< /…/
  open_brace,
  close_brace,
  open_paren,
  close_paren,
  open_bracket,
  close_bracket,
  comma,
  colon,
  dot,
  equal,
  not_equal,
  less,
  less_equal,
  greater,
  greater_equal,
  plus,
  minus,
  star,
  slash,
};

/// How a token of a fixed spelling is written (the ASCII form); "" for the others.
[[nodiscard]] std::string_view spelling(Kind kind);

struct Token {
  Kind kind = Kind::end;
  Word word = Word::other;  ///< of a bare word
  bool line_start = false;  ///< the first token of its line
  bool declares = false;    ///< can only be the start of a declaration: `rule NAME {` at the start of a line …
  std::uint32_t begin = 0, end = 0;
  std::uint32_t index = 0;  ///< into `texts` (string, date, regex) or `numbers`
};

/// The tokens of one source; the last is Kind::end. Token texts are views into the source.
struct Tokens {
  SourceId source;
  std::string_view text;
  std::vector<Token> list;
  std::vector<std::string> texts;
  std::vector<tree::Number> numbers;

  [[nodiscard]] Span span(const Token& first, const Token& last) const { return {source, first.begin, last.end}; }
  [[nodiscard]] Span span(const Token& token) const { return span(token, token); }
  [[nodiscard]] std::string_view written(const Token& token) const { return text.substr(token.begin, token.end - token.begin); }

  /// The word, the text in 「」 or quotes, the date in ASCII, or the pattern, without the marks around it.
  [[nodiscard]] std::string value(const Token& token) const;
};

inline constexpr std::size_t max_file_bytes = std::size_t{16} << 20;
inline constexpr int max_nesting = 200;

/// Cuts a source into tokens. What is not a token becomes Kind::bad and is reported once; malformed UTF-8 is reported at its first
/// byte only. A bracket nested deeper than `max_nesting` is bad, so what walks the tokens may recurse on brackets. A source above
/// `max_file_bytes` is reported and has no tokens but the end. Cost: linear.
///
/// A word goes on over `-` only as the name of a rule, behind `waive` and `expect`, after `encoding`, and in `half-up` and `half-even`; elsewhere `-` is an
/// operator. Strings, 「…」 and regular expressions end on their line. In a string, `\"`, `\\`, `\n` and `\t` are escapes; any other
/// `\` is itself.
[[nodiscard]] Tokens lex(const SourceMap& sources, SourceId source, Diagnostics& diagnostics);

}  // namespace kenzan::dsl
