// The rule that most rule files are made of, `cell = sum(cells)`, judged an instance at a time in 64 bits, without columns of values
// in between.
#pragma once
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <unordered_map>
#include <utility>
#include <vector>

#include "engine/indexes.hpp"
#include "engine/reference/linear.hpp"
#include "engine/reference/reference.hpp"
#include "engine/vector/total.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {

/// Judges the plain instances of one such rule: all figures are there, are numbers or nil, and fit 64 bits. The other instances,
/// and all other rules, are for the evaluation of columns. For one thread.
class TotalsRule {
 public:
  TotalsRule(const dsl::Program& program, const dsl::Rule& rule)
      : program_(&program), require_(rule.require), verdicts_(rule.strength) {}
  /// Null where `rule` has another shape. Figures that are judged are marked in `checked`, where it is given.
  static std::unique_ptr<TotalsRule> of(const Data& data, const dsl::Rule& rule, RowIndex& rows, CheckedFigures* checked = nullptr);

  /// Judges instance i of `all`; none where it is not plain.
  /// Cost: the rows that it adds up, and a look-up on each side unless the instance before had the same labels.
  [[nodiscard]] std::optional<TotalVerdicts::Judged> judge(const RuleVerdicts& all, std::size_t i);

  /// To be called before `judge` is asked for instances [begin, end), and for no others until it is called again: many are mostly found
  /// at once.
  void look_ahead(const RuleVerdicts& all, std::size_t begin, std::size_t end) {
    cell_.look_ahead(all, begin, end);
    cells_.look_ahead(all, begin, end);
  }
  /// To be called behind that, before every turn-th instance from `begin` on is judged: brings their figures near.
  void bring_near(const RuleVerdicts& all, std::size_t begin, std::size_t end) {
    cell_.bring_near(all, begin, end, turn());
    cells_.bring_near(all, begin, end, turn());
  }

  /// To be called behind the last `judge`, by any thread: notes in `checked` what it has not noted yet.
  void settle_marks() {
    cell_.settle_marks();
    cells_.settle_marks();
  }

  /// What an instance asks of its cell and of those that it adds up and `apart` says; the others stand in it as one sum. None where it is
  /// not plain.
  [[nodiscard]] std::optional<LinearCondition> condition(const Instance& instance,
                                                         const std::function<bool(const CellRef&)>& apart);
  /// The judgement of an instance that adds up more than `most` cells, with the first of these only: the sum is one unknown in it.
  /// `count` says for how many the others stand. The verdict is left to the caller. None where there are fewer, or the instance is
  /// not plain.
  [[nodiscard]] std::optional<Judgement> large(const Instance& instance, std::size_t most,
                                               const std::function<std::uint64_t(const std::vector<CellRef>&)>& count);
  /// The cells that the instance which was asked for last adds up; none where there are no rows.
  [[nodiscard]] std::vector<CellRef> cells() const;
  /// Instances that follow each other by so many read the same column, row by row: in that order memory is read as it stands.
  [[nodiscard]] std::size_t turn() const { return cells_.labels_across(); }
  /// The cells that all instances add up.
  [[nodiscard]] std::size_t cells_of_all() const { return cells_.cells_of_all(); }
  /// The column of the figures that are added up. Two instances have none in common.
  [[nodiscard]] std::pair<dsl::TableId, std::uint32_t> summed() const { return cells_.column(); }

 private:
  /// Finds the rows and the part of a column that the labels of an instance name.
  class Side {
   public:
    /// False where the cells are named by anything but labels of the instance.
    bool bind(const Data& data, const dsl::Rule& rule, RowIndex& rows, const dsl::Access& access,
              const std::vector<dsl::Binding>& bindings, const std::optional<dsl::Binding>& across, CheckedFigures* checked);
    /// None where a label is blank or has no rows.
    [[nodiscard]] bool find(const RuleVerdicts& all, std::size_t i);
    /// The same for an instance that was looked ahead at.
    [[nodiscard]] bool find_ahead(const RuleVerdicts& all, std::size_t i);
    void look_ahead(const RuleVerdicts& all, std::size_t begin, std::size_t end);
    void bring_near(const RuleVerdicts& all, std::size_t begin, std::size_t end, std::size_t turn);
    [[nodiscard]] bool found() const { return known_ && group_ != absent_row; }
    [[nodiscard]] bool names_all(std::size_t dims) const;
    [[nodiscard]] std::span<const std::uint32_t> rows() const { return index_->rows(group_); }
    [[nodiscard]] const FigureColumn& figures() const { return *parts_[part_].figures; }
    [[nodiscard]] std::pair<dsl::TableId, std::uint32_t> column() const { return {table_, number_}; }
    [[nodiscard]] std::size_t labels_across() const { return across_ ? column_->across_labels.size() : 1; }
    [[nodiscard]] CellRef cell(std::uint32_t row) const { return {table_, number_, part_, row}; }
    [[nodiscard]] std::size_t cells_of_all() const { return index_->size() * labels_across(); }
    /// Notes that figures of the part were checked.
    void mark(std::span<const std::uint32_t> rows) {
      Part& part = parts_[part_];
      if (part.checked.empty()) return;
      if (!scattered_) {
        for (const std::uint32_t row : rows) CheckedFigures::mark(part.checked[row]);
      } else {  // here and there: threads that mark cells side by side wait for each other
        part.own.resize(part.checked.size());
        for (const std::uint32_t row : rows) part.own[row] = 1;
      }
    }
    /// Notes what was kept for this.
    void settle_marks();

   private:
    [[nodiscard]] bool find_part(Code label);
    void find_all(std::size_t begin, std::size_t end);
    dsl::TableId table_;
    std::uint32_t number_ = 0;  ///< of the column
    const ColumnData* column_ = nullptr;
    struct Part {
      const FigureColumn* figures = nullptr;
      std::span<std::uint8_t> checked;  ///< of each row; empty: not to be noted
      PagedVector<std::uint8_t> own;    ///< likewise: those that are not noted yet; none, or of each row
    };
    std::vector<Part> parts_;
    const Index* index_ = nullptr;
    std::vector<std::size_t> dims_;      ///< of the rule, whose labels the index is asked for
    std::optional<std::size_t> across_;  ///< the dimension whose label names the part
    std::unordered_map<Code, std::uint32_t> part_of_;
    std::vector<Code> labels_;  ///< that were looked up last
    std::uint32_t group_ = absent_row, last_ = absent_row, part_ = 0;
    bool known_ = false;   ///< `group_` is that of `labels_`,
    bool behind_ = false;  ///< or of an instance of the run behind them
    struct Run {           ///< instances whose groups are known
      std::size_t begin = 0, end = 0;
      std::uint32_t group = absent_row;   ///< of the first: the others follow it
      std::vector<std::uint32_t> groups;  ///< or, of each
    };
    Run run_;
    bool scattered_ = false;             ///< the groups of these do not follow each other
    std::vector<const Code*> columns_;   ///< of the labels
    std::vector<std::size_t> distinct_;  ///< instances with other labels than those before them
    std::vector<std::uint32_t> found_;   ///< the groups of these
  };

  Side cell_, cells_;
  const dsl::Program* program_;
  dsl::ExprId require_;
  TotalVerdicts verdicts_;
};

}  // namespace kenzan::engine
