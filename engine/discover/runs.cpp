// Totals of neighbours: a figure is the sum of a run of figures beside it, in its row or in its column. Once a total is known, it
// stands for its parts, so that a total of subtotals has its parts side by side, too.
#include <algorithm>
#include <cmath>

#include "engine/discover/names.hpp"
#include "engine/discover/search.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t looked_at = 3;       ///< instances by which most runs are ruled out
constexpr std::size_t longest_listed = 4;  ///< parts that are written out one by one
constexpr std::size_t most_rounds = 32;

}  // namespace

void Search::runs(const Basis& basis, const Axis& axis, std::optional<std::uint32_t> key_column) {
  std::vector<std::size_t> active(axis.size());
  for (std::size_t i = 0; i < active.size(); ++i) active[i] = i;
  for (std::size_t round = 0; round < most_rounds && active.size() > 2; ++round) {
    std::optional<Run> best;
    for (std::size_t at = 0; at < active.size(); ++at) {
      for (const bool before : {true, false}) try_runs(basis, axis, key_column, active, at, before, best);
    }
    if (!best || kept_.size() >= most_found) return;
    std::erase_if(active, [&](std::size_t each) { return std::ranges::find(best->parts, each) != best->parts.end(); });
    kept_.push_back(std::move(best->kept));
  }
}

void Search::try_runs(const Basis& basis, const Axis& axis, std::optional<std::uint32_t> key_column,
                      const std::vector<std::size_t>& active, std::size_t at, bool before, std::optional<Run>& best) {
  Operands& operands = trial_.operands();
  const std::size_t count_looked_at = std::min(looked_at, basis.instances.size());
  std::vector<Value> totals;
  for (std::size_t i = 0; i < count_looked_at; ++i) totals.push_back(operands.read(basis, axis[active[at]].operand, i));
  std::vector<Interval> sums(count_looked_at, Interval::point(0));
  std::vector<std::size_t> parts;
  // not a figure: bits
  double simpler = 0;  // of the longest shorter run that does as well
  const std::size_t longest = before ? at : active.size() - at - 1;
  const bool named = tells_of(axis[active[at]].name, RelationForm::run_total);
  const double choices = std::log2(static_cast<double>(2 * axis.size()));
  for (std::size_t length = 1; length <= longest && !trial_.ended(); ++length) {
    const std::size_t next = active[before ? at - length : at + length];
    parts.insert(before ? parts.begin() : parts.end(), next);
    std::size_t broken = 0;
    for (std::size_t i = 0; i < count_looked_at; ++i) {
      const Value part = operands.read(basis, axis[next].operand, i);
      if (!part.known) totals[i].known = false;
      sums[i] = sums[i] + part.range;
      const bool counts = !totals[i].missing && totals[i].known;
      broken += counts && !compare(totals[i].range, Relation::equal, sums[i]).can_be_true ? 1 : 0;
    }
    FigureRelation relation = run_of(basis, axis, key_column, active[at], parts, true);
    if (length > 1) count(relation);
    if (broken > (basis.instances.size() < 10 ? 0 : 1)) continue;
    std::optional<Support> support = trial_.of(relation);
    if (support && support->missing.size() > (support->missing.front() == 0 ? 1 : 0)) {  // a part without a row is none
      relation = run_of(basis, axis, key_column, active[at], parts, false);
      support = trial_.of(relation);
    }
    // not a figure: bits
    if (!support || support->bits <= simpler + 1.0 / 64) continue;
    simpler = support->bits;
    if (length == 1) continue;
    const bool whole = parts.size() + 1 == axis.size();
    const double cost = whole && named ? 1 : named ? 1 + choices : std::log2(static_cast<double>(relation_form_count * columns_ * axis.size())) + choices;
    const double left = support->bits - cost;
    if (left <= 0 || (best && left <= best->left)) continue;
    best = {{relation, std::move(*support), named ? std::optional(cost) : std::nullopt, false}, left, parts};
  }
}

FigureRelation Search::run_of(const Basis& basis, const Axis& axis, std::optional<std::uint32_t> key_column, std::size_t total,
                              const std::vector<std::size_t>& parts, bool listed) const {
  FigureRelation out{RelationForm::run_total, &basis, axis[total].operand, {}};
  const bool all = parts.size() + 1 == axis.size();
  if (!key_column || (listed && !all && parts.size() <= longest_listed) || parts.size() == 1) {
    for (const std::size_t part : parts) out.terms.push_back({axis[part].operand});
    return out;
  }
  Operand sum = axis[parts.front()].operand;
  sum.fixed.reset();
  sum.sum = true;
  sum.along = *key_column;
  if (all) {
    sum.but = axis[total].operand.fixed->second;
  } else {
    for (const std::size_t part : parts) sum.only.push_back(axis[part].operand.fixed->second);
  }
  out.terms.push_back({sum});
  return out;
}

}  // namespace kenzan::engine
