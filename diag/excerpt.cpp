#include "diag/excerpt.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <tuple>

#include "base/utf8.hpp"
#include "diag/visible.hpp"

namespace kenzan {
namespace {

/// A line of marks being painted: a sign and whose it is for each column, and a note behind or in it.
class MarkRow {
 public:
  void paint(Columns where, char sign, bool primary) {
    if (signs_.size() < where.end) signs_.resize(where.end, ' '), primary_.resize(where.end, false);
    for (std::size_t i = where.begin; i < where.end; ++i) signs_[i] = sign, primary_[i] = primary;
  }

  /// Ends the row with a note from `column` on; nothing is painted there.
  void note(std::size_t column, std::string_view text, bool primary) {
    signs_.resize(column, ' '), primary_.resize(column, false);
    note_ = visible(text);
    note_primary_ = primary;
  }

  void draw(std::string& out, std::string_view margin, const Palette& palette) const {
    out.append(margin);
    for (std::size_t i = 0; i < signs_.size();) {
      std::size_t end = i + 1;
      while (end < signs_.size() && (signs_[end] == ' ') == (signs_[i] == ' ') && primary_[end] == primary_[i]) ++end;
      const std::string_view run = std::string_view(signs_).substr(i, end - i);
      append(out, run, signs_[i] == ' ' ? "" : color(palette, primary_[i]), palette);
      i = end;
    }
    append(out, note_, color(palette, note_primary_), palette);
    out.push_back('\n');
  }

 private:
  static std::string_view color(const Palette& palette, bool primary) { return primary ? palette.severity : palette.secondary; }
  static void append(std::string& out, std::string_view text, std::string_view color, const Palette& palette) {
    if (text.empty()) return;
    out.append(color).append(text).append(color.empty() ? "" : palette.reset);
  }
  std::string signs_;
  std::vector<bool> primary_;
  std::string note_;
  bool note_primary_ = false;
};

}  // namespace

std::string place_text(const SourceMap& sources, Span place) {
  const Position at = sources.position(place.source, place.begin);
  return fmt::format("{}:{}:{}", visible(sources.path(place.source)), at.line, at.column);
}

Excerpt::Excerpt(const SourceMap& sources, std::vector<Marking> markings) : sources_(sources) {
  std::erase_if(markings, [](const Marking& m) { return !m.span.source.valid(); });
  if (markings.empty()) return;
  if (std::ranges::none_of(markings, &Marking::primary)) markings.front().primary = true;
  const SourceId leading = std::ranges::find_if(markings, &Marking::primary)->span.source;
  const auto order = [&](const Marking& m) {
    return std::tuple(m.span.source != leading, sources.path(m.span.source), m.span.source, m.span.begin, m.span.end);
  };
  std::ranges::stable_sort(markings, {}, order);
  for (Marking& next : markings) {
    if (!placed_.empty() && placed_.back().marking.span == next.span) {
      Marking& known = placed_.back().marking;
      known.primary = known.primary || next.primary;
      if (known.note.size() < next.note.size()) known.note = std::move(next.note);
      continue;
    }
    const std::uint32_t line = sources.position(next.span.source, next.span.begin).line;
    placed_.push_back({std::move(next), line});
    gutter_ = std::max(gutter_, std::to_string(line).size());
  }
}

void Excerpt::draw(std::string& out, const Palette& palette, bool arrow) const {
  const std::string indent(gutter_, ' ');
  SourceId source;
  std::uint32_t line_before = 0;
  for (std::size_t i = 0; i < placed_.size();) {
    const Placed& first = placed_[i];
    if (first.marking.span.source != source) {
      const bool leading = !source.valid();
      source = first.marking.span.source;
      line_before = 0;
      const auto points_at = [&](const Placed& p) { return p.marking.span.source == source && p.marking.primary; };
      const auto primary = std::ranges::find_if(placed_, points_at);
      const Span place = primary == placed_.end() ? first.marking.span : primary->marking.span;
      if (!leading) out.append(indent).append(palette.gutter).append(" |").append(palette.reset).append("\n");
      if (!leading || arrow) {
        out.append(indent).append(palette.gutter).append(leading ? "-->" : ":::").append(palette.reset);
        out.append(" ").append(place_text(sources_, place)).append("\n");
      }
      out.append(indent).append(palette.gutter).append(" |").append(palette.reset).append("\n");
    }
    std::size_t last = i + 1;
    while (last < placed_.size() && placed_[last].line == first.line && placed_[last].marking.span.source == source) ++last;
    if (line_before != 0 && first.line > line_before + 1)
      out.append(palette.gutter).append("...").append(palette.reset).append("\n");
    draw_line(out, palette, i, last);
    line_before = first.line;
    i = last;
  }
}

void Excerpt::draw_line(std::string& out, const Palette& palette, std::size_t first, std::size_t last) const {
  const Placed& leading = placed_[first];
  const SourceId source = leading.marking.span.source;
  std::string_view line = sources_.line(source, leading.line);
  std::size_t start = sources_.line_start(source, leading.line);
  if (start == 0 && line.starts_with(byte_order_mark)) {
    line.remove_prefix(3);
    start = 3;
  }
  std::vector<ByteRange> ranges;
  for (std::size_t i = first; i < last; ++i) {
    const Span span = placed_[i].marking.span;
    const std::size_t begin = std::clamp<std::size_t>(span.begin, start, start + line.size()) - start;
    const std::size_t end = std::clamp<std::size_t>(span.end, start + begin, start + line.size()) - start;
    ranges.push_back({begin, end});
  }
  const ShownLine shown = show_line(line, ranges);
  const std::string number = fmt::format("{:>{}} |", leading.line, gutter_);
  out.append(palette.gutter).append(number).append(palette.reset);
  if (!shown.text.empty()) out.append(" ").append(shown.text);
  out.push_back('\n');
  const std::string margin = fmt::format("{}{} |{} ", std::string(gutter_, ' '), palette.gutter, palette.reset);
  draw_marks(out, palette, first, last, margin, shown.places);
}

/// The marks on one row with the note of the last behind them where nothing stands further right; below, every other note under
/// a connector from its mark, the rightmost first.
void Excerpt::draw_marks(std::string& out, const Palette& palette, std::size_t first, std::size_t last, std::string_view margin,
                         const std::vector<Columns>& columns) const {
  MarkRow marks;
  std::size_t width = 0;
  for (const bool primary : {false, true}) {
    for (std::size_t i = first; i < last; ++i) {
      if (placed_[i].marking.primary != primary) continue;
      marks.paint(columns[i - first], primary ? '^' : '-', primary);
      width = std::max(width, columns[i - first].end);
    }
  }
  std::vector<std::size_t> below;
  for (std::size_t i = first; i < last; ++i) {
    if (!placed_[i].marking.note.empty()) below.push_back(i);
  }
  if (!below.empty() && below.back() == last - 1 && columns[last - 1 - first].end == width) {
    const Marking& marking = placed_[last - 1].marking;
    marks.note(width + 1, marking.note, marking.primary);
    below.pop_back();
  }
  marks.draw(out, margin, palette);
  for (bool connected = false; !below.empty();) {
    MarkRow row;
    for (std::size_t i : below) {
      const std::size_t column = columns[i - first].begin;
      row.paint({column, column + 1}, '|', placed_[i].marking.primary);
    }
    if (connected) {
      const Marking& marking = placed_[below.back()].marking;
      row.note(columns[below.back() - first].begin, marking.note, marking.primary);
      below.pop_back();
    }
    connected = true;
    row.draw(out, margin, palette);
  }
}

}  // namespace kenzan
