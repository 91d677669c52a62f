// The command line, read.
#pragma once
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/rational.hpp"
#include "base/result.hpp"
#include "cli/config.hpp"
#include "diag/format.hpp"

namespace kenzan::cli {

struct Output {
  const Format* format = &formats().front();
  std::optional<std::string> path;  ///< none: standard output
};

enum class FailOn : std::uint8_t { error, warning, info, never };
inline constexpr std::string_view fail_on_names[] = {"error", "warning", "info", "never"};  ///< by FailOn
[[nodiscard]] inline std::string_view name_of(FailOn fail_on) { return fail_on_names[static_cast<std::size_t>(fail_on)]; }
[[nodiscard]] inline std::optional<FailOn> fail_on_named(std::string_view name) {
  for (const FailOn each : {FailOn::error, FailOn::warning, FailOn::info, FailOn::never}) {
    if (name_of(each) == name) return each;
  }
  return std::nullopt;
}

enum class Color : std::uint8_t { automatic, always, never };

/// What commands that compile rules and read data have in common.
struct ProgramOptions {
  std::string root;                ///< the folder that all paths are relative to, with its slash; "": this one
  std::vector<std::string> rules;  ///< files and folders
  std::map<std::string, std::string> data, set;
  std::string as_of;  ///< "": today
  Color color = Color::automatic;
  std::string lang = "auto";
};

struct CheckOptions : ProgramOptions {
  std::vector<Output> outputs;  ///< at least one
  std::set<std::string> select, ignore;
  FailOn fail_on = FailOn::error;
  std::string show;  ///< "", "rounding", "all"
  std::size_t max_findings = 0;
  std::size_t together = 0;  ///< instances; 0: as many as are not felt
  std::string baseline;      ///< its path; "": none
  /// Only what has to do with these files is checked: rules of which one is a rule file or a table, and those tables. None: all.
  std::optional<std::vector<std::string>> changed;
  std::string config;  ///< the kenzan.toml that was read; "": none
};

/// Of `kenzan evidence`.
struct EvidenceOptions : CheckOptions {
  std::string action;  ///< "build", "verify"
  std::string folder;
  std::vector<std::string> command;  ///< the command line, without the folder
};

struct BaselineOptions : ProgramOptions {
  std::string action;  ///< "create", "update", "prune"
  std::string path = "kenzan-baseline.jsonl";
};

struct RulesOptions : ProgramOptions {
  bool json = false;
};

enum class CoverageFormat : std::uint8_t { text, json, html };
inline constexpr std::string_view coverage_formats[] = {"text", "json", "html"};  ///< by CoverageFormat

struct CoverageOutput {
  CoverageFormat format = CoverageFormat::text;
  std::optional<std::string> path;  ///< none: standard output
};

struct CoverageOptions : ProgramOptions {
  std::vector<CoverageOutput> outputs;  ///< at least one
  bool whole = false;                   ///< text: list every figure
  bool slips = false;                   ///< try slips of the hand
  std::optional<Rational> fail_under;   ///< percent of the figures
};

struct FixOptions : CheckOptions {
  bool unsafe = false;  ///< also what may have been meant
  bool write = false;   ///< else only a diff is shown
  bool json = false;
};

struct SuggestOptions : ProgramOptions {
  bool json = false;
  bool whole = false;         ///< also what may well be chance
  std::size_t once_in = 100;  ///< what unrelated figures show more often than once in so many times is less certain
};

struct ExplainOptions : ProgramOptions {
  std::string name;                 ///< of a rule, a code or a verdict
  std::vector<std::string> labels;  ///< DIMENSION=LABEL
};

/// A key of kenzan.toml as `kenzan config show` says it.
struct ShownSetting {
  std::string_view key;
  std::string value;   ///< as TOML; "": it has none
  std::string origin;  ///< "default", "command line", "kenzan.toml:3"
};

struct Invocation {
  enum class Command : std::uint8_t {
    check,
    test,
    baseline,
    explain,
    rules,
    coverage,
    fix,
    suggest,
    config,
    evidence,
    completions,
    print
  } command = Command::print;
  CheckOptions check;
  ProgramOptions test;
  BaselineOptions baseline;
  ExplainOptions explain;
  RulesOptions rules;
  CoverageOptions coverage;
  FixOptions fix;
  SuggestOptions suggest;
  EvidenceOptions evidence;
  std::vector<ShownSetting> settings;
  std::string shell;
  std::string text;  ///< print: to standard output, exit 0
};

/// Why the arguments cannot be taken: text for standard error; the exit status is 2.
struct Misuse {
  std::string text;
};

/// Reads a configuration file, or the nearest one if `path` is "". None if there is none; the error is text for standard error.
using LoadConfig = std::function<Result<std::optional<Config>, Misuse>(const std::string& path)>;

/// Reads the arguments (without the program's name), and takes from the configuration what they do not say.
[[nodiscard]] Result<Invocation, Misuse> read_arguments(std::vector<std::string> arguments, const LoadConfig& load);

/// The manual page, in roff; a completion script for `bash`, `zsh` or `fish`. Both made of `commands()`.
[[nodiscard]] std::string manual_page();
[[nodiscard]] std::string completion_script(const std::string& shell);

}  // namespace kenzan::cli
