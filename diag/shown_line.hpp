// One line of a source as a report shows it: harmless to a terminal, cropped if it is very wide, with the columns of its places.
#pragma once
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kenzan {

/// A half-open range of bytes of a line.
struct ByteRange {
  std::size_t begin = 0, end = 0;
};

/// Where something stands on a screen, in cells from 0, half-open and never empty.
struct Columns {
  std::size_t begin = 0, end = 0;
};

struct ShownLine {
  std::string text;
  std::vector<Columns> places;  ///< of the places asked for, in their order
};

/// Draws `line`. Where it is wider than `widest` cells only the places and some text around them are kept, with … for the rest;
/// a long place loses its end.
///
/// Shape:  `places` ascend by begin, lie within the line, and may overlap; an empty one gets one cell.
/// Cost:   linear in the line, and for lines of many thousand bytes linear in the text around the places only.
[[nodiscard]] ShownLine show_line(std::string_view line, std::span<const ByteRange> places, std::size_t widest = 160);

}  // namespace kenzan
