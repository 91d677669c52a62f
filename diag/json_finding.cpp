#include "diag/json_finding.hpp"

#include "diag/evidence_text.hpp"
#include "diag/region.hpp"

namespace kenzan {
namespace {

/// A row that does not exist has no file, line and columns.
void write_cell(JsonWriter& json, const CellEvidence& cell, const SourceMap& sources) {
  json.open('{');
  json.key("role").text(cell.role);
  if (cell.span.source.valid()) {
    const Region at = region_of(sources, cell.span);
    json.key("file").text(at.path);
    json.key("line").number(at.line);
    json.key("column").number(at.column);
    json.key("end_column").number(at.end_column);
  }
  if (!cell.address.empty()) json.key("address").text(cell.address);
  json.key("table").text(cell.table);
  json.key("field").text(cell.field);
  json.key("key");
  write_labels(json, cell.key);
  json.key("text").text(cell.text);
  json.close('}');
}

}  // namespace

void write_labels(JsonWriter& json, const std::vector<std::pair<std::string, std::string>>& labels) {
  json.open('{');
  for (const auto& [dimension, label] : labels) json.key(dimension).text(label);
  json.close('}');
}

void write_summary(JsonWriter& json, const Summary& summary) {
  json.open('{');
  json.key("complete").boolean(summary.complete);
  json.key("interrupted").boolean(summary.interrupted);
  json.key("rules").number(summary.rules);
  json.key("instances").number(summary.instances);
  json.key("verdicts").open('{');
  for (std::size_t i = 0; i < verdict_count; ++i) json.key(name_of(static_cast<Verdict>(i))).number(summary.verdicts[i]);
  json.close('}');
  json.key("findings").open('{');
  json.key(name_of(Severity::error)).number(summary.errors);
  json.key(name_of(Severity::warning)).number(summary.warnings);
  json.key(name_of(Severity::info)).number(summary.infos);
  json.close('}');
  json.key("waived").number(summary.waived);
  if (summary.unjoined > 0) json.key("unjoined").number(summary.unjoined);
  if (summary.unconcerned > 0) json.key("unconcerned").number(summary.unconcerned);
  json.key("figures").open('{');
  json.key("total").number(summary.figures);
  json.key("checked").number(summary.figures_checked);
  json.close('}');
  json.key("truncated").number(summary.truncated);
  json.close('}');
}

// A text or a truth value has its value only.
void write_quantity(JsonWriter& json, const Quantity& quantity) {
  json.open('{');
  json.key("value").text(quantity.value);
  if (quantity.numeric) {
    json.key("low").text(quantity.low);
    json.key("high").text(quantity.high);
    json.key("low_closed").boolean(quantity.low_closed);
    json.key("high_closed").boolean(quantity.high_closed);
    json.key("unit").text(quantity.unit);
  }
  json.close('}');
}

void write_finding(JsonWriter& json, const Finding& finding, const SourceMap& sources, Language language) {
  json.open('{');
  json.key(finding.rule.empty() ? "code" : "rule").text(name_of(finding));
  json.key("severity").text(name_of(finding.severity));
  if (finding.verdict) json.key("verdict").text(name_of(*finding.verdict));
  json.key("waived").boolean(finding.waived);
  if (finding.known) json.key("known").boolean(true);
  if (finding.waiver) {
    json.key("waiver").open('{');
    json.key("until").text(finding.waiver->until);
    json.key("because").text(finding.waiver->because);
    json.key("by").text(finding.waiver->by);
    json.close('}');
  }
  json.key("instance");
  write_labels(json, finding.instance);
  json.key("message").text(message_text(finding, language));
  json.key("source").text(finding.source);
  json.key("fingerprint").text(finding.fingerprint);
  if (finding.left) json.key("left"), write_quantity(json, *finding.left);
  if (finding.right) json.key("right"), write_quantity(json, *finding.right);
  if (finding.gap) json.key("gap").text(*finding.gap);
  json.key("cells").open('[');
  for (const CellEvidence& cell : finding.cells) write_cell(json, cell, sources);
  json.close(']');
  if (finding.cells_omitted > 0) json.key("cells_omitted").number(finding.cells_omitted);
  if (!finding.notes.empty()) {
    std::vector<std::string> notes;
    for (const Message& note : finding.notes) notes.push_back(draw(note, language));
    json.texts("notes", notes);
  }
  json.key("suggestions").open('[');
  for (const Suggestion& suggestion : finding.suggestions) {
    json.open('{');
    json.key("text").text(suggestion.text);
    json.key("slip").text(suggestion.slip);
    json.key("message").text(draw(suggestion.message, language));
    json.key("cell");
    write_cell(json, suggestion.cell, sources);
    if (!suggestion.with.empty()) {
      json.key("with").open('[');
      for (const Suggestion::Other& other : suggestion.with) {
        json.open('{');
        json.key("text").text(other.text);
        json.key("slip").text(other.slip);
        json.key("cell");
        write_cell(json, other.cell, sources);
        json.close('}');
      }
      json.close(']');
    }
    json.close('}');
  }
  json.close(']');
  if (!finding.corrections.empty()) {
    json.key("corrections").open('[');
    for (const std::vector<CellEvidence>& set : finding.corrections) {
      json.open('[');
      for (const CellEvidence& cell : set) write_cell(json, cell, sources);
      json.close(']');
    }
    json.close(']');
  }
  json.close('}');
}

void write_run(JsonWriter& json, const Summary& summary, std::string_view tool_version) {
  json.key("version").number(1);
  json.key("tool").open('{');
  json.key("name").text("kenzan");
  json.key("version").text(tool_version);
  json.close('}');
  json.key("summary");
  write_summary(json, summary);
}

}  // namespace kenzan
