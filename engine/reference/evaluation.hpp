// The reference evaluator's inside: an evaluation is of one rule and one instance. Its members are defined by concern, a file each.
#pragma once
#include <boost/container/small_vector.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "engine/matcher.hpp"
#include "engine/reference/linear.hpp"
#include "engine/reference/reference.hpp"

namespace kenzan::engine::reference {

/// Where an expression stands: in the instance (no `table`), or at a row of a table, at an across label where the aggregate is at
/// one, inside `outer`.
struct Context {
  const Context* outer = nullptr;
  dsl::TableId table;
  std::uint32_t row = Child::none;
  std::optional<Code> across;
};

/// A text or a date. `unknown`: a blank date.
struct TextValue {
  std::string text;
  bool missing = false;
  bool unknown = false;

  [[nodiscard]] bool absent() const { return missing || unknown; }
};

/// A label to look up. `code` is not set where no cell of the run has the label.
struct Label {
  bool known = false;  ///< false: the value that gives it is missing, blank or no whole number
  std::optional<Code> code;
  Code spelled = Texts::empty;  ///< as it stands where it comes from; "" where that is no text of the run, but `other`
  std::string other;
};
/// The labels of some columns.
using WantedLabels = boost::container::small_vector<std::pair<std::uint32_t, Label>, 4>;

/// The outcome of a look-up: a cell, or what is missing.
struct Lookup {
  std::optional<CellRef> cell;
  MissedCell missed;
};

/// One element of an aggregate. `where` is not determined false.
struct Element {
  Context at;
  Truth where;
  bool negative = false;             ///< a child that counts negative
  std::optional<MissedCell> missed;  ///< a stated child without a row: nothing can be read at it
};
struct Elements {
  std::vector<Element> all;
  std::optional<MissedCell> missed;  ///< the node whose children they would be has no row

  [[nodiscard]] bool some_unsure() const;
};

/// What was read, once each, in order.
class Reading {
 public:
  void add(const CellRef& cell);
  void add(const MissedCell& cell);
  void add(const Reading& other);
  [[nodiscard]] const std::vector<CellRef>& cells() const { return cells_; }
  [[nodiscard]] const std::vector<MissedCell>& missed() const { return missed_; }

 private:
  std::vector<CellRef> cells_;
  std::set<CellRef> seen_;  ///< all of them; empty while they ascend
  std::vector<MissedCell> missed_;
};

/// Gives `into` what `from` says of itself besides its value.
inline void join_flags(FigureValue& into, const FigureValue& from) {
  into.linear = into.linear && from.linear;
  into.missing = into.missing || from.missing;
  into.unknown = into.unknown || from.unknown;
  into.suppressed = into.suppressed || from.suppressed;
  into.has_written = into.has_written && from.has_written;
}

/// Which leaf of a condition is wanted as the one that decides.
enum class Seek : std::uint8_t {
  impossible,  ///< cannot be true
  refutable,   ///< can be false
  unwritten,   ///< not true as written
  missing,     ///< turns on a missing row
  unknown,     ///< turns on an unknown cell
  undetermined,
  any,
};
[[nodiscard]] bool is_sought(Truth truth, Seek seek);

class Evaluation {
 public:
  /// `rule` and `instance` may be null: then no expression asks for a label.
  Evaluation(const Data& data, const dsl::Rule* rule, const Instance* instance, RowIndex* index);

  // rows.cpp
  Lookup look_up(const dsl::Access& access, const Context& at);
  // figures.cpp
  FigureValue figure(dsl::ExprId id, const Context& at);
  // figures.cpp
  TextValue text(dsl::ExprId id, const Context& at);
  // conditions.cpp
  Truth truth(dsl::ExprId id, const Context& at);
  static Truth compare(const FigureValue& left, Relation relation, const FigureValue& right);
  static Truth compare(const TextValue& left, Relation relation, const TextValue& right);
  // aggregates.cpp
  Elements elements(const dsl::Aggregate& aggregate, const Context& at);
  [[nodiscard]] bool has_children(const dsl::Aggregate& aggregate);
  // linear.cpp
  void linear(dsl::ExprId condition, const Context& at, std::vector<LinearCondition>& out);
  // leaf.cpp
  Comparison leaf(dsl::ExprId id, const Context& at, bool negated);
  Comparison deciding(dsl::ExprId id, const Context& at, bool negated, Seek seek);

  /// A lag went before the first label: there is no such instance.
  [[nodiscard]] bool no_instance() const { return no_instance_; }
  [[nodiscard]] const dsl::Program& program() const { return *data_.program; }
  [[nodiscard]] const Reading& choosing() const { return choosing_; }

