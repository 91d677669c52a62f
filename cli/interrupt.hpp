// Ctrl-C: the first asks a run to end with what it knows, the second ends the process.
#pragma once
#include <atomic>
#include <csignal>

namespace kenzan::cli {

/// While it lives, the first SIGINT or SIGTERM makes `stop` true, and gives both their usual effect back. A signal that was ignored
/// before stays ignored. At most one lives at a time.
class Interruptible {
 public:
  Interruptible();
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

  [[nodiscard]] const std::atomic<bool>& stop() const;

 private:
  struct sigaction interrupt_{}, terminate_{};  ///< as they were before
};

}  // namespace kenzan::cli
