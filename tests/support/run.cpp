#include "tests/support/run.hpp"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <vector>

#include "tests/support/places.hpp"

namespace kenzan::test {
namespace {

constexpr rlim_t seconds_per_process = 60;

std::vector<std::string> environment(const std::filesystem::path& folder) {
  std::vector<std::string> out = {
      "PATH=" + kenzan_binary().parent_path().string() + ":/usr/local/bin:/usr/bin:/bin",
      "HOME=" + folder.string(),
      "LANG=C.UTF-8",
      "TZ=UTC",
  };
  for (const char* name : {"ASAN_OPTIONS", "UBSAN_OPTIONS", "LSAN_OPTIONS", "ASAN_SYMBOLIZER_PATH"}) {
    if (const char* value = std::getenv(name)) out.push_back(std::string(name) + "=" + value);
  }
  return out;
}

/// Makes `descriptor` of this process the file. Only calls that are safe between fork and exec.
void redirect(int descriptor, const char* path, int flags) {
  const int opened = open(path, flags, 0600);
  if (opened < 0 || dup2(opened, descriptor) < 0) _exit(127);
  close(opened);
}

std::string with_folder_named(std::string text, const std::string& folder) {
  for (std::size_t at = 0; (at = text.find(folder, at)) != std::string::npos;) {
    text.replace(at, folder.size(), "$DIR");
    at += 4;
  }
  return text;
}

}  // namespace

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "kenzan-test-XXXXXX").string();
  if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("cannot make a temporary folder " + pattern);
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

void write_file(const std::filesystem::path& path, std::string_view bytes) {
  if (path.has_parent_path()) std::filesystem::create_directories(path.parent_path());
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

Run run(const std::string& command, const std::filesystem::path& folder) {
  // Beside the folder, not in it: the command must not see its own output.
  const TemporaryFolder outputs;
  const std::string out = outputs.path() / "out", err = outputs.path() / "err";
  const std::vector<std::string> variables = environment(folder);
  std::vector<char*> envp;
  for (const std::string& variable : variables) envp.push_back(const_cast<char*>(variable.c_str()));
  envp.push_back(nullptr);
  const char* argv[] = {"sh", "-c", command.c_str(), nullptr};

  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("cannot start a process");
  if (child == 0) {
    const rlimit limit = {seconds_per_process, seconds_per_process};
    setrlimit(RLIMIT_CPU, &limit);
    redirect(STDIN_FILENO, "/dev/null", O_RDONLY);
    redirect(STDOUT_FILENO, out.c_str(), O_WRONLY | O_CREAT | O_APPEND);
    redirect(STDERR_FILENO, err.c_str(), O_WRONLY | O_CREAT | O_APPEND);
    if (chdir(folder.c_str()) != 0) _exit(127);
    execve("/bin/sh", const_cast<char* const*>(argv), envp.data());
    _exit(127);
  }
  int status = 0;
  while (waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error("cannot wait for a process");
  }
  Run result;
  result.exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  result.out = with_folder_named(read_file(out), folder.string());
  result.err = with_folder_named(read_file(err), folder.string());
  return result;
}

bool tells_of_a_crash(std::string_view text) {
  for (const char* sign : {"Sanitizer", "runtime error:", "Assertion", "terminate called", "Segmentation fault", "core dumped"}) {
    if (text.find(sign) != std::string_view::npos) return true;
  }
  return false;
}

}  // namespace kenzan::test
