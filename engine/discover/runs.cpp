// Totals of neighbours: a figure is the sum of a run of figures beside it, in its row or in its column; in a row one of them may be
// deducted. Once a total is known, it stands for its parts, so that a total of subtotals has its parts side by side, too.
#include <algorithm>
#include <cmath>

#include "engine/discover/names.hpp"
#include "engine/discover/search.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t looked_at = 3;       ///< instances of each column by which most runs are ruled out
constexpr std::size_t longest_listed = 4;  ///< parts of a column that are written out one by one
constexpr std::size_t longest_with_deduction = 8;
constexpr std::size_t most_rounds = 32;

}  // namespace

/// The runs of one axis, or of axes side by side: the columns of a table, of which each has the same labels.
class Search::Runs {
 public:
  Runs(Search& search, const Basis& basis, std::vector<Axis> axes, std::optional<std::uint32_t> key_column)
      : search_(search), trial_(search.trial_), basis_(basis), axes_(std::move(axes)), key_column_(key_column) {
    const std::size_t count = std::min(looked_at, basis.instances.size());
    for (const Axis& axis : axes_) {
      auto& of_axis = values_.emplace_back();
      for (const Slot& slot : axis) {
        auto& of_slot = of_axis.emplace_back();
        for (std::size_t i = 0; i < count; ++i) of_slot.push_back(trial_.operands().read(basis, slot.operand, i));
      }
    }
  }

  void find() {
    std::vector<std::size_t> active(size());
    for (std::size_t i = 0; i < active.size(); ++i) active[i] = i;
    for (std::size_t round = 0; round < most_rounds && active.size() > 2; ++round) {
      best_.reset();
      for (std::size_t at = 0; at < active.size(); ++at) {
        for (const bool before : {true, false}) try_runs(active, at, before);
      }
      if (!best_ || search_.kept_.size() >= most_found) return;
      std::erase_if(active, [&](std::size_t each) { return std::ranges::find(best_->parts, each) != best_->parts.end(); });
      search_.kept_.push_back(std::move(best_->kept));
    }
  }

 private:
  struct Run {
    Kept kept;
    // not a figure: bits
    double left = 0;  ///< when what it costs is taken off
    std::vector<std::size_t> parts;
  };
  [[nodiscard]] std::size_t size() const { return axes_.front().size(); }
  [[nodiscard]] const std::string& name(std::size_t slot) const { return axes_.front()[slot].name; }

  void try_runs(const std::vector<std::size_t>& active, std::size_t at, bool before) {
    const std::size_t longest = before ? at : active.size() - at - 1;
    std::vector<std::size_t> parts;
    // not a figure: bits
    double simpler = 0;  // of the longest shorter run that does as well
    for (std::size_t length = 1; length <= longest && !trial_.ended(); ++length) {
      const std::size_t next = active[before ? at - length : at + length];
      parts.insert(before ? parts.begin() : parts.end(), next);
      attempt(active[at], parts, std::nullopt, simpler);
      if (key_column_ || length < 3 || length > longest_with_deduction) continue;
      for (const std::size_t part : parts) attempt(active[at], parts, part, simpler);
    }
  }

  // not a figure: bits
  void attempt(std::size_t total, const std::vector<std::size_t>& parts, std::optional<std::size_t> deducted, double& simpler) {
    if (parts.size() > 1) search_.count(relation(0, total, parts, deducted, true));
    std::vector<std::size_t> holding;
    for (std::size_t axis = 0; axis < axes_.size(); ++axis) {
      if (seems_to_hold(axis, total, parts, deducted) && trial_.of(written(axis, total, parts, deducted))) holding.push_back(axis);
    }
    if (holding.empty()) return;
    const std::size_t failing = axes_.size() - holding.size();
    if (failing > 0 && failing * 10 <= axes_.size()) {  // may be mistakes
      holding.clear();
      for (std::size_t axis = 0; axis < axes_.size(); ++axis) holding.push_back(axis);
    }
    FigureRelation all = written(holding.front(), total, parts, deducted);
    for (const std::size_t axis : holding) {
      if (holding.size() > 1) all.columns.push_back(axes_[axis][total].operand.column);
    }
    std::optional<Support> support = trial_.of(all);
    if (!support || support->bits <= simpler + 1.0 / 64) return;
    simpler = support->bits;
    if (parts.size() == 1) return;
    const bool named = tells_of(name(total), RelationForm::run_total);
    const bool whole = parts.size() + 1 == size();
    const auto bits = [](std::size_t choices) { return std::log2(static_cast<double>(choices)); };
    const std::size_t lengths = 2 * size() * (deducted ? parts.size() : 1);
    // not a figure: bits; which columns is said by one for each that fails
    double cost = 1 + static_cast<double>(axes_.size() - holding.size());
    if (!named) cost += bits(relation_form_count * search_.columns_ * size());
    if (!named || !whole) cost += bits(lengths);
    const double left = support->bits - cost;
    if (left <= 0 || (best_ && left <= best_->left)) return;
    best_ = {{all, std::move(*support), cost, false}, left, parts};
  }

