#include "engine/table/cell_text.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "base/text.hpp"

namespace kenzan::engine {
namespace {

/// Reads an unsigned number of `least` to `most` digits at the front of `text` and takes it off.
std::optional<unsigned> take_digits(std::string_view& text, std::size_t least, std::size_t most) {
  std::size_t count = 0;
  unsigned value = 0;
  while (count < text.size() && text[count] >= '0' && text[count] <= '9') {
    if (count == most) return std::nullopt;
    value = value * 10 + static_cast<unsigned>(text[count++] - '0');
  }
  if (count < least) return std::nullopt;
  text.remove_prefix(count);
  return value;
}

unsigned days_in(unsigned year, unsigned month) {
  constexpr std::array<unsigned, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  const bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

std::string padded(unsigned value, std::size_t width) {
  const std::string digits = std::to_string(value);
  return std::string(width - digits.size(), '0') + digits;
}

}  // namespace

bool is_malformed(std::string_view text) { return first_invalid_utf8(text) || text.find('\0') != std::string_view::npos; }

CellText::CellText(const dsl::Column& column) {
  if (column.take) take_ = std::make_unique<re2::RE2>(*column.take, re2::RE2::Quiet);
  for (const auto& [printed, meant] : column.alias) alias_.emplace(printed, meant);
}
CellText::~CellText() = default;
CellText::CellText(CellText&&) noexcept = default;

CellValue CellText::read(std::string_view cell, std::string& scratch) const {
  if (plain() || trim_view(cell).empty()) return {cell};
  if (take_) {
    const std::string normal = nfkc(cell);
    re2::StringPiece group;
    if (!re2::RE2::PartialMatch(normal, *take_, &group) || group.data() == nullptr) return {{}, false};
    scratch.assign(group.data(), group.size());
    cell = scratch;
  }
  if (!alias_.empty()) {
    if (const auto known = alias_.find(fold(cell)); known != alias_.end()) return {known->second};
  }
  return {cell};
}

std::optional<std::string> read_date(std::string_view text) {
  const std::string normal = nfkc(trim_view(text));
  std::string_view rest = normal;
  const auto year = take_digits(rest, 4, 4);
  if (!year || *year == 0 || rest.empty()) return std::nullopt;
  const char separator = rest.front();
  if (separator != '-' && separator != '/') return std::nullopt;
  const std::size_t least = separator == '-' ? 2 : 1;
  rest.remove_prefix(1);
  const auto month = take_digits(rest, least, 2);
  if (!month || *month < 1 || *month > 12 || !rest.starts_with(separator)) return std::nullopt;
  rest.remove_prefix(1);
  const auto day = take_digits(rest, least, 2);
  if (!day || *day < 1 || *day > days_in(*year, *month) || !rest.empty()) return std::nullopt;
  return padded(*year, 4) + "-" + padded(*month, 2) + "-" + padded(*day, 2);
}

std::optional<bool> read_flag(std::string_view text) {
  constexpr std::array<std::string_view, 7> yes{"true", "yes", "1", "○", "〇", "◯", "有"};
  constexpr std::array<std::string_view, 5> no{"false", "no", "0", "×", "無"};
  const std::string word = lower(fold(text));
  if (std::ranges::find(yes, word) != yes.end()) return true;
  if (std::ranges::find(no, word) != no.end()) return false;
  return std::nullopt;
}

std::optional<Decimals> read_decimals(std::string_view text) {
  std::string word = lower(fold(text));
  if (word == "inf") return Decimals{0, true};
  if (word.starts_with("−")) word.replace(0, std::string_view("−").size(), "-");
  if (word.starts_with("+")) word.erase(0, 1);
  Decimals out;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), out.count);
  if (error != std::errc() || end != word.data() + word.size() || out.count > max_digits || out.count < -max_digits)
    return std::nullopt;
  return out;
}

std::optional<PlainNumber> read_plain_number(std::string_view text, std::string_view unit) {
  if (!unit.empty() && text.ends_with(unit)) text.remove_suffix(unit.size());
  constexpr std::string_view minus_signs[] = {"-", "▲", "△", "−"};
  const auto* const sign = std::ranges::find_if(minus_signs, [&](std::string_view minus) { return text.starts_with(minus); });
  const bool negative = sign != std::end(minus_signs);
  if (negative) text.remove_prefix(sign->size());
  PlainNumber out;
  int count = 0, since_comma = 0;
  bool grouped = false, point = false;
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      if (++count > 17) return std::nullopt;
      out.number = out.number * 10 + (c - '0');
      if (point) {
        --out.place;
      } else {
        ++since_comma;
      }
    } else if (c == ',' && !point) {
      if (grouped ? since_comma != 3 : (since_comma < 1 || since_comma > 3)) return std::nullopt;
      grouped = true;
      since_comma = 0;
    } else if (c == '.' && !point && count > 0) {
      point = true;
    } else {
      return std::nullopt;
    }
  }
  if (count == 0 || (grouped && since_comma != 3) || (point && out.place == 0)) return std::nullopt;
  if (negative) out.number = -out.number;
  return out;
}

}  // namespace kenzan::engine
