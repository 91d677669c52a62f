#include "engine/table/respelled.hpp"

#include <algorithm>
#include <ranges>
#include <vector>

#include "base/utf8.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t longest = 100;

using Text = std::u32string;

bool is_digit(char32_t c) { return c >= U'0' && c <= U'9'; }

/// Joiners and the like, of which nothing is seen. Not what turns the order of what is seen around, nor hyphens that may show.
bool is_invisible(char32_t c) { return (c >= 0x200B && c <= 0x200E) || c == 0x2060 || c == 0xFEFF; }

bool same(const Figure& a, const Figure& b) {
  return a.mark == b.mark && a.value == b.value && a.step == b.step && a.rounding == b.rounding;
}

/// The signs that a column writes, as its reader takes them; NUL where there is none.
struct Signs {
  char32_t decimal, group;
};
Signs signs_of(const FigureFormat& format) {
  const auto decimal = static_cast<unsigned char>(format.decimal);
  const auto group = static_cast<unsigned char>(format.group.size() == 1 ? format.group[0] : '\0');
  if (group != decimal) return {decimal, group};
  return {decimal, decimal == ',' ? U'.' : U'\0'};
}

/// The digits with the signs of the column, the last `decimals` of them behind the point.
Text with_signs(const Text& digits, std::size_t decimals, Signs signs, bool grouped) {
  const std::size_t whole = digits.size() - decimals;
  Text out;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    if (i == whole) out.push_back(signs.decimal);
    if (grouped && signs.group != 0 && i > 0 && i < whole && (whole - i) % 3 == 0) out.push_back(signs.group);
    out.push_back(digits[i]);
  }
  return out;
}

/// Without the blanks inside that are complained about.
std::optional<Text> without_blanks(const Text& written, const auto& good) {
  std::vector<bool> dropped(written.size(), false);
  const auto blank = [](char32_t c) { return is_white_space(c); };
  const auto first = static_cast<std::size_t>(std::ranges::find_if_not(written, blank) - written.begin());
  std::size_t last = written.size();
  while (last > first && blank(written[last - 1])) --last;
  for (std::size_t i = first; i < last; ++i) dropped[i] = blank(written[i]);
  const auto rest = [&] {
    Text out;
    for (std::size_t i = 0; i < written.size(); ++i) {
      if (!dropped[i]) out.push_back(written[i]);
    }
    return out;
  };
  if (std::ranges::find(dropped, true) == dropped.end() || !good(rest())) return std::nullopt;
  for (std::size_t i = first; i < last; ++i) {  // one before a unit may stay
    if (!dropped[i]) continue;
    dropped[i] = false;
    if (!good(rest())) dropped[i] = true;
  }
  return rest();
}

/// `1.25e1` as `12.5`.
std::optional<Text> without_exponent(const Text& written, Signs signs) {
  constexpr std::size_t most_digits = 3;
  const auto begin = std::ranges::find_if(written, is_digit);
  Text digits;
  std::ptrdiff_t decimals = 0;
  bool point = false;
  auto at = begin;
  for (; at != written.end() && (is_digit(*at) || (*at == signs.decimal && !point)); ++at) {
    if (is_digit(*at)) {
      digits.push_back(*at);
      decimals += point ? 1 : 0;
    } else {
      point = true;
    }
  }
  if (digits.empty() || at == written.end() || (*at != U'e' && *at != U'E')) return std::nullopt;
  ++at;
  const bool down = at != written.end() && (*at == U'-' || *at == U'−');
  if (down || (at != written.end() && *at == U'+')) ++at;
  std::ptrdiff_t exponent = 0;
  std::size_t count = 0;
  for (; at != written.end() && is_digit(*at) && count <= most_digits; ++at, ++count) exponent = exponent * 10 + (*at - U'0');
  if (count == 0 || count > most_digits) return std::nullopt;
  decimals -= down ? -exponent : exponent;
  if (decimals < 0) digits.append(static_cast<std::size_t>(-decimals), U'0');
  const auto places = static_cast<std::size_t>(std::max<std::ptrdiff_t>(decimals, 0));
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), U'0');
  const std::size_t zeros = std::min(digits.find_first_not_of(U'0'), digits.size() - places - 1);
  digits.erase(0, zeros);
  return Text(written.begin(), begin) + with_signs(digits, places, signs, false) + Text(at, written.end());
}

