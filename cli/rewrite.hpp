// Giving files other bytes, all of them or none.
#pragma once
#include <atomic>
#include <string>
#include <string_view>
#include <vector>

#include "diag/message.hpp"

namespace kenzan::cli {

/// A file and the bytes that it is to have instead of those that were read.
struct Rewrite {
  std::string path;
  std::string_view before, after;
};

/// Why a file cannot be written in place, whole sentences: it is packed, a pipe, or the system's reason.
[[nodiscard]] std::vector<Message> why_not(const std::vector<Rewrite>& files);

/// Writes the files. Each is written beside its place first, through to the disk and with the same permissions; only when all are there
/// and no file has changed since it was read, each takes its place. A link stays one: the file that it leads to is written.
///
/// Errors:  whole sentences; none: all are written. `left`: no file was written. When `stop` becomes true before the first takes its place,
///          nothing is written, and nothing is said.
[[nodiscard]] std::vector<Message> rewrite(const std::vector<Rewrite>& files, const std::atomic<bool>& stop, bool& none_written);

}  // namespace kenzan::cli
