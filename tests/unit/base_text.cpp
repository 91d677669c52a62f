#include <gtest/gtest.h>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace kenzan {
namespace {

TEST(Utf8, FindsTheFirstBadByte) {
  EXPECT_EQ(first_invalid_utf8(""), std::nullopt);
  EXPECT_EQ(first_invalid_utf8("aあ𠮷"), std::nullopt);
  EXPECT_EQ(first_invalid_utf8("あ\xff"), 3U);
  EXPECT_EQ(first_invalid_utf8("a\xe3\x81"), 1U);         // cut short
  EXPECT_EQ(first_invalid_utf8("\xc0\xaf"), 0U);          // overlong
  EXPECT_EQ(first_invalid_utf8("\xe0\x80\xaf"), 0U);      // overlong
  EXPECT_EQ(first_invalid_utf8("\xed\xa0\x80"), 0U);      // surrogate
  EXPECT_EQ(first_invalid_utf8("\xf4\x90\x80\x80"), 0U);  // above U+10FFFF
  EXPECT_EQ(first_invalid_utf8("\x80"), 0U);
}

TEST(Utf8, RoundTrip) {
  const std::string text = "a¢あ𠮷";
  EXPECT_EQ(to_code_points(text), U"a¢あ𠮷");
  EXPECT_EQ(to_utf8(U"a¢あ𠮷"), text);
  EXPECT_EQ(last_code_point(text).code, U'𠮷');
  EXPECT_EQ(last_code_point("あ").length, 3U);
  EXPECT_FALSE(last_code_point("\x81").valid);
}

TEST(Text, Nfkc) {
  EXPECT_EQ(nfkc("ＡＢＣ１２３"), "ABC123");
  EXPECT_EQ(nfkc("ﾎﾟｲﾝﾄ"), "ポイント");
  EXPECT_EQ(nfkc("㍻①"), "平成1");
  EXPECT_EQ(nfkc("か\u3099"), "が");
  EXPECT_EQ(nfkc("plain"), "plain");
  EXPECT_EQ(nfkc("ａ\xff"), "ａ\xff");
  EXPECT_EQ(nfkc(std::string_view("Ａ\0Ｂ", 7)), std::string("A\0B", 3));
}

TEST(Text, SurelyFoldedCharactersStandUnderNfkc) {
  for (char32_t code = 0x80; code <= 0xFFFF; ++code) {
    const std::string text = to_utf8(std::u32string(1, code));
    if (!is_surely_folded(text)) continue;
    EXPECT_EQ(fold("か\u3099" + text), "が" + text) << static_cast<unsigned>(code);  // `か` and a mark take the long way
    EXPECT_EQ(fold(text + "ａ"), text + "a") << static_cast<unsigned>(code);
  }
}

TEST(Text, Lower) {
  EXPECT_EQ(lower("ABC Ä Ｚ あ"), "abc ä ｚ あ");
  EXPECT_EQ(lower("A\xff"), "A\xff");
}

TEST(Text, TrimsTheWhiteSpaceOfAnyScript) {
  EXPECT_EQ(trim(" \t\r\n\u3000\u00a0\u2003a b\u3000 "), "a b");
  EXPECT_EQ(trim("\u3000 "), "");
  EXPECT_EQ(trim(""), "");
  EXPECT_EQ(trim("\xff "), "\xff");
}

TEST(Text, FoldClosesUpBesideNonAscii) {
  EXPECT_EQ(fold("  府 省\u3000庁 "), "府省庁");
  EXPECT_EQ(fold("令和 6 年度"), "令和6年度");
  EXPECT_EQ(fold("gross   national\tproduct"), "gross national product");
  EXPECT_EQ(fold("gross national"), "gross national");
  EXPECT_EQ(fold("Ｒ６　当初"), "R6当初");
  EXPECT_EQ(fold("Ａ　Ｂ"), "A B");
  EXPECT_EQ(fold("a\u2028b"), "a b");
  EXPECT_EQ(fold("ＡBC"), fold("ABC"));
  EXPECT_EQ(fold(" "), "");
  EXPECT_EQ(fold("a \xff b"), "a \xff b");
  EXPECT_EQ(fold("㈱ 山田"), "(株)山田");
  EXPECT_EQ(fold("A 1\n"), "A 1");
}

TEST(Text, FoldIsIdempotent) {
  for (const char* text : {"か ゙", "か゛", "x a \u0301", "´a", "¨", "a ´ b", "ﾊ ﾟ", " ½ ", "ｶ ﾞ ﾞ", "1 \u0327 \u0301 2", "각 ᆨ"}) {
    EXPECT_EQ(fold(fold(text)), fold(text)) << text;
  }
}

TEST(Text, EndlessCombiningMarksAreLeftAlone) {
  std::string text = "a ";
  for (int i = 0; i < 200'000; ++i) text += i % 2 == 0 ? "\u0301" : "\u0327";
  EXPECT_EQ(nfkc(text), text);
  EXPECT_EQ(fold(fold(text)), fold(text));
}

TEST(Text, CountsCodePoints) {
  EXPECT_EQ(code_points("aあ𠮷"), 3U);
  EXPECT_EQ(code_points("か\u3099"), 2U);
  EXPECT_EQ(code_points("\xe3\x81"), 2U);
  EXPECT_EQ(code_points(""), 0U);
}

TEST(Text, DisplayWidth) {
  EXPECT_EQ(display_width("abc"), 3U);
  EXPECT_EQ(display_width("億円"), 4U);
  EXPECT_EQ(display_width("１２"), 4U);
  EXPECT_EQ(display_width("ｱ"), 1U);
  EXPECT_EQ(display_width("か\u3099"), 2U);
  EXPECT_EQ(display_width("\t"), 1U);
  EXPECT_EQ(display_width("\xff\xfe"), 2U);
  for (const char* sign : {"△", "▲", "―", "…", "①", "※", "○", "±", "×", "─"}) EXPECT_EQ(display_width(sign), 2U) << sign;
  for (const char* letter : {"é", "α", "ж", "−"}) EXPECT_EQ(display_width(letter), 1U) << letter;
  EXPECT_EQ(display_width("𠮷"), 2U);
}

TEST(NearName, FindsASlipOfThePen) {
  const std::vector<std::string> names{"ministry", "measure", "amount", "予算額", "R6"};
  EXPECT_EQ(near_name("mesure", names), "measure");
  EXPECT_EQ(near_name("maesure", names), "measure");
  EXPECT_EQ(near_name("minstiry", names), "ministry");
  EXPECT_EQ(near_name("予算顔", names), "予算額");
  EXPECT_EQ(near_name("R5", names), "R6");
  EXPECT_EQ(near_name("amount", names), "amount");
  EXPECT_EQ(near_name("section", names), std::nullopt);
  EXPECT_EQ(near_name("決算", names), std::nullopt);
  EXPECT_EQ(near_name("x", std::vector<std::string>{"y"}), std::nullopt);
  EXPECT_EQ(near_name("x", {}), std::nullopt);
}

TEST(NearName, TheFirstOfEquals) {
  EXPECT_EQ(near_name("cat", std::vector<std::string>{"bat", "hat"}), "bat");
  EXPECT_EQ(near_name("abdc", std::vector<std::string>{"abxx", "abcd"}), "abcd");
}

}  // namespace
}  // namespace kenzan
