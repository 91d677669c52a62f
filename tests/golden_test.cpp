// One test for each file below tests/golden. `golden_tests --update`, or KENZAN_UPDATE_GOLDEN=1, rewrites what the files expect.
#include "tests/support/golden.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <stdexcept>

#include "tests/support/places.hpp"
#include "tests/support/run.hpp"

namespace kenzan::test {
namespace {

class GoldenTest : public testing::Test {
 public:
  GoldenTest(std::filesystem::path path, bool update) : path_(std::move(path)), update_(update) {}

  void TestBody() override {
    try {
      const Golden expected = parse_golden(read_file(path_));
      const Golden actual = replay(expected);
      const std::string difference = differences(expected, actual);
      if (difference.empty()) return;
      if (update_) {
        write_file(path_, to_text(actual));
        std::cout << "updated " << shown_path() << '\n' << difference;
      } else {
        ADD_FAILURE_AT(path_.c_str(), 1) << "- is expected, + is what happened:\n"
                                         << difference << "if + is right: make golden, and read the difference";
      }
    } catch (const std::runtime_error& error) {
      ADD_FAILURE_AT(path_.c_str(), 1) << error.what();
    }
  }

 private:
  [[nodiscard]] std::string shown_path() const { return std::filesystem::relative(path_, source_root()).string(); }

  std::filesystem::path path_;
  bool update_;
};

/// Registers a test named for the file. A filter of GoogleTest takes `-` for "but not", hence `_`.
void register_test(const std::filesystem::path& folder, const std::filesystem::path& path, bool update) {
  const auto named = [](std::string text) {
    for (char& c : text) c = c == '-' || c == '.' || c == '*' || c == '?' || c == ':' ? '_' : c;
    return text;
  };
  const std::string group =
      path.parent_path() == folder ? "" : "/" + std::filesystem::relative(path.parent_path(), folder).string();
  testing::RegisterTest(named("golden" + group).c_str(), named(path.stem().string()).c_str(), nullptr, nullptr, path.c_str(), 1,
                        [path, update]() -> testing::Test* { return new GoldenTest(path, update); });
}

}  // namespace
}  // namespace kenzan::test

int main(int argc, char** argv) {
  testing::InitGoogleTest(&argc, argv);
  const char* asked = std::getenv("KENZAN_UPDATE_GOLDEN");
  bool update = asked != nullptr && std::string_view(asked) == "1";
  for (int i = 1; i < argc; ++i) {
    if (std::string_view(argv[i]) != "--update") {
      std::cerr << "usage: golden_tests [--update] [--gtest_filter=…]\n";
      return 2;
    }
    update = true;
  }
  const std::filesystem::path folder = kenzan::test::source_root() / "tests" / "golden";
  for (const auto& path : kenzan::test::golden_files(folder)) kenzan::test::register_test(folder, path, update);
  return RUN_ALL_TESTS();
}
