// wide: items.csv (20 series to a region, a column for each of 60 years), regions.csv with the same years, world.csv.
#include <algorithm>

#include "bench/workload.hpp"

namespace kenzan::bench {

void write_wide(std::uint64_t rows, const std::string& folder, bool shuffled) {
  constexpr std::uint64_t each = 20;
  constexpr std::size_t years = 60, first = 1961;
  constexpr std::size_t wrong_year = 30;
  const std::uint64_t regions = std::max<std::uint64_t>(rows / each, 1);
  using Sums = std::array<std::int64_t, years>;
  std::vector<Sums> sums(regions);
  const auto append_region = [](std::string& out, std::uint64_t region) {
    out.append("地域");
    append_padded(out, region, 5);
  };
  std::string header;
  for (std::size_t y = 0; y < years; ++y) header += "," + std::to_string(first + y);
  {
    const std::vector<std::uint32_t> order = order_of(rows, shuffled);
    File items(folder, "items.csv");
    items.text() += "region,series" + header + "\n";
    for (std::uint64_t r = 0; r < rows; ++r) {
      const std::uint64_t number = shuffled ? order[r] : r;
      const std::uint64_t region = std::min(number / each, regions - 1);
      std::string& out = items.text();
      const auto begin = out.size();
      Random random(number * 7919 + 11);
      append_region(out, region);
      out.append(",系列");
      append_padded(out, number - region * each, 3);
      for (std::size_t y = 0; y < years; ++y) {
        out.push_back(',');
        sums[region][y] += append_amount(out, random, 30, 20);
      }
      out.push_back('\n');
      append_twice(out, begin, number, rows);
    }
  }
  Sums totals{};
  {
    File published(folder, "regions.csv");
    published.text() += "region" + header + "\n";
    for (std::uint64_t region = 0; region < regions; ++region) {
      const auto [orphan, wrong] = planted(region, regions);
      if (orphan) continue;
      std::string& out = published.text();
      append_region(out, region);
      for (std::size_t y = 0; y < years; ++y) {
        totals[y] += sums[region][y];
        out.push_back(',');
        append_number(out, tenths(sums[region][y]) + (y == wrong_year ? wrong : 0));
      }
      out.push_back('\n');
    }
  }
  File world(folder, "world.csv"), rules(folder, "rules.kz");
  world.text() += "year,amount\n";
  for (std::size_t y = 0; y < years; ++y) {
    world.text() += std::to_string(first + y) + ",";
    append_number(world.text(), tenths(totals[y]));
    world.text().push_back('\n');
  }
  rules.text() += R"(table items from "items.csv" {
  region   text
  series   text
  amount   百万円  across year from /(\d{4})/  >= 0百万円
  key      region, series
  rounded  half-up
}
table regions from "regions.csv" {
  region   text
  amount   百万円  across year from /(\d{4})/
  key      region
  rounded  half-up
}
table world from "world.csv" { year text  amount 百万円  key year  rounded half-up }
rule region "地域は系列の和" by region, year { require regions.amount = sum(items.amount) }
rule world "世界は地域の和" by year { require world.amount = sum(regions.amount) }
)";
}

}  // namespace kenzan::bench
