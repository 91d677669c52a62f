#include "diag/evidence_text.hpp"
#include "diag/excerpt.hpp"
#include "diag/render.hpp"
#include "diag/visible.hpp"

namespace kenzan {

void render_concise(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  std::string& out = sink.text();
  for (const Finding& finding : report.findings) {
    const Palette colors = palette(finding.severity, options.color);
    const Span place = place_of(finding);
    if (place.source.valid()) {
      out.append(colors.strong).append(place_text(sources, place)).append(":").append(colors.reset).append(" ");
    }
    out.append(colors.severity).append(name_of(finding.severity)).append(colors.reset).append(" ");
    out.append(visible(name_of(finding))).append(": ").append(headline(finding, options.language));
    if (finding.waived) out.append(" (").append(draw(say(MessageId::finding_waived), options.language)).append(")");
    out.append("\n");
    sink.pass_on();
  }
}

}  // namespace kenzan
