#include "diag/visible.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

#include "base/utf8.hpp"

namespace kenzan {

bool is_hidden(char32_t c) {
  if (c < 0x20 || (c >= 0x7F && c <= 0x9F)) return true;
  if (c < 0x2000) return c == 0xAD || c == 0x61C || c == 0x180E;
  if (c >= 0x2070 && c < 0xFEFF) return false;  // nearly all that is not ASCII
  return (c >= 0x200B && c <= 0x200F) || (c >= 0x2028 && c <= 0x202E) || (c >= 0x2060 && c <= 0x206F) || c == 0xFEFF ||
         (c >= 0xFFF9 && c <= 0xFFFB) || (c >= 0xE0000 && c <= 0xE007F);
}

namespace {

bool is_plain(char c) { return c >= 0x20 && c < 0x7F; }

}  // namespace

std::size_t append_visible(std::string& out, std::string_view text, std::size_t at) {
  if (is_plain(text[at])) {
    out.push_back(text[at]);
    return 1;
  }
  const CodePoint c = code_point_at(text, at);
  if (!c.valid) {
    append_utf8(out, 0xFFFD);
  } else if (!is_hidden(c.code)) {
    out.append(text.substr(at, c.length));
  } else if (c.code < 0x20) {
    append_utf8(out, 0x2400 + c.code);
  } else if (c.code == 0x7F) {
    append_utf8(out, 0x2421);
  } else {
    fmt::format_to(std::back_inserter(out), "<U+{:04X}>", static_cast<std::uint32_t>(c.code));
  }
  return c.length;
}

std::string visible(std::string_view text) {
  std::size_t at = 0;
  while (at < text.size() && is_plain(text[at])) ++at;
  std::string out;
  out.reserve(text.size());
  out.append(text.substr(0, at));
  while (at < text.size()) at += append_visible(out, text, at);
  return out;
}

}  // namespace kenzan
