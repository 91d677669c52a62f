#include "base/text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <utility>
#include <vector>

#include "base/utf8.hpp"

namespace kenzan {
namespace {

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

/// Whether more combining marks follow one another than any script writes. To sort n of them takes n² steps.
bool piles_up_marks(std::string_view text) {
  constexpr int most = 255;
  if (text.size() <= 2 * most) return false;  // a mark takes two bytes or more
  int marks = 0;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const bool is_mark = utf8proc_get_property(static_cast<utf8proc_int32_t>(c.code))->combining_class != 0;
    marks = is_mark ? marks + 1 : 0;
    if (marks > most) return true;
    at += c.length;
  }
  return false;
}

/// Drops white space at the ends and beside non-ASCII characters, and makes every other run of it one blank.
std::string close_up(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  bool pending = false;      // white space since the last character
  bool after_ascii = false;  // that character is ASCII
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (is_white_space(c.code)) {
      pending = true;
    } else {
      if (pending && after_ascii && c.code < 0x80) out.push_back(' ');
      out.append(text.substr(at, c.length));
      pending = false;
      after_ascii = c.code < 0x80;
    }
    at += c.length;
  }
  return out;
}

/// The edit distance, a swap of two neighbours counting one, or anything above `limit` where it is above `limit`.
std::size_t distance(std::u32string_view a, std::u32string_view b, std::size_t limit) {
  const std::size_t above = limit + 1;
  // What both begin and end with needs no edit.
  while (!a.empty() && !b.empty() && a.front() == b.front()) a.remove_prefix(1), b.remove_prefix(1);
  while (!a.empty() && !b.empty() && a.back() == b.back()) a.remove_suffix(1), b.remove_suffix(1);
  if (a.empty() || b.empty()) return std::min(std::max(a.size(), b.size()), above);
  if (std::max(a.size(), b.size()) - std::min(a.size(), b.size()) > limit) return above;
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, change});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
    if (*std::ranges::min_element(last) > above) return above;
  }
  return last[b.size()];
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
  const auto* const bytes = reinterpret_cast<const unsigned char*>(text.data());
  const auto follows = [&](std::size_t at) { return (bytes[at] & 0xC0U) == 0x80U; };
  for (std::size_t at = 0; at < text.size();) {
    if (bytes[at] < 0x80) {
      ++at;
    } else if (bytes[at] >= 0xE1 && bytes[at] <= 0xEC && at + 2 < text.size() && follows(at + 1) && follows(at + 2)) {
      at += 3;  // most that is not ASCII
    } else {
      const CodePoint c = code_point_at(text, at);
      if (!c.valid) return at;
      at += c.length;
    }
  }
  return std::nullopt;
}

std::string nfkc(std::string_view text) {
  if (is_ascii(text) || is_surely_folded(text) || first_invalid_utf8(text) || piles_up_marks(text)) return std::string(text);
  utf8proc_uint8_t* mapped = nullptr;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE | UTF8PROC_COMPAT);
  const auto* bytes = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  const utf8proc_ssize_t length = utf8proc_map(bytes, static_cast<utf8proc_ssize_t>(text.size()), &mapped, options);
  if (length < 0) return std::string(text);
  std::string out(reinterpret_cast<const char*>(mapped), static_cast<std::size_t>(length));
  std::free(mapped);
  return out;
}

std::string lower(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (!c.valid) return std::string(text);
    append_utf8(out, static_cast<char32_t>(utf8proc_tolower(static_cast<utf8proc_int32_t>(c.code))));
    at += c.length;
  }
  return out;
}

std::string_view trim_view(std::string_view text) {
  while (!text.empty()) {
    const CodePoint c = code_point_at(text, 0);
    if (!c.valid || !is_white_space(c.code)) break;
    text.remove_prefix(c.length);
  }
  while (!text.empty()) {
    const CodePoint c = last_code_point(text);
    if (!c.valid || !is_white_space(c.code)) break;
    text.remove_suffix(c.length);
  }
  return text;
}

std::string trim(std::string_view text) { return std::string(trim_view(text)); }

bool is_surely_folded(std::string_view text) {
  bool blank_allowed = false;  // behind an ASCII character that is none
  bool after_blank = false;
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = static_cast<unsigned char>(text[i]);
    if (byte < 0x80) {
      if (byte > ' ' && byte != 0x7F) {
        blank_allowed = true;
        after_blank = false;
      } else if (byte == ' ' && blank_allowed) {
        blank_allowed = false;
        after_blank = true;
      } else {
        return false;
      }
      ++i;
      continue;
    }
    if (after_blank || i + 2 >= text.size()) return false;
    const auto second = static_cast<unsigned char>(text[i + 1]), third = static_cast<unsigned char>(text[i + 2]);
    if ((second & 0xC0U) != 0x80 || (third & 0xC0U) != 0x80) return false;
    const unsigned code = (byte & 0x0FU) << 12 | (second & 0x3FU) << 6 | (third & 0x3FU);
    const bool ideograph = byte >= 0xE4 && byte <= 0xE9 && code >= 0x4E00 && code <= 0x9FFF;
    const bool kana = byte == 0xE3 && ((code >= 0x3041 && code <= 0x3096) || (code >= 0x30A1 && code <= 0x30FA) || code == 0x30FC);
    const bool bracket = byte == 0xE3 && ((code >= 0x3001 && code <= 0x301F) || code == 0x30FB);  // and 、。・
    const bool dash = byte == 0xE2 && code >= 0x2012 && code <= 0x2015;
    if (!ideograph && !kana && !bracket && !dash) return false;
    blank_allowed = false;
    i += 3;
  }
  return !after_blank;
}

std::string fold(std::string_view text) {
  if (is_surely_folded(text) || first_invalid_utf8(text)) return std::string(text);
  std::string folded = close_up(nfkc(text));
  // What a blank kept apart may compose now (か + U+3099), and what was composed may stand beside another blank. Every round
  // removes white space, so this ends; almost always after one look.
  while (!is_ascii(folded) && !is_surely_folded(folded)) {
    std::string next = close_up(nfkc(folded));
    if (next == folded) break;
    folded = std::move(next);
  }
  return folded;
}

std::size_t code_points(std::string_view text) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); at += code_point_at(text, at).length) ++count;
  return count;
}

std::optional<std::string> near_name(std::string_view wanted, std::span<const std::string> candidates) {
  const std::u32string name = to_code_points(wanted);
  const std::string* best = nullptr;
  std::size_t best_distance = 0;
  for (const std::string& candidate : candidates) {
    const std::u32string other = to_code_points(candidate);
    const std::size_t longer = std::max(name.size(), other.size());
    std::size_t limit = std::max<std::size_t>(1, longer / 3);
    if (best != nullptr) limit = std::min(limit, best_distance - 1);
    const std::size_t edits = distance(name, other, limit);
    const bool near = edits <= limit && (edits < longer || edits == 0);
    if (!near) continue;
    best = &candidate;
    best_distance = edits;
    if (edits == 0) break;
  }
  if (best == nullptr) return std::nullopt;
  return *best;
}

}  // namespace kenzan
