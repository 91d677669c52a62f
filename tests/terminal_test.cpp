// The program on a terminal: its line of progress, and Ctrl-C while it reads a file that never ends.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>

#include "tests/support/places.hpp"
#include "tests/support/run.hpp"

namespace kenzan::test {
namespace {

constexpr unsigned patience = 120;  // seconds, after which a program that hangs is killed
constexpr const char* rules =
    "table t from \"t.csv\" { k text  v 億円  key k }\n"
    "table endless from \"endless.csv\" { k text  v 億円  key k }\n"
    "rule equal by k of t { require t.v = endless.v }\n";

/// `kenzan check t.kz OUTPUT` on a terminal of its own, in a folder where `endless.csv` is a pipe that this process writes to.
class OnTerminal {
 public:
  explicit OnTerminal(const std::string& output) {
    write_file(folder_.path() / "t.kz", rules);
    write_file(folder_.path() / "t.csv", "k,v\na,1\nb,x1\n");
    const std::string pipe = folder_.path() / "endless.csv";
    if (::mkfifo(pipe.c_str(), 0600) != 0) ADD_FAILURE() << "no pipe";
    pipe_ = ::open(pipe.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC);
    terminal_ = ::posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (pipe_ < 0 || terminal_ < 0 || ::grantpt(terminal_) != 0 || ::unlockpt(terminal_) != 0) ADD_FAILURE() << "no terminal";
    const std::string other_end = ::ptsname(terminal_), program = kenzan_binary();
    child_ = ::fork();
    if (child_ != 0) return;
    ::setsid();
    const int slave = ::open(other_end.c_str(), O_RDWR);
    const winsize size = {24, 100, 0, 0};
    if (slave < 0 || ::ioctl(slave, TIOCSCTTY, 0) != 0 || ::ioctl(slave, TIOCSWINSZ, &size) != 0) ::_exit(126);
    for (const int standard : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) ::dup2(slave, standard);
    ::alarm(patience);
    if (::chdir(folder_.path().c_str()) != 0) ::_exit(126);
    ::setenv("TERM", "xterm", 1);
    ::setenv("LC_ALL", "C.UTF-8", 1);
    ::execl(program.c_str(), "kenzan", "check", "t.kz", "-f", output.c_str(), static_cast<char*>(nullptr));
    ::_exit(127);
  }
  ~OnTerminal() {
    if (!ended_ && child_ > 0 && ::kill(child_, SIGKILL) == 0) ::waitpid(child_, &status_, 0);
    ::close(pipe_);
    ::close(terminal_);
  }
  OnTerminal(const OnTerminal&) = delete;
  OnTerminal& operator=(const OnTerminal&) = delete;

  [[nodiscard]] std::string path(const char* name) const { return folder_.path() / name; }
  [[nodiscard]] const std::string& screen() const { return screen_; }

  /// Feeds the pipe, and takes what appears, until `text` has appeared; false if the program ended before.
  bool feed_until(std::string_view text) {
    static const std::string rows(4096, 'r');
    while (screen_.find(text) == std::string::npos) {
      if (::write(pipe_, rows.data(), rows.size()) < 0) ::usleep(1000);
      if (!look(1)) return false;
    }
    return true;
  }
  void press_control_c() {
    if (::write(terminal_, "\x03", 1) != 1) ADD_FAILURE() << "the terminal takes nothing";
  }
  /// Takes what appears until the program ends; `while_waiting` is called again and again. The status is that of waitpid.
  template <class F>
  int wait(F while_waiting) {
    while (look(50)) while_waiting();
    return status_;
  }

 private:
  /// Takes what has appeared within some milliseconds; false when the program has ended and all is taken.
  bool look(int milliseconds) {
    pollfd one = {terminal_, POLLIN, 0};
    char buffer[4096];
    if (::poll(&one, 1, milliseconds) > 0) {
      const ssize_t got = ::read(terminal_, buffer, sizeof buffer);
      if (got > 0) {
        screen_.append(buffer, static_cast<std::size_t>(got));
        return true;
      }
    }
    return ended_ ? false : (ended_ = ::waitpid(child_, &status_, WNOHANG) == child_, true);
  }

  TemporaryFolder folder_;
  int pipe_ = -1, terminal_ = -1;
  pid_t child_ = -1;
  bool ended_ = false;
  int status_ = 0;
  std::string screen_;
};

TEST(OnTerminal, ControlCEndsTheRunWithWhatIsKnown) {
  OnTerminal run("json:report.json");
  ASSERT_TRUE(run.feed_until("/s")) << run.screen();
  EXPECT_NE(run.screen().find("\rendless.csv  "), std::string::npos) << run.screen();
  run.press_control_c();
  const int status = run.wait([] {});
  ASSERT_TRUE(WIFEXITED(status)) << status;
  EXPECT_EQ(WEXITSTATUS(status), 130);
  const auto summary_at = run.screen().rfind("\r\x1b[Kinterrupted, incomplete run: ");
  EXPECT_NE(summary_at, std::string::npos) << "the line of progress is erased, then the summary is said: " << run.screen();
  const auto report = nlohmann::json::parse(read_file(run.path("report.json")));
  EXPECT_FALSE(report["summary"]["complete"]);
  EXPECT_TRUE(report["summary"]["interrupted"]);
  ASSERT_EQ(report["findings"].size(), 1U);
  EXPECT_EQ(report["findings"][0]["code"], "bad-number");
}

TEST(OnTerminal, ASecondControlCEndsTheProcess) {
  OnTerminal run("json:nobody-reads-this");
  ASSERT_EQ(::mkfifo(run.path("nobody-reads-this").c_str(), 0600), 0);  // where writing the report waits for ever
  ASSERT_TRUE(run.feed_until("/s")) << run.screen();
  const int status = run.wait([&] { run.press_control_c(); });
  EXPECT_TRUE(WIFSIGNALED(status) && WTERMSIG(status) == SIGINT) << status;
}

}  // namespace
}  // namespace kenzan::test
