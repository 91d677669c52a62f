// Golden files: rules, data, commands and what these print, in one file each.
//
//   # What the behaviour is, and why: comments before the first section.
//   -- t.csv --                                      a file: the lines up to the next section, byte for byte
//   -- sub/bytes.csv (escaped) --                    the same, with \r \n \t \xNN \\ for those bytes; \ at a line's end takes the end off
//   -- expect: kenzan check t.kz ; exit 1 --         a command, its exit status, and its standard output
//   -- stderr --                                     and its standard error. without this section only summary lines may stand there
//   -- expect (escaped): … ; exit 0 --               output with control characters, escaped likewise; also -- stderr (escaped) --
//
// Commands run in order in one new folder that holds the files. Output that does not end a line is followed by a line that says so.
#pragma once
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace kenzan::test {

struct GoldenFile {
  std::string name;
  std::string bytes;
};

/// Lines of text as the golden file shows them, and whether control characters are escaped.
struct GoldenText {
  std::string shown;
  bool escaped = false;
};

struct GoldenCommand {
  std::string command;
  int exit = 0;
  GoldenText out;
  std::optional<GoldenText> err;
};

/// A golden file. `front` is all that stands before the first command, as it stands.
struct Golden {
  std::string front;
  std::vector<GoldenFile> files;
  std::vector<GoldenCommand> commands;
};

/// Reads a golden file; throws std::runtime_error with the line of a mistake.
[[nodiscard]] Golden parse_golden(std::string_view text);

/// Writes a golden file: the inverse of parse_golden.
[[nodiscard]] std::string to_text(const Golden& golden);

/// Runs the commands; what they did is returned as another golden file.
[[nodiscard]] Golden replay(const Golden& expected);

/// What differs, for a person to read; empty if nothing does.
[[nodiscard]] std::string differences(const Golden& expected, const Golden& actual);

/// Every golden file below a folder, sorted.
[[nodiscard]] std::vector<std::filesystem::path> golden_files(const std::filesystem::path& folder);

/// Whether standard error may hold this without a section that says so: nothing but the last line of a complete run (the
/// catalogue's summary_line), once for each run of the command.
[[nodiscard]] bool only_summary(std::string_view err);

/// Escapes and its inverse; see above. `unescape` throws std::runtime_error.
[[nodiscard]] std::string escape(std::string_view bytes);
[[nodiscard]] std::string unescape(std::string_view shown);

/// The lines of two texts with what is only in the first marked `-`, only in the second `+`, and a little of what is in both.
[[nodiscard]] std::string line_difference(std::string_view expected, std::string_view actual);

}  // namespace kenzan::test
