// Reading arguments, with CLI11: the only file that includes it.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace kenzan::cli {

namespace {

std::string in(std::string_view text) { return std::string(text); }

/// Splits NAME=VALUE.
std::optional<Misuse> assign(const std::vector<std::string>& given, std::string_view option,
                             std::map<std::string, std::string>& out) {
  for (const std::string& item : given) {
    const std::size_t at = item.find('=');
    if (at == std::string::npos || at == 0) return Misuse{in(option) + " needs NAME=VALUE, found `" + item + "`"};
    if (!out.emplace(item.substr(0, at), item.substr(at + 1)).second) {
      return Misuse{in(option) + " names `" + item.substr(0, at) + "` twice"};
    }
  }
  return std::nullopt;
}

/// Reads each F[:PATH]: `add` takes which of `names` F is, and the path if there is one.
std::optional<Misuse> read_formats(const std::vector<std::string>& given, const std::vector<std::string_view>& names, auto add) {
  std::set<std::string> places;
  for (const std::string& item : given) {
    const std::size_t at = item.find(':');
    const std::string name = item.substr(0, at);
    const auto format = std::ranges::find(names, name);
    if (format == names.end()) {
      const auto near = near_name(name, std::vector<std::string>(names.begin(), names.end()));
      return Misuse{"--format: no format `" + name + "` in this version; " + (near ? "did you mean `" + *near + "`? " : "") +
                    "there are " + listed(names, "and")};
    }
    std::optional<std::string> path;
    if (at != std::string::npos) {
      path = item.substr(at + 1);
      if (path->empty()) return Misuse{"--format " + item + ": the path behind the colon is empty"};
      if (*path == "-") path.reset();
    }
    if (!places.insert(path.value_or("")).second) {
      return Misuse{"--format: two formats go to " + (path ? "`" + *path + "`" : std::string("standard output")) +
                    "; give each its own place, as in -f text -f json:report.json"};
    }
    add(static_cast<std::size_t>(format - names.begin()), std::move(path));
  }
  return std::nullopt;
}

std::optional<Misuse> outputs(const std::vector<std::string>& given, std::vector<Output>& out) {
  auto misuse = read_formats(given, format_names(), [&](std::size_t which, std::optional<std::string> path) {
    out.push_back({&formats()[which], std::move(path)});
  });
  if (out.empty()) out.push_back({});
  return misuse;
}

std::optional<Misuse> coverage_outputs(const std::vector<std::string>& given, std::vector<CoverageOutput>& out) {
  auto misuse = read_formats(given, {std::begin(coverage_formats), std::end(coverage_formats)},
                             [&](std::size_t which, std::optional<std::string> path) {
                               out.push_back({static_cast<CoverageFormat>(which), std::move(path)});
                             });
  if (out.empty()) out.push_back({});
  return misuse;
}

/// A command as CLI11 reads it: what was given for each option, by its long name, and the words that belong to none.
struct Read {
  struct Option {
    const OptionSpec* spec = nullptr;
    CLI::Option* option = nullptr;
    std::vector<std::string> values;  ///< from the command line, else from the configuration
    std::string place;                ///< where the configuration says so; "": it does not
    std::vector<std::string> kept;    ///< of a table: what the configuration adds to the command line
  };
  const CommandSpec* spec = nullptr;
  CLI::App* app = nullptr;
  std::map<std::string_view, Option> options;
  std::vector<std::vector<std::string>> words;  ///< for each of `spec->words`

