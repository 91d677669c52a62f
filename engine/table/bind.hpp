// Which column of a file each column of a table is read from.
#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "engine/table/csv.hpp"
#include "engine/table/load.hpp"

namespace kenzan::engine {

/// The header of one file; `folded` and `spellings` are empty where it is read without one.
struct Header {
  std::string path;
  bool present = true;
  std::size_t width = 0;  ///< cells of a record
  std::vector<std::string> folded, spellings;
  bool malformed = false;  ///< it is not UTF-8
};

/// Reads up to the header, or the first record where there is none; false if neither is there. Empty lines count among the records
/// before it, so that a count of lines works; the header itself is not empty.
[[nodiscard]] bool find_header(const dsl::ReaderOptions& options, CsvReader& reader, CsvRecord& record);
/// Fills the names of a header.
void read_header(Header& header, const CsvReader& reader, const CsvRecord& record);

/// Where a physical column of the table stands in the records of one file.
struct BoundColumn {
  static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  std::uint32_t column = 0, part = 0;
  std::uint32_t position = nowhere;  ///< from 0; nowhere: this file lacks a column that another file has
};

/// Finds every column of the table in a file, by header or position; `across` from a pattern adds its labels to
/// `data.tables[table]`, without rows.
///
/// Errors: a failure that points at the column's declaration for each column that is not there, or is there twice.
/// Cost:   linear in headers and columns; a near name is looked for in each missing column only.
[[nodiscard]] std::vector<BoundColumn> bind_columns(Data& data, dsl::TableId table, const Header& header, LoadReport& report);

/// Adds a failure at a place of the rule file.
void fail(LoadReport& report, Span place, Message message, std::vector<Message> helps = {});

}  // namespace kenzan::engine
