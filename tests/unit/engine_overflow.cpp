// Sums that leave 64 and 128 bits: what the reference, the columns and the reading in pieces make of them is exact.
#include <gtest/gtest.h>

#include <mutex>
#include <set>
#include <string>
#include <thread>

#include "engine/reference/reference.hpp"
#include "engine/vector/vector.hpp"
#include "tests/support/held_tables.hpp"
#include "tests/support/text_input.hpp"

namespace kenzan::engine {
namespace {

using test::Files;

struct Part {
  std::size_t rows;
  std::string cell;  ///< in each of them, with a point at most
};

struct Case {
  std::string name;
  std::string unit, rounding;
  std::vector<Part> parts;
  Rational step;  ///< the least difference, in the unit
};

std::string rules_of(const Case& the) {
  return "table parts from \"parts.csv\" { g text  item text  v " + the.unit + "  key g, item  rounded " + the.rounding +
         " }\ntable totals from \"totals.csv\" { g text  v " + the.unit + "  key g  rounded exact }\n" +
         "rule exactly by g { require exactly totals.v = sum(parts.v) }\n"
         "rule surely by g { require surely totals.v <= sum(parts.v) }\n"
         "rule equal by g { require totals.v = sum(parts.v) }\n"
         "rule whole { require exactly sum(totals.v) = sum(parts.v) }\n";
}

/// Two groups of the same parts, mixed; the total of each is the exact sum, and the second's with `off` added.
Files files_of(const Case& the, const Rational& off) {
  Files out;
  std::string& parts = out["parts.csv"];
  parts = "g,item,v\n";
  Rational sum = 0;
  std::size_t item = 0;
  for (const Part& part : the.parts) {
    for (std::size_t i = 0; i < part.rows; ++i) {
      for (const char* group : {"a", "b"}) parts += group + (",i" + std::to_string(item)) + "," + part.cell + "\n";
      ++item;
      sum += *parse_rational(part.cell);
    }
  }
  out["totals.csv"] = "g,v\na," + exact_text(sum) + "\nb," + exact_text(Rational(sum + off)) + "\n";
  return out;
}

/// "rule: verdict of a, verdict of b" of each rule, as the simple evaluator judges.
std::string judged_by_reference(const std::string& rules, const Files& files) {
  test::CompiledRules compiled = test::compile_rules(rules);
  const Data data = test::held_tables(compiled, files);
  std::string out;
  for (const dsl::Rule& rule : data.program->rules) {
    out += rule.name + ":";
    for (const Instance& instance : reference_instances(data, rule)) {
      out += " " + std::string(name_of(judge(data, rule, instance, 2).verdict));
    }
    out += "\n";
  }
  return out;
}

std::string judged_in_columns(const std::string& rules, const Files& files) {
  test::CompiledRules compiled = test::compile_rules(rules);
  const Data data = test::held_tables(compiled, files);
  VectorEvaluator evaluator(data);
  CheckedFigures checked(data);
  std::string out;
  for (const dsl::Rule& rule : data.program->rules) {
    out += rule.name + ":";
    for (const Verdict verdict : evaluator.evaluate(rule, checked).verdicts) out += " " + std::string(name_of(verdict));
    out += "\n";
  }
  return out;
}

std::string judged_in_pieces(const std::string& rules, const Files& files, const test::Reading& reading) {
  const test::CompiledRules compiled = test::compile_rules(rules);
  const test::Outcome outcome = test::outcome_of(compiled, files, reading, Show::all);
  EXPECT_TRUE(outcome.streamed.contains("parts.csv"));
  // The counts are of the verdicts over sums; the findings say what the records show.
  std::vector<std::size_t> counts(verdict_count);
  for (const Finding& finding : outcome.findings) ++counts[static_cast<std::size_t>(finding.verdict.value())];
  EXPECT_EQ(counts, std::vector<std::size_t>(std::begin(outcome.summary.verdicts), std::end(outcome.summary.verdicts)));
  std::string out;
  for (const dsl::Rule& rule : compiled.program.rules) {
    out += rule.name + ":";
    for (const char* group : {"a", "b"}) {
      for (const Finding& finding : outcome.findings) {
        const std::string of = finding.instance.empty() ? "a" : finding.instance.front().second;
        if (finding.rule == rule.name && of == group) out += " " + finding.code;
      }
    }
    out += "\n";
  }
  return out;
}

const std::string digits_18(18, '9'), digits_17(17, '9');

std::vector<Case> cases() {
  return {
      {"64 bits in a few rows", "円", "exact", {{30, digits_18}}, 1},
      {"64 bits by negative numbers", "円", "exact", {{30, "-" + digits_18}, {3, "1"}}, 1},
      {"64 bits and back", "円", "exact", {{20, digits_18}, {20, "-" + digits_18}, {1, "7"}}, 1},
      {"64 bits at the last plain number", "円", "exact", {{100, digits_17}, {1, "1"}}, 1},
      {"64 bits by plain numbers", "円", "exact", {{101, digits_17}}, 1},
      {"64 bits by a large unit", "兆円", "exact", {{12, "999999999999.9"}}, Rational(1, 10)},
      {"64 bits by another precision",
       "億円",
       "exact",
       {{3, digits_17}, {1, "0.0000000000000001"}},
       Rational(1, Integer("10000000000000000"))},
      {"128 bits by a large unit",
       "兆円",
       "exact",
       {{5, digits_18 + "." + digits_18}, {4, digits_18}},
       Rational(1, Integer("1000000000000000000"))},
      {"128 bits by long cells", "円", "exact", {{40, digits_18 + digits_18 + "99"}, {3, "0.5"}}, Rational(1, 2)},
      {"128 bits and back",
       "円",
       "exact",
       {{9, digits_18 + digits_18 + digits_18}, {9, "-" + digits_18 + digits_18 + digits_18}, {1, "1"}},
       1},
      {"128 bits between the first and the last digit",
       "円",
       "exact",
       {{2, digits_18 + digits_18}, {2, "0.000000000000000001"}},
       Rational(1, Integer("1000000000000000000"))},
  };
}

TEST(Overflow, SumsAreExact) {
  for (const Case& the : cases()) {
    const std::string rules = rules_of(the);
    for (const int sign : {1, -1}) {
      const Files files = files_of(the, Rational(sign * the.step));
      const std::string expected = "exactly: holds violated\nsurely: holds " + std::string(sign > 0 ? "violated" : "holds") +
                                   "\nequal: holds violated\nwhole: violated\n";
      EXPECT_EQ(judged_by_reference(rules, files), expected) << the.name;
      EXPECT_EQ(judged_in_columns(rules, files), expected) << the.name;
      for (const unsigned threads : {1U, 2U, 7U}) {
        EXPECT_EQ(judged_in_pieces(rules, files, {.block = 100, .threads = threads}), expected) << the.name;
      }
    }
  }
}

// The ends of rounded sums are as exact as the sums: one step beyond the end is violated, the end itself is not.
TEST(Overflow, EndsOfRoundedSumsAreExact) {
  for (Case the : cases()) {
    if (the.parts.front().cell.starts_with('-') || the.parts.size() > 1 || the.step != 1) continue;
    the.rounding = "nearest";
    const Rational half(static_cast<int>(the.parts.front().rows), 2);
    const std::string rules = rules_of(the);
    for (const bool beyond : {false, true}) {
      const Files files = files_of(the, Rational(half + (beyond ? Rational(1, 10) : Rational(0))));
      const std::string b = beyond ? "violated" : "rounding";
      const auto of_equal = [](const std::string& lines) {
        return lines.substr(lines.find("equal:"), lines.find("whole:") - lines.find("equal:"));
      };
      const std::string expected = "equal: holds " + b + "\n";
      const auto graded = [&](std::string lines) {  // as plausible or not is no matter here
        const std::size_t at = lines.find("implausible");
        return at == std::string::npos ? lines : lines.replace(at, 11, "rounding");
      };
      EXPECT_EQ(graded(of_equal(judged_by_reference(rules, files))), expected) << the.name;
      EXPECT_EQ(graded(of_equal(judged_in_columns(rules, files))), expected) << the.name;
      EXPECT_EQ(graded(of_equal(judged_in_pieces(rules, files, {.block = 100, .threads = 2}))), expected) << the.name;
    }
  }
}

/// Counts the threads that read blocks.
class SharedInput : public test::TextInput {
 public:
  SharedInput(const std::string& text, std::size_t block) : TextInput(text), block_(block) {}
  [[nodiscard]] Result<std::size_t, std::string> read_at(std::uint64_t offset, char* to, std::size_t size) const override {
    if (size == block_) {
      const std::lock_guard lock(mutex_);
      readers_.insert(std::this_thread::get_id());
      std::this_thread::sleep_for(std::chrono::milliseconds(1));  // for the others to begin
    }
    return TextInput::read_at(offset, to, size);
  }
  [[nodiscard]] std::size_t readers() const { return readers_.size(); }

