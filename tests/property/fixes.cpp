// `kenzan fix` over random files: the cells that are written oddly become what they were made from, and no other byte changes.
#include <gtest/gtest.h>

#include <algorithm>

#include "diag/csv_text.hpp"
#include "engine/fix/fix.hpp"
#include "engine/table/csv.hpp"
#include "tests/support/outcome.hpp"
#include "tests/support/random.hpp"

namespace kenzan::test {
namespace {

engine::Fix fixed(const CompiledRules& rules, const Files& files, bool unsafe = false) {
  engine::FixOptions options;
  options.run.load.open = [&files](const std::string& path) -> Result<std::string, std::string> { return files.at(path); };
  options.run.as_of = "2027-01-01";
  options.unsafe = unsafe;
  options.identity = [](const std::string& path) { return path; };
  return engine::find_fixes(rules.sources, rules.program, options);
}

std::string cell_of(std::string_view text, bool quoted, char delimiter) {
  std::string out;
  if (!quoted) {
    append_cell(out, text, delimiter);
    return out;
  }
  out.push_back('"');
  append_quoted(out, text);
  return out + "\"";
}

std::string digits(Random& random, std::size_t count) {
  std::string out(1, static_cast<char>('1' + random.below(9)));
  while (out.size() < count) out.push_back(static_cast<char>('0' + random.below(10)));
  return out;
}

/// A number as it should be written, and as it is written oddly.
struct Spelling {
  std::string plain, odd;
};
Spelling random_spelling(Random& random) {
  const std::string a = digits(random, 1 + random.below(3)), b = digits(random, 3), c = digits(random, 3), d = digits(random, 2);
  const char* const blanks[] = {" ", "  ", "\u3000", "\u00A0", "\n"};
  const std::string blank = blanks[random.below(std::size(blanks))];
  const std::string unit[] = {"", "億円", " 億円"};
  const std::string& u = unit[random.below(std::size(unit))];
  const std::string invisible[] = {"\u200B", "\u2060", "\uFEFF"};
  switch (random.below(8)) {
    case 0: return {a + "," + b + u, a + blank + "," + b + u};
    case 1: return {a + "." + d + u, a + blank + "." + blank + d + u};
    case 2: return {a + b + "." + d, a + " " + b + "." + d};
    case 3: return {a + "," + b + "." + d + u, a + "'" + b + "." + d + u};
    case 4: return {a + "," + b + "," + c + "." + d, a + "." + b + "." + c + "," + d};
    case 5: return {"-" + a + d + u, "-" + a + invisible[random.below(std::size(invisible))] + d + u};
    case 6: return {a + d + ".5", a + "." + d + "5e2"};
    default: return {"△" + a + "," + b + "," + c, "△" + a + "_" + b + "_" + c};
  }
}

TEST(Fixes, OnlyWhatIsWrittenOddlyChangesAndOnlyOnce) {
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    Random random(seed);
    const char delimiter = ",;\t|"[random.below(4)];
    const std::string line_end = std::array{"\n", "\r\n"}[random.below(2)];
    std::string before = random.below(3) == 0 ? "\xEF\xBB\xBF" : "", after;
    before += std::string("k") + delimiter + "v" + delimiter + "note" + line_end;
    after = before;
    const std::size_t rows = 1 + random.below(12);
    std::size_t odd = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      const Spelling spelling = random_spelling(random);
      const std::string texts[] = {"1 234", "a\"b", "x" + std::string(1, delimiter) + "y", "l\nm", "", "2 . 5 ", "1'234"};
      const std::string key = cell_of(std::to_string(row) + texts[random.below(std::size(texts))], random.below(2) == 0, delimiter);
      const std::string note = cell_of(texts[random.below(std::size(texts))], random.below(2) == 0, delimiter);
      const bool is_odd = random.below(3) > 0;
      const bool quoted = random.below(2) == 0;
      const std::string written = cell_of(is_odd ? spelling.odd : spelling.plain, quoted, delimiter);
      const bool stays_quoted = written.starts_with('"');
      const std::string end = row + 1 == rows && random.below(2) == 0 ? "" : line_end;
      before += key + delimiter + written + delimiter + note + end;
      after += key + delimiter + cell_of(spelling.plain, stays_quoted, delimiter) + delimiter + note + end;
      odd += is_odd ? 1 : 0;
    }
    const std::string sign = delimiter == '\t' ? "format tsv" : std::string("delimiter \"") + delimiter + "\"";
    const CompiledRules rules =
        compile_rules("table t from \"t.csv\" { k text optional  v 億円  note text optional  key row  " + sign + " }");
    const engine::Fix fix = fixed(rules, {{"t.csv", before}});
    ASSERT_TRUE(fix.complete);
    ASSERT_EQ(fix.files.size(), odd == 0 ? 0U : 1U) << "seed " << seed << '\n' << before;
    EXPECT_TRUE(fix.left.empty()) << "seed " << seed;
    if (odd == 0) continue;
    ASSERT_EQ(fix.files[0].after, after) << "seed " << seed << '\n' << before;
    EXPECT_EQ(fix.files[0].before, before);
    EXPECT_EQ(fix.files[0].changes.size(), odd);
    EXPECT_TRUE(fixed(rules, {{"t.csv", fix.files[0].after}}).files.empty()) << "seed " << seed;
  }
}

