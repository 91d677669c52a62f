#include "diag/finding.hpp"

#include "diag/csv_text.hpp"
#include "diag/region.hpp"
#include "diag/render.hpp"
#include "diag/table_view.hpp"

namespace kenzan {

std::string_view name_of(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds: return "holds";
    case Verdict::rounding: return "rounding";
    case Verdict::implausible: return "implausible";
    case Verdict::violated: return "violated";
    case Verdict::unmatched: return "unmatched";
    case Verdict::unknown: return "unknown";
    case Verdict::vacuous: return "vacuous";
  }
  return "";
}

std::string_view name_of(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info: return "info";
  }
  return "";
}

std::string_view name_of(CellState state) {
  switch (state) {
    case CellState::label: return "label";
    case CellState::blank: return "blank";
    case CellState::unchecked: return "unchecked";
    case CellState::exact: return "exact";
    case CellState::rounding: return "rounding";
    case CellState::waived: return "waived";
    case CellState::warned: return "warned";
    case CellState::violated: return "violated";
  }
  return "";
}

namespace {

std::string bytes_for(const SourceMap& sources, Span cell, const std::string& text, char delimiter) {
  return cell_bytes(text, stands_in_quotes(sources.text(cell.source), cell.begin), delimiter);
}

}  // namespace

std::string replacement(const SourceMap& sources, const Suggestion& suggestion) {
  return bytes_for(sources, suggestion.cell.span, suggestion.text, suggestion.delimiter);
}

std::string replacement(const SourceMap& sources, const Suggestion::Other& other) {
  return bytes_for(sources, other.cell.span, other.text, other.delimiter);
}

void locate(CellEvidence& cell, const SourceMap& sources) {
  if (!cell.span.source.valid()) return;
  const Region region = region_of(sources, cell.span);
  cell.line = region.line;
  cell.column = region.column;
  cell.end_column = region.end_column;
}

void locate(Finding& finding, const SourceMap& sources) {
  for (CellEvidence& cell : finding.cells) locate(cell, sources);
  for (Suggestion& suggestion : finding.suggestions) {
    locate(suggestion.cell, sources);
    for (Suggestion::Other& other : suggestion.with) locate(other.cell, sources);
  }
  for (std::vector<CellEvidence>& set : finding.corrections) {
    for (CellEvidence& cell : set) locate(cell, sources);
  }
}

}  // namespace kenzan
