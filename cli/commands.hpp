// What the command line offers, as data: help, manual page, completions and the reading of arguments are made of this one list.
#pragma once
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace kenzan::cli {

/// What an option takes, on the command line and as a key of kenzan.toml.
enum class OptionKind : std::uint8_t {
  flag,
  text,
  choice,  ///< one of `choices`
  list,    ///< repeatable
  names,   ///< repeatable, or separated by commas
  table,   ///< NAME=VALUE, repeatable
  number,  ///< from 1 on
  date,
};

struct OptionSpec {
  std::string_view names;  ///< "-f,--format"
  std::string_view value;  ///< "F[:PATH]"; "" for a flag
  std::string_view help;
  std::vector<std::string_view> choices;  ///< for completion
  OptionKind kind = OptionKind::text;
  std::string_view key = {};    ///< of kenzan.toml; "" if it stands on the command line alone
  std::string_view given = {};  ///< the value where there is none, as `kenzan config show` writes it; "" for nothing
};

/// The long name, "--format".
[[nodiscard]] std::string_view long_name(const OptionSpec& option);

/// Whether `text` looks like a date as options take it, "2027-03-31".
[[nodiscard]] bool is_date(std::string_view text);

/// Words of a command that belong to no option.
struct WordSpec {
  std::string_view name;  ///< "RULES"
  std::string_view help;
  bool many = false;  ///< any number; else at most one
};

struct CommandSpec {
  std::string_view name;       ///< "" for the program itself
  std::string_view arguments;  ///< "[RULES…]"
  std::string_view help;
  std::vector<OptionSpec> options;
  std::vector<WordSpec> words = {};
};

/// The program, then its commands.
[[nodiscard]] const std::vector<CommandSpec>& commands();

[[nodiscard]] const CommandSpec& command_named(std::string_view name);

/// The options that are keys of kenzan.toml, each once.
[[nodiscard]] std::vector<const OptionSpec*> configurable_options();

/// Names in a sentence: `text, concise or json` for the word `or`.
[[nodiscard]] std::string listed(std::span<const std::string_view> names, std::string_view last_word);

/// The names of all formats of check.
[[nodiscard]] std::vector<std::string_view> format_names();

inline constexpr std::string_view exit_status_help =
    "Exit status: 0 nothing at or above --fail-on and everything was evaluated; 1 findings; 2 misuse, a rule file that does not "
    "compile, unreadable input, or an incomplete run; 130 interrupted by Ctrl-C: what was found until then is reported.";

}  // namespace kenzan::cli
