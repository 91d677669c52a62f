#include <gtest/gtest.h>

#include <random>

#include "base/figure_text.hpp"
#include "engine/table/cell_text.hpp"
#include "engine/table/table.hpp"
#include "tests/support/number_texts.hpp"

namespace kenzan::engine {
namespace {

constexpr Rounding roundings[] = {Rounding::nearest, Rounding::half_up, Rounding::half_even, Rounding::truncated,
                                  Rounding::away,    Rounding::floor,   Rounding::ceiling,   Rounding::exact};

Figure number(const Rational& value, const Rational& step, Rounding rounding) { return {Mark::number, rounding, value, step}; }

void expect_same(const FigureColumn& column, std::uint32_t row, const Figure& figure) {
  EXPECT_EQ(column.range(row), true_values(figure)) << row;
  EXPECT_EQ(column.written(row), figure.mark == Mark::number ? figure.value : Rational(0)) << row;
  EXPECT_EQ(column.mark(row), figure.mark) << row;
}

TEST(FigureColumn, GivesBackWhatWasAddedAtAnyScale) {
  std::mt19937 random(7);
  for (int round = 0; round < 50; ++round) {
    FigureColumn column;
    std::vector<Figure> added;
    for (int i = 0; i < 40; ++i) {
      const int digits = static_cast<int>(random() % 2001) - 1000;
      const int place = static_cast<int>(random() % 24) - 8;
      const Rounding rounding = roundings[random() % std::size(roundings)];
      const Rational step = power_of_ten(place);
      added.push_back(number(Rational(digits) * step, step, rounding));
      if (i % 2 == 0) {
        column.add(added.back());
      } else {
        column.add(digits, place, rounding);
      }
    }
    for (std::uint32_t row = 0; row < added.size(); ++row) expect_same(column, row, added[row]);
  }
}

TEST(FigureColumn, RescalesForAFinerFigure) {
  FigureColumn column;
  column.add(234, 7, Rounding::half_up);  // 23.4億: ± 0.05億
  EXPECT_EQ(column.exponent, 6);
  column.add(1584, 6, Rounding::half_up);  // 1,584百万
  EXPECT_EQ(column.exponent, 5);
  EXPECT_EQ(column.value[0], 23400);
  EXPECT_TRUE(column.wide.empty());
}

TEST(FigureColumn, WhatDoesNotFitIsWide) {
  FigureColumn column;
  const Figure large = number(power_of_ten(18), 1, Rounding::exact);
  const Figure fine = number(power_of_ten(-3), power_of_ten(-3), Rounding::nearest);
  const Figure third = number(Rational(1, 3), 1, Rounding::nearest);
  const Figure huge = number(power_of_ten(30) + 1, 1, Rounding::half_up);
  for (const Figure& figure : {large, fine, third, huge, large}) column.add(figure);
  EXPECT_EQ(column.wide.size(), 3U);
  EXPECT_EQ(column.value[1], 0);
  const Figure added[] = {large, fine, third, huge, large};
  for (std::uint32_t row = 0; row < 5; ++row) expect_same(column, row, added[row]);
}

TEST(FigureColumn, TheGreatestPlainNumbersFitOrAreWide) {
  for (const std::int64_t n : {999'999'999'999'999'999, -999'999'999'999'999'999, std::int64_t{0}}) {
    for (const Rounding rounding : roundings) {
      FigureColumn column;
      column.add(n, -2, rounding);
      expect_same(column, 0, number(Rational(n) * power_of_ten(-2), power_of_ten(-2), rounding));
    }
  }
}

TEST(FigureColumn, StepsThatAreNoPowerOfTen) {
  FigureColumn column;
  const Figure figure = number(25, 5, Rounding::half_even);
  column.add(figure);
  expect_same(column, 0, figure);
  EXPECT_TRUE(column.wide.empty());
}

TEST(FigureColumn, MarksHaveTheirRanges) {
  FigureColumn column;
  for (const Mark mark : {Mark::nil, Mark::unknown, Mark::suppressed, Mark::blank, Mark::unreadable}) {
    column.add(Figure{mark, Rounding::exact, 0, 0});
  }
  EXPECT_EQ(column.range(0), Interval::point(0));
  EXPECT_EQ(column.range(1), Interval::everything());
  EXPECT_EQ(column.range(2), Interval::at_least_zero());
  EXPECT_EQ(column.range(3), Interval::everything());
  EXPECT_EQ(column.range(4), Interval::everything());
  EXPECT_TRUE(column.known(0));
  EXPECT_FALSE(column.known(2));
}

TEST(FigureColumn, AnExcludedFigureIsUnknown) {
  FigureColumn column;
  column.add(5, 0, Rounding::exact);
  column.exclude(0);
  EXPECT_FALSE(column.known(0));
  EXPECT_EQ(column.range(0), Interval::everything());
  EXPECT_EQ(column.written(0), 0);
}

TEST(PlainNumber, ReadsWhatTheFigureReaderReads) {
  FigureFormat format;
  const UnitTable units;
  for (const char* text : test::number_texts) {
    const auto plain = read_plain_number(text);
    if (!plain) continue;
    const ReadFigure read = read_figure(text, format, units);
    EXPECT_EQ(read.figure.mark, Mark::number) << text;
    EXPECT_EQ(read.figure.value, Rational(plain->number) * power_of_ten(plain->place)) << text;
    EXPECT_EQ(read.figure.step, power_of_ten(plain->place)) << text;
  }
  EXPECT_TRUE(read_plain_number("12,345.6"));
  EXPECT_FALSE(read_plain_number("41,7"));
  EXPECT_FALSE(read_plain_number("5."));
}

TEST(Texts, LabelsAreFoldedSpellings) {
  Texts texts;
  const Code wide = texts.intern("Ａ 社"), narrow = texts.intern("A社"), other = texts.intern("B社");
  EXPECT_NE(wide, narrow);
  EXPECT_EQ(texts.label_of(wide), texts.label_of(narrow));
  EXPECT_NE(texts.label_of(wide), texts.label_of(other));
  EXPECT_EQ(texts.label_of(narrow), narrow);
  EXPECT_EQ(texts.intern(""), Texts::empty);
  EXPECT_EQ(texts.label_of(texts.intern("　")), Texts::empty);
  Code found = 0;
  EXPECT_TRUE(texts.find("A社", found));
  EXPECT_EQ(found, narrow);
  EXPECT_FALSE(texts.find("C社", found));
}

TEST(Dates, ReadBothSpellingsAndTheCalendar) {
  EXPECT_EQ(read_date("2024-02-29"), "2024-02-29");
  EXPECT_EQ(read_date("２０２４／４／１"), "2024-04-01");
  for (const char* text :
       {"2023-02-29", "2024-4-1", "2024-13-01", "2024/00/10", "2024-04/01", "20240401", "24-04-01", "2024-04-01x", ""}) {
    EXPECT_FALSE(read_date(text)) << text;
  }
}

TEST(Flags, ReadTheUsualWords) {
  for (const char* text : {"true", "TRUE", " Yes ", "1", "○", "有", "１"}) EXPECT_EQ(read_flag(text), true) << text;
  for (const char* text : {"false", "No", "0", "×", "無"}) EXPECT_EQ(read_flag(text), false) << text;
  for (const char* text : {"", "maybe", "2", "―"}) EXPECT_FALSE(read_flag(text)) << text;
}

TEST(DecimalsColumn, ReadsIntegersAndInf) {
  EXPECT_EQ(read_decimals("2")->count, 2);
  EXPECT_EQ(read_decimals("-6")->count, -6);
  EXPECT_EQ(read_decimals("−６")->count, -6);
  EXPECT_TRUE(read_decimals("INF")->exact);
  EXPECT_FALSE(read_decimals("2.5"));
  EXPECT_FALSE(read_decimals("x"));
  EXPECT_FALSE(read_decimals("9999"));
}

}  // namespace
}  // namespace kenzan::engine
