// What the command line offers, as data: help, manual page, completions and the reading of arguments are made of this one list.
#pragma once
#include <string>
#include <string_view>
#include <vector>

namespace kenzan::cli {

struct OptionSpec {
  std::string_view names;  ///< "-f,--format"
  std::string_view value;  ///< "F[:PATH]"; "" for a flag
  std::string_view help;
  std::vector<std::string_view> choices;  ///< for completion
};

struct CommandSpec {
  std::string_view name;       ///< "" for the program itself
  std::string_view arguments;  ///< "[RULES…]"
  std::string_view help;
  std::vector<OptionSpec> options;
};

/// The program, then its commands.
[[nodiscard]] const std::vector<CommandSpec>& commands();

/// The names of all formats: `text, concise or json` for the word `or`.
[[nodiscard]] std::string format_list(std::string_view last_word);

inline constexpr std::string_view exit_status_help =
    "Exit status: 0 nothing at or above --fail-on and everything was evaluated; 1 findings; 2 misuse, a rule file that does not "
    "compile, unreadable input, or an incomplete run; 130 interrupted by Ctrl-C: what was found until then is reported.";

}  // namespace kenzan::cli
