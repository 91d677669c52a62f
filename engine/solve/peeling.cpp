#include "engine/solve/peeling.hpp"

#include <algorithm>

namespace kenzan::engine {

Peeling::Peeling(const System& system, const std::vector<std::uint32_t>& constraints, const Watch& watch, std::uint32_t kept)
    : uses_(system.unknowns.size()), degree_(system.unknowns.size()), kept_(kept) {
  unknowns_.reserve(system.unknowns.size());
  for (const Interval& range : system.unknowns) unknowns_.push_back({range});
  if (kept != none) unknowns_[kept].range = Interval::everything();
  rows_.reserve(constraints.size());
  for (const std::uint32_t constraint : constraints) {
    const Constraint& given = system.constraints[constraint];
    const auto row = static_cast<std::uint32_t>(rows_.size());
    for (std::uint32_t i = 0; i < given.terms.size(); ++i) uses_[given.terms[i].unknown].push_back({row, i});
    Work& work = rows_.emplace_back();
    work.row = {given.terms, {given.range}, constraint};
    work.folded.resize(given.terms.size());
    work.left = given.terms.size();
    if (work.left < 2 || (given.range.low.infinite && given.range.high.infinite)) settled_.push_back(row);
  }
  for (std::uint32_t i = 0; i < uses_.size(); ++i) {
    degree_[i] = static_cast<std::uint32_t>(uses_[i].size());
    if (degree_[i] > 0) release(i);
  }
  run(watch);
}

void Peeling::release(std::uint32_t unknown) {
  if (unknown != kept_ && (degree_[unknown] == 1 || unknowns_[unknown].range.is_point())) loose_.push_back(unknown);
}

void Peeling::run(const Watch& watch) {
  std::uint64_t steps = 0;
  while (!conflict_ && (!loose_.empty() || !settled_.empty())) {
    watch.go_on(++steps);
    if (!settled_.empty()) {
      const std::uint32_t row = settled_.back();
      settled_.pop_back();
      settle(row);
      continue;
    }
    const std::uint32_t unknown = loose_.back();
    loose_.pop_back();
    if (degree_[unknown] == 0) continue;
    for (const Use& use : uses_[unknown]) {
      if (rows_[use.row].alive && !rows_[use.row].folded[use.term]) fold(unknown, use);
    }
  }
}

void Peeling::fold(std::uint32_t unknown, Use use) {
  Work& work = rows_[use.row];
  const Rational& factor = work.row.terms[use.term].factor;
  const Reasoned& known = unknowns_[unknown];
  const Interval part = factor * known.range;
  work.row.range.range = work.row.range.range - part;
  // The least that the others can be follows from the most that this one can be.
  const Reason most = factor > 0 ? known.high : known.low, least = factor > 0 ? known.low : known.high;
  if (most != 0) work.low.push_back(most);
  if (least != 0) work.high.push_back(least);
  work.folded[use.term] = true;
  --degree_[unknown];
  --work.left;
  const Interval& range = work.row.range.range;
  if (work.left < 2 || (range.low.infinite && range.high.infinite)) settled_.push_back(use.row);
}

void Peeling::settle(std::uint32_t row) {
  Work& work = rows_[row];
  if (!work.alive) return;
  const Interval& range = work.row.range.range;
  if (range.low.infinite && range.high.infinite) return drop(row);
  if (work.left == 0) {
    const Reason low = because(work.row.constraint, work.low), high = because(work.row.constraint, work.high);
    work.alive = false;
    const Bound& least = range.low;
    const bool above = !least.infinite && (least.value > 0 || (least.value.is_zero() && !least.closed));
    if (!range.contains(0)) conflict_ = constraints_behind({above ? low : high});
    return;
  }
  const auto term = static_cast<std::size_t>(std::ranges::find(work.folded, false) - work.folded.begin());
  const auto [unknown, factor] = work.row.terms[term];
  Reason low = range.low.infinite ? 0 : because(work.row.constraint, work.low);
  Reason high = range.high.infinite ? 0 : because(work.row.constraint, work.high);
  if (factor < 0) std::swap(low, high);
  const Interval values = Rational(1 / factor) * range;
  drop(row);
  narrow(unknown, values, low, high);
}

/// Takes a constraint away.
void Peeling::drop(std::uint32_t row) {
  Work& work = rows_[row];
  work.alive = false;
  for (std::size_t i = 0; i < work.folded.size(); ++i) {
    if (work.folded[i]) continue;
    const std::uint32_t unknown = work.row.terms[i].unknown;
    --degree_[unknown];
    release(unknown);
  }
}

void Peeling::narrow(std::uint32_t unknown, const Interval& range, Reason low, Reason high) {
  Reasoned& known = unknowns_[unknown];
  const auto tighter = [](const Bound& a, const Bound& b, bool low_end) {
    if (a.infinite || b.infinite) return !a.infinite && b.infinite;
    if (a.value != b.value) return low_end ? a.value > b.value : a.value < b.value;
    return !a.closed && b.closed;
  };
  const bool possible = compare(known.range, Relation::equal, range).can_be_true;
  if (tighter(range.low, known.range.low, true)) {
    known.range.low = range.low;
    known.low = low;
  }
  if (tighter(range.high, known.range.high, false)) {
    known.range.high = range.high;
    known.high = high;
  }
  if (!possible) {
    conflict_ = constraints_behind({known.low, known.high});
    return;
  }
  if (degree_[unknown] > 0) release(unknown);
}

std::vector<Peeling::Row> Peeling::core() {
  std::vector<Row> out;
  for (Work& work : rows_) {
    if (!work.alive) continue;
    Row& row = out.emplace_back(work.row);
    row.terms.clear();
    row.range.low = because(row.constraint, work.low);
    row.range.high = because(row.constraint, work.high);
    for (std::size_t i = 0; i < work.folded.size(); ++i) {
      if (!work.folded[i]) row.terms.push_back(work.row.terms[i]);
    }
  }
  return out;
}

Peeling::Reason Peeling::because(std::uint32_t constraint, const std::vector<Reason>& ends) {
  reasons_.push_back({constraint, ends});
  return static_cast<Reason>(reasons_.size() - 1);
}

std::vector<std::uint32_t> Peeling::constraints_behind(const std::vector<Reason>& reasons) const {
  std::vector<std::uint32_t> out;
  std::vector<bool> seen(reasons_.size());
  std::vector<Reason> open = reasons;
  while (!open.empty()) {
    const Reason reason = open.back();
    open.pop_back();
    if (reason == 0 || seen[reason]) continue;
    seen[reason] = true;
    out.push_back(reasons_[reason].constraint);
    open.insert(open.end(), reasons_[reason].ends.begin(), reasons_[reason].ends.end());
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

}  // namespace kenzan::engine
