// The vectorised evaluation: which elements an aggregate has, and bringing what is folded back to the items that asked.
#include <algorithm>

#include "engine/vector/evaluation.hpp"

namespace kenzan::engine {
namespace {

SharedRows shared(std::vector<std::uint32_t> rows) { return std::make_shared<const std::vector<std::uint32_t>>(std::move(rows)); }

/// Keeps the values whose `keep` is set; an empty vector stays empty.
template <class T>
std::vector<T> kept(const std::vector<T>& values, const std::vector<std::uint8_t>& keep) {
  std::vector<T> out;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (keep[i]) out.push_back(values[i]);
  }
  return out;
}

bool any(const std::vector<std::uint8_t>& mask) { return std::ranges::find(mask, 1) != mask.end(); }

}  // namespace

bool VectorEvaluation::needs_outside(dsl::ExprId id, std::vector<const dsl::Aggregate*>& inside) const {
  if (!id.valid()) return false;
  const dsl::Expr& expr = program_[id];
  const auto binding = [&](const dsl::Binding& one) { return needs_outside(one.value, inside); };
  if (expr.op == dsl::ExprOp::label) return true;
  if (std::ranges::any_of(expr.kids, [&](dsl::ExprId kid) { return needs_outside(kid, inside); })) return true;
  if (expr.op == dsl::ExprOp::cell) {
    const dsl::Access& access = program_[expr.access];
    const auto of_table = [&](const dsl::Aggregate* aggregate) { return aggregate->table == access.table; };
    const auto at_label = [](const dsl::Aggregate* aggregate) { return aggregate->across || aggregate->across_label; };
    if (access.current_row && std::ranges::none_of(inside, of_table)) return true;
    const bool across = !data_[access.table].columns[access.column].across_labels.empty();
    if (across && !access.across && std::ranges::none_of(inside, at_label)) return true;
    return std::ranges::any_of(access.rows, binding) || (access.across && binding(*access.across));
  }
  if (expr.op != dsl::ExprOp::aggregate) return false;
  const dsl::Aggregate& aggregate = program_[expr.aggregate];
  if (std::ranges::any_of(aggregate.rows, binding) || (aggregate.node && binding(*aggregate.node)) ||
      (aggregate.across_label && binding(*aggregate.across_label))) {
    return true;
  }
  inside.push_back(&aggregate);
  const bool needed = needs_outside(aggregate.element, inside) || needs_outside(aggregate.where, inside);
  inside.pop_back();
  return needed;
}

