// `kenzan config show`: each setting of check, and where it comes from.
#include "cli/show_config.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "cli/prepare.hpp"
#include "diag/visible.hpp"

namespace kenzan::cli {

int show_config(const Invocation& invocation) {
  std::string out = invocation.check.config.empty() ? "# no kenzan.toml\n" : "# " + visible(invocation.check.config) + "\n";
  std::vector<std::string> lines;
  std::size_t widest = 0;
  for (const ShownSetting& setting : invocation.settings) {
    std::string line = std::string(setting.key) + " = " + visible(setting.value);
    if (setting.value.empty()) line = "# " + std::string(setting.key);
    constexpr std::size_t column = 48;  // a long value does not push the others away
    if (const std::size_t width = display_width(line); width <= column) widest = std::max(widest, width);
    lines.push_back(std::move(line));
  }
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const std::size_t width = display_width(lines[i]);
    const std::string space(width < widest ? widest - width : 0, ' ');
    out += lines[i] + space + "  # " + visible(invocation.settings[i].origin) + "\n";
  }
  return print(out) ? 0 : 2;
}

}  // namespace kenzan::cli
