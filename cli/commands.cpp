#include "cli/commands.hpp"

#include <algorithm>

#include "cli/options.hpp"
#include "diag/format.hpp"

namespace kenzan::cli {
namespace {

// Options of several commands.
const OptionSpec data = {
    .names = "--data",
    .value = "NAME=PATH",
    .help = "Read table NAME from PATH instead of the file that its rule names (repeatable; - is standard input)",
    .kind = OptionKind::table,
    .key = "data"};
const OptionSpec set = {.names = "--set",
                        .value = "PARAM=VALUE",
                        .help = "Set a `param` of the rule files (repeatable)",
                        .kind = OptionKind::table,
                        .key = "set"};
const OptionSpec as_of = {.names = "--as-of",
                          .value = "DATE",
                          .help = "The date that waivers expire against [default: today]",
                          .kind = OptionKind::date,
                          .key = "as-of"};
const OptionSpec color = {.names = "--color",
                          .value = "WHEN",
                          .help = "Colour the output: auto, always or never [default: auto]",
                          .choices = {"auto", "always", "never"},
                          .kind = OptionKind::choice,
                          .key = "color",
                          .given = "auto"};
const OptionSpec lang = {.names = "--lang",
                         .value = "LANG",
                         .help = "Language of messages: en, ja or auto, from the locale [default: auto]",
                         .choices = {"auto", "en", "ja"},
                         .kind = OptionKind::choice,
                         .key = "lang",
                         .given = "auto"};
const OptionSpec config = {.names = "--config",
                           .value = "FILE",
                           .help = "Take settings from FILE instead of the nearest kenzan.toml, in this folder or upward"};
const OptionSpec isolated = {
    .names = "--isolated", .value = "", .help = "Take settings from no kenzan.toml", .kind = OptionKind::flag};
const OptionSpec help = {.names = "-h,--help", .value = "", .help = "Print this help and exit", .kind = OptionKind::flag};

/// Options of a command that compiles rules and reads data: its own between those that all of them have.
std::vector<OptionSpec> program_options(std::vector<OptionSpec> own) {
  std::vector<OptionSpec> out = {data, set};
  std::ranges::copy(own, std::back_inserter(out));
  out.insert(out.end(), {as_of, color, lang, config, isolated, help});
  return out;
}

std::vector<OptionSpec> check_options(std::vector<OptionSpec> more = {}) {
  static const std::string format_help =
      "Write findings as " + listed(format_names(), "or") +
      ", to PATH or standard output (repeatable, each to its own place) [default: " + std::string(formats().front().name) + "]";
  std::vector<OptionSpec> own = {
      {.names = "-f,--format",
       .value = "F[:PATH]",
       .help = format_help,
       .choices = format_names(),
       .kind = OptionKind::list,
       .key = "format",
       .given = formats().front().name},
      {.names = "--select",
       .value = "X",
       .help = "Report only rules, tags or codes X (repeatable, or separated by commas)",
       .kind = OptionKind::names,
       .key = "select"},
      {.names = "--ignore",
       .value = "X",
       .help = "Leave out rules, tags or codes X (repeatable, or separated by commas)",
       .kind = OptionKind::names,
       .key = "ignore"},
      {.names = "--fail-on",
       .value = "SEVERITY",
       .help = "Exit with 1 from this severity on: error, warning, info or never [default: error]",
       .choices = {"error", "warning", "info", "never"},
       .kind = OptionKind::choice,
       .key = "fail-on",
       .given = "error"},
      {.names = "--show",
       .value = "WHAT",
       .help = "Also list instances that hold only within rounding, or all of them",
       .choices = {"rounding", "all"},
       .kind = OptionKind::choice,
       .key = "show"},
      {.names = "--baseline",
       .value = "FILE",
       .help = "Findings that stand in FILE are known: shown as waived, and not counted",
       .key = "baseline"},
      {.names = "--max-findings",
       .value = "N",
       .help = "Show at most N findings; the rest is counted and said",
       .kind = OptionKind::number,
       .key = "max-findings"},
      {.names = "--together",
       .value = "N",
       .help = "Check together up to N instances that hold (2000), and tables of up to 10·N rows",
       .kind = OptionKind::number,
       .key = "together"},
  };
  std::ranges::copy(more, std::back_inserter(own));
  return program_options(std::move(own));
}

/// Of a command that looks for what check finds, and does something else with it.
std::vector<OptionSpec> fix_options() {
  std::vector<OptionSpec> own = {
      {.names = "-f,--format",
       .value = "F",
       .help = "text, a unified diff, or json [default: text]",
       .choices = {"text", "json"},
       .kind = OptionKind::choice},
      {.names = "--write", .value = "", .help = "Write the files, all or none", .kind = OptionKind::flag},
      {.names = "--unsafe",
       .value = "",
       .help =
           "Also put in what may have been meant where a rule is violated, if one change explains it best: figures become others",
       .kind = OptionKind::flag},
  };
  for (const OptionSpec& option : check_options()) {
    if (option.key == "select" || option.key == "ignore" || option.key == "baseline") own.push_back(option);
  }
  return program_options(std::move(own));
}

/// Of a command whose outputs have formats of their own.
std::vector<OptionSpec> without_format(std::vector<OptionSpec> options) {
  std::erase_if(options, [](const OptionSpec& option) { return option.key == "format"; });
  return options;
}

const OptionSpec rules_elsewhere = {.names = "--rules",
                                    .value = "RULES",
                                    .help = "Rule files and folders, as for check (repeatable)",
                                    .kind = OptionKind::list,
                                    .key = "rules"};

const WordSpec rule_files = {.name = "RULES", .help = "Rule files and folders", .many = true};

}  // namespace

std::string_view long_name(const OptionSpec& option) {
  const std::size_t comma = option.names.find(',');
  return comma == std::string_view::npos ? option.names : option.names.substr(comma + 1);
}

bool is_date(std::string_view text) {
  return text.size() == 10 && text[4] == '-' && text[7] == '-' && text.find_first_not_of("0123456789-") == std::string_view::npos;
}

std::vector<std::string_view> format_names() {
  std::vector<std::string_view> out;
  for (const Format& format : formats()) out.push_back(format.name);
  return out;
}

std::string listed(std::span<const std::string_view> names, std::string_view last_word) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out.append(i + 1 < names.size() ? ", " : " " + std::string(last_word) + " ");
    out.append(names[i]);
  }
  return out;
}

