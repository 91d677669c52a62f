#include "diag/check.hpp"

namespace kenzan {

std::span<const BuiltinCheck> builtin_checks() {
#define KENZAN_CHECK(code, severity, meaning) {code, Severity::severity, meaning},
  static constexpr BuiltinCheck all[] = {
#include "diag/checks.def"
  };
#undef KENZAN_CHECK
  return all;
}

bool is_about_silence(std::string_view code) { return code.starts_with("waiver-") || code.starts_with("baseline-"); }

}  // namespace kenzan
