// JUnit XML, with the passes. A suite for each rule file holds a case for each of its rules; a suite for each data file holds a case
// for each built-in check that found something there; the suite `kenzan` holds the run itself.
#include <map>
#include <unordered_map>

#include "diag/evidence_text.hpp"
#include "diag/render.hpp"
#include "diag/visible.hpp"
#include "diag/xml_text.hpp"

namespace kenzan {
namespace {

enum class Outcome : std::uint8_t { passed, failed, error, skipped };

struct Case {
  std::string name;
  Outcome outcome = Outcome::passed;
  std::string type, message;            ///< of an outcome that is no pass
  std::vector<std::size_t> findings{};  ///< their places in the report
  std::size_t shown = 0;                ///< instances among them that failed
  std::size_t more = 0;                 ///< findings that were left out of the report
};

struct Suite {
  std::string name;
  std::vector<Case> cases{};
};

bool fails(Verdict verdict) {
  switch (verdict) {
    case Verdict::holds:
    case Verdict::rounding:
    case Verdict::unknown: return false;
    case Verdict::implausible:
    case Verdict::violated:
    case Verdict::unmatched:
    case Verdict::vacuous: return true;
  }
  return true;
}

bool fails(const Finding& finding) {
  return !finding.waived && (finding.verdict ? fails(*finding.verdict) : finding.severity != Severity::info);
}

class Document {
 public:
  Document(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options)
      : sink_(sink), out_(sink.text()), report_(report), sources_(sources), options_(options) {
    options_.color = false;
  }

  void write() {
    add_rules();
    add_checks();
    add_run();
    out_.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites");
    append_attribute(out_, "name", "kenzan");
    std::size_t tests = 0, failures = 0, errors = 0;
    for (const Suite& suite : suites_) {
      tests += suite.cases.size();
      failures += count(suite, Outcome::failed);
      errors += count(suite, Outcome::error);
    }
    append_counts(tests, failures, errors);
    out_.append(">\n");
    for (const Suite& suite : suites_) write_suite(suite);
    out_.append("</testsuites>\n");
  }

 private:
  /// What the findings of a case come to, the most serious first.
  void judge(Case& each) const {
    std::optional<Finding> first;
    std::size_t failed = 0;
    std::optional<Finding> waived;
    for (const std::size_t i : each.findings) {
      const Finding finding = report_.findings[i];
      if (finding.verdict && fails(*finding.verdict)) ++each.shown;
      if (finding.waived && !waived) waived = finding;
      if (!fails(finding)) continue;
      if (failed++ == 0) first = finding;
    }
    if (first) {
      each.outcome = Outcome::failed;
      each.type = first->code;
      each.message = headline(*first, options_.language);
      if (failed > 1) each.message += " (" + more_findings_text(failed - 1, options_.language) + ")";
    } else if (waived) {
      each.outcome = Outcome::skipped;
      each.message = waiver_text(*waived, options_.language);
    }
  }

  void add_rules() {
    std::unordered_map<std::string, std::vector<std::size_t>> found;
    std::size_t place = 0;
    for (const Finding& finding : report_.findings) {
      if (!finding.rule.empty()) found[finding.rule].push_back(place);
      ++place;
    }
    std::map<std::string_view, std::size_t> suite_of;
    for (const RuleOutcome& rule : report_.rules) {
      if (!rule.selected) continue;
      const std::string_view path = rule.place.source.valid() ? sources_.path(rule.place.source) : std::string_view();
      const auto [suite, added] = suite_of.emplace(path, suites_.size());
      if (added) suites_.push_back({.name = std::string(path)});
      Case each{.name = rule.title.empty() ? rule.name : rule.name + ": " + rule.title};
      if (const auto at = found.find(rule.name); at != found.end()) each.findings = std::move(at->second);
      judge(each);
      std::size_t failing = 0, judged = 0;
      for (std::size_t i = 0; i < verdict_count; ++i) {
        const auto verdict = static_cast<Verdict>(i);
        failing += fails(verdict) ? rule.verdicts[i] : 0;
        judged += verdict == Verdict::unknown ? 0 : rule.verdicts[i];
      }
      each.more = failing > each.shown ? failing - each.shown : 0;
      if (each.more > 0 && each.outcome != Outcome::failed) {
        each.outcome = Outcome::failed;
        each.type = name_of(Verdict::violated);
        each.message = more_findings_text(each.more, options_.language);
      } else if (!rule.evaluated && each.outcome != Outcome::failed) {
        each.outcome = Outcome::error;
        each.type = "not-evaluated";
        each.message = draw(say(MessageId::rule_not_evaluated), options_.language);
      } else if (each.outcome == Outcome::passed && rule.instances > 0 && judged == 0) {
        each.outcome = Outcome::skipped;
        each.message = draw(say(MessageId::rule_not_judged), options_.language);
      }
      suites_[suite->second].cases.push_back(std::move(each));
    }
  }

