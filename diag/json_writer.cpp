#include "diag/json_writer.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <iterator>

#include "base/utf8.hpp"
#include "diag/visible.hpp"

namespace kenzan {

void JsonWriter::new_line() {
  if (layout_ == Layout::indented) out_.append("\n").append(2 * depth_, ' ');
}

void JsonWriter::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (depth_ == 0) return;
  if (!empty_) out_.append(layout_ == Layout::line ? ", " : ",");
  new_line();
  empty_ = false;
}

void JsonWriter::open(char bracket) {
  before_value();
  out_.push_back(bracket);
  ++depth_;
  empty_ = true;
}

void JsonWriter::close(char bracket) {
  --depth_;
  if (!empty_) new_line();
  out_.push_back(bracket);
  empty_ = false;
}

JsonWriter& JsonWriter::key(std::string_view name) {
  before_value();
  quoted(name);
  out_.append(layout_ == Layout::dense ? ":" : ": ");
  after_key_ = true;
  return *this;
}

void JsonWriter::text(std::string_view value) {
  before_value();
  quoted(value);
}

void JsonWriter::number(std::size_t value) {
  before_value();
  out_.append(std::to_string(value));
}

void JsonWriter::boolean(bool value) {
  before_value();
  out_.append(value ? "true" : "false");
}

void JsonWriter::quoted(std::string_view value) {
  const auto escape = [this](std::uint32_t unit) { fmt::format_to(std::back_inserter(out_), "\\u{:04x}", unit); };
  out_.push_back('"');
  const auto plain = [value](std::size_t at) {
    return value[at] >= 0x20 && value[at] < 0x7F && value[at] != '"' && value[at] != '\\';
  };
  for (std::size_t at = 0; at < value.size();) {
    std::size_t end = at;
    while (end < value.size() && plain(end)) ++end;
    out_.append(value.substr(at, end - at));
    at = end;
    if (at == value.size()) break;
    const CodePoint c = code_point_at(value, at);
    const auto code = static_cast<std::uint32_t>(c.code);
    if (!c.valid) {
      append_utf8(out_, 0xFFFD);
    } else if (code == '"' || code == '\\') {
      out_.push_back('\\');
      out_.push_back(static_cast<char>(code));
    } else if (code == '\n') {
      out_.append("\\n");
    } else if (code == '\t') {
      out_.append("\\t");
    } else if (code == '\r') {
      out_.append("\\r");
    } else if (!is_hidden(c.code)) {
      out_.append(value.substr(at, c.length));
    } else if (code <= 0xFFFF) {
      escape(code);
    } else {
      escape(0xD800 + ((code - 0x10000) >> 10U));
      escape(0xDC00 + ((code - 0x10000) & 0x3FFU));
    }
    at += c.length;
  }
  out_.push_back('"');
}

}  // namespace kenzan
