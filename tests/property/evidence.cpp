// Evidence over random rules and tables: built again it is the same, and no byte of it changes unseen.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/support/held_tables.hpp"
#include "tests/support/random.hpp"
#include "tests/support/random_program.hpp"
#include "tests/support/run.hpp"

namespace kenzan::test {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_below(const fs::path& folder) {
  std::vector<fs::path> out;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file()) out.push_back(entry.path());
  }
  std::ranges::sort(out);
  return out;
}

TEST(Evidence, IsTheSameWhenBuiltAgainAndNoByteOfItChangesUnseen) {
  std::size_t changed = 0;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    Random random(seed);
    const RandomProgram program = random_program(seed, 6);
    const TemporaryFolder folder;
    write_file(folder.path() / "rules/r.kz", program.tables + valid_rules(program.tables, program.rules));
    for (const auto& [path, bytes] : program.files) write_file(folder.path() / "rules" / path, bytes);
    const Run built = run("kenzan evidence build a rules; kenzan evidence build b rules; diff -r a b", folder.path());
    ASSERT_EQ(built.exit, 0) << "seed " << seed << "\n" << built.out << built.err;
    const Run right = run("kenzan evidence verify a", folder.path());
    ASSERT_EQ(right.exit, 0) << "seed " << seed << "\n" << right.err;

    for (const fs::path& file : files_below(folder.path() / "a")) {
      const std::string before = read_file(file);
      if (before.empty()) continue;
      std::string after = before;
      char& byte = after[random.below(after.size())];
      byte = static_cast<char>(byte ^ static_cast<char>(1 + random.below(255)));
      write_file(file, after);
      const Run wrong = run("kenzan evidence verify a", folder.path());
      EXPECT_NE(wrong.exit, 0) << "seed " << seed << ": " << file << " has changed unseen";
      EXPECT_FALSE(tells_of_a_crash(wrong.err)) << wrong.err;
      write_file(file, before);
      ++changed;
    }
  }
  EXPECT_GT(changed, 50U);
}

}  // namespace
}  // namespace kenzan::test
