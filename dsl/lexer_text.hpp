// Inside of the lexer: characters, names and numbers, and the passes over all tokens. Offsets are in bytes.
#pragma once
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "base/utf8.hpp"
#include "dsl/lexer.hpp"

namespace kenzan::dsl {

/// `folded_at` of a character that is not ASCII.
[[nodiscard]] CodePoint long_folded_at(std::string_view text, std::size_t at);
/// The code point at `at`, full-width ASCII forms read as ASCII; code 0 at the end of the text.
[[nodiscard]] inline CodePoint folded_at(std::string_view text, std::size_t at) {
  if (at >= text.size()) return {0, 0, true};
  const auto byte = static_cast<unsigned char>(text[at]);
  return byte < 0x80 ? CodePoint{byte, 1, true} : long_folded_at(text, at);
}

[[nodiscard]] constexpr bool is_digit(char32_t code) { return code >= U'0' && code <= U'9'; }
[[nodiscard]] bool is_letter(char32_t code);       ///< of any script, with the marks that combine with letters
[[nodiscard]] bool starts_name(char32_t code);     ///< a letter or `_`
[[nodiscard]] bool continues_name(char32_t code);  ///< a letter, a digit or `_`
[[nodiscard]] constexpr bool is_negative_mark(char32_t code) { return code == U'▲' || code == U'△'; }
[[nodiscard]] constexpr bool is_minus(char32_t code) { return code == U'-' || code == U'−'; }
inline constexpr char32_t about_mark = U'約';

/// The end of the name that starts at `at`; with `hyphens` it goes on over a `-` that stands between two characters of a name.
[[nodiscard]] std::size_t end_of_name(std::string_view text, std::size_t at, bool hyphens);

/// A date `2027-03-31` at `at`.
struct ScannedDate {
  std::string text;  ///< in ASCII
  std::size_t end = 0;
  bool in_calendar = true;
};
[[nodiscard]] std::optional<ScannedDate> scan_date(std::string_view text, std::size_t at);

/// Whether a number without sign starts at `at`, or one with ▲ or △.
[[nodiscard]] bool number_at(std::string_view text, std::size_t at);

/// Reads the number at `at` (see number_at) with its unit, or several parts as in `3兆2,500億円`, into `number`; returns its end.
/// A comma belongs to the number only between a digit and exactly three digits. The span is the caller's.
std::size_t scan_number(std::string_view text, std::size_t at, tree::Number& number);

/// Whether a `/` behind these tokens opens a regular expression: after `matches` and `take` behind what they apply to, and in
/// `across DIM from`. Elsewhere these words are names, and `/` divides.
[[nodiscard]] bool pattern_may_open(const std::vector<Token>& list);

/// Marks the tokens that can only start a declaration, wherever they are found: by shape, so that a column of that name, as in
/// `rule text`, is none.
void mark_declarations(std::vector<Token>& list);

/// Makes brackets beyond `max_nesting` bad, and reports that once per declaration.
void bound_nesting(Tokens& tokens, Diagnostics& diagnostics);

}  // namespace kenzan::dsl
