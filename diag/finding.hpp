// A finding with its evidence, as data: every renderer draws the same. Texts are exact decimals or already in the spelling of a file.
#pragma once
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "diag/message.hpp"

namespace kenzan {

/// Outcomes of an instance, in the order of the table of verdicts. The byte stored per instance.
enum class Verdict : std::uint8_t { holds, rounding, implausible, violated, unmatched, unknown, vacuous };
inline constexpr std::size_t verdict_count = 7;
[[nodiscard]] std::string_view name_of(Verdict verdict);
[[nodiscard]] std::string_view name_of(Severity severity);

/// One side of a comparison: value as written, and the interval of true values, as exact decimals (or fractions) in `unit`.
/// `low`/`high` are "-inf"/"inf" where unbounded. For texts and truth values only `value` is set.
struct Quantity {
  std::string value, low, high;
  bool low_closed = true, high_closed = true;
  bool numeric = false;
  std::string unit;
};

/// Where a cell stands among the tables of a run: see TableView.
struct TablePlace {
  static constexpr std::uint32_t none = ~0u;
  std::uint32_t table = none, column = 0, row = 0;
};

/// A cell that took part, where it stands and what it says.
struct CellEvidence {
  std::string role;  ///< "left", "right", "when", "cell" (built-in checks), "key"
  Span span;         ///< in the data file, without quotes of the format; valid() is false for a row that does not exist
  std::string table, field;
  std::vector<std::pair<std::string, std::string>> key;
  std::string text;       ///< as written
  std::string low, high;  ///< interval in `unit` for a figure, else empty
  bool low_closed = true, high_closed = true;
  std::string unit;
  std::string mark;                                    ///< "", "nil", "unknown", "suppressed", "blank", "unreadable", "missing"
  std::string address;                                 ///< "Sheet1!B4" in a spreadsheet, else empty
  std::uint32_t line = 0, column = 0, end_column = 0;  ///< filled by `locate`
  TablePlace place;                                    ///< `none` for a row that does not exist, or a whole record
};

/// What may have been meant in a cell, or in several together.
struct Suggestion {
  struct Other {
    CellEvidence cell;
    std::string text, slip;
    Message message;
    char delimiter = ',';
  };
  CellEvidence cell;
  std::string text;         ///< to stand in its place
  std::string slip;         ///< what happened, by name: "swapped", "point" …; "spelling": the figure is the same
  Message message;          ///< all of it in words, and what it clears
  std::size_t rivals = 0;   ///< other changes that explain the finding at least as well, of this cell or another
  char delimiter = ',';     ///< between the cells of the file
  std::vector<Other> with;  ///< cells that are to be changed as well: it does not help without them
};

/// The bytes that a suggestion puts in the place of its cell's span: as the file quotes them.
[[nodiscard]] std::string replacement(const SourceMap& sources, const Suggestion& suggestion);
[[nodiscard]] std::string replacement(const SourceMap& sources, const Suggestion::Other& other);

/// The waiver that silences a finding.
struct WaivedBy {
  std::string until;  ///< the last day on which it counts
  std::string because, by;
};

/// Something wrong in the data: an instance of a rule, or a built-in check.
struct Finding {
  std::string rule;  ///< empty for built-in checks
  std::string code;  ///< built-in code ("bad-number"); for rules the verdict's name
  Severity severity = Severity::error;
  std::optional<Verdict> verdict;                             ///< none for built-in checks
  bool waived = false;                                        ///< counts for nothing
  std::optional<WaivedBy> waiver;                             ///< if that is why
  bool known = false;                                         ///< or that it stands in the baseline
  std::vector<std::pair<std::string, std::string>> instance;  ///< dimension, label as the file spells it
  std::string title;
  std::optional<std::string> custom_message;  ///< the rule's own `message`, filled in
  bool stands_alone = false;                  ///< it says which instance it is about: a headline needs no more
  Message message;                            ///< otherwise
  std::string source;                         ///< the rule's `source`
  std::optional<Quantity> left, right;
  std::string relation;             ///< "=", "<=" …: of the comparison that decided
  std::optional<std::string> gap;   ///< in the unit of `left`
  bool parts = false;               ///< the side away from the primary cell adds up several cells: its parts
  std::vector<CellEvidence> cells;  ///< at most 100
  std::size_t cells_omitted = 0;
  std::optional<std::size_t> primary;  ///< index in `cells` of the cell the finding points at
  Span rule_place;                     ///< the rule's name in its file; source invalid for built-in checks
  Span place;                          ///< where the finding points: the primary cell, else the rule
  std::vector<Message> notes, helps;
  std::vector<Suggestion> suggestions;  ///< the most plausible first; each is enough
  /// Sets of cells: with other figures in all of one set, whatever they are, everything could hold. The smallest sets, a hundred at most.
  std::vector<std::vector<CellEvidence>> corrections;
  std::string fingerprint;   ///< hex; of rule or code, file name, table, key
  std::uint32_t number = 0;  ///< of an instance of a rule: tells it from the others of the run; 0: none
};

/// Counts of a run, for the last line and the summary of JSON.
struct Summary {
  bool complete = true;
  bool interrupted = false;  ///< told to stop; then not complete
  std::size_t rules = 0, instances = 0;
  std::size_t verdicts[verdict_count] = {};
  std::size_t errors = 0, warnings = 0, infos = 0;  ///< findings that are not waived
  std::size_t waived = 0;
  std::size_t unconcerned = 0;  ///< rules that were left out because nothing that they read has changed
  std::size_t unjoined =
      0;  ///< instances that hold and were not checked together with others: too many of them, or of rows in their tables
  std::size_t figures = 0, figures_checked = 0;
  std::size_t truncated = 0;  ///< findings not shown because of --max-findings, or because the run was interrupted
};

}  // namespace kenzan
