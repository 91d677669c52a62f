#include "engine/table/table.hpp"

#include "base/text.hpp"

namespace kenzan::engine {

Texts::Texts() { add(""); }

Code Texts::add(std::string_view text) {
  const Code code = static_cast<Code>(texts_.size());
  texts_.emplace_back(text);
  labels_.push_back(code);
  codes_.emplace(texts_.back(), code);
  return code;
}

Code Texts::intern(std::string_view text) {
  if (const auto known = codes_.find(text); known != codes_.end()) return known->second;
  const Code code = add(text);
  if (const std::string folded = fold(text); folded != text) {
    const auto label = codes_.find(folded);
    const Code folded_code = label != codes_.end() ? label->second : add(folded);  // folding again changes nothing
    labels_[code] = folded_code;
  }
  return code;
}

bool Texts::find(std::string_view folded, Code& out) const {
  const auto known = codes_.find(folded);
  if (known == codes_.end()) return false;
  out = known->second;
  return true;
}

Span Table::cell_span(std::uint32_t column, std::uint32_t part, std::uint32_t row) const {
  const PhysicalColumn& cells = columns[column].parts[part];
  return {files[file[row]], cells.begin[row], cells.end[row]};
}

}  // namespace kenzan::engine
