// JSON Lines: each finding as in the JSON format, on a line of its own; the last line holds what is said of the whole run.
#include "diag/json_finding.hpp"
#include "diag/render.hpp"

namespace kenzan {

void render_jsonl(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  JsonWriter json(sink.text(), JsonWriter::Layout::line);
  for (const Finding& finding : report.findings) {
    write_finding(json, finding, sources, options.language);
    sink.text().push_back('\n');
    sink.pass_on();
  }
  json.open('{');
  write_run(json, report.summary, options.tool_version);
  json.close('}');
  sink.text().push_back('\n');
}

}  // namespace kenzan
