// Waivers and baselines over random rules and tables: what is silenced is what they name, and every format agrees on the rest.
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <string>
#include <vector>

#include "base/text.hpp"
#include "diag/check.hpp"
#include "diag/evidence_text.hpp"
#include "diag/format.hpp"
#include "engine/baseline.hpp"
#include "tests/support/held_tables.hpp"
#include "tests/support/outcome.hpp"
#include "tests/support/random.hpp"
#include "tests/support/random_program.hpp"
#include "tests/support/rendered.hpp"
#include "tests/support/run.hpp"

namespace kenzan::test {
namespace {

using json = nlohmann::json;

const std::string today = "2027-06-15";

struct Waived {
  std::string name;
  std::vector<std::pair<std::string, std::string>> labels;
  bool expired = false;
};

engine::RunResult run(const CompiledRules& rules, SourceMap& sources, const Files& files, const engine::Baseline* baseline) {
  engine::RunOptions options;
  options.as_of = today;
  options.baseline = baseline;
  options.load.open = [&](const std::string& path) -> Result<std::string, std::string> { return files.at(path); };
  return engine::run(sources, rules.program, options);
}

/// Labels that a rule file can write in quotes as they are.
bool is_plain(const Finding& finding) {
  return std::ranges::all_of(finding.instance, [](const auto& label) {
    return label.second.find_first_of("\"\\\r\n\t") == std::string::npos && !first_invalid_utf8(label.second);
  });
}

std::string text_of(const Waived& waiver) {
  std::string out = "waive " + waiver.name;
  for (const auto& [dimension, label] : waiver.labels) {
    out += (&label == &waiver.labels.front().second ? " [" : ", ") + dimension + ": \"" + label + "\"";
  }
  if (!waiver.labels.empty()) out += "]";
  return out + " until " + (waiver.expired ? "2027-06-14" : today) + " because \"b\" by \"o\"\n";
}

bool covers(const Waived& waiver, const Finding& finding) {
  if (waiver.expired || waiver.name != name_of(finding)) return false;
  return std::ranges::all_of(waiver.labels, [&](const auto& label) {
    return std::ranges::any_of(finding.instance,
                               [&](const auto& own) { return own.first == label.first && fold(own.second) == fold(label.second); });
  });
}

/// The errors that a report shows as such, where its format has them.
std::size_t errors_in_sarif(const std::string& text) {
  std::size_t out = 0;
  const json all = json::parse(text);
  for (const json& result : all["runs"][0]["results"]) out += result["level"] == "error";
  return out;
}
std::size_t errors_in_json(const std::string& text) {
  std::size_t out = 0;
  const json all = json::parse(text);
  for (const json& finding : all["findings"]) out += finding["severity"] == "error" && finding["waived"] == false;
  return out;
}

/// Random rules and tables with random waivers, and a baseline of some of what is found.
struct Case {
  RandomProgram program;
  std::string rules;  ///< with the waivers
  std::string declarations;
  std::vector<Waived> waivers;
  engine::Baseline baseline;
  std::size_t found = 0;  ///< without waivers and baseline

