#include "cli/commands.hpp"

#include "diag/format.hpp"

namespace kenzan::cli {
namespace {

// Options of several commands.
const OptionSpec data = {"--data",
                         "NAME=PATH",
                         "Read table NAME from PATH instead of the file that its rule names (repeatable; - is standard input)",
                         {}};
const OptionSpec set = {"--set", "PARAM=VALUE", "Set a `param` of the rule files (repeatable)", {}};
const OptionSpec as_of = {"--as-of", "DATE", "The date that waivers expire against [default: today]", {}};
const OptionSpec color = {
    "--color", "WHEN", "Colour the output: auto, always or never [default: auto]", {"auto", "always", "never"}};
const OptionSpec lang = {
    "--lang", "LANG", "Language of messages: en, ja or auto, from the locale [default: auto]", {"auto", "en", "ja"}};
const OptionSpec help = {"-h,--help", "", "Print this help and exit", {}};

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> out;
  for (const Format& format : formats()) out.push_back(format.name);
  return out;
}

}  // namespace

std::string format_list(std::string_view last_word) {
  const std::vector<std::string_view> names = format_names();
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out.append(i + 1 < names.size() ? ", " : " " + std::string(last_word) + " ");
    out.append(names[i]);
  }
  return out;
}

const std::vector<CommandSpec>& commands() {
  static const std::string format_help =
      "Write findings as " + format_list("or") +
      ", to PATH or standard output (repeatable, each to its own place) [default: " + std::string(formats().front().name) + "]";
  static const std::vector<CommandSpec> all = {
      {"",
       "COMMAND [OPTIONS]",
       "Check that published figures add up, exactly, knowing what rounding can and cannot explain.",
       {help, {"-V,--version", "", "Print the version and exit", {}}, {"--man", "", "Print the manual page (roff) and exit", {}}}},
      {"check",
       "[RULES…]",
       "Check tables against rule files. RULES are .kz files, folders of them, or - for standard input; without RULES: the folder "
       "rules/ of the nearest kenzan.toml upward, else ./rules",
       {data,
        set,
        {"-f,--format", "F[:PATH]", format_help, format_names()},
        {"--select", "X", "Report only rules, tags or codes X (repeatable, or separated by commas)", {}},
        {"--ignore", "X", "Leave out rules, tags or codes X (repeatable, or separated by commas)", {}},
        {"--fail-on",
         "SEVERITY",
         "Exit with 1 from this severity on: error, warning, info or never [default: error]",
         {"error", "warning", "info", "never"}},
        {"--show", "WHAT", "Also list instances that hold only within rounding, or all of them", {"rounding", "all"}},
        as_of,
        {"--baseline", "FILE", "Findings that stand in FILE are known: shown as waived, and not counted", {}},
        {"--max-findings", "N", "Show at most N findings; the rest is counted and said", {}},
        color,
        lang,
        help}},
      {"test",
       "[RULES…]",
       "Run the `test` blocks of rule files: each sets some cells, in memory, and says what is to be found then. RULES as for "
       "check",
       {data, set, as_of, color, lang, help}},
      {"baseline",
       "ACTION [RULES…]",
       "Keep a file of known findings, which may only shrink: create writes what is found now; update takes out what is gone, "
       "unless "
       "something would be added; prune takes out what is gone in any case. RULES as for check",
       {data, set, as_of, color, lang, {"--baseline", "FILE", "The file [default: kenzan-baseline.jsonl]", {}}, help}},
      {"explain",
       "NAME [DIMENSION=LABEL…]",
       "Explain a code or verdict, or show the instances of a rule with their whole arithmetic, whether they hold or not: all, or "
       "those with the labels",
       {data, set, as_of, color, lang, {"--rules", "RULES", "Rule files and folders, as for check (repeatable)", {}}, help}},
      {"rules",
       "[RULES…]",
       "List the rules: title, severity, place, source, tags, and the columns that they read. RULES as for check",
       {data, set, as_of, color, lang, {"-f,--format", "F", "text or json [default: text]", {"text", "json"}}, help}},
      {"completions", "SHELL", "Print a completion script for bash, zsh or fish", {help}},
  };
  return all;
}

}  // namespace kenzan::cli
