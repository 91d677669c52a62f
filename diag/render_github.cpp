// Workflow commands of GitHub Actions. A step shows ten annotations of each severity: the rest are lines of its log.
#include <algorithm>

#include "diag/evidence_text.hpp"
#include "diag/excerpt.hpp"
#include "diag/region.hpp"
#include "diag/render.hpp"
#include "diag/visible.hpp"

namespace kenzan {
namespace {

constexpr std::size_t most_annotations = 10;  // of each severity

std::string_view command(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info: return "notice";
  }
  return "";
}

void append_escaped(std::string& out, std::string_view text, bool property) {
  for (const char c : text) {
    switch (c) {
      case '%': out.append("%25"); break;
      case '\r': out.append("%0D"); break;
      case '\n': out.append("%0A"); break;
      case ':': out.append(property ? "%3A" : ":"); break;
      case ',': out.append(property ? "%2C" : ","); break;
      default: out.push_back(c);
    }
  }
}

void append_annotation(std::string& out, Severity severity, const SourceMap& sources, Span place, std::string_view title,
                       std::string_view text) {
  out.append("::").append(command(severity)).append(" ");
  if (place.source.valid()) {
    const Region at = region_of(sources, place);
    out.append("file=");
    append_escaped(out, at.path, true);
    out.append(",line=").append(std::to_string(at.line));
    out.append(",col=").append(std::to_string(at.column)).append(",endColumn=").append(std::to_string(at.end_column)).append(",");
  }
  out.append("title=");
  append_escaped(out, title, true);
  out.append("::");
  append_escaped(out, text, false);
  out.append("\n");
}

std::string annotation_text(const Finding& finding, Language language) {
  std::string out = headline(finding, language);
  if (!finding.source.empty()) out += "\n" + draw(say(MessageId::label_source), language) + ": " + finding.source;
  return out;
}

/// A line that a runner takes for no command: it does not begin with `::`, and the older form `##[` is broken up.
void append_line(std::string& out, const Finding& finding, const SourceMap& sources, Language language) {
  std::string line(name_of(finding.severity));
  if (const Span place = place_of(finding); place.source.valid()) line.append(" ").append(place_text(sources, place));
  line.append(" ").append(visible(name_of(finding))).append(": ").append(headline(finding, language));
  for (std::size_t at = 0; (at = line.find("##[", at)) != std::string::npos; ++at) line.insert(at + 2, " ");
  out.append(line).append("\n");
}

}  // namespace

void render_github(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  std::string& out = sink.text();
  const Language language = options.language;
  // What made the run incomplete is also on standard error, in full.
  const std::size_t failures = std::min(report.failures.size(), most_annotations);
  for (std::size_t i = 0; i < failures; ++i) {
    const Diagnostic& failure = report.failures[i];
    append_annotation(out, Severity::error, sources, failure.place, "kenzan", visible(draw(failure.message, language)));
  }
  std::size_t more = 0;
  for (const bool annotated : {true, false}) {
    if (!annotated && more > 0) out.append(more_findings_text(more, language)).append(":\n");
    for (const Severity severity : {Severity::error, Severity::warning, Severity::info}) {
      std::size_t count = severity == Severity::error ? failures : 0;
      for (std::size_t i = 0; i < report.findings.size(); ++i) {
        if (report.findings.waived(i) || report.findings.severity(i) != severity) continue;
        const bool first = ++count <= most_annotations;
        if (annotated && !first) ++more;
        if (first != annotated) continue;
        const Finding finding = report.findings[i];
        if (annotated)
          append_annotation(out, severity, sources, place_in(report, finding), name_of(finding),
                            annotation_text(finding, language));
        else
          append_line(out, finding, sources, language);
        sink.pass_on();
      }
    }
  }
}

}  // namespace kenzan
