// Other bytes in the place of some of a file's.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kenzan::engine {

struct Edit {
  std::uint32_t begin = 0, end = 0;  ///< bytes of the file
  std::string bytes;
};

/// Returns `text` with the edits made; all else stays as it is. Edits do not overlap; of several with one place the last counts.
[[nodiscard]] std::string edited(std::string_view text, std::vector<Edit> edits);

/// Where a place of an edited text comes from.
struct Origin {
  std::uint32_t offset = 0;    ///< in the text without edits; the beginning of the edit where it lies inside one
  const Edit* edit = nullptr;  ///< that it lies in
};

/// `edits` are sorted, with one for each place.
[[nodiscard]] Origin origin_of(std::uint32_t offset, const std::vector<Edit>& edits);

}  // namespace kenzan::engine
