// Tables that are read in pieces against the same tables held in memory: every byte of the findings and the counts is the same, for
// any size of blocks and any number of threads, and however the file is packed.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <string_view>
#include <thread>

#include "cli/data_files.hpp"
#include "diag/render.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/outcome.hpp"
#include "tests/support/packed.hpp"
#include "tests/support/random.hpp"
#include "tests/support/run.hpp"
#include "tests/support/text_input.hpp"

namespace kenzan::test {
namespace {

using engine::Show;

constexpr unsigned thread_counts[] = {1, 2, 7};

constexpr std::string_view rules = R"(
table items from "items.csv" {
  ministry text
  program  text in programs.name
  item     text
  amount   百万円 across period { R5 = "R5", R6 = "R6" } >= 0百万円
  note     text optional
  key      ministry, program, item
  rounded  half-up
  unknown  "…"  suppressed "x"
}
table programs from "programs.csv" { name text  key name }
table subtotals from "subtotals.csv" {
  ministry text
  program  text
  amount   百万円 across period { R5 = "R5", R6 = "R6" }
  key      ministry, program
  rounded  half-up
}
table totals from "totals.csv" { period text  amount 億円  key period  rounded half-even }
rule subtotal "小計は内訳の和" by ministry, program, period {
  message "{ministry} {program} {period}: {left} は {right} と {gap} 違う"
  require subtotals.amount = sum(items.amount)
}
rule total by period { require totals.amount = sum(items.amount) }
rule delta { require totals.amount[R6] - totals.amount[R5] = sum(items.amount[R6]) - sum(items.amount[R5]) }
rule share by ministry, period of items { severity warning  require sum(items.amount) / totals.amount <= 50% }
)";

std::uint64_t from_environment(const char* name, std::uint64_t otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr ? std::strtoull(value, nullptr, 10) : otherwise;
}

class Budget {
 public:
  /// `scale` times as many rows as a small table has, with as many that are odd.
  explicit Budget(std::uint64_t seed, std::size_t scale = 1) : random_(seed), scale_(scale) {}

  Files make() {
    Files out;
    const bool returns = one_in(4);
    end_ = returns ? "\r\n" : "\n";
    std::string& items = out["items.csv"];
    items = "ministry,program,item,R5,R6,note" + end_;
    std::string& programs = out["programs.csv"];
    programs = "name" + end_;
    std::string& subtotals = out["subtotals.csv"];
    subtotals = "ministry,program,R5,R6" + end_;
    const std::size_t ministries = (1 + random_.below(3)) * scale_, each = 1 + random_.below(4);
    std::int64_t totals[2] = {0, 0};
    std::vector<std::string> rows;
    const bool ascending = !one_in(4);
    for (std::size_t m = 0; m < ministries; ++m) {
      for (std::size_t p = 0; p < each; ++p) {
        const std::string ministry = "省" + std::to_string(m),
                          program = p % 2 ? "Program " + std::to_string(p) : "事業" + std::to_string(p);
        if (m == 0 && !one_in(30)) programs += program + end_;
        std::int64_t sums[2] = {0, 0};
        const std::size_t many = random_.below(one_in(10) ? 30 : 6);
        for (std::size_t i = 0; i < many; ++i) {
          const std::size_t number = one_in(40 * scale_) ? many - 1 : ascending ? i : many - 1 - i;
          std::string row = spelled(ministry) + "," + spelled(program) + "," + cell(item(number));
          for (int y = 0; y < 2; ++y) {
            const auto amount = static_cast<std::int64_t>(random_.below(one_in(10) ? 10'000'000 : 20'000));
            sums[y] += amount;
            row += "," + figure(amount);
          }
          rows.push_back(row + "," + note() + end_);
        }
        subtotals += ministry + "," + program;
        for (int y = 0; y < 2; ++y) {
          totals[y] += sums[y];
          subtotals += "," + cell(number(sums[y] + (one_in(15) ? 30 : 0)));
        }
        subtotals += end_;
      }
    }
    if (one_in(3)) {
      for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random_.below(i)]);
    }
    for (std::size_t n = one_in(4) && !rows.empty() ? 1 + random_.below(3) : 0; n > 0; --n) {  // a row that stands elsewhere, too
      rows.insert(rows.begin() + static_cast<std::ptrdiff_t>(random_.below(rows.size())), rows[random_.below(rows.size())]);
    }
    for (const std::string& row : rows) items += one_in(60 * scale_) ? end_ + row : row;
    if (one_in(3) && items.ends_with(end_)) items.resize(items.size() - end_.size());
    out["totals.csv"] = "period,amount\nR5," + std::to_string(totals[0] / 1000) + "\nR6," + std::to_string(totals[1] / 1000) + "\n";
    return out;
  }

