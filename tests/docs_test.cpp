// Every example of the documentation, run as a reader would run it: README.md and the pages below docs/, without docs/adr.
//
//   <!-- example: NAME -->              what follows happens in a new empty folder; a page begins in one
//   ```kenzan file=t.kz                 puts a file into the folder; so does any other word before `file=`
//   ```kenzan fragment                  declarations that are read by the parser only
//   ```console exit=1                   `$ COMMAND` lines, each with what a terminal shows then; exit is that of the last command (0)
//
// Fences of other languages (text, sh, json) are for reading. A line `...` in expected output stands for any lines, none too.
// `docs_tests --update`, or KENZAN_UPDATE_DOCS=1, writes what happened into the pages; read the difference before you commit it.
#include <gtest/gtest.h>
#include <re2/re2.h>

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <iostream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "base/figure.hpp"
#include "diag/check.hpp"
#include "diag/format.hpp"
#include "dsl/parse.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/places.hpp"
#include "tests/support/run.hpp"

namespace kenzan::test {
namespace {

namespace fs = std::filesystem;
using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines out;
  std::istringstream in(text);
  for (std::string line; std::getline(in, line);) out.push_back(line);
  return out;
}

std::string text_of(const Lines& lines) {
  std::string out;
  for (const std::string& line : lines) out += line + "\n";
  return out;
}

// ---------------------------------------------------------------- pages

struct Block {
  std::string info;       ///< "console exit=1"
  std::size_t first = 0;  ///< index of the line behind the opening fence
  std::size_t last = 0;   ///< of the closing fence
};
struct Item {
  std::optional<Block> block;  ///< none: a new example begins
  std::size_t line = 0;        ///< from 1
};

/// Cuts a page into fenced blocks and marks of new examples.
std::vector<Item> items_of(const Lines& lines) {
  std::vector<Item> out;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].starts_with("<!-- example")) out.push_back({std::nullopt, i + 1});
    const std::size_t fence = std::min(lines[i].find_first_not_of('`'), lines[i].size());
    if (fence < 3) continue;
    Block block{lines[i].substr(fence), i + 1, i + 1};
    while (block.last < lines.size() && lines[block.last] != std::string(fence, '`')) ++block.last;
    if (block.last == lines.size()) throw std::runtime_error("line " + std::to_string(i + 1) + ": this fence is not closed");
    out.push_back({block, i + 1});
    i = block.last;
  }
  return out;
}

/// The lines of a page, those inside of fences made empty.
Lines prose_of(Lines lines) {
  for (const Item& item : items_of(lines)) {
    for (std::size_t i = item.block ? item.block->first : 0; item.block && i < item.block->last; ++i) lines[i].clear();
  }
  return lines;
}

/// The words of an info string: language, then NAME or NAME=VALUE.
struct Info {
  std::string language;
  std::map<std::string, std::string> words;
};
Info info_of(const std::string& text) {
  Info out;
  std::istringstream in(text);
  in >> out.language;
  for (std::string word; in >> word;) {
    const std::size_t equal = std::min(word.find('='), word.size());
    out.words[word.substr(0, equal)] = equal < word.size() ? word.substr(equal + 1) : "";
  }
  return out;
}

std::vector<fs::path> pages() {
  std::vector<fs::path> out;
  const fs::path root = source_root();
  if (fs::exists(root / "README.md")) out.push_back(root / "README.md");
  for (auto at = fs::recursive_directory_iterator(root / "docs"); at != fs::recursive_directory_iterator(); ++at) {
    if (at->path() == root / "docs" / "adr")
      at.disable_recursion_pending();
    else if (at->path().extension() == ".md")
      out.push_back(at->path());
  }
  std::ranges::sort(out);
  return out;
}

std::string shown(const fs::path& path) { return path.lexically_relative(source_root()).generic_string(); }

/// Whether the output is the expected one, where a line `...` of it stands for any lines.
bool fits(const Lines& expected, std::size_t e, const Lines& actual, std::size_t a) {
  for (; e < expected.size(); ++e, ++a) {
    if (expected[e] == "...") {
      for (std::size_t rest = a; rest <= actual.size(); ++rest) {
        if (fits(expected, e + 1, actual, rest)) return true;
      }
      return false;
    }
    if (a == actual.size() || actual[a] != expected[e]) return false;
  }
  return a == actual.size();
}