const std::vector<CommandSpec>& commands() {
  static const std::vector<CommandSpec> all = {
      {"",
       "COMMAND [OPTIONS]",
       "Check that published figures add up, exactly, knowing what rounding can and cannot explain.",
       {help,
        {.names = "-V,--version", .value = "", .help = "Print the version and exit", .kind = OptionKind::flag},
        {.names = "--man", .value = "", .help = "Print the manual page (roff) and exit", .kind = OptionKind::flag}}},
      {"check",
       "[RULES…]",
       "Check tables against rule files. RULES are .kz files, folders of them, or - for standard input; without RULES: the key "
       "`rules` of the nearest kenzan.toml, or the folder rules/ beside it, else ./rules",
       check_options(),
       {rule_files}},
      {"hook",
       "[FILES…]",
       "Check only what has to do with FILES, as a pre-commit hook: the rules whose tables or rule files are among them, and those "
       "tables. Rule files are found as for check",
       check_options({rules_elsewhere}),
       {{.name = "FILES", .help = "Files that have changed", .many = true}}},
      {"test",
       "[RULES…]",
       "Run the `test` blocks of rule files: each sets some cells, in memory, and says what is to be found then. RULES as for "
       "check",
       program_options({}),
       {rule_files}},
      {"baseline",
       "ACTION [RULES…]",
       "Keep a file of known findings, which may only shrink: create writes what is found now; update takes out what is gone, "
       "unless "
       "something would be added; prune takes out what is gone in any case. RULES as for check",
       program_options(
           {{.names = "--baseline", .value = "FILE", .help = "The file [default: kenzan-baseline.jsonl]", .key = "baseline"}}),
       {{.name = "ACTION", .help = "create, update or prune"}, rule_files}},
      {"explain",
       "NAME [DIMENSION=LABEL…]",
       "Explain a code or verdict, or show the instances of a rule with their whole arithmetic, whether they hold or not: all, or "
       "those with the labels",
       program_options({rules_elsewhere}),
       {{.name = "NAME", .help = "A rule, code or verdict"},
        {.name = "LABELS", .help = "DIMENSION=LABEL of an instance", .many = true}}},
      {"rules",
       "[RULES…]",
       "List the rules: title, severity, place, source, tags, and the columns that they read. RULES as for check",
       program_options({{.names = "-f,--format",
                         .value = "F",
                         .help = "text or json [default: text]",
                         .choices = {"text", "json"},
                         .kind = OptionKind::choice}}),
       {rule_files}},
      {"coverage",
       "[RULES…]",
       "Say what the rules would notice: how firmly they hold each figure, and how small a change each of them sees. RULES as for "
       "check",
       program_options(
           {{.names = "-f,--format",
             .value = "F[:PATH]",
             .help = "Write text, json, or the html page with all tables, to PATH or standard output (repeatable, each to its "
                     "own place) [default: text]",
             .choices = {std::begin(coverage_formats), std::end(coverage_formats)},
             .kind = OptionKind::list},
            {.names = "--show",
             .value = "WHAT",
             .help = "List every figure, not only those that no rule checks: all",
             .choices = {"all"},
             .kind = OptionKind::choice},
            {.names = "--mutate",
             .value = "",
             .help = "Try slips of the hand in every figure, and say how many of them the rules would see",
             .kind = OptionKind::flag},
            {.names = "--fail-under",
             .value = "PERCENT",
             .help = "Exit with 1 where fewer of the figures are checked by a rule, as in 95%"}}),
       {rule_files}},
      {"fix",
       "[RULES…]",
       "Show as a diff what can be put right in the data files, and write it with --write: numbers that are written oddly, each as "
       "the same figure. RULES as for check. Exit status: 0 nothing to fix, or all is written; 1 something to fix",
       fix_options(),
       {rule_files}},
      {"suggest",
       "[RULES…]",
       "Look for relations that the figures obey and no rule states: restatements, totals, sums, differences, shares, growth. "
       "Prints them as rules ready to paste, the most certain first. RULES as for check; files with tables alone will do",
       program_options(
           {{.names = "-f,--format",
             .value = "F",
             .help = "text or json [default: text]",
             .choices = {"text", "json"},
             .kind = OptionKind::choice},
            {.names = "--show",
             .value = "WHAT",
             .help = "Print also what may well be chance: all",
             .choices = {"all"},
             .kind = OptionKind::choice},
            {.names = "--once-in",
             .value = "N",
             .help = "What unrelated figures would show more often than once in N times may well be chance [default: 100]",
             .kind = OptionKind::number}}),
       {rule_files}},
      {"evidence",
       "ACTION DIR [RULES…]",
       "Keep what was checked and how it came out: build runs the check and writes the folder DIR, with inputs, rules, results, "
       "every "
       "figure and the digests of all of them; verify compares the digests and runs the check on the recorded inputs again. "
       "Options "
       "and RULES as for check",
       without_format(check_options()),
       {{.name = "ACTION", .help = "build or verify"}, {.name = "DIR", .help = "The folder"}, rule_files}},
      {"config",
       "show [RULES…]",
       "Show the settings of check: each key of kenzan.toml, its value, and where that comes from. Options and RULES as for check",
       check_options(),
       {{.name = "ACTION", .help = "show"}, rule_files}},
      {"completions",
       "SHELL",
       "Print a completion script for bash, zsh or fish",
       {help},
       {{.name = "SHELL", .help = "bash, zsh or fish"}}},
  };
  return all;
}

const CommandSpec& command_named(std::string_view name) { return *std::ranges::find(commands(), name, &CommandSpec::name); }

std::vector<const OptionSpec*> configurable_options() {
  std::vector<const OptionSpec*> out = {&rules_elsewhere};
  for (const OptionSpec& option : command_named("check").options) {
    if (!option.key.empty()) out.push_back(&option);
  }
  return out;
}

}  // namespace kenzan::cli
