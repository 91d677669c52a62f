// Any bytes as a rule file: it compiles, or every mistake has a place in it and can be drawn in both languages.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "diag/render.hpp"
#include "dsl/compile.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kenzan;
  const std::string text(reinterpret_cast<const char*>(data), size);
  SourceMap sources;
  Diagnostics diagnostics;
  const dsl::CompileOptions options = {
      .paths = {"fuzz.kz"},
      .read = [&text](const std::string& path) -> Result<std::string, std::string> {
        if (path == "fuzz.kz") return text;
        if (path == "common.kz") return std::string("define half(x) = x / 2\nunit 箱 = 3 個\n");
        return tl::make_unexpected(std::string("there is no such file"));
      },
      .params = {},
  };
  (void)dsl::compile(sources, options, diagnostics);
  diagnostics.sort(sources);
  for (const Diagnostic& diagnostic : diagnostics.all()) {
    const Span place = diagnostic.place;
    if (place.begin > place.end) std::abort();
    if (place.source.valid() && place.end > sources.text(place.source).size()) std::abort();
  }
  for (const Language language : {Language::english, Language::japanese}) {
    const std::string drawn = render_diagnostics(diagnostics.all(), sources, {.language = language});
    if (drawn.empty() != diagnostics.all().empty()) std::abort();
  }
  return 0;
}