// ---------------------------------------------------------------- running a page

class PageTest : public testing::Test {
 public:
  PageTest(fs::path path, bool update) : path_(std::move(path)), update_(update) {}

  void TestBody() override {
    try {
      lines_ = lines_of(read_file(path_));
      const Lines before = lines_;
      folder_ = std::make_unique<TemporaryFolder>();
      for (const Item& item : items_of(before)) {
        if (item.block)
          take(*item.block, item.line);
        else
          folder_ = std::make_unique<TemporaryFolder>();
      }
      finish();
      if (update_ && updated_ != before) {
        write_file(path_, text_of(updated_));
        std::cout << "updated " << shown(path_) << '\n' << line_difference(text_of(before), text_of(updated_));
      }
    } catch (const std::runtime_error& error) {
      ADD_FAILURE_AT(path_.c_str(), 1) << error.what();
    }
  }

 private:
  void take(const Block& block, std::size_t line) {
    const Info info = info_of(block.info);
    const Lines body(lines_.begin() + static_cast<std::ptrdiff_t>(block.first),
                     lines_.begin() + static_cast<std::ptrdiff_t>(block.last));
    if (const auto file = info.words.find("file"); file != info.words.end()) {
      write_file(folder_->path() / file->second, text_of(body));
    } else if (info.words.contains("fragment")) {
      parse(text_of(body), line);
    } else if (info.language == "console") {
      run_console(block, info, body, line);
    } else if (info.language == "kenzan" || info.language == "csv") {
      ADD_FAILURE_AT(path_.c_str(), static_cast<int>(line)) << "say file=NAME (a file of the example) or fragment (rules to parse)";
    }
  }

  void parse(const std::string& text, std::size_t line) {
    SourceMap sources;
    Diagnostics diagnostics;
    (void)dsl::parse(sources, sources.add("fragment.kz", text), diagnostics);
    for (const Diagnostic& diagnostic : diagnostics.all()) {
      const Position at = sources.position(diagnostic.place.source, diagnostic.place.begin);
      ADD_FAILURE_AT(path_.c_str(), static_cast<int>(line + at.line)) << draw(diagnostic.message, Language::english);
    }
  }

  void run_console(const Block& block, const Info& info, const Lines& body, std::size_t line) {
    if (body.empty() || !body.front().starts_with("$ "))
      throw std::runtime_error("line " + std::to_string(line) + ": begin with `$ COMMAND`");
    const int expected_exit = info.words.contains("exit") ? std::stoi(info.words.at("exit")) : 0;
    int exit = 0;
    bool same = true;
    Lines happened;
    for (std::size_t i = 0; i < body.size();) {
      const std::string& command = body[i];
      Lines expected;
      for (++i; i < body.size() && !body[i].starts_with("$ "); ++i) expected.push_back(body[i]);
      const kenzan::test::Run result = kenzan::test::run("exec 2>&1\n" + command.substr(2), folder_->path());
      if (tells_of_a_crash(result.out)) ADD_FAILURE_AT(path_.c_str(), static_cast<int>(line)) << command << "\n" << result.out;
      exit = result.exit;
      const Lines actual = lines_of(result.out);
      const bool fitting = fits(expected, 0, actual, 0);
      same = same && fitting;
      happened.push_back(command);
      const Lines& kept = fitting ? expected : actual;
      happened.insert(happened.end(), kept.begin(), kept.end());
    }
    if (same && exit == expected_exit) return;
    if (update_) {
      replace(block, exit, happened);
    } else {
      ADD_FAILURE_AT(path_.c_str(), static_cast<int>(line))
          << "exit " << exit << " (expected " << expected_exit << ")\n- is expected, + is what happened:\n"
          << line_difference(text_of(body), text_of(happened)) << "if + is right: docs_tests --update, and read the difference";
    }
  }

  void replace(const Block& block, int exit, const Lines& happened) {
    copy_up_to(block.first - 1);
    updated_.push_back(exit == 0 ? "```console" : "```console exit=" + std::to_string(exit));
    updated_.insert(updated_.end(), happened.begin(), happened.end());
    copied_ = block.last;
  }
  void copy_up_to(std::size_t end) {
    for (; copied_ < end; ++copied_) updated_.push_back(lines_[copied_]);
  }
  void finish() { copy_up_to(lines_.size()); }

