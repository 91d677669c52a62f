#include "cli/progress.hpp"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <vector>

#include "base/text.hpp"
#include "cli/decompress.hpp"
#include "diag/visible.hpp"

namespace kenzan::cli {
namespace {

constexpr std::size_t least_bar = 8, widest_bar = 24, least_label = 12;
constexpr const char* gap = "  ";

std::string text(MessageId id, const char* name, std::string value, Language language) {
  return draw(say(id, {{name, std::move(value)}}), language);
}

/// Two digits or more: 5.4, 54, 540.
std::string digits(double value) { return value < 9.95 ? fmt::format("{:.1f}", value) : fmt::format("{:.0f}", value); }

struct Step {
  double size;
  const char* name;
};

std::string scaled(double value, std::initializer_list<Step> steps, const char* space) {
  for (const Step& step : steps) {
    if (value >= step.size) return digits(value / step.size) + space + step.name;
  }
  return fmt::format("{:.0f}", value);
}

std::string count_of(std::uint64_t count, Language language) {
  const auto value = static_cast<double>(count);
  if (language == Language::japanese) return scaled(value, {{1e8, "億"}, {1e4, "万"}}, "");
  return scaled(value, {{1e9, "G"}, {1e6, "M"}, {1e3, "k"}}, " ");
}

std::string bytes_of(double bytes) { return scaled(bytes, {{1e9, "GB"}, {1e6, "MB"}, {1e3, "kB"}, {0, "B"}}, " "); }

std::string time_of(double seconds, Language language) {
  if (seconds < 99.5) return text(MessageId::progress_seconds, "count", digits(seconds), language);
  const bool minutes = seconds < 99.5 * 60;
  return text(minutes ? MessageId::progress_minutes : MessageId::progress_hours, "count", digits(seconds / (minutes ? 60 : 3600)),
              language);
}

std::string amount_of(const ProgressLine& line) {
  if (line.total == 0) return line.bytes ? bytes_of(static_cast<double>(line.done)) : std::to_string(line.done);
  if (!line.bytes) return std::to_string(line.done) + "/" + std::to_string(line.total);
  return fmt::format("{:3} %", static_cast<int>(100.0 * static_cast<double>(line.done) / static_cast<double>(line.total)));
}

std::string bar_of(double part, std::size_t width, bool unicode) {
  static constexpr std::array<const char*, 8> eighths = {" ", "▏", "▎", "▍", "▌", "▋", "▊", "▉"};
  const auto filled = static_cast<std::size_t>(std::clamp(part, 0.0, 1.0) * static_cast<double>(width * 8));
  std::string out;
  for (std::size_t i = 0; i < width; ++i) {
    const std::size_t here = std::min<std::size_t>(filled - std::min(filled, i * 8), 8);
    if (unicode) {
      out += here == 8 ? "█" : eighths[here];
    } else {
      out += here == 8 ? '#' : '.';
    }
  }
  return out;
}

/// The end of a label, which tells files apart, in at most `room` columns.
std::string shortened(std::string_view label, std::size_t room, const char* mark) {
  if (display_width(label) <= room) return std::string(label);
  const std::size_t marked = display_width(mark);
  if (room <= marked) return {};
  while (display_width(label) + marked > room) {
    do label.remove_prefix(1);
    while (!label.empty() && (static_cast<unsigned char>(label.front()) & 0xC0) == 0x80);
  }
  return mark + std::string(label);
}

std::string ascii(std::string_view label) {
  std::string out;
  for (const char c : label) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) out.push_back(c);
    if (byte >= 0xC0) out.push_back('?');
  }
  return out;
}

/// What stands behind the bar, without the parts that are left out last to first.
std::string tail_of(const ProgressLine& line, Language language, int left_out) {
  std::string out = amount_of(line);
  const double taken = line.taken.count();
  const bool rate = line.bytes && taken > 0 && line.done > 0;
  if (line.rows > 0 && left_out < 2) out += gap + text(MessageId::progress_rows, "count", count_of(line.rows, language), language);
  if (rate && left_out < 1) out += gap + bytes_of(static_cast<double>(line.done) / taken) + "/s";
  if (rate && line.total > 0 && left_out < 3) {
    const double left = taken * static_cast<double>(line.total - std::min(line.done, line.total)) / static_cast<double>(line.done);
    out += gap + text(MessageId::progress_left, "time", time_of(left, language), language);
  }
  return out;
}

