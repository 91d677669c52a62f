// SARIF 2.1.0, for code scanning. Waived findings are left out, since services show results that have `suppressions` all the same.
#include <fmt/format.h>

#include <iterator>
#include <unordered_map>

#include "diag/check.hpp"
#include "diag/evidence_text.hpp"
#include "diag/json_finding.hpp"
#include "diag/region.hpp"
#include "diag/render.hpp"
#include "diag/visible.hpp"

namespace kenzan {
namespace {

std::string_view level(Severity severity) {
  switch (severity) {
    case Severity::error: return "error";
    case Severity::warning: return "warning";
    case Severity::info: return "note";
  }
  return "";
}

/// A path as a reference relative to where kenzan ran, or as a file: URI if the path is absolute (RFC 3986).
std::string uri_of(std::string_view path) {
  std::string out = path.starts_with('/') ? "file://" : "";
  for (const char c : path) {
    const auto byte = static_cast<unsigned char>(c);
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       std::string_view("-._~/").find(c) != std::string_view::npos;
    if (plain)
      out.push_back(c);
    else
      fmt::format_to(std::back_inserter(out), "%{:02X}", byte);
  }
  return out;
}

class Log {
 public:
  Log(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options)
      : sink_(sink), json_(sink.text()), report_(report), sources_(sources), options_(options) {}

  void write() {
    json_.open('{');
    json_.key("$schema").text("https://json.schemastore.org/sarif-2.1.0.json");
    json_.key("version").text("2.1.0");
    json_.key("runs").open('[');
    json_.open('{');
    json_.key("tool").open('{');
    json_.key("driver").open('{');
    json_.key("name").text("kenzan");
    json_.key("version").text(options_.tool_version);
    json_.key("rules").open('[');
    write_rules();
    json_.close(']');
    json_.close('}');
    json_.close('}');
    write_invocation();
    json_.key("columnKind").text("unicodeCodePoints");
    json_.key("results").open('[');
    std::size_t waived = 0;
    for (const Finding& finding : report_.findings) {
      if (finding.waived)
        ++waived;
      else
        write_result(finding);
      sink_.pass_on();
    }
    json_.close(']');
    json_.key("properties").open('{');
    json_.key("waived").number(waived);
    json_.key("summary");
    write_summary(json_, report_.summary);
    json_.close('}');
    json_.close('}');
    json_.close(']');
    json_.close('}');
    sink_.text().append("\n");
  }

 private:
  void write_text(std::string_view key, std::string_view text) {
    json_.key(key).open('{');
    json_.key("text").text(text);
    json_.close('}');
  }

  /// Begins the description of a rule or check.
  void open_descriptor(std::string_view name, std::string_view title, std::string_view about, Severity severity) {
    json_.open('{');
    json_.key("id").text(name);
    json_.key("name").text(name);
    write_text("shortDescription", title);
    write_text("fullDescription", about);
    write_text("help", about);
    json_.key("defaultConfiguration").open('{');
    json_.key("level").text(level(severity));
    json_.close('}');
  }

  /// Rules in the order of the program, then all built-in checks.
  void write_rules() {
    for (const RuleOutcome& rule : report_.rules) {
      // Rules of several files may share a name, which SARIF wants once.
      if (!rule.selected || !rule_index_.emplace(rule.name, rule_index_.size()).second) continue;
      const std::string title = rule.title.empty() ? rule.name : rule.title;
      std::string about = title;
      if (!rule.source.empty()) about += "\n" + draw(say(MessageId::label_source), options_.language) + ": " + rule.source;
      for (const std::string& file : rule.files) about += "\n" + draw(say(MessageId::label_data), options_.language) + ": " + file;
      open_descriptor(rule.name, title, about, rule.severity);
      json_.key("properties").open('{');
      json_.key("tags").open('[');
      for (const std::string& tag : rule.tags) json_.text(tag);
      json_.close(']');
      json_.close('}');
      json_.close('}');
    }
    std::size_t index = rule_index_.size();
    for (const BuiltinCheck& check : builtin_checks()) {
      check_index_.emplace(check.code, index++);
      const std::string meaning = draw(say(check.meaning), options_.language);
      open_descriptor(check.code, meaning, meaning, check.severity);
      json_.close('}');
    }
  }

  void write_invocation() {
    json_.key("invocations").open('[');
    json_.open('{');
    json_.key("executionSuccessful").boolean(report_.summary.complete);
    json_.key("toolExecutionNotifications").open('[');
    for (const Diagnostic& failure : report_.failures) {
      json_.open('{');
      json_.key("level").text("error");
      write_text("message", draw(failure.message, options_.language));
      if (failure.place.source.valid()) {
        json_.key("locations").open('[');
        json_.open('{');
        write_place(failure.place);
        json_.close('}');
        json_.close(']');
      }
      json_.close('}');
    }
    if (report_.summary.interrupted) {
      json_.open('{');
      json_.key("level").text("error");
      write_text("message", summary_line(report_.summary, options_.language));
      json_.close('}');
    }
    json_.close(']');
    json_.close('}');
    json_.close(']');
  }

