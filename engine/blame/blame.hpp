// Which cell is wrong? Of a violated instance, the figures of which another text would do, and what may have been meant in them.
#pragma once
#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "diag/finding.hpp"
#include "engine/blame/near.hpp"
#include "engine/blame/slips.hpp"
#include "engine/reference/linear.hpp"
#include "engine/solve/cell_system.hpp"
#include "engine/table/row_reader.hpp"

namespace kenzan::engine {

class Blame {
 public:
  /// Whether a rule compares figures of cells, or sums of them: else no other text of a figure would clear it.
  [[nodiscard]] static bool compares_figures(const dsl::Program& program, const dsl::Rule& rule);

  /// `data` is changed and put back, cell by cell. `near`: the violations, and the instances that speak for their cells.
  /// Cost: judging these instances once, and those that read a suspected cell for each text that may have been meant and that linear
  /// rules allow.
  /// `written`: a cell of which the file says something else than what its figure is now; null: none.
  struct Written {
    CellRef cell;
    std::string text;
  };
  Blame(Data& data, RowIndex& index, const Near& near, const Written* written = nullptr);

  /// Adds to the finding of a violation what may have been meant: at most three suggestions, first those that clear most violations, of
  /// these the most plausible. It is suggested only if with it the violation is cleared, no linear instance that reads the cells is
  /// violated, no other is worse off, and all that hold still can together. A note says how many explain the violation equally well,
  /// where there are several (`rivals` counts other texts for one cell, too), or which figures must be wrong together, where one alone cannot be.
  ///
  /// Cells:  figures that an instance of the violation reads, and that are no keys; with a number in ASCII digits. Not of a column
  ///         that takes its unit or places from another.
  void explain(std::size_t violation, Finding& finding) const;

  /// What may have been meant, the best first.
  struct Change {
    CellRef cell;
    Slip slip = Slip::swapped;
    std::string text;
  };
  struct Candidate {
    std::vector<Change> changes;
    bool unusual = false;               ///< in its decimals
    std::vector<std::uint32_t> clears;  ///< violations
    std::size_t others = 0;             ///< texts for the cell that are as plausible, and clear as many
  };
  [[nodiscard]] const std::vector<Candidate>& candidates(std::size_t violation) const { return found_[violation].candidates; }
  /// How many explain a violation as well as the first.
  [[nodiscard]] std::size_t tied(std::size_t violation) const { return found_[violation].tied; }

 private:
  struct Reader {
    const RuleInstance* asked;
    Verdict verdict;
    std::vector<CellRef> figures;  ///< cells of figures that `require` reads, and `when`
    std::optional<std::vector<LinearCondition>> linear;
    std::vector<ValuesLeft> left;  ///< by each of them
    bool by_intervals = false;     ///< what they leave decides
    bool closed = false;           ///< what another figure would make of it is not known
  };
  struct Violated {
    std::vector<std::uint32_t> readers;
    std::vector<CellRef> suspects;
    bool joint = false;  ///< each of its instances holds
  };
  struct Found {
    std::vector<Candidate> candidates;
    std::size_t tied = 0;
    std::vector<std::size_t> rivals;  ///< of each candidate
    std::vector<Suggestion> suggestions;
    std::vector<std::vector<CellEvidence>> corrections;
    std::vector<std::vector<CellRef>> sets;  ///< of cells, the smallest that can be wrong for all to hold
  };
  struct Meaning {
    Slip slip;
    std::string text;
    Figure figure;
    bool unusual;
  };
  using Puts = std::vector<std::pair<CellRef, Figure>>;

