// CSV and TSV as records and cells, each with its bytes in the file. What the cells mean is not known here.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace kenzan::engine {

/// One cell: its bytes without enclosing quotes.
struct CsvCell {
  std::uint32_t begin = 0, end = 0;
  bool escaped = false;  ///< its bytes are not yet its text: quotes stand doubled, or a closing quote inside
  bool lost = false;     ///< too long to be a cell; empty here
};

/// What is wrong with the form of a record. One is told per record, the first.
enum class CsvIssue : std::uint8_t {
  none,
  text_after_quote,  ///< `"ab"c`: read as abc
  quote_not_closed,  ///< a quoted cell runs to the end of the file
  cell_too_long,
  too_many_cells,  ///< the surplus is dropped
};

struct CsvRecord {
  std::uint64_t number = 0;          ///< from 1, empty lines counted
  std::uint32_t begin = 0, end = 0;  ///< without its line break
  std::vector<CsvCell> cells;        ///< none: an empty line
  std::size_t surplus = 0;           ///< cells dropped as too_many_cells
  CsvIssue issue = CsvIssue::none;
  std::uint32_t issue_begin = 0, issue_end = 0;
};

/// Reads a text record by record.
///
/// Form:   RFC 4180 with any one-byte delimiter: quotes around a cell, doubled inside, line breaks inside quotes. Lines end with
///         LF, CRLF or CR; the last may lack its break. A byte order mark is skipped. A quote inside an unquoted cell is text.
/// Errors: told in the record, which is read as far as it can be.
/// Cost:   linear in bytes; no copy, no recursion.
class CsvReader {
 public:
  static constexpr std::size_t most_cells = 100'000;
  static constexpr std::uint32_t longest_cell = 1 << 20;

  /// `text` is shorter than 4 GiB and outlives the reader.
  CsvReader(std::string_view text, char delimiter);

  /// Reads the next record; false at the end of the text.
  bool next(CsvRecord& record);

  /// Behind the last record read.
  [[nodiscard]] std::uint32_t at() const { return at_; }

  /// The text of a cell: a part of the file, or `scratch` where quotes had to be undone.
  [[nodiscard]] std::string_view text_of(const CsvCell& cell, std::string& scratch) const;

 private:
  void quoted_cell(CsvRecord& record, CsvCell& cell);
  void bare_cell(CsvCell& cell);
  [[nodiscard]] bool ends_cell(char c) const { return c == delimiter_ || c == '\n' || c == '\r'; }
  static void complain(CsvRecord& record, CsvIssue issue, std::uint32_t begin, std::uint32_t end);

  std::string_view text_;
  std::uint32_t at_ = 0;
  std::uint64_t records_ = 0;
  char delimiter_;
};

/// Undoes the quoting of the bytes of an `escaped` cell.
[[nodiscard]] std::string unquoted(std::string_view bytes);

}  // namespace kenzan::engine
