#include "engine/solve/corrections.hpp"

#include <algorithm>
#include <deque>
#include <optional>
#include <set>
#include <utility>

#include "engine/solve/conflict.hpp"
#include "engine/solve/simplex.hpp"

namespace kenzan::engine {
namespace {

using Numbers = std::vector<std::uint32_t>;

bool meet(const Numbers& a, const Numbers& b) {
  for (auto i = a.begin(), j = b.begin(); i != a.end() && j != b.end();) {
    if (*i == *j) return true;
    ++(*i < *j ? i : j);
  }
  return false;
}

class Search {
 public:
  Search(const System& system, const std::vector<bool>& changeable, const CorrectionLimits& limits, const Watch& watch,
         Effort& effort)
      : system_(system), changeable_(changeable), limits_(limits), watch_(watch), effort_(effort), lifted_(system) {
    for (std::uint32_t i = 0; i < system.constraints.size(); ++i) all_.push_back(i);
  }

  /// Level by level: a set is looked at when all smaller ones are known.
  Corrections find() {
    std::set<Numbers> level{{}};
    try {
      for (std::size_t size = 0; !level.empty(); ++size) {
        std::set<Numbers> next;
        for (const Numbers& set : level) {
          if (std::ranges::any_of(out_.sets, [&](const Numbers& known) { return std::ranges::includes(set, known); })) continue;
          const Numbers* const conflict = conflict_beside(set);
          if (conflict == nullptr) {
            if (out_.sets.size() == limits_.most_sets) return incomplete();
            out_.sets.push_back(set);
            continue;
          }
          if (size == limits_.most_unknowns) continue;
          for (const std::uint32_t unknown : *conflict) {
            Numbers larger = set;
            larger.insert(std::ranges::lower_bound(larger, unknown), unknown);
            next.insert(std::move(larger));
          }
          if (next.size() > limits_.most_looks) return incomplete();
        }
        if (limits_.only_smallest && !out_.sets.empty()) break;
        level = std::move(next);
      }
    } catch (const Simplex::Spent&) {
      return incomplete();
    }
    return std::move(out_);
  }

 private:
  Corrections incomplete() {
    out_.complete = false;
    return std::move(out_);
  }

  /// Unknowns of which one must be in every set, and none is in this one; null where this set lets all constraints hold.
  const Numbers* conflict_beside(const Numbers& set) {
    for (const Numbers& known : conflicts_) {
      if (!meet(known, set)) return &known;
    }
    for (const std::uint32_t unknown : set) lifted_.unknowns[unknown] = Interval::everything();
    const std::optional<Numbers> constraints = look(lifted_, all_);
    Part few = part_of(lifted_, constraints.value_or(Numbers()));
    for (const std::uint32_t unknown : set) lifted_.unknowns[unknown] = system_.unknowns[unknown];
    if (!constraints) return nullptr;
    Numbers all(constraints->size()), needed;
    for (std::uint32_t i = 0; i < all.size(); ++i) all[i] = i;
    for (std::uint32_t i = 0; i < few.unknowns.size(); ++i) {
      const std::uint32_t unknown = few.unknowns[i];
      if (!changeable_[unknown] || std::ranges::binary_search(set, unknown)) continue;
      const Interval range = std::exchange(few.system.unknowns[i], Interval::everything());
      if (look(few.system, all)) continue;  // also without its range
      few.system.unknowns[i] = range;
      needed.push_back(unknown);
    }
    return &conflicts_.emplace_back(std::move(needed));
  }

  std::optional<Numbers> look(const System& system, const Numbers& constraints) {
    watch_.go_on();
    if (out_.looks++ == limits_.most_looks) throw Simplex::Spent{};
    return some_conflict(system, constraints, watch_, effort_.steps);
  }

  const System& system_;
  const std::vector<bool>& changeable_;
  const CorrectionLimits& limits_;
  const Watch& watch_;
  Effort& effort_;
  System lifted_;  ///< without the ranges of the set that is looked at
  Numbers all_;    ///< constraints
  std::deque<Numbers> conflicts_;
  Corrections out_;
};

}  // namespace

Corrections corrections(const System& system, const std::vector<bool>& changeable, const CorrectionLimits& limits,
                        const Watch& watch, Effort* effort) {
  Effort unlimited;
  return Search(system, changeable, limits, watch, effort != nullptr ? *effort : unlimited).find();
}

}  // namespace kenzan::engine
