// Any bytes as manifest.json of evidence: no path that is read leads out of its folder.
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <string>

#include "cli/pack.hpp"

namespace {

void stay_inside(const std::string& path) {
  const std::filesystem::path normal = std::filesystem::path(path).lexically_normal();
  if (path.empty() || normal.is_absolute() || *normal.begin() == "..") std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kenzan::cli;
  const auto manifest = read_manifest(std::string(reinterpret_cast<const char*>(data), size));
  if (!manifest) {
    if (manifest.error().empty()) std::abort();
    return 0;
  }
  for (const PackedFile& file : manifest->inputs) stay_inside(file.path);
  for (const PackedFile& file : manifest->outputs) stay_inside(file.path);
  for (const std::string& path : manifest->options.rules) stay_inside(path);
  for (const auto& [name, path] : manifest->options.data) stay_inside(path);
  return 0;
}
