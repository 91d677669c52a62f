// Renderers: the same findings as text for people, one line each for editors, or JSON. They return bytes; nobody prints here.
#pragma once
#include <span>
#include <string>

#include "diag/finding.hpp"

namespace kenzan {

struct RenderOptions {
  Language language = Language::english;
  bool color = false;
};

/// Fills line, column and end_column (behind the last code point; of a cell of several lines, in its first) from the span. A cell
/// without a place keeps 0.
void locate(CellEvidence& cell, const SourceMap& sources);
void locate(Finding& finding, const SourceMap& sources);

/// Sorts by file, line, column, rule, instance.
void sort_findings(std::vector<Finding>& findings, const SourceMap& sources);

/// Mistakes in rule files: `FILE:LINE:COLUMN: error: …` with an excerpt and the place marked under it.
[[nodiscard]] std::string render_diagnostics(std::span<const Diagnostic> diagnostics, const SourceMap& sources,
                                             const RenderOptions&);

/// The text format: a finding with the data's lines, cells marked, intervals, sum and gap, the rule's source and place.
[[nodiscard]] std::string render_text(std::span<const Finding> findings, const SourceMap& sources, const RenderOptions&);

/// `path:line:col: severity rule: message`, a line each.
[[nodiscard]] std::string render_concise(std::span<const Finding> findings, const SourceMap& sources, const RenderOptions&);

/// The JSON contract, version 1.
[[nodiscard]] std::string render_json(std::span<const Finding> findings, const Summary& summary, const SourceMap& sources,
                                      const RenderOptions&, std::string_view tool_version);

/// The last line: rules, instances by verdict, figures checked and unchecked, findings by severity.
[[nodiscard]] std::string render_summary(const Summary& summary, const RenderOptions&);

}  // namespace kenzan
