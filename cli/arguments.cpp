// Reading arguments, with CLI11: the only file that includes it.
#include <CLI/CLI.hpp>
#include <algorithm>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace kenzan::cli {

namespace {

std::string in(std::string_view text) { return std::string(text); }

/// Splits NAME=VALUE.
std::optional<Misuse> assign(const std::vector<std::string>& given, const char* option, std::map<std::string, std::string>& out) {
  for (const std::string& item : given) {
    const std::size_t at = item.find('=');
    if (at == std::string::npos || at == 0) return Misuse{std::string(option) + " needs NAME=VALUE, found `" + item + "`"};
    if (!out.emplace(item.substr(0, at), item.substr(at + 1)).second) {
      return Misuse{std::string(option) + " names `" + item.substr(0, at) + "` twice"};
    }
  }
  return std::nullopt;
}

std::optional<Misuse> outputs(const std::vector<std::string>& given, std::vector<Output>& out) {
  std::set<std::string> places;
  for (const std::string& item : given) {
    const std::size_t at = item.find(':');
    const std::string name = item.substr(0, at);
    const auto format = std::ranges::find(formats(), name, &Format::name);
    if (format == formats().end()) {
      std::vector<std::string> names;
      for (const Format& each : formats()) names.emplace_back(each.name);
      const auto near = near_name(name, names);
      return Misuse{"--format: no format `" + name + "` in this version; " + (near ? "did you mean `" + *near + "`? " : "") +
                    "there are " + format_list("and")};
    }
    Output output{&*format, std::nullopt};
    if (at != std::string::npos) {
      output.path = item.substr(at + 1);
      if (output.path->empty()) return Misuse{"--format " + item + ": the path behind the colon is empty"};
      if (*output.path == "-") output.path.reset();
    }
    if (!places.insert(output.path.value_or("")).second) {
      return Misuse{"--format: two formats go to " + (output.path ? "`" + *output.path + "`" : std::string("standard output")) +
                    "; give each its own place, as in -f text -f json:report.json"};
    }
    out.push_back(std::move(output));
  }
  if (out.empty()) out.push_back({});
  return std::nullopt;
}

}  // namespace

