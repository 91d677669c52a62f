// Any bytes as kenzan.toml: it is read, or every mistake has a place in it.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "cli/config.hpp"
#include "diag/render.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kenzan;
  SourceMap sources;
  const SourceId source = sources.add("deep/kenzan.toml", std::string(reinterpret_cast<const char*>(data), size));
  const auto config = cli::read_config(sources, source);
  if (config) {
    for (const auto& [key, setting] : config->settings) {
      if (!setting.place.starts_with("deep/kenzan.toml:")) std::abort();
    }
    return 0;
  }
  if (config.error().empty()) std::abort();
  for (const Diagnostic& mistake : config.error()) {
    if (mistake.place.source != source || mistake.place.begin > mistake.place.end || mistake.place.end > size) std::abort();
  }
  if (render_diagnostics(config.error(), sources, {}).empty()) std::abort();
  return 0;
}
