#include <gtest/gtest.h>

#include "base/unit.hpp"

namespace kenzan {
namespace {

TEST(UnitTable, BuiltIn) {
  const UnitTable units;
  const std::pair<const char*, const char*> factors[] = {
      {"円", "1"},   {"千円", "1000"}, {"万円", "10000"}, {"百万円", "1000000"}, {"億円", "100000000"}, {"兆円", "1000000000000"},
      {"割", "0.1"}, {"%", "0.01"},    {"‰", "0.001"},    {"ポイント", "0.01"},  {"倍", "1"},           {"人", "1"},
      {"件", "1"},   {"個", "1"},      {"者", "1"},       {"団体", "1"}};
  for (const auto& [name, factor] : factors) {
    const Unit* unit = units.find(name);
    ASSERT_NE(unit, nullptr) << name;
    EXPECT_EQ(unit->name, name);
    EXPECT_EQ(unit->factor, *parse_rational(factor)) << name;
  }
  EXPECT_EQ(units.names().size(), std::size(factors));
  EXPECT_EQ(units.find("ドル"), nullptr);
  EXPECT_EQ(units.find(""), nullptr);
}

TEST(UnitTable, KindsAndCounts) {
  const UnitTable units;
  EXPECT_EQ(units.find("%")->kind, RatioKind::percent);
  EXPECT_EQ(units.find("ポイント")->kind, RatioKind::point);
  EXPECT_EQ(units.find("割")->kind, RatioKind::plain);
  for (const char* count : {"人", "件", "個", "者", "団体"}) {
    EXPECT_TRUE(units.find(count)->exact_by_default) << count;
    EXPECT_FALSE(units.find(count)->same_dimension(*units.find("円")));
  }
  EXPECT_FALSE(units.find("円")->exact_by_default);
  EXPECT_TRUE(units.find("千円")->same_dimension(*units.find("兆円")));
}

TEST(UnitTable, NamesAreFolded) {
  const UnitTable units;
  EXPECT_EQ(units.find("％"), units.find("%"));
  EXPECT_EQ(units.find("ﾎﾟｲﾝﾄ"), units.find("ポイント"));
  EXPECT_EQ(units.find(" 億 円 "), units.find("億円"));
}

TEST(UnitTable, AddRefusesADifferentMeaning) {
  UnitTable units;
  const Unit usd{"USD", {{"USD", 1}}, 1, RatioKind::plain, false};
  EXPECT_FALSE(units.add(usd));
  EXPECT_FALSE(units.add(usd));
  EXPECT_FALSE(units.add(*units.find("億円")));
  Unit wide = usd;
  wide.name = "ＵＳＤ";
  EXPECT_FALSE(units.add(wide));
  wide.factor = 1000;
  const auto before = units.add(wide);
  ASSERT_TRUE(before);
  EXPECT_EQ(before->name, "USD");
  EXPECT_EQ(units.find("USD")->factor, 1);
}

TEST(Unit, RatiosAndProducts) {
  const UnitTable units;
  const Unit ratio = *units.find("億円") / *units.find("百万円");
  EXPECT_TRUE(ratio.dimension.empty());
  EXPECT_EQ(ratio.factor, 100);
  EXPECT_EQ(ratio.name, "億円/百万円");
  const Unit each = *units.find("円") / *units.find("人");
  EXPECT_EQ(each.name, "円/人");
  EXPECT_EQ(each.dimension, (Dimension{{"円", 1}, {"人", -1}}));
  const Unit back = each * *units.find("人");
  EXPECT_EQ(back.name, "円");
  EXPECT_EQ(back.dimension, units.find("円")->dimension);
  EXPECT_EQ((*units.find("人") * each).name, "円");
  EXPECT_EQ((*units.find("円") / *units.find("円")).name, "");
  EXPECT_EQ((*units.find("円") * *units.find("円")).dimension, (Dimension{{"円", 2}}));
  EXPECT_EQ((*units.find("円") * *units.find("人")).name, "円·人");
  EXPECT_EQ((*units.find("円") / each).name, "円/(円/人)");
}

TEST(Unit, APlainNumberKeepsTheOther) {
  const UnitTable units;
  const Unit plain;
  EXPECT_EQ((*units.find("%") * plain).kind, RatioKind::percent);
  EXPECT_EQ((plain * *units.find("人")).name, "人");
  EXPECT_TRUE((plain * *units.find("人")).exact_by_default);
  EXPECT_EQ((*units.find("ポイント") / plain).kind, RatioKind::point);
  EXPECT_EQ((plain / *units.find("人")).name, "1/人");
}

}  // namespace
}  // namespace kenzan
