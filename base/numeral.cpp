#include "base/numeral.hpp"

#include <algorithm>
#include <limits>
#include <optional>
#include <string>

namespace kenzan {
namespace {

constexpr std::u32string_view kanji_digits = U"〇一二三四五六七八九";

std::optional<int> ascii_digit(char32_t c) {
  if (c >= U'0' && c <= U'9') return static_cast<int>(c - U'0');
  return std::nullopt;
}

std::optional<int> kanji_digit(char32_t c) {
  if (c == U'零') return 0;
  const auto at = kanji_digits.find(c);
  if (at == std::u32string_view::npos) return std::nullopt;
  return static_cast<int>(at);
}

bool is_digit(char32_t c) { return ascii_digit(c) || kanji_digit(c); }

/// The power of ten of 十 百 千; 0 for others.
int small_power(char32_t c) {
  if (c == U'十') return 1;
  if (c == U'百') return 2;
  if (c == U'千') return 3;
  return 0;
}

/// The power of ten of 万 億 兆 京; 0 for others.
int large_power(char32_t c) {
  if (c == U'万') return 4;
  if (c == U'億') return 8;
  if (c == U'兆') return 12;
  if (c == U'京') return 16;
  return 0;
}

std::size_t skip_blanks(std::u32string_view text, std::size_t at) {
  while (at < text.size() && text[at] == U' ') ++at;
  return at;
}

char32_t char_at(std::u32string_view text, std::size_t at) { return at < text.size() ? text[at] : U'\0'; }

/// The run of digits under way.
struct Run {
  std::string digits;
  int decimals = 0;
  bool point = false;
  bool kanji = false;
  bool grouped = false;
  int since_group = 0;
  Numeral out;

  bool fail(NumeralError error) {
    out.error = error;
    return false;
  }

  bool digit(char32_t c) {
    const bool is_kanji = kanji_digit(c).has_value();
    if (!digits.empty() && is_kanji != kanji) return fail(NumeralError::not_a_number);
    kanji = is_kanji;
    digits.push_back(static_cast<char>('0' + (is_kanji ? *kanji_digit(c) : *ascii_digit(c))));
    if (point) {
      ++decimals;
    } else {
      ++since_group;
    }
    const int whole = static_cast<int>(digits.size()) - decimals;
    return whole <= max_digits && decimals <= max_digits ? true : fail(NumeralError::too_long);
  }

  /// Ends a group of digits, `more` to follow.
  bool close_group(bool more) {
    const bool good = grouped ? since_group == 3 : (!more || (since_group >= 1 && since_group <= 3));
    if (!good || (more && point)) return fail(NumeralError::bad_grouping);
    grouped = grouped || more;
    since_group = 0;
    return true;
  }
};

/// Reads the digits from `at` on; returns where they end. Stops at an error.
std::size_t read_digits(std::u32string_view text, NumeralStyle style, Run& run) {
  std::size_t at = 0;
  for (;;) {
    if (is_digit(char_at(text, at))) {
      if (!run.digit(text[at])) return at;
      ++at;
      continue;
    }
    const std::size_t sign_at = skip_blanks(text, at);
    const char32_t sign = char_at(text, sign_at);
    const std::size_t next = skip_blanks(text, sign_at + 1);
    const bool digit_follows = is_digit(char_at(text, next));
    const bool blanks = sign_at > at || next > sign_at + 1;
    if (sign == style.decimal && !run.point && digit_follows) {
      if (!run.digits.empty() && !run.close_group(false)) return at;
      run.point = true;
      at = next;
    } else if (sign != U'\0' && sign == style.group) {
      if (!digit_follows) run.fail(NumeralError::bad_grouping);
      if (!digit_follows || !run.close_group(true)) return at;
      at = next;
    } else if (sign_at > at && is_digit(sign) && !run.digits.empty()) {
      const bool declared = style.group == U' ' && sign_at == at + 1;
      if (!run.close_group(true)) return at;
      run.out.inner_blank = run.out.inner_blank || !declared;
      at = sign_at;
      continue;
    } else {
      break;
    }
    run.out.inner_blank = run.out.inner_blank || blanks;
  }
  if (!run.point) run.close_group(false);
  return at;
}

/// Reads an exponent at `at`, if there is one; returns where it ends. One beyond the limit is read as the limit.
std::size_t read_exponent(std::u32string_view text, std::size_t at, int& exponent) {
  if (char_at(text, at) != U'e' && char_at(text, at) != U'E') return at;
  std::size_t next = at + 1;
  const bool down = char_at(text, next) == U'-' || char_at(text, next) == U'−';
  if (down || char_at(text, next) == U'+') ++next;
  if (!ascii_digit(char_at(text, next))) return at;
  for (; ascii_digit(char_at(text, next)); ++next) exponent = std::min(exponent * 10 + *ascii_digit(text[next]), 3 * max_digits);
  if (down) exponent = -exponent;
  return next;
}

/// A number with multipliers under way. Powers are of ten.
struct Compound {
  static constexpr int none = std::numeric_limits<int>::max();
  Numeral out;
  std::optional<Rational> run;  // digits that no multiplier has taken yet
  int run_place = 0;
  bool run_is_kanji = true;
  int runs = 0;
  bool last_run = false;  // the run has a fraction, or takes a multiplier with more than one digit: no other may follow
  Rational group = 0;     // what is read of the group of 千 百 十 一 under way
  int group_place = 0;
  bool group_begun = false;
  bool has_digit = false;
  int last_large = none;
  int last_small = none;

