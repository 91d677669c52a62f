// A page that stands alone: the verdict and what was not checked as text, the rest as data for its script (html_data, html/report.js).
#include <algorithm>
#include <map>

#include "diag/excerpt.hpp"
#include "diag/html/parts.hpp"
#include "diag/html_data.hpp"
#include "diag/visible.hpp"

namespace kenzan {
namespace {

constexpr std::size_t most_names = 200;  // of rules, in one list

std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : visible(text)) {
    switch (c) {
      case '&': out.append("&amp;"); break;
      case '<': out.append("&lt;"); break;
      case '>': out.append("&gt;"); break;
      case '"': out.append("&quot;"); break;
      default: out.push_back(c);
    }
  }
  return out;
}

/// Both languages; the page shows one.
std::string both(const std::string& english, const std::string& japanese) {
  return "<span lang=\"en\">" + escaped(english) + "</span><span lang=\"ja\">" + escaped(japanese) + "</span>";
}

std::string both(const Message& message) { return both(draw(message, Language::english), draw(message, Language::japanese)); }

/// The names of some rules, each a link to its place on the page.
std::string names_of(const std::vector<RuleOutcome>& rules, auto which) {
  std::string out;
  std::size_t count = 0;
  for (std::size_t i = 0; i < rules.size(); ++i) {
    if (!which(rules[i]) || ++count > most_names) continue;
    out.append(out.empty() ? "" : ", ").append("<a href=\"#rule-").append(std::to_string(i)).append("\">");
    out.append(escaped(rules[i].name)).append("</a>");
  }
  return count > most_names ? out.append(" …") : out;
}

std::string failures_of(const Report& report, const SourceMap& sources) {
  std::string out;
  for (const Diagnostic& failure : report.failures) {
    out.append("<li>");
    if (failure.place.source.valid()) out.append("<code>").append(escaped(place_text(sources, failure.place))).append("</code> ");
    out.append(both(failure.message)).append("</li>");
  }
  return out;
}

using Values = std::map<std::string, std::string, std::less<>>;

/// What stands in the template as {{name}}. A number of things that there are none of, like any empty text, is "".
Values values_of(const Report& report, const SourceMap& sources, const RenderOptions& options) {
  const Summary& summary = report.summary;
  Values out;
  const auto count = [&out](const char* name, std::size_t number) { out[name] = number > 0 ? std::to_string(number) : ""; };
  const auto verdicts = [&summary](Verdict verdict) { return summary.verdicts[static_cast<std::size_t>(verdict)]; };
  const auto not_evaluated = [](const RuleOutcome& rule) { return rule.selected && !rule.evaluated; };
  const auto not_selected = [](const RuleOutcome& rule) { return !rule.selected; };

  out["lang"] = options.language == Language::japanese ? "ja" : "en";
  out["version"] = escaped(options.tool_version);
  out["css"] = html::report_css;
  out["js"] = html::report_js;
  out["summary"] = both(summary_line(summary, Language::english), summary_line(summary, Language::japanese));
  if (report.coverage) {
    const Message coverage = summary_of(counts_of(report.coverage->figures));
    out["coverage"] = both(coverage);
  }
  out["verdict"] = !summary.complete ? "incomplete" : summary.errors > 0 ? "failed" : "passed";
  out[out["verdict"]] = "1";
  count("errors", summary.errors);
  count("warnings", summary.warnings);
  out["interrupted"] = summary.interrupted ? "1" : "";
  out["failures"] = failures_of(report, sources);
  count("unchecked", summary.figures - summary.figures_checked);
  count("figures", summary.figures);
  count("unknown", verdicts(Verdict::unknown));
  count("vacuous", verdicts(Verdict::vacuous));
  count("not-evaluated", static_cast<std::size_t>(std::ranges::count_if(report.rules, not_evaluated)));
  out["names-not-evaluated"] = names_of(report.rules, not_evaluated);
  count("not-selected", static_cast<std::size_t>(std::ranges::count_if(report.rules, not_selected)));
  out["names-not-selected"] = names_of(report.rules, not_selected);
  count("waived", summary.waived);
  count("truncated", summary.truncated);
  std::size_t excluded = 0;
  for (const auto& table : report.tables) {
    for (std::size_t row = 0; row < table->rows(); ++row) excluded += table->kept(row) ? 0 : 1;
  }
  count("excluded", excluded);
  const auto lacks = [&out](const char* name) { return out.find(name)->second.empty(); };
  const bool everything =
      std::ranges::all_of(std::initializer_list<const char*>{"interrupted", "failures", "unchecked", "unknown", "vacuous",
                                                             "not-evaluated", "not-selected", "waived", "truncated", "excluded"},
                          lacks);
  out["everything"] = everything ? "1" : "";
  return out;
}

/// Appends a line of the template, its {{names}} replaced by their values. A line that begins with {{?name}} is left out if the value
/// is empty.
void append_line(std::string& out, std::string_view line, const Values& values) {
  while (!line.empty()) {
    const std::size_t begin = line.find("{{");
    if (begin == line.npos) break;
    const std::size_t end = line.find("}}", begin);
    std::string_view name = line.substr(begin + 2, end - begin - 2);
    const bool condition = name.starts_with('?');
    if (condition) name.remove_prefix(1);
    const auto value = values.find(name);
    const std::string_view text = value == values.end() ? std::string_view() : std::string_view(value->second);
    if (condition && text.empty()) return;
    out.append(line.substr(0, begin)).append(condition ? std::string_view() : text);
    line.remove_prefix(end + 2);
  }
  out.append(line).append("\n");
}

}  // namespace

void render_html(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  const HtmlData data(report, sources);
  const Values values = values_of(report, sources, options);
  for (std::string_view page = html::report_html; !page.empty();) {
    const std::size_t end = page.find('\n');
    const std::string_view line = page.substr(0, end);
    page.remove_prefix(end + 1);
    if (line == "{{first-data}}")
      data.write_first(sink, options);
    else if (line == "{{data}}")
      data.write_rest(sink);
    else
      append_line(sink.text(), line, values);
    sink.pass_on();
  }
}

}  // namespace kenzan
