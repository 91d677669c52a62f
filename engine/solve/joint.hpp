// Joint consistency: instances that hold one by one, some within rounding only, but not all of them for the same true values.
#pragma once
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "diag/finding.hpp"
#include "engine/solve/cell_system.hpp"
#include "engine/vector/totals.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {

class JointCheck {
 public:
  /// Takes up to `most` instances, and tables of up to ten times as many rows.
  JointCheck(const Data& data, std::size_t most) : data_(data), most_(most) {}

  /// Takes the instances of a rule that hold, or do so within rounding, if it reads figures that were rounded.
  void note(const dsl::Rule& rule, const RuleVerdicts& verdicts);
  /// Leaves out rules with so many instances, or over tables of so many rows, that it would be felt, those with the most first.
  void leave_out_large(const std::function<std::uint64_t(dsl::TableId)>& rows_of);
  /// Whether rules over a table of so many rows are left out.
  [[nodiscard]] bool is_large(std::uint64_t rows) const;
  /// How many instances have been left out: after `findings`, also those that came when very many cells had been
  /// read, and those of which it would have taken long to find out.
  [[nodiscard]] std::size_t left_out() const { return left_out_; }
  void for_each(const std::function<void(const dsl::Rule&, const Instance&)>& tell) const;
  /// Whether nothing contradicts itself, as the tables stand now. In its reduced form a table says what all instances read of it.
  [[nodiscard]] bool is_consistent(RowIndex& index);
  /// Returns an error for each minimal set of instances that cannot all hold. It points at a cell that they share, says what each
  /// side of them leaves for it, and shows the other cells that they share. `locate` fills lines and columns.
  /// Cost: that of judging each instance by the reference, and of conflicts().
  /// The instances of each are those that are told by `conflicting`.
  [[nodiscard]] std::vector<Finding> findings(RowIndex& index);
  [[nodiscard]] const std::vector<std::vector<RuleInstance>>& conflicting() const { return conflicting_; }

 private:
  struct OfRule {
    const dsl::Rule* rule;
    std::size_t count;
    std::vector<Instance> instances;  ///< none where there are too many
  };
  struct Asked {
    const dsl::Rule* rule;
    const Instance* instance;
  };
  using Conflict = std::vector<std::uint32_t>;

  void read(RowIndex& index);
  void add(const dsl::Rule& rule, const Instance& instance, RowIndex& index, TotalsRule* totals);
  [[nodiscard]] Finding explain(const Conflict& conflict) const;
  /// `rule[dim: label]`, each instance once.
  [[nodiscard]] std::string names_of(const Conflict& conflict) const;
  /// What those constraints of a conflict leave for one of its unknowns that hang together without it; none where some cannot hold
  /// whatever it is.
  [[nodiscard]] std::vector<Message> sides_of(const Conflict& conflict, const Part& part, std::uint32_t unknown) const;

  const Data& data_;
  std::size_t most_;
  std::vector<OfRule> rules_;
  std::size_t left_out_ = 0, cells_read_ = 0, not_read_ = 0;
  CellSystem cells_;
  std::vector<Asked> asked_;  ///< by whom: of each constraint
  std::vector<std::vector<RuleInstance>> conflicting_;
};

}  // namespace kenzan::engine