VectorEvaluation::Elements VectorEvaluation::elements(const dsl::Aggregate& aggregate, const Frame& frame) {
  Elements out;
  std::vector<dsl::Binding> bindings = aggregate.rows;
  if (aggregate.node) bindings.insert(bindings.begin(), *aggregate.node);
  std::vector<std::uint32_t> group;
  const Index& index = groups(bindings, aggregate.table, frame, group, out.item_no_instance, &out.fixed);
  const std::vector<Child> no_children;
  const std::vector<std::vector<Child>>* children = nullptr;
  if (aggregate.hierarchy) {
    out.fixed.clear();
    children = &data_.hierarchies[aggregate.table.index()][*aggregate.hierarchy].children;
    out.may_repeat = program_[aggregate.table].hierarchies[*aggregate.hierarchy].kind == dsl::Hierarchy::Kind::stated;
  }
  const auto children_of = [&](std::uint32_t g) -> const std::vector<Child>& {
    return g == absent_row ? no_children : (*children)[index.rows(g).front()];
  };

  // The across label that the elements are at, asked for only where there are elements.
  Labels at;
  const bool at_label = !aggregate.across && aggregate.across_label;
  if (at_label) {
    at = labels(*aggregate.across_label, aggregate.table, aggregate.across_column, true, frame);
    out.fixed_across = at.uniform;
    for (std::size_t i = 0; i < at.no_instance.size(); ++i) {
      if (group[i] == absent_row || (children != nullptr && children_of(group[i]).empty())) at.no_instance[i] = 0;
    }
    join_masks(out.item_no_instance, at.no_instance);
  }
  out.iterates_across = aggregate.across.has_value();

  // Units: items with the same rows at the same label, unless an element looks at its item.
  std::vector<const dsl::Aggregate*> inside{&aggregate};
  const bool own = needs_outside(aggregate.element, inside) || needs_outside(aggregate.where, inside);
  std::vector<std::uint32_t> unit_group;
  std::vector<Code> unit_label;
  std::vector<std::uint32_t> unit_of;
  TupleTable units(2, indexes_.seed());
  if (!own) units.reserve(frame.size);
  for (std::size_t i = 0; i < frame.size; ++i) {
    const Code label = at_label ? at.codes[i] : Texts::empty;
    bool fresh = own;
    if (!own) {
      const Code key[2] = {group[i], label};
      unit_of.push_back(units.insert(key, fresh));
    }
    if (!fresh) continue;
    unit_group.push_back(group[i]);
    unit_label.push_back(label);
  }
  if (!own) out.unit_of = shared(std::move(unit_of));

  std::vector<std::uint32_t> up, rows;
  std::vector<Code> across;
  const std::vector<Code> one_label(1);
  const std::vector<Code>& all_labels =
      aggregate.across ? data_[aggregate.table].columns[aggregate.across_column].across_labels : one_label;
  out.offsets.push_back(0);
  for (std::uint32_t u = 0; u < unit_group.size(); ++u) {
    const auto add = [&](std::uint32_t row) {
      for (const Code label : all_labels) {
        up.push_back(u);
        rows.push_back(row);
        if (aggregate.across || at_label) across.push_back(at_label ? unit_label[u] : label);
      }
    };
    const std::uint32_t g = unit_group[u];
    if (children != nullptr && g == absent_row) {
      out.missed_unit.resize(unit_group.size());
      out.missed_unit[u] = 1;
    } else if (g == absent_row || unit_label[u] == absent_label) {
      // no elements
    } else if (children != nullptr) {
      for (const Child& child : children_of(g)) {
        add(child.row);
        out.negative.resize(rows.size(), child.negative);
        out.missed.resize(rows.size(), child.row == Child::none);
      }
    } else {
      for (const std::uint32_t row : index.rows(g)) add(row);
    }
    out.offsets.push_back(static_cast<std::uint32_t>(rows.size()));
  }
  if (!any(out.missed)) out.missed.clear();
  if (!any(out.negative)) out.negative.clear();

  out.frame.size = rows.size();
  out.frame.parent = own ? &frame : nullptr;
  out.frame.up = shared(std::move(up));
  out.frame.table = aggregate.table;
  out.frame.rows = shared(std::move(rows));
  if (aggregate.across || at_label) out.frame.across = std::make_shared<const std::vector<Code>>(std::move(across));
  ReadLog* unit_log = log_ == nullptr || own ? log_ : &log_->add(ReadLog::Kind::units, out.units(), out.unit_of);
  filter(out, aggregate, unit_log);
  return out;
}

