#include "dsl/lexer_text.hpp"

#include <utf8proc.h>

namespace kenzan::dsl {

CodePoint long_folded_at(std::string_view text, std::size_t at) {
  CodePoint point = code_point_at(text, at);
  if (point.valid && point.code >= U'！' && point.code <= U'～') point.code -= U'！' - U'!';
  return point;
}

bool is_letter(char32_t code) {
  if (code < 0x80) return (code >= U'a' && code <= U'z') || (code >= U'A' && code <= U'Z');
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_NL:  // 〇
      return true;
    default:  // an enumeration of utf8proc, not one of ours
      return false;
  }
}

bool starts_name(char32_t code) { return code == U'_' || is_letter(code); }

bool continues_name(char32_t code) {
  if (code < 0x80) return starts_name(code) || is_digit(code);
  return is_letter(code) || utf8proc_category(static_cast<utf8proc_int32_t>(code)) == UTF8PROC_CATEGORY_ND;
}

std::size_t end_of_name(std::string_view text, std::size_t at, bool hyphens) {
  for (;;) {
    const CodePoint point = folded_at(text, at);
    if (point.length == 0 || !point.valid) return at;
    if (continues_name(point.code)) {
      at += point.length;
    } else if (hyphens && point.code == U'-') {
      const CodePoint next = folded_at(text, at + point.length);
      if (next.length == 0 || !next.valid || !continues_name(next.code)) return at;
      at += point.length + next.length;
    } else {
      return at;
    }
  }
}

std::optional<ScannedDate> scan_date(std::string_view text, std::size_t at) {
  ScannedDate date;
  for (const char shape : std::string_view("dddd-dd-dd")) {
    const CodePoint point = folded_at(text, at);
    if (shape == 'd' ? !is_digit(point.code) : point.code != U'-') return std::nullopt;
    date.text += static_cast<char>(point.code);
    at += point.length;
  }
  if (is_digit(folded_at(text, at).code)) return std::nullopt;
  date.end = at;
  const int year = std::stoi(date.text.substr(0, 4));
  const int month = std::stoi(date.text.substr(5, 2));
  const int day = std::stoi(date.text.substr(8, 2));
  const bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
  const int days = month == 2 ? (leap ? 29 : 28) : (month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31);
  date.in_calendar = year > 0 && month >= 1 && month <= 12 && day >= 1 && day <= days;
  return date;
}

namespace {

/// Reads one code point after another.
struct Cursor {
  std::string_view text;
  std::size_t at;

  [[nodiscard]] CodePoint peek() const { return folded_at(text, at); }
  [[nodiscard]] bool digit() const { return is_digit(peek().code); }
  [[nodiscard]] Cursor after() const { return {text, at + peek().length}; }
  void advance() { at += peek().length; }
};

bool exactly_three_digits(Cursor from) {
  for (int i = 0; i < 3; ++i, from.advance()) {
    if (!from.digit()) return false;
  }
  const char32_t next = from.peek().code;
  return !is_digit(next) && !(next == U'_' && from.after().digit());
}

void take_digits(Cursor& from, std::string& digits) {
  while (from.digit()) {
    digits += static_cast<char>(from.peek().code);
    from.advance();
  }
}

/// Digits, `_` between digits, commas before exactly three, a fraction, an exponent.
std::string take_run(Cursor& from, bool& commas) {
  std::string digits;
  for (;;) {
    take_digits(from, digits);
    const char32_t next = from.peek().code;
    if (next == U'_' && from.after().digit()) {
      from.advance();
    } else if (next == U',' && exactly_three_digits(from.after())) {
      commas = true;
      from.advance();
    } else {
      break;
    }
  }
  if (from.peek().code == U'.' && from.after().digit()) {
    digits += '.';
    from.advance();
    for (take_digits(from, digits); from.peek().code == U'_' && from.after().digit(); take_digits(from, digits)) from.advance();
  }
  if (from.peek().code == U'e' || from.peek().code == U'E') {
    Cursor exponent = from.after();
    const char32_t sign = exponent.peek().code;
    if (is_minus(sign) || sign == U'+') exponent.advance();
    if (exponent.digit()) {
      digits += is_minus(sign) ? "e-" : "e";
      take_digits(exponent, digits);
      from = exponent;
    }
  }
  return digits;
}

/// Letters of any script, or % or ‰. A unit's name may hold digits (`m3`): those are told from a further part by the caller.
std::string take_unit(Cursor& from) {
  const std::size_t begin = from.at;
  const CodePoint first = from.peek();
  if (first.code == U'%' || first.code == U'‰') {
    from.advance();
    return first.code == U'%' ? "%" : "‰";
  }
  while (from.peek().length > 0 && from.peek().valid && is_letter(from.peek().code)) from.advance();
  while (from.at > begin && from.peek().code == U'_') {
    from.advance();
    while (from.peek().length > 0 && from.peek().valid && is_letter(from.peek().code)) from.advance();
  }
  return std::string(from.text.substr(begin, from.at - begin));
}

}  // namespace

bool number_at(std::string_view text, std::size_t at) {
  const CodePoint point = folded_at(text, at);
  return is_digit(point.code) || (is_negative_mark(point.code) && is_digit(folded_at(text, at + point.length).code));
}

std::size_t scan_number(std::string_view text, std::size_t at, tree::Number& number) {
  Cursor from{text, at};
  if (is_negative_mark(from.peek().code)) {
    number.negative = true;
    from.advance();
  }
  std::size_t begin = from.at;
  bool last_is_plain = false;
  do {
    bool commas = false;
    begin = from.at;
    tree::Number::Part part;
    part.digits = take_run(from, commas);
    last_is_plain = part.digits == text.substr(begin, from.at - begin) && part.digits.find_first_of(".e") == std::string::npos;
    part.unit = take_unit(from);
    number.commas = number.commas || commas;
    number.parts.push_back(std::move(part));
  } while (from.digit() && !number.parts.back().unit.empty());
  // `5m3` is five of the unit `m3`: a last part without a unit is none.
  if (number.parts.size() > 1 && number.parts.back().unit.empty() && last_is_plain) {
    const std::string tail = number.parts.back().digits;
    number.parts.pop_back();
    number.parts.back().unit += tail;
  }
  return from.at;
}

}  // namespace kenzan::dsl
