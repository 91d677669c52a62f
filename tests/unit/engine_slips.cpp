// What may have been meant where a number stands.
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/blame/slips.hpp"

namespace kenzan::engine {
namespace {

/// The slip behind which `meant` stands, among those of `written`; nothing if it is none of them.
std::optional<Slip> slip_from(std::string_view meant, std::string_view written, char point = '.', char group = ',') {
  const std::vector<Meant> all = meant_by(written, point, group);
  const auto found = std::ranges::find(all, meant, &Meant::text);
  return found == all.end() ? std::nullopt : std::optional(found->slip);
}

TEST(Slips, LeadBackToWhatWasMeant) {
  EXPECT_EQ(slip_from("2,128.6億円", "2,182.6億円"), Slip::swapped);
  EXPECT_EQ(slip_from("63.2", "632"), Slip::point);
  EXPECT_EQ(slip_from("158400", "1584"), Slip::point);
  EXPECT_EQ(slip_from("0.05", "5"), Slip::point);
  EXPECT_EQ(slip_from("-12", "12"), Slip::sign);
  EXPECT_EQ(slip_from("12", "△12"), Slip::sign);
  EXPECT_EQ(slip_from("123", "1223"), Slip::doubled);
  EXPECT_EQ(slip_from("1223", "123"), Slip::single);
  EXPECT_EQ(slip_from("13.4", "16.4"), Slip::neighbour);  // 3 lies below 6 on a block of keys
  EXPECT_EQ(slip_from("10", "20"), Slip::neighbour);
  EXPECT_EQ(slip_from("13.4", "193.4"), Slip::added);
  EXPECT_EQ(slip_from("193.4", "13.4"), Slip::dropped);
  EXPECT_EQ(slip_from("13.4", "18.4"), Slip::mistyped);
  EXPECT_EQ(slip_from("99.9", "13.4"), std::nullopt);
}

TEST(Slips, KeepWhatStandsAroundTheNumber) {
  EXPECT_EQ(slip_from("(9,126.5億円)", "(9,216.5億円)"), Slip::swapped);
  EXPECT_EQ(slip_from("12,345", "1,345"), Slip::dropped);  // grouped anew
  EXPECT_EQ(slip_from("1,345", "12,345"), Slip::added);
  EXPECT_EQ(slip_from("1.234,5", "1.243,5", ',', '.'), Slip::swapped);
  EXPECT_EQ(slip_from("1243", "1234", '.', '\0'), Slip::swapped);
}

TEST(Slips, AreTextsThatSomeoneWouldWrite) {
  for (const Meant& each : meant_by("1,002.50", '.', ',')) {
    EXPECT_NE(each.text, "1,002.50");
    EXPECT_FALSE(each.text.starts_with("0") && !each.text.starts_with("0.")) << each.text;
    EXPECT_FALSE(each.text.ends_with(".")) << each.text;
  }
  for (const char* odd : {"p0", "(00)", "-0", "x,1", "1,,2", "1.", "0.00", "99999999999999999999"}) (void)meant_by(odd, '.', ',');
  EXPECT_TRUE(meant_by("—", '.', ',').empty());
  EXPECT_TRUE(meant_by("", '.', ',').empty());
  EXPECT_TRUE(meant_by("123456789012345678901", '.', ',').empty());
}

TEST(Slips, ComeOnceAndTheMostPlausibleFirst) {
  const std::vector<Meant> all = meant_by("1,210.4", '.', ',');
  EXPECT_TRUE(std::ranges::is_sorted(all, {}, &Meant::slip));
  std::vector<std::string> texts;
  for (const Meant& each : all) texts.push_back(each.text);
  std::ranges::sort(texts);
  EXPECT_EQ(std::ranges::adjacent_find(texts), texts.end());
}

TEST(Slips, OfAFigureAreWrittenAsItIs) {
  EXPECT_EQ(with_value("(1,522.1億円)", 152210000000, 152300000000, '.', ','), "(1,523.0億円)");
  EXPECT_EQ(with_value("13.4", Rational(134, 10), Rational(5, 100), '.', ','), "");  // one decimal more
  EXPECT_EQ(with_value("13.4", Rational(134, 10), Rational(-1), '.', ','), "");
  EXPECT_EQ(with_value("99.9", Rational(999, 10), 1000, '.', ','), "1000.0");
  EXPECT_EQ(last_place("13.4億円", 1340000000, '.', ','), 10000000);
  EXPECT_EQ(last_place("0.0", 0, '.', ','), std::nullopt);
  EXPECT_EQ(last_place("注1", 0, '.', ','), std::nullopt);  // a mark for 0 that has a digit
  EXPECT_EQ(with_value("注1", 0, 5, '.', ','), "");
}

TEST(Slips, BehindASieveAreThoseThatMayLieInIt) {
  for (const char* written : {"1,210.4", "13", "0.05", "5277"}) {
    const auto number = [](std::string text) {
      std::erase(text, ',');
      return std::stod(text);
    };
    for (const Sieve& sieve : {Sieve{10, 20, 0.1}, Sieve{1000, 2000, 1}, Sieve{0, 0.2, 0.01}, Sieve{5e3, 1e9, 1}}) {
      const std::vector<Meant> all = meant_by(written, '.', ','), some = meant_by(written, '.', ',', sieve);
      for (const Meant& each : all) {
        const bool kept = std::ranges::find(some, each.text, &Meant::text) != some.end();
        const double value = number(each.text);
        if (value >= sieve.low && value <= sieve.high) {
          EXPECT_TRUE(kept) << written << " " << each.text;
        }
      }
      EXPECT_LT(some.size(), all.size());
    }
  }
}

}  // namespace
}  // namespace kenzan::engine
