// Bytes that are written once and read back in pieces, of which only some are held in memory.
#pragma once
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

namespace kenzan {

/// Holds bytes in memory until there are many, then in a temporary file without a name. Where that cannot be made or written to, the
/// bytes stay in memory.
class Spool {
 public:
  explicit Spool(std::size_t most_held = std::size_t{1} << 25) : most_held_(most_held) {}

  /// Appends bytes and returns where they begin.
  std::uint64_t append(std::string_view bytes);
  /// Reads `size` bytes that were appended at `at`. Errors: throws std::system_error where the file cannot be read back.
  void read(std::uint64_t at, std::size_t size, std::string& out) const;
  /// How many bytes are held in memory.
  [[nodiscard]] std::size_t held() const { return held_.size(); }

 private:
  struct Close {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  void write_down();

  std::size_t most_held_;
  std::unique_ptr<std::FILE, Close> file_;
  bool refused_ = false;       ///< there can be no file
  std::uint64_t written_ = 0;  ///< bytes in the file: those before `held_`
  std::string held_;
};

}  // namespace kenzan
