// Frames: the sets of items that expressions are evaluated for, all at once.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "engine/indexes.hpp"

namespace kenzan::engine {

using SharedRows = std::shared_ptr<const std::vector<std::uint32_t>>;
using SharedCodes = std::shared_ptr<const std::vector<Code>>;

/// A set of items: the instances of a rule (no `parent`, no `table`), or elements of an aggregate (rows of `table`, each at an
/// across label where the aggregate is at one). An element sees the labels of the item of `parent` that it belongs to.
struct Frame {
  std::size_t size = 0;

  // the root
  const std::vector<dsl::DimId>* dims = nullptr;
  const std::vector<std::vector<Code>>* labels = nullptr;  ///< per dimension, per item
  const std::vector<std::vector<Code>>* spellings = nullptr;

  // elements
  const Frame* parent = nullptr;
  SharedRows up;  ///< item → item of `parent`
  std::optional<dsl::TableId> table;
  SharedRows rows;     ///< absent_row: a stated child without a row
  SharedCodes across;  ///< label; null: the aggregate is at none

  /// The frame that holds the instances, and where each item's instance stands in it (null: item i at i).
  [[nodiscard]] const Frame& root(SharedRows& to_root) const;
  /// The nearest frame, from this one upward, whose rows are of `wanted`; and where each item stands in it.
  [[nodiscard]] const Frame* at_table(dsl::TableId wanted, SharedRows& to_frame) const;
  /// The nearest frame that is at an across label.
  [[nodiscard]] const Frame* at_across(SharedRows& to_frame) const;
};

/// first[second[i]], where null stands for the identity.
[[nodiscard]] SharedRows composed(const SharedRows& first, const SharedRows& second);

/// Values picked by a map (null: as they are).
template <class T>
[[nodiscard]] std::vector<T> picked(const std::vector<T>& values, const SharedRows& map) {
  if (!map) return values;
  std::vector<T> out;
  out.reserve(map->size());
  for (const std::uint32_t i : *map) out.push_back(values[i]);
  return out;
}

}  // namespace kenzan::engine
