#include "engine/solve/simplex.hpp"

#include <algorithm>

namespace kenzan::engine {
namespace {

/// From here on the first variable that may enter does: then no basis can come back.
constexpr std::uint64_t greedy_pivots = 10'000;

}  // namespace

Simplex::Simplex(const std::vector<Peeling::Row>& rows, const Peeling& unknowns, const Watch& watch, std::uint64_t& steps)
    : watch_(watch), steps_(steps) {
  for (const Peeling::Row& row : rows) {
    for (const Constraint::Term& term : row.terms) numbers_.push_back(term.unknown);
  }
  std::ranges::sort(numbers_);
  numbers_.erase(std::ranges::unique(numbers_).begin(), numbers_.end());
  for (const std::uint32_t number : numbers_) {
    Variable& added = variables_[add_variable(unknowns.unknown(number))];
    // As near the middle as can be: the middle of what a rounded figure stands for is what is written.
    if (added.has_low && added.has_high) {
      added.value = divided(engine::added(added.low, 1, added.high), 2);
    } else if (added.has_low || added.has_high) {
      added.value = added.has_low ? added.low : added.high;
    }
  }
  for (const Peeling::Row& row : rows) {
    const std::uint32_t sum = add_variable(row.range);
    Variable& added = variables_[sum];
    added.basic_in = static_cast<std::uint32_t>(rows_.size());
    basic_.push_back(sum);
    std::vector<Entry>& entries = rows_.emplace_back();
    for (const Constraint::Term& term : row.terms) {
      const auto at = std::ranges::lower_bound(numbers_, term.unknown) - numbers_.begin();
      entries.push_back({static_cast<std::uint32_t>(at), term.factor});
      columns_[entries.back().variable].push_back(added.basic_in);
      added.value = engine::added(added.value, term.factor, variables_[entries.back().variable].value);
    }
    std::ranges::sort(entries, {}, &Entry::variable);
  }
}

std::uint32_t Simplex::add_variable(const Peeling::Reasoned& known) {
  const auto [low, high] = known.range;
  Variable added;
  added.has_low = !low.infinite;
  added.has_high = !high.infinite;
  if (added.has_low) added.low = {low.value, low.closed ? 0 : 1};
  if (added.has_high) added.high = {high.value, high.closed ? 0 : -1};
  added.low_reason = known.low;
  added.high_reason = known.high;
  variables_.push_back(std::move(added));
  columns_.emplace_back();
  return static_cast<std::uint32_t>(variables_.size() - 1);
}

bool Simplex::below(const Variable& variable) const { return variable.has_low && order(variable.value, variable.low) < 0; }
bool Simplex::above(const Variable& variable) const { return variable.has_high && order(variable.value, variable.high) > 0; }

const Rational* Simplex::factor_in(std::uint32_t row, std::uint32_t variable) const {
  const auto at = std::ranges::lower_bound(rows_[row], variable, {}, &Entry::variable);
  return at != rows_[row].end() && at->variable == variable ? &at->factor : nullptr;
}

std::uint32_t Simplex::entering(std::uint32_t row, bool up) const {
  std::uint32_t best = Peeling::none;
  std::size_t least = 0;
  for (const Entry& entry : rows_[row]) {
    if (!can_move(entry.variable, (entry.factor > 0) == up)) continue;
    if (pivots_ >= greedy_pivots) return entry.variable;
    const std::size_t rows = columns_[entry.variable].size();
    if (best == Peeling::none || rows < least) best = entry.variable, least = rows;
  }
  return best;
}

void Simplex::shift(std::uint32_t variable, const Stepped& by) {
  variables_[variable].value = added(variables_[variable].value, 1, by);
  for (const std::uint32_t row : columns_[variable]) {
    Stepped& sum = variables_[basic_[row]].value;
    if (const Rational* factor = factor_in(row, variable)) sum = added(sum, *factor, by);
  }
}

void Simplex::pivot(std::uint32_t row, std::uint32_t entering) {
  ++pivots_;
  watch_.go_on();
  const std::uint32_t leaving = basic_[row];
  std::vector<Entry>& entries = rows_[row];
  const Rational factor = *factor_in(row, entering);
  // leaving = factor · entering + rest, so entering = leaving / factor − rest / factor.
  std::erase_if(entries, [&](const Entry& entry) { return entry.variable == entering; });
  const Rational inverse = quotient(Rational(1), factor);
  for (Entry& entry : entries) entry.factor = times(Rational(-inverse), entry.factor);
  entries.insert(std::ranges::lower_bound(entries, leaving, {}, &Entry::variable), {leaving, inverse});
  basic_[row] = entering;
  variables_[entering].basic_in = row;
  variables_[leaving].basic_in = Peeling::none;
  columns_[leaving] = {row};

  const std::vector<std::uint32_t> others = std::exchange(columns_[entering], {});
  std::vector<Entry> merged;
  for (const std::uint32_t other : others) {
    if (other == row) continue;
    const Rational* found = factor_in(other, entering);
    if (found == nullptr) continue;
    const Rational times_entering = *found;
    std::vector<Entry>& into = rows_[other];
    spend(into.size() + entries.size());
    merged.clear();
    merged.reserve(into.size() + entries.size());
    auto a = into.begin();
    auto b = entries.begin();
    while (a != into.end() || b != entries.end()) {
      if (a != into.end() && a->variable == entering) {
        ++a;
      } else if (b == entries.end() || (a != into.end() && a->variable < b->variable)) {
        merged.push_back(std::move(*a++));
      } else if (a == into.end() || b->variable < a->variable) {
        columns_[b->variable].push_back(other);
        merged.push_back({b->variable, times(times_entering, b->factor)});
        ++b;
      } else {
        Rational sum = plus(a->factor, times(times_entering, b->factor));
        if (!sum.is_zero()) merged.push_back({a->variable, std::move(sum)});
        ++a, ++b;
      }
    }
    into.swap(merged);
  }
  for (const Entry& entry : entries) {  // rows that have come twice, or in which it no longer stands
    std::vector<std::uint32_t>& column = columns_[entry.variable];
    std::ranges::sort(column);
    column.erase(std::ranges::unique(column).begin(), column.end());
    std::erase_if(column, [&](std::uint32_t each) { return factor_in(each, entry.variable) == nullptr; });
  }
}

std::optional<std::vector<Simplex::End>> Simplex::solve() {
  for (;;) {
    spend(basic_.size());
    std::uint32_t row = Peeling::none;
    for (std::uint32_t i = 0; i < basic_.size(); ++i) {
      const Variable& variable = variables_[basic_[i]];
      if ((below(variable) || above(variable)) && (row == Peeling::none || basic_[i] < basic_[row])) row = i;
    }
    if (row == Peeling::none) return std::nullopt;
    const std::uint32_t leaving = basic_[row];
    const bool up = below(variables_[leaving]);
    const std::uint32_t enters = entering(row, up);
    if (enters == Peeling::none) {
      std::vector<End> ends{{leaving, !up}};
      for (const Entry& entry : rows_[row]) ends.push_back({entry.variable, (entry.factor > 0) == up});
      return ends;
    }
    const Stepped wanted = up ? variables_[leaving].low : variables_[leaving].high;
    shift(enters, divided(minus(wanted, variables_[leaving].value), *factor_in(row, enters)));
    pivot(row, enters);
  }
}

Peeling::Reason Simplex::reason_of(const End& end) const {
  const Variable& variable = variables_[end.variable];
  return end.high ? variable.high_reason : variable.low_reason;
}

std::optional<Stepped> Simplex::extreme(std::uint32_t variable, bool up) {
  // One that is not basic is moved by itself; it is made basic where it can be, to be moved by the others.
  if (variables_[variable].basic_in == Peeling::none) {
    for (const std::uint32_t row : columns_[variable]) {
      if (factor_in(row, variable) == nullptr) continue;
      pivot(row, variable);
      break;
    }
  }
  const std::uint32_t row = variables_[variable].basic_in;
  if (row == Peeling::none) return std::nullopt;  // nothing is known of it
  for (;;) {
    // The first that can move the right way, which is what keeps this from going round in circles.
    const auto moves =
        std::ranges::find_if(rows_[row], [&](const Entry& entry) { return can_move(entry.variable, (entry.factor > 0) == up); });
    if (moves == rows_[row].end()) return variables_[variable].value;
    const std::uint32_t moved = moves->variable;
    const bool rises = (moves->factor > 0) == up;
    // How far it can go: to its own end, or until a basic variable comes to one of its.
    std::optional<Stepped> most;
    std::uint32_t blocking = Peeling::none;
    const Variable& self = variables_[moved];
    if (rises ? self.has_high : self.has_low) most = minus(rises ? self.high : self.low, self.value);
    for (const std::uint32_t other : columns_[moved]) {
      if (other == row) continue;
      const Rational* factor = factor_in(other, moved);
      if (factor == nullptr) continue;
      const Variable& basic = variables_[basic_[other]];
      const bool basic_rises = (*factor > 0) == rises;
      if (basic_rises ? !basic.has_high : !basic.has_low) continue;
      const Stepped room = divided(minus(basic_rises ? basic.high : basic.low, basic.value), *factor);
      const int nearer = most ? (rises ? order(room, *most) : order(*most, room)) : -1;
      if (nearer < 0 || (nearer == 0 && blocking != Peeling::none && basic_[other] < basic_[blocking]))
        most = room, blocking = other;
    }
    if (!most) return std::nullopt;
    shift(moved, *most);
    if (blocking != Peeling::none) pivot(blocking, moved);
  }
}

Interval Simplex::range_of(std::uint32_t unknown) {
  const auto at = static_cast<std::uint32_t>(std::ranges::lower_bound(numbers_, unknown) - numbers_.begin());
  const auto end = [&](bool up) {
    std::optional<Stepped> found = extreme(at, up);
    const Variable& own = variables_[at];
    if ((up ? own.has_high : own.has_low) && (!found || (up ? order(own.high, *found) < 0 : order(own.low, *found) > 0))) {
      found = up ? own.high : own.low;
    }
    return found ? Bound{found->value, found->steps.is_zero(), false} : Bound{0, false, true};
  };
  return {end(false), end(true)};
}

}  // namespace kenzan::engine