  void read(const Near& near);
  void read(const Near::Large& large);
  void link();
  [[nodiscard]] const std::vector<LinearCondition>& linear(Reader& reader);
  /// The values of a cell with which no linear instance that reads it is violated; none if there are none.
  [[nodiscard]] const std::optional<Interval>& allowed(const CellRef& cell);
  [[nodiscard]] std::optional<Interval> find_allowed(const CellRef& cell);
  [[nodiscard]] std::optional<Candidate> best(const CellRef& cell);
  /// What may have been meant in a cell, of which some of `values` remain true; the most plausible first.
  [[nodiscard]] std::vector<Meaning> meanings(const CellRef& cell, const Interval& values);
  [[nodiscard]] std::optional<Sieve> sieve_for(const CellRef& cell, const std::string& text, const Interval& values) const;
  void add_rows_left_out(const CellRef& cell, const std::string& text, std::vector<Meant>& to);
  void add_copies(const CellRef& cell, const std::string& text, const Interval& values, std::vector<Meant>& to);
  /// Whether a violated instance would see an exchange of two figures: it does not where it adds them up.
  [[nodiscard]] bool tells_apart(const CellRef& cell, const CellRef& other);
  [[nodiscard]] std::optional<Candidate> exchanged(const CellRef& cell);
  /// Figures beside it: of its row, or of others that something near reads.
  [[nodiscard]] std::vector<CellRef> figures_beside(const CellRef& cell) const;
  /// Whether an instance that need not be judged, since its linear condition decides it, is not violated with other figures.
  [[nodiscard]] std::optional<bool> allows(Reader& reader, const Puts& puts);
  /// The violations that are none with other figures in some cells; none if others would be worse off.
  [[nodiscard]] std::vector<std::uint32_t> cleared_with(const Puts& puts);
  /// Whether what some readers ask can hold for some values, with other figures in some cells.
  [[nodiscard]] bool holds_together(const std::vector<std::uint32_t>& readers, const Puts& puts);
  [[nodiscard]] bool can_hold(const std::vector<std::uint32_t>& constraints, const Puts& puts);
  /// The same of all that hangs together with the cells, but for the violations that are not cleared.
  [[nodiscard]] bool possible_together(const Puts& puts, const std::vector<std::uint32_t>& cleared);
  /// Whether another cell of the column, of the first hundred that are near, has so many decimals.
  [[nodiscard]] bool usual_decimals(const CellRef& cell, std::size_t decimals);
  [[nodiscard]] bool is_suspect(const CellRef& cell) const;
  [[nodiscard]] const FigureColumn& figures_of(const CellRef& cell) const;
  [[nodiscard]] const FigureFormat& format_of(const CellRef& cell) const;
  /// The constraints that hang together with a cell.
  [[nodiscard]] std::span<const std::uint32_t> linked_with(const CellRef& cell) const;
  [[nodiscard]] std::string text_of(const CellRef& cell) const;
  [[nodiscard]] std::optional<Figure> figure_of(const CellRef& cell, const std::string& text);

  /// Finds the sets of figures that must be wrong together, and texts for them if they are more than one.
  void look_for_sets(std::uint32_t violation);
  /// Finds texts for the unknowns of a set from the one on that comes after `puts`. `system`: without their ranges.
  [[nodiscard]] bool texts_for(System& system, const std::vector<std::uint32_t>& set, const std::vector<CellRef>& cells,
                               std::uint32_t violation, Puts& puts, Candidate& to);

  void order(Found& found) const;
  void write(Found& found) const;
  [[nodiscard]] Suggestion suggestion(const Candidate& candidate) const;

  Data& data_;
  RowIndex& index_;
  const Written* written_;
  bool all_near_;
  std::uint64_t cells_tried_ = 0, terms_looked_at_ = 0;
  std::vector<Reader> readers_;
  std::map<CellRef, std::vector<std::uint32_t>> by_cell_;  ///< readers
  std::vector<Violated> violations_;
  std::map<std::uint32_t, std::vector<std::uint32_t>> violations_of_;  ///< by reader
  std::map<CellRef, std::vector<std::optional<Candidate>>> candidates_;
  std::map<CellRef, std::optional<Interval>> allowed_;
  std::map<CellRef, std::vector<std::pair<std::uint32_t, std::size_t>>>
      decimals_;  ///< by the first cell of a column: rows, decimals
  std::map<dsl::TableId, RowReader> row_readers_;
  LoadReport ignored_;
  std::vector<Found> found_;             ///< by violation
  CellSystem system_;                    ///< of all that is near, where that is not much
  std::vector<std::uint32_t> asked_by_;  ///< of each constraint: the reader
  Links links_;                          ///< all that hangs together
};

}  // namespace kenzan::engine
