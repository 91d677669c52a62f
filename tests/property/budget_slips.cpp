// Slips of the hand in the bundled budget: each figure of the summary table and of the totals is changed alone, in its file, and
// the whole check is run. The shares that an error catches are close to what the relations of the document can show at all.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dsl/compile.hpp"
#include "engine/blame/slips.hpp"
#include "engine/rule_tests.hpp"
#include "engine/table/csv.hpp"
#include "tests/support/places.hpp"
#include "tests/support/run.hpp"

namespace kenzan::test {
namespace {

namespace fs = std::filesystem;

/// Where a figure stands in its file.
struct Place {
  std::string file;
  std::size_t begin = 0, end = 0;
  bool quoted = false;
};

class Budget {
 public:
  Budget() {
    const std::string rules = (source_root() / "rules" / "cybersecurity-r6.kz").string();
    Diagnostics diagnostics;
    const dsl::CompileOptions options = {
        .paths = {rules},
        .read = [](const std::string& path) -> Result<std::string, std::string> { return read_file(path); },
        .params = {},
    };
    program_ = dsl::compile(sources_, options, diagnostics).program;
    EXPECT_FALSE(diagnostics.has_errors());
    for (const auto& entry : fs::directory_iterator(folder())) {
      if (entry.path().extension() == ".csv") files_[entry.path().filename().string()] = read_file(entry.path());
    }
  }

  [[nodiscard]] const std::string& file(const std::string& name) const { return files_.at(name); }

  /// The figures of a file in columns whose header fits `columns`: cells with a digit, so no nil marks.
  [[nodiscard]] std::vector<Place> figures(const std::string& name, const RE2& columns) const {
    const std::string& text = file(name);
    engine::CsvReader reader(text, ',');
    engine::CsvRecord record;
    std::vector<bool> wanted;
    std::vector<Place> out;
    while (reader.next(record)) {
      for (std::size_t i = 0; i < record.cells.size(); ++i) {
        const auto [begin, end] = std::pair(record.cells[i].begin, record.cells[i].end);
        const std::string_view cell = std::string_view(text).substr(begin, end - begin);
        if (record.number == 1) {
          wanted.push_back(RE2::FullMatch(cell, columns));
        } else if (wanted.at(i) && cell.find_first_of("0123456789") != std::string_view::npos) {
          out.push_back({name, begin, end, begin > 0 && text[begin - 1] == '"'});
        }
      }
    }
    return out;
  }

  /// The errors of a run in which `text` stands at `place`.
  [[nodiscard]] std::size_t errors_with(const Place& place, std::string text) const {
    SourceMap sources = sources_;
    return run(sources, place.file, with(place, std::move(text))).summary.errors;
  }
  [[nodiscard]] std::size_t errors() const {
    SourceMap sources = sources_;
    return run(sources, "", "").summary.errors;
  }

  /// How well the violations of a run in which `text` stands at `place` are explained.
  struct Explained {
    bool violated = false;
    bool tied = false;     ///< by several cells equally well, the place among them
    std::size_t rank = 0;  ///< from 1, which of the suggestions is about the place; 0: none
  };
  [[nodiscard]] Explained explained_with(const Place& place, std::string text) const {
    SourceMap sources = sources_;
    const std::size_t begin = place.begin + (place.quoted ? 0 : 1);
    Explained out;
    for (const Finding& finding : run(sources, place.file, with(place, std::move(text))).findings) {
      if (finding.severity != Severity::error || finding.verdict != Verdict::violated) continue;
      out.violated = true;
      for (std::size_t i = 0; i < finding.suggestions.size(); ++i) {
        const Suggestion& each = finding.suggestions[i];
        if (fs::path(sources.path(each.cell.span.source)).filename() != place.file || each.cell.span.begin != begin) continue;
        const auto as_good = [&](const Suggestion& other) { return other.slip == each.slip; };
        out.rank = i + 1;
        out.tied = std::ranges::count_if(finding.suggestions, as_good) > 1;
        return out;
      }
    }
    return out;
  }