  [[nodiscard]] const Option* find(std::string_view name) const {
    const auto at = options.find(name);
    return at == options.end() ? nullptr : &at->second;
  }
  [[nodiscard]] const std::vector<std::string>& all(std::string_view name) const {
    static const std::vector<std::string> none;
    const Option* option = find(name);
    return option == nullptr ? none : option->values;
  }
  [[nodiscard]] std::string one(std::string_view name, std::string otherwise = {}) const {
    const auto& values = all(name);
    return values.empty() ? otherwise : values.back();
  }
  [[nodiscard]] bool has(std::string_view name) const {
    const Option* option = find(name);
    return option != nullptr && option->option->count() > 0;
  }
};

void add_option(CLI::App& app, const OptionSpec& spec, Read& to) {
  Read::Option& option = to.options[long_name(spec)];
  option.spec = &spec;
  if (spec.kind == OptionKind::flag) {
    option.option = app.add_flag(in(spec.names), static_cast<const std::string&>(in(spec.help)));
    return;
  }
  CLI::Option& added = *app.add_option(in(spec.names), option.values, in(spec.help))->type_name(in(spec.value))->expected(1);
  added.allow_extra_args(false);
  option.option = &added;
  const bool repeatable = spec.kind == OptionKind::list || spec.kind == OptionKind::names || spec.kind == OptionKind::table;
  added.multi_option_policy(repeatable ? CLI::MultiOptionPolicy::TakeAll : CLI::MultiOptionPolicy::Throw);
  if (spec.kind == OptionKind::names) added.delimiter(',');
  if (spec.kind == OptionKind::choice)
    added.check(CLI::IsMember(std::vector<std::string>(spec.choices.begin(), spec.choices.end())));
  if (spec.kind == OptionKind::date) {
    const auto check = [](std::string& text) {
      return is_date(text) ? std::string() : "needs a date such as 2027-03-31, found `" + text + "`";
    };
    added.check(CLI::Validator(check, "", "date"));
  }
}

/// Takes from the configuration what the command line does not say. What a table of it names is kept beside what is given here.
void fill(Read& read, const Config& config) {
  for (auto& [name, option] : read.options) {
    const auto setting = config.settings.find(in(option.spec->key));
    if (setting == config.settings.end()) continue;
    const std::vector<std::string>& values = setting->second.values;
    if (option.spec->kind == OptionKind::table) {
      for (const std::string& value : values) {
        const std::string begin = value.substr(0, value.find('=') + 1);
        const auto again = [&](const std::string& given) { return given.starts_with(begin); };
        if (std::ranges::none_of(option.values, again)) option.kept.push_back(value);
      }
      option.values.insert(option.values.end(), option.kept.begin(), option.kept.end());
    } else if (option.option->count() == 0) {
      option.values = values;
    } else {
      continue;
    }
    option.place = setting->second.place;
  }
}

/// The rule files that are taken where none are named: those of the configuration, else the folder rules/ beside it or here.
Setting default_rules(const std::optional<Config>& config) {
  if (!config) return {{"rules"}, "default"};
  const auto setting = config->settings.find("rules");
  return setting != config->settings.end() ? setting->second : Setting{{from_folder(config->folder, "rules")}, "default"};
}

std::optional<Misuse> program_options(const Read& read, std::vector<std::string> rules, const std::optional<Config>& config,
                                      ProgramOptions& to) {
  to.rules = std::move(rules);
  if (to.rules.empty()) to.rules = read.all("--rules");
  if (to.rules.empty()) to.rules = default_rules(config).values;
  const std::string color = read.one("--color", "auto");
  to.color = color == "always" ? Color::always : color == "never" ? Color::never : Color::automatic;
  to.as_of = read.one("--as-of");
  to.lang = read.one("--lang", "auto");
  if (auto misuse = assign(read.all("--data"), "--data", to.data)) return misuse;
  return assign(read.all("--set"), "--set", to.set);
}

/// Reads an option that is a number, if it was given.
std::optional<Misuse> whole_number(const Read& read, const std::string& option, std::size_t& to) {
  const std::string text = read.one(option);
  if (text.empty()) return std::nullopt;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), to);
  if (error == std::errc() && end == text.data() + text.size() && to > 0) return std::nullopt;
  return Misuse{option + ": `" + text + "` is not a whole number from 1 on, or too large"};
}

std::optional<Misuse> check_options(const Read& read, CheckOptions& to) {
  if (auto misuse = outputs(read.all("--format"), to.outputs)) return misuse;
  to.select.insert(read.all("--select").begin(), read.all("--select").end());
  to.ignore.insert(read.all("--ignore").begin(), read.all("--ignore").end());
  to.fail_on = fail_on_named(read.one("--fail-on")).value_or(FailOn::error);
  to.show = read.one("--show");
  to.baseline = read.one("--baseline");
  if (auto misuse = whole_number(read, "--max-findings", to.max_findings)) return misuse;
  return whole_number(read, "--together", to.together);
}

