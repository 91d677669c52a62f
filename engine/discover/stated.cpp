#include "engine/discover/stated.hpp"

#include <algorithm>

namespace kenzan::engine {

std::uint32_t StatedEquations::number_of(const CellRef& cell) {
  const auto [at, fresh] = numbers_.try_emplace(cell, static_cast<std::uint32_t>(parents_.size()));
  if (fresh) parents_.push_back({at->second, 1});
  return at->second;
}

StatedEquations::Root StatedEquations::root(std::uint32_t number) {
  std::vector<std::uint32_t> path;
  while (parents_[number].of != number) {
    path.push_back(number);
    number = parents_[number].of;
  }
  Rational factor = 1;
  for (; !path.empty(); path.pop_back()) {  // from the one below the root: each points at the root from now on
    Root& each = parents_[path.back()];
    factor = times(each.factor, factor);
    each = {number, factor};
  }
  return {number, factor};
}

StatedEquations::Canonical StatedEquations::canonical(const Equation& equation) {
  std::map<std::uint32_t, Rational> sum;
  for (const auto& [cell, factor] : equation) {
    const Root at = root(number_of(cell));
    sum[at.of] += times(factor, at.factor);
  }
  std::erase_if(sum, [](const auto& term) { return term.second.is_zero(); });
  Canonical out(sum.begin(), sum.end());
  if (!out.empty()) {
    const Rational first = out.front().second;
    for (auto& [of, factor] : out) factor = quotient(factor, first);
  }
  return out;
}

void StatedEquations::add(const Equation& equation) {
  const Canonical terms = canonical(equation);
  if (terms.empty()) return;
  if (terms.size() == 2) {
    parents_[terms[1].first] = {terms[0].first, quotient(-1, terms[1].second)};
    stale_ = true;
  } else {
    equations_.push_back(equation);
    canonical_.insert(terms);
    note(terms);
    stale_ = true;  // of what others are made
  }
}

void StatedEquations::note(const Canonical& equation) {
  if (equation.size() < 3) return;
  for (const Rational& sign : {Rational(1), Rational(-1)}) {
    const auto is_total = [&](const auto& term) { return term.second == sign; };
    const auto is_part = [&](const auto& term) { return term.second == -sign; };
    const auto total = std::ranges::find_if(equation, is_total);
    if (std::ranges::count_if(equation, is_total) != 1 ||
        std::ranges::count_if(equation, is_part) + 1 != static_cast<std::ptrdiff_t>(equation.size())) {
      continue;
    }
    std::set<std::uint32_t> parts;
    for (const auto& [of, factor] : equation) {
      if (of != total->first) parts.insert(of);
    }
    sums_.emplace(std::move(parts), total->first);
  }
}

std::set<std::uint32_t> StatedEquations::roots(const std::set<CellRef>& cells) {
  std::set<std::uint32_t> out;
  for (const CellRef& cell : cells) out.insert(root(number_of(cell)).of);
  if (out.size() <= 3) return out;  // a figure, what is above and what is below
  for (const auto& [parts, total] : sums_) {
    if (parts.size() >= out.size() || !std::ranges::includes(out, parts)) continue;
    for (const std::uint32_t part : parts) out.erase(part);
    out.insert(total);
  }
  return out;
}

void StatedEquations::add_others(const std::set<CellRef>& cells) {
  refresh();
  others_.push_back(cells);
  roots_of_others_.insert(roots(cells));
}

void StatedEquations::refresh() {
  if (!std::exchange(stale_, false)) return;
  canonical_.clear();
  roots_of_others_.clear();
  sums_.clear();
  for (const Equation& equation : equations_) note(*canonical_.insert(canonical(equation)).first);
  for (const std::set<CellRef>& cells : others_) roots_of_others_.insert(roots(cells));
}

bool StatedEquations::has(const Equation& equation) {
  refresh();
  const Canonical terms = canonical(equation);
  return terms.empty() || canonical_.contains(terms);
}

bool StatedEquations::has_others(const std::set<CellRef>& cells) {
  refresh();
  return roots_of_others_.contains(roots(cells));
}

void add_rules(const Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules, StatedEquations& to) {
  for (const dsl::Rule* rule : rules) {
    const dsl::Expr& require = (*data.program)[rule->require];
    const bool equal = require.op == dsl::ExprOp::compare && require.relation == Relation::equal;
    for (const Instance& instance : reference_instances(data, *rule)) {
      data.watch.go_on();
      bool linear = false;
      for (const LinearCondition& condition : linear_conditions(data, *rule, instance, &index)) {
        if (condition.range != Interval::point(0)) continue;
        Equation equation;
        for (const LinearCondition::Part& part : condition.cells) {
          if (part.values != Interval::point(0)) equation.emplace_back(part.cell, part.factor);
        }
        to.add(equation);
        linear = true;
      }
      if (linear || !equal) continue;
      std::set<CellRef> cells;
      for (const CellRef& cell : judge(data, *rule, instance, 1, &index).cells) {
        if (cell.row != Child::none && (*data.program)[cell.table].columns[cell.column].is_figure()) cells.insert(cell);
      }
      if (!cells.empty()) to.add_others(cells);
    }
  }
}

}  // namespace kenzan::engine
