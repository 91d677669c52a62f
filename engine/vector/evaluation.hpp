// The vectorised evaluation of one rule's expressions: an expression and a frame in, a column out. Members by concern, a file each.
#pragma once
#include <optional>
#include <vector>

#include "engine/vector/figures.hpp"
#include "engine/vector/log.hpp"
#include "engine/vector/text.hpp"
#include "engine/vector/truth.hpp"

namespace kenzan::engine {

class VectorEvaluation {
 public:
  /// `as_written`: known cells and constants are points at their written values.
  VectorEvaluation(const Data& data, Indexes& indexes, TextPool& texts, const TruthTables& tables, bool as_written);

  /// Evaluates an expression of that kind for every item of `frame`. Agrees, item by item, with the reference evaluator.
  /// Cost: linear in the items and in the rows that they read; nothing is allocated per item unless a value is not a decimal.
  [[nodiscard]] Figures figures(dsl::ExprId id, const Frame& frame);
  [[nodiscard]] TextValues texts(dsl::ExprId id, const Frame& frame);
  [[nodiscard]] Truths truths(dsl::ExprId id, const Frame& frame);

  /// left − right of a comparison of figures, settled.
  [[nodiscard]] Figures difference(const dsl::Expr& comparison, const Frame& frame);

  /// Whether the node that `aggregate` takes the children of has a row and children; truth_no_instance is set where a lag failed.
  [[nodiscard]] Truths have_children(const dsl::Aggregate& aggregate, const Frame& frame);

  /// Where figures read are noted from now on; null: nowhere.
  void log_to(ReadLog* log) { log_ = log; }

 private:
  /// Labels to look up, per item; absent_label where the value that gives one is missing, blank or no whole number.
  struct Labels {
    std::vector<Code> codes;
    std::vector<std::uint8_t> no_instance;  ///< empty: none
    std::optional<Code> uniform;            ///< all items have this label
  };
  /// The cells of an access, per item; absent_row where there is none.
  struct Cells {
    const ColumnData* column = nullptr;
    SharedRows rows, parts;                 ///< `parts` null: part 0
    std::vector<std::uint8_t> no_instance;  ///< empty: none
    Footprint print;
    [[nodiscard]] bool found(std::size_t i) const { return (*rows)[i] != absent_row && (!parts || (*parts)[i] != absent_row); }
    [[nodiscard]] const PhysicalColumn& part(std::size_t i) const { return column->parts[parts ? (*parts)[i] : 0]; }
  };
  /// The elements of an aggregate, those of one unit side by side. Items with the same elements share a unit.
  struct Elements {
    SharedRows unit_of;                                            ///< item → unit; null: item i has unit i
    Frame frame;                                                   ///< the elements whose `where` can be true
    std::vector<std::uint32_t> offsets;                            ///< per unit, and one more
    Truths where;                                                  ///< per element; empty: all certain
    std::vector<std::uint8_t> unsure;                              ///< per element: its `where` can be false; empty: none
    std::vector<std::uint8_t> missed;                              ///< per element: a stated child without a row; empty: none
    std::vector<std::uint8_t> negative;                            ///< per element; empty: none
    std::vector<std::uint8_t> missed_unit;                         ///< per unit: the node has no row; empty: none
    std::vector<std::uint8_t> unit_no_instance, item_no_instance;  ///< empty: none
    std::vector<std::pair<std::uint32_t, Code>> fixed;
    std::optional<Code> fixed_across;
    bool iterates_across = false, may_repeat = false;
    ReadLog* log = nullptr;

    [[nodiscard]] std::size_t units() const { return offsets.size() - 1; }
    [[nodiscard]] bool is_unsure(std::size_t e) const { return !unsure.empty() && unsure[e]; }
    [[nodiscard]] TruthByte where_at(std::size_t e) const { return where.empty() ? packed(true) : where[e]; }
  };
  class LogScope;

