// Warnings about texts that are compared by their spelling and differ in nothing else.
#include <algorithm>

#include "base/text.hpp"
#include "engine/explain/explain.hpp"
#include "engine/explain/fingerprint.hpp"
#include "engine/explain/message.hpp"
#include "engine/reference/evaluation.hpp"
#include "engine/table/cell_finding.hpp"

namespace kenzan::engine {
namespace {

using reference::Context;
using reference::Element;
using reference::Evaluation;
using reference::Reading;
using reference::TextValue;

/// Whether an expression compares two texts for equality.
bool is_text_equality(const dsl::Program& program, const dsl::Expr& expr) {
  const bool equality = expr.op == dsl::ExprOp::in || (expr.op == dsl::ExprOp::compare && expr.relation == Relation::equal);
  return equality && program[expr.kids[0]].kind == dsl::ValueKind::text;
}

/// Whether `holds` of an expression directly inside another, or in its look-ups; the ones behind the first are not asked.
template <class F>
bool any_inside(const dsl::Program& program, const dsl::Expr& expr, F holds) {
  const auto of_binding = [&](const dsl::Binding& binding) { return holds(binding.value); };
  if (std::ranges::any_of(expr.kids, holds)) return true;
  if (expr.op == dsl::ExprOp::aggregate) return std::ranges::any_of(program[expr.aggregate].rows, of_binding);
  if (expr.op != dsl::ExprOp::cell) return false;
  const dsl::Access& access = program[expr.access];
  return std::ranges::any_of(access.rows, of_binding) || (access.across && of_binding(*access.across));
}

bool compares_texts(const dsl::Program& program, dsl::ExprId id) {
  if (!id.valid()) return false;
  const dsl::Expr& expr = program[id];
  if (is_text_equality(program, expr)) return true;
  if (expr.op == dsl::ExprOp::aggregate) {
    const dsl::Aggregate& aggregate = program[expr.aggregate];
    if (compares_texts(program, aggregate.element) || compares_texts(program, aggregate.where)) return true;
  }
  return any_inside(program, expr, [&](dsl::ExprId kid) { return compares_texts(program, kid); });
}

/// Walks one instance.
class Search {
 public:
  Search(const Data& data, const dsl::Rule& rule, const Instance& instance, SpellingSearch& search, Findings& findings)
      : data_(data), rule_(rule), search_(search), findings_(findings), evaluation_(data, &rule, &instance, search.index) {}

  void look(dsl::ExprId id, const Context& at) {
    if (!id.valid()) return;
    const dsl::Expr& expr = evaluation_.program()[id];
    if (is_text_equality(evaluation_.program(), expr)) compare(expr, at);
    if (expr.op == dsl::ExprOp::aggregate) look_at_elements(evaluation_.program()[expr.aggregate], at);
    any_inside(evaluation_.program(), expr, [&](dsl::ExprId kid) {
      look(kid, at);
      return false;
    });
  }

 private:
  void look_at_elements(const dsl::Aggregate& declared, const Context& at) {
    const dsl::ExprId where = declared.where;
    const bool in_where = compares_texts(evaluation_.program(), where);
    if (!in_where && !compares_texts(evaluation_.program(), declared.element)) return;
    dsl::Aggregate aggregate = declared;
    if (in_where) aggregate.where = dsl::ExprId();  // the rows that it drops are the ones to look at
    for (const Element& element : evaluation_.elements(aggregate, at).all) {
      if (element.missed) continue;
      look(where, element.at);
      if (!in_where || evaluation_.truth(where, element.at).can_be_true) look(aggregate.element, element.at);
    }
  }

  TextValue value(dsl::ExprId id, const Context& at, Reading& read) {
    const Evaluation::Redirect redirect(evaluation_, &read);
    return evaluation_.text(id, at);
  }

  void compare(const dsl::Expr& expr, const Context& at) {
    Reading left_read;
    const TextValue left = value(expr.kids[0], at, left_read);
    if (left.absent()) return;
    std::optional<TextValue> near;
    Reading near_read;
    for (std::size_t i = 1; i < expr.kids.size(); ++i) {
      Reading read;
      const TextValue right = value(expr.kids[i], at, read);
      if (right.absent()) continue;
      if (right.text == left.text) return;
      if (near || !differ_in_spelling_only(left.text, right.text)) continue;
      near = right;
      near_read = read;
    }
    if (near) report(expr, left, left_read, *near, near_read);
  }

  void report(const dsl::Expr& expr, const TextValue& left, const Reading& left_read, const TextValue& right,
              const Reading& right_read) {
    std::vector<CellRef> cells = left_read.cells();
    cells.insert(cells.end(), right_read.cells().begin(), right_read.cells().end());
    if (!search_.seen.emplace(cells, left.text + '\0' + right.text).second) return;
    Finding finding;
    finding.code = "spelling";
    finding.severity = Severity::warning;
    finding.message = say(MessageId::spelling_differs,
                          {{"left", "「" + shortened(left.text) + "」"}, {"right", "「" + shortened(right.text) + "」"}});
    finding.notes.push_back(say(MessageId::compared_in_rule, {{"rule", rule_.name}}));
    finding.helps.push_back(say(MessageId::compare_folded));
    finding.place = expr.span.source.valid() ? expr.span : rule_.place;
    const auto add = [&](const Reading& read, const char* role) {
      for (const CellRef& cell : read.cells()) {
        finding.cells.push_back(evidence_of(data_, cell.table, {cell.column, cell.part, cell.row}, role));
      }
    };
    add(left_read, "left");
    add(right_read, "right");
    if (finding.cells.empty()) {
      finding.fingerprint = fingerprint("spelling", rule_.place.source.valid() ? data_.sources->path(rule_.place.source) : "", "",
                                        "", {{"rule", rule_.name}});
    } else {
      const CellEvidence& cell = finding.cells.front();
      if (cell.span.source.valid()) {
        finding.primary = 0;
        finding.place = cell.span;
      }
      finding.fingerprint = fingerprint("spelling", cell.span.source.valid() ? data_.sources->path(cell.span.source) : "",
                                        cell.table, cell.field, cell.key);
    }
    findings_.push_back(finding);
  }

  const Data& data_;
  const dsl::Rule& rule_;
  SpellingSearch& search_;
  Findings& findings_;
  Evaluation evaluation_;
};

}  // namespace

bool compares_texts(const Data& data, const dsl::Rule& rule) {
  return compares_texts(*data.program, rule.require) || compares_texts(*data.program, rule.when);
}

void find_spelling(const Data& data, const dsl::Rule& rule, const Instance& instance, SpellingSearch& search, Findings& findings) {
  Search walk(data, rule, instance, search, findings);
  const Context root;
  walk.look(rule.when, root);
  walk.look(rule.require, root);
}

}  // namespace kenzan::engine
