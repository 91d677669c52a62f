#include "engine/solve/conflict.hpp"

#include <utility>

#include "engine/solve/linked.hpp"
#include "engine/solve/simplex.hpp"

namespace kenzan::engine {

using Numbers = std::vector<std::uint32_t>;

std::vector<std::vector<Peeling::Row>> cores_of(Peeling& peeling, std::size_t unknowns) {
  std::vector<Peeling::Row> rows = peeling.core();
  std::vector<std::vector<Peeling::Row>> out;
  for (const Numbers& group : linked(rows.size(), unknowns, [&](std::uint32_t i, auto tell) {
         for (const Constraint::Term& term : rows[i].terms) tell(term.unknown);
       })) {
    std::vector<Peeling::Row>& part = out.emplace_back();
    for (const std::uint32_t i : group) part.push_back(std::move(rows[i]));
  }
  return out;
}

std::optional<Numbers> some_conflict(const System& system, const Numbers& constraints, const Watch& watch, std::uint64_t& steps) {
  Peeling peeling(system, constraints, watch);
  if (peeling.conflict()) return peeling.conflict();
  for (const std::vector<Peeling::Row>& part : cores_of(peeling, system.unknowns.size())) {
    const auto solve = [&](Simplex& simplex) -> std::optional<Numbers> {
      const auto ends = simplex.solve();
      if (!ends) return std::nullopt;
      std::vector<Peeling::Reason> reasons;
      for (const Simplex::End& end : *ends) reasons.push_back(simplex.reason_of(end));
      return peeling.constraints_behind(reasons);
    };
    Simplex simplex(part, peeling, watch, steps);
    const Numbers reached = simplex.repair();
    if (reached.empty()) continue;
    if (reached.size() < part.size()) {
      std::vector<Peeling::Row> rows;
      for (const std::uint32_t row : reached) rows.push_back(part[row]);
      Simplex few(rows, peeling, watch, steps);
      if (auto conflict = solve(few)) return conflict;
    }
    if (auto conflict = solve(simplex)) return conflict;
  }
  return std::nullopt;
}

}  // namespace kenzan::engine
