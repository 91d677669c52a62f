// The simplex method over exact numbers and ranges with open ends: decides the constraints that stand in cycles.
#pragma once
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "engine/solve/peeling.hpp"
#include "engine/solve/stepped.hpp"

namespace kenzan::engine {

class Simplex {
 public:
  /// An end of the range of a variable: of an unknown, or of the sum of a row.
  struct End {
    std::uint32_t variable = 0;
    bool high = false;
  };

  /// Thrown when all steps are spent.
  struct Spent {};

  /// `rows`: their terms name unknowns. `unknowns`: their ranges, by number, of all that stand in a row. `steps` are counted down.
  Simplex(const std::vector<Peeling::Row>& rows, const Peeling& unknowns, const Watch& watch, std::uint64_t& steps);

  /// Looks for values in the cheap way (repair.cpp), before solve(). Returns none where it has found them for all rows; else rows among
  /// which the reason may be found, if there is one.
  [[nodiscard]] std::vector<std::uint32_t> repair();
  /// Finds values for all, or the ends that exclude each other. These are minimal: without any one of them there are values.
  [[nodiscard]] std::optional<std::vector<End>> solve();
  /// What an end follows from.
  [[nodiscard]] Peeling::Reason reason_of(const End& end) const;
  /// The values that an unknown can have. After solve() has found some.
  [[nodiscard]] Interval range_of(std::uint32_t unknown);

 private:
  struct Entry {
    std::uint32_t variable;  ///< one that is not basic
    Rational factor;
  };
  struct Variable {
    Stepped low, high;
    bool has_low = false, has_high = false;
    Peeling::Reason low_reason = 0, high_reason = 0;
    Stepped value;
    std::uint32_t basic_in = Peeling::none;  ///< which row of the tableau it is the sum of
  };

  /// A sum that should rise or fall, because an unknown was to be moved for the sum that asked before.
  struct Asked {
    std::uint32_t row;
    bool up;
    std::uint32_t before, moved;
  };

  void spend(std::size_t count) {
    if (steps_ < count) throw Spent{};
    steps_ -= count;
  }
  std::uint32_t add_variable(const Peeling::Reasoned& known);
  void pivot(std::uint32_t row, std::uint32_t entering);
  /// Moves a variable that is not basic, and all that depends on it.
  void shift(std::uint32_t variable, const Stepped& by);
  [[nodiscard]] std::uint32_t entering(std::uint32_t row, bool up) const;
  [[nodiscard]] bool below(const Variable& variable) const;
  [[nodiscard]] bool above(const Variable& variable) const;
  [[nodiscard]] bool can_move(std::uint32_t variable, bool up) const;
  [[nodiscard]] std::vector<std::uint32_t> all_rows() const;
  /// Moves the sum of a row towards its range. Returns none if it could, else the rows that it has asked.
  [[nodiscard]] std::vector<std::uint32_t> relieve(std::uint32_t row);
  /// Moves an unknown and, back to the first sum that asked, those that were to be moved. Returns whether that could be.
  bool move(const std::vector<Asked>& asked, std::uint32_t last, std::uint32_t unknown);
  [[nodiscard]] const Rational* factor_in(std::uint32_t row, std::uint32_t variable) const;
  /// The most (`up`) or the least that a variable can be; nothing where there is no bound.
  [[nodiscard]] std::optional<Stepped> extreme(std::uint32_t variable, bool up);

  std::vector<Variable> variables_;                  ///< unknowns, then the sums of the rows
  std::vector<std::uint32_t> numbers_;               ///< of unknowns, ascending: which unknown a variable is
  std::vector<std::vector<Entry>> rows_;             ///< the tableau: basic variable = Σ factor · variable, by variable
  std::vector<std::uint32_t> basic_;                 ///< of each row
  std::vector<std::vector<std::uint32_t>> columns_;  ///< rows in which a variable may stand
  std::vector<std::size_t> looked_;                  ///< of each row, where repair() last found room
  std::uint64_t pivots_ = 0;
  const Watch& watch_;
  std::uint64_t& steps_;
};

}  // namespace kenzan::engine
