#include "engine/explain/near_labels.hpp"

#include <algorithm>
#include <unordered_set>

#include "base/text.hpp"

namespace kenzan::engine {

NearLabels::Column NearLabels::read(dsl::TableId id, std::uint32_t column) const {
  Column out;
  const Table& table = data_.labels_of(id);
  const PhysicalColumn& cells = table.columns[column].parts[0];
  std::unordered_set<Code> seen;
  for (std::uint32_t row = 0; row < table.rows && out.labels.size() <= most; ++row) {
    const Code code = cells.labels[row];
    if (table.kept[row] && code != Texts::empty && seen.insert(code).second) out.labels.emplace_back(data_.texts.text(code));
  }
  return out;
}

std::optional<std::string> NearLabels::find(const MissedCell& missed) {
  const std::lock_guard lock(mutex_);
  for (const auto& [index, wanted] : missed.labels) {
    const std::string folded = fold(wanted);
    auto known = columns_.find({missed.table, index});
    if (known == columns_.end()) known = columns_.emplace(std::pair(missed.table, index), read(missed.table, index)).first;
    Column& column = known->second;
    if (column.wanted != folded) {
      column.wanted = folded;
      column.there = folded.empty() || std::ranges::find(column.labels, folded) != column.labels.end();
      column.near.reset();
      if (!column.there && column.labels.size() <= most && !parse_rational(folded)) column.near = near_name(folded, column.labels);
    }
    if (!column.there) return column.near;
  }
  return std::nullopt;
}

}  // namespace kenzan::engine