/// Each key with its value as TOML, and where it comes from.
std::vector<ShownSetting> shown_settings(const Read& read, const std::vector<std::string>& rules,
                                         const std::optional<Config>& config) {
  const auto quoted = [](std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
    return out + "\"";
  };
  const auto list = [&](const std::vector<std::string>& values) {
    std::string out;
    for (const std::string& value : values) out.append(out.empty() ? "" : ", ").append(quoted(value));
    return "[" + out + "]";
  };
  std::vector<ShownSetting> out;
  for (const OptionSpec* spec : configurable_options()) {
    ShownSetting& shown = out.emplace_back();
    shown.key = spec->key;
    if (spec->key == "rules") {
      const Setting otherwise = default_rules(config);
      shown.origin = rules.empty() ? otherwise.place : "command line";
      shown.value = list(rules.empty() ? otherwise.values : rules);
      continue;
    }
    const Read::Option& option = *read.find(long_name(*spec));
    const bool given = option.option->count() > 0;
    shown.origin = given ? "command line" : !option.place.empty() ? option.place : "default";
    if (given && !option.kept.empty()) shown.origin += ", " + option.place;
    switch (spec->kind) {
      case OptionKind::flag:
      case OptionKind::number: shown.value = option.values.empty() ? "" : option.values.back(); break;
      case OptionKind::list:
      case OptionKind::names:
        shown.value = option.values.empty() && !spec->given.empty() ? list({in(spec->given)}) : list(option.values);
        break;
      case OptionKind::table: {
        std::string pairs;
        for (const std::string& value : option.values) {
          const std::size_t at = std::min(value.find('='), value.size() - 1);
          pairs += (pairs.empty() ? " " : ", ") + quoted(value.substr(0, at)) + " = " + quoted(value.substr(at + 1));
        }
        shown.value = pairs.empty() ? "{}" : "{" + pairs + " }";
        break;
      }
      case OptionKind::text:
      case OptionKind::choice:
      case OptionKind::date:
        if (!option.values.empty() || !spec->given.empty())
          shown.value = quoted(option.values.empty() ? spec->given : std::string_view(option.values.back()));
        break;
    }
  }
  return out;
}

}  // namespace

