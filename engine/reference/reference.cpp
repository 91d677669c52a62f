#include "engine/reference/reference.hpp"

#include <algorithm>
#include <set>

#include "engine/reference/evaluation.hpp"

namespace kenzan::engine {

using reference::Context;
using reference::Evaluation;
using reference::Reading;
using reference::Seek;

namespace reference {

Evaluation::Evaluation(const Data& data, const dsl::Rule* rule, const Instance* instance, RowIndex* index)
    : data_(data),
      rule_(rule),
      instance_(instance),
      index_(index),
      as_written_(rule != nullptr && rule->strength == dsl::Strength::exactly) {}

}  // namespace reference

namespace {

/// A label of one dimension with its spelling.
struct Found {
  Code label, spelling;
};

/// The labels that one row gives to one part of an instance: one, all of an across dimension, or none where the cell is blank.
std::vector<Found> labels_at(const Table& table, const dsl::InstanceSource::Part& part, std::uint32_t row) {
  std::vector<Found> out;
  if (part.column) {
    const PhysicalColumn& column = table.columns[*part.column].parts[0];
    if (column.labels[row] != Texts::empty) out.push_back({column.labels[row], column.text(row)});
    return out;
  }
  const ColumnData& column = table.columns[part.across_column];
  for (std::size_t i = 0; i < column.across_labels.size(); ++i)
    out.push_back({column.across_labels[i], column.across_spellings[i]});
  return out;
}

/// The leaf that a verdict is to be explained by.
Seek sought_for(Verdict verdict, dsl::Strength strength) {
  switch (verdict) {
    case Verdict::violated:
      switch (strength) {
        case dsl::Strength::possible: return Seek::impossible;
        case dsl::Strength::exactly: return Seek::unwritten;
        case dsl::Strength::surely: return Seek::refutable;
      }
      break;
    case Verdict::unmatched: return Seek::missing;
    case Verdict::unknown: return Seek::unknown;
    case Verdict::rounding:
    case Verdict::implausible: return Seek::undetermined;
    case Verdict::holds:
    case Verdict::vacuous: break;
  }
  return Seek::any;
}

/// Whether what may hold within rounding is an `=` of linear expressions whose two sides lie implausibly far apart.
bool is_implausible(const Comparison& sides, Relation relation, std::uint64_t instances) {
  if (relation != Relation::equal || !sides.left->linear || !sides.right->linear) return false;
  return implausible(z_squared_of_difference(sides.left->form, sides.right->form), instances);
}

}  // namespace

std::vector<Instance> reference_instances(const Data& data, const dsl::Rule& rule) {
  if (rule.by.empty()) return {Instance{}};
  std::vector<Instance> out;
  std::set<std::vector<Code>> seen;
  for (const dsl::InstanceSource& source : rule.sources) {
    const Table& table = data[source.table];
    for (std::uint32_t row = 0; row < table.rows; ++row) {
      data.watch.go_on(row);
      if (!table.kept[row]) continue;
      std::vector<Instance> made{Instance{}};
      for (const dsl::InstanceSource::Part& part : source.parts) {
        const std::vector<Found> labels = labels_at(table, part, row);
        if (labels.size() == 1) {
          for (Instance& instance : made) {
            instance.labels.push_back(labels.front().label);
            instance.spellings.push_back(labels.front().spelling);
          }
          continue;
        }
        std::vector<Instance> longer;
        for (const Instance& instance : made) {
          for (const Found& found : labels) {
            longer.push_back(instance);
            longer.back().labels.push_back(found.label);
            longer.back().spellings.push_back(found.spelling);
          }
        }
        made = std::move(longer);
      }
      for (Instance& instance : made) {
        if (seen.insert(instance.labels).second) out.push_back(std::move(instance));
      }
    }
  }
  return out;
}

Judgement judge(const Data& data, const dsl::Rule& rule, const Instance& instance, std::uint64_t instances, RowIndex* index) {
  Judgement out;
  Evaluation evaluation(data, &rule, &instance, index);
  const Context root;
  for (const dsl::AggregateId aggregate : rule.children) {
    if (!evaluation.has_children(evaluation.program()[aggregate])) return out;
  }

  Truth when = Truth::of(true);
  if (rule.when.valid()) {
    Reading read;
    const Evaluation::Redirect redirect(evaluation, &read);
    when = evaluation.truth(rule.when, root);
    out.when_cells = read.cells();
  }
  const Admission admission = admit(when);
  if (evaluation.no_instance() || admission == Admission::not_made) return out;

  // A comparison of figures is evaluated once, for its truth and for what is shown.
  const dsl::Expr& require = evaluation.program()[rule.require];
  const bool compares = require.op == dsl::ExprOp::compare && evaluation.program()[require.kids[0]].kind == dsl::ValueKind::figure;
  Reading read;
  if (compares) {
    out.comparison = evaluation.leaf(rule.require, root, false);
    out.truth = evaluation.compare(*out.comparison->left, require.relation, *out.comparison->right);
    for (const CellRef& cell : out.comparison->left_cells) read.add(cell);
    for (const CellRef& cell : out.comparison->right_cells) read.add(cell);
  } else {
    const Evaluation::Redirect redirect(evaluation, &read);
    out.truth = evaluation.truth(rule.require, root);
  }
  if (evaluation.no_instance()) return out;
  out.made = true;
  out.cells = read.cells();

  if (admission == Admission::unknown) {
    out.comparison.reset();
    out.verdict = Verdict::unknown;
    out.truth = when;
    out.choosing_cells = evaluation.choosing().cells();
    return out;
  }
  if (admission == Admission::conditional) out.truth = implication(when, out.truth);
  out.verdict = decide(out.truth, rule.strength);
  const bool settled = out.verdict == Verdict::rounding && admission == Admission::made;
  if (settled && compares && is_implausible(*out.comparison, require.relation, instances)) out.verdict = Verdict::implausible;
  if (!compares) out.comparison = evaluation.deciding(rule.require, root, false, sought_for(out.verdict, rule.strength));
  out.choosing_cells = evaluation.choosing().cells();
  return out;
}

std::optional<CellRef> find_cell(const Data& data, dsl::ExprId cell, MissedCell& missed) {
  Evaluation evaluation(data, nullptr, nullptr, nullptr);
  reference::Lookup found = evaluation.look_up((*data.program)[(*data.program)[cell].access], {});
  missed = std::move(found.missed);
  return found.cell;
}

Truth judge_row(const Data& data, dsl::ExprId condition, dsl::TableId table, std::uint32_t row) {
  Evaluation evaluation(data, nullptr, nullptr, nullptr);
  Context at;
  at.table = table;
  at.row = row;
  return evaluation.truth(condition, at);
}

void keep_rows(Data& data, dsl::TableId table) {
  const dsl::ExprId where = (*data.program)[table].where;
  if (!where.valid()) return;
  Table& rows = data.tables[table.index()];
  for (std::uint32_t row = 0; row < rows.rows; ++row) {
    data.watch.go_on(row);
    rows.kept[row] = keeps(judge_row(data, where, table, row));
  }
}

}  // namespace kenzan::engine