  // cells.cpp
  Labels labels_of(dsl::ExprId value, const Frame& frame);
  Labels labels(const dsl::Binding& binding, dsl::TableId table, std::uint32_t column, bool across, const Frame& frame);
  /// The group of each item in the index over the bindings' columns; absent_row where there is none.
  const Index& groups(const std::vector<dsl::Binding>& bindings, dsl::TableId table, const Frame& frame,
                      std::vector<std::uint32_t>& group, std::vector<std::uint8_t>& no_instance,
                      std::vector<std::pair<std::uint32_t, Code>>* fixed);
  Cells cells(const dsl::Access& access, const Frame& frame);
  SharedRows parts(const dsl::Access& access, const ColumnData& column, const Frame& frame, Cells& out);
  void note(const dsl::Access& access, const Cells& cells);
  [[nodiscard]] FormPtr cell_form(const Cells& cells) const;
  Figures cell_figures(const dsl::Expr& expr, const Frame& frame);
  Figures sum_of_cells(const dsl::Access& access, const Elements& elements);
  TextValues cell_texts(const dsl::Expr& expr, const Frame& frame);
  Truths cell_truths(const dsl::Expr& expr, const Frame& frame);
  Truths mark_tests(const dsl::Expr& expr, const Frame& frame);
  Figures label_figures(dsl::DimId dim, const Frame& frame);
  std::vector<Code> instance_labels(dsl::DimId dim, const Frame& frame, bool spelling);

  // evaluation.cpp
  Figures else_figures(const dsl::Expr& expr, const Frame& frame);
  Figures length(const dsl::Expr& expr, const Frame& frame);
  TextValues changed(TextPool::Function function, TextValues values);

  // conditions.cpp
  Truths compare(const dsl::Expr& expr, const Frame& frame);
  Truths compare_texts(const TextValues& left, Relation relation, const TextValues& right);
  Truths one_of(const dsl::Expr& expr, const Frame& frame);
  template <class Condition>
  Truths on_texts(const TextValues& left, const TextValues& right, Condition condition);

  // elements.cpp
  Elements elements(const dsl::Aggregate& aggregate, const Frame& frame);
  void filter(Elements& out, const dsl::Aggregate& aggregate, ReadLog* unit_log);
  [[nodiscard]] bool needs_outside(dsl::ExprId id, std::vector<const dsl::Aggregate*>& inside) const;
  Figures element_figures(const dsl::Aggregate& aggregate, const Elements& elements);
  Footprints folded(const Footprints& cells, const Elements& elements) const;
  Figures to_items(Figures units, const Elements& elements);
  Truths to_items(Truths units, const Elements& elements);

  // aggregates.cpp
  Figures aggregate_figures(const dsl::Aggregate& aggregate, const Frame& frame);
  Truths aggregate_truths(const dsl::Aggregate& aggregate, const Frame& frame);
  Figures sum(const Elements& elements, Figures values);
  Figures extreme(const Elements& elements, Figures values, bool least);
  Figures mean(const Elements& elements, Figures values);
  Figures count(const dsl::Aggregate& aggregate, const Elements& elements);
  Truths some_or_all(const dsl::Aggregate& aggregate, const Elements& elements);
  Truths sorted(const dsl::Aggregate& aggregate, const Elements& elements);

  const Data& data_;
  const dsl::Program& program_;
  Indexes& indexes_;
  TextPool& texts_;
  const TruthTables& tables_;
  bool as_written_;
  ReadLog* log_ = nullptr;
  std::vector<std::uint32_t> first_source_;  ///< of each table: the number of its first column among all
};

/// While it lives, figures read are noted in `log`.
class VectorEvaluation::LogScope {
 public:
  LogScope(VectorEvaluation& evaluation, ReadLog* log) : evaluation_(evaluation), before_(evaluation.log_) {
    evaluation.log_ = log;
  }
  ~LogScope() { evaluation_.log_ = before_; }
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;

 private:
  VectorEvaluation& evaluation_;
  ReadLog* before_;
};

/// difference relation 0, per item of a settled difference of two sides.
[[nodiscard]] Truths compare_to_zero(const Figures& difference, Relation relation);
/// Sets `to_or` in the flags of the marked items; a mask that is empty marks none.
[[nodiscard]] Figures with_flags(Figures figures, const std::vector<std::uint8_t>& mask, Flags to_or);
/// Values of cells that are not there.
[[nodiscard]] Figures missing_figures(std::size_t size);
/// into |= from, where an empty mask marks none.
void join_masks(std::vector<std::uint8_t>& into, const std::vector<std::uint8_t>& from);

}  // namespace kenzan::engine
