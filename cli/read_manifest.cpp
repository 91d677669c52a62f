// manifest.json, as anyone may have changed it.
#include <algorithm>
#include <nlohmann/json.hpp>

#include "cli/commands.hpp"
#include "cli/files.hpp"
#include "cli/pack.hpp"

namespace kenzan::cli {
namespace {

using Json = nlohmann::json;

/// Says that something is not as it is written; caught where the reading begins.
struct Malformed {
  std::string what;
};

const Json& member(const Json& of, const char* key) {
  const auto at = of.find(key);
  if (!of.is_object() || at == of.end()) throw Malformed{"it has no `" + std::string(key) + "`"};
  return *at;
}

std::string text(const Json& of, const char* key) {
  const Json& value = member(of, key);
  if (!value.is_string()) throw Malformed{"`" + std::string(key) + "` is no text"};
  return value.get<std::string>();
}

std::uint64_t number(const Json& of, const char* key) {
  const Json& value = member(of, key);
  if (!value.is_number_unsigned()) throw Malformed{"`" + std::string(key) + "` is no number"};
  return value.get<std::uint64_t>();
}

std::vector<std::string> texts(const Json& of, const char* key) {
  std::vector<std::string> out;
  const Json& value = member(of, key);
  if (!value.is_array()) throw Malformed{"`" + std::string(key) + "` is no list"};
  for (const Json& each : value) {
    if (!each.is_string()) throw Malformed{"`" + std::string(key) + "` holds what is no text"};
    out.push_back(each.get<std::string>());
  }
  return out;
}

std::map<std::string, std::string> pairs(const Json& of, const char* key) {
  std::map<std::string, std::string> out;
  const Json& value = member(of, key);
  if (!value.is_object()) throw Malformed{"`" + std::string(key) + "` is no object"};
  for (const auto& [name, each] : value.items()) {
    if (!each.is_string()) throw Malformed{"`" + std::string(key) + "` holds what is no text"};
    out.emplace(name, each.get<std::string>());
  }
  return out;
}

std::string inside(std::string path) {
  if (path.empty() || path == "-" || leads_out(path) || path.find('\0') != std::string::npos)
    throw Malformed{"`" + path + "` leads out of the folder"};
  return path;
}

std::vector<PackedFile> files(const Json& of, const char* key, bool inputs) {
  std::vector<PackedFile> out;
  const Json& value = member(of, key);
  if (!value.is_array()) throw Malformed{"`" + std::string(key) + "` is no list"};
  for (const Json& each : value) {
    PackedFile& file = out.emplace_back();
    file.path = inside(text(each, "path"));
    if (inputs) {
      if (!file.path.starts_with(inputs_folder)) throw Malformed{"`" + file.path + "` does not stand in " + inputs_folder};
      file.path = inside(file.path.substr(std::string_view(inputs_folder).size()));
      file.rules = text(each, "kind") == "rules";
    }
    file.digest = {number(each, "bytes"), text(each, "sha256")};
  }
  return out;
}

FailOn fail_on(const std::string& name) {
  if (const auto known = fail_on_named(name)) return *known;
  throw Malformed{"`fail_on` is `" + name + "`"};
}

Manifest read(const Json& json) {
  if (number(json, "version") != 1) throw Malformed{"its version is not 1"};
  Manifest out;
  out.tool_version = text(member(json, "tool"), "version");
  EvidenceOptions& options = out.options;
  options.action = "build";
  options.command = texts(json, "command");
  const Json& settings = member(json, "settings");
  for (const std::string& path : texts(settings, "rules")) options.rules.push_back(inside(path));
  options.data = pairs(settings, "data");
  for (const auto& [name, path] : options.data) (void)inside(path);
  options.set = pairs(settings, "set");
  for (const std::string& name : texts(settings, "select")) options.select.insert(name);
  for (const std::string& name : texts(settings, "ignore")) options.ignore.insert(name);
  options.fail_on = fail_on(text(settings, "fail_on"));
  options.show = text(settings, "show");
  options.baseline = text(settings, "baseline");
  if (!options.baseline.empty()) (void)inside(options.baseline);
  options.max_findings = number(settings, "max_findings");
  if (settings.contains("together")) options.together = number(settings, "together");  // which older packs do not have
  options.as_of = text(settings, "as_of");
  if (!is_date(options.as_of)) throw Malformed{"`as_of` is no date"};
  options.lang = text(settings, "lang");
  out.inputs = files(json, "inputs", true);
  out.outputs = files(json, "outputs", false);
  return out;
}

}  // namespace

Result<Manifest, std::string> read_manifest(const std::string& bytes) {
  const Json json = Json::parse(bytes, nullptr, false);
  if (json.is_discarded()) return tl::make_unexpected(std::string("it is no JSON"));
  try {
    return read(json);
  } catch (const Malformed& malformed) {
    return tl::make_unexpected(malformed.what);
  }
}

}  // namespace kenzan::cli
