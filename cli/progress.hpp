// A line on the terminal that says where a long run is.
#pragma once
#include <chrono>
#include <mutex>
#include <string>
#include <string_view>

#include "diag/message.hpp"
#include "engine/watch.hpp"

namespace kenzan::cli {

/// Whether a file descriptor is a terminal that knows more than plain text.
[[nodiscard]] bool is_drawable(int terminal);

/// What the line says.
struct ProgressLine {
  std::string label;                    ///< one line, without control characters
  bool bytes = false;                   ///< whether `done` and `total` count bytes
  std::uint64_t done = 0, total = 0;    ///< total 0: not known
  std::uint64_t rows = 0;               ///< 0: not said
  std::chrono::duration<double> taken;  ///< by what is done
};

struct ProgressStyle {
  std::size_t width = 80;  ///< of the terminal
  Language language = Language::english;
  bool unicode = true;  ///< else ASCII, in English
};

/// The line, at most one column narrower than the terminal. Where there is little room, first the rate is left out, then the rows,
/// the time left and the bar; the label is shortened.
[[nodiscard]] std::string draw_progress(const ProgressLine& line, const ProgressStyle& style);

/// Draws the line on a terminal after the first second, some ten times a second, and takes it away at the end. Any thread may call
/// it.
class ProgressBar {
 public:
  /// `terminal`: a file descriptor. If it is no terminal, or TERM is `dumb`, nothing is ever drawn.
  ProgressBar(int terminal, Language language);
  ~ProgressBar() { clear(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  [[nodiscard]] bool enabled() const { return enabled_; }
  void tell(const engine::Progress& now);
  /// Bytes so far of a packed file, of a pipe, or of standard input ("-"); total 0: not known.
  void tell_unpacking(std::string_view path, std::uint64_t done, std::uint64_t total);
  void clear();

 private:
  using Clock = std::chrono::steady_clock;
  void show(ProgressLine line);

  int terminal_;
  ProgressStyle style_;
  bool enabled_;
  std::mutex mutex_;
  bool drawn_ = false;
  Clock::time_point due_;
  std::string label_;        ///< of the line told last
  Clock::time_point since_;  ///< when it was told first
};

}  // namespace kenzan::cli
