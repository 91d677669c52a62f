#include "engine/coverage.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <ranges>
#include <set>
#include <span>
#include <utility>

#include "engine/blame/beside.hpp"
#include "engine/blame/blame.hpp"
#include "engine/blame/replaced.hpp"
#include "engine/blame/slips.hpp"
#include "engine/explain/explain.hpp"
#include "engine/solve/cell_system.hpp"
#include "engine/table/cell_finding.hpp"
#include "engine/table/load.hpp"
#include "engine/table/row_reader.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {
namespace {

/// Slips that are kept to be asked about, and those that are asked about.
constexpr std::size_t most_kept = 1'000'000, most_asked = 100;

/// Of so many constraints that hang together it is found out what they leave for each of their cells.
constexpr std::size_t most_together = 200;

/// What is known of a figure.
struct Held {
  Interval values = Interval::everything();
  std::set<std::string> rules;
  Interval above = Interval::everything(),
           below = Interval::everything();  ///< what some rule leaves, up to infinity; and down to it
  std::vector<std::uint32_t> others;        ///< instances that have to be judged to know what they make of another figure
};

/// How far a figure can be from what is written before an instance that leaves `values` for it is sure to be violated.
std::optional<Rational> sure_change(const Interval& values, const Interval& own) {
  if (values.low.infinite || values.high.infinite || own.low.infinite || own.high.infinite) return std::nullopt;
  return std::max(Rational(values.high.value - own.low.value), Rational(own.high.value - values.low.value));
}

class Looking {
 public:
  Looking(Data& data, RowIndex& index) : data_(data), index_(index) {}

  void look_at(const dsl::Rule& rule, Coverage& out) {
    RuleCoverage& of = out.rules.emplace_back();
    of.rule = rule.name;
    std::optional<Rational> least, most;
    std::set<CellRef> figures;
    const Unit* unit = nullptr;
    for (const Instance& instance : reference_instances(data_, rule)) {
      data_.watch.go_on();
      const Judgement judgement = judge(data_, rule, instance, 1, &index_);
      if (!judgement.made) continue;
      ++of.instances;
      if (judgement.verdict == Verdict::unmatched || judgement.verdict == Verdict::unknown) continue;
      for (const CellRef& cell : judgement.cells) {
        if (!is_figure(cell)) continue;
        figures.insert(cell);
        held_[cell].rules.insert(rule.name);
      }
      const bool told = judgement.verdict == Verdict::violated;
      const bool linear = is_decided_by_intervals(*data_.program, rule);
      if (!told && !linear && leave_in_order(rule, judgement)) continue;
      if (!told && !linear) {
        for (const auto* cells : {&judgement.cells, &judgement.when_cells}) {
          for (const CellRef& cell : *cells) {
            if (is_figure(cell)) held_[cell].others.push_back(static_cast<std::uint32_t>(judged_.size()));
          }
        }
        judged_.emplace_back(&rule, instance);
      }
      std::set<CellRef> bounded;
      for (LinearCondition& condition : linear_conditions(data_, rule, instance, &index_)) {
        const ValuesLeft left(condition);
        for (const LinearCondition::Part& part : condition.cells) {
          if (!is_figure(part.cell)) continue;
          const Interval values = left.of(part);
          Held& held = held_[part.cell];
          narrow(held.values, values);
          if (!told && linear) leave(held, values);
          bounded.insert(part.cell);
          of.one_sided = of.one_sided || values.low.infinite != values.high.infinite;
          const auto change = sure_change(values, part.values);
          if (!change) continue;
          const Unit& own = column_of(part.cell).format.unit;
          if (unit == nullptr) unit = &own;
          if (!unit->same_dimension(own)) continue;  // people and yen are not compared
          least = least ? std::min(*least, *change) : *change;
          most = most ? std::max(*most, *change) : *change;
        }
        if (!told && rule.strength == dsl::Strength::possible) cells_.add(std::move(condition));
      }
      if (told || !linear) continue;
      // Cells in what is not linear, which widened the range.
      bool noted = false;
      for (const CellRef& cell : judgement.cells) {
        if (!is_figure(cell) || bounded.contains(cell)) continue;
        held_[cell].others.push_back(static_cast<std::uint32_t>(judged_.size()));
        noted = true;
      }
      if (noted) judged_.emplace_back(&rule, instance);
    }
    of.figures = figures.size();
    if (unit == nullptr) return;
    of.unit = unit->name;
    of.least = exact_text(quotient(*least, unit->factor));
    of.most = exact_text(quotient(*most, unit->factor));
  }

