// Findings that are packed and read back, and the spool that they stand in.
#include <gtest/gtest.h>

#include <numeric>

#include "diag/findings.hpp"
#include "tests/unit/diag_sample.hpp"

namespace kenzan::test {
namespace {

using sample::Sample;

TEST(Findings, AreReadBackAsTheyWere) {
  Sample s;
  Finding finding = s.finding;
  finding.rule = std::string("r\0\xFF", 3);
  finding.code = "violated";
  finding.severity = Severity::warning;
  finding.verdict = Verdict::vacuous;
  finding.waived = true;
  finding.waiver = WaivedBy{"2027-03-31", "訳", "課"};
  finding.instance = {{"年", "6"}, {"", std::string(300, 'x')}};
  finding.title = "題";
  finding.custom_message = "";
  finding.stands_alone = true;
  finding.message = say(MessageId::duplicate_key, {{"key", "k"}, {"line", "2"}});
  finding.message.arguments[0].nested.push_back(say(MessageId::about_in_cell, {{"text", "t"}}));
  finding.source = "概要";
  finding.left = Quantity{"1", "-inf", "2", false, true, true, "億円"};
  finding.right.reset();
  finding.relation = "<=";
  finding.gap = "1/3";
  finding.parts = true;
  finding.cells[0].address = "Sheet1!B4";
  finding.cells[0].place = {3, 4, 5};
  finding.cells[0].line = 7;
  finding.cells[0].mark = "nil";
  finding.cells[0].low_closed = false;
  finding.cells_omitted = 1u << 31;
  finding.primary = 0;
  finding.notes = {say(MessageId::flag_help)};
  finding.suggestions = {{finding.cells[0], "a", "swapped", say(MessageId::flag_help), 3, ';'}, {}};
  finding.number = 4'000'000'000;
  Finding bare;
  bare.place = {};

  Findings findings;
  findings.push_back(finding);
  findings.push_back(bare);
  ASSERT_EQ(findings.size(), 2U);
  const Finding read = findings[0];
  EXPECT_EQ(read.rule, finding.rule);
  EXPECT_EQ(read.code, finding.code);
  EXPECT_EQ(read.severity, finding.severity);
  EXPECT_EQ(read.verdict, finding.verdict);
  EXPECT_TRUE(read.waived);
  EXPECT_FALSE(read.known);
  EXPECT_EQ(read.waiver->because, "訳");
  EXPECT_EQ(read.instance, finding.instance);
  EXPECT_EQ(read.title, finding.title);
  EXPECT_EQ(read.custom_message, "");
  EXPECT_TRUE(read.stands_alone);
  EXPECT_EQ(draw(read.message, Language::japanese), draw(finding.message, Language::japanese));
  EXPECT_EQ(read.source, finding.source);
  EXPECT_EQ(read.left->low, "-inf");
  EXPECT_FALSE(read.left->low_closed);
  EXPECT_TRUE(read.left->high_closed && read.left->numeric);
  EXPECT_EQ(read.left->unit, "億円");
  EXPECT_FALSE(read.right);
  EXPECT_EQ(read.relation, "<=");
  EXPECT_EQ(read.gap, "1/3");
  EXPECT_TRUE(read.parts);
  ASSERT_EQ(read.cells.size(), finding.cells.size());
  for (std::size_t i = 0; i < read.cells.size(); ++i) {
    const CellEvidence &a = read.cells[i], &b = finding.cells[i];
    EXPECT_EQ(
        std::tie(a.role, a.span, a.table, a.field, a.key, a.text, a.low, a.high, a.low_closed, a.high_closed, a.unit, a.mark),
        std::tie(b.role, b.span, b.table, b.field, b.key, b.text, b.low, b.high, b.low_closed, b.high_closed, b.unit, b.mark));
    EXPECT_EQ(std::tie(a.address, a.line, a.column, a.end_column, a.place.table, a.place.column, a.place.row),
              std::tie(b.address, b.line, b.column, b.end_column, b.place.table, b.place.column, b.place.row));
  }
  EXPECT_EQ(read.cells_omitted, finding.cells_omitted);
  EXPECT_EQ(read.primary, 0U);
  EXPECT_EQ(read.rule_place, finding.rule_place);
  EXPECT_EQ(read.place, finding.place);
  EXPECT_EQ(read.notes.size(), 1U);
  EXPECT_EQ(read.helps.size(), finding.helps.size());
  ASSERT_EQ(read.suggestions.size(), 2U);
  EXPECT_EQ(read.suggestions[0].text, "a");
  EXPECT_EQ(read.suggestions[0].slip, "swapped");
  EXPECT_EQ(read.suggestions[0].rivals, 3U);
  EXPECT_EQ(read.suggestions[0].delimiter, ';');
  EXPECT_EQ(read.suggestions[0].cell.span, finding.cells[0].span);
  EXPECT_EQ(draw(read.suggestions[0].message, Language::english), draw(say(MessageId::flag_help), Language::english));
  EXPECT_EQ(read.fingerprint, finding.fingerprint);
  EXPECT_EQ(read.number, finding.number);

  const Finding nothing = findings[1];
  EXPECT_FALSE(nothing.verdict || nothing.left || nothing.gap || nothing.primary || nothing.waiver || nothing.custom_message);
  EXPECT_FALSE(nothing.place.source.valid());
  EXPECT_TRUE(nothing.cells.empty());
}

TEST(Findings, AreSortedByPlaceThenNameThenInstance) {
  Sample s;
  std::vector<Finding> unsorted(5, s.finding);
  unsorted[0].rule = "z";
  unsorted[1].rule = "a";
  unsorted[1].instance = {{"p", "2"}};
  unsorted[2].rule = "a";
  unsorted[2].instance = {{"p", "1"}};
  unsorted[3].primary = 1;
  unsorted[4].primary.reset();
  unsorted[4].place = s.finding.rule_place;
  Findings findings = unsorted;
  findings.sort(s.sources);
  EXPECT_EQ(findings[0].primary, 1U);
  EXPECT_EQ(findings[1].instance.front().second, "1");
  EXPECT_EQ(findings[2].instance.front().second, "2");
  EXPECT_EQ(findings[3].rule, "z");
  EXPECT_EQ(findings[4].place, s.finding.rule_place);

  findings.erase_if([](const Finding& finding) { return finding.rule == "a"; });
  ASSERT_EQ(findings.size(), 3U);
  EXPECT_EQ(findings[1].rule, "z");
  findings.truncate(1);
  EXPECT_EQ(findings.size(), 1U);
  EXPECT_EQ((*findings.begin()).primary, 1U);
}

TEST(Findings, AtOnePlaceAreSortedHoweverMany) {
  Sample s;
  Finding finding = s.finding;
  Findings findings;
  constexpr std::size_t count = 40'000;
  for (std::size_t i = 0; i < count; ++i) {
    finding.instance = {{"p", std::to_string(100'000 + i * 7'919 % count)}};
    findings.push_back(finding);
  }
  finding.primary = 1;
  finding.rule = "before";
  findings.push_back(finding);
  for (int times = 0; times < 2; ++times) {
    findings.sort(s.sources);
    ASSERT_EQ(findings[0].rule, "before");
    for (std::size_t i = 0; i < count; ++i) ASSERT_EQ(findings[i + 1].instance.front().second, std::to_string(100'000 + i));
  }
}

TEST(Findings, AreSilencedInPlace) {
  Sample s;
  Findings findings = std::vector<Finding>(3, s.finding);
  findings.waive(0, {"2027-03-31", "b", "o"});
  findings.know(0);
  findings.know(1);
  EXPECT_TRUE(findings.waived(0) && findings.waived(1) && !findings.waived(2));
  EXPECT_FALSE(findings[0].known);
  EXPECT_EQ(findings[0].waiver->by, "o");
  EXPECT_TRUE(findings[1].known);
  EXPECT_FALSE(findings[1].waiver);
  EXPECT_FALSE(findings[2].waived);
}

TEST(Spool, HoldsLittleAndReadsAllBack) {
  Spool spool(1000);
  std::vector<std::pair<std::uint64_t, std::string>> pieces;
  for (int i = 0; i < 500; ++i) {
    std::string piece(static_cast<std::size_t>(i % 37), static_cast<char>('a' + i % 26));
    pieces.emplace_back(spool.append(piece), piece);
    ASSERT_LE(spool.held(), 1000U);
  }
  std::string read;
  for (std::size_t i = pieces.size(); i-- > 0;) {
    spool.read(pieces[i].first, pieces[i].second.size(), read);
    ASSERT_EQ(read, pieces[i].second) << i;
  }
}

}  // namespace
}  // namespace kenzan::test
