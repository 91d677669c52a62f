#include "base/utf8.hpp"

#include <algorithm>
#include <cstdint>

namespace kenzan {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

bool is_continuation(std::string_view text, std::size_t at) { return at < text.size() && (byte_at(text, at) & 0xC0U) == 0x80U; }

}  // namespace

CodePoint long_code_point_at(std::string_view text, std::size_t at) {
  const unsigned lead = byte_at(text, at);
  const CodePoint malformed{static_cast<char32_t>(lead), 1, false};
  if (lead >= 0xE1 && lead <= 0xEC && at + 2 < text.size()) {  // most that is not ASCII, and none of it overlong or a surrogate
    const unsigned second = byte_at(text, at + 1), third = byte_at(text, at + 2);
    if ((second & 0xC0U) != 0x80U || (third & 0xC0U) != 0x80U) return malformed;
    return {static_cast<char32_t>((lead & 0x0FU) << 12U | (second & 0x3FU) << 6U | (third & 0x3FU)), 3, true};
  }
  std::uint8_t length = 0;
  std::uint32_t code = 0;
  std::uint32_t smallest = 0;
  if (lead >= 0xC2 && lead <= 0xDF) {
    length = 2, code = lead & 0x1FU, smallest = 0x80;
  } else if (lead >= 0xE0 && lead <= 0xEF) {
    length = 3, code = lead & 0x0FU, smallest = 0x800;
  } else if (lead >= 0xF0 && lead <= 0xF4) {
    length = 4, code = lead & 0x07U, smallest = 0x10000;
  } else {
    return malformed;
  }
  for (std::size_t i = 1; i < length; ++i) {
    if (!is_continuation(text, at + i)) return malformed;
    code = code << 6U | (byte_at(text, at + i) & 0x3FU);
  }
  if (code < smallest || code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF)) return malformed;
  return {static_cast<char32_t>(code), length, true};
}

CodePoint last_code_point(std::string_view text) {
  const std::size_t reach = std::min<std::size_t>(4, text.size());
  for (std::size_t length = 1; length <= reach; ++length) {
    if (is_continuation(text, text.size() - length)) continue;
    const CodePoint found = code_point_at(text, text.size() - length);
    if (found.valid && found.length == length) return found;
    break;
  }
  return {static_cast<char32_t>(byte_at(text, text.size() - 1)), 1, false};
}

void append_utf8(std::string& out, char32_t code) {
  const auto c = static_cast<std::uint32_t>(code);
  const auto put = [&out](std::uint32_t byte) { out.push_back(static_cast<char>(static_cast<unsigned char>(byte))); };
  if (c < 0x80) {
    put(c);
  } else if (c < 0x800) {
    put(0xC0U | c >> 6U), put(0x80U | (c & 0x3FU));
  } else if (c < 0x10000) {
    put(0xE0U | c >> 12U), put(0x80U | (c >> 6U & 0x3FU)), put(0x80U | (c & 0x3FU));
  } else {
    put(0xF0U | c >> 18U), put(0x80U | (c >> 12U & 0x3FU)), put(0x80U | (c >> 6U & 0x3FU)), put(0x80U | (c & 0x3FU));
  }
}

std::string to_utf8(std::u32string_view text) {
  std::string out;
  out.reserve(text.size() * 3);
  for (char32_t c : text) append_utf8(out, c);
  return out;
}

std::u32string to_code_points(std::string_view text) {
  std::u32string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    out.push_back(c.code);
    at += c.length;
  }
  return out;
}

bool is_white_space(char32_t c) {
  if (c <= 0x20) return c == 0x20 || (c >= 0x09 && c <= 0x0D);
  return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
         c == 0x205F || c == 0x3000;
}

}  // namespace kenzan
