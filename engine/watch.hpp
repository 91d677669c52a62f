// What a run tells about itself while it works, and how it is told to end early.
#pragma once
#include <atomic>
#include <cstdint>
#include <functional>
#include <string_view>

namespace kenzan::engine {

/// Where a run is.
struct Progress {
  enum class Stage : std::uint8_t {
    reading,     ///< a file: `done` of `total` bytes, and the rows among them
    rereading,   ///< parts of a file again, for what there is to report: bytes
    checking,    ///< tables, one by one
    judging,     ///< rules, one by one
    explaining,  ///< what is to be reported, one by one
  } stage = Stage::reading;
  std::string_view name;  ///< the file's path; else of the table or the rule
  std::uint64_t done = 0, total = 0;
  std::uint64_t rows = 0;
};

/// Thrown where a run is left because it was told to stop. Never leaves the engine.
struct Stopped {};

/// Both may be empty.
struct Watch {
  std::function<void(const Progress&)> tell;  ///< called by several threads at once, about once for each block of a file
  const std::atomic<bool>* stop = nullptr;    ///< becomes true when the run is to end

  void report(const Progress& progress) const {
    if (tell) tell(progress);
  }
  [[nodiscard]] bool stopped() const { return stop != nullptr && stop->load(std::memory_order_relaxed); }

  // To leave from any depth: in the thread of the run, and in those of `in_threads`.

  /// Leaves the run if it is to end.
  void go_on() const {
    if (stopped()) throw Stopped{};
  }
  /// The same for a loop over rows, of which it looks at some.
  void go_on(std::uint64_t row) const {
    if (row % 4096 == 0) go_on();
  }
};

}  // namespace kenzan::engine
