// Unpacking .gz and .zst while they are read.
#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace kenzan::cli {

enum class Packing : std::uint8_t { none, gzip, zstd };

/// By the end of the file's name: .gz, .zst.
[[nodiscard]] Packing packing_of(std::string_view path);

/// Takes bytes as they are read, and hands on what they hold.
class Decompressor {
 public:
  using Sink = std::function<bool(std::string_view)>;  ///< false: stop
  virtual ~Decompressor() = default;
  /// Returns why it cannot go on: "" while it can.
  [[nodiscard]] virtual std::string take(std::string_view bytes, const Sink& sink) = 0;
  /// Whether what was taken is whole.
  [[nodiscard]] virtual bool complete() const = 0;
};

[[nodiscard]] std::unique_ptr<Decompressor> make_decompressor(Packing packing);

}  // namespace kenzan::cli
