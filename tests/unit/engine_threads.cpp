#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>
#include <vector>

#include "engine/threads.hpp"

#if defined(__linux__)
#include <sched.h>
#endif

namespace kenzan::engine {
namespace {

TEST(Threads, DoEachPieceOnce) {
  for (const std::size_t count : {0U, 1U, 2U, 7U}) {
    std::vector<int> done(count);
    in_threads(count, [&](std::size_t i) { ++done[i]; });
    EXPECT_EQ(done, std::vector<int>(count, 1));
  }
  std::vector<std::atomic<int>> done(1000);
  std::atomic<std::size_t> last_thread = 0;
  share_out(3, done.size(), [&](std::size_t thread, std::size_t i) {
    ++done[i];
    for (std::size_t known = last_thread; known < thread && !last_thread.compare_exchange_weak(known, thread);) {
    }
  });
  for (const auto& each : done) EXPECT_EQ(each, 1);
  EXPECT_LT(last_thread, 3U);
}

TEST(Threads, AllRunAtOnce) {
  std::atomic<int> there = 0;
  in_threads(3, [&](std::size_t) {
    ++there;
    while (there < 3) std::this_thread::yield();  // for ever, if one had to wait for another's end
  });
  EXPECT_EQ(there, 3);
}

TEST(Threads, LeaveTheRunWhenAllHaveEnded) {
  std::atomic<int> ended = 0;
  const auto work = [&](std::size_t i) {
    if (i == 1) throw Stopped{};
    ++ended;
  };
  EXPECT_THROW(in_threads(4, work), Stopped);
  EXPECT_EQ(ended, 3);
}

#if defined(__linux__)
std::set<std::size_t> processors() {
  cpu_set_t set;
  CPU_ZERO(&set);
  EXPECT_EQ(sched_getaffinity(0, sizeof set, &set), 0);
  std::set<std::size_t> out;
  for (std::size_t cpu = 0; cpu < CPU_SETSIZE; ++cpu) {
    if (CPU_ISSET(cpu, &set)) out.insert(cpu);
  }
  return out;
}

TEST(Threads, KeepOffTheProcessorOfWhoStartsThem) {
  const std::set<std::size_t> before = processors();
  if (before.size() < 2) GTEST_SKIP() << "there is one processor";
  std::vector<std::set<std::size_t>> of_thread(3);
  std::atomic<int> looked = 0;
  in_threads(3, [&](std::size_t i) {
    ++looked;
    while (looked < 3) std::this_thread::yield();  // until all have been put in their places
    of_thread[i] = processors();
  });
  EXPECT_EQ(processors(), before);
  ASSERT_EQ(of_thread[0].size(), 1U);
  for (const std::size_t other : {1U, 2U}) {
    EXPECT_EQ(of_thread[other].size(), before.size() - 1);
    EXPECT_FALSE(of_thread[other].contains(*of_thread[0].begin()));
  }
}
#endif

}  // namespace
}  // namespace kenzan::engine
