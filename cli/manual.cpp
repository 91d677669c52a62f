// The manual page and the completion scripts, drawn from the list of commands.
#include <algorithm>

#include "cli/commands.hpp"
#include "cli/options.hpp"

namespace kenzan::cli {

namespace {

std::string roff(std::string_view text) {
  std::string out;
  for (char c : text) {
    if (c == '\\')
      out += "\\e";
    else if (c == '-')
      out += "\\-";
    else
      out += c;
  }
  if (out.starts_with('.') || out.starts_with('\'')) out.insert(0, "\\&");
  return out;
}

/// "-f,--format" → {"-f", "--format"}
std::vector<std::string> split(std::string_view names) {
  std::vector<std::string> out;
  for (std::size_t at = 0; at <= names.size();) {
    const std::size_t comma = std::min(names.find(',', at), names.size());
    out.emplace_back(names.substr(at, comma - at));
    at = comma + 1;
  }
  return out;
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string out;
  for (std::string_view word : words) out += (out.empty() ? "" : " ") + std::string(word);
  return out;
}

std::string quoted(std::string_view text) {  // for a shell's single quotes
  std::string out;
  for (char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '\n')
      out += ' ';
    else
      out += c;
  }
  return out;
}

std::string bash() {
  std::string out =
      "# bash completion for kenzan\n_kenzan() {\n  local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} "
      "command=${COMP_WORDS[1]}\n  COMPREPLY=()\n  case $previous in\n";
  for (const CommandSpec& command : commands()) {
    for (const OptionSpec& option : command.options) {
      if (option.choices.empty()) continue;
      std::string names;
      for (const std::string& name : split(option.names)) names += (names.empty() ? "" : "|") + name;
      out += "    " + names + ") COMPREPLY=($(compgen -W '" + joined(option.choices) + "' -- \"$current\")); return ;;\n";
    }
  }
  out += "  esac\n  case $command in\n";
  for (const CommandSpec& command : commands()) {
    if (command.name.empty()) continue;
    std::string words;
    for (const OptionSpec& option : command.options) {
      for (const std::string& name : split(option.names)) words += (words.empty() ? "" : " ") + name;
    }
    if (command.name == "completions") words += " bash zsh fish";
    out += "    " + std::string(command.name) + ")\n      COMPREPLY=($(compgen -W '" + words + "' -- \"$current\"))\n";
    if (command.name == "check")
      out += "      [[ $current == -* ]] || COMPREPLY+=($(compgen -f -X '!*.kz' -- \"$current\") $(compgen -d -- \"$current\"))\n";
    out += "      ;;\n";
  }
  std::string names;
  for (const CommandSpec& command : commands()) names += command.name.empty() ? "" : std::string(command.name) + " ";
  for (const OptionSpec& option : commands()[0].options) {
    for (const std::string& name : split(option.names)) names += name + " ";
  }
  names.pop_back();
  return out + "    *) COMPREPLY=($(compgen -W '" + names +
         "' -- \"$current\")) ;;\n  esac\n}\ncomplete -o filenames -F _kenzan kenzan\n";
}

std::string zsh() {
  std::string out = "#compdef kenzan\n_kenzan() {\n  local -a commands\n  commands=(\n";
  const auto escaped = [](std::string_view text) {
    std::string made = quoted(text);
    std::string result;
    for (char c : made) {
      if (c == ':' || c == '[' || c == ']') result += '\\';
      result += c;
    }
    return result;
  };
  for (const CommandSpec& command : commands()) {
    if (!command.name.empty()) out += "    '" + std::string(command.name) + ":" + escaped(command.help) + "'\n";
  }
  out += "  )\n  if (( CURRENT == 2 )); then _describe 'command' commands; return; fi\n  case $words[2] in\n";
  for (const CommandSpec& command : commands()) {
    if (command.name.empty()) continue;
    out += "    " + std::string(command.name) + ")\n      _arguments";
    for (const OptionSpec& option : command.options) {
      for (const std::string& name : split(option.names)) {
        out += " \\\n        '*" + name + "[" + escaped(option.help) + "]";
        if (!option.value.empty()) {
          out += ":" + escaped(option.value) + ":";
          out += option.choices.empty() ? "_files" : "(" + joined(option.choices) + ")";
        }
        out += "'";
      }
    }
    out += command.name == "completions" ? " \\\n        '*:shell:(bash zsh fish)'" : " \\\n        '*:rules:_files -g \"*.kz\"'";
    out += "\n      ;;\n";
  }
  return out + "  esac\n}\n_kenzan \"$@\"\n";
}

std::string fish() {
  std::string out = "# fish completion for kenzan\n";
  for (const CommandSpec& command : commands()) {
    const std::string name(command.name);
    if (!name.empty()) {
      out += "complete -c kenzan -n __fish_use_subcommand -f -a " + name + " -d '" + quoted(command.help) + "'\n";
    }
    for (const OptionSpec& option : command.options) {
      out += "complete -c kenzan -n " +
             (name.empty() ? std::string("__fish_use_subcommand") : "'__fish_seen_subcommand_from " + name + "'");
      for (const std::string& flag : split(option.names))
        out += flag.starts_with("--") ? " -l " + flag.substr(2) : " -s " + flag.substr(1);
      if (!option.value.empty()) out += option.choices.empty() ? " -r" : " -x -a '" + joined(option.choices) + "'";
      out += " -d '" + quoted(option.help) + "'\n";
    }
  }
  return out + "complete -c kenzan -n '__fish_seen_subcommand_from completions' -f -a 'bash zsh fish'\n";
}

}  // namespace

std::string manual_page() {
  std::string out = ".TH KENZAN 1 \"\" \"kenzan " KENZAN_VERSION
                    "\" \"User commands\"\n.SH NAME\nkenzan \\- a linter for published figures\n.SH SYNOPSIS\n";
  for (const CommandSpec& command : commands()) {
    if (!command.name.empty()) {
      out += ".B kenzan " + roff(command.name) + "\n[OPTIONS] " + roff(command.arguments) + "\n.br\n";
    }
  }
  out += ".SH DESCRIPTION\n" + roff(commands()[0].help) + "\n";
  for (const CommandSpec& command : commands()) {
    out += command.name.empty() ? std::string(".SH OPTIONS\n")
                                : ".SH \"KENZAN " + roff(command.name) + "\"\n" + roff(command.help) + "\n";
    for (const OptionSpec& option : command.options) {
      out += ".TP\n.B " + roff(option.names) + (option.value.empty() ? "" : " \\fI" + roff(option.value) + "\\fR") + "\n" +
             roff(option.help) + "\n";
    }
  }
  return out + ".SH \"EXIT STATUS\"\n" + roff(exit_status_help) +
         "\n.SH ENVIRONMENT\n.TP\n.B FORCE_COLOR, NO_COLOR\nColour always, or never, where \\-\\-color does not say\n.TP\n.B "
         "LC_ALL, LC_MESSAGES, "
         "LANG\nThe language of messages\n";
}

std::string completion_script(const std::string& shell) { return shell == "bash" ? bash() : shell == "zsh" ? zsh() : fish(); }

}  // namespace kenzan::cli
