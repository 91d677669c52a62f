// Cells and records of CSV as kenzan writes them.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace kenzan {

/// Whether the cell whose bytes begin there stands in quotes.
[[nodiscard]] inline bool stands_in_quotes(std::string_view file, std::size_t begin) {
  return begin > 0 && begin <= file.size() && file[begin - 1] == '"';
}

/// Appends what stands between the quotes of a cell.
inline void append_quoted(std::string& out, std::string_view cell) {
  for (const char c : cell) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
}

/// Appends a cell, in quotes only where they are needed.
inline void append_cell(std::string& out, std::string_view cell, char delimiter) {
  const bool quotes = cell.find_first_of("\"\r\n") != std::string_view::npos || cell.find(delimiter) != std::string_view::npos;
  if (!quotes) {
    out.append(cell);
    return;
  }
  out.push_back('"');
  append_quoted(out, cell);
  out.push_back('"');
}

/// The bytes that say `text` in the place of a cell: between the quotes that it stands in, else in quotes where they are needed.
[[nodiscard]] inline std::string cell_bytes(std::string_view text, bool in_quotes, char delimiter) {
  std::string out;
  if (in_quotes) {
    append_quoted(out, text);
  } else {
    append_cell(out, text, delimiter);
  }
  return out;
}

/// Appends a record of cells with commas between them and its line break (LF).
inline void append_csv(std::string& out, std::initializer_list<std::string_view> cells) {
  bool first = true;
  for (const std::string_view cell : cells) {
    if (!first) out.push_back(',');
    first = false;
    append_cell(out, cell, ',');
  }
  out.push_back('\n');
}

}  // namespace kenzan