  /// Runs the tests that stand in the rule file; returns how many passed.
  [[nodiscard]] std::size_t passed_tests() const {
    SourceMap sources = sources_;
    engine::RunOptions options;
    options.load.open = [&](const std::string& path) -> Result<std::string, std::string> {
      return files_.at(fs::path(path).filename().string());
    };
    std::size_t passed = 0;
    engine::run_tests(sources, program_, options, [&](const engine::TestOutcome& outcome) {
      passed += outcome.failures.empty();
      EXPECT_TRUE(outcome.failures.empty() && outcome.warnings.empty()) << outcome.test->name;
    });
    return passed;
  }

 private:
  static fs::path folder() { return source_root() / "datasets" / "cybersecurity-r6"; }

  [[nodiscard]] std::string with(const Place& place, std::string text) const {
    if (!place.quoted) text = '"' + text + '"';
    std::string changed = file(place.file);
    changed.replace(place.begin, place.end - place.begin, text);
    return changed;
  }

  engine::RunResult run(SourceMap& sources, const std::string& name, const std::string& text) const {
    engine::RunOptions options;
    options.load.open = [&](const std::string& path) -> Result<std::string, std::string> {
      const std::string file = fs::path(path).filename().string();
      return file == name ? text : files_.at(file);
    };
    engine::RunResult result = engine::run(sources, program_, options);
    EXPECT_TRUE(result.summary.complete);
    return result;
  }

