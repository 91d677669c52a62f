#include "diag/evidence_text.hpp"
#include "diag/excerpt.hpp"
#include "diag/render.hpp"
#include "diag/visible.hpp"

namespace kenzan {

std::string render_concise(std::span<const Finding> findings, const SourceMap& sources, const RenderOptions& options) {
  std::string out;
  for (const Finding& finding : findings) {
    const Palette colors = palette(finding, options.color);
    const Span place = place_of(finding);
    if (place.source.valid()) {
      out.append(colors.strong).append(place_text(sources, place)).append(":").append(colors.reset).append(" ");
    }
    out.append(colors.severity).append(grade_of(finding)).append(colors.reset).append(" ");
    out.append(visible(name_of(finding))).append(": ").append(headline(finding, options.language)).append("\n");
  }
  return out;
}

}  // namespace kenzan
