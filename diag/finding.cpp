#include "diag/finding.hpp"

#include <algorithm>
#include <tuple>

#include "diag/evidence_text.hpp"
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

void locate(CellEvidence& cell, const SourceMap& sources) {
  if (!cell.span.source.valid()) return;
  const Region region = region_of(sources, cell.span);
  cell.line = region.line;
  cell.column = region.column;
  cell.end_column = region.end_column;
}

void locate(Finding& finding, const SourceMap& sources) {
  for (CellEvidence& cell : finding.cells) locate(cell, sources);
}

void sort_findings(std::vector<Finding>& findings, const SourceMap& sources) {
  struct Entry {
    std::string_view path;
    Position place;
    std::size_t index;
  };
  std::vector<Entry> order;
  order.reserve(findings.size());
  for (std::size_t i = 0; i < findings.size(); ++i) {
    const Span place = place_of(findings[i]);
    if (place.source.valid()) {
      order.push_back({sources.path(place.source), sources.position(place.source, place.begin), i});
    } else {
      order.push_back({{}, {0, 0}, i});
    }
  }
  const auto rest = [&](const Entry& e) {
    const Finding& f = findings[e.index];
    return std::tie(name_of(f), f.instance, f.fingerprint, f.verdict, f.code);
  };
  std::ranges::stable_sort(order, [&](const Entry& a, const Entry& b) {
    const auto place = [](const Entry& e) { return std::tuple(e.path, e.place.line, e.place.column); };
    if (place(a) != place(b)) return place(a) < place(b);
    return rest(a) < rest(b);
  });
  std::vector<Finding> sorted;
  sorted.reserve(findings.size());
  for (const Entry& entry : order) sorted.push_back(std::move(findings[entry.index]));
  findings = std::move(sorted);
}

}  // namespace kenzan
