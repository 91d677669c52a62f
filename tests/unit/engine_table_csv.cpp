#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "engine/table/csv.hpp"

namespace kenzan::engine {
namespace {

using Rows = std::vector<std::vector<std::string>>;

Rows rows(std::string_view text, char delimiter = ',') {
  CsvReader reader(text, delimiter);
  CsvRecord record;
  Rows out;
  std::string scratch;
  while (reader.next(record)) {
    std::vector<std::string>& row = out.emplace_back();
    for (const CsvCell& cell : record.cells) row.emplace_back(reader.text_of(cell, scratch));
  }
  return out;
}

/// The bytes of every cell of the first record.
std::vector<std::string> bytes(std::string_view text) {
  CsvReader reader(text, ',');
  CsvRecord record;
  std::vector<std::string> out;
  if (!reader.next(record)) return out;
  for (const CsvCell& cell : record.cells) out.emplace_back(text.substr(cell.begin, cell.end - cell.begin));
  return out;
}

CsvIssue issue(std::string_view text) {
  CsvReader reader(text, ',');
  CsvRecord record;
  while (reader.next(record)) {
    if (record.issue != CsvIssue::none) return record.issue;
  }
  return CsvIssue::none;
}

TEST(Csv, LinesEndWithAnyBreakOrNone) {
  const Rows expected{{"a", "b"}, {"c", "d"}};
  EXPECT_EQ(rows("a,b\nc,d\n"), expected);
  EXPECT_EQ(rows("a,b\r\nc,d\r\n"), expected);
  EXPECT_EQ(rows("a,b\rc,d\r"), expected);
  EXPECT_EQ(rows("a,b\nc,d"), expected);
  EXPECT_EQ(rows("a,b\r\nc,d"), expected);
}

TEST(Csv, AByteOrderMarkIsNoText) {
  EXPECT_EQ(rows("\xEF\xBB\xBF"
                 "a,b\n"),
            (Rows{{"a", "b"}}));
}

TEST(Csv, QuotesHoldDelimitersBreaksAndDoubledQuotes) {
  EXPECT_EQ(rows("\"a,b\",\"c\nd\",\"e\"\"f\"\n"), (Rows{{"a,b", "c\nd", "e\"f"}}));
  EXPECT_EQ(rows("\"\",\"\"\"\"\n"), (Rows{{"", "\""}}));
  EXPECT_EQ(issue("\"a,b\",\"c\nd\",\"e\"\"f\"\n"), CsvIssue::none);
}

TEST(Csv, EmptyCellsAreCellsAndEmptyLinesHaveNone) {
  EXPECT_EQ(rows(",\na,\n,b"), (Rows{{"", ""}, {"a", ""}, {"", "b"}}));
  EXPECT_EQ(rows("a\n\nb\n"), (Rows{{"a"}, {}, {"b"}}));
  EXPECT_EQ(rows("\"\"\n"), (Rows{{""}}));
  EXPECT_EQ(rows(""), Rows{});
}

TEST(Csv, CellsKnowTheirBytesWithoutQuotes) {
  EXPECT_EQ(bytes("ab,\"c,d\",\"e\"\"f\",\n"), (std::vector<std::string>{"ab", "c,d", "e\"\"f", ""}));
}

TEST(Csv, ARecordKnowsItsNumberAndBytes) {
  const std::string_view text = "a\r\n\r\n\"b\nc\",d\r\n";
  CsvReader reader(text, ',');
  CsvRecord record;
  ASSERT_TRUE(reader.next(record) && reader.next(record) && reader.next(record));
  EXPECT_EQ(record.number, 3U);
  EXPECT_EQ(text.substr(record.begin, record.end - record.begin), "\"b\nc\",d");
  EXPECT_FALSE(reader.next(record));
}

TEST(Csv, AQuoteInsideABareCellIsText) {
  EXPECT_EQ(rows("5\" pipe,a\"b\"\n"), (Rows{{"5\" pipe", "a\"b\""}}));
  EXPECT_EQ(issue("5\" pipe,a\"b\"\n"), CsvIssue::none);
}

TEST(Csv, TextBehindAClosingQuoteIsReadAndReported) {
  EXPECT_EQ(rows("\"a\"b\"c,d\n"), (Rows{{"ab\"c", "d"}}));
  EXPECT_EQ(issue("\"a\"b,d\n"), CsvIssue::text_after_quote);
}

TEST(Csv, AnUnclosedQuoteTakesTheRestAndIsReported) {
  EXPECT_EQ(rows("a,\"b\nc,d\n"), (Rows{{"a", "b\nc,d\n"}}));
  EXPECT_EQ(issue("a,\"b\nc,d\n"), CsvIssue::quote_not_closed);
  EXPECT_EQ(issue("a,\""), CsvIssue::quote_not_closed);
}

TEST(Csv, TabsSeparateWhereAsked) { EXPECT_EQ(rows("a,b\tc\t\n", '\t'), (Rows{{"a,b", "c", ""}})); }

TEST(Csv, AbsurdSizesAreReported) {
  std::string text = "a,";
  text.append(CsvReader::longest_cell + 1, 'x').append(",b\n");
  EXPECT_EQ(issue(text), CsvIssue::cell_too_long);
  EXPECT_EQ(rows(text), (Rows{{"a", "", "b"}}));
  const std::string wide(CsvReader::most_cells, ',');
  EXPECT_EQ(issue(wide), CsvIssue::too_many_cells);
}

}  // namespace
}  // namespace kenzan::engine