  fs::path path_;
  bool update_;
  Lines lines_, updated_;
  std::size_t copied_ = 0;
  std::unique_ptr<TemporaryFolder> folder_;
};

// ---------------------------------------------------------------- the rounding table

std::string without_blanks(std::string text) {
  for (const std::string_view gone : {" ", "`", "*"}) {
    for (std::size_t at = 0; (at = text.find(gone, at)) != std::string::npos;) text.erase(at, gone.size());
  }
  for (std::size_t at = 0; (at = text.find("−", at)) != std::string::npos;) text.replace(at, std::string_view("−").size(), "-");
  return text;
}

/// Computes `v-u/2`, `-u`, `0` and the like.
Rational computed(const std::string& text, const Rational& v, const Rational& u) {
  static const std::map<std::string, int> known = {{"v", 0}, {"v-u", -2}, {"v+u", 2}, {"v-u/2", -1}, {"v+u/2", 1}};
  static const std::map<std::string, int> around_zero = {{"0", 0}, {"-u", -2}, {"u", 2}, {"-u/2", -1}, {"u/2", 1}};
  if (const auto at = known.find(text); at != known.end()) return v + u * at->second / 2;
  if (const auto at = around_zero.find(text); at != around_zero.end()) return u * at->second / 2;
  throw std::runtime_error("the rounding table holds `" + text + "`");
}

/// Reads `[v − u/2, v + u/2)` or `{v}`.
Interval interval_of(const std::string& cell, const Rational& v, const Rational& u) {
  const std::string text = without_blanks(cell);
  if (text.starts_with('{')) return Interval::point(computed(text.substr(1, text.size() - 2), v, u));
  const std::size_t comma = text.find(',');
  if (comma == std::string::npos) throw std::runtime_error("the rounding table holds `" + cell + "`");
  Interval out;
  out.low = {computed(text.substr(1, comma - 1), v, u), text.front() == '[', false};
  out.high = {computed(text.substr(comma + 1, text.size() - comma - 2), v, u), text.back() == ']', false};
  return out;
}

std::vector<std::string> cells_of(const std::string& row) {
  std::vector<std::string> out;
  std::istringstream in(row.substr(1));
  for (std::string cell; std::getline(in, cell, '|');) out.push_back(cell);
  return out;
}

TEST(LanguageReference, TheRoundingTableIsWhatTheProgramDoes) {
  const Lines lines = lines_of(read_file(source_root() / "docs" / "language.md"));
  auto at = std::ranges::find(lines, "<!-- table: rounding -->");
  ASSERT_NE(at, lines.end());
  std::map<Rounding, int> rows;
  while (at != lines.end() && !at->starts_with('|')) ++at;
  for (at += 2; at != lines.end() && at->starts_with('|'); ++at) {
    const std::vector<std::string> cells = cells_of(*at);
    ASSERT_EQ(cells.size(), 4U) << *at;
    std::string name;
    ASSERT_TRUE(RE2::PartialMatch(cells[0], "`([a-z-]+)`", &name)) << *at;
    Rounding mode{};
    ASSERT_TRUE(parse_rounding(name, mode)) << *at;
    ++rows[mode];
    const bool even = cells[0].find("even place") != std::string::npos, odd = cells[0].find("odd place") != std::string::npos;
    for (const Rational& u : {Rational(1), Rational(1) / 10, Rational(500)}) {
      for (int k = -4; k <= 4; ++k) {
        if ((even && k % 2 != 0) || (odd && k % 2 == 0)) continue;
        const Rational v = u * k;
        EXPECT_EQ(true_values({Mark::number, mode, v, u}), interval_of(cells[k > 0   ? 1
                                                                             : k < 0 ? 2
                                                                                     : 3],
                                                                       v, u))
            << *at << "\nfor v = " << k << " u";
      }
    }
  }
  EXPECT_EQ(rows.size(), 8U) << "a mode is missing";
  for (const auto& [mode, count] : rows) EXPECT_EQ(count, mode == Rounding::half_even ? 2 : 1) << spelling(mode);
}

// ---------------------------------------------------------------- pages of codes

