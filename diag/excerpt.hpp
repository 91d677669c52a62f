// The lines of sources that a report quotes, with their places marked and annotated underneath.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "diag/palette.hpp"
#include "diag/shown_line.hpp"
#include "diag/source.hpp"

namespace kenzan {

/// A place to mark. Its note may be empty. Exactly one of an excerpt is primary: it is marked with carets, and its file comes first.
struct Marking {
  Span span;
  bool primary = false;
  std::string note;
};

/// Lines quoted from sources. Built once, asked for its gutter, and drawn.
class Excerpt {
 public:
  /// Marks that cover the same text become one. A place of several lines is marked in its first.
  Excerpt(const SourceMap& sources, std::vector<Marking> markings);

  /// Width of the widest line number; lines that follow the excerpt are indented by it.
  [[nodiscard]] std::size_t gutter() const { return gutter_; }

  /// Appends the excerpt: for each file ` --> path:line:column` (not for the first file unless `arrow`; ` ::: ` for the others) and
  /// its lines, `...` between lines that are not neighbours.
  void draw(std::string& out, const Palette& palette, bool arrow) const;

 private:
  struct Placed {
    Marking marking;
    std::uint32_t line;
  };
  void draw_line(std::string& out, const Palette& palette, std::size_t first, std::size_t last) const;
  void draw_marks(std::string& out, const Palette& palette, std::size_t first, std::size_t last, std::string_view margin,
                  const std::vector<Columns>& columns) const;
  const SourceMap& sources_;
  std::vector<Placed> placed_;
  std::size_t gutter_ = 1;
};

/// `path:line:column` of a place, harmless to a terminal.
[[nodiscard]] std::string place_text(const SourceMap& sources, Span place);

}  // namespace kenzan
