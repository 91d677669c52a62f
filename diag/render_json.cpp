#include "diag/json_finding.hpp"
#include "diag/render.hpp"

namespace kenzan {

void render_json(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  JsonWriter json(sink.text());
  json.open('{');
  write_run(json, report.summary, options.tool_version);
  json.key("findings").open('[');
  for (const Finding& finding : report.findings) {
    write_finding(json, finding, sources, options.language);
    sink.pass_on();
  }
  json.close(']');
  json.close('}');
  sink.text().append("\n");
}

}  // namespace kenzan