  SourceMap sources_;
  dsl::Program program_;
  std::map<std::string, std::string> files_;
};

/// The number in a cell as it was written, in pieces: `(1,522.1億円)` is "(", digits 15221 with one behind the point, "億円)".
struct Written {
  std::string before, digits, after;
  std::size_t decimals = 0;
};

Written take_apart(std::string_view cell) {
  Written out;
  const std::size_t begin = cell.find_first_of("0123456789"), end = cell.find_last_of("0123456789") + 1;
  out.before = cell.substr(0, begin);
  out.after = cell.substr(end);
  bool behind_point = false;
  for (const char c : cell.substr(begin, end - begin)) {
    if (c == '.') behind_point = true;
    if (std::isdigit(static_cast<unsigned char>(c)) == 0) continue;
    out.digits += c;
    out.decimals += behind_point ? 1 : 0;
  }
  return out;
}

std::string put_together(const Written& written) {
  std::string whole = written.digits.substr(0, written.digits.size() - written.decimals);
  const std::string fraction = written.digits.substr(whole.size());
  for (std::size_t at = whole.size(); at > 3; at -= 3) whole.insert(at - 3, ",");
  return written.before + whole + (fraction.empty() ? "" : "." + fraction) + written.after;
}

std::vector<std::string> ten_times(Written written) {
  written.digits += '0';  // the places behind the point stay as many: 63.2 is 632.0
  return {put_together(written)};
}

/// Every two neighbouring digits that differ change places.
std::vector<std::string> neighbours_swapped(const Written& written) {
  std::vector<std::string> out;
  for (std::size_t i = 0; i + 1 < written.digits.size(); ++i) {
    if (written.digits[i] == written.digits[i + 1]) continue;
    Written swapped = written;
    std::swap(swapped.digits[i], swapped.digits[i + 1]);
    out.push_back(put_together(swapped));
  }
  return out;
}

std::vector<std::string> last_digit_up(Written written) {
  std::size_t at = written.digits.size();
  while (at > 0 && written.digits[at - 1] == '9') written.digits[--at] = '0';
  if (at == 0)
    written.digits.insert(written.digits.begin(), '1');
  else
    ++written.digits[at - 1];
  return {put_together(written)};
}

TEST(BundledBudget, ItsOwnTestsPass) { EXPECT_EQ(Budget().passed_tests(), 13U); }

TEST(BundledBudget, ASlipInAFigureOfTheSummaryTableIsAnError) {
  const Budget budget;
  ASSERT_EQ(budget.errors(), 0U);

  std::vector<Place> figures;
  for (const auto& [file, columns] : {std::pair("measures.csv", ".*予算"),
                                      {"sections.csv", ".*予算"},
                                      {"totals.csv", "amount"},
                                      {"restated_totals.csv", "amount"}}) {
    const std::vector<Place> found = budget.figures(file, columns);
    std::cout << file << ": " << found.size() << " figures\n";
    figures.insert(figures.end(), found.begin(), found.end());
  }

  struct Slip {
    const char* name;
    std::vector<std::string> (*changes)(Written);
    std::size_t least;  ///< percent
  };
  for (const Slip& slip : {Slip{"ten times as much", ten_times, 95},
                           Slip{"two neighbouring digits swapped", [](Written w) { return neighbours_swapped(w); }, 84},
                           Slip{"last digit up by one", last_digit_up, 65}}) {
    std::size_t changes = 0, caught = 0;
    for (const Place& place : figures) {
      const std::string cell = budget.file(place.file).substr(place.begin, place.end - place.begin);
      for (const std::string& text : slip.changes(take_apart(cell))) {
        ++changes;
        caught += budget.errors_with(place, text) > 0 ? 1 : 0;
      }
    }
    ASSERT_GT(changes, 0U);
    const std::size_t permille = caught * 1000 / changes;
    std::cout << slip.name << ": " << caught << " of " << changes << " changes are errors, " << permille / 10 << '.'
              << permille % 10 << " %\n";
    EXPECT_GE(caught * 100, slip.least * changes) << slip.name;
  }
}

TEST(BundledBudget, TheCellOfASlipIsSuggested) {
  const Budget budget;
  std::vector<Place> figures;
  for (const auto& [file, columns] : {std::pair("measures.csv", ".*予算"),
                                      {"sections.csv", ".*予算"},
                                      {"totals.csv", "amount"},
                                      {"restated_totals.csv", "amount"},
                                      {"increase.csv", "amount"},
                                      {"pages.csv", "amount"},
                                      {"parts.csv", "amount"},
                                      {"ministries.csv", "amount"}}) {
    const std::vector<Place> found = budget.figures(file, columns);
    figures.insert(figures.end(), found.begin(), found.end());
  }
  const char* const asked = std::getenv("KENZAN_EVERY_SLIP");  // "1": all of them
  const std::size_t every = asked == nullptr ? 37 : std::strtoul(asked, nullptr, 10);

  struct Count {
    std::size_t changes = 0, violated = 0, tied = 0, first = 0, in_three = 0;
    void add(const Budget::Explained& explained) {
      ++changes;
      violated += explained.violated ? 1 : 0;
      tied += explained.tied ? 1 : 0;
      if (!explained.violated || explained.tied) return;
      first += explained.rank == 1 ? 1 : 0;
      in_three += explained.rank > 0 ? 1 : 0;
    }
  };
  Count all, of[std::size(engine::slip_names)];
  std::size_t next = 0;
  for (const Place& place : figures) {
    const std::string cell = budget.file(place.file).substr(place.begin, place.end - place.begin);
    for (const engine::Meant& slip : engine::meant_by(cell, '.', ',')) {  // what leads back from a slip is a slip
      if (next++ % every != 0) continue;
      const Budget::Explained explained = budget.explained_with(place, slip.text);
      all.add(explained);
      of[static_cast<std::size_t>(slip.slip)].add(explained);
    }
  }
  const auto print = [](std::string_view name, const Count& count) {
    std::cout << name << ": " << count.changes << " changes, " << count.violated << " violated, " << count.tied
              << " of these explained by several cells equally well; of the other " << count.violated - count.tied
              << " the cell is suggested first in " << count.first << ", among three in " << count.in_three << '\n';
  };
  for (std::size_t i = 0; i < std::size(of); ++i) {
    if (of[i].changes > 0) print(engine::slip_names[i], of[i]);
  }
  print("all", all);
  const std::size_t identifiable = all.violated - all.tied;
  EXPECT_GT(identifiable * 4, all.violated);
  EXPECT_GE(all.first * 100, 80 * identifiable);
  EXPECT_GE(all.in_three * 100, 95 * identifiable);
}

}  // namespace
}  // namespace kenzan::test
