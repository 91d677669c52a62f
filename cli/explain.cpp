// `kenzan explain`: the page of a code or verdict; or the instances of a rule with their whole arithmetic.
#include "cli/explain.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>

#include "base/text.hpp"
#include "cli/files.hpp"
#include "cli/pages.hpp"
#include "cli/prepare.hpp"
#include "engine/silence.hpp"

namespace kenzan::cli {
namespace {

/// Markdown for a terminal: examples are set in, and what only tools read is left out.
std::string plain(std::string_view markdown) {
  std::string out;
  bool fenced = false;
  while (!markdown.empty()) {
    const std::size_t end = std::min(markdown.find('\n'), markdown.size());
    const std::string_view line = markdown.substr(0, end);
    markdown.remove_prefix(std::min(end + 1, markdown.size()));
    if (line.starts_with("<!--")) continue;
    if (line.starts_with("```")) {
      fenced = !fenced;
      const std::size_t file = line.find("file=");
      if (fenced && file != std::string_view::npos) out.append("  ").append(line.substr(file + 5)).append(":");
      out.append("\n");
      continue;
    }
    out.append(fenced && !line.empty() ? "    " : "").append(line).append("\n");
  }
  return out;
}

/// Explains the instances of a rule that have the labels.
int explain_rule(const ExplainOptions& options, Prepared& prepared, const dsl::Rule& rule) {
  std::vector<dsl::RequiredLabel> labels;
  for (const std::string& given : options.labels) {
    const std::size_t at = given.find('=');
    std::vector<std::string> known;
    for (const dsl::DimId dim : rule.by) known.push_back(prepared.program[dim].name);
    std::string dimensions;
    for (const std::string& each : known) dimensions += (dimensions.empty() ? "" : ", ") + each;
    const std::string name = fold(given.substr(0, at));
    if (at == std::string::npos || std::ranges::find(known, name) == known.end()) {
      tell("kenzan: `" + given + "`: " +
           (known.empty()
                ? "rule " + rule.name + " has one instance, without labels"
                : "write DIMENSION=LABEL with a dimension of rule " + rule.name + ": " + dimensions + did_you_mean(name, known)) +
           "\n");
      return 2;
    }
    labels.push_back({name, fold(given.substr(at + 1))});
  }
  prepared.run.select = {rule.name};
  prepared.run.show = engine::Show::all;
  engine::RunResult result;
  watched(prepared, [&](const engine::RunOptions& run) { result = engine::run(prepared.sources, prepared.program, run); });
  const std::size_t all = result.findings.size();
  result.findings.erase_if(
      [&](const Finding& finding) { return finding.rule != rule.name || !engine::has_labels(finding.instance, labels); });
  const RenderOptions render{prepared.language, colored(options.color, STDOUT_FILENO)};
  const RenderOptions render_errors{prepared.language, colored(options.color, STDERR_FILENO)};
  const std::string failure = write_stream(stdout, [&](Sink& sink) { render_text(sink, result, prepared.sources, render); });
  if (!failure.empty()) tell("kenzan: cannot write to standard output: " + failure + "\n");
  if (!result.failures.empty()) tell(render_diagnostics(result.failures, prepared.sources, render_errors));
  if (result.findings.empty() && all > 0 && !labels.empty()) {
    tell("kenzan: no instance of rule " + rule.name + " has these labels\n");
    return 2;
  }
  tell(render_summary(result.summary, render_errors));
  if (result.summary.interrupted) return 130;
  return failure.empty() && result.summary.complete ? 0 : 2;
}

}  // namespace

int explain(const ExplainOptions& options) {
  const auto page = std::ranges::find(pages(), options.name, &Page::name);
  if (page != pages().end() && options.labels.empty()) return print(plain(page->markdown)) ? 0 : 2;
  const std::unique_ptr<Prepared> prepared = prepare(options);
  if (!prepared) return 2;
  const auto& rules = prepared->program.rules;
  const auto rule = std::ranges::find_if(rules, [&](const dsl::Rule& each) { return fold(each.name) == fold(options.name); });
  if (rule != rules.end()) return explain_rule(options, *prepared, *rule);
  std::vector<std::string> known;
  for (const Page& each : pages()) known.emplace_back(each.name);
  for (const dsl::Rule& each : rules) known.push_back(each.name);
  tell("kenzan: explain " + options.name + ": no rule, code or verdict has this name" + did_you_mean(options.name, known) + "\n");
  return 2;
}

}  // namespace kenzan::cli
