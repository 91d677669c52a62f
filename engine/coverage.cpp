#include "engine/coverage.hpp"

#include <algorithm>
#include <map>
#include <set>
#include <utility>

#include "engine/explain/explain.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {
namespace {

/// What is known of a figure.
struct Held {
  Interval values = Interval::everything();
  std::set<std::string> rules;
};

/// How far a figure can be from what is written before an instance that leaves `values` for it is sure to be violated.
std::optional<Rational> sure_change(const Interval& values, const Interval& own) {
  if (values.low.infinite || values.high.infinite || own.low.infinite || own.high.infinite) return std::nullopt;
  return std::max(Rational(values.high.value - own.low.value), Rational(own.high.value - values.low.value));
}

class Looking {
 public:
  Looking(const Data& data, RowIndex& index) : data_(data), index_(index) {}

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
      for (const LinearCondition& condition : linear_conditions(data_, rule, instance, &index_)) {
        for (const LinearCondition::Part& part : condition.cells) {
          if (!is_figure(part.cell)) continue;
          const Interval values = *values_left(condition, part.cell);
          narrow(held_[part.cell].values, values);
          of.one_sided = of.one_sided || values.low.infinite != values.high.infinite;
          const auto change = sure_change(values, part.values);
          if (!change) continue;
          if (unit == nullptr) unit = &column_of(part.cell).format.unit;
          least = least ? std::min(*least, *change) : *change;
          most = most ? std::max(*most, *change) : *change;
        }
      }
    }
    of.figures = figures.size();
    if (unit == nullptr) return;
    of.unit = unit->name;
    of.least = exact_text(quotient(*least, unit->factor));
    of.most = exact_text(quotient(*most, unit->factor));
  }

  void figures(Coverage& out) const {
    for (std::uint32_t t = 0; t < data_.tables.size(); ++t) {
      const dsl::TableId table(t);
      for (std::uint32_t row = 0; row < data_[table].rows; ++row) {
        data_.watch.go_on(row);
        if (!data_[table].kept[row]) continue;
        for (std::uint32_t column = 0; column < data_[table].columns.size(); ++column) {
          for (std::uint32_t part = 0; part < data_[table].columns[column].parts.size(); ++part) {
            const CellRef cell{table, column, part, row};
            if (is_figure(cell)) out.figures.push_back(figure(cell));
          }
        }
      }
    }
  }

 private:
  [[nodiscard]] const dsl::Column& column_of(const CellRef& cell) const {
    return (*data_.program)[cell.table].columns[cell.column];
  }
  [[nodiscard]] bool is_figure(const CellRef& cell) const {
    if (cell.row == Child::none || !is_published_figure((*data_.program)[cell.table], cell.column)) return false;
    return data_[cell.table].columns[cell.column].parts[cell.part].figures.mark(cell.row) != Mark::blank;
  }

  /// Instances that contradict each other leave what the last of them leaves.
  static void narrow(Interval& known, const Interval& values) {
    const bool meet = compare(known, Relation::equal, values).can_be_true;
    known = meet ? Interval{maximum(known, values).low, minimum(known, values).high} : values;
  }

  [[nodiscard]] FigureCoverage figure(const CellRef& cell) const {
    FigureCoverage out;
    out.cell = evidence_of(data_, cell, "cell");
    const auto held = held_.find(cell);
    if (held == held_.end() || held->second.rules.empty()) return out;
    const auto& [values, rules] = held->second;
    out.rules.assign(rules.begin(), rules.end());
    const bool low = !values.low.infinite, high = !values.high.infinite;
    out.hold = low && high ? Hold::pinned : low || high ? Hold::bounded : Hold::loose;
    const Rational& factor = column_of(cell).format.unit.factor;
    out.low = low ? exact_text(quotient(values.low.value, factor)) : "-inf";
    out.high = high ? exact_text(quotient(values.high.value, factor)) : "inf";
    out.low_closed = low && values.low.closed;
    out.high_closed = high && values.high.closed;
    return out;
  }

  const Data& data_;
  RowIndex& index_;
  std::map<CellRef, Held> held_;
};

}  // namespace

Coverage coverage_of(const Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules) {
  Coverage out;
  Looking looking(data, index);
  for (const dsl::Rule* rule : rules) looking.look_at(*rule, out);
  looking.figures(out);
  return out;
}

}  // namespace kenzan::engine
