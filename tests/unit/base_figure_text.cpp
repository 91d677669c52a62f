#include <gtest/gtest.h>

#include "base/figure_text.hpp"

namespace kenzan {
namespace {

/// A column of `unit`, read with the default options.
FigureFormat column(const char* unit) {
  FigureFormat format;
  format.unit = *UnitTable().find(unit);
  format.nil = default_nil(false);
  format.unknown = default_unknown(false);
  format.suppressed = default_suppressed();
  return format;
}

FigureFormat plain_column() {
  FigureFormat format = column("円");
  format.unit = Unit{};
  return format;
}

ReadFigure read(std::string_view text, const FigureFormat& format) { return read_figure(text, format, UnitTable()); }

/// "value ± step", with the issue behind it, or why the text was not read.
std::string show(const ReadFigure& read) {
  static const char* const issues[] = {"",          "inner_blank", "about",        "exponent",       "not_a_number", "bad_grouping",
                                       "bracketed", "wrong_unit",  "missing_unit", "not_an_integer", "too_long"};
  static const char* const marks[] = {"number", "nil", "unknown", "suppressed", "blank", "unreadable"};
  const std::string issue = issues[static_cast<int>(read.issue)];
  if (read.figure.mark == Mark::unreadable) return issue;
  if (read.figure.mark != Mark::number) return marks[static_cast<int>(read.figure.mark)] + issue;
  return exact_text(read.figure.value) + " ± " + exact_text(read.figure.step) + (issue.empty() ? "" : " " + issue);
}

std::string yen(std::string_view text) { return show(read(text, column("円"))); }
std::string oku(std::string_view text) { return show(read(text, column("億円"))); }

TEST(ReadFigure, PlainDigits) {
  EXPECT_EQ(yen("0"), "0 ± 1");
  EXPECT_EQ(yen("23"), "23 ± 1");
  EXPECT_EQ(yen("23.40"), "23.4 ± 0.01");
  EXPECT_EQ(yen("-23.4"), "-23.4 ± 0.1");
  EXPECT_EQ(yen("1,234,567.8"), "1234567.8 ± 0.1");
  EXPECT_EQ(yen(" 23 "), "23 ± 1");
  EXPECT_EQ(yen("\u300023\u3000"), "23 ± 1");
  EXPECT_EQ(yen("007"), "7 ± 1");
  EXPECT_EQ(yen(".5"), "0.5 ± 0.1");
  EXPECT_EQ(yen("+5"), "5 ± 1");
  EXPECT_EQ(yen("-0"), "0 ± 1");
  EXPECT_EQ(yen("123456789012345678901234567890"), "123456789012345678901234567890 ± 1");
  EXPECT_EQ(yen("1.12345678901234567890"), "1.1234567890123456789 ± 0.00000000000000000001");
}

TEST(ReadFigure, ScalesByTheUnitOfTheColumn) {
  EXPECT_EQ(oku("23.4"), "2340000000 ± 10000000");
  EXPECT_EQ(show(read("70", column("%"))), "0.7 ± 0.01");
  EXPECT_EQ(read("23.40", column("億円")).decimals, 2);
}

TEST(ReadFigure, FullWidth) {
  EXPECT_EQ(yen("１，２３４．５"), "1234.5 ± 0.1");
  EXPECT_EQ(yen("－１２"), "-12 ± 1");
  EXPECT_EQ(yen("＋１２"), "12 ± 1");
  EXPECT_EQ(show(read("７０％", column("%"))), "0.7 ± 0.01");
}

TEST(ReadFigure, MinusSigns) {
  for (const char* sign : {"△", "▲", "-", "−", "－", "─", "ー"}) {
    EXPECT_EQ(yen(std::string(sign) + "12"), "-12 ± 1") << sign;
    EXPECT_EQ(yen(std::string(sign) + " 1,234"), "-1234 ± 1") << sign;
    EXPECT_EQ(yen(std::string(sign) + "\u3000三"), "-3 ± 1") << sign;
    EXPECT_EQ(yen("12" + std::string(sign)), "not_a_number") << sign;
    EXPECT_EQ(yen(std::string(sign) + sign + "12"), "not_a_number") << sign;
  }
  for (const char* sign : {"△", "▲", "−", "─", "ー", "+"}) EXPECT_EQ(yen(sign), "not_a_number") << sign;
  EXPECT_EQ(yen("–12"), "not_a_number");  // a dash is a mark, not a sign
  EXPECT_EQ(yen("—12"), "not_a_number");
  EXPECT_EQ(yen("±12"), "not_a_number");
}

TEST(ReadFigure, GroupsAreOfThreeDigits) {
  for (const char* text :
       {"41,7", "1,23,456", "1234,567", ",123", "1,234,", "1,,234", "0.123,456", "1,23.4", "４１，７", "1,2345", "12,34億円"}) {
    EXPECT_EQ(yen(text), "bad_grouping") << text;
  }
  EXPECT_EQ(yen("0,123"), "123 ± 1");
}

TEST(ReadFigure, OtherPointsAndGroups) {
  FigureFormat format = column("円");
  format.decimal = ',';
  EXPECT_EQ(show(read("41,7", format)), "41.7 ± 0.1");
  EXPECT_EQ(show(read("1.234,5", format)), "1234.5 ± 0.1");
  EXPECT_EQ(show(read("1.23", format)), "bad_grouping");
  EXPECT_EQ(show(read("1,2,3", format)), "not_a_number");
  format.group = ".";
  EXPECT_EQ(show(read("1.234", format)), "1234 ± 1");
  format.group = " ";
  EXPECT_EQ(show(read("1 234 567,8", format)), "1234567.8 ± 0.1");
  EXPECT_EQ(show(read("1\u00a0234", format)), "1234 ± 1");
  EXPECT_EQ(show(read("1 23", format)), "bad_grouping");
  format.decimal = '.';
  format.group = "'";
  EXPECT_EQ(show(read("1'234.5", format)), "1234.5 ± 0.1");
  EXPECT_EQ(show(read("1,234.5", format)), "not_a_number");
  format.group = "";
  EXPECT_EQ(show(read("1234.5", format)), "1234.5 ± 0.1");
  EXPECT_EQ(show(read("1,234", format)), "not_a_number");
}

TEST(ReadFigure, UnitsThatAgreeAreConverted) {
  EXPECT_EQ(oku("23.4億円"), "2340000000 ± 10000000");
  EXPECT_EQ(oku("2,340百万円"), "2340000000 ± 1000000");
  EXPECT_EQ(oku("5 千円"), "5000 ± 1000");
  EXPECT_EQ(read("23.4億円", column("円")).decimals, 1);
  EXPECT_EQ(show(read("7割", column("%"))), "0.7 ± 0.1");
  EXPECT_EQ(show(read("70%", plain_column())), "0.7 ± 0.01");
  EXPECT_EQ(show(read("12人", column("人"))), "12 ± 1");
}

TEST(ReadFigure, UnitsThatDoNotAgree) {
  EXPECT_EQ(oku("12人"), "wrong_unit");
  EXPECT_EQ(read("12 人", column("億円")).detail, "人");
  EXPECT_EQ(show(read("1.2ポイント", column("%"))), "wrong_unit");
  EXPECT_EQ(show(read("1.2%", column("ポイント"))), "wrong_unit");
  EXPECT_EQ(oku("12ドル"), "not_a_number");
  EXPECT_EQ(read("12億ドル", column("億円")).detail, "ドル");
  EXPECT_EQ(oku("5円5円"), "not_a_number");
  FigureFormat each = column("円");
  each.unit = *UnitTable().find("円") / *UnitTable().find("人");
  EXPECT_EQ(show(read("12千円/人", each)), "12000 ± 1000");
  EXPECT_EQ(show(read("12円／人", each)), "12 ± 1");
  EXPECT_EQ(show(read("12円", each)), "wrong_unit");
}

TEST(ReadFigure, MoneyNeedsItsUnit) {
  FigureFormat money = column("円");
  money.unit_in_cell = true;
  const UnitTable units;
  EXPECT_EQ(show(read("12", money)), "missing_unit");
  EXPECT_EQ(show(read("十二", money)), "missing_unit");
  EXPECT_EQ(show(read("3億", money)), "missing_unit");
  EXPECT_EQ(show(read("12億円", money)), "1200000000 ± 100000000");
  EXPECT_EQ(show(read("-", money)), "nil");
  EXPECT_EQ(show(read_figure("12", money, units, std::nullopt, false, units.find("千円"))), "12000 ± 1000");
  EXPECT_EQ(show(read_figure("12億円", money, units, std::nullopt, false, units.find("千円"))), "1200000000 ± 100000000");
  EXPECT_EQ(show(read_figure("12", money, units, std::nullopt, false, units.find("人"))), "wrong_unit");
}

TEST(ReadFigure, CompoundNumbers) {
  EXPECT_EQ(yen("3兆2,500億円"), "3250000000000 ± 100000000");
  EXPECT_EQ(read("3兆2,500億円", column("円")).decimals, -8);
  EXPECT_EQ(oku("3兆2,500億円"), "3250000000000 ± 100000000");
  EXPECT_EQ(oku("３兆２，５００億円"), "3250000000000 ± 100000000");
  EXPECT_EQ(oku("3兆2,500.5億円"), "3250050000000 ± 10000000");
  EXPECT_EQ(yen("1億2千万円"), "120000000 ± 10000000");
  EXPECT_EQ(yen("1億2,345万6,789円"), "123456789 ± 1");
  EXPECT_EQ(yen("▲1億5円"), "-100000005 ± 1");
  EXPECT_EQ(yen("5千万円"), "50000000 ± 10000000");
  EXPECT_EQ(yen("1.5千万円"), "15000000 ± 1000000");
  EXPECT_EQ(yen("3兆"), "3000000000000 ± 1000000000000");
  EXPECT_EQ(show(read("1万2千人", column("人"))), "12000 ± 1000");
  EXPECT_EQ(show(read("1億2千", column("人"))), "100002000 ± 1000");
  EXPECT_EQ(oku("3兆2,500億"), "missing_unit");
  EXPECT_EQ(show(read("3千", column("千円"))), "missing_unit");
}

TEST(ReadFigure, CompoundNumbersThatAreNone) {
  for (const char* text : {"3億2兆円", "3億2億円", "3兆25,000億円", "1.5兆2,000億円", "3百200円", "3十百円", "12百3円", "億円",
                           "千円", "百万円", "兆2億円", "3兆円2億円", "1万1e5円", "千", "百円", "万", "1億2.5千万円"}) {
    EXPECT_EQ(yen(text), "not_a_number") << text;
  }
  EXPECT_EQ(yen("3兆41,7億円"), "bad_grouping");
}

TEST(ReadFigure, KanjiNumerals) {
  EXPECT_EQ(yen("三百二十"), "320 ± 10");
  EXPECT_EQ(yen("三百二十一"), "321 ± 1");
  EXPECT_EQ(yen("十"), "10 ± 10");
  EXPECT_EQ(yen("十二"), "12 ± 1");
  EXPECT_EQ(yen("〇一二"), "12 ± 1");
  EXPECT_EQ(yen("二〇二四"), "2024 ± 1");
  EXPECT_EQ(yen("零"), "0 ± 1");
  EXPECT_EQ(yen("千二百三十四"), "1234 ± 1");
  EXPECT_EQ(yen("三百万円"), "3000000 ± 1000000");
  EXPECT_EQ(yen("三百二十万円"), "3200000 ± 100000");
  EXPECT_EQ(yen("一億二千三百四十五万六千七百八十九円"), "123456789 ± 1");
  EXPECT_EQ(yen("3百20"), "320 ± 1");
  EXPECT_EQ(yen("二千円"), "2000 ± 1000");
  EXPECT_EQ(oku("三百二十"), "32000000000 ± 1000000000");
  EXPECT_EQ(yen("二.五億円"), "250000000 ± 10000000");
  EXPECT_EQ(yen("3二"), "not_a_number");
  EXPECT_EQ(yen("二百三百"), "not_a_number");
  EXPECT_EQ(yen("一般会計"), "not_a_number");
  EXPECT_EQ(oku("三億"), "missing_unit");
}

TEST(ReadFigure, BlanksInsideAreReadWithAComplaint) {
  EXPECT_EQ(oku("2, 128. 6億円"), "212860000000 ± 10000000 inner_blank");
  EXPECT_EQ(yen("2 ,128"), "2128 ± 1 inner_blank");
  EXPECT_EQ(yen("12 345"), "12345 ± 1 inner_blank");
  EXPECT_EQ(yen("3兆 2,500億円"), "3250000000000 ± 100000000 inner_blank");
  EXPECT_EQ(yen("12 円"), "12 ± 1");
  EXPECT_EQ(yen("12 34"), "bad_grouping");
  EXPECT_EQ(yen("1234 567"), "bad_grouping");
  EXPECT_EQ(yen("3.14 159"), "bad_grouping");
  EXPECT_EQ(yen("12 ."), "not_a_number");
}

TEST(ReadFigure, AboutAndExponents) {
  EXPECT_EQ(oku("約749.7億円"), "74970000000 ± 10000000 about");
  EXPECT_EQ(yen("約 ▲3"), "-3 ± 1 about");
  EXPECT_EQ(yen("約"), "not_a_number");
  EXPECT_EQ(yen("約-"), "not_a_number");
  EXPECT_EQ(yen("1.2e5"), "120000 ± 10000 exponent");
  EXPECT_EQ(yen("1.2E+5"), "120000 ± 10000 exponent");
  EXPECT_EQ(yen("-1.25e-1"), "-0.125 ± 0.001 exponent");
  EXPECT_EQ(yen("１．２ｅ５"), "120000 ± 10000 exponent");
  EXPECT_EQ(read("1.2e5", column("円")).decimals, -4);
  EXPECT_EQ(yen("1e"), "not_a_number");
  EXPECT_EQ(yen("1e+"), "not_a_number");
  EXPECT_EQ(yen("1e5.5"), "not_a_number");
  EXPECT_EQ(yen("二e5"), "not_a_number");
}

TEST(ReadFigure, BracketsOnlyWhereTheColumnSays) {
  FigureFormat format = column("円");
  for (const char* text : {"(12)", "（12）", "[12]", "〔12〕", "(12)円", "約(12)", "(-)"}) {
    EXPECT_EQ(show(read(text, format)), "bracketed") << text;
  }
  format.brackets = Brackets::plain;
  EXPECT_EQ(show(read("(1,234)", format)), "1234 ± 1");
  EXPECT_EQ(show(read("（ １２ ）", format)), "12 ± 1");
  EXPECT_EQ(show(read("(△12)", format)), "-12 ± 1");
  EXPECT_EQ(show(read("12", format)), "12 ± 1");
  EXPECT_EQ(show(read("(12", format)), "not_a_number");
  EXPECT_EQ(show(read("()", format)), "not_a_number");
  EXPECT_EQ(show(read("(12]", format)), "not_a_number");
  EXPECT_EQ(show(read("((12))", format)), "not_a_number");
  format.brackets = Brackets::minus;
  EXPECT_EQ(show(read("(1,234)", format)), "-1234 ± 1");
  EXPECT_EQ(show(read("(△12)", format)), "not_a_number");
  EXPECT_EQ(show(read("12", format)), "12 ± 1");
}

TEST(ReadFigure, DefaultMarks) {
  for (const char* text : {"—", "－", "―", "‐", "–", "-", "皆減", "皆増", " - "}) EXPECT_EQ(yen(text), "nil") << text;
  for (const char* text : {"…", "...", "n/a", "NA", "ｎ／ａ", "ＮＡ"}) EXPECT_EQ(yen(text), "unknown") << text;
  for (const char* text : {"x", "X", "ｘ", "Ｘ"}) EXPECT_EQ(yen(text), "suppressed") << text;
  for (const char* text : {"", " ", "\u3000"}) EXPECT_EQ(yen(text), "blank");
  for (const char* text : {"N/A", "--", "xx", "*", "皆"}) EXPECT_EQ(yen(text), "not_a_number") << text;
}

TEST(ReadFigure, MarksOfRatios) {
  FigureFormat format = column("%");
  format.ratio_marks = true;
  format.nil = default_nil(true);
  format.unknown = default_unknown(true);
  EXPECT_EQ(show(read("皆減", format)), "unknown");
  EXPECT_EQ(show(read("皆増", format)), "unknown");
  EXPECT_EQ(show(read("－", format)), "nil");
}

TEST(ReadFigure, MarksOfTheColumnReplaceTheDefaults) {
  FigureFormat format = column("円");
  format.nil = {"", "*", "該当 なし"};
  format.unknown = {"-"};
  format.suppressed = {"0"};
  EXPECT_EQ(show(read(" ", format)), "nil");
  EXPECT_EQ(show(read("＊", format)), "nil");
  EXPECT_EQ(show(read("該当なし", format)), "nil");
  EXPECT_EQ(show(read("－", format)), "unknown");
  EXPECT_EQ(show(read("0", format)), "suppressed");
  EXPECT_EQ(show(read("x", format)), "not_a_number");
  EXPECT_EQ(show(read("０", format)), "0 ± 1");  // a number: marks are folded where the text is none
  EXPECT_EQ(show(read("-5", format)), "-5 ± 1");
}

TEST(ReadFigure, WhatNfkcWouldMakeANumberIsNone) {
  for (const char* text : {"½", "1½", "①", "1①", "10²", "²", "⑴", "㊀", "𝟏", "١", "Ⅲ", "㋀", "⒈", "10₂"}) {
    EXPECT_EQ(yen(text), "not_a_number") << text;
  }
}

TEST(ReadFigure, AnythingElseIsUnreadable) {
  for (const char* text :
       {"abc",    "12abc", "12 注1", "1.2.3", "5.",  "1,234.",   "--5",     "+-5",  "0x10",  "1/2",   "12:30", "2024-03-31",
        "1、234", "¥100",  "100-",   "inf",   "NaN", "1\u200b2", "\ufeff5", "\xff", "5\xff", "1e5e5", "合計",  "12(3)"}) {
    EXPECT_EQ(yen(text), "not_a_number") << text;
  }
  EXPECT_EQ(read("12 注", column("円")).detail, "注");
}

TEST(ReadFigure, Integers) {
  FigureFormat format = plain_column();
  format.integer_only = true;
  format.rounding = Rounding::exact;
  EXPECT_EQ(show(read("1,234", format)), "1234 ± 1");
  EXPECT_EQ(show(read("12.5", format)), "not_an_integer");
  EXPECT_EQ(show(read("１２．５", format)), "not_an_integer");
  EXPECT_EQ(show(read("12.0", format)), "12 ± 0.1");
  EXPECT_EQ(read("12", format).figure.rounding, Rounding::exact);
}

TEST(ReadFigure, ThePlaceCanBeSaid) {
  FigureFormat format = column("億円");
  format.rounding = Rounding::half_up;
  format.step = Rational(10'000'000);
  EXPECT_EQ(show(read("23", format)), "2300000000 ± 10000000");
  EXPECT_EQ(show(read("23千円", format)), "23000 ± 10000000");
  const UnitTable units;
  EXPECT_EQ(show(read_figure("23", format, units, 2)), "2300000000 ± 1000000");
  EXPECT_EQ(show(read_figure("23", format, units, -2)), "2300000000 ± 10000000000");
  EXPECT_EQ(show(read_figure("23", format, units, 100'000)), "too_long");
  EXPECT_EQ(show(read_figure("23", format, units, -100'000)), "too_long");
  EXPECT_EQ(read_figure("23", format, units).figure.rounding, Rounding::half_up);
  EXPECT_EQ(read_figure("23", format, units, std::nullopt, true).figure.rounding, Rounding::exact);
}

TEST(ReadFigure, HostileLengthsAreRefusedAtOnce) {
  const std::string limit(max_digits, '9');
  EXPECT_EQ(read(limit, column("円")).figure.mark, Mark::number);
  EXPECT_EQ(yen(limit + "9"), "too_long");
  EXPECT_EQ(yen("0." + limit + "9"), "too_long");
  EXPECT_EQ(yen("1e999999999"), "too_long");
  EXPECT_EQ(yen("1e-99999999999999999999"), "too_long");
  EXPECT_EQ(yen("0e999999999"), "too_long");
  EXPECT_EQ(yen(std::string(1'000'000, '1')), "too_long");
  EXPECT_EQ(yen(std::string(100'000, '(')), "bracketed");
  EXPECT_EQ(yen(std::string(100'000, '-')), "not_a_number");
  EXPECT_EQ(yen("1" + std::string(100'000, ' ') + "2"), "bad_grouping");
}

}  // namespace
}  // namespace kenzan
