#include "diag/finding.hpp"

#include <algorithm>
#include <tuple>

#include "diag/evidence_text.hpp"
#include "diag/render.hpp"

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

std::span<const std::string_view> builtin_codes() {
  static constexpr std::string_view codes[] = {
      "bad-number",    "blank-cell", "constraint", "duplicate-key",     "encoding",       "hierarchy-cycle", "missing-row",
      "number-format", "ragged-row", "spelling",   "unknown-reference", "waiver-expired", "waiver-unmatched"};
  return codes;
}

void locate(CellEvidence& cell, const SourceMap& sources) {
  if (!cell.span.source.valid()) return;
  const Position begin = sources.position(cell.span.source, cell.span.begin);
  const std::uint32_t line_end = sources.line_start(cell.span.source, begin.line) +
                                 static_cast<std::uint32_t>(sources.line(cell.span.source, begin.line).size());
  const std::uint32_t end = std::clamp(cell.span.end, cell.span.begin, std::max(cell.span.begin, line_end));
  cell.line = begin.line;
  cell.column = begin.column;
  cell.end_column = std::max(begin.column, sources.position(cell.span.source, end).column);
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
