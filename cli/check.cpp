// `kenzan check`: rule files and data in, findings out.
#include "cli/check.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <set>
#include <string_view>

#include "cli/baseline.hpp"
#include "cli/files.hpp"
#include "cli/inputs.hpp"
#include "cli/prepare.hpp"
#include "diag/check.hpp"
#include "diag/render.hpp"

namespace kenzan::cli {

namespace {

/// Whether two paths lead to one file.
bool same_file(const std::string& a, const std::string& b) {
  std::error_code error;
  return a == b || std::filesystem::equivalent(a, b, error);
}

/// Of a check of what has changed, what that is; says which of the files no rule reads.
std::optional<engine::Concerned> concerned(const CheckOptions& options, const Prepared& prepared) {
  if (!options.changed) return std::nullopt;
  std::set<std::string> met;
  const auto changed = [&](std::string_view path) {
    for (const std::string& file : *options.changed) {
      if (!same_file(file, std::string(path))) continue;
      met.insert(file);
      return true;
    }
    return false;
  };
  // What says how to check concerns all.
  for (const std::string& path : {options.config, options.baseline}) {
    if (!path.empty() && changed(path)) return std::nullopt;
  }
  engine::Concerned out = engine::concerned_by(prepared.program, prepared.sources, prepared.run.load, changed);
  for (const std::string& file : *options.changed) {
    if (!met.contains(file)) tell("kenzan: `" + file + "` is neither a rule file nor read by a table: nothing to check there\n");
  }
  return out;
}

/// GitHub drops a job summary of more than 1 MiB; other commands of the step may have written theirs.
constexpr std::size_t largest_job_summary = 900'000;

/// Writes the report to each of its places; false if one of them could not be written.
bool write_outputs(const std::vector<Output>& outputs, const Report& report, const SourceMap& sources, const RenderOptions& render,
                   bool color_files) {
  bool written = true;
  RenderOptions for_files = render;
  for_files.color = color_files;
  for_files.with_summary = true;
  for (const Output& output : outputs) {
    const auto content = [&](Sink& sink) { output.format->render(sink, report, sources, output.path ? for_files : render); };
    written = write_to(output.path, content) && written;
    if (output.format->render != render_github) continue;
    const char* summary = std::getenv("GITHUB_STEP_SUMMARY");
    if (!summary || !*summary) continue;
    RenderOptions limited = render;
    limited.most_bytes = largest_job_summary;
    const std::string failure = append_to_file(summary, [&](Sink& sink) { render_markdown(sink, report, sources, limited); });
    if (failure.empty()) continue;
    tell("kenzan: cannot write `" + std::string(summary) + "`: " + failure + "\n");
    written = false;
  }
  return written;
}

/// What is wrong with a name given to --select or --ignore; "" if it is a rule, a tag or a code.
std::string unknown_selection(const std::string& option, const std::set<std::string>& given, const dsl::Program& program) {
  std::set<std::string> known;
  for (const BuiltinCheck& check : builtin_checks()) known.emplace(check.code);
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

bool set_up(const CheckOptions& options, Prepared& prepared, std::optional<engine::Baseline>& known) {
  for (const auto& [option, given] : {std::pair("--select", &options.select), {"--ignore", &options.ignore}}) {
    if (const std::string mistake = unknown_selection(option, *given, prepared.program); !mistake.empty()) {
      tell(mistake);
      return false;
    }
  }
  if (!options.baseline.empty()) {
    known = load_baseline(prepared, options.baseline, options.color);
    if (!known) return false;
    prepared.run.baseline = &*known;
  }
  prepared.run.only = concerned(options, prepared);
  prepared.run.select = options.select;
  prepared.run.ignore = options.ignore;
  prepared.run.show = options.show == "all"        ? engine::Show::all
                      : options.show == "rounding" ? engine::Show::rounding
                                                   : engine::Show::failed;
  prepared.run.max_findings = options.max_findings;
  if (options.together > 0) prepared.run.together = options.together;
  return true;
}

int exit_status(const CheckOptions& options, const Summary& summary) {
  if (summary.interrupted) return 130;
  if (!summary.complete) return 2;
  return fails(options, summary) ? 1 : 0;
}

int check(const CheckOptions& options) {
  const std::unique_ptr<Prepared> prepared = prepare(options);
  std::optional<engine::Baseline> known;
  if (!prepared || !set_up(options, *prepared, known)) return 2;
  const auto made_of = [](const Output& output) { return output.format->made_of; };
  prepared->run.with_tables = std::ranges::find(options.outputs, MadeOf::tables, made_of) != options.outputs.end();
  const bool headlines =
      std::ranges::all_of(options.outputs, [&](const Output& output) { return made_of(output) == MadeOf::headlines; });
  prepared->run.with_suggestions = prepared->run.with_cells = !headlines;
  SourceMap& sources = prepared->sources;
  const RenderOptions render{prepared->language, colored(options.color, STDOUT_FILENO), KENZAN_VERSION};
  const RenderOptions render_errors{prepared->language, colored(options.color, STDERR_FILENO)};
  engine::RunResult result;
  watched(*prepared, [&](const engine::RunOptions& watched) { result = engine::run(sources, prepared->program, watched); });

  if (prepared->run.with_tables) result.inputs = digests_of(*prepared);
  const bool written = write_outputs(options.outputs, result, sources, render, options.color == Color::always);
  if (!result.failures.empty()) tell(render_diagnostics(result.failures, sources, render_errors));
  tell(render_summary(result.summary, render_errors));
  return written || result.summary.interrupted ? exit_status(options, result.summary) : 2;
}

}  // namespace kenzan::cli