  void write_place(Span place) {
    const Region at = region_of(sources_, place);
    json_.key("physicalLocation").open('{');
    json_.key("artifactLocation").open('{');
    json_.key("uri").text(uri_of(at.path));
    json_.close('}');
    json_.key("region").open('{');
    json_.key("startLine").number(at.line);
    json_.key("startColumn").number(at.column);
    json_.key("endColumn").number(at.end_column);
    json_.close('}');
    json_.close('}');
  }

  void write_result(const Finding& finding) {
    json_.open('{');
    json_.key("ruleId").text(name_of(finding));
    if (const auto index = index_of(finding)) json_.key("ruleIndex").number(*index);
    json_.key("level").text(level(finding.severity));
    write_text("message", headline(finding, options_.language));
    json_.key("locations").open('[');
    if (const Span place = place_in(report_, finding); place.source.valid()) {
      json_.open('{');
      write_place(place);
      write_cell_name(finding);
      json_.close('}');
    }
    json_.close(']');
    write_related(finding);
    if (!finding.suggestions.empty()) write_fixes(finding);
    json_.key("partialFingerprints").open('{');
    json_.key("kenzan/v1").text(finding.fingerprint);
    json_.close('}');
    write_properties(finding);
    json_.close('}');
  }

  [[nodiscard]] std::optional<std::size_t> index_of(const Finding& finding) const {
    const auto& known = finding.rule.empty() ? check_index_ : rule_index_;
    const auto at = known.find(name_of(finding));
    return at == known.end() ? std::nullopt : std::optional(at->second);
  }

  /// The primary cell by table, column and key, and by its address in a spreadsheet.
  void write_cell_name(const Finding& finding) {
    if (!finding.primary) return;
    const CellEvidence& cell = finding.cells[*finding.primary];
    json_.key("logicalLocations").open('[');
    json_.open('{');
    json_.key("fullyQualifiedName").text(visible(name_of(cell)));
    if (!cell.address.empty()) json_.key("name").text(cell.address);
    json_.close('}');
    json_.close(']');
  }

  void write_related(const Finding& finding) {
    json_.key("relatedLocations").open('[');
    std::size_t id = 0;
    for (std::size_t i = 0; i < finding.cells.size(); ++i) {
      const CellEvidence& cell = finding.cells[i];
      if (finding.primary == i || !cell.span.source.valid()) continue;
      json_.open('{');
      json_.key("id").number(++id);
      write_place(cell.span);
      write_text("message", related_note(cell, options_.language));
      json_.close('}');
    }
    json_.close(']');
  }

  /// What may have been meant: each fix is another way, and enough.
  void write_fixes(const Finding& finding) {
    json_.key("fixes").open('[');
    for (const Suggestion& suggestion : finding.suggestions) {
      json_.open('{');
      write_text("description", draw(suggestion.message, options_.language));
      json_.key("artifactChanges").open('[');
      write_change(suggestion.cell.span, replacement(sources_, suggestion));
      for (const Suggestion::Other& other : suggestion.with) write_change(other.cell.span, replacement(sources_, other));
      json_.close(']');
      json_.close('}');
    }
    json_.close(']');
  }

  void write_change(Span span, const std::string& text) {
    const Position begin = sources_.position(span.source, span.begin), end = sources_.position(span.source, span.end);
    json_.open('{');
    json_.key("artifactLocation").open('{');
    json_.key("uri").text(uri_of(sources_.path(span.source)));
    json_.close('}');
    json_.key("replacements").open('[');
    json_.open('{');
    json_.key("deletedRegion").open('{');
    json_.key("startLine").number(begin.line);
    json_.key("startColumn").number(begin.column);
    json_.key("endLine").number(end.line);
    json_.key("endColumn").number(end.column);
    json_.close('}');
    write_text("insertedContent", text);
    json_.close('}');
    json_.close(']');
    json_.close('}');
  }

  void write_properties(const Finding& finding) {
    json_.key("properties").open('{');
    if (finding.verdict) json_.key("verdict").text(name_of(*finding.verdict));
    json_.key("instance");
    write_labels(json_, finding.instance);
    if (finding.gap) json_.key("gap").text(*finding.gap);
    if (finding.left) json_.key("left"), write_quantity(json_, *finding.left);
    if (finding.right) json_.key("right"), write_quantity(json_, *finding.right);
    if (finding.cells_omitted > 0) json_.key("cells_omitted").number(finding.cells_omitted);
    json_.close('}');
  }

  Sink& sink_;
  JsonWriter json_;
  const Report& report_;
  const SourceMap& sources_;
  const RenderOptions& options_;
  std::unordered_map<std::string_view, std::size_t> rule_index_, check_index_;
};

}  // namespace

void render_sarif(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  Log(sink, report, sources, options).write();
}

}  // namespace kenzan
