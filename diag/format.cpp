#include "diag/format.hpp"

namespace kenzan {

std::span<const Format> formats() {
#define KENZAN_FORMAT(name, made_of) {#name, render_##name, MadeOf::made_of},
  static constexpr Format all[] = {
#include "diag/formats.def"
  };
#undef KENZAN_FORMAT
  return all;
}

}  // namespace kenzan
