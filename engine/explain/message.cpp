#include "engine/explain/message.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "diag/evidence_text.hpp"
#include "engine/table/cell_finding.hpp"

namespace kenzan::engine {
namespace {

using Arguments = std::vector<std::pair<std::string, std::string>>;

std::string in_brackets(std::string_view text) { return "「" + shortened(text) + "」"; }

/// One side of the comparison, for people.
std::string side(const Explained& what, bool right) {
  const Comparison& c = *what.judgement.comparison;
  const auto& number = right ? c.right : c.left;
  if (number) return shown(*number, what.unit);
  const auto& text = right ? c.right_text : c.left_text;
  const dsl::ExprId expr = right ? c.right_expr : c.left_expr;
  const bool date = expr.valid() && (*what.data.program)[expr].kind == dsl::ValueKind::date;
  if (text) return date ? *text : in_brackets(*text);
  return "…";
}

/// The words of a condition in the rule file.
std::string condition_text(const Explained& what) {
  const Span span = (*what.data.program)[what.judgement.comparison->expr].span;
  return span.source.valid() ? shortened(what.data.sources->text(span)) : "…";
}

/// A message on both sides: the subject, which holds the primary cell, and the other, which may be its parts.
Message on_sides(const Explained& what, MessageId id, Arguments more = {}) {
  more.emplace_back("left", side(what, what.right_is_subject));
  more.emplace_back("right", side(what, !what.right_is_subject));
  Message out = say(id, std::move(more));
  if (what.parts) out.arguments.back().nested.push_back(say(MessageId::its_parts));
  return out;
}

Message relation_message(const Explained& what, MessageId id) {
  const Comparison& c = *what.judgement.comparison;
  return say(id, {{"left", side(what, false)}, {"relation", spelling_of(c.relation)}, {"right", side(what, true)}});
}

/// How far one side lies above or below the other.
Message apart(const Explained& what) {
  const bool left_above = what.difference->high.infinite || what.difference->high.value.sign() > 0;
  const bool above = left_above != what.right_is_subject;
  const Arguments gap{{"gap", shown(distance(*what.difference), what.unit)}};
  if (what.difference->is_point()) return on_sides(what, above ? MessageId::figure_above_by : MessageId::figure_below_by, gap);
  return on_sides(what, above ? MessageId::figure_at_least_above : MessageId::figure_at_least_below, gap);
}

Message violated_figures(const Explained& what) {
  const Comparison& c = *what.judgement.comparison;
  if (what.rule.strength == dsl::Strength::surely && !what.difference->is_point() && distance(*what.difference).is_zero()) {
    return relation_message(what, MessageId::not_for_all_values);
  }
  const bool touching = distance(*what.difference).is_zero();
  const bool turned = what.right_is_subject;
  switch (c.relation) {
    case Relation::equal:
      if (what.rule.strength == dsl::Strength::exactly) return on_sides(what, MessageId::figure_not_exactly);
      return touching ? on_sides(what, MessageId::figure_just_misses) : apart(what);
    case Relation::not_equal: return on_sides(what, MessageId::figure_equals);
    case Relation::less:
      if (touching) return on_sides(what, turned ? MessageId::figure_not_above : MessageId::figure_not_below);
      return apart(what);
    case Relation::greater:
      if (touching) return on_sides(what, turned ? MessageId::figure_not_below : MessageId::figure_not_above);
      return apart(what);
    case Relation::less_equal:
      if (touching) return on_sides(what, turned ? MessageId::figure_below : MessageId::figure_above);
      return apart(what);
    case Relation::greater_equal:
      if (touching) return on_sides(what, turned ? MessageId::figure_above : MessageId::figure_below);
      return apart(what);
  }
  return apart(what);
}

Message violated_texts(const Explained& what) {
  switch (what.judgement.comparison->relation) {
    case Relation::equal: return on_sides(what, MessageId::text_is_not);
    case Relation::not_equal: return on_sides(what, MessageId::text_is);
    case Relation::less:
    case Relation::less_equal:
    case Relation::greater:
    case Relation::greater_equal: break;
  }
  return relation_message(what, MessageId::comparison_is_false);
}

/// A leaf that is no comparison of two values.
Message condition(const Explained& what, MessageId plain, MessageId negated) {
  return say(what.judgement.comparison->negated ? negated : plain, {{"condition", condition_text(what)}});
}

Message violated(const Explained& what) {
  const Comparison& c = *what.judgement.comparison;
  const dsl::Expr& expr = (*what.data.program)[c.expr];
  const bool sorted = expr.op == dsl::ExprOp::aggregate && c.right_expr.valid();
  if (sorted) return on_sides(what, MessageId::out_of_order);
  if (expr.op == dsl::ExprOp::compare && what.difference) return violated_figures(what);
  if (expr.op == dsl::ExprOp::compare && c.left_text && c.right_text) return violated_texts(what);
  if (c.negated) return condition(what, MessageId::condition_is_false, MessageId::condition_is_true);
  if (expr.op == dsl::ExprOp::same && c.left_text && c.right_text) return on_sides(what, MessageId::text_is_not);
  if (expr.op == dsl::ExprOp::matches && c.left_text) {
    return say(MessageId::text_does_not_match, {{"text", side(what, false)}, {"pattern", "/" + expr.string + "/"}});
  }
  if (expr.op == dsl::ExprOp::in && (c.left_text || c.left)) {
    return say(MessageId::not_in_list, {{"value", side(what, false)}, {"condition", condition_text(what)}});
  }
  if (expr.op == dsl::ExprOp::aggregate) {
    const dsl::Aggregate& aggregate = (*what.data.program)[expr.aggregate];
    return say(MessageId::no_row_meets,
               {{"table", (*what.data.program)[aggregate.table].spelling}, {"condition", condition_text(what)}});
  }
  return condition(what, MessageId::condition_is_false, MessageId::condition_is_true);
}

Message unmatched(const Explained& what) {
  const auto& missed = what.judgement.comparison->missed;
  if (missed.empty()) return say(MessageId::turns_on_missing_row);
  const MissedCell& first = missed.front();
  const dsl::Program& program = *what.data.program;
  const std::string table = program[first.table].spelling;
  const auto key = key_of(what.data, first);
  switch (first.kind) {
    case MissedCell::Kind::no_row:
      if (key.empty()) return say(MessageId::table_has_no_row, {{"table", table}});
      return say(MessageId::cell_without_row, {{"key", key_text(key)}, {"table", table}});
    case MissedCell::Kind::no_label: {
      const dsl::Column& column = program[first.table].columns[first.column];
      return say(MessageId::column_without_label, {{"field", table + "." + column.spelling},
                                                   {"dimension", column.across ? program[column.across->dim].name : ""},
                                                   {"label", first.across}});
    }
    case MissedCell::Kind::no_rows: return say(MessageId::nothing_to_aggregate, {{"table", table}});
  }
  return say(MessageId::turns_on_missing_row);
}

Message unknown(const Explained& what) {
  if (!what.absent_cell) {
    const auto& c = what.judgement.comparison;
    const bool divides = c && ((c->left && c->left->unknown) || (c->right && c->right->unknown));
    return say(divides ? MessageId::divides_by_zero : MessageId::turns_on_unknown_cell);
  }
  const CellEvidence& cell = *what.absent_cell;
  const std::string name = name_of(cell);
  if (cell.mark == "blank") return say(MessageId::cell_is_blank, {{"cell", name}});
  if (cell.mark == "suppressed") return say(MessageId::cell_is_suppressed, {{"cell", name}});
  if (cell.mark == "unreadable") return say(MessageId::cell_is_unreadable, {{"cell", name}});
  return say(MessageId::cell_is_unknown, {{"cell", name}});
}

/// A message for an instance that is not wrong: the comparison in its own words.
Message plain(const Explained& what, MessageId relation, MessageId condition_id) {
  const Comparison& c = *what.judgement.comparison;
  const bool two_sides = (c.left || c.left_text) && (c.right || c.right_text);
  const bool compares = (*what.data.program)[c.expr].op == dsl::ExprOp::compare;
  return two_sides && compares ? relation_message(what, relation) : say(condition_id, {{"condition", condition_text(what)}});
}

}  // namespace

std::string shown(const Rational& value, const Unit& unit) { return readable(quotient(value, unit.factor)) + unit.name; }

std::string shown(const FigureValue& value, const Unit& unit) {
  if (!value.absent() && value.has_written) return shown(value.written, unit);
  return shown(range_of(value.form), unit);
}

std::string shown(const Interval& range, const Unit& unit) {
  if (range.is_point()) return shown(range.low.value, unit);
  if (range.low.infinite && range.high.infinite) return "?";
  const auto end = [&](const Bound& bound, const char* infinite) {
    return bound.infinite ? std::string(infinite) : readable(quotient(bound.value, unit.factor));
  };
  return std::string(!range.low.infinite && range.low.closed ? "[" : "(") + end(range.low, "−∞") + ", " + end(range.high, "∞") +
         (!range.high.infinite && range.high.closed ? "]" : ")") + unit.name;
}

Rational distance(const Interval& difference) { return gap(difference, Interval::point(0)); }

std::string spelling_of(Relation relation) {
  switch (relation) {
    case Relation::equal: return "=";
    case Relation::not_equal: return "!=";
    case Relation::less: return "<";
    case Relation::less_equal: return "<=";
    case Relation::greater: return ">";
    case Relation::greater_equal: return ">=";
  }
  return "";
}

std::vector<std::pair<std::string, std::string>> key_of(const Data& data, const MissedCell& missed) {
  const dsl::Program& program = *data.program;
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [index, label] : missed.labels) {
    const dsl::Column& column = program[missed.table].columns[index];
    out.emplace_back(column.dim ? program[*column.dim].name : column.spelling, label);
  }
  const dsl::Column& column = program[missed.table].columns[missed.column];
  if (column.across && !missed.across.empty()) out.emplace_back(program[column.across->dim].name, missed.across);
  return out;
}