  void figures(Coverage& out) const {
    for (std::uint32_t t = 0; t < data_.tables.size(); ++t) {
      for (const CellRef& cell : figures_of(dsl::TableId(t))) out.figures.push_back(figure(cell));
    }
  }

  void try_slips(Coverage& out) {
    links_ = links_of(cells_.system(), linked_constraints(cells_.system()));
    for (std::size_t i = 0; i < std::size(slip_names); ++i) out.slips.push_back({std::string(slip_names[i]), slip_words[i]});
    LoadReport ignored;
    for (std::uint32_t t = 0; t < data_.tables.size(); ++t) {
      const dsl::TableId table(t);
      RowReader reader(data_, table, ignored);
      for (const CellRef& cell : figures_of(table)) {
        const dsl::Column& column = column_of(cell);
        if (!stands_alone(column)) continue;
        if (figures_of(cell).mark(cell.row) != Mark::number) continue;
        data_.watch.go_on();
        Held& held = held_[cell];
        leave(held, left_together(cell));
        for (Meant& slip : slips_in(cell)) {
          SlipCoverage& of = out.slips[static_cast<std::size_t>(slip.slip)];
          ++of.tried;
          bool complaint = false;
          const Figure figure = reader.figure_alone(cell.column, slip.text, complaint);
          const bool unread = complaint || figure.mark != Mark::number;
          if (!unread && !is_seen(cell, held, figure)) continue;
          ++of.seen;
          if (!unread && seen_.size() < most_kept) seen_.push_back({cell, slip.slip, std::move(slip.text)});
        }
      }
    }
  }

  /// Asks of some of the slips that are seen, evenly spread, which figure would be suggested.
  void ask(const std::vector<const dsl::Rule*>& rules, Coverage& out) {
    CellReaders readers(data_, index_, rules);
    const std::size_t every = (seen_.size() + most_asked - 1) / most_asked;
    LoadReport ignored;
    for (std::size_t i = 0; i < seen_.size(); i += every) {
      data_.watch.go_on();
      const auto& [cell, slip, text] = seen_[i];
      RowReader reader(data_, cell.table, ignored);
      bool complaint = false;
      const Figure figure = reader.figure_alone(cell.column, text, complaint);
      ask(rules, readers, cell, figure, text, out.slips[static_cast<std::size_t>(slip)]);
    }
  }

 private:
  /// What figures that stand in order leave for each of them: a place between those before it and those behind. False, and nothing done,
  /// where the instance asks for anything else.
  [[nodiscard]] bool leave_in_order(const dsl::Rule& rule, const Judgement& judgement) {
    const dsl::Program& program = *data_.program;
    const dsl::Expr& require = program[rule.require];
    if (rule.strength != dsl::Strength::possible || rule.when.valid() || require.op != dsl::ExprOp::aggregate) return false;
    const dsl::Aggregate& aggregate = program[require.aggregate];
    const bool up = aggregate.function == dsl::AggregateFunction::sorted_ascending;
    if (!up && aggregate.function != dsl::AggregateFunction::sorted_descending) return false;
    const bool plain = program[aggregate.element].op == dsl::ExprOp::cell && !aggregate.where.valid() && !aggregate.hierarchy;
    if (!plain || !std::ranges::all_of(judgement.cells, [this](const CellRef& cell) { return is_figure(cell); })) return false;
    const auto pass = [&](auto cells, bool rising) {
      Interval so_far = Interval::everything();
      for (const CellRef& cell : cells) {
        leave(held_[cell], so_far);
        Interval range = figures_of(cell).range(cell.row);
        (rising ? range.high : range.low) = Bound{0, false, true};
        so_far = intersection(so_far, range).value();  // both are open to one side
      }
    };
    pass(std::span(judgement.cells), up);
    pass(judgement.cells | std::views::reverse, !up);
    return true;
  }

