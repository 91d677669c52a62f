#include <gtest/gtest.h>

#include "base/text.hpp"
#include "diag/evidence_text.hpp"
#include "diag_sample.hpp"

namespace kenzan {
namespace {

using sample::Sample;
using test::rendered;
using test::report_of;

TEST(RenderText, DrawsTheArithmetic) {
  EXPECT_EQ(Sample().text(), R"(error[sum-01]: 合計は内訳の和: 25.9億円 is at least 0.15億円 above its parts
 --> t.csv:4:4
  |
2 | 年金,13.4
  |      ---- 13.35 to 13.45
3 | 医療,12.2
  |      ---- 12.15 to 12.25
4 | 合計,25.9
  |      ^^^^ 25.85 to 25.95, but the parts add up to 25.5 to 25.7
  = source: 概要 注2
  = rule: t.kz:2:6
)");
}

TEST(RenderText, SpeaksJapanese) {
  Sample s;
  s.finding.instance = {{"section", "3"}, {"区分", "合計"}};
  s.finding.cells.resize(1);
  EXPECT_EQ(s.text(Language::japanese),
            R"(error[sum-01]: 合計は内訳の和: [section: 3, 区分: 合計] 25.9億円 is at least 0.15億円 above its parts
 --> t.csv:4:4
  |
4 | 合計,25.9
  |      ^^^^ 25.85〜25.95、内訳の合計は25.5〜25.7
  = 根拠: 概要 注2
  = ルール: t.kz:2:6
)");
}

TEST(RenderText, SeparatesFindingsAndLinesThatAreNoNeighbours) {
  Sample s("年金,13.4\n\n\n\n\n\n\n\n医療,12.2\n合計,25.9\n");
  s.finding.source.clear();
  const std::vector<Finding> two = {s.finding, s.finding};
  const std::string one = R"(error[sum-01]: 合計は内訳の和: 25.9億円 is at least 0.15億円 above its parts
  --> t.csv:10:4
   |
 1 | 年金,13.4
   |      ---- 13.35 to 13.45
...
 9 | 医療,12.2
   |      ---- 12.15 to 12.25
10 | 合計,25.9
   |      ^^^^ 25.85 to 25.95, but the parts add up to 25.5 to 25.7
   = rule: t.kz:2:6
)";
  EXPECT_EQ(rendered(render_text, report_of(two), s.sources), one + "\n" + one);
}

TEST(RenderText, StacksTheNotesOfOneLine) {
  Sample s("計,25.9,13.4,12.2\n");
  s.finding.source.clear();
  s.finding.parts = false;
  EXPECT_EQ(s.text(), R"(error[sum-01]: 合計は内訳の和: 25.9億円 is at least 0.15億円 above its parts
 --> t.csv:1:3
  |
1 | 計,25.9,13.4,12.2
  |    ^^^^ ---- ---- 12.15 to 12.25
  |    |    |
  |    |    13.35 to 13.45
  |    25.85 to 25.95, but the other side is 25.5 to 25.7
  = rule: t.kz:2:6
)");
}

TEST(RenderText, GroupsByFileWithThePrimaryFirst) {
  Sample s("合計,25.9\n");
  const SourceId other = s.sources.add("a.csv", "年金,13.4\r\n医療,12.2\r\n");
  s.finding.cells[1].span = sample::find(s.sources, other, "13.4");
  s.finding.cells[2].span = sample::find(s.sources, other, "12.2");
  s.finding.source.clear();
  EXPECT_EQ(s.text(), R"(error[sum-01]: 合計は内訳の和: 25.9億円 is at least 0.15億円 above its parts
 --> t.csv:1:4
  |
1 | 合計,25.9
  |      ^^^^ 25.85 to 25.95, but the parts add up to 25.5 to 25.7
  |
 ::: a.csv:1:4
  |
1 | 年金,13.4
  |      ---- 13.35 to 13.45
2 | 医療,12.2
  |      ---- 12.15 to 12.25
  = rule: t.kz:2:6
)");
}

TEST(RenderText, PointsAtTheRuleWhereThereIsNoCell) {
  Sample s;
  s.finding.cells.clear();
  s.finding.primary.reset();
  s.finding.place = s.finding.rule_place;
  s.finding.helps = {say(MessageId::mark_blank)};
  EXPECT_EQ(s.text(), R"(error[sum-01]: 合計は内訳の和: 25.9億円 is at least 0.15億円 above its parts
 --> t.kz:2:6
  |
2 | rule sum-01 "合計は内訳の和" { }
  |      ^^^^^^
  = help: blank
  = source: 概要 注2
)");
}

TEST(RenderText, SaysTheMarksInWords) {
  Sample s("甲,—\n乙,x\n丙,\n");
  CellEvidence nil = sample::cell(s.sources, s.data, "left", "—", "0", "0");
  nil.mark = "nil";
  CellEvidence withheld = sample::cell(s.sources, s.data, "right", "x", "0", "inf");
  withheld.mark = "suppressed";
  CellEvidence blank = sample::cell(s.sources, s.data, "right", "", "-inf", "inf");
  blank.mark = "blank";
  blank.span = {s.data, 18, 18};
  s.finding.cells = {nil, withheld, blank};
  s.finding.left = sample::quantity("0", "0", "0");
  s.finding.right = sample::quantity("1", "1", "inf");
  s.finding.source.clear();
  EXPECT_EQ(s.text(), R"(error[sum-01]: 合計は内訳の和: 25.9億円 is at least 0.15億円 above its parts
 --> t.csv:1:3
  |
1 | 甲,—
  |    ^^ nil: exactly 0, but the parts add up to at least 1
2 | 乙,x
  |    - suppressed: at least 0
3 | 丙,
  |    - blank
  = rule: t.kz:2:6
)");
}

TEST(RenderText, KeepsThePrimaryCellAmongMany) {
  std::string text;
  for (int i = 10; i < 60; ++i) text += "a,1" + std::to_string(i) + "\n";
  Sample s(text);
  s.finding.cells.clear();
  for (int i = 10; i < 60; ++i)
    s.finding.cells.push_back(sample::cell(s.sources, s.data, "right", "1" + std::to_string(i), "1", "1"));
  s.finding.primary = 49;
  s.finding.cells_omitted = 7;
  const std::string out = s.text();
  EXPECT_NE(out.find("9 | a,118\n"), out.npos);
  EXPECT_EQ(out.find("10 | a,119\n"), out.npos);
  EXPECT_NE(out.find("50 | a,159\n   |   ^^^"), out.npos);
  EXPECT_NE(out.find("   = note: … and 47 more cells (the first 50 are in --format json)\n"), out.npos);
}

TEST(RenderText, ShowsHostileTextWithoutObeyingIt) {
  Sample s("\x1b[31m年\xE2\x80\xAE\xFF,25.9\n");
  s.finding.cells.resize(1);
  s.finding.custom_message = "a\nerror: forged \x1b]0;title\x07";
  const std::string out = s.text();
  EXPECT_EQ(out.find('\x1b'), out.npos);
  EXPECT_EQ(out.find("\nerror"), out.npos);
  EXPECT_FALSE(first_invalid_utf8(out).has_value());
  EXPECT_NE(out.find("a␊error: forged ␛]0;title␇"), out.npos);
  EXPECT_NE(out.find("1 | ␛[31m年<U+202E>\xEF\xBF\xBD,25.9\n  |                   ^^^^"), out.npos) << out;
}

TEST(RenderText, CropsAWideLineAroundItsCells) {
  Sample s(std::string(5000, 'a') + ",25.9," + std::string(5000, 'b') + "\n");
  s.finding.cells.resize(1);
  s.finding.source.clear();
  const std::string around(39, 'a');
  EXPECT_NE(s.text().find("1 | …" + around + ",25.9," + std::string(39, 'b') + "…\n  | " + std::string(42, ' ') + "^^^^ "),
            std::string::npos)
      << s.text();
}

TEST(RenderText, MarksTheFirstLineOfACellWithLineBreaks) {
  Sample s("x,\"1\n2\",y\n");
  s.finding.cells.resize(1);
  s.finding.cells[0].span = {s.data, 3, 6};
  EXPECT_NE(s.text().find("1 | x,\"1\n  |    ^ 25.85"), std::string::npos) << s.text();
}

TEST(RenderText, ColoursOnlyWhenAsked) {
  const Sample s;
  EXPECT_NE(
      rendered(render_text, report_of({s.finding}), s.sources, {Language::english, true}).find("\x1b[1;31merror[sum-01]\x1b[0m"),
      std::string::npos);
  EXPECT_EQ(s.text().find('\x1b'), std::string::npos);
}

TEST(EvidenceText, WritesInstancesAsTheLanguageDoes) {
  EXPECT_EQ(instance_text({{"section", "3"}, {"period", "R6"}}), "[section: 3, period: R6]");
  EXPECT_EQ(instance_text({{"府省 庁", "A \"B\""}}), "[「府省 庁」: \"A \\\"B\\\"\"]");
  EXPECT_EQ(instance_text({}), "");
}

TEST(EvidenceText, WritesNumbersForPeople) {
  EXPECT_EQ(number_text("2128.55"), "2,128.55");
  EXPECT_EQ(number_text("-1234567"), "-1,234,567");
  EXPECT_EQ(number_text("-123"), "-123");
  EXPECT_EQ(number_text("2/3"), "0.666667…");
  EXPECT_EQ(number_text("n/a"), "n/a");
  EXPECT_EQ(interval_text("-inf", "5", "億円", Language::english), "at most 5億円");
  EXPECT_EQ(interval_text("5", "5", "", Language::japanese), "ちょうど5");
}

}  // namespace
}  // namespace kenzan
