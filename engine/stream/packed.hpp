// Columns of whole numbers in few bytes.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

namespace kenzan::engine {

/// Whole numbers of 64 bits, of each of which only the lowest bytes are kept in which they differ; none where they are the same.
class PackedColumn {
 public:
  static constexpr std::size_t slack = 8;  ///< bytes behind the last column that are read, and must be there

  /// Appends the numbers to `to`, which has room for them and `slack`. Returns where they end.
  char* pack(std::span<const std::uint64_t> numbers, char* to) {
    std::uint64_t differing = 0;
    for (const std::uint64_t number : numbers) differing |= number ^ numbers.front();
    constexpr bool lowest_first = std::endian::native == std::endian::little;  // elsewhere all bytes are kept
    step_ = lowest_first ? static_cast<std::uint32_t>((std::bit_width(differing) + 7) / 8) : sizeof(std::uint64_t);
    mask_ = step_ == 0 ? 0 : ~std::uint64_t{0} >> (64 - 8 * step_);
    common_ = numbers.front() & ~mask_;
    begin_ = to;
    if (step_ == 0) return to;
    for (const std::uint64_t number : numbers) {
      std::memcpy(to, &number, sizeof number);
      to += step_;
    }
    return to;
  }
  /// To be called where what was packed has been copied to `to`.
  void move(const char* from, const char* to) { begin_ = to + (begin_ - from); }

  [[nodiscard]] std::uint64_t operator[](std::size_t i) const {
    std::uint64_t read = 0;
    std::memcpy(&read, begin_ + i * step_, sizeof read);
    return common_ | (read & mask_);
  }
  /// Calls `take(k, number)` for the numbers from `i` on.
  template <class Take>
  [[gnu::always_inline]] void for_each(std::size_t i, std::size_t count, Take take) const {
    const char* at = begin_ + i * step_;
    const std::uint64_t common = common_, mask = mask_;
    for (std::size_t k = 0; k < count; ++k, at += step_) {
      std::uint64_t read = 0;
      std::memcpy(&read, at, sizeof read);
      take(k, common | (read & mask));
    }
  }

 private:
  const char* begin_ = nullptr;
  std::uint64_t common_ = 0, mask_ = 0;
  std::uint32_t step_ = 0;
};

}  // namespace kenzan::engine
