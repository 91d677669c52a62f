// The output formats by name.
#pragma once
#include <span>
#include <string_view>

#include "diag/render.hpp"

namespace kenzan {

/// An output format: one line of diag/formats.def.
struct Format {
  std::string_view name;
  void (*render)(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options);
};

/// All formats; the first is the default.
[[nodiscard]] std::span<const Format> formats();

}  // namespace kenzan
