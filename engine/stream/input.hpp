// The bytes of a data file, read where they stand.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/result.hpp"

namespace kenzan::engine {

/// A file that is not held in memory. It is read by several threads at once.
class Input {
 public:
  virtual ~Input() = default;
  [[nodiscard]] virtual std::uint64_t size() const = 0;
  /// Reads up to `size` bytes that stand at `offset`; fewer only at the end. The error is the system's reason.
  [[nodiscard]] virtual Result<std::size_t, std::string> read_at(std::uint64_t offset, char* to, std::size_t size) const = 0;
};

/// Reads all of the `size` bytes at `offset`. Returns why it could not; "" if it could.
[[nodiscard]] inline std::string read_whole(const Input& input, std::uint64_t offset, char* to, std::size_t size) {
  for (std::size_t filled = 0; filled < size;) {
    const auto got = input.read_at(offset + filled, to + filled, size - filled);
    if (!got) return got.error();
    if (*got == 0) return "it became shorter while it was read";
    filled += *got;
  }
  return {};
}

/// Opens a file by its path; null where it is to be read whole (it is small, or cannot be opened: that is reported then).
using OpenInput = std::function<std::shared_ptr<const Input>(const std::string& path)>;

}  // namespace kenzan::engine
