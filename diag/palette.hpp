// The colours of a report on a terminal; without colour every part is empty.
#pragma once
#include <string_view>

#include "diag/finding.hpp"

namespace kenzan {

/// Escape sequences that open each kind of text, and the one that ends all of them.
struct Palette {
  std::string_view severity, secondary, gutter, strong, reset;
};

[[nodiscard]] inline Palette palette(Severity severity, bool color) {
  if (!color) return {};
  Palette p{"", "\x1b[1;34m", "\x1b[1;34m", "\x1b[1m", "\x1b[0m"};
  switch (severity) {
    case Severity::error: p.severity = "\x1b[1;31m"; break;
    case Severity::warning: p.severity = "\x1b[1;33m"; break;
    case Severity::info: p.severity = "\x1b[1;36m"; break;
  }
  return p;
}

/// A waived finding is drawn as one that counts for nothing.
[[nodiscard]] inline Palette palette(const Finding& finding, bool color) {
  return palette(finding.waived ? Severity::info : finding.severity, color);
}

}  // namespace kenzan
