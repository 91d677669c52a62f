#include "engine/discover/search.hpp"

#include <algorithm>
#include <cmath>

#include "engine/discover/names.hpp"

namespace kenzan::engine {

std::vector<Found> Search::all() {
  std::vector<dsl::TableId> tables;
  for (const Table& table : trial_.operands().data().tables) {
    if (bases_.is_looked_at(table.id) && !bases_.figures_of(table.id).empty()) tables.push_back(table.id);
  }
  for (const dsl::TableId table : tables) columns_ += bases_.figures_of(table).size();
  for (const dsl::TableId table : tables) {
    const dsl::Table& declared = trial_.operands().declared(table);
    const std::vector<dsl::DimId> key = bases_.key_of(table);
    std::vector<std::vector<dsl::DimId>> rows = {key};
    for (const dsl::DimId across : bases_.across_of(table)) {
      rows.push_back(key);
      rows.back().push_back(across);
    }
    for (const std::vector<dsl::DimId>& dims : rows) {
      at_rows(*bases_.of(table, dims));
      for (std::uint32_t c = 0; c < declared.columns.size(); ++c) {
        const auto& dim = declared.columns[c].dim;
        if (!dim || std::ranges::find(dims, *dim) != dims.end()) continue;
        std::vector<dsl::DimId> more = dims;
        more.push_back(*dim);
        const Basis& basis = *bases_.of(table, more);
        const std::vector<Axis> axes = bases_.along_rows(basis);
        restatements(basis, axes, *dim);
        quotients(basis, axes, *dim);
      }
      for (const std::uint32_t column : declared.key) {
        std::vector<dsl::DimId> rest = dims;
        std::erase(rest, *declared.columns[column].dim);
        if (trial_.operands().labels(table, column).size() > most_labels) {
          many_labels_.emplace(table, *declared.columns[column].dim);
        } else {
          at_column(*bases_.of(table, rest), column);
        }
      }
    }
  }
  std::vector<Found> out;
  for (Kept& kept : kept_) {
    const double cost = kept.cost ? *kept.cost : cost_of(kept);  // not a figure: bits
    if (kept.support.bits > cost) out.push_back({std::move(kept.relation), std::move(kept.support), cost});
  }
  return out;
}

// not a figure: bits
double Search::cost_of(const Kept& kept) const {
  const FigureRelation& relation = kept.relation;
  const auto bits = [](std::size_t choices) { return std::log2(static_cast<double>(choices)); };
  const double where = kept.named ? 1 : bits(relation_form_count * columns_);
  return where + bits(counts_.at({{relation.target.table, relation.target.column}, relation.form}));
}

void Search::at_rows(const Basis& basis) {
  const std::vector<Axis> axes = bases_.along_rows(basis);
  restatements(basis, axes, std::nullopt);
  group_totals(basis, axes);
  differences(basis, axes);
  for (const Axis& axis : axes) {
    const auto& across = declared(axis.front().operand).across;
    if (axis.size() <= most_labels) {
      runs(basis, {axis}, std::nullopt);
    } else if (across) {
      many_labels_.emplace(basis.table, across->dim);
    }
    if (axis.size() > most_slots) {
      many_columns_.insert(basis.table);
    } else {
      pairs(basis, axis);
    }
  }
  quotients(basis, axes, std::nullopt);
}

void Search::at_column(const Basis& basis, std::uint32_t key_column) {
  const std::vector<Axis> axes = bases_.along_column(basis, key_column);
  restatements(basis, axes, std::nullopt);
  group_totals(basis, axes);
  // Columns across a dimension of the basis by themselves, since another is the same at all of its labels.
  for (const Operand::Across across : {Operand::Across::none, Operand::Across::matched}) {
    std::vector<Axis> alike;
    const auto is_alike = [&](const Axis& axis) { return !axis.empty() && axis.front().operand.across == across; };
    std::ranges::copy_if(axes, std::back_inserter(alike), is_alike);
    const bool repeated = across == Operand::Across::none && basis.dims.size() >= bases_.key_of(basis.table).size();
    if (!repeated) runs(basis, std::move(alike), key_column);
  }
}

void Search::restatements(const Basis& basis, const std::vector<Axis>& axes, std::optional<dsl::DimId> wanted) {
  const std::vector<Foreign> foreign = bases_.single(basis, wanted);
  for (const Axis& axis : axes) {
    for (std::size_t t = 0; t < axis.size(); ++t) {
      const Operand& target = axis[t].operand;
      for (const Foreign& other : foreign) {
        if (other.repeated || !fits(target, other.operand)) continue;
        attempt({RelationForm::restatement, &basis, target, {{other.operand}}}, false);
      }
      for (std::size_t o = 0; !wanted && o < t; ++o) {
        attempt({RelationForm::restatement, &basis, target, {{axis[o].operand}}}, false);
      }
    }
  }
}

void Search::group_totals(const Basis& basis, const std::vector<Axis>& axes) {
  const std::vector<Foreign> foreign = bases_.sums(basis);
  for (const Axis& axis : axes) {
    for (const Slot& slot : axis) {
      const bool named = is_named(slot.operand, RelationForm::group_total);
      for (const Foreign& other : foreign) {
        if (!fits(slot.operand, other.operand)) continue;
        FigureRelation relation{RelationForm::group_total, &basis, slot.operand, {{other.operand}}};
        if (attempt(relation, named)) continue;
        relation.basis = bases_.of(other.operand.table, basis.dims);  // only where there is something to add up
        if (relation.basis != nullptr && !basis.dims.empty()) attempt(relation, named);
      }
    }
  }
}

void Search::differences(const Basis& basis, const std::vector<Axis>& axes) {
  const std::vector<Foreign> foreign = bases_.single(basis, std::nullopt);
  for (const Axis& axis : axes) {
    for (const Slot& slot : axis) {
      const bool named = is_named(slot.operand, RelationForm::difference);
      for (std::size_t i = 0; i < foreign.size(); ++i) {
        const Operand& from = foreign[i].operand;
        if (foreign[i].repeated || !foreign[i].in_brackets || !fits(slot.operand, from)) continue;
        for (std::size_t j = i + 1; j < foreign.size(); ++j) {
          const Operand& less = foreign[j].operand;
          if (less.table != from.table || less.column != from.column) break;
          const bool kept = attempt({RelationForm::difference, &basis, slot.operand, {{from}, {less, true}}}, named);
          if (!kept) attempt({RelationForm::difference, &basis, slot.operand, {{less}, {from, true}}}, named);
        }
      }
    }
  }
}

void Search::pairs(const Basis& basis, const Axis& axis) {
  for (std::size_t t = 0; t < axis.size(); ++t) {
    for (std::size_t a = 0; a < axis.size(); ++a) {
      for (std::size_t b = a + 1; b < axis.size(); ++b) {
        if (t == a || t == b || trial_.ended()) continue;
        const bool difference = tells_of(axis[a].name, RelationForm::sum) || tells_of(axis[b].name, RelationForm::sum);
        const FigureRelation sum{RelationForm::sum, &basis, axis[t].operand, {{axis[a].operand}, {axis[b].operand}}};
        count(sum);
        const std::optional<Support> support = trial_.of(sum);
        if (!support) continue;
        // What one of them is already is no sum.
        const auto alone = [&](std::size_t one) {
          const auto simpler = trial_.of({RelationForm::restatement, &basis, axis[t].operand, {{axis[one].operand}}});
          return simpler && simpler->broken.size() <= support->broken.size();
        };
        if (alone(a) || alone(b) || kept_.size() >= most_found) continue;
        kept_.push_back({sum, *support, std::nullopt, difference || tells_of(axis[t].name, RelationForm::run_total)});
      }
    }
  }
}

std::vector<Foreign> Search::parts_of_quotients(const Basis& basis, const std::vector<Axis>& axes, bool below) {
  std::vector<Foreign> out;
  for (const Axis& axis : axes) {
    for (const Slot& slot : axis) out.push_back({slot.operand});
  }
  if (below) {
    for (const Axis& axis : axes) {
      for (const Slot& slot : axis) {
        // The total of a column: the row of that name, or the sum; and what was there before.
        for (std::size_t m = 0; m < slot.operand.matched.size(); ++m) {
          const auto [column, dim] = slot.operand.matched[m];
          const dsl::Column& key = trial_.operands().declared(basis.table).columns[column];
          Operand released = slot.operand;
          released.matched.erase(released.matched.begin() + static_cast<std::ptrdiff_t>(m));
          Operand sum = released;
          sum.sum = true;
          out.push_back({sum});
          for (const auto& [label, spelling] : trial_.operands().labels(basis.table, column)) {
            if (!tells_of(trial_.operands().data().texts.text(label), RelationForm::run_total)) continue;
            released.fixed = {column, label};
            out.push_back({released});
          }
          if (key.type == dsl::ColumnType::text && !key.from_file) continue;
          Operand lag = slot.operand;
          lag.before = dim;
          out.push_back({lag});
        }
        if (slot.operand.across == Operand::Across::matched) {
          Operand lag = slot.operand;
          lag.before = slot.operand.across_dim;
          out.push_back({lag});
        }
      }
    }
  }
  for (const Foreign& other : bases_.single(basis, std::nullopt)) {
    if (below || !other.repeated) out.push_back(other);
  }
  for (const Foreign& other : bases_.sums(basis)) out.push_back(other);
  std::erase_if(out, [&](const Foreign& part) {
    const Unit& unit = declared(part.operand).format.unit;
    return unit.dimension.empty() && !unit.name.empty();  // a share of shares is none
  });
  if (out.size() > most_parts) {
    many_parts_.insert(basis.table);
    out.resize(most_parts);
  }
  return out;
}

void Search::quotients(const Basis& basis, const std::vector<Axis>& axes, std::optional<dsl::DimId> wanted) {
  const auto is_looked_up_by = [&](const Operand& operand) {
    return operand.table != basis.table &&
           std::ranges::any_of(operand.matched, [&](const auto& each) { return basis.dims[each.second] == *wanted; });
  };
  std::vector<Foreign> above, below;
  for (const Axis& axis : axes) {
    for (const Slot& slot : axis) {
      const Unit& unit = declared(slot.operand).format.unit;
      const bool ratio = unit.dimension.empty() && !unit.name.empty();
      const bool rate = std::ranges::any_of(unit.dimension, [](const auto& base) { return base.second < 0; });
      if (!ratio && !rate) continue;
      if (above.empty()) {
        above = parts_of_quotients(basis, axes, false);
        below = parts_of_quotients(basis, axes, true);
      }
      for (const Foreign& part : above) {
        for (const Foreign& whole : below) {
          if (part.operand == whole.operand || part.operand == slot.operand || whole.operand == slot.operand) continue;
          if (wanted && !is_looked_up_by(part.operand) && !is_looked_up_by(whole.operand)) continue;
          const Unit quotient = declared(part.operand).format.unit / declared(whole.operand).format.unit;
          if (!quotient.same_dimension(unit)) continue;
          FigureRelation relation{RelationForm::share, &basis, slot.operand, {{part.operand}, {whole.operand}}};
          attempt(relation, is_named(slot.operand, RelationForm::share, slot.name));
          const bool same = part.operand.table == whole.operand.table && part.operand.column == whole.operand.column;
          relation.form = RelationForm::growth;
          if (same && ratio) attempt(relation, is_named(slot.operand, RelationForm::growth, slot.name));
        }
      }
    }
  }
}

void Search::count(const FigureRelation& relation) {
  trial_.operands().data().watch.go_on();
  ++tried_;
  ++counts_[{{relation.target.table, relation.target.column}, relation.form}];
}

bool Search::attempt(const FigureRelation& relation, bool named) {
  if (trial_.ended()) return false;
  count(relation);
  std::optional<Support> support = trial_.of(relation);
  if (!support || kept_.size() >= most_found) return false;
  kept_.push_back({relation, std::move(*support), std::nullopt, named});
  return true;
}

bool Search::is_named(const Operand& target, RelationForm form, const std::string& label) const {
  return tells_of(trial_.operands().declared(target.table).name, form) || tells_of(declared(target).name, form) ||
         tells_of(label, form);
}

bool Search::fits(const Operand& a, const Operand& b) const {
  const Unit &x = declared(a).format.unit, &y = declared(b).format.unit;
  return x.same_dimension(y) && (!x.dimension.empty() || x.kind == y.kind);
}

}  // namespace kenzan::engine
