// Reading tables: where columns are found, how cells are read, what is said about them.
#include <gtest/gtest.h>

#include <algorithm>

#include "base/figure_text.hpp"
#include "tests/support/number_texts.hpp"
#include "tests/unit/engine_table_build.hpp"

namespace kenzan::engine {
namespace {

using build::figure;
using build::integer;
using build::money;
using build::Tables;
using build::text;

TEST(ReadTable, CellsKnowTheirTextPlaceAndLabel) {
  Tables t;
  const auto id = t.add("t", {text("区分"), figure("金額", "億円", Rounding::half_up)}, {0});
  t.files["t.csv"] = "\xEF\xBB\xBF区　分,メモ,金額\r\n\"年,金\",x,\"1,234.5\"\r\nＡ社,,—";
  t.load();
  EXPECT_EQ(t.findings() + t.failures(), "");
  ASSERT_EQ(t.data[id].rows, 2U);
  EXPECT_EQ(t.text_of(id, 0, 0), "年,金");
  EXPECT_EQ(t.cell_bytes(id, 1, 0), "1,234.5");
  EXPECT_EQ(t.written(id, 1, 0), "123450000000");
  EXPECT_EQ(t.cells(id, 1).figures.mark(1), Mark::nil);
  EXPECT_EQ(t.data.texts.text(t.cells(id, 0).labels[1]), "A社");
  EXPECT_EQ(t.text_of(id, 0, 1), "Ａ社");
}

TEST(ReadTable, ANumberBeforeAUnitIsWhatTheFigureReaderReads) {
  const UnitTable units;
  std::vector<dsl::Column> columns;
  for (const char* unit : {"円", "千円", "百万円", "億円", "兆円", "人", "千人", "件", "%", "‰", "円/人"}) {
    if (units.find(unit) != nullptr) columns.push_back(figure("v", unit, Rounding::half_up));
  }
  ASSERT_GT(columns.size(), 5U);
  const auto own = [&](const char* name, const Rational& factor) {
    columns.push_back(figure("v", "円", Rounding::floor));
    columns.back().format.unit.name = name;
    columns.back().format.unit.factor = factor;
  };
  own("円", 100);  // the name is known for another unit
  own("千株", 100);
  own("三人組", 1);
  own("e3", 1);
  own("件", 1);
  columns.back().format.unknown = {"9件"};
  columns.push_back(integer("v"));
  columns.back().format.unit = *units.find("人");
  for (const dsl::Column& column : columns) {
    const std::string& unit = column.format.unit.name;
    Tables t;
    const auto id = t.add("t", {text("k"), column}, {0});
    std::vector<std::string> cells;
    for (const char* number : test::number_texts) {
      for (const std::string& behind : {unit, " " + unit, unit + unit, std::string("円"), std::string("百万円")})
        cells.push_back(number + behind);
    }
    std::string& file = t.files["t.csv"] = "k,v\n";
    for (std::size_t i = 0; i < cells.size(); ++i) file += std::to_string(i) + ",\"" + cells[i] + "\"\n";
    t.load();
    for (std::uint32_t row = 0; row < cells.size(); ++row) {
      const Figure expected = read_figure(cells[row], column.format, units).figure;
      const FigureColumn& found = t.cells(id, 1).figures;
      EXPECT_EQ(found.mark(row), expected.mark) << cells[row];
      if (expected.mark != Mark::number || found.mark(row) != Mark::number) continue;
      EXPECT_EQ(found.range(row), true_values(expected)) << cells[row];
      EXPECT_EQ(found.written(row), expected.value) << cells[row];
    }
  }
}

TEST(ReadTable, ColumnsAreFoundByHeaderOrPosition) {
  Tables t;
  dsl::Column ministry = text("ministry"), third = figure("third");
  ministry.header = "府省庁";
  third.position = 3;
  const auto id = t.add("t", {ministry, third}, {0});
  t.files["t.csv"] = "x,府省庁,\n1,総務省,5\n";
  t.load();
  EXPECT_EQ(t.findings() + t.failures(), "");
  EXPECT_EQ(t.text_of(id, 0, 0), "総務省");
  EXPECT_EQ(t.written(id, 1, 0), "5");
}

TEST(ReadTable, AHeaderlessFileNeedsPositions) {
  Tables t;
  dsl::Column a = text("a"), b = figure("b");
  a.position = 1;
  b.position = 2;
  const auto id = t.add("t", {a, b}, {0});
  t.program.tables[0].reader.header = 0;
  t.files["t.csv"] = "x,1\ny,2\n";
  t.load();
  EXPECT_EQ(t.findings() + t.failures(), "");
  EXPECT_EQ(t.data[id].rows, 2U);
  t.program.tables[0].columns[1].position.reset();
  t.read();
  EXPECT_EQ(t.failures(), "missing-column: `t.csv` is read without a header, so column `b` needs a position, as in `from 1`");
  EXPECT_EQ(t.data[id].rows, 0U);
}

TEST(ReadTable, SkipAndHeaderCountLinesAndPassEmptyOnes) {
  Tables t;
  const auto id = t.add("t", {text("a")}, {0});
  t.files["t.csv"] = "title\n\na\nx\n";
  for (const auto& [skip, header] : {std::pair{1U, 1U}, std::pair{2U, 1U}, std::pair{0U, 3U}, std::pair{0U, 2U}}) {
    t.program.tables[0].reader.skip = skip;
    t.program.tables[0].reader.header = header;
    t.read();
    EXPECT_EQ(t.data[id].rows, 1U) << skip << " " << header;
  }
  EXPECT_EQ(t.failures(), "");
}

TEST(ReadTable, AMissingColumnIsAFailureWithANearName) {
  Tables t;
  const auto id = t.add("t", {text("section"), figure("金額")}, {0});
  t.files["t.csv"] = "sectoin,金 額\n1,2\n";
  t.read();
  EXPECT_EQ(t.failures(), "missing-column: no column `section` in `t.csv`; did you mean `sectoin`?");
  EXPECT_EQ(t.data[id].rows, 0U);
  EXPECT_EQ(t.data[id].columns.size(), 2U);
  t.check();
  EXPECT_EQ(t.findings(), "");
}

TEST(ReadTable, AHeaderThatOccursTwiceFailsOnlyWhereUsed) {
  Tables t;
  (void)t.add("t", {text("a")}, {0});
  t.files["t.csv"] = "a,b,b\n1,2,3\n";
  t.read();
  EXPECT_EQ(t.failures(), "");
  t.files["t.csv"] = "a,Ａ\n1,2\n";
  t.read();
  EXPECT_EQ(t.failures(), "");
  t.files["t.csv"] = "a,ａ\n1,2\n";
  t.read();
  EXPECT_EQ(t.failures(), "two columns of `t.csv` are headed `a`");
}

TEST(ReadTable, AcrossReadsOneColumnForEachLabel) {
  Tables t;
  dsl::Column amount = figure("amount", "億円");
  t.across(amount, "period", {{"R5", "令和5年度"}, {"R6", "令和6年度"}});
  const auto id = t.add("t", {text("k"), amount}, {0});
  t.files["t.csv"] = "k,令和6年度,令和5年度\na,6,x5\n";
  t.load();
  EXPECT_EQ(t.written(id, 1, 0, 1), "600000000");
  EXPECT_EQ(t.findings(), "bad-number: `x5` is not a number");
  const CellEvidence cell = t.report.findings[0].cells[0];
  EXPECT_EQ(cell.field, "amount");
  EXPECT_EQ(cell.key, (std::vector<std::pair<std::string, std::string>>{{"k", "a"}, {"period", "R5"}}));
  EXPECT_EQ(cell.text, "x5");
  EXPECT_EQ(cell.mark, "unreadable");
  EXPECT_EQ(t.report.findings[0].fingerprint.size(), 16U);
}

TEST(ReadTable, AcrossFromAPatternTakesLabelsInFileOrder) {
  Tables t;
  dsl::Column amount = figure("v");
  t.across_pattern(amount, "year", R"((\d{4})年)");
  const auto id = t.add("t", {text("k"), amount}, {0});
  t.files["t.csv"] = "k,２０２１年,2020年,2020年度\na,1,2,3\n";
  t.load();
  EXPECT_EQ(t.findings() + t.failures(), "");
  const ColumnData& column = t.data[id].columns[1];
  ASSERT_EQ(column.parts.size(), 2U);
  EXPECT_EQ(t.data.texts.text(column.across_labels[0]), "2021");
  EXPECT_EQ(t.written(id, 1, 0, 1), "2");
  t.files["t.csv"] = "k,x\na,1\n";
  t.read();
  EXPECT_EQ(t.failures(), "missing-column: no column of `t.csv` fits /(\\d{4})年/; there are `k`, `x`");
}

TEST(ReadTable, TakeAndAliasChangeWhatIsRead) {
  Tables t;
  dsl::Column ministry = text("ministry"), share = figure("share", "割"), word = text("word");
  ministry.header = word.header = "printed";
  ministry.take = "【([^】]+)】";
  ministry.alias = {{"総務", "総務省"}};
  word.take = "】(.+)";
  share.take = "約?(.+)";
  share.optional = true;
  const auto id = t.add("t", {ministry, share, word}, {0});
  t.files["t.csv"] = "printed,share\n【総務】施策,約7割\n【外務】,８割\n";
  t.load();
  EXPECT_EQ(t.findings() + t.failures(), "");
  EXPECT_EQ(t.text_of(id, 0, 0), "総務省");
  EXPECT_EQ(t.text_of(id, 2, 0), "施策");
  EXPECT_EQ(t.text_of(id, 2, 1), "");
  EXPECT_EQ(t.written(id, 1, 0), "0.7");
  EXPECT_EQ(t.cell_bytes(id, 0, 0), "【総務】施策");
}

TEST(ReadTable, WhatTakeDoesNotFitIsReportedInFiguresAndKeys) {
  Tables t;
  dsl::Column key = text("k"), amount = figure("v"), optional = figure("w");
  key.take = amount.take = optional.take = "<(.+)>";
  optional.optional = true;
  const auto id = t.add("t", {key, amount, optional}, {0});
  t.files["t.csv"] = "k,v,w\n<a>,<1>,<2>\nb,3,4\n";
  t.read();
  EXPECT_EQ(t.findings(), "blank-cell: `b` does not fit `take /<(.+)>/`\nbad-number: `3` does not fit `take /<(.+)>/`");
  EXPECT_EQ(t.cells(id, 1).figures.mark(1), Mark::unreadable);
  EXPECT_EQ(t.cells(id, 2).figures.mark(1), Mark::unknown);
}

TEST(ReadTable, BlanksAreReportedWhereTheyMayNotBe) {
  Tables t;
  dsl::Column optional = figure("o");
  optional.optional = true;
  const auto id = t.add("t", {text("k"), text("note"), figure("v"), optional, build::column("d", dsl::ColumnType::date)}, {0});
  t.files["t.csv"] = "k,note,v,o,d\n　,, ,,\n";
  t.load();
  EXPECT_EQ(t.findings(), "blank-cell: `k` is blank here\nblank-cell: `v` is blank here\nblank-cell: `d` is blank here");
  EXPECT_EQ(t.cells(id, 2).figures.mark(0), Mark::blank);
  EXPECT_TRUE(t.cells(id, 1).blank[0]);
}

TEST(ReadTable, EveryReasonForABadNumberIsItsOwnMessage) {
  Tables t;
  dsl::Column people = figure("v", "人");
  (void)t.add("t", {text("k"), people}, {0});
  t.files["t.csv"] = "k,v\na,\"41,7\"\nb,(3)\nc,5円\nd,\"2,12B.6\"\ne,abc\n";
  t.load();
  EXPECT_EQ(t.findings(),
            "bad-number: `41,7` has a `,` that does not group three digits\n"
            "bad-number: `(3)`: brackets have no fixed meaning; say `brackets plain` or `brackets minus`\n"
            "bad-number: `5円` is in 円, but `v` is in 人\n"
            "bad-number: `2,12B.6` has a `,` that does not group three digits\n"
            "bad-number: `abc` is not a number");
}

TEST(ReadTable, NumberFormatIsAWarningThatSaysWhatWasRead) {
  Tables t;
  const auto id = t.add("t", {text("k"), money("v")}, {0});
  t.files["t.csv"] = "k,v\na,\"2, 128. 6億円\"\nb,約3億円\nc,7\n";
  t.load();
  EXPECT_EQ(t.findings(),
            "number-format: `2, 128. 6億円` has blanks inside its number\n"
            "number-format: `約3億円` has 約 before its number\n"
            "bad-number: `7` is written without its unit");
  EXPECT_EQ(t.report.findings[0].severity, Severity::warning);
  EXPECT_EQ(draw(t.report.findings[0].notes[0], Language::english), "read as 212,860,000,000円");
  EXPECT_EQ(t.written(id, 1, 0), "212860000000");
}

TEST(ReadTable, IntegersHaveCanonicalLabels) {
  Tables t;
  const auto id = t.add("t", {integer("year"), text("x")}, {0});
  t.files["t.csv"] = "year,x\n\"2,024\",\n２０２５,\n5.5,\n";
  t.load();
  EXPECT_EQ(t.findings(), "bad-number: `5.5` is not a whole number");
  EXPECT_EQ(t.text_of(id, 0, 0), "2024");
  EXPECT_EQ(t.text_of(id, 0, 1), "2025");
  EXPECT_EQ(t.cells(id, 0).labels[2], Texts::empty);
}

TEST(ReadTable, AUnitColumnAndADecimalsColumnSpeakForTheRow) {
  Tables t;
  dsl::Column amount = money("v");
  amount.unit_column = 1;
  amount.decimals_column = 2;
  const auto id = t.add("t", {text("k"), text("unit"), text("places"), amount}, {0});
  t.files["t.csv"] = "k,unit,places,v\na,億円,1,3\nb,百万円,INF,4\nc,xyz,,5\nd,円,q,6\ne,,,7円\nf,xyz,q,…\n";
  t.load();
  EXPECT_EQ(t.findings(),
            "bad-number: `xyz` in `unit` is not a unit\n"
            "bad-number: `q` in `places` does not say a number of decimals: a whole number or `INF`");
  EXPECT_EQ(t.cells(id, 3).figures.range(0).low.value, Rational(295'000'000));
  EXPECT_TRUE(t.cells(id, 3).figures.range(1).is_point());
  EXPECT_EQ(t.written(id, 3, 1), "4000000");
  EXPECT_EQ(t.written(id, 3, 4), "7");
  EXPECT_EQ(t.cells(id, 3).figures.mark(5), Mark::unknown);
}

TEST(ReadTable, DatesAndFlags) {
  Tables t;
  const auto id = t.add("t", {build::column("d", dsl::ColumnType::date), build::column("f", dsl::ColumnType::flag)}, {0});
  t.files["t.csv"] = "d,f\n2024/4/1,○\n2024-02-30,?\n";
  t.load();
  EXPECT_EQ(t.findings(), "bad-number: `2024-02-30` is not a date\nbad-number: `?` is neither yes nor no");
  EXPECT_EQ(t.text_of(id, 0, 0), "2024-04-01");
  EXPECT_EQ(t.cells(id, 1).flags[0], 1);
  EXPECT_EQ(t.cells(id, 1).flags[1], -1);
}

TEST(ReadTable, RaggedRowsAreKeptWithoutTheirFigures) {
  Tables t;
  const auto id = t.add("t", {text("k"), figure("v")}, {0});
  t.files["t.csv"] = "k,v\na\nb,2,3\n\"c\"x,4\nd,\"5";
  t.load();
  EXPECT_EQ(t.findings(),
            "ragged-row: this record fills 1 of 2 columns\n"
            "ragged-row: this record has 3 cells where the header has 2\n"
            "ragged-row: text follows the closing quote of this cell\n"
            "ragged-row: the quote that opens this cell is not closed: the rest of the file is in it");
  EXPECT_EQ(t.data[id].rows, 4U);
  EXPECT_EQ(t.sources.text(t.report.findings[1].place), "3");
  EXPECT_EQ(t.text_of(id, 0, 1), "b");
  for (std::uint32_t row = 0; row < 4; ++row) EXPECT_EQ(t.cells(id, 1).figures.mark(row), Mark::unreadable);
}

TEST(ReadTable, MalformedCellsAreReportedWhereTheyAreRead) {
  Tables t;
  const auto id = t.add("t", {text("k"), figure("v")}, {0});
  t.files["t.csv"] = std::string("k,v,unused\na\x82,1\xFF,\xFF\nb\0,2,\n", 24);
  t.load();
  EXPECT_EQ(t.findings(),
            "encoding: this cell is not UTF-8: it holds the byte 0x82\n"
            "encoding: this cell is not UTF-8: it holds the byte 0xFF\n"
            "encoding: a NUL character stands in this cell");
  EXPECT_EQ(t.text_of(id, 0, 0), "a\xEF\xBF\xBD");
  EXPECT_EQ(t.cells(id, 1).figures.mark(0), Mark::unreadable);
}

TEST(ReadTable, FilesThatCannotBeReadAreFailures) {
  Tables t;
  const auto id = t.add("t", {text("k")}, {0});
  t.read();
  EXPECT_EQ(t.failures(), "cannot read `t.csv`: No such file or directory");
  t.report = {};
  t.files["t.csv"] = "";
  t.read();
  EXPECT_EQ(t.failures(), "missing-column: `t.csv` ends before its header");
  t.report = {};
  t.files["t.csv"] = std::string("\xFF\xFEk\0", 4);
  t.read();
  EXPECT_EQ(t.failures(), "cannot read `t.csv`: it is UTF-16; save it as UTF-8");
  t.report = {};
  t.files["t.csv"] = "k\n" + std::string(200'000, ',');
  t.read();
  EXPECT_EQ(t.failures(), "cannot read `t.csv`: record 2 has more than 100000 cells; another `delimiter` may be meant");
  EXPECT_EQ(t.data[id].rows, 0U);
  t.report = {};
  t.program.tables[0].reader.format = dsl::Format::other;
  t.program.tables[0].reader.format_name = "xlsx";
  t.read();
  EXPECT_EQ(t.failures(), "this version does not read `xlsx` files yet; export the sheet as CSV");
  t.report = {};
  t.program.tables[0].reader.format = dsl::Format::csv;
  t.program.tables[0].reader.encoding = "shift_jis";
  t.read();
  EXPECT_EQ(t.failures(), "this version does not read the encoding `shift_jis` yet; save the file as UTF-8");
}

TEST(ReadTable, ATableOverSeveralFilesHasTheFileInItsKey) {
  Tables t;
  dsl::Column year = text("year"), amount = figure("v");
  year.from_file = true;
  t.across_pattern(amount, "part", "v(.)");
  const auto id = t.add("t", {text("k"), amount, year}, {0, 2});
  dsl::Table& table = t.program.tables[0];
  table.file_column = 2;
  table.file_pattern = "{year}.csv";
  t.options.find = [](const std::string&) {
    return std::vector<std::pair<std::string, std::string>>{{"R3.csv", "R3"}, {"R4.csv", "R4"}};
  };
  t.files["R3.csv"] = "k,v1\na,1\n";
  t.files["R4.csv"] = "v2,k\n2,a\n";
  t.load();
  EXPECT_EQ(t.findings() + t.failures(), "");
  EXPECT_EQ(t.text_of(id, 2, 0), "R3");
  EXPECT_EQ(t.text_of(id, 2, 1), "R4");
  ASSERT_EQ(t.data[id].columns[1].parts.size(), 2U);
  EXPECT_EQ(t.cells(id, 1, 1).figures.mark(0), Mark::blank);
  EXPECT_EQ(t.written(id, 1, 1, 1), "2");
  EXPECT_EQ(t.cells(id, 1, 0).figures.mark(1), Mark::blank);
  t.options.replaced["t"] = "x.csv";
  t.read();
  EXPECT_EQ(t.failures(), "`--data t` gives one path, but `t` is read from several files");
  t.report = {};
  t.options.replaced.clear();
  t.options.find = [](const std::string&) { return std::vector<std::pair<std::string, std::string>>{}; };
  t.read();
  EXPECT_EQ(t.failures(), "no file fits `{year}.csv`");
}

TEST(ReadTable, DataReplacesTheFileAndItsFormatByName) {
  Tables t;
  const auto id = t.add("t", {text("k"), figure("v")}, {0});
  t.options.replaced["t"] = "other.tsv";
  t.files["other.tsv"] = "k\tv\na\t1\n";
  t.load();
  EXPECT_EQ(t.findings() + t.failures(), "");
  EXPECT_EQ(t.written(id, 1, 0), "1");
  EXPECT_EQ(t.sources.path(t.data[id].files[0]), "other.tsv");
}

TEST(ReadTable, RecordNumbersCountFromOne) {
  Tables t;
  dsl::Column row = integer("row");
  row.record_number = true;
  const auto id = t.add("t", {figure("v"), row}, {1});
  t.files["t.csv"] = "v\n7\n\n8\n";
  t.load();
  EXPECT_EQ(t.findings() + t.failures(), "");
  EXPECT_EQ(t.text_of(id, 1, 1), "2");
}

}  // namespace
}  // namespace kenzan::engine