TEST(Fixes, AnyTextInACellReadsAsItself) {
  const std::string pieces[] = {"\"", "\"\"", ",", ";", "\n", "\r", " ", "7", "億", "'", "|", "\t", ""};
  for (std::uint64_t seed = 0; seed < 3000; ++seed) {
    Random random(seed);
    const char delimiter = ",;\t|"[random.below(4)];
    const auto text = [&] {
      std::string out;
      for (std::size_t n = random.below(5); n > 0; --n) out += pieces[random.below(std::size(pieces))];
      return out;
    };
    std::vector<std::string> cells(1 + random.below(4));
    std::string file;
    for (std::string& cell : cells) {
      cell = text();
      if (&cell != &cells.front()) file.push_back(delimiter);
      file += cell_of(cell, random.below(2) == 0 || cells.size() == 1, delimiter);
    }
    file += random.below(2) == 0 ? "\n" : "";
    const auto read = [delimiter](const std::string& bytes, engine::CsvRecord& record) {
      engine::CsvReader reader(bytes, delimiter);
      EXPECT_TRUE(reader.next(record));
      EXPECT_EQ(record.issue, engine::CsvIssue::none) << bytes;
      std::vector<std::string> out;
      std::string scratch;
      for (const engine::CsvCell& cell : record.cells) out.emplace_back(reader.text_of(cell, scratch));
      engine::CsvRecord more;
      EXPECT_FALSE(reader.next(more)) << bytes;
      return out;
    };
    engine::CsvRecord record;
    ASSERT_EQ(read(file, record), cells) << "seed " << seed;
    const std::size_t which = random.below(cells.size());
    std::string other = text();
    if (cells.size() == 1 && other.empty()) other = "x";  // an empty line is no record
    const engine::CsvCell cell = record.cells[which];
    const std::string bytes = cell_bytes(other, stands_in_quotes(file, cell.begin), delimiter);
    const std::string changed = engine::edited(file, {{cell.begin, cell.end, bytes}});
    EXPECT_EQ(changed.substr(0, cell.begin), file.substr(0, cell.begin));
    EXPECT_TRUE(changed.ends_with(file.substr(cell.end)));
    cells[which] = other;
    EXPECT_EQ(read(changed, record), cells) << "seed " << seed << ": " << file << " -> " << changed;
    // And back: where a place in the edited file comes from.
    const std::vector<engine::Edit> edits = {{cell.begin, cell.end, bytes}};
    for (std::uint32_t at = 0; at < changed.size(); ++at) {
      const engine::Origin origin = engine::origin_of(at, edits);
      const bool inside = at >= cell.begin && at < cell.begin + bytes.size();
      ASSERT_EQ(origin.edit != nullptr, inside || (bytes.empty() && at == cell.begin)) << "seed " << seed;
      if (origin.edit == nullptr) {
        ASSERT_EQ(file[origin.offset], changed[at]);
      }
    }
  }
}

TEST(Fixes, WhatMayHaveBeenMeantLeavesFewerViolationsAndNothingNew) {
  const CompiledRules rules = compile_rules(R"(
table t from "t.csv" { k text  v 億円  key k  rounded half-up }
table u from "u.csv" { k text  v 億円  key k  rounded half-up }
rule total { require t.v[sum] = t.v[a] + t.v[b] + t.v[c] }
rule restated by k of u { require u.v = t.v }
)");
  std::size_t with_changes = 0, mended = 0;
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    Random random(seed);
    std::vector<std::size_t> parts;
    for (int i = 0; i < 3; ++i) parts.push_back(100 + random.below(9000));
    const auto tenths = [](std::size_t value) { return std::to_string(value / 10) + "." + std::to_string(value % 10); };
    const std::size_t sum = parts[0] + parts[1] + parts[2];
    const std::string right =
        "k,v\na," + tenths(parts[0]) + "\nb," + tenths(parts[1]) + "\nc," + tenths(parts[2]) + "\nsum," + tenths(sum) + "\n";
    std::string wrong = right;
    for (std::size_t slips = 1 + random.below(2); slips > 0; --slips) {
      const std::size_t at = 4 + random.below(wrong.size() - 4);
      if (wrong[at] >= '0' && wrong[at] <= '9') wrong[at] = static_cast<char>('0' + random.below(10));
    }
    const std::string page = random.below(2) == 0 ? right : "k,v\nsum," + tenths(sum) + "\n";
    const engine::Fix fix = fixed(rules, {{"t.csv", wrong}, {"u.csv", page}}, true);
    ASSERT_TRUE(fix.complete);
    if (fix.files.empty()) continue;
    Files files = {{"t.csv", wrong}, {"u.csv", page}};
    const Outcome before = outcome_of(rules, files);
    for (const engine::FixedFile& file : fix.files) {
      EXPECT_EQ(file.before, files.at(file.path));
      EXPECT_EQ(file.after, engine::edited(file.before, file.edits));
      for (const engine::Edit& edit : file.edits) {  // a figure stands there, and nothing else
        EXPECT_EQ(file.before.substr(edit.begin, edit.end - edit.begin).find_first_not_of("0123456789.-"), std::string::npos);
        EXPECT_EQ(file.before[edit.begin - 1], ',');
        EXPECT_EQ(file.before[edit.end], '\n');
      }
      files[file.path] = file.after;
    }
    const Outcome after = outcome_of(rules, files);
    const auto violated = [](const Outcome& outcome) {
      return outcome.summary.verdicts[static_cast<std::size_t>(Verdict::violated)];
    };
    EXPECT_LT(violated(after), violated(before)) << wrong << page;
    EXPECT_LT(after.findings.size(), before.findings.size());
    EXPECT_TRUE(fixed(rules, files, true).files.empty()) << "seed " << seed << '\n' << wrong << page;
    ++with_changes;
    mended += files.at("t.csv") == right && files.at("u.csv") == page ? 1 : 0;
  }
  std::cout << "of 150 tables with slips " << with_changes << " were changed, " << mended << " of them back to what was right\n";
  EXPECT_GT(with_changes, 20U);
}

}  // namespace
}  // namespace kenzan::test
