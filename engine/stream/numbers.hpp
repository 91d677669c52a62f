// The commonest cells of figures, four of a record at a time: plain numbers with as many digits behind the point as their column
// mostly has.
#pragma once
#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace kenzan::engine {

/// Records that are read together.
inline constexpr std::size_t batch = 32;

/// Where the sums of one to four figures in one group stand: their totals, and behind them their counts, as many of either as there
/// are figures. They begin a line of the cache, and 32 bytes from the first of either are the group's own.
struct Sums {
  std::int64_t* totals = nullptr;
  std::uint64_t* counts = nullptr;  ///< of the numbers in `totals`; in the upper half of those that are 0
  static constexpr int zeros_at = 32;

  Sums(char* at, std::size_t figures)
      : totals(reinterpret_cast<std::int64_t*>(at)), counts(reinterpret_cast<std::uint64_t*>(at) + figures) {}
  [[nodiscard]] static constexpr std::size_t bytes(std::size_t figures) {
    return figures * (sizeof(std::int64_t) + sizeof(std::uint64_t));
  }
  /// The bytes behind them that make it so.
  [[nodiscard]] static constexpr std::size_t own_behind(std::size_t figures) {
    return (4 - figures % 4) % 4 * sizeof(std::uint64_t);
  }
  void count(std::size_t figure, bool zero) const { counts[figure] += 1 + (std::uint64_t{zero} << zeros_at); }
  [[nodiscard]] static std::uint32_t numbers_in(std::uint64_t count) { return static_cast<std::uint32_t>(count); }
  [[nodiscard]] static std::uint32_t zeros_in(std::uint64_t count) { return static_cast<std::uint32_t>(count >> zeros_at); }
};

/// Behind the records that stand together with `row` and are of its group: bits of `known`, of `count` records.
[[gnu::always_inline]] inline std::size_t run_end(std::uint32_t known, std::size_t row, std::size_t count) {
  const std::uint64_t others = ~std::uint64_t{known} >> (row + 1);
  return std::min(count, row + 1 + static_cast<std::size_t>(std::countr_zero(others)));
}

/// The cells of four fields in the records of a batch. Eight bytes behind the beginning of each may be read.
struct BatchCells {
  const char* const* texts = nullptr;     ///< of each record
  const std::uint32_t* begins = nullptr;  ///< in its text; of the records' fields, `stride` from one record to the next
  const std::uint32_t* sizes = nullptr;   ///< likewise
  std::size_t stride = 0, count = 0;
  std::uint32_t known = 0;      ///< bits of the records that are of the group of the record before
  std::uint32_t ragged = 0;     ///< bits of the records of which nothing is read
  char* const* sums = nullptr;  ///< where the Sums of each record's group stand
};

/// What was not added: bits 0 to 3 are the figures.
struct BatchRest {
  std::array<std::uint8_t, batch> marked{};  ///< the mark that is looked for; of the first record of a group that stands together:
                                             ///< in any of these records
  std::array<std::uint8_t, batch> odd{};     ///< likewise: an odd number was added
  std::array<std::uint8_t, batch> others{};  ///< anything else
};

class PlainNumbers {
 public:
  static constexpr std::int64_t greatest = 99'999'999;
  static constexpr std::uint32_t longest = 8;  ///< bytes of a cell

  PlainNumbers();
  /// The fields of the figures; those that are not there are those of the last.
  void set_fields(const std::array<std::uint32_t, 4>& fields, std::size_t count);
  /// Numbers of a figure whose last digit stands at 10^place are read, if −7 < place ≤ 0, and added if they are within the bounds.
  void expect(std::size_t figure, int place, std::int64_t least, std::int64_t most);
  /// A cell of 1 to 8 bytes, the first lowest in `bytes`, to be told apart.
  void look_for_mark(std::size_t figure, std::uint64_t bytes, std::uint32_t size);

  /// Adds what is read to the sums, unless it does not fit.
  /// Cost: about 10 instructions for a cell with AVX2, 50 without.
  void add(const BatchCells& cells, BatchRest& rest) const;
  /// The same on any processor.
  void add_portable(const BatchCells& cells, BatchRest& rest) const;

 private:
#if defined(__x86_64__)
  void add_avx2(const BatchCells& cells, BatchRest& rest) const;
#endif

  using Four = std::array<std::uint64_t, 4>;
  // Of a word that ends with the cell, for each figure.
  alignas(32) Four point_{}, point_mask_{};  ///< the point, as it is without '0' in it, and where it stands
  alignas(32) Four behind_{}, before_{};     ///< the digits on either side of it
  alignas(32) Four mark_{}, mark_size_{};
  alignas(32) Four too_short_{};
  alignas(32) std::array<std::int64_t, 4> least_{}, most_{};
  std::array<std::uint32_t, 4> fields_{};
  std::uint32_t figures_ = 0;  ///< bits of those that are there
  std::size_t count_ = 0;      ///< of these
  alignas(32) Four there_{};   ///< all bits of each that is
  bool side_by_side_ = false;  ///< the fields of all four
  bool bounded_ = false;       ///< not every number that can be read is to be added
};

}  // namespace kenzan::engine
