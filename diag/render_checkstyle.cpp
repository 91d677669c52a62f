// Checkstyle's XML, which many review tools read. Waived findings are left out: it has no way to say so.
#include "diag/evidence_text.hpp"
#include "diag/region.hpp"
#include "diag/render.hpp"
#include "diag/xml_text.hpp"

namespace kenzan {

void render_checkstyle(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  std::string& out = sink.text();
  out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<checkstyle version=\"4.3\">\n");
  std::string_view open;  // findings are sorted by file
  bool any = false;
  for (const Finding& finding : report.findings) {
    if (finding.waived) continue;
    const Span place = place_in(report, finding);
    const Region at = place.source.valid() ? region_of(sources, place) : Region();
    if (!any || at.path != open) {
      out.append(any ? "  </file>\n" : "").append("  <file");
      append_attribute(out, "name", at.path);
      out.append(">\n");
      open = at.path;
      any = true;
    }
    out.append("    <error");
    append_attribute(out, "line", at.line);
    append_attribute(out, "column", at.column);
    append_attribute(out, "severity", name_of(finding.severity));
    append_attribute(out, "message", headline(finding, options.language));
    append_attribute(out, "source", "kenzan." + name_of(finding));
    out.append("/>\n");
    sink.pass_on();
  }
  out.append(any ? "  </file>\n" : "").append("</checkstyle>\n");
}

}  // namespace kenzan