/// Whether digits stand in groups as some country writes them: 1 234 567, 123 4567, 12 34 567.
bool is_grouped(const std::vector<std::size_t>& sizes) {
  const auto groups_of = [&](std::size_t most, std::size_t inner, std::size_t last) {
    const auto between = std::ranges::subrange(sizes.begin() + 1, sizes.end() - 1);
    return sizes.front() >= 1 && sizes.front() <= most && sizes.back() == last &&
           std::ranges::all_of(between, [inner](std::size_t size) { return size == inner; });
  };
  return sizes.size() > 1 && (groups_of(3, 3, 3) || groups_of(4, 4, 4) || groups_of(2, 2, 3));
}

/// `1'234.5` and `1.234.567,8` with the signs of the column; nothing where the digits are not grouped.
std::optional<Text> from_another_country(const Text& written, Signs signs) {
  const auto begin = std::ranges::find_if(written, is_digit);
  auto end = written.end();
  while (end != begin && !is_digit(*(end - 1))) --end;
  Text digits, between;
  std::vector<std::size_t> sizes{0};
  for (auto at = begin; at != end; ++at) {
    if (is_digit(*at)) {
      digits.push_back(*at);
      ++sizes.back();
    } else if (is_white_space(*at) || Text(U".,'’_").find(*at) != Text::npos) {
      between.push_back(is_white_space(*at) ? U' ' : *at);
      sizes.push_back(0);
    } else {
      return std::nullopt;
    }
  }
  if (between.empty()) return std::nullopt;
  std::size_t decimals = 0;
  if (between.size() > 1 && between.back() != between.front() && (between.back() == U'.' || between.back() == U',')) {
    decimals = sizes.back();
    sizes.pop_back();
    between.pop_back();
  }
  const bool one_sign = std::ranges::all_of(between, [&](char32_t c) { return c == between.front(); });
  if (!one_sign || !is_grouped(sizes)) return std::nullopt;
  return Text(written.begin(), begin) + with_signs(digits, decimals, signs, true) + Text(end, written.end());
}

/// Whether no other number lies one slip away: a character too many, or a digit left out.
bool stands_alone(const Text& written, const Figure& figure, const TrySpelling& read) {
  const auto another = [&](const Text& text) {
    const Figure other = read(to_utf8(text)).figure;
    return other.mark == Mark::number && !same(other, figure);
  };
  for (std::size_t i = 0; i <= written.size(); ++i) {
    Text less = written, more = written;
    if (i < written.size() && another(less.erase(i, 1))) return false;
    if (another(more.insert(i, 1, U'1'))) return false;
  }
  return true;
}

}  // namespace

std::optional<std::string> respelled(std::string_view written, const FigureFormat& format, const TrySpelling& read) {
  if (written.size() > 4 * longest) return std::nullopt;
  const Text text = to_code_points(written);
  if (text.size() > longest) return std::nullopt;
  const Signs signs = signs_of(format);
  const TriedSpelling now = read(written);
  if (now.figure.mark == Mark::number) {
    const auto good = [&](const Text& other) {
      const TriedSpelling tried = read(to_utf8(other));
      return !tried.told && same(tried.figure, now.figure);
    };
    if (const auto plain = without_blanks(text, good)) return to_utf8(*plain);
    if (const auto plain = without_exponent(text, signs); plain && good(*plain)) return to_utf8(*plain);
    return std::nullopt;
  }
  Text seen = text;
  std::erase_if(seen, is_invisible);
  for (const std::optional<Text>& plain : {std::optional(seen), from_another_country(text, signs)}) {
    if (!plain || *plain == text) continue;
    const TriedSpelling tried = read(to_utf8(*plain));
    if (!tried.told && tried.figure.mark == Mark::number && stands_alone(text, tried.figure, read)) return to_utf8(*plain);
  }
  return std::nullopt;
}

}  // namespace kenzan::engine
