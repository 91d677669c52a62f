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

void tell(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

std::string drawn(const Output& output, const engine::RunResult& result, const SourceMap& sources, const RenderOptions& render) {
  switch (output.format) {
    case OutputFormat::text: return render_text(result.findings, sources, render);
    case OutputFormat::concise: return render_concise(result.findings, sources, render);
    case OutputFormat::json: return render_json(result.findings, result.summary, sources, render, KENZAN_VERSION);
  }
  return {};
}

/// The end of a sentence about an unknown name; "" if no known one is near.
std::string did_you_mean(const std::string& name, const std::vector<std::string>& known) {
  const auto near = near_name(name, known);
  return near ? "; did you mean `" + *near + "`?" : "";
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
  RenderOptions render{language(options.lang), colored(options.color, STDOUT_FILENO)};
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
