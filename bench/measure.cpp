// Measures whole processes, in turns, so that what else the machine does falls on all of them alike:
//   measure [--runs N] LABEL COMMAND [ARGUMENT…] [-- LABEL COMMAND [ARGUMENT…]]…
// Prints a Markdown table: wall time from fork to exit (median, least, most), the median next to that of the first command, processor
// time (median), peak resident memory. A process counts as no smaller than this one was when it forked; hence no iostream here, and a static binary.
// Standard output and error of what is measured go nowhere. Exit status: 2 if a command could not be run or was not the same each
// time in its exit status.
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <vector>

namespace {

struct Command {
  const char* label = nullptr;
  std::vector<char*> argv;              // ends with a null pointer
  std::vector<double> wall, processor;  // milliseconds
  long peak = 0;                        // KiB
  int exit = -1;
};

constexpr int cannot_run = 127;

double milliseconds(const timeval& time) {
  return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_usec) / 1e3;
}

bool run_once(Command& command) {
  const auto start = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child < 0) return false;
  if (child == 0) {
    const int nowhere = open("/dev/null", O_RDWR);
    for (const int descriptor : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, descriptor);
    execvp(command.argv[0], command.argv.data());
    _exit(cannot_run);
  }
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) return false;
  const std::chrono::duration<double, std::milli> took = std::chrono::steady_clock::now() - start;
  const int exit = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  if (exit >= cannot_run || (command.exit >= 0 && command.exit != exit)) {
    std::fprintf(stderr, "measure: %s: exit status %d\n", command.label, exit);
    return false;
  }
  command.exit = exit;
  command.wall.push_back(took.count());
  command.processor.push_back(milliseconds(usage.ru_utime) + milliseconds(usage.ru_stime));
  command.peak = std::max(command.peak, usage.ru_maxrss);
  return true;
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  const std::size_t middle = values.size() / 2;
  return values.size() % 2 == 1 ? values[middle] : (values[middle - 1] + values[middle]) / 2;
}

int usage() {
  std::fputs("usage: measure [--runs N] LABEL COMMAND [ARGUMENT...] [-- LABEL COMMAND [ARGUMENT...]]...\n", stderr);
  return 2;
}

}  // namespace

int main(int argc, char** argv) {
  int runs = 21;
  int at = 1;
  if (at + 1 < argc && std::strcmp(argv[at], "--runs") == 0) {
    runs = std::atoi(argv[at + 1]);
    at += 2;
  }
  std::vector<Command> commands;
  for (bool first = true; at < argc; first = false) {
    if (!first) ++at;  // over --
    Command command;
    if (at < argc) command.label = argv[at++];
    while (at < argc && std::strcmp(argv[at], "--") != 0) command.argv.push_back(argv[at++]);
    if (command.label == nullptr || command.argv.empty()) return usage();
    command.argv.push_back(nullptr);
    commands.push_back(std::move(command));
  }
  if (commands.empty() || runs < 1) return usage();

  for (int i = -1; i < runs; ++i) {
    for (Command& command : commands) {
      if (!run_once(command)) return 2;
      if (i >= 0) continue;
      // The first turn fills the caches and does not count.
      command.wall.clear();
      command.processor.clear();
    }
  }

  std::puts("| process | wall, median | least | most | to the first | processor | peak memory | exit |");
  std::puts("|---|--:|--:|--:|--:|--:|--:|--:|");
  const double first = median(commands[0].wall);
  for (const Command& command : commands) {
    const auto [least, most] = std::minmax_element(command.wall.begin(), command.wall.end());
    std::printf("| %s | %.2f ms | %.2f ms | %.2f ms | %.2f | %.2f ms | %.1f MiB | %d |\n", command.label, median(command.wall),
                *least, *most, median(command.wall) / first, median(command.processor), static_cast<double>(command.peak) / 1024,
                command.exit);
  }
}
