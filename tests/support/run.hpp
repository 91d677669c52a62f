// Running commands as a user would, in a folder of their own and an environment that does not depend on who runs the tests.
#pragma once
#include <filesystem>
#include <string>
#include <string_view>

namespace kenzan::test {

/// A new empty folder, removed with everything in it at the end of its life.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;
  [[nodiscard]] const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// Writes a file with exactly these bytes, making its folders.
void write_file(const std::filesystem::path& path, std::string_view bytes);

/// The bytes of a file; throws std::runtime_error if it cannot be read.
[[nodiscard]] std::string read_file(const std::filesystem::path& path);

/// How a command ended. `exit` is 128 + N after signal N, as a shell says it.
struct Run {
  int exit = 0;
  std::string out, err;
};

/// Runs `command` with sh in `folder`. `kenzan` in it is the program under test; standard input is empty; LANG is C.UTF-8; of the
/// caller's environment only the sanitizers' options remain; no process may use more than a minute of processor time. The
/// folder's own path in the output is replaced by `$DIR`.
[[nodiscard]] Run run(const std::string& command, const std::filesystem::path& folder);

/// Whether the output holds what a sanitizer, an assertion or the runtime says when a program is broken.
[[nodiscard]] bool tells_of_a_crash(std::string_view text);

}  // namespace kenzan::test