  /// A quick look, which rules most out.
  [[nodiscard]] bool seems_to_hold(std::size_t axis, std::size_t total, const std::vector<std::size_t>& parts,
                                   std::optional<std::size_t> deducted) const {
    const auto& values = values_[axis];
    std::size_t broken = 0;
    for (std::size_t i = 0; i < values[total].size(); ++i) {
      const Value& whole = values[total][i];
      bool known = whole.known && !whole.missing;
      Interval sum = Interval::point(0);
      for (const std::size_t part : parts) {
        known = known && values[part][i].known;
        if (known) sum = deducted == part ? sum - values[part][i].range : sum + values[part][i].range;
      }
      broken += known && !compare(whole.range, Relation::equal, sum).can_be_true ? 1 : 0;
    }
    return broken <= (basis_.instances.size() < 10 ? 0 : 1);
  }

  /// The relation as it will be written: part by part, if they are few and each has a row.
  [[nodiscard]] FigureRelation written(std::size_t axis, std::size_t total, const std::vector<std::size_t>& parts,
                                       std::optional<std::size_t> deducted) {
    FigureRelation out = relation(axis, total, parts, deducted, true);
    if (!key_column_) return out;
    const std::optional<Support> support = trial_.of(out);
    const auto is_part = [](std::size_t operand) { return operand != 0; };
    const bool gaps = support && std::ranges::any_of(support->missing, is_part);
    return gaps ? relation(axis, total, parts, deducted, false) : out;
  }

  [[nodiscard]] FigureRelation relation(std::size_t axis, std::size_t total, const std::vector<std::size_t>& parts,
                                        std::optional<std::size_t> deducted, bool listed) const {
    const Axis& slots = axes_[axis];
    FigureRelation out{RelationForm::run_total, &basis_, slots[total].operand, {}};
    const bool all = parts.size() + 1 == size();
    if (!key_column_ || (listed && !all && parts.size() <= longest_listed) || parts.size() == 1) {
      for (const std::size_t part : parts) out.terms.push_back({slots[part].operand, deducted == part});
      const auto plus_first = [](const FigureRelation::Term& term) { return !term.negative; };
      std::ranges::stable_partition(out.terms, plus_first);
      return out;
    }
    Operand sum = slots[parts.front()].operand;
    sum.fixed.reset();
    sum.sum = true;
    sum.along = *key_column_;
    if (all) {
      sum.but = slots[total].operand.fixed->second;
    } else {
      for (const std::size_t part : parts) sum.only.push_back(slots[part].operand.fixed->second);
    }
    out.terms.push_back({sum});
    return out;
  }

  Search& search_;
  Trial& trial_;
  const Basis& basis_;
  std::vector<Axis> axes_;
  std::optional<std::uint32_t> key_column_;
  std::vector<std::vector<std::vector<Value>>> values_;  ///< by axis, slot and instance: of the first instances
  std::optional<Run> best_;
};

void Search::runs(const Basis& basis, std::vector<Axis> axes, std::optional<std::uint32_t> key_column) {
  std::erase_if(axes, [](const Axis& axis) { return axis.size() < 3; });
  if (!axes.empty()) Runs(*this, basis, std::move(axes), key_column).find();
}

}  // namespace kenzan::engine
