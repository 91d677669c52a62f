#include "engine/solve/system.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/solve/conflict.hpp"
#include "engine/solve/linked.hpp"
#include "engine/solve/peeling.hpp"
#include "engine/solve/simplex.hpp"

namespace kenzan::engine {
namespace {

using Numbers = std::vector<std::uint32_t>;

/// Leaves out of a conflict what it does not need. When all steps are spent, `done` says so, and what is left of it is returned.
Numbers minimal(const System& system, Numbers conflict, const Watch& watch, std::uint64_t& steps, bool& done) {
  Numbers needed;
  while (!conflict.empty()) {
    const std::uint32_t left_out = conflict.back();
    conflict.pop_back();
    Numbers rest = conflict;
    rest.insert(rest.end(), needed.begin(), needed.end());
    std::ranges::sort(rest);
    std::optional<Numbers> smaller;
    try {
      smaller = some_conflict(system, rest, watch, steps);
    } catch (const Simplex::Spent&) {
      done = false;
      rest.push_back(left_out);
      std::ranges::sort(rest);
      return rest;
    }
    if (smaller) {
      std::erase_if(*smaller, [&](std::uint32_t each) { return std::ranges::find(needed, each) != needed.end(); });
      conflict = std::move(*smaller);
    } else {
      needed.push_back(left_out);
    }
  }
  std::ranges::sort(needed);
  return needed;
}

Numbers all_of(std::size_t count) {
  Numbers out(count);
  std::iota(out.begin(), out.end(), 0);
  return out;
}

}  // namespace

Part part_of(const System& system, const std::vector<std::uint32_t>& constraints) {
  Part out;
  for (const std::uint32_t constraint : constraints) {
    for (const Constraint::Term& term : system.constraints[constraint].terms) out.unknowns.push_back(term.unknown);
  }
  std::ranges::sort(out.unknowns);
  out.unknowns.erase(std::ranges::unique(out.unknowns).begin(), out.unknowns.end());
  for (const std::uint32_t unknown : out.unknowns) out.system.unknowns.push_back(system.unknowns[unknown]);
  for (const std::uint32_t constraint : constraints) {
    Constraint& part = out.system.constraints.emplace_back(system.constraints[constraint]);
    for (Constraint::Term& term : part.terms) {
      term.unknown = static_cast<std::uint32_t>(std::ranges::lower_bound(out.unknowns, term.unknown) - out.unknowns.begin());
    }
  }
  return out;
}

std::vector<std::vector<std::uint32_t>> linked_constraints(const System& system) {
  return linked(system.constraints.size(), system.unknowns.size(), [&](std::uint32_t i, auto tell) {
    for (const Constraint::Term& term : system.constraints[i].terms) {
      if (!system.unknowns[term.unknown].is_point()) tell(term.unknown);
    }
  });
}

Links links_of(const System& system, std::vector<std::vector<std::uint32_t>> groups) {
  Links out;
  out.groups = std::move(groups);
  out.group_of.resize(system.constraints.size());
  out.uses.resize(system.unknowns.size());
  for (std::uint32_t group = 0; group < out.groups.size(); ++group) {
    for (const std::uint32_t each : out.groups[group]) {
      out.group_of[each] = group;
      for (const Constraint::Term& term : system.constraints[each].terms) out.uses[term.unknown].push_back(each);
    }
  }
  return out;
}

std::vector<std::vector<std::uint32_t>> conflicts(const System& system, const Watch& watch, Effort* effort) {
  Effort unlimited;
  Effort& spent = effort != nullptr ? *effort : unlimited;
  std::vector<Numbers> out;
  for (const Numbers& group : linked_constraints(system)) {
    System part = part_of(system, group).system;
    for (Numbers left = all_of(group.size());;) {
      std::optional<Numbers> found;
      try {
        found = some_conflict(part, left, watch, spent.steps);
      } catch (const Simplex::Spent&) {
        for (const std::uint32_t each : left) spent.undecided.push_back(group[each]);
        break;
      }
      if (!found) break;
      const System few = part_of(part, *found).system;
      bool done = true;
      Numbers conflict;
      for (const std::uint32_t each : minimal(few, all_of(found->size()), watch, spent.steps, done)) {
        conflict.push_back((*found)[each]);
      }
      spent.perhaps_not_minimal = spent.perhaps_not_minimal || !done;
      std::erase_if(left, [&](std::uint32_t each) { return std::ranges::binary_search(conflict, each); });
      // What is wrong with them is not to be told again in the words of the others.
      for (const std::uint32_t each : conflict) {
        for (const Constraint::Term& term : part.constraints[each].terms) {
          Interval& range = part.unknowns[term.unknown];
          if (!range.is_point()) range = Interval::everything();
        }
      }
      for (std::uint32_t& each : conflict) each = group[each];
      out.push_back(std::move(conflict));
    }
  }
  std::ranges::sort(spent.undecided);
  return out;
}

std::optional<Interval> possible_values(const System& system, std::uint32_t unknown, const Watch& watch) {
  Peeling peeling(system, all_of(system.constraints.size()), watch, unknown);
  if (peeling.conflict()) return std::nullopt;
  std::uint64_t steps = ~std::uint64_t{0};
  Interval out = peeling.unknown(unknown).range;
  for (const std::vector<Peeling::Row>& part : cores_of(peeling, system.unknowns.size())) {
    Simplex simplex(part, peeling, watch, steps);
    if (!simplex.repair().empty() && simplex.solve()) return std::nullopt;
    const bool speaks = std::ranges::any_of(part, [&](const Peeling::Row& row) {
      return std::ranges::find(row.terms, unknown, &Constraint::Term::unknown) != row.terms.end();
    });
    if (speaks) out = simplex.range_of(unknown);
  }
  return out;
}

}  // namespace kenzan::engine
