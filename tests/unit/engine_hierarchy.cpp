#include <gtest/gtest.h>

#include <algorithm>

#include "tests/unit/engine_table_build.hpp"

namespace kenzan::engine {
namespace {

using build::figure;
using build::integer;
using build::Tables;
using build::text;
using Kind = dsl::Hierarchy::Kind;

/// A table item, year, v (key: item, year) with one hierarchy over item.
struct Tree {
  Tables t;
  std::vector<std::uint32_t> cycles;
  std::vector<Hierarchy> trees;

  Tree(std::string file, dsl::Hierarchy hierarchy, std::vector<dsl::Column> more = {}) {
    std::vector<dsl::Column> columns{text("item"), text("year")};
    columns.insert(columns.end(), more.begin(), more.end());
    (void)t.add("t", std::move(columns), {0, 1});
    hierarchy.node_column = 0;
    t.program.tables[0].hierarchies.push_back(std::move(hierarchy));
    t.files["t.csv"] = std::move(file);
    t.load();
  }
  void build(const std::function<bool(dsl::ExprId, std::uint32_t)>& holds = [](dsl::ExprId, std::uint32_t) { return true; }) {
    trees = build_hierarchies(t.data, dsl::TableId(0), holds, cycles);
  }
  /// `parent: child -child (absent)` of every node with children, in the order of rows.
  [[nodiscard]] std::string shown() const {
    std::string out;
    for (std::uint32_t row = 0; row < trees[0].children.size(); ++row) {
      if (trees[0].children[row].empty()) continue;
      out += (out.empty() ? "" : "; ") + t.text_of(dsl::TableId(0), 0, row) + ":";
      for (const Child& child : trees[0].children[row]) {
        out += child.negative ? " -" : " ";
        out += child.row == Child::none ? "(" + child.spelling + ")" : t.text_of(dsl::TableId(0), 0, child.row);
      }
    }
    return out;
  }
};

dsl::Hierarchy of(Kind kind) {
  dsl::Hierarchy made;
  made.kind = kind;
  return made;
}

dsl::HierarchyPart part(const std::string& label, bool negative = false) { return {fold(label), label, negative, false, {}}; }
dsl::HierarchyPart others() { return {"", "others", false, true, {}}; }

TEST(Hierarchy, ByParentWithinEqualOtherKeys) {
  dsl::Hierarchy h = of(Kind::parent);
  h.column = 2;
  Tree tree("item,year,parent\nall,R5,\na,R5,ａｌｌ\nb,R5,all\nb1,R5,b\na,R6,all\n", h, {text("parent")});
  tree.build();
  EXPECT_EQ(tree.shown(), "all: a b; b: b1");  // R6 has no row for `all`
  EXPECT_TRUE(tree.cycles.empty());
}

TEST(Hierarchy, NodesOfACycleLoseThatParentAndAreListed) {
  dsl::Hierarchy h = of(Kind::parent);
  h.column = 2;
  Tree tree("item,year,parent\na,1,b\nb,1,c\nc,1,a\nd,1,a\ne,1,e\n", h, {text("parent")});
  tree.build();
  EXPECT_EQ(tree.shown(), "a: d");
  EXPECT_EQ(tree.cycles, (std::vector<std::uint32_t>{0, 1, 2, 4}));
}

TEST(Hierarchy, ALongChainIsNoRecursion) {
  std::string file = "item,year,parent\n";
  for (int i = 0; i < 100'000; ++i) file += std::to_string(i) + ",1," + std::to_string(i + 1) + "\n";
  dsl::Hierarchy h = of(Kind::parent);
  h.column = 2;
  Tree tree(std::move(file), h, {text("parent")});
  tree.build();
  EXPECT_TRUE(tree.cycles.empty());
  EXPECT_EQ(tree.trees[0].children[99'999].size(), 1U);
}

TEST(Hierarchy, ByLevelFollowsTheOutline) {
  dsl::Hierarchy h = of(Kind::level);
  h.column = 2;
  Tree tree("item,year,level\nA,1,1\nB,1,1\nA1,1,2\nZ,2,1\nB1,1,3\nB2,1,2\nC,1,1\nC1,1,3\n", h, {integer("level")});
  tree.build();
  EXPECT_EQ(tree.shown(), "B: A1 B2; A1: B1; C: C1");  // Z is of another year
}

TEST(Hierarchy, ByPrefixFindsTheNearestAncestorWithARow) {
  dsl::Hierarchy h = of(Kind::prefix);
  h.lengths = {2, 4, 6};
  Tree tree("item,year\n01,1\n0101,1\n010101,1\n010201,1\n02,1\n0301,1\n０１０１０２,1\n", h);
  tree.build();
  EXPECT_EQ(tree.shown(), "01: 0101 010201; 0101: 010101 ０１０１０２");
}

TEST(Hierarchy, ByPathFindsTheNearestAncestorWithARow) {
  dsl::Hierarchy h = of(Kind::path);
  h.separator = " > ";
  Tree tree("item,year\n歳出,1\n歳出 > 社会保障,1\n歳出 > 社会保障 > 年金,1\n歳出 > 防衛 > 装備,1\nx > y,1\n", h);
  tree.build();
  EXPECT_EQ(tree.shown(), "歳出: 歳出 > 社会保障 歳出 > 防衛 > 装備; 歳出 > 社会保障: 歳出 > 社会保障 > 年金");
}

TEST(Hierarchy, StatedPartsHaveSignsAndMayBeAbsent) {
  dsl::Hierarchy h = of(Kind::stated);
  h.totals.push_back({"合計", "合計", {part("小計"), part("災害復旧")}});
  h.totals.push_back({"小計", "小計", {part("港湾"), part("海岸"), part("控除", true)}});
  Tree tree("item,year\n合計,1\n小計,1\n港湾,1\n控除,1\n災害復旧,1\n合計,2\n", h);
  tree.build();
  EXPECT_EQ(tree.shown(), "合計: 小計 災害復旧; 小計: 港湾 (海岸) -控除; 合計: (小計) (災害復旧)");
}

TEST(Hierarchy, OthersAreTheLabelsThatNameNoTotal) {
  dsl::Hierarchy h = of(Kind::stated);
  h.totals.push_back({"Total", "Total", {part("x", true), others()}});
  h.totals.push_back({"Sub", "Sub", {part("a")}});
  Tree tree("item,year\na,1\nTotal,1\nx,1\nSub,1\nb,1\nc,2\nTotal,2\n", h);
  tree.build();
  EXPECT_EQ(tree.shown(), "Total: -x a b; Sub: a; Total: -(x) c");
}

TEST(Hierarchy, APartWithAConditionIsJudgedInTheRowOfItsTotal) {
  dsl::Hierarchy h = of(Kind::stated);
  dsl::HierarchyPart conditional = part("b");
  conditional.when = dsl::ExprId(7);
  h.totals.push_back({"t", "t", {part("a"), conditional}});
  Tree tree("item,year\na,1\nb,1\nt,1\na,2\nb,2\nt,2\n", h);
  tree.build([](dsl::ExprId when, std::uint32_t row) {
    EXPECT_EQ(when, dsl::ExprId(7));
    return row == 5;
  });
  EXPECT_EQ(tree.shown(), "t: a; t: a b");
}

TEST(Hierarchy, StatedCyclesAreCut) {
  dsl::Hierarchy h = of(Kind::stated);
  h.totals.push_back({"a", "a", {part("b"), part("c")}});
  h.totals.push_back({"b", "b", {part("a"), part("d")}});
  Tree tree("item,year\na,1\nb,1\nc,1\nd,1\n", h);
  tree.build();
  EXPECT_EQ(tree.shown(), "a: c; b: d");
  EXPECT_EQ(tree.cycles, (std::vector<std::uint32_t>{0, 1}));
}

TEST(Hierarchy, DroppedAndDuplicatedRowsAreNoNodes) {
  dsl::Hierarchy h = of(Kind::stated);
  h.totals.push_back({"t", "t", {others()}});
  Tree tree("item,year\nt,1\na,1\nb,1\nb,1\nc,1\n", h);
  tree.t.data.tables[0].kept[4] = false;
  tree.build();
  EXPECT_EQ(tree.shown(), "t: a");
}

}  // namespace
}  // namespace kenzan::engine
