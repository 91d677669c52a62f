// Renderers: the same findings in each format of diag/formats.def. They make bytes; nobody prints here.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "diag/report.hpp"
#include "diag/sink.hpp"

namespace kenzan {

struct RenderOptions {
  Language language = Language::english;
  bool color = false;
  std::string_view tool_version = {};
  bool with_summary = false;   ///< the reader of the text format has no standard error beside it
  std::size_t most_bytes = 0;  ///< where the Markdown format says how many findings are left out; 0: nowhere
};

/// Fills line, column and end_column (behind the last code point; of a cell of several lines, in its first) from the span. A cell
/// without a place keeps 0.
void locate(CellEvidence& cell, const SourceMap& sources);
void locate(Finding& finding, const SourceMap& sources);

/// Mistakes in rule files: `FILE:LINE:COLUMN: error: …` with an excerpt and the place marked under it.
[[nodiscard]] std::string render_diagnostics(std::span<const Diagnostic> diagnostics, const SourceMap& sources,
                                             const RenderOptions&);

/// The renderer of each format writes a whole report.
#define KENZAN_FORMAT(name, made_of) \
  void render_##name(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions&);
#include "diag/formats.def"
#undef KENZAN_FORMAT

/// One finding of the text format: the data's lines, cells marked, intervals, sum and gap, the rule's source and place.
void append_finding(std::string& out, const Finding& finding, const SourceMap& sources, const RenderOptions&);

/// The last line: rules, instances by verdict, figures checked and unchecked, findings by severity.
[[nodiscard]] std::string summary_line(const Summary& summary, Language language);
/// The same with its line break.
[[nodiscard]] std::string render_summary(const Summary& summary, const RenderOptions&);

}  // namespace kenzan