 private:
  bool one_in(std::size_t n) { return random_.below(n) == 0; }

  static std::string number(std::int64_t tenths) {
    return (tenths < 0 ? "-" : "") + std::to_string(std::abs(tenths) / 10) + "." + std::to_string(std::abs(tenths) % 10);
  }

  std::string figure(std::int64_t amount) {
    static const char* const odd[] = {"—",           "…",
                                      "x",           "",
                                      "abc",         "-3.0",
                                      "12",          "△1.5",
                                      "1,23",        "１２.５",
                                      "\"1,234.5\"", "3億円",
                                      "\"1\n2\"",    "99999999999999999999.9",
                                      "0.25",        "0.0",
                                      "1. 5"};
    if (one_in(12 * scale_)) return odd[random_.below(std::size(odd))];
    return one_in(20) ? "\"" + number(amount) + "\"" : number(amount);
  }

  /// A label, sometimes written otherwise.
  std::string spelled(const std::string& label) {
    if (one_in(40 * scale_)) return "\"" + label + "\"";
    if (one_in(60 * scale_)) return label + " ";
    if (one_in(200 * scale_)) return "";
    return label;
  }
  std::string item(std::size_t number) {
    if (one_in(150 * scale_)) return "";
    if (one_in(100 * scale_)) return "項目 " + std::to_string(number) + (one_in(2) ? " " : "");
    if (one_in(100 * scale_)) return number % 2 ? "項目１" : "項目２";
    return "項目" + std::to_string(number);
  }
  std::string cell(const std::string& text) { return one_in(15) ? "\"" + text + "\"" : text; }

  std::string note() {
    static const char* const notes[] = {"", "注", "\"a\nb\"", "\"a,\"\"b\"\"\"", "5\" disk", "a,b", "\"x\"y", "\xFF", "ｱ"};
    if (one_in(400 * scale_)) return "a\rb";  // for which the table has to be held
    return notes[one_in(6 * scale_) ? random_.below(std::size(notes)) : 0];
  }

  Random random_;
  std::size_t scale_;
  std::string end_;
};

void expect_same(const Outcome& held, const Outcome& streamed, const std::string& how) {
  ASSERT_TRUE(held.said == streamed.said) << how << "; - held, + streamed\n" << line_difference(held.said, streamed.said);
}

/// Reads in pieces with 1, 2 and 7 threads, and expects what was said of tables that were held. Returns how often `path` was read
/// in pieces.
std::size_t expect_same_for_all_threads(const CompiledRules& compiled, const Files& files, std::size_t block, Show show,
                                        const Outcome& held, const std::string& path, const std::string& what,
                                        bool suggestions = false) {
  std::size_t streamed = 0;
  for (const unsigned threads : thread_counts) {
    const std::size_t few[] = {1, 10, 300}, most_records = threads == 1 ? engine::StreamOptions{}.most_records : few[block % 3];
    const Reading reading{.block = block, .threads = threads, .most_records = most_records, .suggestions = suggestions};
    const Outcome outcome = outcome_of(compiled, files, reading, show);
    streamed += outcome.streamed.count(path);
    const std::string how = what + ", block " + std::to_string(block) + ", threads " + std::to_string(threads) + ", records " +
                            std::to_string(most_records);
    expect_same(held, outcome, how);
    if (threads == 2) {
      Reading without = reading;
      without.cells = without.suggestions = false;
      const Outcome bare = outcome_of(compiled, files, without, show);
      EXPECT_TRUE(held.headlines == bare.headlines) << how << ", without cells; - held, + streamed\n"
                                                    << line_difference(held.headlines, bare.headlines);
    }
    if (::testing::Test::HasFailure()) break;
  }
  return streamed;
}

/// A file that cannot be read a second time.
class VanishingInput : public TextInput {
 public:
  using TextInput::TextInput;
  [[nodiscard]] Result<std::size_t, std::string> read_at(std::uint64_t offset, char* to, std::size_t size) const override {
    const bool again = seen_ >= this->size() && offset < seen_;
    if (again && headers_++ > 0) return 0;
    seen_ = std::max<std::uint64_t>(seen_, offset + size);
    return TextInput::read_at(offset, to, size);
  }

