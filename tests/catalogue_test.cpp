// The catalogue of messages as a whole: each can be read in both languages, and each is printed by some golden.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <string_view>
#include <vector>

#include "diag/message.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/places.hpp"
#include "tests/support/run.hpp"

namespace kenzan::test {
namespace {

constexpr std::size_t most_exemptions = 4;

/// A text of the catalogue, cut at its placeholders.
struct Cut {
  std::vector<std::string_view> literals;
  std::set<std::string_view> placeholders;
};

Cut cut(std::string_view text) {
  Cut out;
  while (true) {
    const std::size_t open = text.find('{');
    const std::size_t close = text.find('}', open == std::string_view::npos ? text.size() : open);
    if (close == std::string_view::npos) break;
    out.literals.push_back(text.substr(0, open));
    out.placeholders.insert(text.substr(open + 1, close - open - 1));
    text.remove_prefix(close + 1);
  }
  out.literals.push_back(text);
  return out;
}

/// Whether the literals stand in this order in the line.
bool prints(std::string_view line, const Cut& message) {
  std::size_t at = 0;
  for (const std::string_view literal : message.literals) {
    at = line.find(literal, at);
    if (at == std::string_view::npos) return false;
    at += literal.size();
  }
  return true;
}

/// Every line that some golden expects, once.
std::set<std::string> printed_lines() {
  std::set<std::string> out;
  for (const auto& path : golden_files(source_root() / "tests" / "golden")) {
    for (const GoldenCommand& command : parse_golden(read_file(path)).commands) {
      std::istringstream lines(command.out.shown + (command.err ? command.err->shown : ""));
      for (std::string line; std::getline(lines, line);) out.insert(line);
    }
  }
  return out;
}

/// tests/golden/not-printed.txt: `name: why no golden can print it`, a line each.
std::map<std::string, std::string> exemptions() {
  std::map<std::string, std::string> out;
  const auto path = source_root() / "tests" / "golden" / "not-printed.txt";
  if (!std::filesystem::exists(path)) return out;
  std::istringstream lines(read_file(path));
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.starts_with('#')) continue;
    const std::size_t colon = line.find(": ");
    EXPECT_TRUE(colon != std::string::npos && line.size() > colon + 10) << "not-printed.txt: give the reason: " << line;
    out.emplace(line.substr(0, colon), line.substr(std::min(line.size(), colon + 2)));
  }
  return out;
}

TEST(Catalogue, EveryMessageIsPrintedByAGolden) {
  const std::set<std::string> lines = printed_lines();
  const std::map<std::string, std::string> exempt = exemptions();
  EXPECT_LE(exempt.size(), most_exemptions) << "too many messages that no golden prints";
  std::set<std::string> known;
  std::string missing;
  for (const CatalogueEntry& entry : catalogue()) {
    const std::string name(entry.name);
    known.insert(name);
    const Cut english = cut(entry.english), japanese = cut(entry.japanese);
    const bool printed =
        std::ranges::any_of(lines, [&](const std::string& line) { return prints(line, english) || prints(line, japanese); });
    if (name.starts_with("progress_")) continue;  // on a terminal only: tests/unit/cli_progress.cpp
    if (!printed && !exempt.contains(name)) missing += "\n  " + name + ": " + std::string(entry.english);
    EXPECT_FALSE(printed && exempt.contains(name)) << "not-printed.txt: a golden prints " << name << " now; take it off the list";
  }
  EXPECT_TRUE(missing.empty()) << "no golden below tests/golden prints:" << missing;
  for (const auto& [name, reason] : exempt) EXPECT_TRUE(known.contains(name)) << "not-printed.txt: there is no message " << name;
}

TEST(Catalogue, NamesAreUsedOnce) {
  std::set<std::string_view> names;
  for (const CatalogueEntry& entry : catalogue()) EXPECT_TRUE(names.insert(entry.name).second) << entry.name;
}

TEST(Catalogue, BothLanguagesHaveTheSameArguments) {
  for (const CatalogueEntry& entry : catalogue()) {
    EXPECT_EQ(cut(entry.english).placeholders, cut(entry.japanese).placeholders) << entry.name;
  }
}

TEST(Catalogue, MessagesKeepToTheStyle) {
  const auto is_capital = [](char c) { return c >= 'A' && c <= 'Z'; };
  for (const CatalogueEntry& entry : catalogue()) {
    ASSERT_FALSE(entry.english.empty()) << entry.name;
    ASSERT_FALSE(entry.japanese.empty()) << entry.name;
    // Abbreviations (UTF-8, CSV) may begin a message.
    const bool capital = is_capital(entry.english[0]) && !(entry.english.size() > 1 && is_capital(entry.english[1]));
    EXPECT_FALSE(capital) << entry.name << " begins with a capital letter: " << entry.english;
    EXPECT_FALSE(entry.english.ends_with('.')) << entry.name << " ends with a full stop: " << entry.english;
    EXPECT_FALSE(entry.japanese.ends_with("。")) << entry.name << " ends with a full stop: " << entry.japanese;
    EXPECT_TRUE(std::ranges::any_of(entry.japanese, [](char c) { return static_cast<unsigned char>(c) >= 0x80; }))
        << entry.name << " is not translated: " << entry.japanese;
  }
}

}  // namespace
}  // namespace kenzan::test
