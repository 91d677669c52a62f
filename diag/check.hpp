// The built-in checks of cells and tables.
#pragma once
#include <span>
#include <string_view>

#include "diag/message.hpp"

namespace kenzan {

/// A check that needs no rule: one line of diag/checks.def.
struct BuiltinCheck {
  std::string_view code;
  Severity severity = Severity::error;
  MessageId meaning{};  ///< in a few words
};

/// All of them, sorted by code: what `--select` takes besides rules and tags.
[[nodiscard]] std::span<const BuiltinCheck> builtin_checks();

/// Whether a code is about waivers and baselines: its findings are neither waived nor known.
[[nodiscard]] bool is_about_silence(std::string_view code);

}  // namespace kenzan