  /// A slip that some rule sees.
  struct Seen {
    CellRef cell;
    Slip slip;
    std::string text;
  };

  /// What a slip of the hand makes of a figure.
  [[nodiscard]] std::vector<Meant> slips_in(const CellRef& cell) const {
    const FigureFormat& format = column_of(cell).format;
    const std::string text = text_of(data_, cell.table, {cell.column, cell.part, cell.row});
    std::vector<Meant> out = meant_by(text, format.decimal, group_of(format));
    std::set<std::string> copied{text};
    for (const CellRef& other : beside(data_, cell)) {
      if (!data_[other.table].kept[other.row] || !is_published_figure((*data_.program)[other.table], other.column)) continue;
      if (data_[other.table].columns[other.column].parts[other.part].figures.mark(other.row) != Mark::number) continue;
      std::string there = text_of(data_, other.table, {other.column, other.part, other.row});
      if (copied.insert(there).second) out.push_back({Slip::copied, std::move(there)});
    }
    return out;
  }

  void ask(const std::vector<const dsl::Rule*>& rules, CellReaders& readers, const CellRef& cell, const Figure& figure,
           const std::string& text, SlipCoverage& of) {
    std::set<RuleInstance> reading;
    if (!readers.of(cell, [&](RuleInstance each) { reading.insert(std::move(each)); })) return;
    std::vector<Violation> violations;
    const auto is_violated = [&](const RuleInstance& each) {
      const Judgement judgement = judge(data_, *each.rule, each.instance, 1, &index_);
      return judgement.made && judgement.verdict == Verdict::violated;
    };
    std::erase_if(reading, [&](const RuleInstance& each) {
      const auto [known, added] = violated_as_it_is_.try_emplace(each, false);
      if (added) known->second = is_violated(each);
      return known->second;
    });
    const Replaced replaced(data_, cell, figure);
    for (const dsl::Rule* rule : rules) {
      for (const RuleInstance& each : reading) {
        if (each.rule == rule && is_violated(each)) violations.push_back({{each}});
      }
    }
    if (violations.empty()) return;
    NearLimits limits;
    limits.most_steps = 1;
    const Near around = near(data_, index_, readers, std::move(violations), limits, [](const CellRef&) { return 1; });
    const Blame::Written written{cell, text};
    const Blame blame(data_, index_, around, &written);
    ++of.asked;
    const std::vector<Blame::Candidate>& candidates = blame.candidates(0);
    const auto own = std::ranges::find_if(
        candidates, [&](const Blame::Candidate& each) { return each.changes.size() == 1 && each.changes.front().cell == cell; });
    const auto rank = static_cast<std::size_t>(own - candidates.begin());
    if (blame.tied(0) > 1 && rank < blame.tied(0)) {
      ++of.tied;
      return;
    }
    of.first += rank == 0 && own != candidates.end() ? 1 : 0;
    of.in_three += rank < 3 && own != candidates.end() ? 1 : 0;
  }

  /// What all instances together leave for a figure that are not violated. Cost: that of a system of those that hang together with it.
  [[nodiscard]] Interval left_together(const CellRef& cell) const {
    const auto unknown = cells_.unknown(cell);
    if (!unknown) return Interval::everything();
    std::set<std::uint32_t> groups;
    for (const std::uint32_t each : links_.uses[*unknown]) groups.insert(links_.group_of[each]);
    std::vector<std::uint32_t> constraints;
    for (const std::uint32_t group : groups) {
      constraints.insert(constraints.end(), links_.groups[group].begin(), links_.groups[group].end());
    }
    if (constraints.size() > most_together) return Interval::everything();
    const Part part = part_of(cells_.system(), constraints);
    const auto at = std::ranges::lower_bound(part.unknowns, *unknown) - part.unknowns.begin();
    const auto values = possible_values(part.system, static_cast<std::uint32_t>(at), data_.watch);
    return values ? *values : Interval::everything();  // what contradicts itself is a finding already
  }