Result<Invocation, Misuse> read_arguments(std::vector<std::string> arguments) {
  const CommandSpec& program = commands()[0];
  const CommandSpec& check_spec = commands()[1];
  const CommandSpec& test_spec = commands()[2];
  const CommandSpec& baseline_spec = commands()[3];
  const CommandSpec& explain_spec = commands()[4];
  const CommandSpec& rules_spec = commands()[5];
  const CommandSpec& completions_spec = commands()[6];
  CLI::App app(in(program.help), "kenzan");
  app.set_help_flag();
  app.footer(in(exit_status_help));
  Invocation result;
  CheckOptions& options = result.check;
  bool help = false, version = false, man = false, help_of_command = false;
  std::vector<std::string> data, set, format, select, ignore;
  std::string fail_on = "error", color = "auto", rules_format = "text";

  const auto flag = [](CLI::App& to, const OptionSpec& spec, bool& value) { to.add_flag(in(spec.names), value, in(spec.help)); };
  flag(app, program.options[0], help);
  flag(app, program.options[1], version);
  flag(app, program.options[2], man);
  app.require_subcommand(0, 1);

  CLI::App& check = *app.add_subcommand(in(check_spec.name), in(check_spec.help));
  check.set_help_flag();
  check.footer(in(exit_status_help));
  check.add_option("RULES", options.rules, "Rule files and folders");
  const auto one = [](CLI::App& to, const OptionSpec& spec, auto& value) {
    return to.add_option(in(spec.names), value, in(spec.help))->type_name(in(spec.value));
  };
  const auto many = [&](CLI::App& to, const OptionSpec& spec, std::vector<std::string>& value) {
    return one(to, spec, value)->expected(1)->multi_option_policy(CLI::MultiOptionPolicy::TakeAll)->allow_extra_args(false);
  };
  const auto choice = [&](CLI::App& to, const OptionSpec& spec, std::string& value) {
    std::vector<std::string> choices;
    for (std::string_view word : spec.choices) choices.emplace_back(word);
    return one(to, spec, value)->check(CLI::IsMember(choices));
  };
  const auto date = [&](CLI::App& to, const OptionSpec& spec, std::string& value) {
    return one(to, spec, value)
        ->check(CLI::Validator(
            [](std::string& text) {
              const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-' &&
                                  text.find_first_not_of("0123456789-") == std::string::npos;
              return shaped ? std::string() : "needs a date such as 2027-03-31, found `" + text + "`";
            },
            "", "date"));
  };
  const std::vector<OptionSpec>& of_check = check_spec.options;
  many(check, of_check[0], data);
  many(check, of_check[1], set);
  many(check, of_check[2], format);
  many(check, of_check[3], select)->delimiter(',');
  many(check, of_check[4], ignore)->delimiter(',');
  choice(check, of_check[5], fail_on);
  choice(check, of_check[6], options.show);
  date(check, of_check[7], options.as_of);
  one(check, of_check[8], options.baseline);
  one(check, of_check[9], options.max_findings)->check(CLI::PositiveNumber);
  choice(check, of_check[10], color);
  choice(check, of_check[11], options.lang);
  flag(check, of_check[12], help_of_command);

  // A command with the options of all that compile rules and read data, in the order of `commands()`.
  const auto add_command = [&](const CommandSpec& spec, ProgramOptions& to) -> CLI::App& {
    CLI::App& command = *app.add_subcommand(in(spec.name), in(spec.help));
    command.set_help_flag();
    command.footer(in(exit_status_help));
    many(command, spec.options[0], data);
    many(command, spec.options[1], set);
    date(command, spec.options[2], to.as_of);
    choice(command, spec.options[3], color);
    choice(command, spec.options[4], to.lang);
    return command;
  };
  CLI::App& test = add_command(test_spec, result.test);
  test.add_option("RULES", result.test.rules, "Rule files and folders");
  flag(test, test_spec.options[5], help_of_command);

  CLI::App& baseline = add_command(baseline_spec, result.baseline);
  baseline.add_option("ACTION", result.baseline.action, "create, update or prune")
      ->check(CLI::IsMember({"create", "update", "prune"}));
  baseline.add_option("RULES", result.baseline.rules, "Rule files and folders");
  one(baseline, baseline_spec.options[5], result.baseline.path);
  flag(baseline, baseline_spec.options[6], help_of_command);

  CLI::App& explain = add_command(explain_spec, result.explain);
  explain.add_option("NAME", result.explain.name, "A rule, code or verdict");
  explain.add_option("LABELS", result.explain.labels, "DIMENSION=LABEL of an instance");
  many(explain, explain_spec.options[5], result.explain.rules);
  flag(explain, explain_spec.options[6], help_of_command);

  CLI::App& rules = add_command(rules_spec, result.rules);
  rules.add_option("RULES", result.rules.rules, "Rule files and folders");
  choice(rules, rules_spec.options[5], rules_format);
  flag(rules, rules_spec.options[6], help_of_command);

  CLI::App& completions = *app.add_subcommand(in(completions_spec.name), in(completions_spec.help));
  completions.set_help_flag();
  flag(completions, completions_spec.options[0], help_of_command);
  completions.add_option("SHELL", result.shell, "bash, zsh or fish")->check(CLI::IsMember({"bash", "zsh", "fish"}));

  const auto program_options = [&](ProgramOptions& to) -> std::optional<Misuse> {
    to.color = color == "always" ? Color::always : color == "never" ? Color::never : Color::automatic;
    if (auto misuse = assign(data, "--data", to.data)) return misuse;
    return assign(set, "--set", to.set);
  };
  std::string help_of = "kenzan --help";
  for (const CommandSpec& spec : commands()) {
    if (!spec.name.empty() && !arguments.empty() && arguments.front() == spec.name) help_of = "kenzan " + in(spec.name) + " --help";
  }
  const auto see = [&help_of](const std::string& what) { return "kenzan: " + what + "\nsee `" + help_of + "`\n"; };
  std::ranges::reverse(arguments);
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return tl::make_unexpected(Misuse{see(error.what())});
  }
  if (help_of_command) {
    result.text = app.get_subcommands().front()->help("kenzan");
  } else if (version) {
    result.text = "kenzan " KENZAN_VERSION "\n";
  } else if (man) {
    result.text = manual_page();
  } else if (check.parsed()) {
    result.command = Invocation::Command::check;
    if (auto misuse = program_options(options)) return tl::make_unexpected(Misuse{see(misuse->text)});
    if (auto misuse = outputs(format, options.outputs)) return tl::make_unexpected(Misuse{see(misuse->text)});
    options.select.insert(select.begin(), select.end());
    options.ignore.insert(ignore.begin(), ignore.end());
    options.fail_on = fail_on == "warning" ? FailOn::warning
                      : fail_on == "info"  ? FailOn::info
                      : fail_on == "never" ? FailOn::never
                                           : FailOn::error;
  } else if (test.parsed()) {
    result.command = Invocation::Command::test;
    if (auto misuse = program_options(result.test)) return tl::make_unexpected(Misuse{see(misuse->text)});
  } else if (baseline.parsed()) {
    if (result.baseline.action.empty())
      return tl::make_unexpected(Misuse{"kenzan: baseline needs an action: create, update or prune\n"});
    result.command = Invocation::Command::baseline;
    if (auto misuse = program_options(result.baseline)) return tl::make_unexpected(Misuse{see(misuse->text)});
  } else if (explain.parsed()) {
    if (result.explain.name.empty())
      return tl::make_unexpected(Misuse{"kenzan: explain needs the name of a rule, a code or a verdict\n"});
    result.command = Invocation::Command::explain;
    if (auto misuse = program_options(result.explain)) return tl::make_unexpected(Misuse{see(misuse->text)});
  } else if (rules.parsed()) {
    result.command = Invocation::Command::rules;
    result.rules.json = rules_format == "json";
    if (auto misuse = program_options(result.rules)) return tl::make_unexpected(Misuse{see(misuse->text)});
  } else if (completions.parsed()) {
    if (result.shell.empty()) return tl::make_unexpected(Misuse{"kenzan: completions needs a shell: bash, zsh or fish\n"});
    result.command = Invocation::Command::completions;
  } else if (help) {
    result.text = app.help();
  } else {
    return tl::make_unexpected(Misuse{app.help()});
  }
  return result;
}

}  // namespace kenzan::cli
