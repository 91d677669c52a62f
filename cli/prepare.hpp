// What commands that compile rules and read data do first, and while they run.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "cli/files.hpp"
#include "cli/options.hpp"
#include "diag/render.hpp"
#include "dsl/compile.hpp"
#include "engine/run.hpp"

namespace kenzan::cli {

struct Prepared {
  std::string root;                ///< as in ProgramOptions
  std::vector<std::string> rules;  ///< paths of the rule files that were named, or found in folders that were
  SourceMap sources;
  dsl::Program program;
  engine::RunOptions run;  ///< with the data that the command line replaces, how files are found, and the date of waivers
  Language language = Language::english;
};

/// Reads a configuration file, or the nearest kenzan.toml for "": see LoadConfig.
[[nodiscard]] Result<std::optional<Config>, Misuse> load_config(const std::string& path);

/// Finds and compiles the rule files. Null, after saying why on standard error, where the exit status is 2.
[[nodiscard]] std::unique_ptr<Prepared> prepare(const ProgramOptions& options);

/// Runs `work` with how files are opened, a line of progress on the terminal, and Ctrl-C watched for.
void watched(const Prepared& prepared, const std::function<void(const engine::RunOptions&)>& work);

/// The language of messages: what --lang says, or the environment.
[[nodiscard]] Language language(const std::string& lang);
[[nodiscard]] bool colored(Color color, int descriptor);
/// Writes to standard output; false if that failed.
[[nodiscard]] bool print(const std::string& text);
/// Writes a file whole, or to standard output; false, after saying why on standard error, if that failed.
[[nodiscard]] bool write_to(const std::optional<std::string>& path, const Content& content);
/// Writes to standard error.
void tell(const std::string& text);
/// The end of a sentence about an unknown name; "" if no known one is near.
[[nodiscard]] std::string did_you_mean(const std::string& name, const std::vector<std::string>& known);

}  // namespace kenzan::cli