  [[nodiscard]] bool is_seen(const CellRef& cell, const Held& held, const Figure& figure) {
    const Interval values = true_values(figure);
    const auto misses = [&](const Interval& left) { return !compare(left, Relation::equal, values).can_be_true; };
    if (misses(held.above) || misses(held.below)) return true;
    const Replaced replaced(data_, cell, figure);
    return std::ranges::any_of(held.others, [&](std::uint32_t each) {
      const auto& [rule, instance] = judged_[each];
      const Judgement judgement = judge(data_, *rule, instance, 1, &index_);
      return judgement.made && judgement.verdict == Verdict::violated;
    });
  }

  [[nodiscard]] std::vector<CellRef> figures_of(dsl::TableId table) const {
    std::vector<CellRef> out;
    for (std::uint32_t row = 0; row < data_[table].rows; ++row) {
      data_.watch.go_on(row);
      if (!data_[table].kept[row]) continue;
      for (std::uint32_t column = 0; column < data_[table].columns.size(); ++column) {
        for (std::uint32_t part = 0; part < data_[table].columns[column].parts.size(); ++part) {
          const CellRef cell{table, column, part, row};
          if (is_figure(cell)) out.push_back(cell);
        }
      }
    }
    return out;
  }

  [[nodiscard]] const FigureColumn& figures_of(const CellRef& cell) const {
    return data_[cell.table].columns[cell.column].parts[cell.part].figures;
  }
  [[nodiscard]] const dsl::Column& column_of(const CellRef& cell) const {
    return (*data_.program)[cell.table].columns[cell.column];
  }
  [[nodiscard]] bool is_figure(const CellRef& cell) const {
    if (cell.row == Child::none || !is_published_figure((*data_.program)[cell.table], cell.column)) return false;
    return data_[cell.table].columns[cell.column].parts[cell.part].figures.mark(cell.row) != Mark::blank;
  }

  /// A value is seen where it misses one of those that instances leave, whether or not these meet: where it lies below or above one.
  static void leave(Held& held, const Interval& values) {
    held.above = intersection(held.above, {values.low, Interval::everything().high}).value();
    held.below = intersection(held.below, {Interval::everything().low, values.high}).value();
  }

  /// Instances that contradict each other leave what the last of them leaves.
  static void narrow(Interval& known, const Interval& values) { known = intersection(known, values).value_or(values); }

  [[nodiscard]] FigureCoverage figure(const CellRef& cell) const {
    FigureCoverage out;
    out.cell = evidence_of(data_, cell, "cell");
    const auto held = held_.find(cell);
    if (held == held_.end() || held->second.rules.empty()) return out;
    const Interval& values = held->second.values;
    out.rules.assign(held->second.rules.begin(), held->second.rules.end());
    const bool low = !values.low.infinite, high = !values.high.infinite;
    out.hold = low && high ? Hold::pinned : low || high ? Hold::bounded : Hold::loose;
    Ends ends = ends_of(values, column_of(cell).format.unit);
    out.low = std::move(ends.low);
    out.high = std::move(ends.high);
    out.low_closed = ends.low_closed;
    out.high_closed = ends.high_closed;
    return out;
  }

  Data& data_;
  RowIndex& index_;
  std::map<CellRef, Held> held_;
  std::vector<std::pair<const dsl::Rule*, Instance>> judged_;
  CellSystem cells_;
  Links links_;  ///< of the system
  std::vector<Seen> seen_;
  std::map<RuleInstance, bool> violated_as_it_is_;
};

}  // namespace

Coverage coverage_of(Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules, bool slips) {
  Coverage out;
  Looking looking(data, index);
  for (const dsl::Rule* rule : rules) looking.look_at(*rule, out);
  looking.figures(out);
  if (slips) looking.try_slips(out);
  if (slips) looking.ask(rules, out);
  return out;
}

}  // namespace kenzan::engine
