// The pages about findings, docs/diagnostics/*.md, as they were when the program was built.
#pragma once
#include <span>
#include <string_view>

namespace kenzan::cli {

struct Page {
  std::string_view name;      ///< of the code or verdict
  std::string_view markdown;  ///< UTF-8
};

/// All pages, sorted by name.
[[nodiscard]] std::span<const Page> pages();

}  // namespace kenzan::cli
