#include "engine/table/table.hpp"

#include "base/text.hpp"

namespace kenzan::engine {

Texts::Texts() : texts_(random_seed()) { add(""); }

Code Texts::add(std::string_view text) {
  bool fresh = false;
  const Code code = texts_.insert(text, texts_.hash(text), fresh);
  if (fresh) labels_.push_back(code);
  return code;
}

Code Texts::intern(std::string_view text) {
  const std::size_t known = labels_.size();
  const Code code = add(text);
  if (code < known || is_surely_folded(text)) return code;
  if (const std::string folded = fold(text); folded != text) {
    const Code label = add(folded);  // folding again changes nothing
    labels_[code] = label;
  }
  return code;
}

bool Texts::find(std::string_view folded, Code& out) const {
  const Code code = texts_.find(folded, texts_.hash(folded));
  if (code == KeyTable::absent) return false;
  out = code;
  return true;
}

Span Table::cell_span(std::uint32_t column, std::uint32_t part, std::uint32_t row) const {
  const PhysicalColumn& cells = columns[column].parts[part];
  return {files[file[row]], cells.begin[row], cells.end[row]};
}

}  // namespace kenzan::engine
