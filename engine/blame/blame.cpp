#include "engine/blame/blame.hpp"

#include <algorithm>
#include <deque>
#include <limits>
#include <numeric>
#include <tuple>
#include <utility>

#include "diag/evidence_text.hpp"
#include "engine/blame/beside.hpp"
#include "engine/blame/replaced.hpp"
#include "engine/explain/explain.hpp"
#include "engine/solve/conflict.hpp"
#include "engine/solve/corrections.hpp"
#include "engine/solve/linked.hpp"
#include "engine/solve/simplex.hpp"
#include "engine/table/cell_finding.hpp"
#include "engine/vector/totals.hpp"

namespace kenzan::engine {
namespace {

/// Cells that are read to try what may have been meant, and terms of the system of all that is near.
constexpr std::uint64_t most_cells_tried = 500'000, most_terms = 5000;
/// Terms of that system that are looked at, for sets of figures of one violation, and for all that is asked of it; and the steps of one
/// question.
constexpr std::uint64_t most_terms_for_sets = 50'000, most_terms_looked_at = 200'000, most_steps = 50'000;
constexpr std::uint64_t most_looks = 2000;
constexpr std::size_t most_suspected = 20'000;  // cells
constexpr std::size_t most_suspects = 200, most_suggestions = 3, most_looked_at = 100, most_parts = 30;
constexpr std::size_t most_sets = 100, most_sets_tried = 20, most_meanings = 10, most_sets_told = 3;

/// Whether a slip can be told from any other change: where the values are bounded on one side only, most changes towards it would do.
bool tells(const Interval& values, Slip slip, const Rational& written) {
  if (values.low.infinite && values.high.infinite) return false;
  if (!values.low.infinite && !values.high.infinite) return true;
  if (slip == Slip::swapped || (slip == Slip::sign && written < 0)) return true;
  if (slip != Slip::point || written.is_zero()) return false;
  const Rational times_off = abs(quotient(values.low.infinite ? values.high.value : values.low.value, written));
  return times_off >= 3 || times_off * 3 <= 1;
}

bool is_bad(Verdict verdict) {
  return verdict == Verdict::violated || verdict == Verdict::unmatched || verdict == Verdict::unknown;
}

/// A message about a change, its `{slip}` in words.
Message change_message(MessageId id, Slip slip, std::vector<std::pair<std::string, std::string>> arguments) {
  Message out = say(id, std::move(arguments));
  out.arguments.push_back({"slip", "", {say(slip_words[static_cast<std::size_t>(slip)])}});
  return out;
}

std::uint64_t terms_of(const System& system) {
  std::uint64_t out = 0;
  for (const Constraint& constraint : system.constraints) out += constraint.terms.size();
  return out;
}

/// The values that the column's own comparisons leave.
Interval declared_values(const dsl::Column& column) {
  Interval out = Interval::everything();
  for (const dsl::Constraint& constraint : column.constraints) {
    if (constraint.kind != dsl::Constraint::Kind::compare || constraint.relation == Relation::not_equal) continue;
    const bool less = constraint.relation == Relation::less || constraint.relation == Relation::less_equal;
    const bool greater = constraint.relation == Relation::greater || constraint.relation == Relation::greater_equal;
    const bool closed = constraint.relation != Relation::less && constraint.relation != Relation::greater;
    Interval values = constraint.limit;
    if (less) values.low.infinite = true;
    if (greater) values.high.infinite = true;
    values.low.closed = values.low.closed && closed;
    values.high.closed = values.high.closed && closed;
    out = intersection(out, values).value_or(out);
  }
  return out;
}

}  // namespace

Blame::Blame(Data& data, RowIndex& index, const Near& near, const Written* written)
    : data_(data), index_(index), written_(written), all_near_(near.all) {
  read(near);
  link();
  found_.resize(violations_.size());
  for (std::uint32_t i = 0; i < violations_.size(); ++i) {
    std::vector<Candidate>& candidates = found_[i].candidates;
    const auto add = [&](const std::optional<Candidate>& candidate) {
      if (!candidate || std::ranges::find(candidate->clears, i) == candidate->clears.end()) return;
      const auto same = [&](const Candidate& known) {
        return std::ranges::is_permutation(known.changes, candidate->changes, {}, &Change::cell, &Change::cell);
      };
      if (std::ranges::none_of(candidates, same)) candidates.push_back(*candidate);
    };
    if (candidates_.size() + violations_[i].suspects.size() > most_suspected) break;
    for (const CellRef& cell : violations_[i].suspects) {
      const auto [known, added] = candidates_.try_emplace(cell);
      if (added) known->second = {best(cell), exchanged(cell)};
      for (const std::optional<Candidate>& candidate : known->second) add(candidate);
    }
    look_for_sets(i);
    order(found_[i]);
    write(found_[i]);
  }
}

bool Blame::compares_figures(const dsl::Program& program, const dsl::Rule& rule) {
  std::vector<std::pair<dsl::ExprId, bool>> open{{rule.require, false}};  // and whether it stands in a comparison
  while (!open.empty()) {
    const auto [id, compared] = open.back();
    open.pop_back();
    const dsl::Expr& expr = program[id];
    if (compared && expr.op == dsl::ExprOp::cell && expr.kind == dsl::ValueKind::figure) return true;
    for (const dsl::ExprId kid : expr.kids) open.emplace_back(kid, compared || expr.op == dsl::ExprOp::compare);
    if (expr.op != dsl::ExprOp::aggregate) continue;
    const dsl::Aggregate& aggregate = program[expr.aggregate];
    const bool counts =
        aggregate.function == dsl::AggregateFunction::count || aggregate.function == dsl::AggregateFunction::count_distinct;
    if (!counts && aggregate.element.valid()) open.emplace_back(aggregate.element, compared);
  }
  return false;
}

void Blame::read(const Near& near) {
  std::map<RuleInstance, std::uint32_t> numbers;
  for (const RuleInstance& each : near.instances) {
    data_.watch.go_on();
    const Judgement judgement = judge(data_, *each.rule, each.instance, 1, &index_);
    if (!judgement.made) continue;
    const auto number = static_cast<std::uint32_t>(readers_.size());
    Reader reader{&each, judgement.verdict, {}, std::nullopt, {}, false};
    reader.by_intervals = judgement.verdict != Verdict::unknown && judgement.verdict != Verdict::unmatched &&
                          is_decided_by_intervals(*data_.program, *each.rule);
    for (const auto* cells : {&judgement.cells, &judgement.when_cells}) {
      std::ranges::copy_if(*cells, std::back_inserter(reader.figures), [this](const CellRef& cell) { return is_suspect(cell); });
    }
    std::ranges::sort(reader.figures);
    reader.figures.erase(std::ranges::unique(reader.figures).begin(), reader.figures.end());
    for (const CellRef& cell : reader.figures) by_cell_[cell].push_back(number);
    numbers.emplace(each, number);
    readers_.push_back(std::move(reader));
  }
  for (const Near::Large& each : near.large) read(each);
  for (const Violation& violation : near.violations) {
    Violated& out = violations_.emplace_back();
    out.joint = true;
    std::set<CellRef> suspects;
    for (const RuleInstance& each : violation.instances) {
      const auto number = numbers.find(each);
      if (number == numbers.end()) continue;
      const Reader& reader = readers_[number->second];
      out.readers.push_back(number->second);
      out.joint = out.joint && reader.verdict != Verdict::violated;
      suspects.insert(reader.figures.begin(), reader.figures.end());
      violations_of_[number->second].push_back(static_cast<std::uint32_t>(violations_.size() - 1));
    }
    if (suspects.size() <= most_suspects) out.suspects.assign(suspects.begin(), suspects.end());
  }
}

/// Takes of a large instance what the others read of it.
void Blame::read(const Near::Large& large) {
  data_.watch.go_on();
  const std::unique_ptr<TotalsRule> totals = TotalsRule::of(data_, *large.instance.rule, index_);
  const auto number = static_cast<std::uint32_t>(readers_.size());
  Reader reader{&large.instance, large.verdict, {}, std::vector<LinearCondition>(), {}, true, true};
  const auto is_read = [this](const CellRef& cell) { return by_cell_.contains(cell); };
  if (auto condition = totals->condition(large.instance.instance, is_read)) {
    condition->range = condition->range + large.others;
    reader.linear->push_back(std::move(*condition));
    reader.left.emplace_back(reader.linear->front());
    reader.closed = false;
  }
  for (const CellRef& cell : totals->cells()) {
    if (is_read(cell)) reader.figures.push_back(cell);
  }
  if (!reader.closed && is_read(reader.linear->front().cells.front().cell))
    reader.figures.push_back(reader.linear->front().cells.front().cell);
  std::ranges::sort(reader.figures);
  for (const CellRef& cell : reader.figures) by_cell_[cell].push_back(number);
  readers_.push_back(std::move(reader));
}

/// Makes the system of all that is near.
void Blame::link() {
  if (!all_near_) return;
  std::uint64_t terms = 0;
  for (std::uint32_t i = 0; i < readers_.size(); ++i) {
    if (readers_[i].asked->rule->strength != dsl::Strength::possible) continue;
    for (const LinearCondition& condition : linear(readers_[i])) {
      terms += condition.cells.size();
      if (terms > most_terms) {
        all_near_ = false;
        return;
      }
      system_.add(condition);
      asked_by_.push_back(i);
    }
  }
  const System& system = system_.system();
  links_ = links_of(system, linked(system.constraints.size(), system.unknowns.size(), [&](std::uint32_t i, auto tell) {
                      for (const Constraint::Term& term : system.constraints[i].terms) tell(term.unknown);
                    }));
}

std::span<const std::uint32_t> Blame::linked_with(const CellRef& cell) const {
  const auto unknown = system_.unknown(cell);
  if (!unknown) return {};
  return links_.groups[links_.group_of[links_.uses[*unknown].front()]];
}

const FigureColumn& Blame::figures_of(const CellRef& cell) const {
  return data_[cell.table].columns[cell.column].parts[cell.part].figures;
}

const FigureFormat& Blame::format_of(const CellRef& cell) const { return (*data_.program)[cell.table].columns[cell.column].format; }

bool Blame::is_suspect(const CellRef& cell) const {
  return cell.row != Child::none && may_be_wrong(*data_.program, cell) && figures_of(cell).known(cell.row);
}

std::string Blame::text_of(const CellRef& cell) const {
  if (written_ != nullptr && written_->cell == cell) return written_->text;
  return engine::text_of(data_, cell.table, {cell.column, cell.part, cell.row});
}

std::optional<Figure> Blame::figure_of(const CellRef& cell, const std::string& text) {
  RowReader& reader = row_readers_.try_emplace(cell.table, data_, cell.table, ignored_).first->second;
  bool told = false;
  Figure figure = reader.figure_alone(cell.column, text, told);
  if (figure.mark != Mark::number || told) return std::nullopt;
  return figure;
}

const std::vector<LinearCondition>& Blame::linear(Reader& reader) {
  if (!reader.linear) {
    reader.linear = linear_conditions(data_, *reader.asked->rule, reader.asked->instance, &index_);
    for (const LinearCondition& condition : *reader.linear) reader.left.emplace_back(condition);
  }
  return *reader.linear;
}

const std::optional<Interval>& Blame::allowed(const CellRef& cell) {
  const auto [known, added] = allowed_.try_emplace(cell);
  if (added) known->second = find_allowed(cell);
  return known->second;
}

std::optional<Interval> Blame::find_allowed(const CellRef& cell) {
  std::optional<Interval> out = declared_values((*data_.program)[cell.table].columns[cell.column]);
  for (const std::uint32_t each : by_cell_.at(cell)) {
    Reader& reader = readers_[each];
    if (reader.asked->rule->strength != dsl::Strength::possible) continue;  // which ask for more than that it is possible
    const std::vector<LinearCondition>& conditions = linear(reader);
    for (std::size_t i = 0; i < conditions.size(); ++i) {
      const auto part = std::ranges::find(conditions[i].cells, cell, &LinearCondition::Part::cell);
      if (part == conditions[i].cells.end()) continue;
      out = intersection(*out, reader.left[i].of(*part));
      if (!out) return std::nullopt;
    }
  }
  return out;
}

std::optional<Blame::Candidate> Blame::best(const CellRef& cell) {
  const std::optional<Interval>& values = allowed(cell);
  if (!values || cells_tried_ > most_cells_tried) return std::nullopt;
  const Rational written = figures_of(cell).written(cell.row);
  std::optional<Candidate> out;
  for (Meaning& meaning : meanings(cell, *values)) {
    data_.watch.go_on();
    if (out && (meaning.slip != out->changes.front().slip || meaning.unusual != out->unusual)) break;
    if (!tells(*values, meaning.slip, written)) continue;
    const Puts puts{{cell, meaning.figure}};
    std::vector<std::uint32_t> clears = cleared_with(puts);
    if (clears.empty() || !possible_together(puts, clears)) continue;
    if (out) {
      out->others += clears.size() >= out->clears.size() ? 1 : 0;
    } else {
      out = Candidate{{{cell, meaning.slip, std::move(meaning.text)}}, meaning.unusual, std::move(clears)};
    }
  }
  return out;
}

std::vector<Blame::Meaning> Blame::meanings(const CellRef& cell, const Interval& values) {
  const FigureFormat& format = format_of(cell);
  const std::string text = text_of(cell);
  std::vector<Meant> all = meant_by(text, format.decimal, group_of(format), sieve_for(cell, text, values));
  add_rows_left_out(cell, text, all);
  add_copies(cell, text, values, all);
  const auto as_written = decimals_of(text, format.decimal, group_of(format));
  std::vector<Meaning> out;
  for (Meant& meant : all) {
    const auto figure = figure_of(cell, meant.text);
    if (!figure || !intersection(true_values(*figure), values)) continue;
    // Hardly anyone writes more or fewer decimals than the other cells of a column have.
    const auto decimals = decimals_of(meant.text, format.decimal, group_of(format));
    const bool unusual = !decimals || (decimals != as_written && !usual_decimals(cell, *decimals));
    out.push_back({meant.slip, std::move(meant.text), *figure, unusual});
  }
  std::ranges::stable_sort(out, {}, [](const Meaning& each) { return std::pair(each.unusual, each.slip); });
  return out;
}

std::optional<Sieve> Blame::sieve_for(const CellRef& cell, const std::string& text, const Interval& values) const {
  const FigureFormat& format = format_of(cell);
  const FigureColumn& figures = figures_of(cell);
  const Rational written = figures.written(cell.row);
  const auto place = last_place(text, written, format.decimal, group_of(format));
  const auto decimals = decimals_of(text, format.decimal, group_of(format));
  const Interval own = figures.range(cell.row);
  if (!place || !decimals || written < 0 || own.low.infinite || own.high.infinite) return std::nullopt;
  const Rational unit = times(*place, power_of_ten(static_cast<int>(*decimals)));
  // not a figure: a sieve
  constexpr double far = std::numeric_limits<double>::infinity();
  const auto number = [&](const Rational& value) { return quotient(value, unit).convert_to<double>(); };
  return Sieve{values.low.infinite ? -far : number(values.low.value), values.high.infinite ? far : number(values.high.value),
               number(own.high.value - own.low.value)};
}

/// A total that was made without one of its rows.
void Blame::add_rows_left_out(const CellRef& cell, const std::string& text, std::vector<Meant>& to) {
  const FigureFormat& format = format_of(cell);
  const auto written = [this](const CellRef& each) { return figures_of(each).written(each.row); };
  std::set<std::string> seen;
  for (const std::uint32_t each : by_cell_.at(cell)) {
    if (readers_[each].verdict != Verdict::violated) continue;
    for (const LinearCondition& condition : linear(readers_[each])) {
      const auto own = std::ranges::find(condition.cells, cell, &LinearCondition::Part::cell);
      if (own == condition.cells.end() || condition.cells.size() < 3 || condition.cells.size() > most_parts) continue;
      for (const LinearCondition::Part& part : condition.cells) {
        if (part.factor != -own->factor || !is_suspect(part.cell)) continue;
        const Rational left_out = written(part.cell), was = written(cell);
        if (left_out.is_zero()) continue;
        std::string sum = with_value(text, was, was + left_out, format.decimal, group_of(format));
        if (!sum.empty() && seen.insert(sum).second) to.push_back({Slip::omitted, std::move(sum)});
      }
    }
  }
}

/// Where the figure is that of its neighbour, what it should be is known only if the rules leave one number.
void Blame::add_copies(const CellRef& cell, const std::string& text, const Interval& values, std::vector<Meant>& to) {
  if (values.low.infinite || values.high.infinite) return;
  const auto is_copy = [&](const CellRef& each) { return text_of(each) == text; };
  if (std::ranges::none_of(figures_beside(cell), is_copy)) return;
  const FigureFormat& format = format_of(cell);
  const Rational was = figures_of(cell).written(cell.row);
  const auto place = last_place(text, was, format.decimal, group_of(format));
  if (!place || values.high.value - values.low.value > *place * 2) return;
  const Rational from = quotient(values.low.value, *place);
  std::vector<std::string> fitting;
  for (int i = -1; i <= 4; ++i) {
    const Rational value = times(Rational(floor_of(from) + i), *place);
    std::string other = with_value(text, was, value, format.decimal, group_of(format));
    const auto figure = other.empty() || other == text ? std::nullopt : figure_of(cell, other);
    if (figure && intersection(true_values(*figure), values)) fitting.push_back(std::move(other));
  }
  if (fitting.size() == 1) to.push_back({Slip::copied, std::move(fitting.front())});
}

std::vector<CellRef> Blame::figures_beside(const CellRef& cell) const {
  std::vector<CellRef> out;
  for (const CellRef& other : beside(data_, cell)) {
    if (is_suspect(other) && (other.row == cell.row || by_cell_.contains(other))) out.push_back(other);
  }
  return out;
}

bool Blame::tells_apart(const CellRef& cell, const CellRef& other) {
  const auto factor_in = [](const LinearCondition& condition, const CellRef& of) {
    const auto part = std::ranges::find(condition.cells, of, &LinearCondition::Part::cell);
    return part == condition.cells.end() ? Rational(0) : part->factor;
  };
  return std::ranges::any_of(by_cell_.at(cell), [&](std::uint32_t each) {
    if (readers_[each].verdict != Verdict::violated && !violations_of_.contains(each)) return false;
    const std::vector<LinearCondition>& conditions = linear(readers_[each]);
    return conditions.empty() || std::ranges::any_of(conditions, [&](const LinearCondition& condition) {
             return factor_in(condition, cell) != factor_in(condition, other);
           });
  });
}

std::optional<Blame::Candidate> Blame::exchanged(const CellRef& cell) {
  const std::string text = text_of(cell);
  for (const CellRef& other : figures_beside(cell)) {
    if (cells_tried_ > most_cells_tried) break;
    const std::string there = text_of(other);
    if (there == text || !by_cell_.contains(other) || !tells_apart(cell, other)) continue;
    const auto here = figure_of(cell, there), away = figure_of(other, text);
    if (!here || !away) continue;
    // Where both stand in one sum, it depends on the two of them.
    const std::vector<std::uint32_t>&own = by_cell_.at(cell), &others = by_cell_.at(other);
    const bool apart = std::ranges::none_of(own, [&](std::uint32_t each) { return std::ranges::binary_search(others, each); });
    if (apart) {
      const std::optional<Interval>&values = allowed(cell), &other_values = allowed(other);
      if (!values || !other_values || !intersection(true_values(*here), *values)) continue;
      if (!intersection(true_values(*away), *other_values)) continue;
    }
    data_.watch.go_on();
    const Puts puts{{cell, *here}, {other, *away}};
    std::vector<std::uint32_t> clears = cleared_with(puts);
    if (clears.empty() || !possible_together(puts, clears)) continue;
    return Candidate{{{cell, Slip::exchanged, there}, {other, Slip::exchanged, text}}, false, std::move(clears)};
  }
  return std::nullopt;
}

bool Blame::usual_decimals(const CellRef& cell, std::size_t decimals) {
  CellRef first = cell;
  first.row = 0;
  const auto [known, added] = decimals_.try_emplace(first);
  if (added) {
    const FigureFormat& format = format_of(cell);
    for (auto at = by_cell_.lower_bound(first); at != by_cell_.end() && known->second.size() < most_looked_at; ++at) {
      const CellRef& each = at->first;
      if (each.table != cell.table || each.column != cell.column || each.part != cell.part) break;
      const auto there = decimals_of(text_of(each), format.decimal, group_of(format));
      if (there) known->second.emplace_back(each.row, *there);
    }
  }
  return std::ranges::any_of(known->second, [&](const auto& each) { return each.first != cell.row && each.second == decimals; });
}

std::optional<bool> Blame::allows(Reader& reader, const Puts& puts) {
  if (!reader.by_intervals || linear(reader).size() != 1) return std::nullopt;
  const std::vector<LinearCondition::Part>& parts = reader.linear->front().cells;
  std::vector<std::pair<const LinearCondition::Part*, Interval>> others;
  for (const auto& [cell, figure] : puts) {
    if (!std::ranges::binary_search(reader.figures, cell)) continue;
    const auto part = std::ranges::find(parts, cell, &LinearCondition::Part::cell);
    if (part == parts.end() || (reader.asked->rule->when.valid() && figures_of(cell).mark(cell.row) != Mark::number))
      return std::nullopt;
    others.emplace_back(&*part, true_values(figure));
  }
  return reader.left.front().allow(others);
}

std::vector<std::uint32_t> Blame::cleared_with(const Puts& puts) {
  std::set<std::uint32_t> readers, cleared, touched;
  for (const auto& [cell, figure] : puts) {
    const std::vector<std::uint32_t>& of = by_cell_.at(cell);
    readers.insert(of.begin(), of.end());
  }
  for (const std::uint32_t each : readers) {
    const auto of = violations_of_.find(each);
    if (of != violations_of_.end()) touched.insert(of->second.begin(), of->second.end());
  }
  // What is decided by intervals is so by those of the figures as they are: before others stand in their places.
  std::vector<std::uint32_t> to_judge;
  for (const std::uint32_t each : readers) {
    if (readers_[each].closed) return {};
    const std::optional<bool> allowed = allows(readers_[each], puts);
    if (!allowed) {
      to_judge.push_back(each);
    } else if (readers_[each].verdict == Verdict::violated) {
      if (*allowed) cleared.insert(each);
    } else if (!*allowed) {
      return {};
    }
  }
  std::deque<Replaced> replaced;
  for (const auto& [cell, figure] : puts) {
    if (!to_judge.empty()) replaced.emplace_back(data_, cell, figure);
  }
  for (const std::uint32_t each : to_judge) {
    const Reader& reader = readers_[each];
    const Judgement judgement = judge(data_, *reader.asked->rule, reader.asked->instance, 1, &index_);
    cells_tried_ += judgement.cells.size();
    const Verdict verdict = judgement.made ? judgement.verdict : Verdict::holds;
    if (is_bad(verdict) && verdict != reader.verdict) return {};
    if (reader.verdict == Verdict::violated && !is_bad(verdict)) cleared.insert(each);
  }
  std::vector<std::uint32_t> out;
  for (const std::uint32_t each : touched) {
    const Violated& violation = violations_[each];
    if (violation.joint ? all_near_ && holds_together(violation.readers, puts) : cleared.contains(violation.readers.front())) {
      out.push_back(each);
    }
  }
  return out;
}

bool Blame::holds_together(const std::vector<std::uint32_t>& readers, const Puts& puts) {
  if (terms_looked_at_ > most_terms_looked_at) return false;
  std::vector<std::uint32_t> constraints;
  for (std::uint32_t i = 0; i < asked_by_.size(); ++i) {
    if (std::ranges::find(readers, asked_by_[i]) != readers.end()) constraints.push_back(i);
  }
  return can_hold(constraints, puts);
}

bool Blame::can_hold(const std::vector<std::uint32_t>& constraints, const Puts& puts) {
  if (terms_looked_at_ > most_terms_looked_at) return true;  // each rule holds by itself
  Part part = part_of(system_.system(), constraints);
  terms_looked_at_ += terms_of(part.system);
  for (const auto& [cell, figure] : puts) {
    const auto unknown = system_.unknown(cell);
    if (!unknown) continue;
    const auto at = std::ranges::lower_bound(part.unknowns, *unknown);
    if (at == part.unknowns.end() || *at != *unknown) continue;
    part.system.unknowns[static_cast<std::size_t>(at - part.unknowns.begin())] = true_values(figure);
  }
  std::vector<std::uint32_t> all(constraints.size());
  std::iota(all.begin(), all.end(), 0);
  std::uint64_t steps = most_steps;
  try {
    return !some_conflict(part.system, all, data_.watch, steps);
  } catch (const Simplex::Spent&) {
    return true;
  }
}

bool Blame::possible_together(const Puts& puts, const std::vector<std::uint32_t>& cleared) {
  if (!all_near_) return true;
  std::set<std::uint32_t> constraints;
  for (const auto& [cell, figure] : puts) {
    const std::span<const std::uint32_t> linked = linked_with(cell);
    constraints.insert(linked.begin(), linked.end());
  }
  const auto still_wrong = [&](std::uint32_t constraint) {
    const auto of = violations_of_.find(asked_by_[constraint]);
    if (of == violations_of_.end()) return readers_[asked_by_[constraint]].verdict == Verdict::violated;
    return std::ranges::any_of(of->second, [&](std::uint32_t each) { return std::ranges::find(cleared, each) == cleared.end(); });
  };
  std::erase_if(constraints, still_wrong);
  return can_hold({constraints.begin(), constraints.end()}, puts);
}

void Blame::look_for_sets(std::uint32_t violation) {
  const Violated& of = violations_[violation];
  if (!all_near_ || of.suspects.empty()) return;
  // This violation, those that share a figure with it, and all that holds besides.
  std::set<std::uint32_t> adjacent{violation};
  for (const CellRef& cell : of.suspects) {
    for (const std::uint32_t reader : by_cell_.at(cell)) {
      const auto known = violations_of_.find(reader);
      if (known != violations_of_.end()) adjacent.insert(known->second.begin(), known->second.end());
    }
  }
  std::set<std::uint32_t> counting;
  for (const CellRef& cell : of.suspects) counting.insert(linked_with(cell).begin(), linked_with(cell).end());
  std::erase_if(counting, [&](std::uint32_t each) {
    const auto known = violations_of_.find(asked_by_[each]);
    if (known == violations_of_.end()) return readers_[asked_by_[each]].verdict == Verdict::violated;
    return !std::ranges::all_of(known->second, [&](std::uint32_t v) { return adjacent.contains(v); });
  });
  const std::vector<std::uint32_t> constraints(counting.begin(), counting.end());
  const Part part = part_of(system_.system(), constraints);
  std::vector<CellRef> cells;
  std::vector<bool> changeable;
  for (const std::uint32_t unknown : part.unknowns) {
    cells.push_back(system_.cell(unknown));
    changeable.push_back(is_suspect(cells.back()));
  }
  Effort effort;
  effort.steps = most_steps;
  const std::uint64_t terms = terms_of(part.system);
  const std::uint64_t left = most_terms_looked_at - std::min(most_terms_looked_at, terms_looked_at_);
  const std::uint64_t looks = std::min(most_looks, std::min(most_terms_for_sets, left) / std::max<std::uint64_t>(1, terms));
  const CorrectionLimits limits{.only_smallest = true, .most_sets = most_sets, .most_looks = looks};
  const Corrections found = corrections(part.system, changeable, limits, data_.watch, &effort);
  terms_looked_at_ += found.looks * terms;
  if (found.sets.empty() || found.sets.front().empty()) return;
  for (const std::vector<std::uint32_t>& set : found.sets) {
    std::vector<CellRef>& named = found_[violation].sets.emplace_back();
    for (const std::uint32_t unknown : set) named.push_back(cells[unknown]);
  }
  if (found.sets.front().size() < 2) return;
  for (std::size_t i = 0; i < found.sets.size() && i < most_sets_tried; ++i) {
    System lifted = part.system;
    for (const std::uint32_t unknown : found.sets[i]) lifted.unknowns[unknown] = Interval::everything();
    Candidate candidate;
    Puts puts;
    if (texts_for(lifted, found.sets[i], cells, violation, puts, candidate)) found_[violation].candidates.push_back(candidate);
  }
}

bool Blame::texts_for(System& system, const std::vector<std::uint32_t>& set, const std::vector<CellRef>& cells,
                      std::uint32_t violation, Puts& puts, Candidate& to) {
  if (puts.size() == set.size()) {
    to.clears = cleared_with(puts);
    return std::ranges::find(to.clears, violation) != to.clears.end() && possible_together(puts, to.clears);
  }
  data_.watch.go_on();
  const std::uint32_t unknown = set[puts.size()];
  const CellRef& cell = cells[unknown];
  if (terms_looked_at_ > most_terms_looked_at || cells_tried_ > most_cells_tried) return false;
  terms_looked_at_ += terms_of(system);
  const auto values = possible_values(system, unknown, data_.watch);
  if (!values || (values->low.infinite && values->high.infinite)) return false;
  std::vector<Meaning> all = meanings(cell, *values);
  for (std::size_t i = 0; i < all.size() && i < most_meanings; ++i) {
    Meaning& meaning = all[i];
    system.unknowns[unknown] = true_values(meaning.figure);
    puts.emplace_back(cell, meaning.figure);
    to.changes.push_back({cell, meaning.slip, meaning.text});
    const bool before = std::exchange(to.unusual, to.unusual || meaning.unusual);
    if (texts_for(system, set, cells, violation, puts, to)) return true;
    to.unusual = before;
    to.changes.pop_back();
    puts.pop_back();
  }
  system.unknowns[unknown] = Interval::everything();
  return false;
}

void Blame::order(Found& found) const {
  const auto alone = [&](const Change& change) {
    return std::ranges::any_of(found.candidates, [&](const Candidate& each) {
      return each.changes.size() == 1 && each.changes.front().cell == change.cell;
    });
  };
  // Two that explain two violations say no more together.
  std::erase_if(found.candidates, [&](const Candidate& each) {
    return each.changes.size() > 1 && each.changes.front().slip != Slip::exchanged && std::ranges::all_of(each.changes, alone);
  });
  const auto rank = [](const Candidate& each) {
    const Slip worst = std::ranges::max_element(each.changes, {}, &Change::slip)->slip;
    const bool exchanged = worst == Slip::exchanged && each.changes.front().slip == worst;
    return std::tuple(-static_cast<std::ptrdiff_t>(each.clears.size()), exchanged ? 1 : each.changes.size(), each.unusual, worst);
  };
  std::ranges::stable_sort(found.candidates, {}, rank);
  for (const Candidate& each : found.candidates) {
    found.tied += rank(each) == rank(found.candidates.front()) ? 1 : 0;
    std::size_t& rivals = found.rivals.emplace_back(each.others);
    for (const Candidate& other : found.candidates) rivals += &other != &each && rank(other) <= rank(each) ? other.others + 1 : 0;
  }
}

Suggestion Blame::suggestion(const Candidate& candidate) const {
  const Change& first = candidate.changes.front();
  Suggestion out;
  out.cell = evidence_of(data_, first.cell, "cell");
  out.text = first.text;
  out.slip = slip_names[static_cast<std::size_t>(first.slip)];
  out.delimiter = data_[first.cell.table].delimiter;
  std::string others;
  for (std::size_t i = 1; i < candidate.changes.size(); ++i) {
    const Change& change = candidate.changes[i];
    CellEvidence cell = evidence_of(data_, change.cell, "cell");
    others.append(i == 1 ? "" : ", ").append("`" + cell.text + "` → `" + change.text + "` (" + name_of(cell) + ")");
    Message message = change_message(MessageId::suggestion_with, change.slip,
                                     {{"from", cell.text}, {"to", change.text}, {"other", name_of(out.cell)}});
    std::string slip(slip_names[static_cast<std::size_t>(change.slip)]);
    out.with.push_back({std::move(cell), change.text, std::move(slip), std::move(message), data_[change.cell.table].delimiter});
  }
  const bool one = candidate.clears.size() == 1;
  const MessageId id = candidate.changes.size() == 1 ? (one ? MessageId::suggestion_one : MessageId::suggestion)
                                                     : (one ? MessageId::suggestion_together_one : MessageId::suggestion_together);
  out.message = change_message(
      id, first.slip,
      {{"from", out.cell.text}, {"to", out.text}, {"others", others}, {"count", std::to_string(candidate.clears.size())}});
  return out;
}

/// Writes down what is told of a violation, while its cells are there.
void Blame::write(Found& found) const {
  for (std::size_t i = 0; i < found.candidates.size() && i < most_suggestions; ++i) {
    found.suggestions.push_back(suggestion(found.candidates[i]));
    found.suggestions.back().rivals = found.rivals[i];
  }
  for (const std::vector<CellRef>& set : found.sets) {
    std::vector<CellEvidence>& named = found.corrections.emplace_back();
    for (const CellRef& cell : set) named.push_back(evidence_of(data_, cell, "cell"));
  }
}

void Blame::explain(std::size_t violation, Finding& finding) const {
  if (violation >= found_.size()) return;
  const Found& found = found_[violation];
  finding.suggestions = found.suggestions;
  finding.corrections = found.corrections;
  if (found.tied > 1) finding.notes.push_back(say(MessageId::suggestions_tied, {{"count", std::to_string(found.tied)}}));
  const std::size_t size = found.sets.empty() ? 0 : found.sets.front().size();
  if (size < 2 || !found.candidates.empty()) return;
  std::string sets;
  for (std::size_t i = 0; i < found.sets.size() && i < most_sets_told; ++i) {
    if (i > 0) sets += "; ";
    for (std::size_t j = 0; j < size; ++j) sets.append(j == 0 ? "" : " & ").append(name_of(found.corrections[i][j]));
  }
  if (found.sets.size() > most_sets_told) sets += "; …";
  finding.notes.push_back(say(MessageId::corrections_needed, {{"count", std::to_string(size)}, {"sets", sets}}));
}

}  // namespace kenzan::engine
