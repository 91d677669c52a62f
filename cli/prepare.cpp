#include "cli/prepare.hpp"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <string_view>

#include "base/text.hpp"
#include "cli/data_files.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"

namespace kenzan::cli {
namespace {

/// The date here, "2027-03-31".
std::string today() {
  const std::time_t now = std::time(nullptr);
  std::tm local{};
  localtime_r(&now, &local);
  char text[32];
  return {text, std::strftime(text, sizeof text, "%Y-%m-%d", &local)};
}

/// Why a file is not to be read: with a root, nothing outside of it is. "" if it may.
std::string outside(const std::string& root, const std::string& path) {
  return !root.empty() && leads_out(path) ? "it stands outside of " + root : std::string();
}

}  // namespace

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

bool print(const std::string& text) {
  return std::fwrite(text.data(), 1, text.size(), stdout) == text.size() && std::fflush(stdout) == 0;
}

bool write_to(const std::optional<std::string>& path, const Content& content) {
  const std::string failure = path ? write_file(*path, content) : write_stream(stdout, content);
  if (!failure.empty())
    tell("kenzan: cannot write " + (path ? "`" + *path + "`" : std::string("to standard output")) + ": " + failure + "\n");
  return failure.empty();
}

void tell(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stderr); }

std::string did_you_mean(const std::string& name, const std::vector<std::string>& known) {
  const auto near = near_name(name, known);
  return near ? "; did you mean `" + *near + "`?" : "";
}

Result<std::optional<Config>, Misuse> load_config(const std::string& path) {
  const std::optional<std::string> found = path.empty() ? find_config() : path;
  if (!found) return std::optional<Config>();
  auto text = read_file(*found);
  if (!text) return tl::make_unexpected(Misuse{"kenzan: cannot read `" + *found + "`: " + text.error() + "\n"});
  SourceMap sources;
  auto config = read_config(sources, sources.add(*found, std::move(*text)));
  if (config) return std::optional<Config>(std::move(*config));
  const RenderOptions render{language("auto"), colored(Color::automatic, STDERR_FILENO)};
  return tl::make_unexpected(Misuse{render_diagnostics(config.error(), sources, render)});
}

std::unique_ptr<Prepared> prepare(const ProgramOptions& options) {
  auto out = std::make_unique<Prepared>();
  out->language = language(options.lang);
  out->root = options.root;
  const auto rules = options.root.empty() ? find_rules(options.rules) : options.rules;
  if (!rules) {
    tell("kenzan: " + rules.error() + "\n");
    return nullptr;
  }
  out->rules = *rules;
  std::size_t standard_input = 0;
  for (const std::string& path : *rules) standard_input += path == "-";
  for (const auto& [name, path] : options.data) standard_input += path == "-";
  if (standard_input > 1) {
    tell("kenzan: standard input (-) can be read only once\n");
    return nullptr;
  }

  Diagnostics diagnostics;
  const auto read = [&](const std::string& path) -> Result<std::string, std::string> {
    if (const std::string why = outside(options.root, path); !why.empty()) return tl::make_unexpected(why);
    return read_file(options.root + path);
  };
  dsl::CompileOptions compile{*rules, read, options.set};
  dsl::Compiled compiled = dsl::compile(out->sources, compile, diagnostics);
  out->program = std::move(compiled.program);
  for (const std::string& path : compiled.unreadable) tell("kenzan: cannot read " + path + "\n");
  for (const auto& [name, path] : options.data) {
    const std::string folded = fold(name);
    std::vector<std::string> known;
    bool found = false;
    for (const dsl::Table& table : out->program.tables) {
      found = found || table.name == folded;
      known.push_back(table.spelling);
    }
    if (!found && !diagnostics.has_errors()) {
      tell("kenzan: --data " + name + ": no rule file declares a table of this name" + did_you_mean(folded, known) + "\n");
      return nullptr;
    }
    out->run.load.replaced[folded] = path;
  }
  diagnostics.sort(out->sources);
  tell(render_diagnostics(diagnostics.all(), out->sources, {out->language, colored(options.color, STDERR_FILENO)}));
  if (diagnostics.has_errors() || !compiled.unreadable.empty()) return nullptr;
  out->run.load.find = [root = options.root](const std::string& pattern) -> std::vector<std::pair<std::string, std::string>> {
    if (!outside(root, pattern).empty()) return {};
    auto found = find_files(root + pattern);
    for (auto& [path, label] : found) path.erase(0, root.size());
    return found;
  };
  out->run.as_of = options.as_of.empty() ? today() : options.as_of;
  return out;
}

void watched(const Prepared& prepared, const std::function<void(const engine::RunOptions&)>& work) {
  engine::RunOptions options = prepared.run;
  ProgressBar bar(STDERR_FILENO, prepared.language);
  const Interruptible interruptible;
  DataFiles data(interruptible.stop(),
                 [&bar](std::string_view path, std::uint64_t done, std::uint64_t total) { bar.tell_unpacking(path, done, total); });
  const std::string& root = prepared.root;
  options.load.open = [&](const std::string& path) -> Result<std::string, std::string> {
    if (const std::string why = outside(root, path); !why.empty()) return tl::make_unexpected(why);
    return data.read(root + path);
  };
  options.load.input = [&](const std::string& path) { return outside(root, path).empty() ? data.input(root + path) : nullptr; };
  options.watch.stop = &interruptible.stop();
  if (bar.enabled()) options.watch.tell = [&bar](const engine::Progress& now) { bar.tell(now); };
  work(options);
}

}  // namespace kenzan::cli
