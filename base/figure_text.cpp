#include "base/figure_text.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "base/numeral.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace kenzan {
namespace {

/// What the options of one call say, resolved.
struct Reading {
  const FigureFormat& format;
  const UnitTable& units;
  std::optional<int> decimals;
  bool exact = false;
  const Unit* bare_unit = nullptr;  // of a number without a unit; none: it must be written
};

ReadFigure refuse(FigureIssue issue, std::string detail = {}) {
  ReadFigure out;
  out.figure.mark = Mark::unreadable;
  out.issue = issue;
  out.detail = std::move(detail);
  return out;
}

ReadFigure marked(Mark mark) {
  ReadFigure out;
  out.figure.mark = mark;
  return out;
}

std::optional<Mark> exact_mark(std::string_view text, const FigureFormat& format) {
  const auto in = [text](const std::vector<std::string>& marks) { return std::ranges::find(marks, text) != marks.end(); };
  if (in(format.nil)) return Mark::nil;
  if (in(format.unknown)) return Mark::unknown;
  if (in(format.suppressed)) return Mark::suppressed;
  return std::nullopt;
}

std::optional<Mark> folded_mark(std::string_view text, const FigureFormat& format) {
  const std::string folded = fold(text);
  const auto in = [&folded](const std::vector<std::string>& spellings) {
    return std::ranges::any_of(spellings, [&folded](const std::string& s) { return fold(s) == folded; });
  };
  if (in(format.nil)) return Mark::nil;
  if (in(format.unknown)) return Mark::unknown;
  if (in(format.suppressed)) return Mark::suppressed;
  return std::nullopt;
}

/// 10^place of `unit`, in base units.
Rational place_in(const Unit& unit, int place) {
  Rational step = power_of_ten(place);
  if (unit.factor != 1) step *= unit.factor;
  return step;
}

/// Makes the figure of `value`, the last digit of which stands at 10^place of `unit`, `written`; both in base units.
ReadFigure figure_of(Rational value, Rational written, int place, const Unit& unit, const Reading& reading) {
  const auto& decimals = reading.decimals;
  if (reading.format.integer_only && denominator(value) != 1) return refuse(FigureIssue::not_an_integer);
  if (decimals && (*decimals > max_digits || *decimals < -max_digits)) return refuse(FigureIssue::too_long);
  ReadFigure out;
  out.decimals = -place;
  out.figure.rounding = reading.exact ? Rounding::exact : reading.format.rounding;
  out.figure.value = std::move(value);
  if (decimals) {
    out.figure.step = place_in(unit, -*decimals);
  } else if (reading.format.step) {
    out.figure.step = *reading.format.step;
  } else {
    out.figure.step = std::move(written);
  }
  return out;
}

/// Reads `[-]digits[.digits]`, thousands grouped by commas or not; nothing where the text is anything else, or long.
std::optional<ReadFigure> read_plain(std::string_view text, const Reading& reading) {
  if (reading.bare_unit == nullptr || reading.format.decimal != '.') return std::nullopt;
  const bool commas = reading.format.group == ",";
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  if (text.empty() || text.size() > 24) return std::nullopt;
  std::int64_t digits = 0;
  int count = 0, since_comma = 0, decimals = 0;
  bool grouped = false, point = false;
  for (char c : text) {
    if (c >= '0' && c <= '9') {
      if (++count > 18) return std::nullopt;
      digits = digits * 10 + (c - '0');
      if (point) {
        ++decimals;
      } else {
        ++since_comma;
      }
    } else if (c == ',' && commas && !point) {
      if (grouped ? since_comma != 3 : (since_comma < 1 || since_comma > 3)) return std::nullopt;
      grouped = true;
      since_comma = 0;
    } else if (c == '.' && !point && count > 0) {
      point = true;
    } else {
      return std::nullopt;
    }
  }
  if (count == 0 || (grouped && since_comma != 3) || (point && decimals == 0)) return std::nullopt;
  Rational written = place_in(*reading.bare_unit, -decimals);
  Rational value = written * (negative ? -digits : digits);
  return figure_of(std::move(value), std::move(written), -decimals, *reading.bare_unit, reading);
}

/// Code points, full-width forms as ASCII and every white space as a blank. Not NFKC, which would make a 1 of ① and a 2 of ².
std::u32string half_width(std::string_view text) {
  std::u32string out = to_code_points(text);
  for (char32_t& c : out) {
    if (c >= U'！' && c <= U'～') {
      c -= U'！' - U'!';
    } else if (is_white_space(c)) {
      c = U' ';
    }
  }
  return out;
}

void drop_blanks(std::u32string_view& text) {
  while (text.starts_with(U' ')) text.remove_prefix(1);
}

bool is_minus(char32_t c) { return std::u32string_view(U"-−△▲─ー").find(c) != std::u32string_view::npos; }

char32_t closing_bracket(char32_t open) {
  constexpr std::u32string_view opening = U"([{<〔【〈《「『";
  constexpr std::u32string_view closing = U")]}>〕】〉》」』";
  const auto at = opening.find(open);
  return at == std::u32string_view::npos ? U'\0' : closing[at];
}

NumeralStyle style_of(const FigureFormat& format) {
  const std::u32string group = half_width(format.group);
  NumeralStyle style{static_cast<char32_t>(static_cast<unsigned char>(format.decimal)), group.size() == 1 ? group[0] : U'\0'};
  if (style.group == style.decimal) style.group = style.decimal == U',' ? U'.' : U'\0';
  return style;
}

FigureIssue issue_of(NumeralError error) {
  switch (error) {
    case NumeralError::none: return FigureIssue::none;
    case NumeralError::not_a_number: return FigureIssue::not_a_number;
    case NumeralError::bad_grouping: return FigureIssue::bad_grouping;
    case NumeralError::too_long: return FigureIssue::too_long;
  }
  return FigureIssue::not_a_number;
}

/// The unit written as `name`: a known one, a quotient of two known ones (円/人), or the column's own.
std::optional<Unit> find_unit(const std::string& name, const Reading& reading) {
  if (const Unit* unit = reading.units.find(name)) return *unit;
  for (const Unit* own : {reading.bare_unit, &reading.format.unit}) {
    if (own != nullptr && !own->name.empty() && fold(own->name) == fold(name)) return *own;
  }
  const std::size_t slash = name.find('/');
  if (slash == std::string::npos) return std::nullopt;
  const Unit* top = reading.units.find(name.substr(0, slash));
  const Unit* bottom = reading.units.find(name.substr(slash + 1));
  if (top == nullptr || bottom == nullptr) return std::nullopt;
  return *top / *bottom;
}

/// Whether a number written in `written` can stand in a column of `column`: a difference of percentages is no percentage.
bool agrees(const Unit& written, const Unit& column) {
  return written.same_dimension(column) && (written.kind == RatioKind::point) == (column.kind == RatioKind::point);
}

struct Quantity {
  Numeral number;
  std::u32string_view rest;  // behind the number, without blanks around
  std::optional<Unit> unit;  // written there
};

/// Splits `text` into a number and its unit. One run of digits goes with the longest unit (2,500 億円); behind several runs every
/// multiplier is the number's (3兆2500億 円).
Quantity split(std::u32string_view text, NumeralStyle style, const Reading& reading) {
  Quantity out;
  const auto look = [&] {
    out.rest = text.substr(out.number.length);
    drop_blanks(out.rest);
    if (!out.rest.empty()) out.unit = find_unit(to_utf8(out.rest), reading);
  };
  const bool begins_with_multiplier = !text.empty() && is_multiplier(text[0]);
  if (!begins_with_multiplier) {
    out.number = read_run(text, style);
    if (out.number.error != NumeralError::none) return out;
    look();
    if (out.unit || out.rest.empty() || !is_multiplier(out.rest[0])) return out;
  } else if (find_unit(to_utf8(text), reading)) {
    out.number.error = NumeralError::not_a_number;  // a unit alone
    return out;
  }
  out.number = read_compound(text, style);
  if (out.number.error == NumeralError::none) look();
  return out;
}

/// Reads the number with its unit that makes up all of `text`.
ReadFigure read_quantity(std::u32string_view text, bool negative, const Reading& reading) {
  Quantity read = split(text, style_of(reading.format), reading);
  Numeral& number = read.number;
  if (number.error != NumeralError::none) return refuse(issue_of(number.error));
  const Unit* unit = read.unit ? &*read.unit : reading.bare_unit;
  if (!read.unit) {
    if (!read.rest.empty()) return refuse(FigureIssue::not_a_number, to_utf8(read.rest));
    if (unit == nullptr || (number.scaled && unit->factor != 1)) return refuse(FigureIssue::missing_unit);
  }
  if (!agrees(*unit, reading.format.unit)) return refuse(FigureIssue::wrong_unit, unit->name);
  Rational value = number.value * unit->factor;
  if (negative) value = -value;
  ReadFigure out = figure_of(std::move(value), place_in(*unit, number.place), number.place, *unit, reading);
  if (out.issue != FigureIssue::none) return out;
  if (number.exponent) {
    out.issue = FigureIssue::exponent;
  } else if (number.inner_blank) {
    out.issue = FigureIssue::inner_blank;
  }
  return out;
}

ReadFigure read_signed(std::u32string_view text, bool negated, const Reading& reading) {
  const bool minus = !text.empty() && is_minus(text[0]);
  const bool plus = text.starts_with(U'+');
  if (negated && (minus || plus)) return refuse(FigureIssue::not_a_number);  // two signs
  if (minus || plus) {
    text.remove_prefix(1);
    drop_blanks(text);
  }
  return read_quantity(text, minus || negated, reading);
}

ReadFigure read_bracketed(std::u32string_view text, char32_t closing, const Reading& reading) {
  if (reading.format.brackets == Brackets::none) return refuse(FigureIssue::bracketed);
  if (!text.ends_with(closing) || text.size() < 3) return refuse(FigureIssue::not_a_number);
  text = text.substr(1, text.size() - 2);
  drop_blanks(text);
  return read_signed(text, reading.format.brackets == Brackets::minus, reading);
}

/// Reads what is no plain number: signs and digits of any width, 約, brackets, units.
ReadFigure read_decorated(std::string_view cell, const Reading& reading) {
  if (first_invalid_utf8(cell)) return refuse(FigureIssue::not_a_number);
  const std::u32string characters = half_width(cell);
  std::u32string_view rest = characters;
  const bool about = rest.starts_with(U'約');
  if (about) {
    rest.remove_prefix(1);
    drop_blanks(rest);
  }
  const char32_t closing = rest.empty() ? U'\0' : closing_bracket(rest[0]);
  ReadFigure out = closing != U'\0' ? read_bracketed(rest, closing, reading) : read_signed(rest, false, reading);
  if (about && out.figure.mark == Mark::number) out.issue = FigureIssue::about;
  return out;
}

}  // namespace