  void add_checks() {
    std::map<std::string_view, std::map<std::string, std::vector<std::size_t>>> found;
    std::size_t index = 0;
    for (const Finding& finding : report_.findings) {
      const Span place = place_of(finding);
      if (finding.rule.empty())
        found[place.source.valid() ? sources_.path(place.source) : std::string_view()][finding.code].push_back(index);
      ++index;
    }
    for (auto& [path, codes] : found) {
      Suite& suite = suites_.emplace_back(Suite{.name = std::string(path)});
      for (auto& [code, findings] : codes) {
        Case each{.name = code};
        each.findings = std::move(findings);
        judge(each);
        suite.cases.push_back(std::move(each));
      }
    }
  }

  void add_run() {
    Case run{.name = "run"};
    if (!report_.summary.complete) {
      run.outcome = Outcome::error;
      run.type = report_.summary.interrupted ? "interrupted" : "incomplete";
      run.message = summary_line(report_.summary, options_.language);
    }
    suites_.push_back({.name = "kenzan", .cases = {run}});
  }

  static std::size_t count(const Suite& suite, Outcome outcome) {
    std::size_t out = 0;
    for (const Case& each : suite.cases) out += each.outcome == outcome ? 1 : 0;
    return out;
  }

  void append_counts(std::size_t tests, std::size_t failures, std::size_t errors) {
    append_attribute(out_, "tests", tests);
    append_attribute(out_, "failures", failures);
    append_attribute(out_, "errors", errors);
  }

  void write_suite(const Suite& suite) {
    out_.append("  <testsuite");
    append_attribute(out_, "name", suite.name);
    append_counts(suite.cases.size(), count(suite, Outcome::failed), count(suite, Outcome::error));
    append_attribute(out_, "skipped", count(suite, Outcome::skipped));
    out_.append(">\n");
    for (const Case& each : suite.cases) write_case(suite, each);
    out_.append("  </testsuite>\n");
  }

  void write_case(const Suite& suite, const Case& each) {
    const bool is_run = &suite == &suites_.back();
    out_.append("    <testcase");
    append_attribute(out_, "classname", suite.name);
    append_attribute(out_, "name", visible(each.name));
    if (each.outcome == Outcome::passed && each.findings.empty() && !is_run) {
      out_.append("/>\n");
      return;
    }
    out_.append(">\n");
    switch (each.outcome) {
      case Outcome::passed: break;
      case Outcome::failed: write_element("failure", each); break;
      case Outcome::error: write_element("error", each); break;
      case Outcome::skipped:
        out_.append("      <skipped");
        append_attribute(out_, "message", each.message);
        out_.append("/>\n");
        break;
    }
    const bool evidence_left = each.outcome == Outcome::passed || each.outcome == Outcome::skipped;
    if (is_run || (evidence_left && !each.findings.empty())) {
      out_.append("      <system-out>");
      if (is_run)
        append_xml(out_, summary_line(report_.summary, options_.language));
      else
        write_findings(each);
      out_.append("</system-out>\n");
    }
    out_.append("    </testcase>\n");
  }

  void write_element(std::string_view element, const Case& each) {
    out_.append("      <").append(element);
    append_attribute(out_, "type", each.type);
    append_attribute(out_, "message", each.message);
    out_.append(">");
    write_findings(each);
    if (each.outcome == Outcome::error) append_xml(out_, render_diagnostics(report_.failures, sources_, options_));
    out_.append("</").append(element).append(">\n");
  }

  void write_findings(const Case& each) {
    std::string text;
    bool first = true;
    for (const std::size_t i : each.findings) {
      text.clear();
      if (!first) text.push_back('\n');
      append_finding(text, report_.findings[i], sources_, options_);
      append_xml(out_, text);
      first = false;
      sink_.pass_on();
    }
    if (each.more > 0) append_xml(out_, (first ? "" : "\n") + more_findings_text(each.more, options_.language) + "\n");
  }

  Sink& sink_;
  std::string& out_;
  const Report& report_;
  const SourceMap& sources_;
  RenderOptions options_;
  std::vector<Suite> suites_;
};

}  // namespace

void render_junit(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options) {
  Document(sink, report, sources, options).write();
}

}  // namespace kenzan
