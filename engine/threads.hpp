// Work shared by threads.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstddef>
#include <functional>
#include <thread>

#include "engine/watch.hpp"

namespace kenzan::engine {

/// As many threads as are wanted; 0: as there are processors.
[[nodiscard]] inline unsigned thread_count(unsigned wanted) {
  return wanted > 0 ? wanted : std::max(1U, std::thread::hardware_concurrency());
}

/// Runs `work(i)` for i < count, each in a thread of its own, 0 in this one; and in this one what the system gives no thread for.
/// `work` must not throw.
void run_in_threads(std::size_t count, const std::function<void(std::size_t)>& work);

/// The same. Where a `work` leaves the run (Stopped), so does this, when all have ended.
template <class F>
void in_threads(std::size_t count, F work) {
  std::atomic<bool> left = false;
  run_in_threads(count, [&](std::size_t i) {
    try {
      work(i);
    } catch (const Stopped&) {
      left = true;
    }
  });
  if (left) throw Stopped{};
}

/// Runs `work(thread, i)` for i < count in at most `threads` threads, numbered from 0, each of which takes the next i.
template <class F>
void share_out(std::size_t threads, std::size_t count, F work) {
  std::atomic<std::size_t> next = 0;
  in_threads(threads < count ? threads : count, [&](std::size_t thread) {
    for (std::size_t i = next++; i < count; i = next++) work(thread, i);
  });
}

}  // namespace kenzan::engine
