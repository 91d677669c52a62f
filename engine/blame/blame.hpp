// Which cell is wrong? Of a violated instance, the single cells of which another text would do, and what may have been meant in them.
#pragma once
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "diag/finding.hpp"
#include "engine/blame/slips.hpp"
#include "engine/indexes.hpp"
#include "engine/reference/linear.hpp"

namespace kenzan::engine {

class Blame {
 public:
  /// Whether a table of so many rows is looked at.
  [[nodiscard]] static bool is_small(std::uint64_t rows);

  /// Whether a rule compares figures of cells, or sums of them: else no other text of a figure would clear it.
  [[nodiscard]] static bool compares_figures(const dsl::Program& program, const dsl::Rule& rule);

  /// `data` is changed and put back, cell by cell. `rules`: those that were judged; they speak for the cells that they read. Of more
  /// than 5,000 instances nothing is suggested.
  /// Cost: judging all instances once, and those that read a suspected cell for each text that may have been meant and that linear
  /// rules allow.
  Blame(Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules);

  /// Adds to the finding of a violated instance what may have been meant: at most three cells, first those that clear most violations,
  /// of these the most plausible. A text is suggested only if with it the instance is no longer violated, no linear instance that
  /// reads the cell is, and no other is worse off. A note says how many cells explain the violation equally well, where there are
  /// several; `rivals` counts other texts for one cell, too.
  ///
  /// Cells:  figures that the instance reads, and that are no keys; with a number in ASCII digits. Not of a column that takes its unit
  ///         or places from another.
  void suggest(const dsl::Rule& rule, const Instance& instance, Finding& finding) const;

 private:
  struct Reader {
    const dsl::Rule* rule;
    Instance instance;
    Verdict verdict;
    std::vector<CellRef> figures;  ///< cells of figures that `require` reads, and `when`
    std::optional<std::vector<LinearCondition>> linear;
  };
  struct Candidate {
    Slip slip;
    bool unusual;                       ///< in its decimals
    std::vector<std::uint32_t> clears;  ///< readers
    std::size_t others;                 ///< texts for this cell that are as plausible, and clear as many
    Suggestion suggestion;
  };
  struct Blamed {
    std::vector<Suggestion> suggestions;
    std::size_t tied = 0;  ///< cells that explain it as well as the first
  };

  /// Whether there are few enough.
  bool read(const std::vector<const dsl::Rule*>& rules);
  [[nodiscard]] Blamed look_at(std::uint32_t violated);
  /// The values of a cell with which no linear instance that reads it is violated; none if there are none.
  [[nodiscard]] std::optional<Interval> allowed(const CellRef& cell);
  [[nodiscard]] std::optional<Candidate> best(const CellRef& cell);
  /// The violated readers that are not with another figure in the cell; none if others would be worse off.
  [[nodiscard]] std::vector<std::uint32_t> cleared_with(const CellRef& cell, const Figure& figure);
  /// The numbers of decimals that cells of a column have, the first hundred of them.
  [[nodiscard]] const std::set<std::size_t>& decimals_in(const CellRef& cell);
  [[nodiscard]] bool is_suspect(const CellRef& cell) const;

  Data& data_;
  RowIndex& index_;
  std::uint64_t cells_read_ = 0, cells_tried_ = 0;
  std::vector<Reader> readers_;
  std::map<CellRef, std::vector<std::uint32_t>> by_cell_;
  std::map<CellRef, std::optional<Candidate>> candidates_;
  std::map<CellRef, std::set<std::size_t>> decimals_;  ///< by the first cell of a column
  std::map<std::pair<const dsl::Rule*, std::vector<Code>>, Blamed> violated_;
};

}  // namespace kenzan::engine
