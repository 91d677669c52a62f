// Reading the number at the front of a cell: digits, groups, points, exponents, and the numerals of Japanese.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/rational.hpp"

namespace kenzan {

/// The signs that a column writes its numbers with. `group` 0: none.
struct NumeralStyle {
  char32_t decimal = '.';
  char32_t group = ',';
};

enum class NumeralError : std::uint8_t { none, not_a_number, bad_grouping, too_long };

/// An unsigned number at the front of a text.
struct Numeral {
  NumeralError error = NumeralError::none;
  Rational value = 0;
  int place = 0;             ///< the last written digit stands for its multiple of 10^place
  bool inner_blank = false;  ///< blanks stood inside it
  bool exponent = false;     ///< it ended in an exponent
  bool scaled = false;       ///< it holds a multiplier that could be a unit's as well: 万 億 兆 京, or 十 百 千 behind other digits
  std::size_t length = 0;    ///< code points read
};

/// Reads one run of digits: `1,234.5`, `.5`, `1.2e5`, or kanji digits by position (`二〇二四`).
///
/// `text` has ASCII for full-width forms, and U+0020 for every white space. Groups must be of exactly three digits, the first of
/// one to three. Blanks beside a point or a grouping sign are skipped; between digits a blank groups, like a grouping sign. What
/// follows the run is the caller's.
[[nodiscard]] Numeral read_run(std::u32string_view text, NumeralStyle style);

/// Reads a number with multipliers: `3兆2,500億`, `1億2千万`, `三百二十`.
///
/// Multipliers fall: 京 兆 億 万, and inside each group 千 百 十. Every group but the first is smaller than the multiplier before
/// it. Only the last run of digits may have a fraction. 千 百 十 without a digit before them count once, but a number needs a
/// digit or 十: 千円 and 億円 are units, not numbers.
[[nodiscard]] Numeral read_compound(std::u32string_view text, NumeralStyle style);

/// Whether `c` is 京 兆 億 万 千 百 or 十.
[[nodiscard]] bool is_multiplier(char32_t c);

}  // namespace kenzan