/// The codes that the sources of the engine give to findings of their own: `complain(cell, "bad-number", …)` and the like.
std::set<std::string> codes_in_sources() {
  std::set<std::string> out;
  static const RE2 call(R"re((?:complain|finding)\([^"]*"([a-z]+(?:-[a-z]+)*)")re");
  for (const auto& entry : fs::recursive_directory_iterator(source_root() / "engine")) {
    if (entry.path().extension() != ".cpp") continue;
    for (const std::string& line : lines_of(read_file(entry.path()))) {
      if (std::string code; RE2::PartialMatch(line, call, &code)) out.insert(code);
    }
  }
  return out;
}

TEST(DiagnosticPages, EveryCodeHasOne) {
  std::set<std::string> codes = {"missing-column"};
  for (const BuiltinCheck& check : builtin_checks()) codes.emplace(check.code);
  codes.merge(codes_in_sources());
  static const RE2 prefix("^([a-z]+-[a-z]+): ");  // of failures, which have no other place for their code
  for (const CatalogueEntry& entry : catalogue()) {
    if (std::string code; RE2::PartialMatch(entry.english, prefix, &code)) codes.insert(code);
  }
  for (std::size_t i = 0; i < verdict_count; ++i) {
    if (const auto verdict = static_cast<Verdict>(i); verdict != Verdict::holds) codes.emplace(name_of(verdict));
  }
  const std::string index = read_file(source_root() / "docs" / "diagnostics" / "README.md");
  for (const std::string& code : codes) {
    const fs::path page = source_root() / "docs" / "diagnostics" / (code + ".md");
    ASSERT_TRUE(fs::exists(page)) << "write " << shown(page);
    const std::string text = read_file(page);
    EXPECT_TRUE(text.starts_with("# `" + code + "`")) << shown(page) << ": its title is # `" << code << "`";
    EXPECT_NE(text.find("```console"), std::string::npos) << shown(page) << ": show it in an example";
    EXPECT_NE(index.find("(" + code + ".md)"), std::string::npos) << "docs/diagnostics/README.md does not list " << code;
  }
}

TEST(DiagnosticPages, TheIndexSaysWhatEachCheckIs) {
  const std::string index = read_file(source_root() / "docs" / "diagnostics" / "README.md");
  for (const BuiltinCheck& check : builtin_checks()) {
    const std::string code(check.code);
    const std::string row = "| [`" + code + "`](" + code + ".md) | " + std::string(name_of(check.severity)) + " | " +
                            draw(say(check.meaning), Language::english) + " |\n";
    EXPECT_NE(index.find(row), std::string::npos) << "docs/diagnostics/README.md needs the line\n" << row;
  }
}

TEST(CommandLine, EveryFormatIsDescribed) {
  const std::string page = read_file(source_root() / "docs" / "cli.md");
  for (const Format& format : formats()) {
    const std::string name(format.name);
    EXPECT_NE(page.find("\n## " + name + "\n"), std::string::npos) << "docs/cli.md: there is no heading ## " << name;
    EXPECT_NE(page.find("[`" + name + "`](#" + name + ")"), std::string::npos) << "docs/cli.md: the table lacks " << name;
  }
}

/// The anchors that the headings of a page make: `## Numbers in rules` is #numbers-in-rules.
std::set<std::string> anchors_of(const Lines& lines) {
  std::set<std::string> out;
  for (const std::string& line : prose_of(lines)) {
    const std::size_t text = line.find_first_not_of('#');
    if (text == 0 || text == std::string::npos || line[text] != ' ') continue;
    std::string anchor;
    for (char c : line.substr(text + 1)) {
      if (c == ' ')
        anchor += '-';
      else if (c == '-' || c == '_' || std::isalnum(static_cast<unsigned char>(c)) != 0)
        anchor += static_cast<char>(std::tolower(c));
    }
    out.insert(anchor);
  }
  return out;
}

