#include "engine/blame/near.hpp"

#include <algorithm>
#include <memory>
#include <optional>

#include "engine/blame/replaced.hpp"
#include "engine/vector/totals.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {
namespace {

class Looking {
 public:
  Looking(const Data& data, RowIndex& index, CellReaders& readers, const NearLimits& limits,
          const std::function<std::uint64_t(const CellRef&)>& cells_in,
          const std::function<void(const RuleInstance&, const Judgement&)>& judged)
      : data_(data), index_(index), readers_(readers), limits_(limits), cells_in_(cells_in), judged_(judged) {}

  /// Adds a violation with all that reads its cells. Returns whether there was room.
  bool add(Violation violation) {
    if (out_.violations.size() == limits_.most_violations) return false;
    const std::size_t before = out_.instances.size();
    std::set<CellRef> suspects;
    for (const RuleInstance& each : violation.instances) {
      if (!add(each)) return take_back(before);
    }
    for (const RuleInstance& each : violation.instances) {
      const std::vector<CellRef>& read = cells_of(each);
      suspects.insert(read.begin(), read.end());
    }
    std::uint64_t count = 0;
    for (const CellRef& cell : suspects) count += cells_in_(cell);
    if (count <= limits_.most_suspects && !add_readers(suspects)) return take_back(before);
    out_.violations.push_back(std::move(violation));
    return true;
  }

  /// Adds what reads the cells of those that are there. Returns whether there was room.
  bool add_step() {
    const std::size_t before = out_.instances.size();
    std::set<CellRef> cells;
    for (const RuleInstance& each : out_.instances) {
      const std::vector<CellRef>& read = cells_of(each);
      cells.insert(read.begin(), read.end());
    }
    if (!add_readers(cells)) return take_back(before);
    out_.all = out_.instances.size() == before && out_.large.empty();
    return true;
  }

  [[nodiscard]] bool is_done() const { return out_.all; }
  Near take() {
    std::erase_if(out_.large, [this](const Near::Large& each) { return cells_.contains(each.instance); });
    return std::move(out_);
  }

 private:
  /// Judges an instance for the cells that it reads, once; whether there was room.
  bool add(const RuleInstance& each) {
    if (cells_.contains(each)) return true;
    data_.watch.go_on();
    if (out_.instances.size() == limits_.most_instances) return false;
    const Judgement judgement = judge(data_, *each.rule, each.instance, 1, &index_);
    std::vector<CellRef> figures;
    for (const auto* cells : {&judgement.cells, &judgement.when_cells}) {
      for (const CellRef& cell : *cells) {
        if (cell.row == Child::none) continue;
        cells_read_ += cells_in_(cell);
        if (may_be_wrong(*data_.program, cell)) figures.push_back(cell);
      }
    }
    cells_.emplace(each, std::move(figures));
    if (!judgement.made) return true;
    if (judged_) judged_(each, judgement);
    if (cells_read_ > limits_.most_cells) return false;
    out_.instances.push_back(each);
    return true;
  }

  /// Adds an instance to those that are large, if it is, and plain.
  bool is_large(const RuleInstance& each) {
    if (cells_.contains(each)) return false;
    if (large_.contains(each)) return true;
    const auto [known, added] = totals_.try_emplace(each.rule);
    if (added && is_decided_by_intervals(*data_.program, *each.rule)) known->second = TotalsRule::of(data_, *each.rule, index_);
    TotalsRule* const totals = known->second.get();
    const auto condition =
        totals == nullptr ? std::nullopt : totals->condition(each.instance, [](const CellRef&) { return false; });
    if (!condition) return false;
    std::uint64_t count = 0;
    for (const CellRef& cell : totals->cells()) count += cells_in_(cell);
    if (count <= limits_.large) return false;
    const LinearCondition::Part& total = condition->cells.front();
    const bool holds = intersection(total.values, condition->range).has_value();
    large_.insert(each);
    out_.large.push_back({each, holds ? Verdict::holds : Verdict::violated, Interval::point(0)});
    Judgement judgement;
    judgement.cells.push_back(total.cell);
    if (judged_) judged_(each, judgement);
    return true;
  }

  bool add_readers(const std::set<CellRef>& cells) {
    for (const CellRef& cell : cells) {
      if (!looked_at_.insert(cell).second) continue;
      bool room = true;
      const bool known = readers_.of(cell, [&](const RuleInstance& each) { room = room && (is_large(each) || add(each)); });
      if (!known || !room) return false;
    }
    return true;
  }

  bool take_back(std::size_t before) {
    out_.instances.resize(before);
    return false;
  }

  [[nodiscard]] const std::vector<CellRef>& cells_of(const RuleInstance& each) const { return cells_.at(each); }

  const Data& data_;
  RowIndex& index_;
  CellReaders& readers_;
  const NearLimits& limits_;
  const std::function<std::uint64_t(const CellRef&)>& cells_in_;
  const std::function<void(const RuleInstance&, const Judgement&)>& judged_;
  std::map<RuleInstance, std::vector<CellRef>> cells_;
  std::set<CellRef> looked_at_;
  std::set<RuleInstance> large_;
  std::map<const dsl::Rule*, std::unique_ptr<TotalsRule>> totals_;
  std::uint64_t cells_read_ = 0;
  Near out_;
};

}  // namespace

bool may_be_wrong(const dsl::Program& program, const CellRef& cell) {
  const dsl::Table& table = program[cell.table];
  return stands_alone(table.columns[cell.column]) && is_published_figure(table, cell.column);
}

Near near(const Data& data, RowIndex& index, CellReaders& readers, std::vector<Violation> violations, const NearLimits& limits,
          const std::function<std::uint64_t(const CellRef&)>& cells_in,
          const std::function<void(const RuleInstance&, const Judgement&)>& judged) {
  Looking looking(data, index, readers, limits, cells_in, judged);
  bool room = true;
  for (Violation& violation : violations) {
    room = room && looking.add(std::move(violation));
    if (!room) break;
  }
  for (unsigned step = 1; room && step < limits.most_steps && !looking.is_done(); ++step) room = looking.add_step();
  return looking.take();
}

void add_up_others(const Data& data, RowIndex& index, Near& near, const std::function<bool(const CellRef&)>& is_held) {
  for (Near::Large& each : near.large) {
    const std::unique_ptr<TotalsRule> totals = TotalsRule::of(data, *each.instance.rule, index);
    const auto nothing = [](const CellRef&) { return false; };
    if (!totals->condition(each.instance.instance, nothing) || std::ranges::all_of(totals->cells(), is_held)) continue;
    if (const auto condition = totals->condition(each.instance.instance, is_held)) each.others = condition->range;
  }
}

}  // namespace kenzan::engine