bool differ_in_spelling_only(std::string_view a, std::string_view b) { return a != b && fold(a) == fold(b); }

Message default_message(const Explained& what) {
  if (!what.judgement.comparison) return unknown(what);  // an unknown `when`
  switch (what.judgement.verdict) {
    case Verdict::violated: return violated(what);
    case Verdict::unmatched: return unmatched(what);
    case Verdict::unknown: return unknown(what);
    case Verdict::implausible: return relation_message(what, MessageId::implausible_by_rounding);
    case Verdict::rounding: return plain(what, MessageId::comparison_by_rounding, MessageId::condition_by_rounding);
    case Verdict::holds: return plain(what, MessageId::comparison_holds, MessageId::condition_holds);
    case Verdict::vacuous: break;
  }
  return say(MessageId::turns_on_unknown_cell);
}

void add_notes(const Explained& what, Finding& finding) {
  if (!what.judgement.comparison) return;
  const Comparison& c = *what.judgement.comparison;
  const bool texts = c.left_text && c.right_text && what.judgement.verdict == Verdict::violated && !c.negated;
  if (texts && differ_in_spelling_only(*c.left_text, *c.right_text)) {
    finding.notes.push_back(say(MessageId::differ_in_spelling));
    finding.helps.push_back(say(MessageId::compare_folded));
  }
  if (what.judgement.verdict == Verdict::unmatched && !c.missed.empty()) {
    const auto near = what.near.find(c.missed.front());
    if (near) finding.helps.push_back(say(MessageId::did_you_mean, {{"name", *near}}));
  }
}

std::string own_message(const Explained& what) {
  std::string out;
  for (const dsl::MessagePart& part : what.rule.message) {
    switch (part.kind) {
      case dsl::MessagePart::Kind::literal: out += part.text; break;
      case dsl::MessagePart::Kind::dimension: {
        const auto at = std::ranges::find(what.rule.by, part.dim);
        if (at == what.rule.by.end()) break;
        out += what.data.texts.text(what.instance.spellings[static_cast<std::size_t>(at - what.rule.by.begin())]);
        break;
      }
      case dsl::MessagePart::Kind::left:
      case dsl::MessagePart::Kind::right: {
        const bool right = part.kind == dsl::MessagePart::Kind::right;
        if (!what.judgement.comparison) break;
        const Comparison& c = *what.judgement.comparison;
        const auto& text = right ? c.right_text : c.left_text;
        out += text ? *text : side(what, right);
        break;
      }
      case dsl::MessagePart::Kind::gap:
        if (what.difference) out += shown(distance(*what.difference), what.unit);
        break;
      case dsl::MessagePart::Kind::title: out += what.rule.title; break;
      case dsl::MessagePart::Kind::rule: out += what.rule.name; break;
    }
  }
  return out;
}

}  // namespace kenzan::engine
