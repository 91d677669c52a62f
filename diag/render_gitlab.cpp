// GitLab's Code Quality report. GitLab shows one finding for each fingerprint and knows no waived ones.
#include <unordered_map>

#include "diag/evidence_text.hpp"
#include "diag/json_writer.hpp"
#include "diag/region.hpp"
#include "diag/render.hpp"

namespace kenzan {
namespace {

std::string_view rank(Severity severity) {
  switch (severity) {
    case Severity::error: return "major";
    case Severity::warning: return "minor";
    case Severity::info: return "info";
  }
  return "";
}

std::string_view without_dot(std::string_view path) {
  while (path.starts_with("./")) path.remove_prefix(2);
  return path;
}

}  // namespace

void render_gitlab(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  std::unordered_map<std::string, std::size_t> seen;
  JsonWriter json(sink.text());
  json.open('[');
  for (const Finding& finding : report.findings) {
    if (finding.waived) continue;
    const Span place = place_in(report, finding);
    const Region at = place.source.valid() ? region_of(sources, place) : Region();
    const std::size_t repeat = ++seen[finding.fingerprint];
    json.open('{');
    json.key("type").text("issue");
    json.key("categories").open('[');  // GitLab needs none, other readers of Code Climate's format do
    json.text("Bug Risk");
    json.close(']');
    json.key("description").text(headline(finding, options.language));
    json.key("check_name").text(name_of(finding));
    json.key("fingerprint").text(repeat == 1 ? finding.fingerprint : finding.fingerprint + "-" + std::to_string(repeat));
    json.key("severity").text(rank(finding.severity));
    json.key("location").open('{');
    json.key("path").text(without_dot(at.path));
    json.key("lines").open('{');
    json.key("begin").number(at.line);
    json.close('}');
    json.close('}');
    json.close('}');
    sink.pass_on();
  }
  json.close(']');
  sink.text().append("\n");
}

}  // namespace kenzan
