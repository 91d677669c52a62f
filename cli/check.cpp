// `kenzan check`: rule files and data in, findings out.
#include "cli/check.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <set>
#include <string_view>

#include "base/text.hpp"
#include "cli/data_files.hpp"
#include "cli/files.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"
#include "diag/check.hpp"
#include "diag/render.hpp"
#include "dsl/compile.hpp"
#include "engine/run.hpp"

namespace kenzan::cli {

namespace {

bool colored(Color color, int descriptor) {
  if (color != Color::automatic) return color == Color::always;
  const auto set = [](const char* name) {
    const char* value = std::getenv(name);
    return value && *value;
  };
  if (set("FORCE_COLOR")) return std::string_view(std::getenv("FORCE_COLOR")) != "0";
  if (set("NO_COLOR")) return false;
  return is_drawable(descriptor);
}

Language language(const std::string& lang) {
  if (lang == "ja") return Language::japanese;
  if (lang == "en") return Language::english;
  for (const char* name : {"LC_ALL", "LC_MESSAGES", "LANG"}) {
    if (const char* value = std::getenv(name); value && *value) {
      return std::string_view(value).starts_with("ja") ? Language::japanese : Language::english;
    }
  }
  return Language::english;
}

/// GitHub drops a job summary of more than 1 MiB; other commands of the step may have written theirs.
constexpr std::size_t largest_job_summary = 900'000;

void tell(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

/// Writes the report to each of its places; false if one of them could not be written.
bool write_outputs(const std::vector<Output>& outputs, const Report& report, const SourceMap& sources, const RenderOptions& render,
                   bool color_files) {
  bool written = true;
  const auto tell_failure = [&written](const std::string& place, const std::string& failure) {
    if (failure.empty()) return;
    tell("kenzan: cannot write " + place + ": " + failure + "\n");
    written = false;
  };
  RenderOptions for_files = render;
  for_files.color = color_files;
  for_files.with_summary = true;
  for (const Output& output : outputs) {
    const auto content = [&](Sink& sink) { output.format->render(sink, report, sources, output.path ? for_files : render); };
    if (output.path)
      tell_failure("`" + *output.path + "`", write_file(*output.path, content));
    else
      tell_failure("to standard output", write_stream(stdout, content));
    if (output.format->render != render_github) continue;
    const char* summary = std::getenv("GITHUB_STEP_SUMMARY");
    if (!summary || !*summary) continue;
    RenderOptions limited = render;
    limited.most_bytes = largest_job_summary;
    tell_failure("`" + std::string(summary) + "`",
                 append_to_file(summary, [&](Sink& sink) { render_markdown(sink, report, sources, limited); }));
  }
  return written;
}

/// The end of a sentence about an unknown name; "" if no known one is near.
std::string did_you_mean(const std::string& name, const std::vector<std::string>& known) {
  const auto near = near_name(name, known);
  return near ? "; did you mean `" + *near + "`?" : "";
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

/// Runs with a line of progress on the terminal, until it is done or Ctrl-C ends it.
engine::RunResult run_watched(SourceMap& sources, const dsl::Program& program, engine::RunOptions options, Language language) {
  ProgressBar bar(STDERR_FILENO, language);
  const Interruptible interruptible;
  DataFiles data(interruptible.stop(),
                 [&bar](std::string_view path, std::uint64_t done, std::uint64_t total) { bar.tell_unpacking(path, done, total); });
  options.load.open = [&data](const std::string& path) { return data.read(path); };
  options.load.input = [&data](const std::string& path) { return data.input(path); };
  options.load.find = find_files;
  options.watch.stop = &interruptible.stop();
  if (bar.enabled()) options.watch.tell = [&bar](const engine::Progress& now) { bar.tell(now); };
  return engine::run(sources, program, options);
}

}  // namespace

int check(const CheckOptions& options) {
  const RenderOptions render{language(options.lang), colored(options.color, STDOUT_FILENO), KENZAN_VERSION};
  const RenderOptions render_errors{render.language, colored(options.color, STDERR_FILENO)};
  const auto rules = find_rules(options.rules);
  if (!rules) {
    tell("kenzan: " + rules.error() + "\n");
    return 2;
  }
  std::size_t standard_input = 0;
  for (const std::string& path : *rules) standard_input += path == "-";
  for (const auto& [name, path] : options.data) standard_input += path == "-";
  if (standard_input > 1) {
    tell("kenzan: standard input (-) can be read only once\n");
    return 2;
  }

  SourceMap sources;
  Diagnostics diagnostics;
  dsl::CompileOptions compile{*rules, [](const std::string& path) { return read_file(path); }, options.set};
  dsl::Compiled compiled = dsl::compile(sources, compile, diagnostics);
  for (const std::string& path : compiled.unreadable) tell("kenzan: cannot read " + path + "\n");
  engine::RunOptions run_options;
  for (const auto& [name, path] : options.data) {
    const std::string folded = fold(name);
    std::vector<std::string> known;
    bool found = false;
    for (const dsl::Table& table : compiled.program.tables) {
      found = found || table.name == folded;
      known.push_back(table.spelling);
    }
    if (!found && !diagnostics.has_errors()) {
      tell("kenzan: --data " + name + ": no rule file declares a table of this name" + did_you_mean(folded, known) + "\n");
      return 2;
    }
    run_options.load.replaced[folded] = path;
  }
  diagnostics.sort(sources);
  tell(render_diagnostics(diagnostics.all(), sources, render_errors));
  if (diagnostics.has_errors() || !compiled.unreadable.empty()) return 2;
  for (const auto& [option, given] : {std::pair("--select", &options.select), {"--ignore", &options.ignore}}) {
    if (const std::string mistake = unknown_selection(option, *given, compiled.program); !mistake.empty()) {
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
  const engine::RunResult result = run_watched(sources, compiled.program, std::move(run_options), render_errors.language);

  const bool written = write_outputs(options.outputs, result, sources, render, options.color == Color::always);
  if (!result.failures.empty()) tell(render_diagnostics(result.failures, sources, render_errors));
  tell(render_summary(result.summary, render_errors));
  if (result.summary.interrupted) return 130;
  if (!written || !result.summary.complete) return 2;
  return fails(options, result.summary) ? 1 : 0;
}

}  // namespace kenzan::cli
