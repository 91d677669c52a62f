// The diff of edits is one that `patch` takes, and makes of the old file the new one.
#include <gtest/gtest.h>

#include "cli/diff.hpp"
#include "tests/support/random.hpp"
#include "tests/support/run.hpp"

namespace kenzan::cli {
namespace {

using engine::Edit;

std::string diff_of(std::string_view before, const std::vector<Edit>& edits, DiffStyle style = {}) {
  std::string out;
  append_diff(out, "t.csv", before, edits, style);
  return out;
}

TEST(Diff, ShowsThreeLinesAroundWhatChanges) {
  EXPECT_EQ(diff_of("1\n2\n3\n4\n5\n6\n7\n8\n9\n", {{8, 9, "x"}}),
            "--- a/t.csv\n+++ b/t.csv\n@@ -2,7 +2,7 @@\n 2\n 3\n 4\n-5\n+x\n 6\n 7\n 8\n");
  EXPECT_EQ(diff_of("1,2", {{0, 1, "3"}, {2, 3, "4"}}),
            "--- a/t.csv\n+++ b/t.csv\n@@ -1 +1 @@\n-1,2\n\\ No newline at end of file\n+3,4\n\\ No newline at end of file\n");
}

TEST(Diff, IsHarmlessToATerminal) {
  EXPECT_EQ(diff_of("a\x1b[2J,1\r\n", {{6, 7, "2"}}, {true, false}),
            "\x1b[1m--- a/t.csv\x1b[0m\n\x1b[1m+++ b/t.csv\x1b[0m\n\x1b[36m@@ -1 +1 @@\x1b[0m\n\x1b[31m-a␛[2J,1\x1b[0m\n"
            "\x1b[32m+a␛[2J,2\x1b[0m\n");
}

TEST(Diff, QuotesPathsAsGitDoes) {
  std::string out;
  append_diff(out, "a \"b\n", "1", {{0, 1, "2"}}, {});
  EXPECT_EQ(out.substr(0, out.find("@@")), "--- \"a/a \\\"b\\012\"\n+++ \"b/a \\\"b\\012\"\n");
  out.clear();
  append_diff(out, "年 度.csv", "1", {{0, 1, "2"}}, {});
  EXPECT_EQ(out.substr(0, out.find("@@")), "--- a/年 度.csv\t\n+++ b/年 度.csv\t\n");
}

TEST(Diff, PatchMakesTheEdits) {
  const test::TemporaryFolder folder;
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    test::Random random(seed);
    std::string before;
    for (std::size_t lines = 1 + random.below(40); lines > 0; --lines) {
      before += std::to_string(random.below(1000)) + "," + std::to_string(random.below(4)) + (random.below(4) == 0 ? "\r\n" : "\n");
    }
    if (random.below(3) == 0) before.pop_back();
    std::vector<Edit> edits;
    for (std::uint32_t at = 0; at < before.size(); at += 1 + static_cast<std::uint32_t>(random.below(60))) {
      const auto end =
          std::min<std::uint32_t>(at + static_cast<std::uint32_t>(random.below(6)), static_cast<std::uint32_t>(before.size()));
      if (!edits.empty() && at < edits.back().end) continue;
      edits.push_back({at, end, "x" + std::string(random.below(2), '\n') + std::to_string(random.below(10))});
    }
    test::write_file(folder.path() / "t.csv", before);
    test::write_file(folder.path() / "t.diff", diff_of(before, edits));
    const test::Run patched = test::run("patch -s --binary -p1 -i t.diff t.csv", folder.path());
    ASSERT_EQ(patched.exit, 0) << patched.out << patched.err << "seed " << seed << '\n' << diff_of(before, edits);
    EXPECT_EQ(test::read_file(folder.path() / "t.csv"), engine::edited(before, edits)) << "seed " << seed;
  }
}

}  // namespace
}  // namespace kenzan::cli
