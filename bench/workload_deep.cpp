// deep: items.csv (one amount, codes of six levels, three items to a group of the fifth) and level5.csv … level1.csv, total.csv, each
// the sums of the one before.
#include <algorithm>

#include "bench/workload.hpp"

namespace kenzan::bench {

namespace {

constexpr std::size_t levels = 5;
constexpr std::array<std::uint64_t, levels> below = {10, 6, 5, 4, 3};  // groups of the next level, at last items, in a group
constexpr std::array<const char*, levels> codes = {"部", "款", "項", "目", "節"};

/// The codes down to `level` of a group, by its number in its level.
void append_codes(std::string& out, std::uint64_t group, std::size_t level) {
  if (level > 0) {
    append_codes(out, group / below[level - 1], level - 1);
    out.push_back(',');
    group %= below[level - 1];
  }
  out.append(codes[level]);
  append_padded(out, group, level == 0 ? 4 : 2);
}

/// By how many tenths a published sum is wrong. Wrong ones are neighbours that add up to nothing, so that the level above stays right.
std::int64_t wrong(std::uint64_t group, std::size_t level, std::uint64_t groups) {
  const std::uint64_t pairs = level == 0 ? 0 : level + 1 == levels ? 2 : 1;
  for (std::uint64_t i = 0; i < pairs; ++i) {
    const std::uint64_t place = spread(i, pairs, groups) / below[level - 1] * below[level - 1];
    if (place + 1 < groups && group - place < 2) return group == place ? 90 : -90;
  }
  return 0;
}

std::string header(std::size_t level) {
  std::string text;
  for (std::size_t i = 0; i <= level; ++i) text += (i == 0 ? "level" : ",level") + std::to_string(i + 1);
  return text;
}

std::string rules_text() {
  std::string text, key;
  const auto table = [&](const std::string& name, const std::string& clauses) {
    text += "table " + name + " from \"" + name + ".csv\" { ";
    for (std::size_t at = 0; at < key.size();) {
      const std::size_t end = std::min(key.find(',', at), key.size());
      text += key.substr(at, end - at) + " text  ";
      at = end + 1;
    }
    text += "amount 百万円  " + clauses + (key.empty() ? "" : "key " + key + "  ") + "rounded half-up }\n";
  };
  key = header(levels - 1) + ",item";
  table("items", ">= 0百万円  ");
  for (std::size_t level = levels; level-- > 0;) {
    key = header(level);
    table("level" + std::to_string(level + 1), "");
  }
  key.clear();
  table("total", "");
  for (std::size_t level = levels; level-- > 0;) {
    const std::string name = "level" + std::to_string(level + 1);
    const std::string parts = level + 1 == levels ? "items" : "level" + std::to_string(level + 2);
    text += "rule " + name + " by " + header(level) + " { require " + name + ".amount = sum(" + parts + ".amount) }\n";
  }
  return text + "rule total { require total.amount = sum(level1.amount) }\n";
}

}  // namespace

void write_deep(std::uint64_t rows, const std::string& folder, bool shuffled) {
  std::vector<std::int64_t> sums((rows + below[levels - 1] - 1) / below[levels - 1]);
  {
    const std::vector<std::uint32_t> order = order_of(rows, shuffled);
    File items(folder, "items.csv");
    items.text() += header(levels - 1) + ",item,amount\n";
    for (std::uint64_t r = 0; r < rows; ++r) {
      const std::uint64_t number = shuffled ? order[r] : r;
      const std::uint64_t group = number / below[levels - 1];
      std::string& out = items.text();
      const auto begin = out.size();
      Random random(number * 7919 + 11);
      append_codes(out, group, levels - 1);
      out.append(",細目");
      append_padded(out, number % below[levels - 1], 2);
      out.push_back(',');
      sums[group] += append_amount(out, random, 50, 10);
      out.push_back('\n');
      append_twice(out, begin, number, rows);
    }
  }
  for (std::size_t level = levels; level-- > 0;) {
    const std::uint64_t groups = sums.size();
    const std::uint64_t fan = level == 0 ? groups : below[level - 1];
    std::vector<std::int64_t> above((groups + fan - 1) / fan);
    File published(folder, "level" + std::to_string(level + 1) + ".csv");
    published.text() += header(level) + ",amount\n";
    for (std::uint64_t group = 0; group < groups; ++group) {
      bool orphan = false;
      for (std::uint64_t i = 0; i < 2; ++i)
        orphan = orphan || (level + 1 == levels && groups > 40 && group == spread(i, 2, groups) + 10);
      if (orphan) continue;
      std::string& out = published.text();
      append_codes(out, group, level);
      out.push_back(',');
      append_number(out, tenths(sums[group]) + wrong(group, level, groups));
      out.push_back('\n');
      above[group / fan] += sums[group];
    }
    sums = above;
  }
  File total(folder, "total.csv"), rules(folder, "rules.kz");
  total.text() += "amount\n";
  append_number(total.text(), tenths(sums[0]));
  total.text().push_back('\n');
  rules.text() += rules_text();
}

}  // namespace kenzan::bench
