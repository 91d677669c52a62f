// Cells and records of CSV as kenzan writes them.
#pragma once
#include <initializer_list>
#include <string>
#include <string_view>

namespace kenzan {

/// Appends a cell, in quotes only where they are needed.
inline void append_cell(std::string& out, std::string_view cell, char delimiter) {
  const bool quotes = cell.find_first_of("\"\r\n") != std::string_view::npos || cell.find(delimiter) != std::string_view::npos;
  if (!quotes) {
    out.append(cell);
    return;
  }
  out.push_back('"');
  for (const char c : cell) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
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
