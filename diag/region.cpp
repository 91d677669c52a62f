#include "diag/region.hpp"

#include <algorithm>

#include "diag/evidence_text.hpp"

namespace kenzan {

Region region_of(const SourceMap& sources, Span span) {
  const Position begin = sources.position(span.source, span.begin);
  const std::uint32_t line_start = sources.line_start(span.source, begin.line);
  const std::uint32_t line_end = line_start + static_cast<std::uint32_t>(sources.line(span.source, begin.line).size());
  const std::uint32_t end = std::clamp(span.end, span.begin, std::max(span.begin, line_end));
  return {.path = sources.path(span.source),
          .line = begin.line,
          .column = begin.column,
          .end_column = std::max(begin.column, sources.position(span.source, end).column),
          .byte = span.begin - line_start + 1,
          .end_byte = end - line_start + 1};
}

Span place_in(const Report& report, const Finding& finding) {
  const Span place = place_of(finding);
  return place.source.valid() || report.rules.empty() ? place : report.rules.front().place;
}

}  // namespace kenzan
