#include "engine/fix/edits.hpp"

#include <algorithm>

namespace kenzan::engine {

std::string edited(std::string_view text, std::vector<Edit> edits) {
  std::ranges::stable_sort(edits, {}, &Edit::begin);
  std::string out;
  std::size_t at = 0;
  for (std::size_t i = 0; i < edits.size(); ++i) {
    if (i + 1 < edits.size() && edits[i].begin == edits[i + 1].begin) continue;
    out.append(text.substr(at, edits[i].begin - at));
    out.append(edits[i].bytes);
    at = edits[i].end;
  }
  return out.append(text.substr(at));
}

Origin origin_of(std::uint32_t offset, const std::vector<Edit>& edits) {
  std::uint32_t before = 0, after = 0;  // the same place in both texts, behind the edits so far
  for (const Edit& edit : edits) {
    const std::uint32_t begin = after + (edit.begin - before);
    if (offset < begin) break;
    const auto size = static_cast<std::uint32_t>(edit.bytes.size());
    if (offset < begin + std::max<std::uint32_t>(size, 1)) return {edit.begin, &edit};
    before = edit.end;
    after = begin + size;
  }
  return {before + (offset - after), nullptr};
}

}  // namespace kenzan::engine