void VectorEvaluation::filter(Elements& out, const dsl::Aggregate& aggregate, ReadLog* unit_log) {
  if (aggregate.where.valid()) {
    ReadLog* where_log = nullptr;
    if (unit_log != nullptr) {
      where_log =
          &unit_log->add(ReadLog::Kind::elements, out.frame.size, out.frame.up).add(ReadLog::Kind::chosen, out.frame.size, nullptr);
    }
    {
      const LogScope scope(*this, where_log);
      out.where = truths(aggregate.where, out.frame);
    }
    std::vector<std::uint8_t> keep(out.frame.size);
    if (where_log != nullptr) where_log->mask.resize(out.frame.size);
    out.unsure.resize(out.frame.size);
    for (std::size_t e = 0; e < out.frame.size; ++e) {
      TruthByte& where = out.where[e];
      if (!out.missed.empty() && out.missed[e]) where = packed(true);  // nothing can be asked of a row that is not there
      if (where & truth_no_instance) {
        out.unit_no_instance.resize(out.units());
        out.unit_no_instance[(*out.frame.up)[e]] = 1;
      }
      where &= truth_mask;
      keep[e] = !determined_false(where);
      out.unsure[e] = !determined(where);
      // A condition that leaves it open whether its row counts is part of what is checked; one that is settled only chose the row.
      if (where_log != nullptr) where_log->mask[e] = !determined(where);
    }
    std::vector<std::uint32_t> offsets{0};
    std::uint32_t count = 0;
    for (std::size_t u = 0; u < out.units(); ++u) {
      for (std::size_t e = out.offsets[u]; e < out.offsets[u + 1]; ++e) count += keep[e];
      offsets.push_back(count);
    }
    out.offsets = std::move(offsets);
    out.where = kept(out.where, keep);
    out.unsure = kept(out.unsure, keep);
    out.missed = kept(out.missed, keep);
    out.negative = kept(out.negative, keep);
    out.frame.size = count;
    out.frame.up = shared(kept(*out.frame.up, keep));
    out.frame.rows = shared(kept(*out.frame.rows, keep));
    if (out.frame.across) out.frame.across = std::make_shared<const std::vector<Code>>(kept(*out.frame.across, keep));
    if (!any(out.unsure)) {
      out.unsure.clear();
      out.where.clear();
    }
  }
  if (unit_log == nullptr) return;
  out.log = &unit_log->add(ReadLog::Kind::elements, out.frame.size, out.frame.up);
  if (out.missed.empty()) return;
  out.log = &out.log->add(ReadLog::Kind::chosen, out.frame.size, nullptr);
  for (const std::uint8_t missed : out.missed) out.log->mask.push_back(!missed);
}

Figures VectorEvaluation::element_figures(const dsl::Aggregate& aggregate, const Elements& elements) {
  const LogScope scope(*this, elements.log);
  Figures values = figures(aggregate.element, elements.frame);
  if (elements.missed.empty()) return values;
  return choose(values, missing_figures(elements.frame.size), elements.missed);
}

Footprints VectorEvaluation::folded(const Footprints& cells, const Elements& elements) const {
  Footprints out = cells;
  for (Footprint& print : out) {
    const bool own = print.own_row && (!elements.iterates_across || print.own_across) && !elements.may_repeat && !print.uncertain;
    print.repeats = print.repeats || !own;
    if (print.own_row) print.fixed = elements.fixed;
    if (print.own_across) print.across = elements.fixed_across;
    print.own_row = print.own_across = false;
  }
  return out;
}

Figures VectorEvaluation::to_items(Figures units, const Elements& elements) {
  if (!elements.missed_unit.empty()) units = choose(units, missing_figures(units.size()), elements.missed_unit);
  units = with_flags(std::move(units), elements.unit_no_instance, flag::no_instance);
  return with_flags(gather(units, elements.unit_of), elements.item_no_instance, flag::no_instance);
}

Truths VectorEvaluation::to_items(Truths units, const Elements& elements) {
  for (std::size_t u = 0; u < units.size(); ++u) {
    if (!elements.missed_unit.empty() && elements.missed_unit[u]) units[u] = undetermined_missing;
    if (!elements.unit_no_instance.empty() && elements.unit_no_instance[u]) units[u] |= truth_no_instance;
  }
  Truths out = picked(units, elements.unit_of);
  for (std::size_t i = 0; i < elements.item_no_instance.size(); ++i) {
    if (elements.item_no_instance[i]) out[i] |= truth_no_instance;
  }
  return out;
}

Truths VectorEvaluation::have_children(const dsl::Aggregate& aggregate, const Frame& frame) {
  Truths out(frame.size, packed(false));
  std::vector<dsl::Binding> bindings = aggregate.rows;
  if (aggregate.node) bindings.insert(bindings.begin(), *aggregate.node);
  std::vector<std::uint32_t> group;
  std::vector<std::uint8_t> no_instance;
  const LogScope quiet(*this, nullptr);
  const Index& index = groups(bindings, aggregate.table, frame, group, no_instance, nullptr);
  for (std::size_t i = 0; i < frame.size; ++i) {
    if (aggregate.hierarchy && group[i] != absent_row) {
      const std::uint32_t node = index.rows(group[i]).front();
      out[i] = packed(!data_.hierarchies[aggregate.table.index()][*aggregate.hierarchy].children[node].empty());
    }
    if (!no_instance.empty() && no_instance[i]) out[i] |= truth_no_instance;
  }
  return out;
}

}  // namespace kenzan::engine
