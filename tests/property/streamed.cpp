// Tables that are read in pieces against the same tables held in memory: every byte of the findings and the counts is the same, for
// any size of blocks and any number of threads.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "diag/render.hpp"
#include "dsl/compile.hpp"
#include "engine/run.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/random.hpp"
#include "tests/support/text_input.hpp"

namespace kenzan::test {
namespace {

using Files = std::map<std::string, std::string>;

/// Counts what is read.
class CountedInput : public TextInput {
 public:
  using TextInput::TextInput;
  [[nodiscard]] Result<std::size_t, std::string> read_at(std::uint64_t offset, char* to, std::size_t size) const override {
    auto got = TextInput::read_at(offset, to, size);
    read += *got;
    return got;
  }
  static inline std::atomic<std::size_t> read = 0;  ///< bytes, by all
};

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

struct Compiled {
  SourceMap sources;
  dsl::Program program;
};

Compiled compiled() {
  Compiled out;
  Diagnostics diagnostics;
  out.program = dsl::compile(out.sources,
                             {.paths = {"rules.kz"},
                              .read = [](const std::string&) -> Result<std::string, std::string> { return std::string(rules); },
                              .params = {}},
                             diagnostics)
                    .program;
  EXPECT_FALSE(diagnostics.has_errors()) << render_diagnostics(diagnostics.all(), out.sources, {});
  return out;
}

/// All that a run says. `block` 0: with tables held.
std::string said(const Compiled& compiled, const Files& files, std::size_t block, unsigned threads, engine::Show show) {
  SourceMap sources = compiled.sources;
  engine::RunOptions options;
  options.show = show;
  options.load.open = [&](const std::string& path) -> Result<std::string, std::string> { return files.at(path); };
  if (block > 0) {
    options.load.input = [&](const std::string& path) { return std::make_shared<CountedInput>(files.at(path)); };
    options.stream = {.threads = threads, .block = block, .least = 0};
  }
  const engine::RunResult result = engine::run(sources, compiled.program, options);
  return render_json(result.findings, result.summary, sources, {}, "0") + render_text(result.findings, sources, {}) +
         render_diagnostics(result.failures, sources, {});
}

class Budget {
 public:
  explicit Budget(std::uint64_t seed) : random_(seed) {}

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
    const std::size_t ministries = 1 + random_.below(3), each = 1 + random_.below(4);
    std::int64_t totals[2] = {0, 0};
    std::vector<std::string> rows;
    for (std::size_t m = 0; m < ministries; ++m) {
      for (std::size_t p = 0; p < each; ++p) {
        const std::string ministry = "省" + std::to_string(m),
                          program = p % 2 ? "Program " + std::to_string(p) : "事業" + std::to_string(p);
        if (m == 0 && !one_in(30)) programs += program + end_;
        std::int64_t sums[2] = {0, 0};
        for (std::size_t i = random_.below(6); i-- > 0;) {
          std::string row = spelled(ministry) + "," + spelled(program) + "," + cell("項目" + std::to_string(one_in(40) ? 0 : i));
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
    if (one_in(2)) {
      for (std::size_t i = rows.size(); i > 1; --i) std::swap(rows[i - 1], rows[random_.below(i)]);
    }
    for (const std::string& row : rows) items += one_in(60) ? end_ + row : row;
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
    if (one_in(12)) return odd[random_.below(std::size(odd))];
    return one_in(20) ? "\"" + number(amount) + "\"" : number(amount);
  }

  /// A label, sometimes written otherwise.
  std::string spelled(const std::string& label) {
    if (one_in(40)) return "\"" + label + "\"";
    if (one_in(60)) return label + " ";
    if (one_in(200)) return "";
    return label;
  }
  std::string cell(const std::string& text) { return one_in(15) ? "\"" + text + "\"" : text; }

  std::string note() {
    static const char* const notes[] = {"", "注", "\"a\nb\"", "\"a,\"\"b\"\"\"", "5\" disk", "a,b", "\"x\"y", "\xFF", "ｱ"};
    return notes[one_in(6) ? random_.below(std::size(notes)) : 0];
  }

  Random random_;
  std::string end_;
};

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
  const Compiled compiled = test::compiled();
  Files files;
  files["items.csv"] = "ministry,program,item,R5,R6,note\n省,事業,項目,1.0,2.0,\n省,事業,項目,abc,2.0,\n";
  files["programs.csv"] = "name\n事業\n";
  files["subtotals.csv"] = "ministry,program,R5,R6\n省,事業,1.0,9.0\n";
  files["totals.csv"] = "period,amount\nR5,0\nR6,0\n";
  SourceMap sources = compiled.sources;
  engine::RunOptions options;
  options.load.open = [&](const std::string& path) -> Result<std::string, std::string> { return files.at(path); };
  options.load.input = [&](const std::string& path) { return std::make_shared<VanishingInput>(files.at(path)); };
  options.stream = {.threads = 1, .block = 1 << 16, .least = 0};
  const engine::RunResult result = engine::run(sources, compiled.program, options);
  EXPECT_FALSE(result.summary.complete);
  EXPECT_NE(render_diagnostics(result.failures, sources, {}).find("it was changed while it was read"), std::string::npos);
}

TEST(Streamed, SaysTheSameAsHeldTables) {
  const Compiled compiled = test::compiled();
  const char* asked = std::getenv("KENZAN_STREAMED_RUNS");
  const std::uint64_t runs = asked != nullptr ? std::strtoull(asked, nullptr, 10) : 400;
  Random random(7);
  std::size_t findings = 0, bytes = 0;
  for (std::uint64_t seed = 0; seed < runs; ++seed) {
    const Files files = Budget(seed).make();
    const engine::Show show = seed % 3 == 0 ? engine::Show::rounding : engine::Show::failed;
    const std::string held = said(compiled, files, 0, 1, show);
    for (const auto& [name, text] : files) bytes += text.size();
    findings += static_cast<std::size_t>(std::count(held.begin(), held.end(), '^'));
    for (const unsigned threads : {1U, 2U, 7U}) {
      const std::size_t block = threads == 1 ? 64 : 1 + random.below(400);
      const std::string streamed = said(compiled, files, block, threads, show);
      ASSERT_TRUE(held == streamed) << "seed " << seed << ", block " << block << ", threads " << threads << "; - held, + streamed\n"
                                    << line_difference(held, streamed) << files.at("items.csv");
    }
  }
  EXPECT_GT(findings, runs);
  // The header once, the records once, and some again: tables that were held after all would show here.
  EXPECT_GT(CountedInput::read, 3 * 2 * bytes);
}

}  // namespace
}  // namespace kenzan::test
