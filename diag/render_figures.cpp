#include "diag/csv_text.hpp"
#include "diag/evidence_text.hpp"
#include "diag/figures.hpp"

namespace kenzan {
namespace {

/// Labels as in a finding's headline, without brackets.
std::string labels(const std::vector<std::pair<std::string, std::string>>& key) {
  const std::string text = instance_text(key);
  return text.size() < 2 ? text : text.substr(1, text.size() - 2);
}

std::string checks(const CellView& cell, const Report& report) {
  std::string out;
  for (const std::uint32_t index : cell.instances) {
    const Finding each = report.instance(index);
    out.append(out.empty() ? "" : "; ").append(name_of(each)).append(instance_text(each.instance));
    if (each.verdict) out.append(" ").append(name_of(*each.verdict));
    if (each.waived) out.append(" (waived)");
  }
  return out;
}

}  // namespace

void render_figures(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions&) {
  append_csv(sink.text(), {"table", "file", "line", "column", "field", "key", "text", "value", "unit", "low", "high", "low_closed",
                           "high_closed", "mark", "state", "checks"});
  for (const auto& table : report.tables) {
    for (std::size_t row = 0; row < table->rows(); ++row) {
      for (std::size_t column = 0; column < table->columns().size(); ++column) {
        if (!table->columns()[column].figure) continue;
        const CellView cell = table->cell(row, column);
        const CellEvidence& at = cell.evidence;
        const bool placed = at.span.source.valid();
        const bool bounded = !at.low.empty();
        append_csv(sink.text(),
                   {at.table, placed ? sources.path(at.span.source) : "", std::to_string(at.line), std::to_string(at.column),
                    at.field, labels(at.key), at.text, cell.value, at.unit, at.low, at.high,
                    bounded ? (at.low_closed ? "true" : "false") : "", bounded ? (at.high_closed ? "true" : "false") : "", at.mark,
                    table->kept(row) ? name_of(cell.state) : "left out", checks(cell, report)});
      }
      sink.pass_on();
    }
  }
}

}  // namespace kenzan