  /// While it lives, what is read goes to `reading` (null: nowhere).
  class Redirect {
   public:
    Redirect(Evaluation& evaluation, Reading* reading) : evaluation_(evaluation), before_(evaluation.reading_) {
      evaluation.reading_ = reading;
    }
    ~Redirect() { evaluation_.reading_ = before_; }
    Redirect(const Redirect&) = delete;
    Redirect& operator=(const Redirect&) = delete;

   private:
    Evaluation& evaluation_;
    Reading* before_;
  };

 private:
  // rows.cpp: look-ups
  Label label_of(dsl::ExprId value, const Context& at);
  /// The label that a binding asks for in `column` of `table`: among its across labels, or among its rows'.
  Label label(const dsl::Binding& binding, dsl::TableId table, std::uint32_t column, bool across, const Context& at);
  Label label_before(const Label& label, std::uint32_t places, dsl::TableId table, std::uint32_t column, bool across);
  WantedLabels labels_of(const std::vector<dsl::Binding>& bindings, dsl::TableId table, const Context& at);
  [[nodiscard]] std::string spelling_of(const Label& label) const;
  /// Tells which labels were looked for in vain.
  void spell(const WantedLabels& labels, MissedCell& missed) const;
  /// None where a label is in no row. `scratch` is where they stand, if there is no index.
  std::span<const std::uint32_t> rows_with(dsl::TableId table, const WantedLabels& labels, std::vector<std::uint32_t>& scratch);
  [[nodiscard]] Code instance_label(dsl::DimId dim, bool spelling) const;
  void note(const CellRef& cell);
  void note(const MissedCell& cell);

  FigureValue constant(dsl::ExprId id, const dsl::Expr& expr);
  FigureValue cell(const dsl::Expr& expr, const Context& at);
  FigureValue product(const FigureValue& a, const FigureValue& b);
  FigureValue quotient(const FigureValue& a, const FigureValue& b);
  FigureValue mapped(const FigureValue& a, const Interval& range, const Rational& written);
  FigureValue opaque(const Interval& range);
  FigureValue missing(const MissedCell& cell);
  /// Evaluates kids[0]; kids[1] only where kids[0] is missing or unknown.
  template <class Value, class Evaluate>
  Value first_known(const dsl::Expr& expr, Evaluate evaluate);

  FigureValue folded(const dsl::Aggregate& aggregate, const Context& at);
  FigureValue sum(const dsl::Aggregate& aggregate, const Elements& elements);
  FigureValue extreme(const dsl::Aggregate& aggregate, const Elements& elements);
  FigureValue mean(const dsl::Aggregate& aggregate, const Elements& elements);
  FigureValue count(const dsl::Aggregate& aggregate, const Elements& elements);
  FigureValue between(std::size_t low, std::size_t high, std::size_t written);
  FigureValue element_value(const dsl::Aggregate& aggregate, const Element& element);
  /// The distinct value that counts ("" for all in a plain count); none where there is no number, nil or text.
  std::optional<std::string> counted(const dsl::Aggregate& aggregate, const Element& element);
  void add_element(Elements& out, const dsl::Aggregate& aggregate, Element element);
  void at_labels(Elements& out, const dsl::Aggregate& aggregate, const Context& at, Element element);

  void linear_comparison(const dsl::Expr& expr, const Context& at, std::vector<LinearCondition>& out);
  Truth some_or_all(const dsl::Aggregate& aggregate, const Context& at);
  Truth sorted(const dsl::Aggregate& aggregate, const Context& at, Comparison* out_of_order);
  Truth mark_is(const dsl::Expr& expr, const Context& at);
  Truth flag_cell(const dsl::Expr& expr, const Context& at);
  Truth one_of(const dsl::Expr& expr, const Context& at);
  Comparison deciding_element(dsl::ExprId id, const Context& at, bool negated, Seek seek);
  void fill(Comparison& out, dsl::ExprId side, const Context& at, bool right);

  const Data& data_;
  const dsl::Rule* rule_;
  const Instance* instance_;
  RowIndex* index_;
  bool as_written_;
  bool no_instance_ = false;
  Matcher matcher_;
  std::uint64_t next_id_ = 0;
  std::map<CellRef, std::uint64_t> cell_ids_;
  std::vector<std::pair<std::uint64_t, CellRef>> cells_by_id_;  ///< ascending
  std::map<dsl::ExprId, std::uint64_t> constant_ids_;
  Reading* reading_ = nullptr;
  Reading choosing_;
};

template <class Value, class Evaluate>
Value Evaluation::first_known(const dsl::Expr& expr, Evaluate evaluate) {
  Reading first;
  Value value;
  {
    const Redirect redirect(*this, &first);
    value = evaluate(expr.kids[0]);
  }
  const bool used = !value.missing && !value.unknown;
  for (const CellRef& cell : first.cells()) note(cell);
  if (!used) return evaluate(expr.kids[1]);  // what was missing is no reason for anything
  for (const MissedCell& cell : first.missed()) note(cell);
  return value;
}

}  // namespace kenzan::engine::reference
