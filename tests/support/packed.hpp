// Texts packed as files are.
#pragma once
#include <string>
#include <string_view>

namespace kenzan::test {

[[nodiscard]] std::string gzip(std::string_view text);
[[nodiscard]] std::string zstd(std::string_view text);

}  // namespace kenzan::test