 private:
  mutable std::uint64_t seen_ = 0;
  mutable int headers_ = 0;
};

TEST(Streamed, AFileThatChangesMakesTheRunIncomplete) {
  const CompiledRules compiled = compile_rules(rules);
  Files files;
  files["items.csv"] = "ministry,program,item,R5,R6,note\n省,事業,項目,1.0,2.0,\n省,事業,項目,abc,2.0,\n";
  files["programs.csv"] = "name\n事業\n";
  files["subtotals.csv"] = "ministry,program,R5,R6\n省,事業,1.0,9.0\n";
  files["totals.csv"] = "period,amount\nR5,0\nR6,0\n";
  const auto vanishing = [&](const std::string& path) { return std::make_shared<VanishingInput>(files.at(path)); };
  const Outcome outcome = outcome_of(compiled, files, {.block = 1 << 16, .threads = 1, .input = vanishing});
  EXPECT_FALSE(outcome.summary.complete);
  EXPECT_NE(outcome.said.find("it was changed while it was read"), std::string::npos);
}

TEST(Streamed, SaysTheSameAsHeldTables) {
  const CompiledRules compiled = compile_rules(rules);
  const std::uint64_t datasets = from_environment("KENZAN_STREAMED_RUNS", 80);
  Random random(7);
  std::size_t findings = 0, runs = 0, streamed = 0;
  for (std::uint64_t seed = 0; seed < datasets; ++seed) {
    const Files files = Budget(seed).make();
    const Show show = seed % 3 == 0 ? Show::rounding : Show::failed;
    const bool suggestions = seed % 8 == 0;
    const Outcome held = outcome_of(compiled, files, {.suggestions = suggestions}, show);
    findings += held.findings.size();
    std::vector<std::size_t> blocks = {1, 64, 65 + random.below(400), 512 + random.below(4000)};
    if (seed % 20 == 0) blocks.insert(blocks.end(), {std::size_t{1} << 18, std::size_t{1} << 24});
    for (const std::size_t block : blocks) {
      runs += std::size(thread_counts);
      streamed +=
          expect_same_for_all_threads(compiled, files, block, show, held, "items.csv", "seed " + std::to_string(seed), suggestions);
      if (HasFailure()) return;
    }
  }
  std::cout << datasets << " data sets, " << findings << " findings, " << runs << " runs, " << streamed << " in pieces\n";
  EXPECT_GT(findings, datasets);
  EXPECT_GT(streamed, runs / 2);
}

// Sizes from 64 bytes to 16 MiB of a file of which the smaller ones make many pieces. KENZAN_STREAMED_BYTES asks for a larger file.
TEST(Streamed, SaysTheSameForEverySizeOfBlocks) {
  const CompiledRules compiled = compile_rules(rules);
  const std::size_t bytes = from_environment("KENZAN_STREAMED_BYTES", 300'000);
  Files files;
  const auto fits = [&](const std::string& items) { return items.size() >= bytes && items.find("a\rb") == std::string::npos; };
  for (std::uint64_t seed = 0; !fits(files["items.csv"]); ++seed) files = Budget(seed, bytes / 1000).make();
  const Outcome held = outcome_of(compiled, files, {.suggestions = false});
  std::size_t streamed = 0;
  const std::size_t sizes[] = {64, 1000, 4096, 1 << 16, 1 << 20, 1 << 24};
  for (const std::size_t block : sizes) {
    streamed += expect_same_for_all_threads(compiled, files, block, Show::failed, held, "items.csv", "a large file");
    if (HasFatalFailure()) return;
  }
  std::cout << files["items.csv"].size() << " bytes, " << held.findings.size() << " findings\n";
  EXPECT_EQ(streamed, std::size(sizes) * std::size(thread_counts));
}

// So many labels that they are not numbered, some in quotes, some blank.
TEST(Streamed, SaysTheSameOfManyLabels) {
  const CompiledRules compiled = compile_rules(rules);
  for (const bool blanks : {false, true}) {
    Files files;
    std::string &items = files["items.csv"], &programs = files["programs.csv"], &subtotals = files["subtotals.csv"];
    items = "ministry,program,item,R5,R6,note\n";
    programs = "name\n";
    subtotals = "ministry,program,R5,R6\n";
    for (int i = 0; i < 12'000; ++i) {
      const std::string number = std::to_string(i * 7919 % 12'000);
      const std::string program = i % 50 == 0 ? "\"事業,\"\"" + number + "\"\"\"" : "事業" + number;
      programs += program + "\n";
      subtotals += "省," + program + ",2.0,3." + (i % 3000 == 1 ? "5" : "0") + "\n";
      for (int item = 0; item < 2; ++item)
        items += "省," + (blanks && i == 11'000 ? "" : program) + "," + std::to_string(item) + ",1.0,1.5,\n";
    }
    files["totals.csv"] = "period,amount\nR5,240\nR6,360\n";
    const Outcome held = outcome_of(compiled, files, {.suggestions = false});
    EXPECT_EQ(expect_same_for_all_threads(compiled, files, 5000, Show::failed, held, "items.csv", "many labels"), 3U);
    EXPECT_GT(held.findings.size(), 4U);
  }
}

// Tables of which groups that agree stand together in few rows, as only headlines allow: shuffled or not, with groups that do not agree,
// groups of one table alone, labels that are nearly those that are asked for, rows that stand twice, sums that no integer holds.
TEST(Streamed, SaysTheSameOfGroupsThatAgree) {
  const CompiledRules compiled = compile_rules(R"(
table items from "items.csv" {
  a text  b text  item text
  amount 億円 across period { R5 = "R5", R6 = "R6" } >= 0億円
  other  億円
  key a, b, item  rounded half-up
}
table groups from "groups.csv" { a text  b text  amount 億円 across period { R5 = "R5", R6 = "R6" }  other 億円  key a, b  rounded half-up }
table tops from "tops.csv" { period text  amount 億円  key period  rounded half-up }
rule group by a, b, period { require groups.amount = sum(items.amount) }
rule other by a, b { require groups.other = sum(items.other) }
rule top by period { require tops.amount = sum(groups.amount) }
rule below { require sum(items.other) <= sum(groups.other) + 1億円 }
)");
  Random random(11);
  std::size_t findings = 0, streamed = 0;
  const auto helps_in = [](const Finding& finding) { return finding.helps.size(); };
  for (std::uint64_t seed = 0; seed < from_environment("KENZAN_STREAMED_RUNS", 80) / 2; ++seed) {
    const auto one_in = [&](std::size_t n) { return random.below(n) == 0; };
    const auto number = [](std::uint64_t tenths) { return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10); };
    const bool rounded = one_in(2);  // sums that agree within rounding only
    std::vector<std::string> items, groups;
    std::uint64_t sums_of_tops[2] = {0, 0};
    const std::size_t many = 2 + random.below(seed % 8 == 0 ? 80 : 12);
    const std::uint64_t huge = seed % 5 == 4 ? 900'000'000'000'000'000 : 0;  // two of these leave 64 bits
    for (std::size_t a = 10; a < 10 + many; ++a) {
      const std::size_t each = 1 + random.below(30);
      for (std::size_t b = 100; b < 100 + each; ++b) {
        const std::string labels = "款" + std::to_string(a) + ",目" + std::to_string(b);
        std::uint64_t sums[2] = {0, 0}, sum_of_others = 0;
        const std::size_t rows = one_in(60) ? 0 : 1 + random.below(4);
        for (std::size_t i = 0; i < rows; ++i) {
          std::string row =
              (one_in(400) ? "款" + std::to_string(a) + " ,目" + std::to_string(b) : labels) + "," + std::to_string(i);
          for (std::uint64_t& sum : sums) {
            const std::uint64_t amount = random.below(5000) + (huge > 0 && one_in(100) ? huge : 0);
            sum += amount;
            row += "," + (one_in(150) ? std::string("—") : one_in(300) ? "abc" : number(amount));
          }
          const std::uint64_t other = random.below(2) * random.below(100);
          sum_of_others += other;
          items.push_back(row + "," + (other % 7 == 0 ? "" : "-") + number(other) + "\n");
        }
        std::string row = (one_in(80) ? "款" + std::to_string(a) + ",目" + std::to_string(b) + "x" : labels);
        for (int y = 0; y < 2; ++y) {
          const std::uint64_t published = sums[y] + (one_in(50) ? 50 : rounded && one_in(3) ? random.below(2) : 0);
          sums_of_tops[y] += published;
          row += "," + number(published);
        }
        if (!one_in(60)) groups.push_back(row + "," + number(sum_of_others) + "\n");
      }
    }
    if (one_in(2)) {
      for (auto* rows : {&items, &groups}) {
        if (one_in(3)) continue;
        for (std::size_t i = rows->size(); i > 1; --i) std::swap((*rows)[i - 1], (*rows)[random.below(i)]);
      }
    }
    for (std::size_t n = random.below(3); n > 0 && !items.empty(); --n) {  // rows that stand twice, and may add nothing
      const std::string& row = items[random.below(items.size())];
      items.push_back(one_in(2) ? row : row.substr(0, row.find(',', row.rfind("目")) + 2) + ",0.0,0.0,0.0\n");
    }
    Files files = {{"items.csv", "a,b,item,R5,R6,other\n"}, {"groups.csv", "a,b,R5,R6,other\n"}};
    for (const std::string& row : items) files["items.csv"] += row;
    for (const std::string& row : groups) files["groups.csv"] += row;
    files["tops.csv"] =
        "period,amount\nR5," + number(sums_of_tops[0]) + "\nR6," + number(sums_of_tops[1] + (one_in(2) ? 900 : 0)) + "\n";
    Reading reading{.cells = false, .suggestions = false, .together = 1};
    const Outcome held = outcome_of(compiled, files, reading);
    findings += held.findings.size();
    for (const std::size_t block : {std::size_t{1}, 100 + random.below(1000), std::size_t{1} << 12, std::size_t{1} << 18}) {
      for (const unsigned threads : thread_counts) {
        reading.block = block;
        reading.threads = threads;
        const Outcome found = outcome_of(compiled, files, reading);
        streamed += found.streamed.count("items.csv");
        EXPECT_TRUE(held.headlines == found.headlines)
            << "agreeing " << seed << ", block " << block << ", threads " << threads << "; - held, + streamed\n"
            << line_difference(held.headlines, found.headlines);
        EXPECT_TRUE(std::ranges::equal(held.findings, found.findings, {}, helps_in, helps_in))
            << "agreeing " << seed << ", block " << block;
        if (HasFailure()) return;
      }
    }
  }
  EXPECT_GT(findings, 100U);
  EXPECT_GT(streamed, 100U);
}

// Files in order of their groups, and nearly so: a group that comes back, or stands before others, labels in quotes or spelled otherwise,
// groups without a total, totals without a group.
TEST(Streamed, SaysTheSameOfSortedTables) {
  const CompiledRules compiled = compile_rules(R"(
table items from "items.csv" { a text  b text  item text  amount 億円  key a, b, item  rounded half-up }
table groups from "groups.csv" { a text  b text  amount 億円  key a, b  rounded half-up }
table tops from "tops.csv" { a text  amount 億円  key a  rounded half-up }
rule group by a, b { require groups.amount = sum(items.amount) }
rule top by a { require tops.amount = sum(groups.amount) }
)");
  Random random(5);
  std::size_t findings = 0;
  for (std::uint64_t seed = 0; seed < 24; ++seed) {
    const bool odd = seed % 3 == 1, disorder = seed % 3 == 2;
    const auto one_in = [&](std::size_t n) { return random.below(n) == 0; };
    const auto spelled = [&](const std::string& label) {
      if (!odd || !one_in(60)) return label;
      return one_in(2) ? "\"" + label + "\"" : label + " ";
    };
    const auto number = [](std::uint64_t tenths) { return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10); };
    std::vector<std::string> items, groups, tops;
    const std::size_t many = 20 + random.below(60);
    for (std::size_t a = 10; a < 10 + many; ++a) {
      const std::string top = "款" + std::to_string(a);
      std::uint64_t sum_of_top = 0;
      const std::size_t each = 1 + random.below(20);
      for (std::size_t b = 10; b < 10 + each; ++b) {
        const std::string group = "目" + std::to_string(b);
        std::uint64_t sum = 0;
        const std::size_t rows = one_in(100) ? 0 : 1 + random.below(4);
        for (std::size_t i = 0; i < rows; ++i) {
          const std::uint64_t amount = random.below(5000);
          sum += amount;
          items.push_back(spelled(top) + "," + spelled(group) + "," + std::to_string(i) + "," +
                          (one_in(200) ? "—" : number(amount)) + "\n");
        }
        sum_of_top += sum;
        if (!one_in(100)) groups.push_back(spelled(top) + "," + spelled(group) + "," + number(sum + (one_in(80) ? 50 : 0)) + "\n");
      }
      if (!one_in(100)) tops.push_back(top + "," + number(sum_of_top) + "\n");
    }
    if (disorder) {
      for (auto* rows : {&items, &groups, &tops}) {
        if (rows->size() > 2) std::swap((*rows)[random.below(rows->size())], (*rows)[random.below(rows->size())]);
      }
      if (one_in(3)) items.push_back(items[random.below(items.size())]);
    }
    Files files = {{"items.csv", "a,b,item,amount\n"}, {"groups.csv", "a,b,amount\n"}, {"tops.csv", "a,amount\n"}};
    for (const std::string& row : items) files["items.csv"] += row;
    for (const std::string& row : groups) files["groups.csv"] += row;
    for (const std::string& row : tops) files["tops.csv"] += row;
    const Outcome held = outcome_of(compiled, files, {.suggestions = false});
    findings += held.findings.size();
    const std::size_t blocks[] = {1, 100 + random.below(1000), 1 << 12, 1 << 18};
    for (const std::size_t block : blocks) {
      const std::string what = "sorted " + std::to_string(seed);
      EXPECT_GT(expect_same_for_all_threads(compiled, files, block, Show::failed, held, "items.csv", what), 0U);
      if (HasFailure()) return;
    }
  }
  EXPECT_GT(findings, 100U);
}

// A total of very many subtotals has its say about a figure, of which it is only asked what the others leave.
TEST(Streamed, SaysTheSameOfSlipsUnderALargeTotal) {
  const CompiledRules compiled = compile_rules(rules);
  Random random(3);
  std::size_t suggested = 0, violated = 0;
  for (int round = 0; round < 6; ++round) {
    Files files;
    std::string &items = files["items.csv"], &programs = files["programs.csv"], &subtotals = files["subtotals.csv"];
    items = "ministry,program,item,R5,R6,note\n";
    programs = "name\n";
    subtotals = "ministry,program,R5,R6\n";
    std::int64_t totals[2] = {0, 0};
    const auto tenths = [](std::int64_t value) { return std::to_string(value / 10) + "." + std::to_string(value % 10); };
    for (int p = 0; p < 1200; ++p) {
      const std::string program = "事業" + std::to_string(p);
      programs += program + "\n";
      std::int64_t sums[2] = {0, 0};
      for (int item = 0; item < 3; ++item) {
        items += "省," + program + ",項目" + std::to_string(item);
        for (int y = 0; y < 2; ++y) {
          const auto amount = static_cast<std::int64_t>(1000 + random.below(80'000));
          sums[y] += amount;
          totals[y] += amount;
          const std::int64_t slipped = random.below(3000) > 0 ? amount : round % 2 == 0 ? amount * 10 : amount - amount % 1000;
          items += "," + tenths(slipped);
        }
        items += ",\n";
      }
      subtotals += "省," + program + "," + tenths(sums[0]) + "," + tenths(random.below(600) > 0 ? sums[1] : sums[1] * 10) + "\n";
    }
    files["totals.csv"] =
        "period,amount\nR5," + std::to_string(totals[0] / 1000) + "\nR6," + std::to_string(totals[1] / 1000) + "\n";
    const Outcome held = outcome_of(compiled, files);
    EXPECT_EQ(expect_same_for_all_threads(compiled, files, 5000, Show::failed, held, "items.csv", "a large total", true), 3U);
    if (HasFatalFailure()) return;
    for (const Finding& finding : held.findings) {
      violated += finding.code == "violated" ? 1 : 0;
      suggested += finding.suggestions.empty() ? 0 : 1;
    }
  }
  std::cout << violated << " violated, " << suggested << " with a suggestion\n";
  EXPECT_GT(suggested, 10U);
}

// What a reader may take for the end of a record stands in quotes wherever a block can end.
TEST(Streamed, CutsNoQuotedCell) {
  const CompiledRules compiled = compile_rules(rules);
  const std::string pieces[] = {"\n", "\r\n", "\"\"\n", "\n\"\"", "\n省,事業,項目,7.0,8.0,\n", "\"\",\"\"\n\"\"", "a,\n\n", "注\n"};
  std::size_t runs = 0, streamed = 0;
  for (std::size_t start = 0; start < std::size(pieces); ++start) {
    Files files;
    std::string& items = files["items.csv"];
    items = "ministry,program,item,R5,R6,note\n省,事業,前,1.0,2.0,\n省,\"事\n業\",項目,3.0,4.0,\"";
    for (std::size_t i = start; items.size() < 480; ++i) items += pieces[i % std::size(pieces)];
    items += "\"\n省,事業,後,5.0,abc,\n省,\"事\n業\",後,\"1\n2\",7.0,\"\n\"\n";
    files["programs.csv"] = "name\n事業\n";
    files["subtotals.csv"] = "ministry,program,R5,R6\n省,事業,6.0,9.0\n省,\"事\n業\",4.0,11.0\n";
    files["totals.csv"] = "period,amount\nR5,1\nR6,0\n";
    const Outcome held = outcome_of(compiled, files, {.suggestions = false});
    EXPECT_EQ(held.summary.figures, 14U);
    for (std::size_t block = 64; block <= 480; ++block) {
      if (block % std::size(pieces) != start && start > 0) continue;  // all of them once, some of the others
      runs += std::size(thread_counts);
      streamed += expect_same_for_all_threads(compiled, files, block, Show::failed, held, "items.csv", items);
      if (HasFatalFailure()) return;
    }
  }
  EXPECT_EQ(streamed, runs);
}

/// Standard input for as long as it lives: a pipe that brings `bytes`.
class PipedInput {
 public:
  explicit PipedInput(const std::string& bytes) : before_(::dup(STDIN_FILENO)) {
    int ends[2];
    if (::pipe(ends) != 0) throw std::runtime_error("pipe");
    ::dup2(ends[0], STDIN_FILENO);
    ::close(ends[0]);
    writer_ = std::thread([&bytes, end = ends[1]] {
      for (std::size_t at = 0; at < bytes.size();) {
        const ssize_t written = ::write(end, bytes.data() + at, std::min<std::size_t>(bytes.size() - at, 1000));
        if (written <= 0) break;
        at += static_cast<std::size_t>(written);
      }
      ::close(end);
    });
  }
  ~PipedInput() {
    writer_.join();
    ::dup2(before_, STDIN_FILENO);
    ::close(before_);
  }
  PipedInput(const PipedInput&) = delete;
  PipedInput& operator=(const PipedInput&) = delete;

 private:
  int before_;
  std::thread writer_;
};

TEST(Streamed, SaysTheSameOfPackedAndPipedFiles) {
  const CompiledRules compiled = compile_rules(rules);
  const TemporaryFolder folder;
  Random random(3);
  std::size_t runs = 0, streamed = 0;
  for (std::uint64_t seed = 0; seed < from_environment("KENZAN_STREAMED_RUNS", 80) / 5; ++seed) {
    const Files files = Budget(seed, seed % 10 == 0 ? 20 : 1).make();
    const std::string& items = files.at("items.csv");
    const Outcome held = outcome_of(compiled, files, {.suggestions = false});
    const std::string_view first = std::string_view(items).substr(0, random.below(items.size())),
                           second = std::string_view(items).substr(first.size());
    const std::pair<std::string, std::string> kinds[] = {
        {"items.csv", items},
        {"items.csv.gz", gzip(items)},
        {"two.csv.gz", gzip(first) + gzip(second)},
        {"items.csv.zst", zstd(items)},
        {"two.csv.zst", zstd(first) + zstd(second)},
        {"-", items},
    };
    for (const auto& [name, bytes] : kinds) {
      const bool piped = name == "-";
      const std::string path = piped ? name : (folder.path() / name).string();
      if (!piped) write_file(path, bytes);
      for (const unsigned threads : thread_counts) {
        std::optional<PipedInput> pipe;
        if (piped) pipe.emplace(items);
        const std::atomic<bool> stop = false;
        cli::DataFiles data(stop, {});
        const auto open = [&](const std::string& file) -> std::shared_ptr<const engine::Input> {
          if (file != "items.csv") return std::make_shared<TextInput>(files.at(file));
          return data.input(path);
        };
        const std::size_t block = 64 + random.below(2000);
        const Outcome outcome =
            outcome_of(compiled, files, {.block = block, .threads = threads, .input = open, .suggestions = false});
        ++runs;
        streamed += outcome.streamed.count("items.csv");
        expect_same(held, outcome, name + ", seed " + std::to_string(seed));
        ASSERT_EQ(data.read(path), items) << name;
        if (HasFatalFailure()) return;
      }
    }
  }
  std::cout << runs << " runs, " << streamed << " in pieces\n";
  EXPECT_GT(streamed, runs / 2);
}

}  // namespace
}  // namespace kenzan::test