  bool fail() {
    out.error = NumeralError::not_a_number;
    return false;
  }

  bool add_run(const Numeral& numeral, bool kanji) {
    if (last_run || run || numeral.exponent) return fail();
    run = numeral.value;
    run_place = numeral.place;
    run_is_kanji = kanji;
    ++runs;
    last_run = numeral.place < 0;
    has_digit = true;
    out.inner_blank = out.inner_blank || numeral.inner_blank;
    return true;
  }

  /// Ends digits that stand for themselves: behind 千 百 十 they must be smaller than it.
  bool close_run() {
    if (!run) return true;
    if (last_small != none && *run >= power_of_ten(last_small)) return fail();
    group += *run;
    group_place = run_place;
    group_begun = true;
    run.reset();
    return true;
  }

  bool multiply_small(int power) {
    if (power >= last_small || (!run && last_run)) return fail();
    const bool one_digit = !run || (*run < 10 && run_place >= 0);
    if (!one_digit && (runs > 1 || group_begun)) return fail();  // 12千 and 1.5千 stand alone only
    last_run = !one_digit;
    out.scaled = out.scaled || (run && !run_is_kanji);
    has_digit = has_digit || power == 1;
    group += run.value_or(1) * power_of_ten(power);
    group_place = (run ? run_place : 0) + power;
    group_begun = true;
    last_small = power;
    run.reset();
    return true;
  }

  /// Ends the group that 10^large multiplies (0: none).
  bool close_group(int large) {
    if (!close_run()) return false;
    if (!group_begun) return large == 0 || fail();
    if (last_large != none && group * power_of_ten(large) >= power_of_ten(last_large)) return fail();
    out.value += group * power_of_ten(large);
    out.place = group_place + large;
    group = 0;
    group_begun = false;
    last_small = none;
    return true;
  }

  bool multiply_large(int power) {
    if (power >= last_large) return fail();
    if (!close_group(power)) return false;
    last_large = power;
    out.scaled = true;
    return true;
  }
};

}  // namespace

bool is_multiplier(char32_t c) { return small_power(c) != 0 || large_power(c) != 0; }

Numeral read_run(std::u32string_view text, NumeralStyle style) {
  Run run;
  std::size_t at = read_digits(text, style, run);
  if (run.out.error == NumeralError::none && run.digits.empty()) run.fail(NumeralError::not_a_number);
  if (run.out.error != NumeralError::none) return run.out;
  int exponent = 0;
  if (!run.kanji) {
    const std::size_t end = read_exponent(text, at, exponent);
    run.out.exponent = end > at;
    at = end;
  }
  const int whole = static_cast<int>(run.digits.size()) - run.decimals;
  run.out.length = at;
  run.out.place = exponent - run.decimals;
  if (whole + exponent > max_digits || -run.out.place > max_digits) {
    run.fail(NumeralError::too_long);
    return run.out;
  }
  run.out.value = Rational(integer_from_digits(run.digits), 1);
  if (run.out.place != 0) run.out.value *= power_of_ten(run.out.place);
  return run.out;
}

Numeral read_compound(std::u32string_view text, NumeralStyle style) {
  Compound number;
  std::size_t at = 0;
  for (;;) {
    const std::size_t next = skip_blanks(text, at);
    const char32_t c = char_at(text, next);
    std::size_t length = 1;
    bool good = true;
    if (is_digit(c) || (c == style.decimal && is_digit(char_at(text, next + 1)))) {
      const Numeral run = read_run(text.substr(next), style);
      if (run.error != NumeralError::none) return run;
      good = number.add_run(run, kanji_digit(c).has_value());
      length = run.length;
    } else if (small_power(c) != 0) {
      good = number.multiply_small(small_power(c));
    } else if (large_power(c) != 0) {
      good = number.multiply_large(large_power(c));
    } else {
      break;
    }
    if (!good) return number.out;
    number.out.inner_blank = number.out.inner_blank || (at > 0 && next > at);
    at = next + length;
  }
  if (!number.close_group(0)) return number.out;
  if (!number.has_digit) number.fail();
  number.out.length = at;
  return number.out;
}

}  // namespace kenzan