 private:
  std::size_t block_;
  mutable std::mutex mutex_;
  mutable std::set<std::thread::id> readers_;
};

// The sum of each thread fits 64 bits, that of two does not.
TEST(Overflow, SumsOfThreadsThatOverflowOnlyTogetherAreExact) {
  constexpr int each = 50, others = 2000;
  const test::CompiledRules rules = test::compile_rules(rules_of({"", "円", "exact", {}, 1}));
  // Two halves of the same size; what takes time to read is in a group of its own.
  std::string parts = "g,item,v\n";
  const std::size_t header = parts.size();
  for (int half = 1; half <= 2; ++half) {
    for (int i = 0; i < each; ++i) {
      for (const char* group : {"a", "b"}) parts += group + (",i" + std::to_string(1000 * half + i)) + "," + digits_17 + "\n";
    }
    for (int i = 0; i < others; ++i) parts += "c,i" + std::to_string(10'000 * half + i) + ",\"1,000\"\n";
  }
  const std::size_t block = (parts.size() - header) / 2;
  const Integer sum = Integer(digits_17) * (2 * each);
  ASSERT_LT(sum / 2, Integer(INT64_MAX));
  ASSERT_GT(sum, Integer(INT64_MAX));
  std::size_t shared = 0;
  for (int run = 0; run < 20; ++run) {
    const bool off = run % 2 != 0;
    Files files;
    files["parts.csv"] = parts;
    files["totals.csv"] = "g,v\na," + sum.str() + "\nb," + Integer(sum + (off ? 1 : 0)).str() + "\nc,4000000\n";
    const auto input = std::make_shared<SharedInput>(files.at("parts.csv"), block);
    const auto open = [&](const std::string& path) -> std::shared_ptr<const Input> {
      if (path == "parts.csv") return input;
      return std::make_shared<test::TextInput>(files.at(path));
    };
    const test::Outcome outcome = test::outcome_of(rules, files, {.block = block, .threads = 2, .input = open});
    EXPECT_TRUE(outcome.streamed.contains("parts.csv"));
    EXPECT_EQ(outcome.summary.verdicts[static_cast<std::size_t>(Verdict::holds)], off ? 6U : 10U);
    EXPECT_EQ(outcome.summary.verdicts[static_cast<std::size_t>(Verdict::violated)], off ? 4U : 0U);
    shared += input->readers() > 1;
  }
  EXPECT_GT(shared, 0U);
}

}  // namespace
}  // namespace kenzan::engine
