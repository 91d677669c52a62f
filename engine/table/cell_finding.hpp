// Findings of the built-in checks: a cell or a record of a table, with its key, text and place.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/finding.hpp"
#include "engine/data.hpp"

namespace kenzan::engine {

using KeyPairs = std::vector<std::pair<std::string, std::string>>;

/// One physical cell of a table.
struct CellPlace {
  std::uint32_t column = 0, part = 0, row = 0;
};

/// Returns dimension and label, as the file spells it, for each key column; labels that are blank are "".
[[nodiscard]] KeyPairs key_of_row(const Data& data, dsl::TableId table, std::uint32_t row);
/// The same with the label of the column's `across`.
[[nodiscard]] KeyPairs key_of_cell(const Data& data, dsl::TableId table, CellPlace cell);

/// The ends of a range as exact decimals (or fractions) in a unit; "-inf" and "inf" where there is none.
struct Ends {
  std::string low, high;
  bool low_closed = false, high_closed = false;
};
[[nodiscard]] Ends ends_of(const Interval& range, const Unit& unit);

/// Returns what stands in a cell, without the quotes of the format.
[[nodiscard]] std::string text_of(const Data& data, dsl::TableId table, CellPlace cell);

/// Returns the cell as evidence: place, key, text as written, mark; for a figure its bounds in the unit of its column.
[[nodiscard]] CellEvidence evidence_of(const Data& data, dsl::TableId table, CellPlace cell, std::string role);

/// Returns a finding that points at one cell.
[[nodiscard]] Finding cell_finding(const Data& data, dsl::TableId table, CellPlace cell, std::string_view code, Message message);

/// Returns a finding that points at `place` within a record.
[[nodiscard]] Finding record_finding(const Data& data, dsl::TableId table, std::uint32_t row, Span place, std::string_view code,
                                     Message message);

/// Returns a finding about a row that does not exist; it points at the beginning of `file`.
[[nodiscard]] Finding absent_finding(const Data& data, dsl::TableId table, KeyPairs key, SourceId file, std::string_view code,
                                     Message message);

/// `text` for a message: on one line, and cut with … where it is long.
[[nodiscard]] std::string shortened(std::string_view text);

/// `section: 3, period: R6` in brackets, as the rule language addresses a row.
[[nodiscard]] std::string key_text(const KeyPairs& key);

}  // namespace kenzan::engine
