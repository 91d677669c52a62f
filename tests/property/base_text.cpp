// Folding and reading on random text: never a crash, folding twice is folding once, and nothing but digits is ever a number.
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "base/figure_text.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"

namespace kenzan {
namespace {

/// Text made of what is hard: blanks, combining marks, signs, digits of every kind, and stray bytes where `malformed`.
std::string draw_text(std::mt19937& random, bool malformed) {
  static constexpr std::u32string_view pieces =
      U"   "
      U"\u3000\u00a0\u2028aBe1290.,-+△▲−ー─約兆億万千百十一二〇円%％人（）()"
      U"½①²゛゜か\u3099\u0301\u0327ﾊﾟ…―ｘx０９，．´¨각\u1100\u1161\u11a8𠮷";
  std::string out;
  for (unsigned n = static_cast<unsigned>(random() % 9); n > 0; --n) {
    if (malformed && random() % 4 == 0) {
      out.push_back(static_cast<char>(random() % 256));
    } else {
      append_utf8(out, pieces[random() % pieces.size()]);
    }
  }
  return out;
}

TEST(TextProperty, FoldingTwiceIsFoldingOnce) {
  std::mt19937 random(5);
  for (int i = 0; i < 60'000; ++i) {
    const std::string text = draw_text(random, i % 2 == 0);
    const std::string folded = fold(text);
    ASSERT_EQ(fold(folded), folded) << text;
    ASSERT_EQ(first_invalid_utf8(folded).has_value(), first_invalid_utf8(text).has_value()) << text;
    ASSERT_EQ(trim(trim(text)), trim(text)) << text;
    ASSERT_LE(code_points(text), text.size());
    ASSERT_EQ(display_width(text + "億円"), display_width(text) + 4) << text;
    if (!first_invalid_utf8(text)) {
      ASSERT_EQ(to_utf8(to_code_points(text)), text);
    }
  }
}

TEST(ReadFigureProperty, OnlyDigitsMakeNumbers) {
  std::mt19937 random(6);
  const UnitTable units;
  FigureFormat format;
  format.unit = *units.find("円");
  int numbers = 0;
  for (int i = 0; i < 150'000; ++i) {
    const std::string text = draw_text(random, i % 8 == 0);
    const ReadFigure read = read_figure(text, format, units);
    const bool number = read.figure.mark == Mark::number;
    numbers += number ? 1 : 0;
    ASSERT_EQ(read.figure.mark == Mark::blank, trim(text).empty()) << text;
    if (!number) {
      ASSERT_EQ(read.issue == FigureIssue::none, read.figure.mark == Mark::blank) << text;
      continue;
    }
    ASSERT_GT(read.figure.step, 0) << text;
    ASSERT_EQ(denominator(Rational(read.figure.value / read.figure.step)), 1) << text;  // a multiple of its last digit's place
    for (const char* trap : {"½", "①", "²", "(", "（", "x", "か", "…"}) ASSERT_EQ(text.find(trap), std::string::npos) << text;
  }
  EXPECT_GT(numbers, 1000);
}

}  // namespace
}  // namespace kenzan
