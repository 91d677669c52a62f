// UTF-8, one code point at a time.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kenzan {

/// U+FEFF at the beginning of a file.
inline constexpr std::string_view byte_order_mark = "\xEF\xBB\xBF";

/// One code point and the bytes it takes. A malformed byte is taken alone: `code` is the byte, `valid` is false.
struct CodePoint {
  char32_t code = 0;
  std::uint8_t length = 1;
  bool valid = true;
};

/// `code_point_at` of a byte that is not ASCII.
[[nodiscard]] CodePoint long_code_point_at(std::string_view text, std::size_t at);

/// Decodes the code point at `at` (< text.size()). Overlong forms, surrogates and values above U+10FFFF are malformed.
[[nodiscard]] inline CodePoint code_point_at(std::string_view text, std::size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  if (lead < 0x80) return {lead, 1, true};
  return long_code_point_at(text, at);
}

/// Decodes the code point that ends where `text` (not empty) ends.
[[nodiscard]] CodePoint last_code_point(std::string_view text);

void append_utf8(std::string& out, char32_t code);
[[nodiscard]] std::string to_utf8(std::u32string_view text);

/// Decodes `text`; a malformed byte becomes its value.
[[nodiscard]] std::u32string to_code_points(std::string_view text);

/// White_Space of the Unicode character database.
[[nodiscard]] bool is_white_space(char32_t code);

}  // namespace kenzan
