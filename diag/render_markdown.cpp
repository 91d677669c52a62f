// Markdown for comments and job summaries: the last line of the text format, then a table of findings for each file.
#include "diag/evidence_text.hpp"
#include "diag/region.hpp"
#include "diag/render.hpp"
#include "diag/visible.hpp"

namespace kenzan {
namespace {

/// Appends text that means nothing to Markdown, also inside of a table.
void append_plain(std::string& out, std::string_view text) {
  for (const char c : visible(text)) {
    switch (c) {
      case '&': out.append("&amp;"); break;
      case '<': out.append("&lt;"); break;
      case '>': out.append("&gt;"); break;
      case '\\':
      case '`':
      case '*':
      case '_':
      case '[':
      case ']':
      case '|':
      case '~':
      case '#':
      case '$': out.push_back('\\'); [[fallthrough]];
      default: out.push_back(c);
    }
  }
}

void append_heading(std::string& out, std::string_view path, Language language) {
  out.append("\n### ");
  append_plain(out, path);
  out.append("\n\n|");
  for (const MessageId id :
       {MessageId::heading_place, MessageId::heading_severity, MessageId::label_rule, MessageId::heading_finding}) {
    out.append(" ").append(draw(say(id), language)).append(" |");
  }
  out.append("\n|---|---|---|---|\n");
}

void append_row(std::string& out, const Finding& finding, const Region& at, Language language) {
  out.append("| ");
  if (at.line > 0) out.append(std::to_string(at.line)).append(":").append(std::to_string(at.column));
  out.append(" | ").append(grade_of(finding));
  out.append(" | ");
  append_plain(out, name_of(finding));
  out.append(" | ");
  append_plain(out, headline(finding, language));
  if (finding.waiver) append_plain(out, " (" + waiver_text(finding, language) + ")");
  out.append(" |\n");
}

}  // namespace

void render_markdown(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  const Language language = options.language;
  std::string& out = sink.text();
  append_plain(out, summary_line(report.summary, language));
  out.append("\n");
  std::optional<std::string_view> open;  // findings are sorted by file
  std::string row;
  for (std::size_t i = 0; i < report.findings.size(); ++i) {
    const Finding finding = report.findings[i];
    const Span place = place_of(finding);
    const Region at = place.source.valid() ? region_of(sources, place) : Region();
    row.clear();
    if (open != at.path) append_heading(row, at.path, language);
    open = at.path;
    append_row(row, finding, at, language);
    if (options.most_bytes > 0 && sink.size() + row.size() > options.most_bytes) {
      out.append("\n").append(more_findings_text(report.findings.size() - i, language)).append("\n");
      return;
    }
    out.append(row);
    sink.pass_on();
  }
}

}  // namespace kenzan