std::size_t width_of(int terminal) {
  winsize size{};
  return ::ioctl(terminal, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
}

bool locale_is_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    const std::string locale = lower(value);
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

}  // namespace

bool is_drawable(int terminal) {
  const char* kind = std::getenv("TERM");
  return ::isatty(terminal) != 0 && !(kind != nullptr && std::string_view(kind) == "dumb");
}

std::string draw_progress(const ProgressLine& line, const ProgressStyle& style) {
  const Language language = style.unicode ? style.language : Language::english;
  const std::string whole = style.unicode ? line.label : ascii(line.label);
  const std::size_t room = style.width - std::min<std::size_t>(style.width, 1);
  const std::size_t wanted = std::min(display_width(whole), least_label) + least_bar + 4;
  std::string tail;
  for (int left_out = 0; left_out <= 3; ++left_out) {
    tail = tail_of(line, language, left_out);
    if (wanted + display_width(tail) <= room) break;
  }
  if (display_width(tail) > room) return {};
  const std::size_t rest = room - display_width(tail);
  const char* mark = style.unicode ? "…" : "...";
  if (line.total == 0 || rest < wanted) {
    const std::string label = rest > 2 ? shortened(whole, rest - 2, mark) : "";
    return label.empty() ? tail : label + gap + tail;
  }
  const std::string label = shortened(whole, rest - least_bar - 4, mark);
  const std::size_t width = std::min(widest_bar, rest - display_width(label) - 4);
  const double part = static_cast<double>(line.done) / static_cast<double>(line.total);
  return label + gap + bar_of(part, width, style.unicode) + gap + tail;
}

ProgressBar::ProgressBar(int terminal, Language language)
    : terminal_(terminal),
      style_{80, language, locale_is_utf8()},
      enabled_(is_drawable(terminal)),
      due_(Clock::now() + std::chrono::seconds(1)) {}

void ProgressBar::tell(const engine::Progress& now) {
  if (!enabled_) return;
  const auto named = [&](MessageId id) { return text(id, "name", visible(now.name), style_.language); };
  ProgressLine line{{}, false, now.done, now.total, now.rows, {}};
  switch (now.stage) {
    case engine::Progress::Stage::reading:
      line.label = visible(now.name);
      line.bytes = true;
      break;
    case engine::Progress::Stage::rereading:
      line.label = named(MessageId::progress_rereading);
      line.bytes = true;
      break;
    case engine::Progress::Stage::checking: line.label = named(MessageId::progress_checking); break;
    case engine::Progress::Stage::judging: line.label = named(MessageId::progress_judging); break;
    case engine::Progress::Stage::explaining: line.label = named(MessageId::progress_explaining); break;
  }
  show(std::move(line));
}

void ProgressBar::tell_unpacking(std::string_view path, std::uint64_t done, std::uint64_t total) {
  if (!enabled_) return;
  std::string label = visible(path);
  if (path == "-") label = draw(say(MessageId::progress_standard_input), style_.language);
  if (packing_of(path) != Packing::none) label = text(MessageId::progress_unpacking, "name", label, style_.language);
  show({std::move(label), true, done, total, 0, {}});
}

void ProgressBar::show(ProgressLine line) {
  const std::lock_guard lock(mutex_);
  const Clock::time_point now = Clock::now();
  if (label_ != line.label) {
    label_ = line.label;
    since_ = now;
  }
  if (now < due_) return;
  due_ = now + std::chrono::milliseconds(100);
  line.taken = now - since_;
  style_.width = width_of(terminal_);
  const std::string drawn = "\r" + draw_progress(line, style_) + "\x1b[K";
  drawn_ = ::write(terminal_, drawn.data(), drawn.size()) > 0 || drawn_;
}

void ProgressBar::clear() {
  const std::lock_guard lock(mutex_);
  if (!drawn_) return;
  drawn_ = false;
  constexpr std::string_view erase = "\r\x1b[K";
  if (::write(terminal_, erase.data(), erase.size()) < 0) return;  // nobody looks at it any more
}

}  // namespace kenzan::cli
