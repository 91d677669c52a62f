#include "diag/evidence_text.hpp"
#include "diag/excerpt.hpp"
#include "diag/render.hpp"
#include "diag/visible.hpp"

namespace kenzan {

void render_concise(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  std::string& out = sink.text();
  for (const Finding& finding : report.findings) {
    const Palette colors = palette(finding, options.color);
    const Span place = place_of(finding);
    if (place.source.valid()) {
      out.append(colors.strong).append(place_text(sources, place)).append(":").append(colors.reset).append(" ");
    }
    out.append(colors.severity).append(grade_of(finding)).append(colors.reset).append(" ");
    out.append(visible(name_of(finding))).append(": ").append(headline(finding, options.language));
    out.append("\n");
    sink.pass_on();
  }
}

}  // namespace kenzan
