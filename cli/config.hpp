// kenzan.toml: settings beside the data, so that everyone checks alike.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "diag/message.hpp"
#include "diag/source.hpp"

namespace kenzan::cli {

/// What a key says: the values that the option of this name would be given. Paths are relative to where kenzan runs.
struct Setting {
  std::vector<std::string> values;
  std::string place;  ///< "kenzan.toml:3"
};

struct Config {
  std::string path;                         ///< as shown
  std::string folder;                       ///< that it stands in: "." or "../.."
  std::map<std::string, Setting> settings;  ///< by key
};

/// The kenzan.toml of this folder, or the nearest upward; none if there is none.
[[nodiscard]] std::optional<std::string> find_config();

/// Reads the text of a configuration file. Each key is the name of an option of `kenzan check` without its dashes, or `rules`.
/// Paths are taken relative to the file's folder.
/// Errors: all mistakes, each with its place: a syntax error, a key that there is not, a value that the option would not take.
[[nodiscard]] Result<Config, std::vector<Diagnostic>> read_config(const SourceMap& sources, SourceId file);

/// A path that stands in a file of `folder`, as it is to be opened from here. `-` and absolute paths stay as they are.
[[nodiscard]] std::string from_folder(const std::string& folder, const std::string& path);

}  // namespace kenzan::cli
