#include <gtest/gtest.h>

#include "diag/source.hpp"

namespace kenzan {
namespace {

void expect_at(const SourceMap& sources, SourceId id, std::uint32_t offset, std::uint32_t line, std::uint32_t column) {
  const Position at = sources.position(id, offset);
  EXPECT_EQ(at.line, line) << "offset " << offset;
  EXPECT_EQ(at.column, column) << "offset " << offset;
}

TEST(SourceMap, CountsColumnsInCodePoints) {
  SourceMap sources;
  const SourceId id = sources.add("a.csv", "区分,金額\n年金,13.4\n");
  expect_at(sources, id, 0, 1, 1);
  expect_at(sources, id, 7, 1, 4);  // behind 区分,
  expect_at(sources, id, 14, 2, 1);
  expect_at(sources, id, 21, 2, 4);
  expect_at(sources, id, 26, 3, 1);  // the end
  expect_at(sources, id, 999, 3, 1);
}

TEST(SourceMap, EndsLinesWithCrlf) {
  SourceMap sources;
  const SourceId id = sources.add("a.csv", "a,b\r\nc,d\r\n\r\ne");
  EXPECT_EQ(sources.line(id, 1), "a,b");
  EXPECT_EQ(sources.line(id, 2), "c,d");
  EXPECT_EQ(sources.line(id, 3), "");
  EXPECT_EQ(sources.line(id, 4), "e");
  EXPECT_EQ(sources.line(id, 5), "");
  EXPECT_EQ(sources.line_start(id, 2), 5U);
  expect_at(sources, id, 7, 2, 3);
}

TEST(SourceMap, DoesNotCountTheByteOrderMark) {
  SourceMap sources;
  const SourceId id = sources.add("a.csv",
                                  "\xEF\xBB\xBF"
                                  "a,b\nc");
  expect_at(sources, id, 0, 1, 1);
  expect_at(sources, id, 3, 1, 1);
  expect_at(sources, id, 5, 1, 3);
  expect_at(sources, id, 7, 2, 1);
}

TEST(SourceMap, CountsAMalformedByteAsOne) {
  SourceMap sources;
  const SourceId id = sources.add("a.csv", "\xFF\xE5x\n");
  expect_at(sources, id, 2, 1, 3);
}

TEST(SourceMap, FindsPlacesInAVeryLongLine) {
  std::string text = "x\n";
  for (int i = 0; i < 100000; ++i) text += "円a";
  SourceMap sources;
  const SourceId id = sources.add("long.json", text);
  for (std::uint32_t i = 0; i < 100000; i += 997) {
    expect_at(sources, id, 2 + 4 * i, 2, 2 * i + 1);
    expect_at(sources, id, 2 + 4 * i + 3, 2, 2 * i + 2);
  }
}

TEST(SourceMap, KnowsWhichLinesOfAFileItHolds) {
  SourceMap sources;
  const SourceId id = sources.add_lines("a.csv", "円,b\n\"c\nd\"\ne\n", {7, 20, 21, 4000000000, 4000000001});
  expect_at(sources, id, 4, 7, 3);
  expect_at(sources, id, 8, 20, 3);
  expect_at(sources, id, 9, 21, 1);
  expect_at(sources, id, 12, 4000000000, 1);
  EXPECT_EQ(sources.line(id, 20), "\"c");
  EXPECT_EQ(sources.line(id, 4000000000), "e");
  EXPECT_EQ(sources.line(id, 8), "");
  EXPECT_EQ(sources.line_start(id, 21), 9U);
}

TEST(SourceMap, AnswersForAnEmptyText) {
  SourceMap sources;
  const SourceId id = sources.add("empty.csv", "");
  expect_at(sources, id, 0, 1, 1);
  EXPECT_EQ(sources.line(id, 1), "");
  EXPECT_EQ(sources.text(Span{id, 3, 9}), "");
}

}  // namespace
}  // namespace kenzan
