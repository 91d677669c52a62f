// The only file that includes toml++.
#include "cli/config.hpp"

#define TOML_EXCEPTIONS 0
#define TOML_ENABLE_FORMATTERS 0
// It asserts that a key begins like one, which that of `[[[` does not, and then says so itself. With NDEBUG it would have the compiler
// take its assertions for true, whatever a file holds.
#undef NDEBUG
#define TOML_ASSERT(condition) static_assert(true)
#include <toml++/toml.h>

#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "cli/commands.hpp"
#include "diag/format.hpp"

namespace kenzan::cli {
namespace {

namespace fs = std::filesystem;

/// No one writes so much by hand; what a file may cost is bounded.
constexpr std::size_t largest_config = 1 << 20;

class Reader {
 public:
  Reader(const SourceMap& sources, SourceId file) : sources_(sources), file_(file) {
    config_.path = sources.path(file);
    config_.folder = fs::path(config_.path).parent_path().generic_string();
    if (config_.folder.empty()) config_.folder = ".";
  }

  Result<Config, std::vector<Diagnostic>> read() {
    const std::string_view text = sources_.text(file_);
    if (text.size() > largest_config) {
      error({file_, 0, 0}, say(MessageId::config_too_large));
    } else if (toml::parse_result parsed = toml::parse(text); !parsed) {
      const toml::parse_error& problem = parsed.error();
      error(span_of(problem.source()), say(MessageId::config_syntax, {{"problem", std::string(problem.description())}}));
    } else {
      for (const auto& [key, value] : parsed.table()) read_key(key, value);
    }
    if (mistakes_.empty()) return std::move(config_);
    std::ranges::stable_sort(mistakes_, {}, [](const Diagnostic& mistake) { return mistake.place.begin; });
    return tl::make_unexpected(std::move(mistakes_));
  }

 private:
  void read_key(const toml::key& key, const toml::node& value) {
    const std::string name(key.str());
    const std::vector<const OptionSpec*> options = configurable_options();
    const auto option = std::ranges::find(options, name, &OptionSpec::key);
    if (option == options.end()) {
      std::vector<std::string> known;
      for (const OptionSpec* each : options) known.emplace_back(each->key);
      const auto near = near_name(name, known);
      error(span_of(key.source()), say(MessageId::config_unknown_key, {{"key", name}}));
      mistakes_.back().helps.push_back(near ? say(MessageId::did_you_mean, {{"name", *near}})
                                            : say(MessageId::config_keys, {{"keys", joined(known)}}));
      return;
    }
    Setting setting;
    setting.place = config_.path + ":" + std::to_string(key.source().begin.line);
    read_values(**option, value, setting.values);
    config_.settings.emplace(name, std::move(setting));
  }

  void read_values(const OptionSpec& option, const toml::node& value, std::vector<std::string>& out) {
    switch (option.kind) {
      case OptionKind::list:
      case OptionKind::names:
        if (const toml::array* array = value.as_array()) {
          for (const toml::node& each : *array) read_text(option, each, out);
        } else {
          read_text(option, value, out);
        }
        return;
      case OptionKind::table:
        if (const toml::table* table = value.as_table()) {
          for (const auto& [name, each] : *table) {
            const std::size_t before = out.size();
            read_text(option, each, out);
            if (out.size() > before) out.back().insert(0, std::string(name.str()) + "=");
          }
        } else {
          wrong_type(option, value, MessageId::config_needs_table);
        }
        return;
      case OptionKind::number:
        if (const auto number = value.value_exact<std::int64_t>(); number && *number > 0)
          out.push_back(std::to_string(*number));
        else
          wrong_type(option, value, MessageId::config_needs_number);
        return;
      case OptionKind::date:
        if (const toml::value<toml::date>* date = value.as_date()) {
          const auto digits = [](unsigned number, std::size_t width) {
            std::string text = std::to_string(number);
            return text.insert(0, width > text.size() ? width - text.size() : 0, '0');
          };
          out.push_back(digits((*date)->year, 4) + "-" + digits((*date)->month, 2) + "-" + digits((*date)->day, 2));
        } else if (const auto text = value.value_exact<std::string_view>(); text && is_date(*text)) {
          out.emplace_back(*text);
        } else {
          wrong_type(option, value, MessageId::config_needs_date);
        }
        return;
      case OptionKind::flag:
      case OptionKind::text:
      case OptionKind::choice: read_text(option, value, out); return;
    }
  }

