// Which instances read a cell, without judging all of them.
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "engine/indexes.hpp"
#include "engine/reference/reference.hpp"

namespace kenzan::engine {

/// Looks for the instances of some rules by what their expressions say: an expression that reads the rows with the instance's labels
/// tells, of a row, the labels of the instance.
class CellReaders {
 public:
  CellReaders(const Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules);

  /// Calls `tell` with each instance that may read a cell in `when` or `require`, and with some that do not; some twice. Returns false
  /// where there would be too many to look through: a large table that every instance of a rule may read.
  /// Cost: a look-up for each expression that reads the column; of one that does not tell all labels, all instances of its rule.
  template <class Tell>
  [[nodiscard]] bool of(const CellRef& cell, Tell tell) {
    const auto known = patterns_.find({cell.table, cell.column});
    if (known == patterns_.end()) return true;
    for (const Pattern& pattern : known->second) {
      const std::optional<Labels> labels = labels_told(pattern, cell);
      if (!labels) continue;
      const bool all = std::ranges::find(*labels, absent_label) == labels->end();
      if (all) {
        if (auto made = instance_of(*pattern.rule, *labels)) tell(RuleInstance{pattern.rule, std::move(*made)});
        continue;
      }
      const std::vector<Instance>* const instances = instances_of(*pattern.rule);
      if (instances == nullptr) return false;
      for (const Instance& each : *instances) {
        if (agree(each.labels, *labels)) tell(RuleInstance{pattern.rule, each});
      }
    }
    return true;
  }

 private:
  using Labels = std::vector<Code>;  ///< by dimension of the rule; absent_label: any
  /// How an expression finds the cells that it reads.
  struct Pattern {
    const dsl::Rule* rule;
    std::vector<std::pair<std::uint32_t, std::size_t>>
        rows;                           ///< a column has the instance's label of a dimension: which one of `by`
    std::optional<std::size_t> across;  ///< the column's across has that of this one
    friend bool operator==(const Pattern&, const Pattern&) = default;
  };
  struct Around;

  void visit(const dsl::Rule& rule, dsl::ExprId id, const Around* around);
  void visit_access(const dsl::Rule& rule, const dsl::Access& access, const Around* around);
  [[nodiscard]] std::optional<std::size_t> label_in(const dsl::Rule& rule, const dsl::Binding& binding) const;
  /// The labels that an instance which reads a cell so must have; nothing where there can be none.
  [[nodiscard]] std::optional<Labels> labels_told(const Pattern& pattern, const CellRef& cell) const;
  [[nodiscard]] std::optional<Instance> instance_of(const dsl::Rule& rule, const Labels& labels);
  [[nodiscard]] const std::vector<Instance>* instances_of(const dsl::Rule& rule);
  [[nodiscard]] static bool agree(const Labels& labels, const Labels& told);

  const Data& data_;
  RowIndex& index_;
  std::map<std::pair<dsl::TableId, std::uint32_t>, std::vector<Pattern>> patterns_;  ///< by table and column
  std::map<const dsl::Rule*, std::optional<std::vector<Instance>>> instances_;       ///< none: too many
};

}  // namespace kenzan::engine