  explicit Case(std::uint64_t seed) : program(random_program(seed, 12)) {
    Random random(seed);
    rules = program.tables + valid_rules(program.tables, program.rules);
    const CompiledRules plain = compile_rules(rules);
    SourceMap sources = plain.sources;
    const engine::RunResult before = run(plain, sources, program.files, nullptr);
    found = before.findings.size();
    std::vector<Finding> listed;
    for (const Finding& finding : before.findings) {
      if (random.below(4) == 0 && !finding.rule.empty() && is_plain(finding)) {
        waivers.push_back({finding.rule, finding.instance, random.below(4) == 0});
        if (!waivers.back().labels.empty() && random.below(3) == 0) waivers.back().labels.pop_back();
      }
      if (random.below(4) == 0) listed.push_back(finding);
    }
    baseline = engine::baseline_of(listed);
    for (const Waived& waiver : waivers) declarations += text_of(waiver);
    rules += declarations;
  }
};

TEST(Silenced, IsWhatWaiversAndBaselinesName) {
  std::size_t waived = 0, known = 0, left = 0;
  for (std::uint64_t seed = 1; seed <= 150; ++seed) {
    const Case random(seed);
    const auto& [program, rules, declarations, waivers, baseline, found] = random;

    const CompiledRules compiled = compile_rules(rules);
    SourceMap sources = compiled.sources;
    const SourceId file = sources.add("known.jsonl", engine::write_baseline(baseline));
    const auto read = engine::read_baseline(sources, file);
    ASSERT_TRUE(read) << "seed " << seed;
    const engine::RunResult after = run(compiled, sources, program.files, &*read);

    std::map<std::pair<std::string, std::string>, std::size_t> entries;
    for (const engine::Baseline::Entry& entry : baseline.entries) entries[{entry.name, entry.fingerprint}] += entry.count;
    std::size_t same = 0, errors = 0;
    for (const Finding& finding : after.findings) {
      if (is_about_silence(finding.code)) {
        ASSERT_FALSE(finding.waived) << "seed " << seed;
        ASSERT_TRUE(finding.code != "baseline-stale") << "seed " << seed << ": all that is listed is still found";
        errors += finding.severity == Severity::error;
        continue;
      }
      ++same;
      const bool by_waiver = std::ranges::any_of(waivers, [&](const Waived& waiver) { return covers(waiver, finding); });
      auto entry = entries.find({name_of(finding), finding.fingerprint});
      const bool in_baseline = finding.severity != Severity::info && entry != entries.end() && entry->second > 0;
      if (in_baseline) --entry->second;
      ASSERT_EQ(finding.waived, by_waiver || in_baseline) << "seed " << seed << ", " << name_of(finding) << "\n" << declarations;
      ASSERT_EQ(finding.known, in_baseline && !by_waiver) << "seed " << seed;
      waived += by_waiver;
      known += finding.known;
      left += !finding.waived;
      errors += !finding.waived && finding.severity == Severity::error;
    }
    ASSERT_EQ(same, found) << "seed " << seed;
    ASSERT_EQ(after.summary.errors, errors) << "seed " << seed;
    const auto expired = std::ranges::count_if(waivers, &Waived::expired);
    ASSERT_EQ(std::ranges::count_if(after.findings, [](const Finding& f) { return f.code == "waiver-expired"; }), expired);

    const auto drawn = [&](auto render) { return rendered(render, after, sources); };
    EXPECT_EQ(errors_in_json(drawn(render_json)), errors) << "seed " << seed;
    EXPECT_EQ(errors_in_sarif(drawn(render_sarif)), errors) << "seed " << seed;
    EXPECT_EQ(count(drawn(render_gitlab), "\"severity\": \"major\""), errors) << "seed " << seed;
    EXPECT_EQ(count(drawn(render_checkstyle), " severity=\"error\""), errors) << "seed " << seed;
    const json rdjson = json::parse(drawn(render_rdjson));
    EXPECT_EQ(std::ranges::count_if(rdjson["diagnostics"], [](const json& d) { return d["severity"] == "ERROR"; }),
              static_cast<std::ptrdiff_t>(errors))
        << "seed " << seed;
  }
  EXPECT_GT(waived, 200U);
  EXPECT_GT(known, 200U);
  EXPECT_GT(left, 200U);
}

TEST(Silenced, NoCommandEndsWellWithAnErrorThatNothingSilences) {
  std::string ways;
  for (const Format& format : formats()) ways += " '-f " + std::string(format.name) + "'";
  ways += " '--max-findings 1' '--show all' '-f json:all.json'";
  const std::string options = " --as-of " + today + " --baseline known.jsonl ";
  std::size_t failed = 0, passed = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Case random(seed);
    // With all errors known, the run passes.
    if (seed % 3 == 0) {
      const CompiledRules compiled = compile_rules(random.rules);
      SourceMap sources = compiled.sources;
      const engine::RunResult all = run(compiled, sources, random.program.files, nullptr);
      std::vector<Finding> listed;
      std::ranges::copy_if(all.findings, std::back_inserter(listed), [](const Finding& finding) { return !finding.waived; });
      random.baseline = engine::baseline_of(listed);
    }
    const TemporaryFolder folder;
    write_file(folder.path() / "rules.kz", random.rules);
    for (const auto& [path, bytes] : random.program.files) write_file(folder.path() / path, bytes);
    write_file(folder.path() / "known.jsonl", engine::write_baseline(random.baseline));

    const CompiledRules compiled = compile_rules(random.rules);
    SourceMap sources = compiled.sources;
    const auto known = engine::read_baseline(sources, sources.add("known.jsonl", engine::write_baseline(random.baseline)));
    ASSERT_TRUE(known) << "seed " << seed;
    const engine::RunResult result = run(compiled, sources, random.program.files, &*known);
    const std::string status = !result.summary.complete ? "2" : result.summary.errors > 0 ? "1" : "0";
    ++(status == "0" ? passed : failed);

    const test::Run each =
        test::run("for way in" + ways + "; do kenzan check" + options + "$way rules.kz >/dev/null 2>&1; echo $way: $?; done; " +
                      "kenzan hook --rules rules.kz" + options + "rules.kz >/dev/null 2>&1; echo hook: $?; " +
                      "kenzan evidence build out" + options + "rules.kz >/dev/null 2>&1; echo evidence: $?; " + "kenzan check" +
                      options + "rules.kz -f text:/dev/full >/dev/null 2>&1; echo unwritten: $?",
                  folder.path());
    std::istringstream lines(each.out);
    for (std::string line; std::getline(lines, line);) {
      const std::string expected = line.starts_with("unwritten") ? "2" : status;
      EXPECT_TRUE(line.ends_with(": " + expected)) << "seed " << seed << ": " << line << ", but " << expected << " is right";
    }
  }
  EXPECT_GT(failed, 2U);
  EXPECT_GT(passed, 1U);
}

}  // namespace
}  // namespace kenzan::test