TEST(Pages, LinksLeadSomewhere) {
  static const RE2 link(R"(\]\(([^)#:]*)(?:#([^)]*))?\))");
  for (const fs::path& page : pages()) {
    const Lines lines = prose_of(lines_of(read_file(page)));
    for (std::size_t i = 0; i < lines.size(); ++i) {
      std::string path, anchor;
      for (re2::StringPiece rest = lines[i]; RE2::FindAndConsume(&rest, link, &path, &anchor);) {
        const fs::path target = path.empty() ? page : page.parent_path() / path;
        EXPECT_TRUE(fs::exists(target)) << shown(page) << ":" << i + 1 << ": " << path;
        if (anchor.empty() || !fs::exists(target)) continue;
        EXPECT_TRUE(anchors_of(lines_of(read_file(target))).contains(anchor))
            << shown(page) << ":" << i + 1 << ": there is no heading #" << anchor;
      }
    }
  }
}

/// The numbers in a text as they are written: 25.65
std::set<std::string> numbers_in(const std::string& text) {
  static const RE2 number(R"((\d+(?:\.\d+)?))");
  std::set<std::string> out;
  std::string each;
  for (re2::StringPiece rest = text; RE2::FindAndConsume(&rest, number, &each);) out.insert(each);
  return out;
}

/// What a picture says to those who see it.
std::string words_of(const std::string& svg) {
  static const RE2 text_element(R"((?s)<text[^>]*>(.*?)</text>)"), tag("<[^>]*>");
  std::string out, each;
  for (re2::StringPiece rest = svg; RE2::FindAndConsume(&rest, text_element, &each);) out.append(each).append("\n");
  RE2::GlobalReplace(&out, tag, "");
  return out;
}

// The examples of a page are run, so what is in them is what the program says.
TEST(Pictures, SayNumbersOfTheExamplesBesideThem) {
  static const RE2 image(R"(!\[([^\]]*)\]\(([^)]*)\))");
  std::set<fs::path> shown_somewhere;
  for (const fs::path& page : pages()) {
    const Lines lines = lines_of(read_file(page));
    std::string examples;
    for (const Item& item : items_of(lines)) {
      for (std::size_t i = item.block ? item.block->first : 0; item.block && i < item.block->last; ++i) examples += lines[i] + "\n";
    }
    const std::set<std::string> known = numbers_in(examples);
    const std::string prose = text_of(prose_of(lines));
    std::string words, path;
    for (re2::StringPiece rest = prose; RE2::FindAndConsume(&rest, image, &words, &path);) {
      const fs::path picture = (page.parent_path() / path).lexically_normal();
      ASSERT_TRUE(fs::exists(picture)) << shown(page) << ": " << path;
      shown_somewhere.insert(picture);
      EXPECT_GT(words.size(), 20U) << shown(picture) << ": say in words what it shows";
      const std::string svg = read_file(picture);
      for (const char* beyond : {"href", "<script", "url(", "@import", "<image"})
        EXPECT_EQ(svg.find(beyond), std::string::npos) << shown(picture) << ": a picture stands alone: " << beyond;
      const std::set<std::string> numbers = numbers_in(words_of(svg));
      EXPECT_FALSE(numbers.empty()) << shown(picture);
      for (const std::string& number : numbers) EXPECT_TRUE(known.contains(number)) << shown(picture) << ": " << number;
      for (const std::string& number : numbers_in(words)) EXPECT_TRUE(numbers.contains(number)) << shown(page) << ": " << words;
    }
  }
  for (const auto& entry : fs::directory_iterator(source_root() / "docs" / "pictures"))
    EXPECT_TRUE(shown_somewhere.contains(entry.path().lexically_normal())) << shown(entry.path()) << ": no page shows it";
}

/// Registers a test named for the page. A filter of GoogleTest takes `-` for "but not", hence `_`.
void register_page(const fs::path& path, bool update) {
  std::string name = shown(path);
  for (char& c : name) c = c == '-' || c == '.' || c == '/' ? '_' : c;
  testing::RegisterTest("page", name.c_str(), nullptr, nullptr, path.c_str(), 1,
                        [path, update]() -> testing::Test* { return new PageTest(path, update); });
}

}  // namespace
}  // namespace kenzan::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const char* asked = std::getenv("KENZAN_UPDATE_DOCS");
  bool update = asked != nullptr && std::string_view(asked) == "1";
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) != "--update") {
      std::cerr << "usage: docs_tests [--update] [--gtest_filter=…]\n";
      return 2;
    }
    update = true;
  }
  for (const auto& path : kenzan::test::pages()) kenzan::test::register_page(path, update);
  return RUN_ALL_TESTS();
}
