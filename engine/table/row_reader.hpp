// Records → rows of a table: every cell by the clauses of its column, and what is wrong with it.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/table/bind.hpp"
#include "engine/table/cell_finding.hpp"
#include "engine/table/cell_text.hpp"
#include "engine/table/csv.hpp"

namespace kenzan::engine {

/// Appends records to one table of `data`.
///
/// Missing: the figures of a ragged record are unreadable, because a delimiter too few or too many moves them; its other cells are
///          read where they stand, without findings of their own. A file that lacks a column which `across` found in another has
///          blanks there.
/// Errors:  findings, made when the row is complete so that they name its key.
/// Cost:    linear in bytes.
class RowReader {
 public:
  RowReader(Data& data, dsl::TableId table, LoadReport& report);

  /// Begins a file: the label of its dimension, where its columns stand, how many cells a record has.
  void begin_file(SourceId source, const std::string& label, std::vector<BoundColumn> bound, std::size_t width);
  /// Appends a record that is not empty.
  void add(const CsvReader& reader, const CsvRecord& record);
  /// The exponent of a power of ten that plain numbers of a column are scaled by; none where they need the long way.
  [[nodiscard]] std::optional<int> plain_exponent_of(std::uint32_t column) const { return rules_[column].plain_exponent; }
  /// The number in a cell of a column that has such an exponent, alone or before the name of the column's unit; none where it needs
  /// the long way.
  [[nodiscard]] std::optional<PlainNumber> plain_number(std::uint32_t column, std::string_view cell) const;
  /// Reads one cell of a figure column without a row; `told` says whether there is something to report about it. Not for a column
  /// that takes its unit or places from another.
  [[nodiscard]] Figure figure_alone(std::uint32_t column, std::string_view cell, bool& told);

 private:
  /// Something about a cell of the row being read.
  struct Issue {
    std::string_view code;
    Severity severity = Severity::error;
    std::uint32_t column = 0, part = 0;
    Message message;
    std::vector<Message> notes, helps;
  };
  /// What the declaration of a column comes to.
  struct Rules {
    const dsl::Column* column;
    CellText text;
    bool in_key = false;
    bool gives_decimals = false;        ///< another column takes its places from here: INF is no mistake
    std::optional<int> plain_exponent;  ///< plain numbers are read at once; the exponent of the unit's factor
    std::string_view plain_unit;        ///< so are those before this name of the unit; "": none
  };
  /// One cell of the row being read.
  struct Cell {
    std::uint32_t column = 0, part = 0;
    std::string_view raw;
    bool absent = false;     ///< the record or the file has no such cell
    bool malformed = false;  ///< not UTF-8, or NUL inside
  };

  void read_cell(const BoundColumn& bound);
  void add_text(PhysicalColumn& into, const Cell& cell);
  void add_date(PhysicalColumn& into, const Cell& cell);
  void add_flag(PhysicalColumn& into, const Cell& cell);
  void add_figure(PhysicalColumn& into, const Cell& cell);
  Figure figure_of(const Cell& cell);
  Figure unreadable(const Cell& cell, Message message);
  void add_code(PhysicalColumn& into, std::string_view text);
  void own_columns(const CsvRecord& record);
  void suggest_spelling(const Issue& issue, Finding& finding);
  void report_record(const CsvRecord& record);

  bool well_formed(const Cell& cell);
  bool blank_or_untaken(const Cell& cell, const CellValue& value);
  std::optional<Decimals> decimals_of(const Cell& cell, bool& good);
  const Unit* unit_of(const Cell& cell, std::string& unknown);
  [[nodiscard]] std::string_view raw_text(std::uint32_t column, std::string& scratch) const;
  void explain(const Cell& cell, const ReadFigure& read);
  Issue& complain(const Cell& cell, std::string_view code, Message message);
  void pad(PhysicalColumn& part, dsl::ColumnType type) const;

  Data& data_;
  dsl::TableId id_;
  const dsl::Table& declared_;
  Table& table_;
  LoadReport& report_;
  std::vector<Rules> rules_;

  std::vector<BoundColumn> bound_;
  std::vector<std::uint32_t> positions_;  ///< of columns that are not across
  std::size_t width_ = 0;
  Code file_label_ = Texts::empty;
  std::uint32_t records_ = 0;  ///< in this file
  bool ragged_ = false;        ///< the record is not what its file promises: which cell is which is not known
  bool suspect_ = false;       ///< the file holds malformed UTF-8 or NUL

  const CsvReader* reader_ = nullptr;
  const CsvRecord* record_ = nullptr;
  std::vector<Issue> issues_;
  std::string raw_, value_, other_raw_, other_value_;  ///< scratch
};

}  // namespace kenzan::engine
