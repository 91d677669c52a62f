#include "engine/threads.hpp"

#include <system_error>
#include <vector>

#if defined(__linux__)
#include <sched.h>
#endif

namespace kenzan::engine {
namespace {

#if defined(__linux__)
/// Puts a thread that was just started on another processor than this one. Left alone, it may wait here for milliseconds, behind who
/// started it: longer than most tables take.
void move_away(std::thread& thread) {
  cpu_set_t all;
  CPU_ZERO(&all);
  if (sched_getaffinity(0, sizeof all, &all) != 0 || CPU_COUNT(&all) < 2) return;
  cpu_set_t others = all;
  CPU_CLR(static_cast<std::size_t>(sched_getcpu()), &others);
  pthread_setaffinity_np(thread.native_handle(), sizeof others, &others);
  pthread_setaffinity_np(thread.native_handle(), sizeof all, &all);
}
#else
void move_away(std::thread&) {}
#endif

}  // namespace

void run_in_threads(std::size_t count, const std::function<void(std::size_t)>& work) {
  std::vector<std::thread> others;
  others.reserve(count);
  std::size_t next = 1;
  try {
    for (; next < count; ++next) move_away(others.emplace_back(work, next));
  } catch (const std::system_error&) {
    // No more threads are to be had: this one does the rest.
  }
  if (count > 0) work(0);
  for (; next < count; ++next) work(next);
  for (std::thread& other : others) other.join();
}

}  // namespace kenzan::engine
