// The commonest cells of a column of figures, many at a time: plain numbers that all have as many digits behind the point.
#pragma once
#include <array>
#include <cstddef>
#include <cstdint>

namespace kenzan::engine {

/// Records that are read together.
inline constexpr std::size_t batch = 32;

/// The cells of one field in the records of a batch. Eight bytes behind the beginning of each may be read.
struct BatchCells {
  const char* const* texts = nullptr;     ///< of each record
  const std::uint32_t* begins = nullptr;  ///< in its text; of the records' fields, `stride` from one record to the next
  const std::uint32_t* sizes = nullptr;   ///< likewise
  std::size_t stride = 0, count = 0;
};

/// What was read of them: the bits of a mask are the records.
struct BatchNumbers {
  alignas(32) std::array<std::int64_t, batch> numbers{};  ///< 0 where there is none
  std::uint32_t read = 0;                                 ///< a number was read
  std::uint32_t zero = 0;                                 ///< and it is 0
  std::uint32_t marked = 0;                               ///< it is the mark that was looked for
};

class PlainNumbers {
 public:
  static constexpr std::int64_t greatest = 99'999'999;
  static constexpr std::uint32_t longest = 8;  ///< bytes of a cell

  /// Numbers whose last digit stands at 10^place; none are read unless −7 < place ≤ 0.
  explicit PlainNumbers(int place);
  /// A cell of 1 to 8 bytes, the first lowest in `bytes`, to be told apart.
  void look_for_mark(std::uint64_t bytes, std::uint32_t size);

  /// Cost: about 15 instructions for a cell with AVX2, 50 without.
  void read(const BatchCells& cells, BatchNumbers& out) const;

 private:
  void read_portable(const BatchCells& cells, BatchNumbers& out) const;
#if defined(__x86_64__)
  void read_avx2(const BatchCells& cells, BatchNumbers& out) const;
#endif

  // Of a word that ends with the cell.
  std::uint64_t point_ = 0, point_mask_ = 0;               ///< the point, as it is without '0' in it, and where it stands
  std::uint64_t behind_ = ~std::uint64_t{0}, before_ = 0;  ///< the digits on either side of it
  std::uint64_t mark_ = 0;
  std::uint32_t least_size_ = longest + 1;
  std::uint32_t mark_size_ = ~std::uint32_t{0};  ///< no cell has it
};

}  // namespace kenzan::engine
