#include "engine/discover/relation.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/discover/bases.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t fewest_nearly = 10;  ///< of so many instances, one in ten may be wrong
// not a figure: what an instance that does not hold tells against a relation, in bits
constexpr double against = 12;

Linear form_of(const Value& value, const std::vector<CellRef>& all, const Data& data) {
  Linear out;
  for (const CellRef& cell : value.cells) {
    const auto id = static_cast<std::uint64_t>(std::ranges::lower_bound(all, cell) - all.begin());
    out.terms.push_back({id, 1, data[cell.table].columns[cell.column].parts[cell.part].figures.range(cell.row)});
  }
  collect(out);
  return out;
}

/// The range of a quotient, in which a cell that stands above and below is one unknown.
Interval quotient_range(const Value& above, const Value& below, const Data& data) {
  std::vector<CellRef> all = above.cells;
  all.insert(all.end(), below.cells.begin(), below.cells.end());
  std::ranges::sort(all);
  const bool shared = std::ranges::adjacent_find(all) != all.end();
  if (!shared) return above.range / below.range;
  all.erase(std::ranges::unique(all).begin(), all.end());
  return range_of_quotient(form_of(above, all, data), form_of(below, all, data));
}

Rational width_of(const Interval& range) { return range.high.value - range.low.value; }

}  // namespace

Trial::Trial(Operands& operands, std::size_t most_cells) : operands_(operands), most_cells_(most_cells) {
  const Data& data = operands.data();
  for (const Table& table : data.tables) {
    if (table.rows > most_rows) continue;
    for (std::uint32_t c = 0; c < table.columns.size(); ++c) {
      const dsl::Column& declared = operands.declared(table.id).columns[c];
      if (!is_published_figure(operands.declared(table.id), c)) continue;
      Spread& own = of_columns_[{table.id, c}];
      Spread& kind = of_kinds_[{declared.format.unit.dimension, declared.format.unit.kind}];
      for (const PhysicalColumn& part : table.columns[c].parts) {
        for (std::uint32_t row = 0; row < table.rows; ++row) {
          data.watch.go_on(row);
          if (!table.kept[row] || !part.figures.known(row)) continue;
          const Rational written = part.figures.written(row);
          own.add(written);
          kind.add(written);
        }
      }
      own.close();
    }
  }
  for (auto& [of, kind] : of_kinds_) kind.close();
}

FigureRelation FigureRelation::in_column(std::size_t i) const {
  FigureRelation out = *this;
  out.columns.clear();
  if (columns.empty()) return out;
  out.target.column = columns[i];
  for (Term& term : out.terms) term.operand.column = columns[i];
  return out;
}

std::optional<Support> Trial::of(const FigureRelation& relation, StatedEquations* stated) {
  Support out;
  std::vector<bool> missing(relation.terms.size() + 1);
  for (std::size_t column = 0; column < relation.column_count(); ++column) {
    if (!add_column(relation.in_column(column), relation.column_count(), stated, out, missing)) return std::nullopt;
  }
  const std::size_t broken = out.broken.size();
  if (broken > 0) {
    if (out.instances < fewest_nearly || broken * 10 > out.instances) return std::nullopt;
    // not a figure: bits
    const double choices = std::log2(static_cast<double>(out.instances) / static_cast<double>(broken)) + std::log2(std::exp(1.0));
    out.bits -= static_cast<double>(broken) * (against + choices);
  }
  for (std::size_t t = 0; t < missing.size(); ++t) {
    if (missing[t]) out.missing.push_back(t);
  }
  return out.held == 0 || out.bits <= 0 ? std::nullopt : std::optional(std::move(out));
}

bool Trial::add_column(const FigureRelation& relation, std::size_t columns, StatedEquations* stated, Support& out,
                       std::vector<bool>& missing) {
  const Unit& unit = operands_.declared(relation.target).format.unit;
  const Spread& column = of_columns_.at({relation.target.table, relation.target.column});
  const Spread& kind = of_kinds_.at({unit.dimension, unit.kind});
  const std::size_t count = relation.basis->instances.size();
  std::set<std::pair<Rational, Rational>> seen;
  std::vector<Value> values(relation.terms.size());
  for (std::size_t i = 0; i < count; ++i) {
    operands_.data().watch.go_on(i);
    const Value target = operands_.read(*relation.basis, relation.target, i);
    missing[0] = missing[0] || target.missing;
    if (target.missing || !target.known) continue;
    for (std::size_t t = 0; t < values.size(); ++t) {
      values[t] = operands_.read(*relation.basis, relation.terms[t].operand, i);
      if (relation.terms[t].operand.sum && !relation.is_quotient()) values[t].missing = false;  // the sum of nothing is 0
      missing[t + 1] = missing[t + 1] || values[t].missing;
    }
    const Side terms = side(relation, values);
    if (terms.missing || !terms.known) continue;
    ++out.instances;
    if (!compare(target.range, Relation::equal, terms.range).can_be_true) {
      out.broken.push_back(target.at);
      const bool few = out.broken.size() * 8 <= out.instances + 8;
      if (!few || count * columns < fewest_nearly) return false;
      continue;
    }
    ++out.held;
    if (stated != nullptr && note(relation, target, values, *stated, out)) continue;
    if (!seen.emplace(target.written, terms.range.low.value).second) continue;
    out.bits += surprise(target.written, width_of(target.range) + width_of(terms.range), column, kind);
  }
  return true;
}

bool Trial::note(const FigureRelation& relation, const Value& target, const std::vector<Value>& values, StatedEquations& stated,
                 Support& out) const {
  if (!relation.is_quotient()) {
    out.equations.push_back(equation(relation, target, values));
    return stated.has(out.equations.back());
  }
  std::set<CellRef> cells(target.cells.begin(), target.cells.end());
  for (const Value& value : values) cells.insert(value.cells.begin(), value.cells.end());
  out.of.push_back(std::move(cells));
  return stated.has_others(out.of.back());
}

Trial::Side Trial::side(const FigureRelation& relation, const std::vector<Value>& values) const {
  Side out;
  for (const Value& value : values) {
    out.missing = out.missing || value.missing;
    out.known = out.known && value.known;
  }
  if (out.missing || !out.known) return out;
  if (!relation.is_quotient()) {
    for (std::size_t t = 0; t < values.size(); ++t) {
      out.range = relation.terms[t].negative ? out.range - values[t].range : out.range + values[t].range;
    }
    return out;
  }
  out.known = !compare(values[1].range, Relation::equal, Interval::point(0)).can_be_true;
  if (!out.known) return out;
  out.range = quotient_range(values[0], values[1], operands_.data());
  out.known = !out.range.low.infinite && !out.range.high.infinite;
  if (relation.form == RelationForm::growth) out.range = out.range - Interval::point(1);
  return out;
}

Equation Trial::equation(const FigureRelation& relation, const Value& target, const std::vector<Value>& values) {
  Equation out;
  for (const CellRef& cell : target.cells) out.emplace_back(cell, 1);
  for (std::size_t t = 0; t < values.size(); ++t) {
    for (const CellRef& cell : values[t].cells) out.emplace_back(cell, relation.terms[t].negative ? 1 : -1);
  }
  return out;
}

}  // namespace kenzan::engine
