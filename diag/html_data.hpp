// The data of the HTML format: what its page shows when it is asked, as JSON in blocks that are read only then.
#pragma once
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "diag/json_writer.hpp"
#include "diag/render.hpp"

namespace kenzan {

/// The blocks, each a `<script type="application/json" id="…">` of one line:
///
///   head           the language, the tables with their columns, the rules, waivers, inputs and how much there is of everything
///   findings-0 …   `findings_a_block` instances each: those of Report::findings, then those of Report::unlisted
///   rule-instances-0 …  which of these each rule has, as runs: first, count, first, count …
///   rows-0-0 …     of each table, `rows_a_block` rows each (see HtmlData::Table)
///   holds-0-0 …    where coverage was asked for: how firmly the rules hold each figure of these rows
///
/// Texts are written as people may see them (`visible`), and `<` never as itself: no text ends a block.
class HtmlData {
 public:
  HtmlData(const Report& report, const SourceMap& sources);

  /// The head and the first findings: all that a page needs to begin.
  void write_first(Sink& sink, const RenderOptions& options) const;
  void write_rest(Sink& sink) const;

 private:
  static constexpr std::size_t findings_a_block = 500;
  static constexpr std::size_t cells_a_block = 4000;
  static constexpr std::size_t most_cells = 200'000;     ///< beyond these, only rows that findings are about,
  static constexpr std::size_t most_unchecked = 2'000;   ///< and for coverage so many figures of a table that no rule checks
  static constexpr std::size_t most_unlisted = 100'000;  ///< instances that are no findings
  static constexpr std::size_t most_instances = 500;     ///< of one cell

  struct Table {
    const TableView* view;
    bool whole = true;                                                ///< all rows are written
    std::vector<std::uint32_t> rows;                                  ///< those that are, if not
    std::vector<std::pair<std::uint32_t, std::uint32_t>> pointed_at;  ///< cells that a finding points at: row, column; sorted
    HoldCounts holds{};                                               ///< of all its rows

    [[nodiscard]] std::size_t written() const { return whole ? view->rows() : rows.size(); }
    [[nodiscard]] std::uint32_t row(std::size_t i) const { return whole ? static_cast<std::uint32_t>(i) : rows[i]; }
    [[nodiscard]] std::size_t rows_a_block() const;
    [[nodiscard]] bool has(std::uint32_t row) const;
  };

  void write_cell(JsonWriter& json, const CellEvidence& cell) const;
  void write_findings(Sink& sink, std::size_t block) const;
  void write_rows(Sink& sink, std::size_t table, std::size_t block) const;
  void write_holds(Sink& sink, std::size_t table, std::size_t block) const;
  void write_rules(Sink& sink) const;

  const Report& report_;
  const SourceMap& sources_;
  std::vector<Table> tables_;
  std::size_t instances_ = 0;                                ///< that are written
  std::unordered_map<std::string_view, std::size_t> rules_;  ///< by name; of several, the first
  std::vector<const RuleCoverage*> sees_;                    ///< by rule; null: it was not judged, or not for coverage
  std::vector<std::size_t> covered_;                         ///< findings by each waiver
  std::vector<std::size_t> rule_of_;                         ///< of each of these; `no_rule` for a built-in check
};

}  // namespace kenzan
