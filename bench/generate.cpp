// Writes a workload of a given size into a folder, the same bytes each time:
//   generate WORKLOAD ROWS FOLDER [shuffled]
// WORKLOAD v1: items.csv (ROWS rows of about 50 to a program, three amounts), subtotals.csv for each program, totals.csv, delta.csv,
// and rules.kz. Amounts are rounded to a tenth from hidden true values, and so are their sums. Ten figures are wrong, three keys stand
// twice, two programs have no subtotal.
#include <array>
#include <charconv>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <numeric>
#include <string>
#include <vector>

#include "tests/support/random.hpp"

namespace {

using kenzan::test::Random;

class File {
 public:
  File(const std::string& folder, const char* name) : file_(std::fopen((folder + "/" + name).c_str(), "wb")) {
    if (file_ == nullptr) {
      std::perror((folder + "/" + name).c_str());
      std::exit(2);
    }
  }
  ~File() {
    flush();
    if (std::fclose(file_) != 0) std::exit(2);
  }
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string& text() {
    if (text_.size() > (1U << 20U)) flush();
    return text_;
  }

 private:
  void flush() {
    if (std::fwrite(text_.data(), 1, text_.size(), file_) != text_.size()) std::exit(2);
    text_.clear();
  }
  std::FILE* file_;
  std::string text_;
};

constexpr const char* ministries[] = {"内閣官房",   "総務省",     "外務省", "財務省", "文部科学省", "厚生労働省",
                                      "経済産業省", "国土交通省", "環境省", "防衛省", "警察庁",     "金融庁"};
constexpr const char* periods[] = {"R5", "R5補正", "R6"};

/// Tenths of a number of ten-thousandths, rounded half up.
std::int64_t tenths(std::int64_t true_value) { return (true_value + 500) / 1000; }

void append_number(std::string& out, std::int64_t value, bool commas) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value / 10).ptr;
  const std::size_t count = static_cast<std::size_t>(end - digits);
  for (std::size_t i = 0; i < count; ++i) {
    if (commas && i > 0 && (count - i) % 3 == 0) out.push_back(',');
    out.push_back(digits[i]);
  }
  out.push_back('.');
  out.push_back(static_cast<char>('0' + value % 10));
}

void append_padded(std::string& out, std::uint64_t value, int width) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  for (auto i = end - digits; i < width; ++i) out.push_back('0');
  out.append(digits, end);
}

struct Item {
  std::uint32_t program, number;
};

int v1(std::uint64_t rows, const std::string& folder, bool shuffled) {
  constexpr std::uint64_t each = 50;
  const std::uint64_t programs = std::max<std::uint64_t>(rows / each, 1);
  const auto ministry = [&](std::uint64_t program) { return ministries[program * std::size(ministries) / programs]; };
  using Sums = std::array<std::int64_t, 3>;
  std::vector<Sums> sums(programs);
  std::vector<Item> order;
  if (shuffled) {
    order.resize(rows);
    for (std::uint64_t i = 0; i < rows; ++i) {
      order[i] = {static_cast<std::uint32_t>(std::min(i / each, programs - 1)), static_cast<std::uint32_t>(i)};
    }
    Random random(3);
    for (std::uint64_t i = rows; i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  }
  const auto spread = [&](std::uint64_t i, std::uint64_t of, std::uint64_t all) { return (2 * i + 1) * all / (2 * of); };
  {
    File items(folder, "items.csv");
    items.text() += "ministry,program,item,R5,R5補正,R6\n";
    for (std::uint64_t r = 0; r < rows; ++r) {
      const Item item =
          shuffled ? order[r] : Item{static_cast<std::uint32_t>(std::min(r / each, programs - 1)), static_cast<std::uint32_t>(r)};
      std::string& out = items.text();
      const auto begin = out.size();
      Random random(item.number * 7919ULL + 11);
      out.append(ministry(item.program)).append(",事業");
      append_padded(out, item.program, 6);
      out.append(",項目");
      append_padded(out, item.number % 10'000, 4);
      for (std::size_t p = 0; p < 3; ++p) {
        out.push_back(',');
        const std::uint64_t kind = random.below(1000);
        if (kind < (p == 1 ? 200U : 50U)) {
          out.append("—");
          continue;
        }
        const auto value = static_cast<std::int64_t>(random.below(kind < 950 ? 9'000'000 : 90'000'000));
        sums[item.program][p] += value;
        std::int64_t written = tenths(value);
        const bool quoted = kind >= 990;
        if (quoted) out.push_back('"');
        append_number(out, written, quoted);
        if (quoted) out.push_back('"');
      }
      out.push_back('\n');
      for (std::uint64_t d = 0; d < 3; ++d) {
        if (item.number == spread(d, 3, rows)) out.append(std::string(out, begin));
      }
    }
  }
  Sums totals{};
  {
    File subtotals(folder, "subtotals.csv");
    subtotals.text() += "ministry,program,R5,R5補正,R6\n";
    for (std::uint64_t program = 0; program < programs; ++program) {
      bool orphan = false;
      std::int64_t wrong = 0;
      for (std::uint64_t i = 0; i < 2; ++i) orphan = orphan || (programs > 4 && program == spread(i, 2, programs) + 1);
      for (std::uint64_t i = 0; i < 10; ++i) {
        if (program == spread(i, 10, programs)) wrong += i % 2 == 0 ? 90 : -90;  // together nothing: the totals stay right
      }
      std::string& out = subtotals.text();
      if (!orphan) out.append(ministry(program)).append(",事業"), append_padded(out, program, 6);
      for (std::size_t p = 0; p < 3; ++p) {
        totals[p] += orphan ? 0 : sums[program][p];
        if (orphan) continue;
        out.push_back(',');
        append_number(out, tenths(sums[program][p]) + (p == 2 ? wrong : 0), false);
      }
      if (!orphan) out.push_back('\n');
    }
  }
  File total(folder, "totals.csv"), delta(folder, "delta.csv"), rules(folder, "rules.kz");
  total.text() += "period,amount\n";
  for (std::size_t p = 0; p < 3; ++p) {
    total.text().append(periods[p]).push_back(',');
    append_number(total.text(), tenths(totals[p]), false);
    total.text().push_back('\n');
  }
  delta.text() += "amount\n";
  const std::int64_t difference = totals[2] - totals[0];
  if (difference < 0) delta.text().push_back('-');
  append_number(delta.text(), tenths(std::abs(difference)), false);
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
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t rows = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  if (argc < 4 || rows == 0 || std::strcmp(argv[1], "v1") != 0) {
    std::fputs("usage: generate v1 ROWS FOLDER [shuffled]\n", stderr);
    return 2;
  }
  return v1(rows, argv[3], argc > 4 && std::strcmp(argv[4], "shuffled") == 0);
}
