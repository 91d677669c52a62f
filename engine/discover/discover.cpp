#include "engine/discover/discover.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "diag/evidence_text.hpp"
#include "engine/discover/rule_text.hpp"
#include "engine/discover/search.hpp"
#include "engine/explain/explain.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t most_cells = 1'000'000;  ///< read while searching
constexpr std::size_t most_broken = 3;         ///< instances that are named in a proposal

class Discoverer {
 public:
  Discoverer(const Data& data, RowIndex& index) : data_(data), operands_(data, index), bases_(operands_) {}

  Discovery discover(RowIndex& index, const std::vector<const dsl::Rule*>& rules) {
    Discovery out;
    for (const Table& table : data_.tables) {
      const std::vector<std::uint32_t> figures = bases_.figures_of(table.id);
      if (figures.empty()) continue;
      if (table.rows > most_rows) {
        out.left_out.push_back(
            say(MessageId::suggest_many_rows, {{"table", name_of(table.id)}, {"most", std::to_string(most_rows)}}));
        continue;
      }
      ++out.tables;
      for (const std::uint32_t column : figures) {
        for (const PhysicalColumn& part : table.columns[column].parts) {
          for (std::uint32_t row = 0; row < table.rows; ++row) out.figures += table.kept[row] && part.figures.known(row) ? 1 : 0;
        }
      }
    }
    Trial trial(operands_, most_cells);
    Search search(trial, bases_);
    std::vector<Found> found = search.all();
    out.tried = search.tried();
    leave_out(search, trial, out);
    StatedEquations stated;
    std::vector<const dsl::Rule*> small;
    std::ranges::copy_if(rules, std::back_inserter(small), [&](const dsl::Rule* rule) {
      return std::ranges::all_of(rule->tables, [&](dsl::TableId table) { return data_[table].rows <= most_rows; });
    });
    add_rules(data_, index, small, stated);
    std::set<std::string> names;
    for (const dsl::Rule& rule : data_.program->rules) names.insert(rule.name);
    choose(found, trial, stated, names, out);
    return out;
  }

 private:
  [[nodiscard]] std::string name_of(dsl::TableId table) const { return operands_.declared(table).spelling; }

  /// Takes the most certain relation that says something new, again and again; quotients last, since they may be the same when
  /// totals are known, and of these first those of single figures.
  void choose(std::vector<Found>& found, Trial& trial, StatedEquations& stated, std::set<std::string>& names, Discovery& out) {
    const auto sums = [](const Found& each) {
      return std::ranges::count_if(each.relation.terms, [](const FigureRelation::Term& term) { return term.operand.sum; });
    };
    std::ranges::stable_sort(found, [&](const Found& a, const Found& b) {
      if (a.relation.is_quotient() != b.relation.is_quotient()) return b.relation.is_quotient();
      if (a.relation.is_quotient() && sums(a) != sums(b)) return sums(a) < sums(b);
      return a.support.bits - a.cost > b.support.bits - b.cost;
    });
    for (const Found& first : found) {
      const Found& each = with_fewer_exceptions(first, found);
      if (!can_be_written(operands_, each.relation)) continue;
      const std::optional<Support> support = trial.of(each.relation, &stated);
      if (!support || support->bits - each.cost < 1) continue;
      for (const Equation& equation : support->equations) stated.add(equation);
      for (const std::set<CellRef>& cells : support->of) stated.add_others(cells);
      Proposal& proposal = out.proposals.emplace_back();
      proposal.form = each.relation.form;
      proposal.name = rule_name(operands_, each.relation, names);
      proposal.rule = rule_text(operands_, each.relation, proposal.name, support->missing);
      proposal.instances = support->instances;
      proposal.held = support->held;
      proposal.bits = static_cast<std::uint32_t>(support->bits - each.cost);
      for (std::size_t i = 0; i < std::min(most_broken, support->broken.size()); ++i) {
        proposal.broken.push_back(kenzan::name_of(evidence_of(data_, support->broken[i], "cell")));
      }
    }
    std::ranges::stable_sort(out.proposals, std::ranges::greater{}, &Proposal::bits);
  }

  /// Two figures restate each other: the one with more instances can be looked up for the other.
  [[nodiscard]] static const Found& with_fewer_exceptions(const Found& found, const std::vector<Found>& all) {
    if (found.relation.form != RelationForm::restatement) return found;
    const auto same = [](const Operand& a, const Operand& b) {
      return a.table == b.table && a.column == b.column && a.fixed == b.fixed;
    };
    const auto mirrors = [&](const Found& other) {
      return other.relation.form == RelationForm::restatement && other.support.held >= found.support.held &&
             same(other.relation.target, found.relation.terms.front().operand) &&
             same(other.relation.terms.front().operand, found.relation.target) &&
             other.relation.basis->instances.size() < found.relation.basis->instances.size();
    };
    const auto other = std::ranges::find_if(all, mirrors);
    return other == all.end() ? found : *other;
  }

  void leave_out(const Search& search, const Trial& trial, Discovery& out) const {
    for (const auto& [table, dim] : search.with_many_labels()) {
      out.left_out.push_back(
          say(MessageId::suggest_many_labels,
              {{"dimension", (*data_.program)[dim].name}, {"table", name_of(table)}, {"most", std::to_string(most_labels)}}));
    }
    for (const dsl::TableId table : search.with_many_columns()) {
      out.left_out.push_back(
          say(MessageId::suggest_many_columns, {{"table", name_of(table)}, {"most", std::to_string(Search::most_slots)}}));
    }
    for (const dsl::TableId table : search.with_many_parts()) {
      out.left_out.push_back(
          say(MessageId::suggest_many_parts, {{"table", name_of(table)}, {"most", std::to_string(Search::most_parts)}}));
    }
    if (search.is_full()) out.left_out.push_back(say(MessageId::suggest_full, {{"most", std::to_string(Search::most_found)}}));
    if (trial.ended()) out.left_out.push_back(say(MessageId::suggest_ended, {{"most", std::to_string(most_cells)}}));
  }

  const Data& data_;
  Operands operands_;
  Bases bases_;
};

}  // namespace

Discovery discover(const Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules) {
  return Discoverer(data, index).discover(index, rules);
}

}  // namespace kenzan::engine
