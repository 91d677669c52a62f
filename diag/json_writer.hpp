// JSON as text, written in one pass: no tree is built, so a report of many findings takes the memory of its bytes.
#pragma once
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace kenzan {

/// Writes JSON values with two blanks a level, each on one line, or without blanks. The caller closes what it opens, and gives each value in an object a key first.
///
/// Any bytes are accepted as text: a malformed byte becomes U+FFFD, and characters that act on a terminal are escaped (\u001b),
/// so that the value is exact and the bytes are harmless.
class JsonWriter {
 public:
  enum class Layout : std::uint8_t { indented, line, dense };
  explicit JsonWriter(std::string& out, Layout layout = Layout::indented) : out_(out), layout_(layout) {}
  void open(char bracket);   ///< '{' or '['
  void close(char bracket);  ///< '}' or ']'
  JsonWriter& key(std::string_view name);
  void text(std::string_view value);
  void number(std::size_t value);
  void boolean(bool value);
  /// An array of texts under a key.
  void texts(std::string_view name, const auto& values) {
    key(name).open('[');
    for (const auto& value : values) text(value);
    close(']');
  }

 private:
  void before_value();
  void new_line();
  void quoted(std::string_view value);
  std::string& out_;
  Layout layout_;
  std::size_t depth_ = 0;
  bool empty_ = true;  ///< nothing in the innermost bracket yet
  bool after_key_ = false;
};

}  // namespace kenzan