std::vector<std::string> default_nil(bool ratio_marks) {
  std::vector<std::string> marks{"—", "－", "―", "‐", "–", "-"};
  if (!ratio_marks) marks.insert(marks.end(), {"皆減", "皆増"});
  return marks;
}

std::vector<std::string> default_unknown(bool ratio_marks) {
  std::vector<std::string> marks{"…", "...", "n/a", "NA"};
  if (ratio_marks) marks.insert(marks.end(), {"皆減", "皆増"});
  return marks;
}

std::vector<std::string> default_suppressed() { return {"x", "X", "ｘ"}; }

ReadFigure read_figure(std::string_view text, const FigureFormat& format, const UnitTable& units, std::optional<int> decimals,
                       bool exact_decimals, const Unit* unit_override) {
  const std::string_view cell = trim_view(text);
  if (const auto mark = exact_mark(cell, format)) return marked(*mark);
  if (cell.empty()) return marked(Mark::blank);
  Reading reading{format, units, decimals, exact_decimals, unit_override};
  if (unit_override == nullptr && !format.unit_in_cell) reading.bare_unit = &format.unit;
  if (unit_override == nullptr || agrees(*unit_override, format.unit)) {
    if (auto plain = read_plain(cell, reading)) return *std::move(plain);
  }
  ReadFigure out = read_decorated(cell, reading);
  if (out.figure.mark != Mark::unreadable) return out;
  if (const auto mark = folded_mark(cell, format)) return marked(*mark);
  return out;
}

}  // namespace kenzan
