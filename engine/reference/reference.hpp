// The simple evaluator: one instance at a time, walking the expression, scanning rows, exact rationals, every cell noted. Slow and
// obvious on purpose: it explains what failed and is the oracle that the kernels are tested against.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "base/linear.hpp"
#include "engine/data.hpp"
#include "engine/verdict.hpp"

namespace kenzan::engine {

/// One instance of a rule: a label (folded code) for each of its dimensions, and the spelling where it was first found.
struct Instance {
  std::vector<Code> labels;
  std::vector<Code> spellings;
  friend bool operator==(const Instance& a, const Instance& b) { return a.labels == b.labels; }
};

/// An instance of one rule among many.
struct RuleInstance {
  const dsl::Rule* rule = nullptr;
  Instance instance;
  friend bool operator<(const RuleInstance& a, const RuleInstance& b) {
    return std::tie(a.rule, a.instance.labels) < std::tie(b.rule, b.instance.labels);
  }
};

/// A cell that was read.
struct CellRef {
  dsl::TableId table;
  std::uint32_t column = 0, part = 0, row = 0;
  friend auto operator<=>(const CellRef&, const CellRef&) = default;
};

/// A cell that was asked for and is not there, with what was looked up.
struct MissedCell {
  enum class Kind : std::uint8_t {
    no_row,    ///< no row has the labels in `labels`
    no_label,  ///< the column is not across `across`
    no_rows,   ///< an aggregate that needs a row has none
  } kind = Kind::no_row;
  dsl::TableId table;
  std::uint32_t column = 0;
  std::vector<std::pair<std::uint32_t, std::string>> labels;  ///< columns and the labels wanted, as spelled where they come from
  std::string across;                                         ///< the label wanted of the column's across dimension; "" if none
  bool right = false;                                         ///< read on the right side of the comparison
  friend bool operator==(const MissedCell&, const MissedCell&) = default;
};

/// A figure's value during evaluation: a linear form over cells and opaque parts, with what it read.
struct FigureValue {
  Linear form;           ///< collected; opaque (non-linear) parts are terms of their own
  bool linear = true;    ///< no opaque part
  bool missing = false;  ///< a cell without a row was read; the form then holds an unbounded term
  bool unknown = false;  ///< an unknown, blank or unreadable cell was read, or a division by exactly 0
  bool suppressed = false;
  std::uint64_t cells_added = 0;  ///< of a sum whose cells were not read themselves: how many there are
  bool has_written = true;        ///< false after a division by a written 0
  Rational written = 0;           ///< for the values as written; means nothing where `absent` or not `has_written`

  [[nodiscard]] bool absent() const { return missing || unknown || suppressed; }
};

/// The comparison that decided a condition, for evidence: the leaf that settles it. Other leaves than comparisons (`same`, `in`,
/// `matches`, `is`, …) fill what they have: an operand as a value or a text, and the cells.
struct Comparison {
  dsl::ExprId expr;
  bool negated = false;                 ///< the condition wants it to be false
  Relation relation = Relation::equal;  ///< of a comparison, turned round where `negated`; of neighbours that should be sorted
  dsl::ExprId left_expr, right_expr;    ///< the operands; invalid where the leaf has none
  std::optional<FigureValue> left, right;
  std::optional<std::string> left_text, right_text;
  std::vector<CellRef> left_cells, right_cells;  ///< in order of reading, once each
  std::vector<MissedCell> missed;
};

struct Judgement {
  bool made = false;  ///< false: `when`, children or lag ruled the instance out
  Verdict verdict = Verdict::holds;
  Truth truth;
  std::optional<Comparison> comparison;  ///< none where an unknown `when` gave the verdict
  std::optional<Comparison> seen;        ///< the same with fewer cells, where it reads too many to be held
  std::vector<CellRef> when_cells;       ///< read by `when`
  std::vector<CellRef> cells;            ///< read by `require`
  std::uint64_t cells_beyond = 0;        ///< how many more cells were read that are not in these lists, being too many
  std::vector<CellRef> choosing_cells;   ///< read by either to choose other cells: in brackets, in a `where` that was determined
};

class RowIndex;

/// Enumerates the instances of a rule, in order of their first appearance in its sources (before `when`).
[[nodiscard]] std::vector<Instance> reference_instances(const Data& data, const dsl::Rule& rule);

/// Judges one instance. `instances` is how many the rule made, for the plausibility grade.
///
/// Never throws. Cost: a scan of a table for each look-up and aggregate; with `index`, only the rows that are read.
[[nodiscard]] Judgement judge(const Data& data, const dsl::Rule& rule, const Instance& instance, std::uint64_t instances,
                              RowIndex* index = nullptr);

/// The cell that an expression names whatever the instance is; none, and `missed`, where there is none.
[[nodiscard]] std::optional<CellRef> find_cell(const Data& data, dsl::ExprId cell, MissedCell& missed);

/// Judges a condition in the row context of one table: a table's `where`, a hierarchy part's `when`.
[[nodiscard]] Truth judge_row(const Data& data, dsl::ExprId condition, dsl::TableId table, std::uint32_t row);

/// Notes which rows of a table that was read its `where` keeps.
void keep_rows(Data& data, dsl::TableId table);

}  // namespace kenzan::engine