  /// One text, if the option takes it.
  void read_text(const OptionSpec& option, const toml::node& value, std::vector<std::string>& out) {
    const auto text = value.value_exact<std::string>();
    if (!text) return wrong_type(option, value, MessageId::config_needs_text);
    if (text->empty()) return wrong_type(option, value, MessageId::config_empty);
    const bool is_format = option.key == "format";
    const std::size_t colon = is_format ? text->find(':') : std::string::npos;
    const std::string word = text->substr(0, colon);
    if (!option.choices.empty() && std::ranges::find(option.choices, word) == option.choices.end()) {
      const std::vector<std::string> known(option.choices.begin(), option.choices.end());
      const auto near = near_name(word, known);
      error(span_of(value.source()), say(MessageId::config_no_choice, {{"key", std::string(option.key)}, {"value", word}}));
      mistakes_.back().helps.push_back(near ? say(MessageId::did_you_mean, {{"name", *near}})
                                            : say(MessageId::config_choices, {{"choices", joined(known)}}));
      return;
    }
    if (is_format && colon != std::string::npos) {
      if (colon + 1 == text->size()) return wrong_type(option, value, MessageId::config_empty);
      out.push_back(word + ":" + from_folder(config_.folder, text->substr(colon + 1)));
    } else if (option.key == "rules" || option.key == "data" || option.key == "baseline") {
      out.push_back(from_folder(config_.folder, *text));
    } else {
      out.push_back(*text);
    }
  }

  void wrong_type(const OptionSpec& option, const toml::node& value, MessageId id) {
    error(span_of(value.source()), say(id, {{"key", std::string(option.key)}}));
  }

  void error(Span place, Message message) {
    Diagnostic& made = mistakes_.emplace_back();
    made.message = std::move(message);
    made.place = place;
  }

  /// toml++ counts code points, from 1; what it could not place has line 0.
  [[nodiscard]] Span span_of(const toml::source_region& region) const {
    const auto offset = [&](const toml::source_position& at) {
      if (at.line == 0) return std::uint32_t{0};
      const std::string_view line = sources_.line(file_, at.line);
      std::size_t bytes = 0;
      for (std::uint32_t i = 1; i < at.column && bytes < line.size(); ++i) bytes += code_point_at(line, bytes).length;
      return static_cast<std::uint32_t>(sources_.line_start(file_, at.line) + bytes);
    };
    const std::uint32_t begin = offset(region.begin);
    return {file_, begin, std::max(begin, region.end.line == region.begin.line ? offset(region.end) : begin)};
  }

  [[nodiscard]] static std::string joined(const std::vector<std::string>& words) {
    std::string out;
    for (const std::string& word : words) out.append(out.empty() ? "`" : ", `").append(word).append("`");
    return out;
  }

  const SourceMap& sources_;
  SourceId file_;
  Config config_;
  std::vector<Diagnostic> mistakes_;
};

}  // namespace

std::optional<std::string> find_config() {
  std::error_code error;
  const fs::path here = fs::current_path(error);
  std::string up;
  for (fs::path at = here; !error; at = at.parent_path(), up += "../") {
    if (fs::is_regular_file(at / "kenzan.toml", error)) return up + "kenzan.toml";
    error.clear();
    if (at == at.parent_path()) break;
  }
  return std::nullopt;
}

Result<Config, std::vector<Diagnostic>> read_config(const SourceMap& sources, SourceId file) {
  return Reader(sources, file).read();
}

std::string from_folder(const std::string& folder, const std::string& path) {
  if (path == "-" || folder == "." || path.starts_with('/')) return path;
  return (fs::path(folder) / path).lexically_normal().generic_string();
}

}  // namespace kenzan::cli
