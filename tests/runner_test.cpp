// The golden runner itself: what it reads it writes back, and a difference is seen.
#include <gtest/gtest.h>

#include <stdexcept>

#include "tests/support/golden.hpp"

namespace kenzan::test {
namespace {

constexpr const char* example =
    "# A comment.\n"
    "-- sub/t.csv --\n年金,13.4\n"
    "-- raw.csv (escaped) --\n\\xEF\\xBB\\xBFa,b\\r\nlast\\\n"
    "-- expect: cat sub/t.csv ; exit 0 --\n年金,13.4\n"
    "-- expect: echo oops >&2; exit 3 ; exit 3 --\n"
    "-- stderr --\noops\n";

TEST(GoldenRunner, WritesWhatItRead) { EXPECT_EQ(to_text(parse_golden(example)), example); }

TEST(GoldenRunner, DecodesEscapedFiles) {
  const Golden golden = parse_golden(example);
  ASSERT_EQ(golden.files.size(), 2U);
  EXPECT_EQ(golden.files[0].bytes, "年金,13.4\n");
  EXPECT_EQ(golden.files[1].bytes,
            "\xEF\xBB\xBF"
            "a,b\r\nlast");
}

TEST(GoldenRunner, SeesNoDifferenceWhereThereIsNone) {
  const Golden golden = parse_golden(example);
  EXPECT_EQ(differences(golden, replay(golden)), "");
}

TEST(GoldenRunner, SeesAnotherExitOutputOrError) {
  const auto differs = [](const std::string& command, const std::string& expected) {
    const Golden golden = parse_golden("-- expect: " + command + " --\n" + expected);
    return differences(golden, replay(golden));
  };
  EXPECT_NE(differs("echo a ; exit 1", "a\n").find("+ -- expect: echo a ; exit 0 --"), std::string::npos);
  EXPECT_NE(differs("echo a ; exit 0", "b\n").find("- b\n+ a\n"), std::string::npos);
  EXPECT_NE(differs("printf a ; exit 0", "a\n").find("no line end"), std::string::npos);
  EXPECT_NE(differs("echo 't.kz:1:1: error: x' >&2 ; exit 0", "").find("+ -- stderr --"), std::string::npos);
  EXPECT_EQ(differs("echo '1 rule, 2 instances: 2 hold; figures: 3 of 3 checked' >&2 ; exit 0", ""), "");
  EXPECT_NE(differs("kill -SEGV $$ ; exit 139", "").find("broken"), std::string::npos);
}

TEST(GoldenRunner, GivesAFixedEnvironment) {
  const Golden golden = parse_golden("-- expect: echo $LANG $NO_COLOR $FORCE_COLOR.; pwd; wc -c ; exit 0 --\nC.UTF-8 .\n$DIR\n0\n");
  EXPECT_EQ(differences(golden, replay(golden)), "");
}

TEST(GoldenRunner, RefusesWhatItCannotRead) {
  EXPECT_THROW((void)parse_golden("-- t.csv --\na\n"), std::runtime_error);
  EXPECT_THROW((void)parse_golden("words\n-- expect: x ; exit 0 --\n"), std::runtime_error);
  EXPECT_THROW((void)parse_golden("-- expect: x --\n"), std::runtime_error);
  EXPECT_THROW((void)parse_golden("-- expect: x ; exit 0 --\n-- t.csv --\n"), std::runtime_error);
  EXPECT_THROW((void)parse_golden("-- t.csv (escaped) --\n\\q\n-- expect: x ; exit 0 --\n"), std::runtime_error);
}

TEST(GoldenRunner, EscapesControlCharacters) {
  const std::string bytes = "\x1b[31ma\\b\tc\r\n";
  EXPECT_EQ(escape(bytes), "\\x1B[31ma\\\\b\\tc\\r\n");
  EXPECT_EQ(unescape(escape(bytes)), bytes);
}

}  // namespace
}  // namespace kenzan::test
