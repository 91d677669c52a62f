#include <algorithm>

#include "diag/evidence_text.hpp"
#include "diag/excerpt.hpp"
#include "diag/render.hpp"
#include "diag/trailer.hpp"
#include "diag/visible.hpp"

namespace kenzan {
namespace {

constexpr std::size_t most_cells = 12;   // all are drawn up to this number
constexpr std::size_t some_cells = 10;   // of more
constexpr std::size_t most_missing = 3;  // rows that do not exist, named below the excerpt

/// The cells to draw, the primary one among them, and how many with a place are left out.
std::pair<std::vector<std::size_t>, std::size_t> choose(const Finding& finding) {
  std::vector<std::size_t> placed;
  for (std::size_t i = 0; i < finding.cells.size(); ++i) {
    if (finding.cells[i].span.source.valid()) placed.push_back(i);
  }
  if (placed.size() <= most_cells) return {placed, 0};
  const std::size_t omitted = placed.size() - some_cells;
  if (finding.primary) {
    const auto primary = std::ranges::find(placed, *finding.primary);
    if (primary - placed.begin() >= static_cast<std::ptrdiff_t>(some_cells)) placed[some_cells - 1] = *primary;
  }
  placed.resize(some_cells);
  return {placed, omitted};
}

std::vector<Marking> markings(const Finding& finding, const std::vector<std::size_t>& cells, Language language) {
  std::vector<Marking> all;
  const Span place = place_of(finding);
  bool has_primary = false;
  for (std::size_t i : cells) {
    const bool primary = finding.primary ? *finding.primary == i : finding.cells[i].span == place;
    const bool contrasted = finding.primary && *finding.primary == i;
    const std::string note = contrasted ? primary_note(finding, language) : cell_note(finding.cells[i], language);
    all.push_back({finding.cells[i].span, primary && !has_primary, note});
    has_primary = has_primary || primary;
  }
  if (!has_primary && place.source.valid()) all.push_back({place, true, ""});
  return all;
}

Message more_cells(const Finding& finding, std::size_t count, Language language) {
  const std::string kept = std::to_string(finding.cells.size());
  const Message where =
      finding.cells_omitted == 0 ? say(MessageId::all_cells_in_json) : say(MessageId::first_cells_in_json, {{"count", kept}});
  return say(MessageId::more_cells, {{"count", std::to_string(count)}, {"where", draw(where, language)}});
}

}  // namespace

void append_finding(std::string& out, const Finding& finding, const SourceMap& sources, const RenderOptions& options) {
  const Palette colors = palette(finding, options.color);
  const Language language = options.language;
  out.append(colors.severity).append(grade_of(finding)).append("[").append(visible(name_of(finding))).append("]");
  out.append(colors.reset).append(colors.strong).append(": ").append(headline(finding, language)).append(colors.reset).append("\n");

  const auto [cells, omitted] = choose(finding);
  const Excerpt excerpt(sources, markings(finding, cells, language));
  excerpt.draw(out, colors, true);

  Trailer trailer(out, excerpt.gutter(), colors, language);
  const std::size_t more = omitted + finding.cells_omitted;
  if (more > 0) trailer.line(MessageId::label_note, draw(more_cells(finding, more, language), language));
  if (finding.verdict && finding.verdict != Verdict::unmatched) {  // whose message names the row, as a built-in check's does
    std::size_t missing = 0;
    for (const CellEvidence& cell : finding.cells) {
      if (cell.mark != "missing" || cell.key.empty() || ++missing > most_missing) continue;
      const std::string key = instance_text(cell.key);
      trailer.line(MessageId::label_note, draw(say(MessageId::cell_without_row, {{"key", key}, {"table", cell.table}}), language));
    }
  }
  trailer.lines(MessageId::label_note, finding.notes);
  if (finding.waived) trailer.line(MessageId::label_note, waiver_text(finding, language));
  trailer.lines(MessageId::label_help, finding.helps);
  for (const Suggestion& suggestion : finding.suggestions) {
    trailer.line(MessageId::label_help, place_text(sources, suggestion.cell.span) + ": " + draw(suggestion.message, language));
  }
  if (!finding.source.empty()) trailer.line(MessageId::label_source, finding.source);
  if (finding.rule_place.source.valid() && finding.rule_place != place_of(finding)) {
    const std::string place = place_text(sources, finding.rule_place);
    const bool titled = finding.stands_alone && !finding.title.empty();  // else the title is in the headline
    trailer.line(MessageId::label_rule, titled ? finding.title + " (" + place + ")" : place);
  }
}

void render_text(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  std::string& out = sink.text();
  for (const Finding& finding : report.findings) {
    if (sink.size() > 0) out.push_back('\n');
    append_finding(out, finding, sources, options);
    sink.pass_on();
  }
  if (!options.with_summary) return;
  if (sink.size() > 0) out.push_back('\n');
  out.append(render_summary(report.summary, options));
}

}  // namespace kenzan
