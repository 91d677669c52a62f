// The data files of a run: plain, packed (.gz, .zst) or from standard input, in pieces or whole.
#pragma once
#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "engine/stream/input.hpp"

namespace kenzan::cli {

/// How much of a file was unpacked; total 0: not known.
using TellUnpacking = std::function<void(std::string_view path, std::uint64_t done, std::uint64_t total)>;

/// Opens each file once. What cannot be read at any place is unpacked into a temporary file that has no name.
class DataFiles {
 public:
  /// When `stop` becomes true, reading ends with an error.
  DataFiles(const std::atomic<bool>& stop, TellUnpacking tell) : stop_(stop), tell_(std::move(tell)) {}

  /// The bytes of a file, or the system's reason why not. More than 4 GiB are refused.
  [[nodiscard]] Result<std::string, std::string> read(const std::string& path);
  /// The file to be read in pieces; null where it cannot be: `read` then says why.
  [[nodiscard]] std::shared_ptr<const engine::Input> input(const std::string& path);

 private:
  struct Kept {
    std::shared_ptr<const engine::Input> input;
    std::string failure;
  };
  const Kept& keep(const std::string& path);
  std::string unpack(const std::string& path, int from, int to, std::uint64_t& size);

  const std::atomic<bool>& stop_;
  TellUnpacking tell_;
  std::map<std::string, Kept> kept_;  ///< what was unpacked
};

}  // namespace kenzan::cli
