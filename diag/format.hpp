// The output formats by name.
#pragma once
#include <cstdint>
#include <span>
#include <string_view>

#include "diag/render.hpp"

namespace kenzan {

/// What of a Report a format needs.
enum class MadeOf : std::uint8_t {
  headlines,  ///< of findings, and their cells: not what may have been meant
  findings,
  tables,  ///< Report::tables and Report::unlisted as well, which a run must be asked for
};

/// An output format: one line of diag/formats.def.
struct Format {
  std::string_view name;
  void (*render)(Sink& sink, const Report& report, const SourceMap& sources, const RenderOptions& options);
  MadeOf made_of = MadeOf::findings;
};

/// All formats; the first is the default.
[[nodiscard]] std::span<const Format> formats();

}  // namespace kenzan
