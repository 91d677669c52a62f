// The Reviewdog Diagnostic Format. Its columns count bytes of UTF-8. Waived findings are left out: it has no way to say so.
#include "diag/evidence_text.hpp"
#include "diag/json_writer.hpp"
#include "diag/region.hpp"
#include "diag/render.hpp"

namespace kenzan {
namespace {

std::string_view rank(Severity severity) {
  switch (severity) {
    case Severity::error: return "ERROR";
    case Severity::warning: return "WARNING";
    case Severity::info: return "INFO";
  }
  return "";
}

void write_position(JsonWriter& json, std::uint32_t line, std::uint32_t column) {
  json.open('{');
  json.key("line").number(line);
  json.key("column").number(column);
  json.close('}');
}

/// What may have been meant in the file that the finding points into: a suggestion has no path of its own.
void write_suggestions(JsonWriter& json, const SourceMap& sources, const Finding& finding, std::string_view path) {
  for (const Suggestion& suggestion : finding.suggestions) {
    const Span span = suggestion.cell.span;
    if (sources.path(span.source) != path || !suggestion.with.empty()) continue;  // nor can it change several places
    const auto place = [&](std::uint32_t offset) {
      const std::uint32_t line = sources.position(span.source, offset).line;
      write_position(json, line, offset - sources.line_start(span.source, line) + 1);
    };
    json.open('{');
    json.key("range").open('{');
    json.key("start");
    place(span.begin);
    json.key("end");
    place(span.end);
    json.close('}');
    json.key("text").text(replacement(sources, suggestion));
    json.close('}');
  }
}

void write_location(JsonWriter& json, const SourceMap& sources, Span place) {
  const Region at = region_of(sources, place);
  json.open('{');
  json.key("path").text(at.path);
  json.key("range").open('{');
  json.key("start");
  write_position(json, at.line, at.byte);
  json.key("end");
  write_position(json, at.line, at.end_byte);
  json.close('}');
  json.close('}');
}

}  // namespace

void render_rdjson(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  JsonWriter json(sink.text());
  json.open('{');
  json.key("source").open('{');
  json.key("name").text("kenzan");
  json.close('}');
  json.key("diagnostics").open('[');
  for (const Finding& finding : report.findings) {
    if (finding.waived) continue;
    json.open('{');
    json.key("message").text(headline(finding, options.language));
    if (const Span place = place_in(report, finding); place.source.valid()) {
      json.key("location");
      write_location(json, sources, place);
      json.key("suggestions").open('[');
      write_suggestions(json, sources, finding, sources.path(place.source));
      json.close(']');
    }
    json.key("severity").text(rank(finding.severity));
    json.key("code").open('{');
    json.key("value").text(name_of(finding));
    json.close('}');
    json.key("related_locations").open('[');
    for (std::size_t i = 0; i < finding.cells.size(); ++i) {
      const CellEvidence& cell = finding.cells[i];
      if (finding.primary == i || !cell.span.source.valid()) continue;
      json.open('{');
      json.key("message").text(related_note(cell, options.language));
      json.key("location");
      write_location(json, sources, cell.span);
      json.close('}');
    }
    json.close(']');
    json.close('}');
    sink.pass_on();
  }
  json.close(']');
  json.close('}');
  sink.text().append("\n");
}

}  // namespace kenzan
