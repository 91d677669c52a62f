#include "cli/interrupt.hpp"

#include <cerrno>

namespace kenzan::cli {
namespace {

std::atomic<bool> interrupted = false;  // a handler reaches nothing else
static_assert(std::atomic<bool>::is_always_lock_free);

void restore(int signal, const struct sigaction& before) { ::sigaction(signal, &before, nullptr); }

extern "C" void interrupt(int) {
  const int error = errno;
  interrupted = true;
  struct sigaction usual{};
  usual.sa_handler = SIG_DFL;
  restore(SIGINT, usual);
  restore(SIGTERM, usual);
  errno = error;
}

void handle(int signal, struct sigaction& before) {
  ::sigaction(signal, nullptr, &before);
  if (before.sa_handler == SIG_IGN) return;
  struct sigaction ours{};
  ours.sa_handler = interrupt;  // without SA_RESTART: a wait for input ends
  ::sigaction(signal, &ours, nullptr);
}

}  // namespace

Interruptible::Interruptible() {
  interrupted = false;
  handle(SIGINT, interrupt_);
  handle(SIGTERM, terminate_);
}

Interruptible::~Interruptible() {
  restore(SIGINT, interrupt_);
  restore(SIGTERM, terminate_);
}

const std::atomic<bool>& Interruptible::stop() const { return interrupted; }

}  // namespace kenzan::cli
