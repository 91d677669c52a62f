#include "diag/format.hpp"

namespace kenzan {

std::span<const Format> formats() {
#define KENZAN_FORMAT(name) {#name, render_##name},
  static constexpr Format all[] = {
#include "diag/formats.def"
  };
#undef KENZAN_FORMAT
  return all;
}

}  // namespace kenzan
