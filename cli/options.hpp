// The command line, read.
#pragma once
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "diag/format.hpp"

namespace kenzan::cli {

struct Output {
  const Format* format = &formats().front();
  std::optional<std::string> path;  ///< none: standard output
};

enum class FailOn : std::uint8_t { error, warning, info, never };
enum class Color : std::uint8_t { automatic, always, never };

/// What commands that compile rules and read data have in common.
struct ProgramOptions {
  std::vector<std::string> rules;
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
  std::string baseline;  ///< its path; "": none
};

struct BaselineOptions : ProgramOptions {
  std::string action;  ///< "create", "update", "prune"
  std::string path = "kenzan-baseline.jsonl";
};

struct RulesOptions : ProgramOptions {
  bool json = false;
};

struct ExplainOptions : ProgramOptions {
  std::string name;                 ///< of a rule, a code or a verdict
  std::vector<std::string> labels;  ///< DIMENSION=LABEL
};

struct Invocation {
  enum class Command : std::uint8_t { check, test, baseline, explain, rules, completions, print } command = Command::print;
  CheckOptions check;
  ProgramOptions test;
  BaselineOptions baseline;
  ExplainOptions explain;
  RulesOptions rules;
  std::string shell;
  std::string text;  ///< print: to standard output, exit 0
};

/// Why the arguments cannot be taken: text for standard error; the exit status is 2.
struct Misuse {
  std::string text;
};

/// Reads the arguments (without the program's name).
[[nodiscard]] Result<Invocation, Misuse> read_arguments(std::vector<std::string> arguments);

/// The manual page, in roff; a completion script for `bash`, `zsh` or `fish`. Both made of `commands()`.
[[nodiscard]] std::string manual_page();
[[nodiscard]] std::string completion_script(const std::string& shell);

}  // namespace kenzan::cli
