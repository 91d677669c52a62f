#include "engine/threads.hpp"

#include <system_error>
#include <vector>

#if defined(__linux__)
#include <sched.h>
#endif

namespace kenzan::engine {
namespace {

#if defined(__linux__)
/// Keeps this thread on its processor, and the threads that it begins off it. Left alone, some systems let them share one for
/// milliseconds while another has nothing to do: for longer than most tables take.
class Apart {
 public:
  Apart() {
    CPU_ZERO(&all_);
    const int own = sched_getcpu();
    if (own < 0 || sched_getaffinity(0, sizeof all_, &all_) != 0 || CPU_COUNT(&all_) < 2) return;
    cpu_set_t here;
    CPU_ZERO(&here);
    CPU_SET(static_cast<std::size_t>(own), &here);
    kept_ = sched_setaffinity(0, sizeof here, &here) == 0;
    others_ = all_;
    CPU_CLR(static_cast<std::size_t>(own), &others_);
  }
  ~Apart() {
    if (kept_) sched_setaffinity(0, sizeof all_, &all_);
  }
  Apart(const Apart&) = delete;
  Apart& operator=(const Apart&) = delete;

  void begun(std::thread& other) const {
    if (kept_) pthread_setaffinity_np(other.native_handle(), sizeof others_, &others_);
  }

 private:
  cpu_set_t all_, others_;
  bool kept_ = false;
};
#else
struct Apart {
  void begun(std::thread&) const {}
};
#endif

}  // namespace

void run_in_threads(std::size_t count, const std::function<void(std::size_t)>& work) {
  if (count < 2) {
    if (count == 1) work(0);
    return;
  }
  const Apart apart;
  std::vector<std::thread> others;
  others.reserve(count);
  std::size_t next = 1;
  try {
    for (; next < count; ++next) apart.begun(others.emplace_back(work, next));
  } catch (const std::system_error&) {
    // No more threads are to be had: this one does the rest.
  }
  work(0);
  for (; next < count; ++next) work(next);
  for (std::thread& other : others) other.join();
}

}  // namespace kenzan::engine
