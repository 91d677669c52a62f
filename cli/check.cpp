// `kenzan check`: rule files and data in, findings out.
#include "cli/check.hpp"

#include <unistd.h>

#include <cstdio>
#include <memory>
#include <set>
#include <string_view>

#include "cli/files.hpp"
#include "cli/prepare.hpp"
#include "diag/render.hpp"

namespace kenzan::cli {

namespace {

std::string drawn(const Output& output, const engine::RunResult& result, const SourceMap& sources, const RenderOptions& render) {
  switch (output.format) {
    case OutputFormat::text: return render_text(result.findings, sources, render);
    case OutputFormat::concise: return render_concise(result.findings, sources, render);
    case OutputFormat::json: return render_json(result.findings, result.summary, sources, render, KENZAN_VERSION);
  }
  return {};
}

/// What is wrong with a name given to --select or --ignore; "" if it is a rule, a tag or a code.
std::string unknown_selection(const std::string& option, const std::set<std::string>& given, const dsl::Program& program) {
  std::set<std::string> known;
  for (const std::string_view code : builtin_codes()) known.emplace(code);
  for (const dsl::Rule& rule : program.rules) {
    known.insert(rule.name);
    known.insert(rule.tags.begin(), rule.tags.end());
  }
  for (const std::string& name : given) {
    if (known.contains(name)) continue;
    return "kenzan: " + option + " " + name + ": no rule, tag or code has this name" +
           did_you_mean(name, {known.begin(), known.end()}) + "\n";
  }
  return {};
}

bool fails(const CheckOptions& options, const Summary& summary) {
  switch (options.fail_on) {
    case FailOn::error: return summary.errors > 0;
    case FailOn::warning: return summary.errors + summary.warnings > 0;
    case FailOn::info: return summary.errors + summary.warnings + summary.infos > 0;
    case FailOn::never: return false;
  }
  return false;
}

}  // namespace

int check(const CheckOptions& options) {
  const std::unique_ptr<Prepared> prepared = prepare(options);
  if (!prepared) return 2;
  SourceMap& sources = prepared->sources;
  const dsl::Program& program = prepared->program;
  engine::RunOptions& run_options = prepared->run;
  const RenderOptions render{prepared->language, colored(options.color, STDOUT_FILENO)};
  const RenderOptions render_errors{prepared->language, colored(options.color, STDERR_FILENO)};
  for (const auto& [option, given] : {std::pair("--select", &options.select), {"--ignore", &options.ignore}}) {
    if (const std::string mistake = unknown_selection(option, *given, program); !mistake.empty()) {
      tell(mistake);
      return 2;
    }
  }

  run_options.select = options.select;
  run_options.ignore = options.ignore;
  run_options.show = options.show == "all"        ? engine::Show::all
                     : options.show == "rounding" ? engine::Show::rounding
                                                  : engine::Show::failed;
  run_options.max_findings = options.max_findings;
  engine::RunResult result;
  watched(*prepared, [&](const engine::RunOptions& watched) { result = engine::run(sources, program, watched); });

  bool written = true;
  for (const Output& output : options.outputs) {
    const RenderOptions plain{render.language, options.color == Color::always};
    std::string text = drawn(output, result, sources, output.path ? plain : render);
    if (!output.path) {
      written = std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0 && written;
      continue;
    }
    if (output.format == OutputFormat::text) text += (text.empty() ? "" : "\n") + render_summary(result.summary, plain);
    if (const std::string failure = write_file(*output.path, text); !failure.empty()) {
      tell("kenzan: cannot write `" + *output.path + "`: " + failure + "\n");
      written = false;
    }
  }
  if (!result.failures.empty()) tell(render_diagnostics(result.failures, sources, render_errors));
  tell(render_summary(result.summary, render_errors));
  if (result.summary.interrupted) return 130;
  if (!written || !result.summary.complete) return 2;
  return fails(options, result.summary) ? 1 : 0;
}

}  // namespace kenzan::cli