Result<Invocation, Misuse> read_arguments(std::vector<std::string> arguments, const LoadConfig& load) {
  const CommandSpec& program = commands()[0];
  CLI::App app(in(program.help), "kenzan");
  app.set_help_flag();
  app.footer(in(exit_status_help));
  app.require_subcommand(0, 1);
  Read top;
  for (const OptionSpec& spec : program.options) add_option(app, spec, top);

  std::vector<Read> reads(commands().size());  // in place: CLI11 keeps where the values go
  for (std::size_t i = 1; i < commands().size(); ++i) {
    const CommandSpec& spec = commands()[i];
    Read& read = reads[i];
    read.spec = &spec;
    read.app = app.add_subcommand(in(spec.name), in(spec.help));
    read.app->set_help_flag();
    if (spec.name != "completions") read.app->footer(in(exit_status_help));
    if (std::ranges::find(arguments, spec.name) == arguments.end()) continue;  // it is not asked for: its name is enough
    for (const OptionSpec& option : spec.options) add_option(*read.app, option, read);
    read.words.resize(spec.words.size());
    for (std::size_t w = 0; w < spec.words.size(); ++w) {
      CLI::Option& words = *read.app->add_option(in(spec.words[w].name), read.words[w], in(spec.words[w].help));
      if (!spec.words[w].many) words.expected(1)->allow_extra_args(false);
    }
  }

  std::string help_of = "kenzan --help";
  for (const CommandSpec& spec : commands()) {
    if (!spec.name.empty() && !arguments.empty() && arguments.front() == spec.name) help_of = "kenzan " + in(spec.name) + " --help";
  }
  const auto misused = [&help_of](const std::string& what) {
    return tl::make_unexpected(Misuse{"kenzan: " + what + "\nsee `" + help_of + "`\n"});
  };
  const std::vector<std::string> given = arguments;
  std::ranges::reverse(arguments);
  try {
    app.parse(std::move(arguments));
  } catch (const CLI::ParseError& error) {
    return misused(error.what());
  }
  Invocation result;
  const auto parsed = std::ranges::find_if(reads, [](const Read& read) { return read.app != nullptr && read.app->parsed(); });
  if (parsed == reads.end()) {
    if (top.has("--version")) {
      result.text = "kenzan " KENZAN_VERSION "\n";
    } else if (top.has("--man")) {
      result.text = manual_page();
    } else if (top.has("--help")) {
      result.text = app.help();
    } else {
      return tl::make_unexpected(Misuse{app.help()});
    }
    return result;
  }
  Read& read = *parsed;
  if (read.has("--help")) {
    result.text = read.app->help("kenzan");
    return result;
  }
  const std::string_view name = read.spec->name;
  std::vector<std::string> words;
  for (const auto& some : read.words) words.insert(words.end(), some.begin(), some.end());
  const auto first_word = [&words] {
    if (words.empty()) return std::string();
    std::string first = std::move(words.front());
    words.erase(words.begin());
    return first;
  };
  if (name == "completions") {
    result.command = Invocation::Command::completions;
    result.shell = first_word();
    const bool known = result.shell == "bash" || result.shell == "zsh" || result.shell == "fish";
    if (!known || !words.empty()) return misused("completions needs a shell: bash, zsh or fish");
    return result;
  }

  std::optional<Config> config;
  if (read.has("--isolated") && read.has("--config")) return misused("--isolated and --config exclude each other");
  if (!read.has("--isolated")) {
    auto loaded = load(read.one("--config"));
    if (!loaded) return tl::make_unexpected(loaded.error());
    config = std::move(*loaded);
  }
  if (config) fill(read, *config);

  std::optional<Misuse> misuse;
  if (name == "check" || name == "hook") {
    result.command = Invocation::Command::check;
    const bool hook = name == "hook";
    misuse = program_options(read, hook ? std::vector<std::string>() : words, config, result.check);
    if (!misuse) misuse = check_options(read, result.check);
    if (hook && !words.empty()) result.check.changed = words;
    if (config) result.check.config = config->path;
  } else if (name == "evidence") {
    result.command = Invocation::Command::evidence;
    EvidenceOptions& evidence = result.evidence;
    evidence.action = first_word();
    if (evidence.action != "build" && evidence.action != "verify") return misused("evidence needs an action: build or verify");
    evidence.folder = first_word();
    if (evidence.folder.empty()) return misused("evidence " + evidence.action + " needs a folder");
    for (const std::string& word : given) {
      if (word != evidence.folder) evidence.command.push_back(word);
    }
    if (evidence.action == "verify" && !words.empty()) return misused("evidence verify takes one folder, and no rule files");
    misuse = program_options(read, words, config, evidence);
    if (!misuse) misuse = check_options(read, evidence);
  } else if (name == "config") {
    result.command = Invocation::Command::config;
    if (first_word() != "show") return misused("config needs an action: show");
    result.settings = shown_settings(read, words, config);
    if (config) result.check.config = config->path;
    misuse = check_options(read, result.check);
  } else if (name == "test") {
    result.command = Invocation::Command::test;
    misuse = program_options(read, words, config, result.test);
  } else if (name == "baseline") {
    result.command = Invocation::Command::baseline;
    result.baseline.action = first_word();
    const std::string& action = result.baseline.action;
    if (action != "create" && action != "update" && action != "prune")
      return misused("baseline needs an action: create, update or prune");
    result.baseline.path = read.one("--baseline", result.baseline.path);
    misuse = program_options(read, words, config, result.baseline);
  } else if (name == "explain") {
    result.command = Invocation::Command::explain;
    result.explain.name = first_word();
    if (result.explain.name.empty()) return misused("explain needs the name of a rule, a code or a verdict");
    result.explain.labels = words;
    misuse = program_options(read, {}, config, result.explain);
  } else if (name == "coverage") {
    result.command = Invocation::Command::coverage;
    result.coverage.slips = read.has("--mutate");
    result.coverage.whole = read.one("--show") == "all";
    if (std::string percent = read.one("--fail-under"); !percent.empty()) {
      const std::string as_given = percent;
      if (percent.ends_with('%')) percent.pop_back();
      result.coverage.fail_under = parse_rational(percent);
      const auto& least = result.coverage.fail_under;
      if (!least || *least < 0 || *least > 100) return misused("--fail-under " + as_given + ": not a percentage, as in 95%");
    }
    misuse = coverage_outputs(read.all("--format"), result.coverage.outputs);
    if (!misuse) misuse = program_options(read, words, config, result.coverage);
  } else if (name == "fix") {
    result.command = Invocation::Command::fix;
    result.fix.json = read.one("--format") == "json";
    result.fix.unsafe = read.has("--unsafe");
    result.fix.write = read.has("--write");
    misuse = program_options(read, words, config, result.fix);
    if (!misuse) misuse = check_options(read, result.fix);
  } else if (name == "suggest") {
    result.command = Invocation::Command::suggest;
    result.suggest.json = read.one("--format") == "json";
    result.suggest.whole = read.one("--show") == "all";
    misuse = whole_number(read, "--once-in", result.suggest.once_in);
    if (!misuse) misuse = program_options(read, words, config, result.suggest);
  } else if (name == "rules") {
    result.command = Invocation::Command::rules;
    result.rules.json = read.one("--format") == "json";
    misuse = program_options(read, words, config, result.rules);
  }
  if (misuse) return misused(misuse->text);
  return result;
}

}  // namespace kenzan::cli
