#include "diag/excerpt.hpp"
#include "diag/render.hpp"
#include "diag/trailer.hpp"
#include "diag/visible.hpp"

namespace kenzan {
namespace {

void draw_diagnostic(std::string& out, const Diagnostic& diagnostic, const SourceMap& sources, const RenderOptions& options) {
  const Palette colors = palette(diagnostic.severity, options.color);
  const Language language = options.language;
  if (diagnostic.place.source.valid()) {
    out.append(colors.strong).append(place_text(sources, diagnostic.place)).append(":").append(colors.reset).append(" ");
  }
  // The severity stays English in every language: editors find `FILE:LINE:COLUMN: error:` by it.
  out.append(colors.severity).append(name_of(diagnostic.severity)).append(colors.reset).append(colors.strong).append(": ");
  out.append(visible(draw(diagnostic.message, language))).append(colors.reset).append("\n");

  std::vector<Marking> markings;
  if (diagnostic.place.source.valid()) markings.push_back({diagnostic.place, true, ""});
  for (const Diagnostic::Label& label : diagnostic.labels) markings.push_back({label.span, false, draw(label.message, language)});
  const Excerpt excerpt(sources, std::move(markings));
  excerpt.draw(out, colors, false);

  Trailer trailer(out, excerpt.gutter(), colors, language);
  trailer.lines(MessageId::label_note, diagnostic.notes);
  trailer.lines(MessageId::label_help, diagnostic.helps);
}

}  // namespace

std::string render_diagnostics(std::span<const Diagnostic> diagnostics, const SourceMap& sources, const RenderOptions& options) {
  std::string out;
  for (const Diagnostic& diagnostic : diagnostics) {
    if (!out.empty()) out.push_back('\n');
    draw_diagnostic(out, diagnostic, sources, options);
  }
  return out;
}

}  // namespace kenzan
