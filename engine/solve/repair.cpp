// Finds values without a change of basis: what a sum lacks is taken from unknowns that have room, and what other sums lose by that
// from further ones, until one has it to spare. Of a table whose sums were rounded this is mostly all there is to do.
#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "engine/solve/simplex.hpp"

namespace kenzan::engine {
namespace {

/// So many looks at an unknown that cost what one does when the basis changes.
constexpr std::size_t glances = 16;

}  // namespace

bool Simplex::can_move(std::uint32_t variable, bool up) const {
  const Variable& v = variables_[variable];
  return up ? !v.has_high || order(v.value, v.high) < 0 : !v.has_low || order(v.value, v.low) > 0;
}

std::vector<std::uint32_t> Simplex::all_rows() const {
  std::vector<std::uint32_t> out(basic_.size());
  std::iota(out.begin(), out.end(), 0);
  return out;
}

std::vector<std::uint32_t> Simplex::repair() {
  looked_.assign(basic_.size(), 0);
  std::size_t moves = 20 * basic_.size() + 1000;
  for (std::uint32_t row = 0; row < basic_.size(); ++row) {
    while (below(variables_[basic_[row]]) || above(variables_[basic_[row]])) {
      if (moves-- == 0) return all_rows();
      watch_.go_on();
      std::vector<std::uint32_t> reached = relieve(row);
      if (!reached.empty()) return reached;
    }
  }
  // A sum that was left alone may have been moved since.
  return std::ranges::any_of(basic_, [&](std::uint32_t sum) { return below(variables_[sum]) || above(variables_[sum]); })
             ? all_rows()
             : std::vector<std::uint32_t>();
}

std::vector<std::uint32_t> Simplex::relieve(std::uint32_t first) {
  std::vector<Asked> asked{{first, below(variables_[basic_[first]]), Peeling::none, Peeling::none}};
  std::vector<bool> seen(2 * basic_.size());
  const auto mark = [&](std::uint32_t row, bool up) {
    const std::size_t at = 2 * std::size_t{row} + (up ? 1 : 0);
    const bool before = seen[at];
    seen[at] = true;
    return before;
  };
  mark(first, asked[0].up);
  for (std::uint32_t at = 0; at < asked.size(); ++at) {
    const std::vector<Entry>& entries = rows_[asked[at].row];
    spend(1 + entries.size() / glances);
    std::size_t& from = looked_[asked[at].row];  // those before had no room last time
    for (std::size_t i = 0; i < entries.size(); ++i) {
      const Entry& entry = entries[(from + i) % entries.size()];
      const bool rises = (entry.factor > 0) == asked[at].up;
      if (entry.variable == asked[at].moved || !can_move(entry.variable, rises)) continue;
      // The sums that the unknown stands in besides, of which one at most may have nothing to spare.
      std::uint32_t next = Peeling::none;
      std::size_t unable = 0;
      bool next_up = false;
      for (const std::uint32_t other : columns_[entry.variable]) {
        const bool other_rises = (*factor_in(other, entry.variable) > 0) == rises;
        if (other == asked[at].row || can_move(basic_[other], other_rises)) continue;
        next = other;
        next_up = !other_rises;
        ++unable;
      }
      if (unable == 0 && move(asked, at, entry.variable)) {
        from = (from + i) % entries.size();
        return {};
      }
      if (unable == 1 && !mark(next, next_up)) asked.push_back({next, next_up, at, entry.variable});
    }
  }
  std::vector<std::uint32_t> reached;
  for (const Asked& each : asked) reached.push_back(each.row);
  std::ranges::sort(reached);
  reached.erase(std::ranges::unique(reached).begin(), reached.end());
  return reached;
}

bool Simplex::move(const std::vector<Asked>& asked, std::uint32_t last, std::uint32_t unknown) {
  // Backwards to the first: the unknowns to be moved, each by so much as the first is moved by 1.
  std::vector<std::pair<std::uint32_t, Rational>> moved{{unknown, 1}};
  for (std::uint32_t at = last; asked[at].before != Peeling::none; at = asked[at].before) {
    const Asked& each = asked[at];
    const Rational ratio = quotient(*factor_in(each.row, each.moved), *factor_in(each.row, moved.back().first));
    moved.emplace_back(each.moved, times(Rational(-1), ratio));
  }
  std::ranges::reverse(moved);
  // So far `second` says how the one behind moves when this one moves by 1.
  Rational by = 1;
  for (auto& [variable, factor] : moved) by = times(by, std::exchange(factor, by));

  // One may have come twice, on behalf of two sums. What counts is how all variables move in the end.
  std::map<std::uint32_t, Rational> all;
  for (const auto& [variable, factor] : moved) {
    Rational& sum = all[variable];
    sum = plus(sum, factor);
  }
  std::map<std::uint32_t, Rational> sums;
  for (const auto& [variable, factor] : all) {
    for (const std::uint32_t row : columns_[variable]) {
      Rational& sum = sums[basic_[row]];
      sum = plus(sum, times(factor, *factor_in(row, variable)));
    }
  }
  const std::uint32_t first = basic_[asked[0].row];
  const Rational gain = sums[first];
  const Variable& lacking = variables_[first];
  if (gain.is_zero()) return false;
  Stepped most = divided(minus(asked[0].up ? lacking.low : lacking.high, lacking.value), gain);
  const bool rises = order(most, {}) > 0;
  sums.erase(first);
  for (const auto* variables : {&all, &sums}) {
    for (const auto& [variable, factor] : *variables) {
      if (factor.is_zero()) continue;
      const Variable& v = variables_[variable];
      const bool high = (factor > 0) == rises;
      if (high ? !v.has_high : !v.has_low) continue;
      const Stepped here = divided(minus(high ? v.high : v.low, v.value), factor);
      if (rises ? order(here, most) < 0 : order(here, most) > 0) most = here;
    }
  }
  if (rises ? order(most, {}) <= 0 : order(most, {}) >= 0) return false;
  for (const auto& [variable, factor] : all) {
    if (!factor.is_zero()) shift(variable, added({}, factor, most));
  }
  return true;
}

}  // namespace kenzan::engine
