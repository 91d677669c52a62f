// The line of progress, for given numbers and widths.
#include <gtest/gtest.h>
#include <unistd.h>

#include "base/text.hpp"
#include "cli/progress.hpp"

namespace kenzan::cli {
namespace {

using std::chrono::duration;

/// On a terminal that takes the bar's blocks as narrow, as nearly all do.
std::size_t columns(std::string drawn) {
  for (std::size_t at = 0; (at = drawn.find("\xE2\x96", at)) != std::string::npos; ++at) drawn.replace(at, 3, "#");
  return display_width(drawn);
}

ProgressLine items() { return {"items.csv", true, 289'000'000, 535'000'000, 5'400'000, duration<double>(0.472)}; }

TEST(DrawProgress, ShowsBytesRowsRateAndTimeLeft) {
  EXPECT_EQ(draw_progress(items(), {81}), "items.csv  ████████████▉              54 %  5.4 M rows  612 MB/s  0.4 s left");
  EXPECT_EQ(draw_progress(items(), {81, Language::japanese}),
            "items.csv  ████████████▉              54 %  540万行  612 MB/s  残り0.4秒");
}

TEST(DrawProgress, IsAsciiWhereTheLocaleIsNot) {
  ProgressLine line = items();
  line.label = "内訳.csv";
  EXPECT_EQ(draw_progress(line, {81, Language::japanese, false}),
            "??.csv  ############............   54 %  5.4 M rows  612 MB/s  0.4 s left");
}

TEST(DrawProgress, LeavesOutWhatHasNoRoom) {
  EXPECT_EQ(draw_progress(items(), {60}), "items.csv  █████████▏          54 %  5.4 M rows  0.4 s left");
}

TEST(DrawProgress, IsNarrowerThanTheTerminal) {
  ProgressLine line = items();
  for (const std::string label : {"items.csv", "a/very/long/path/to/a/folder/of/令和6年度/内訳.csv", ""}) {
    for (const std::uint64_t total : {std::uint64_t{0}, std::uint64_t{535'000'000}}) {
      line.label = label;
      line.total = total;
      for (std::size_t width = 0; width < 120; ++width) {
        std::string drawn = draw_progress(line, {width});
        EXPECT_LE(columns(drawn), width == 0 ? 0 : width - 1) << drawn;
        drawn = draw_progress(line, {width, Language::english, false});
        EXPECT_LE(drawn.size(), width == 0 ? 0 : width - 1) << drawn;
      }
    }
  }
}

TEST(DrawProgress, CountsBytesWhereTheEndIsNotKnown) {
  EXPECT_EQ(draw_progress({"standard input", true, 1'230'000'000, 0, 0, duration<double>(10)}, {80}),
            "standard input  1.2 GB  123 MB/s");
}

TEST(DrawProgress, CountsOtherThingsOneByOne) {
  EXPECT_EQ(draw_progress({"judging rule sum", false, 3, 24, 0, duration<double>(1)}, {80}),
            "judging rule sum  ███                       3/24");
}

TEST(DrawProgress, NamesLongTimes) {
  const auto left = [](double seconds) {
    const std::string drawn = draw_progress({"a", true, 1'000'000, 2'000'000, 0, duration<double>(seconds)}, {200});
    return drawn.substr(drawn.find("/s  ") + 4);
  };
  EXPECT_EQ(left(0.04), "0.0 s left");
  EXPECT_EQ(left(42), "42 s left");
  EXPECT_EQ(left(420), "7.0 min left");
  EXPECT_EQ(left(36'000), "10 h left");
}

TEST(ProgressBar, SaysNothingWhereThereIsNoTerminal) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);
  {
    ProgressBar bar(ends[1], Language::english);
    EXPECT_FALSE(bar.enabled());
    bar.tell({engine::Progress::Stage::reading, "t.csv", 1, 2, 1});
  }
  ::close(ends[1]);
  char byte = 0;
  EXPECT_EQ(::read(ends[0], &byte, 1), 0);
  ::close(ends[0]);
}

}  // namespace
}  // namespace kenzan::cli
