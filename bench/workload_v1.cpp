// v1: items.csv (rows of about 50 to a program, three amounts), subtotals.csv for each program, totals.csv, delta.csv.
#include <algorithm>
#include <cstdlib>

#include "bench/workload.hpp"

namespace kenzan::bench {

void write_v1(std::uint64_t rows, const std::string& folder, bool shuffled) {
  constexpr std::uint64_t each = 50;
  constexpr const char* periods[] = {"R5", "R5補正", "R6"};
  const std::uint64_t programs = std::max<std::uint64_t>(rows / each, 1);
  const auto ministry = [&](std::uint64_t program) { return ministries[program * ministries.size() / programs]; };
  using Sums = std::array<std::int64_t, 3>;
  std::vector<Sums> sums(programs);
  {
    const std::vector<std::uint32_t> order = order_of(rows, shuffled);
    File items(folder, "items.csv");
    items.text() += "ministry,program,item,R5,R5補正,R6\n";
    for (std::uint64_t r = 0; r < rows; ++r) {
      const std::uint64_t number = shuffled ? order[r] : r;
      const std::uint64_t program = std::min(number / each, programs - 1);
      std::string& out = items.text();
      const auto begin = out.size();
      Random random(number * 7919 + 11);
      out.append(ministry(program)).append(",事業");
      append_padded(out, program, 6);
      out.append(",項目");
      append_padded(out, number % 10'000, 4);
      for (std::size_t p = 0; p < 3; ++p) {
        out.push_back(',');
        sums[program][p] += append_amount(out, random, p == 1 ? 200 : 50, 10);
      }
      out.push_back('\n');
      append_twice(out, begin, number, rows);
    }
  }
  Sums totals{};
  {
    File subtotals(folder, "subtotals.csv");
    subtotals.text() += "ministry,program,R5,R5補正,R6\n";
    for (std::uint64_t program = 0; program < programs; ++program) {
      const auto [orphan, wrong] = planted(program, programs);
      if (orphan) continue;
      std::string& out = subtotals.text();
      out.append(ministry(program)).append(",事業");
      append_padded(out, program, 6);
      for (std::size_t p = 0; p < 3; ++p) {
        totals[p] += sums[program][p];
        out.push_back(',');
        append_number(out, tenths(sums[program][p]) + (p == 2 ? wrong : 0));
      }
      out.push_back('\n');
    }
  }
  File total(folder, "totals.csv"), delta(folder, "delta.csv"), rules(folder, "rules.kz");
  total.text() += "period,amount\n";
  for (std::size_t p = 0; p < 3; ++p) {
    total.text().append(periods[p]).push_back(',');
    append_number(total.text(), tenths(totals[p]));
    total.text().push_back('\n');
  }
  delta.text() += "amount\n";
  const std::int64_t difference = totals[2] - totals[0];
  if (difference < 0) delta.text().push_back('-');
  append_number(delta.text(), tenths(std::abs(difference)));
  delta.text().push_back('\n');
  rules.text() += R"(table items from "items.csv" {
  ministry  text
  program   text
  item      text
  amount    百万円  across period { R5 = "R5", R5補正 = "R5補正", R6 = "R6" }  >= 0百万円
  key       ministry, program, item
  rounded   half-up
}
table subtotals from "subtotals.csv" {
  ministry  text
  program   text
  amount    百万円  across period { R5 = "R5", R5補正 = "R5補正", R6 = "R6" }
  key       ministry, program
  rounded   half-up
}
table totals from "totals.csv" { period text  amount 百万円  key period  rounded half-up }
table delta from "delta.csv" { rounded half-up  amount 百万円 }
rule subtotal "小計は内訳の和" by ministry, program, period { require subtotals.amount = sum(items.amount) }
rule total "総額は小計の和" by period { require totals.amount = sum(subtotals.amount) }
rule delta "増額は両年度の差" { require totals.amount[R6] - totals.amount[R5] = delta.amount }
)";
}

}  // namespace kenzan::bench
