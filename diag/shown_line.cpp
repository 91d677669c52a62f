#include "diag/shown_line.hpp"

#include <algorithm>
#include <cstdint>

#include "base/text.hpp"
#include "diag/visible.hpp"

namespace kenzan {
namespace {

constexpr std::string_view ellipsis = "…";
constexpr std::string_view tab = "    ";
constexpr std::size_t bytes_per_cell = 4;  // of text read around a place in a very long line

/// One code point of the line: its bytes, what is shown for it (a range of a common text), its width, whether it is kept.
struct Glyph {
  std::size_t offset, end_offset;
  std::size_t text_begin, text_end;
  std::size_t width;
  bool kept;
};

struct Glyphs {
  std::vector<Glyph> all;
  std::string text;
};

bool begins_inside(std::string_view line, std::size_t at) { return (static_cast<unsigned char>(line[at]) & 0xC0U) == 0x80U; }

/// The parts of a line that need to be read: all of a short one.
std::vector<ByteRange> windows(std::string_view line, std::span<const ByteRange> places, std::size_t widest) {
  const std::size_t reach = widest * bytes_per_cell;
  if (line.size() <= 2 * reach) return {{0, line.size()}};
  std::vector<ByteRange> found;
  for (const ByteRange& place : places) {
    std::size_t begin = place.begin > reach ? place.begin - reach : 0;
    for (int i = 0; i < 3 && begin > 0 && begin < line.size() && begins_inside(line, begin); ++i) --begin;
    const std::size_t end = std::min(line.size(), std::min(place.end, place.begin + reach) + reach);
    if (!found.empty() && begin <= found.back().end) {
      found.back().end = std::max(found.back().end, end);
    } else {
      found.push_back({begin, end});
    }
  }
  return found;
}

void read(std::string_view line, ByteRange window, Glyphs& out) {
  for (std::size_t at = window.begin; at < window.end;) {
    const std::size_t text_begin = out.text.size();
    const std::size_t offset = at;
    if (line[at] == '\t') {
      out.text.append(tab);
      ++at;
    } else {
      at += append_visible(out.text, line, at);
    }
    const std::string_view shown = std::string_view(out.text).substr(text_begin);
    const bool plain = shown.size() == 1;
    out.all.push_back({offset, at, text_begin, out.text.size(), plain ? 1 : display_width(shown), true});
  }
}

std::size_t find(const std::vector<Glyph>& glyphs, std::size_t offset) {
  return static_cast<std::size_t>(std::ranges::lower_bound(glyphs, offset, {}, &Glyph::offset) - glyphs.begin());
}

/// Keeps the places and as much around them as makes about `widest` cells in all.
void crop(std::vector<Glyph>& glyphs, std::span<const ByteRange> places, std::size_t widest) {
  for (Glyph& glyph : glyphs) glyph.kept = false;
  const std::size_t shares = std::max<std::size_t>(1, places.size());
  const std::size_t inside = std::max<std::size_t>(16, widest / 2 / shares);
  const std::size_t around = std::clamp<std::size_t>(widest / 4 / shares, 4, 40);
  const auto keep = [&](std::size_t begin, std::size_t end, std::size_t cells) {
    for (std::size_t i = begin, used = 0; i < end && used < cells; used += glyphs[i++].width) glyphs[i].kept = true;
  };
  for (const ByteRange& place : places) {
    const std::size_t begin = find(glyphs, place.begin);
    const std::size_t end = find(glyphs, place.end);
    for (std::size_t i = begin, used = 0; i > 0 && used < around; used += glyphs[i].width) glyphs[--i].kept = true;
    keep(begin, end, inside);
    keep(end, glyphs.size(), around);
  }
  if (places.empty()) keep(0, glyphs.size(), widest);
}

}  // namespace

ShownLine show_line(std::string_view line, std::span<const ByteRange> places, std::size_t widest) {
  Glyphs glyphs;
  const std::vector<ByteRange> parts = windows(line, places, widest);
  std::size_t bytes = 0;
  for (const ByteRange& part : parts) bytes += part.end - part.begin;
  glyphs.all.reserve(bytes);
  glyphs.text.reserve(bytes);
  for (const ByteRange& part : parts) read(line, part, glyphs);
  std::size_t width = 0;
  for (const Glyph& glyph : glyphs.all) width += glyph.width;
  if (width > widest) crop(glyphs.all, places, widest);

  ShownLine shown;
  shown.text.reserve(glyphs.text.size());
  std::vector<Columns> columns(glyphs.all.size());
  const std::size_t ellipsis_width = display_width(ellipsis);
  std::size_t column = 0;
  std::size_t end_offset = 0;  // of the glyph before
  bool open_gap = false;       // … stands for what comes next
  for (std::size_t i = 0; i < glyphs.all.size(); ++i) {
    const Glyph& glyph = glyphs.all[i];
    const bool unread = glyph.offset != end_offset;
    end_offset = glyph.end_offset;
    if ((unread || !glyph.kept) && !open_gap) {
      shown.text.append(ellipsis);
      column += ellipsis_width;
      open_gap = true;
    }
    if (!glyph.kept) {
      columns[i] = {column - ellipsis_width, column};
      continue;
    }
    open_gap = false;
    shown.text.append(glyphs.text, glyph.text_begin, glyph.text_end - glyph.text_begin);
    columns[i] = {column, column + glyph.width};
    column += glyph.width;
  }
  if (end_offset < line.size() && !open_gap) shown.text.append(ellipsis);

  shown.places.reserve(places.size());
  for (const ByteRange& place : places) {
    const std::size_t begin = find(glyphs.all, place.begin);
    const std::size_t end = find(glyphs.all, place.end);
    Columns on_screen{begin < columns.size() ? columns[begin].begin : column, 0};
    on_screen.end = std::max(on_screen.begin + 1, end > begin ? columns[end - 1].end : 0);
    shown.places.push_back(on_screen);
  }
  return shown;
}

}  // namespace kenzan
