#include "engine/solve/joint.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <numeric>
#include <set>
#include <utility>

#include "diag/evidence_text.hpp"
#include "dsl/columns_read.hpp"
#include "engine/explain/explain.hpp"
#include "engine/explain/fingerprint.hpp"
#include "engine/explain/message.hpp"
#include "engine/table/cell_finding.hpp"

namespace kenzan::engine {
namespace {

/// For each instance so many rows of a table, and cells of all of them.
constexpr std::uint64_t rows_for_each = 10, cells_for_each = 100;
/// Of the solver, for each instance: a second or two for 2,000.
constexpr std::uint64_t steps_for_each = 5000;
constexpr std::size_t most_named = 6;       // instances in one line
constexpr std::size_t most_explained = 50;  // constraints of a conflict of which it is said what each side leaves

/// Whether a rule reads figures that were rounded: else an instance that holds excludes no values.
bool reads_rounded(const dsl::Program& program, const dsl::Rule& rule) {
  return std::ranges::any_of(dsl::columns_read(program, rule), [&](const auto& read) {
    const dsl::Column& column = program[read.first].columns[read.second];
    return column.type == dsl::ColumnType::figure && column.format.rounding != Rounding::exact;
  });
}

}  // namespace

void JointCheck::note(const dsl::Rule& rule, const RuleVerdicts& verdicts) {
  if (rule.strength != dsl::Strength::possible || !reads_rounded(*data_.program, rule)) return;
  // What holds as it is written may hold for those values only.
  const auto holds = [](Verdict verdict) {
    return verdict == Verdict::rounding || verdict == Verdict::implausible || verdict == Verdict::holds;
  };
  std::size_t count = 0;
  for (std::size_t v = 0; v < verdict_count; ++v) count += holds(static_cast<Verdict>(v)) ? verdicts.counts[v] : 0;
  if (count == 0) return;
  OfRule& of = rules_.emplace_back(OfRule{&rule, count, {}});
  if (of.count > most_) return;
  for (std::size_t i = 0; i < verdicts.size; ++i) {
    if (holds(verdicts.verdicts[i])) of.instances.push_back(verdicts.instance(i));
  }
}

void JointCheck::leave_out_large(const std::function<std::uint64_t(dsl::TableId)>& rows_of) {
  std::ranges::stable_sort(rules_, {}, &OfRule::count);
  std::size_t room = most_;
  std::erase_if(rules_, [&](const OfRule& each) {
    const bool large = std::ranges::any_of(each.rule->tables, [&](dsl::TableId table) { return is_large(rows_of(table)); });
    if (large || each.count > room) {
      left_out_ += each.count;
      return true;
    }
    room -= each.count;
    return false;
  });
}

bool JointCheck::is_large(std::uint64_t rows) const { return rows / rows_for_each > most_; }

void JointCheck::for_each(const std::function<void(const dsl::Rule&, const Instance&)>& tell) const {
  for (const OfRule& each : rules_) {
    for (const Instance& instance : each.instances) {
      data_.watch.go_on();
      tell(*each.rule, instance);
    }
  }
}

void JointCheck::add(const dsl::Rule& rule, const Instance& instance, RowIndex& index, TotalsRule* totals) {
  const auto add = [&](LinearCondition condition) {
    cells_read_ += condition.cells.size();
    cells_.add(std::move(condition));
    asked_.push_back({&rule, &instance});
  };
  if (totals != nullptr) {
    const auto none = [](const CellRef&) { return false; };
    if (std::optional<LinearCondition> condition = totals->condition(instance, none)) return add(std::move(*condition));
  }
  for (LinearCondition& condition : linear_conditions(data_, rule, instance, &index)) add(std::move(condition));
}

void JointCheck::read(RowIndex& index) {
  cells_ = {};
  asked_.clear();
  cells_read_ = not_read_ = 0;
  std::map<std::pair<dsl::TableId, std::uint32_t>, std::size_t> read_by;  // how many rules read a column
  for (const OfRule& each : rules_) {
    for (const auto& column : dsl::columns_read(*data_.program, *each.rule)) ++read_by[column];
  }
  for (const OfRule& each : rules_) {
    // Of figures that no other rule reads only the sum matters, and takes no unknown for each.
    std::unique_ptr<TotalsRule> totals = TotalsRule::of(data_, *each.rule, index);
    if (totals && read_by.at(totals->summed()) > 1) totals = nullptr;
    for (const Instance& instance : each.instances) {
      data_.watch.go_on();
      if (cells_read_ / cells_for_each > most_) {
        ++not_read_;
      } else {
        add(*each.rule, instance, index, totals.get());
      }
    }
  }
}

bool JointCheck::is_consistent(RowIndex& index) {
  read(index);
  Effort effort;
  effort.steps = steps_for_each * most_;
  return not_read_ == 0 && conflicts(cells_.system(), data_.watch, &effort).empty() && effort.undecided.empty();
}

std::vector<Finding> JointCheck::findings(RowIndex& index) {
  read(index);
  left_out_ += not_read_;
  std::vector<Finding> out;
  Effort effort;
  effort.steps = steps_for_each * most_;
  for (const Conflict& conflict : conflicts(cells_.system(), data_.watch, &effort)) {
    out.push_back(explain(conflict));
    std::vector<RuleInstance>& instances = conflicting_.emplace_back();
    for (const std::uint32_t each : conflict) instances.push_back({asked_[each].rule, *asked_[each].instance});
  }
  std::set<const Instance*> undecided;
  for (const std::uint32_t each : effort.undecided) undecided.insert(asked_[each].instance);
  left_out_ += undecided.size();
  return out;
}

std::string JointCheck::names_of(const Conflict& conflict) const {
  std::vector<std::string> names;
  for (const std::uint32_t each : conflict) {
    const auto& [rule, instance] = asked_[each];
    std::string name = "`" + rule->name + "`" + instance_text(labels_of(data_, *rule, *instance));
    if (std::ranges::find(names, name) == names.end()) names.push_back(std::move(name));
  }
  std::string out;
  for (std::size_t i = 0; i < names.size() && i < most_named; ++i) out.append(i == 0 ? "" : ", ").append(names[i]);
  return names.size() > most_named ? out + ", …" : out;
}

std::vector<Message> JointCheck::sides_of(const Conflict& conflict, const Part& part, std::uint32_t unknown) const {
  const CellRef& cell = cells_.cell(part.unknowns[unknown]);
  const Unit& unit = (*data_.program)[cell.table].columns[cell.column].format.unit;
  System without = part.system;
  without.unknowns[unknown] = Interval::point(0);  // which links nothing
  std::vector<Message> out;
  for (const std::vector<std::uint32_t>& side : linked_constraints(without)) {
    const auto speaks = [&](std::uint32_t each) {
      const std::vector<Constraint::Term>& terms = part.system.constraints[each].terms;
      return std::ranges::find(terms, unknown, &Constraint::Term::unknown) != terms.end();
    };
    const Part few = part_of(part.system, side);
    const auto at = std::ranges::lower_bound(few.unknowns, unknown);
    if (std::ranges::none_of(side, speaks)) return {};
    const auto values = possible_values(few.system, static_cast<std::uint32_t>(at - few.unknowns.begin()), data_.watch);
    if (!values) return {};
    Conflict rules;
    for (const std::uint32_t each : side) rules.push_back(conflict[each]);
    const MessageId id = rules.size() == 1 ? MessageId::joint_side : MessageId::joint_side_several;
    out.push_back(say(id, {{"rules", names_of(rules)}, {"values", shown(*values, unit)}}));
  }
  return out;
}

Finding JointCheck::explain(const Conflict& conflict) const {
  const Part part = part_of(cells_.system(), conflict);
  std::vector<std::size_t> uses(part.unknowns.size());
  for (const Constraint& constraint : part.system.constraints) {
    for (const Constraint::Term& term : constraint.terms) ++uses[term.unknown];
  }
  // What most of them speak of comes first, what is known exactly last.
  std::vector<std::uint32_t> order(part.unknowns.size());
  std::iota(order.begin(), order.end(), 0);
  std::ranges::stable_sort(order, {}, [&](std::uint32_t unknown) {
    return std::pair(part.system.unknowns[unknown].is_point(), -static_cast<std::int64_t>(uses[unknown]));
  });

  Finding finding;
  finding.code = "inconsistent";
  finding.message = say(MessageId::joint_conflict, {{"rules", names_of(conflict)}});
  for (auto at = order.begin(); at != order.end() && conflict.size() <= most_explained; ++at) {
    finding.notes = sides_of(conflict, part, *at);
    if (finding.notes.empty()) continue;
    std::rotate(order.begin(), at, at + 1);
    break;
  }
  for (const std::uint32_t unknown : order) {
    if (uses[unknown] < 2 && unknown != order.front()) continue;
    if (finding.cells.size() < most_cells) {
      finding.cells.push_back(evidence_of(data_, cells_.cell(part.unknowns[unknown]), "cell"));
    } else {
      ++finding.cells_omitted;
    }
  }
  finding.primary = 0;
  finding.place = finding.cells.front().span;
  finding.helps.push_back(say(MessageId::joint_help));
  KeyPairs key;
  for (const std::uint32_t each : conflict) {
    const auto& [rule, instance] = asked_[each];
    key.emplace_back(rule->name, instance_text(labels_of(data_, *rule, *instance)));
  }
  const CellEvidence& cell = finding.cells.front();
  finding.fingerprint = fingerprint(finding.code, data_.sources->path(finding.place.source), cell.table, "", key);
  return finding;
}

}  // namespace kenzan::engine
