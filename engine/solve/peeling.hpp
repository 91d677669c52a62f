// Takes from a system what can be solved unknown by unknown: what stands in one constraint alone widens the constraint, and a
// constraint of one unknown narrows the unknown. Of a hierarchy of totals nothing is left.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/solve/system.hpp"

namespace kenzan::engine {

class Peeling {
 public:
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  /// An end of a range, with what it follows from: a number for `constraints_behind`, 0 for the range as it was given.
  using Reason = std::uint32_t;
  struct Reasoned {
    Interval range;
    Reason low = 0, high = 0;
  };
  /// A constraint of which some terms are left.
  struct Row {
    std::vector<Constraint::Term> terms;
    Reasoned range;
    std::uint32_t constraint = 0;  ///< which one of the system
  };

  /// Takes those constraints of the system that are listed. `kept` is not eliminated, and its own range is left out of account.
  Peeling(const System& system, const std::vector<std::uint32_t>& constraints, const Watch& watch, std::uint32_t kept = none);

  /// Some constraints that exclude each other, if it has come to that: not always minimal, ascending.
  [[nodiscard]] const std::optional<std::vector<std::uint32_t>>& conflict() const { return conflict_; }
  /// The constraints that are left: each has two unknowns or more, and each unknown but `kept` stands in two or more.
  [[nodiscard]] std::vector<Row> core();
  /// What is known of an unknown.
  [[nodiscard]] const Reasoned& unknown(std::uint32_t unknown) const { return unknowns_[unknown]; }
  /// The constraints that some ends follow from, ascending.
  [[nodiscard]] std::vector<std::uint32_t> constraints_behind(const std::vector<Reason>& reasons) const;

 private:
  struct Use {
    std::uint32_t row, term;
  };
  /// What an end follows from: a constraint, and the ends that it was made of.
  struct Because {
    std::uint32_t constraint;
    std::vector<Reason> ends;
  };
  struct Work {
    Row row;
    std::vector<Reason> low, high;  ///< what the ends of its range follow from, besides itself
    std::vector<bool> folded;       ///< by term
    std::size_t left = 0;
    bool alive = true;
  };

  void run(const Watch& watch);
  void fold(std::uint32_t unknown, Use use);
  void settle(std::uint32_t row);
  void narrow(std::uint32_t unknown, const Interval& range, Reason low, Reason high);
  void drop(std::uint32_t row);
  void release(std::uint32_t unknown);
  [[nodiscard]] Reason because(std::uint32_t constraint, const std::vector<Reason>& ends);

  std::vector<Reasoned> unknowns_;
  std::vector<std::vector<Use>> uses_;
  std::vector<std::uint32_t> degree_;  ///< in how many constraints it is still a term
  std::vector<Work> rows_;
  std::vector<std::uint32_t> loose_;    ///< unknowns to be folded
  std::vector<std::uint32_t> settled_;  ///< rows with one unknown or none, or without bounds
  std::vector<Because> reasons_{1};
  std::optional<std::vector<std::uint32_t>> conflict_;
  std::uint32_t kept_;
};

}  // namespace kenzan::engine
