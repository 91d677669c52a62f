#include "engine/stream/numbers.hpp"

#include <bit>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kenzan::engine {
namespace {

constexpr std::uint64_t digits_zero = 0x3030303030303030U;

std::uint64_t load(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, 8);
  return word;
}

}  // namespace

PlainNumbers::PlainNumbers() {
  too_short_.fill(longest + 1);
  mark_size_.fill(~std::uint64_t{0});
}

void PlainNumbers::set_fields(const std::array<std::uint32_t, 4>& fields, std::size_t count) {
  fields_ = fields;
  figures_ = (1U << count) - 1;
  count_ = count;
  for (std::size_t i = 0; i < count; ++i) there_[i] = ~std::uint64_t{0};
  side_by_side_ = count == 4;
  for (std::uint32_t i = 1; i < 4; ++i) side_by_side_ = side_by_side_ && fields[i] == fields[0] + i;
}

void PlainNumbers::expect(std::size_t figure, int place, std::int64_t least, std::int64_t most) {
  if constexpr (std::endian::native != std::endian::little) return;
  if (place > 0 || place <= -7) return;
  const auto places = static_cast<unsigned>(-place);
  too_short_[figure] = places == 0 ? 0 : places + 1;
  least_[figure] = least;
  most_[figure] = most;
  bounded_ = bounded_ || least > 0 || most < greatest;
  point_[figure] = point_mask_[figure] = before_[figure] = 0;
  behind_[figure] = ~std::uint64_t{0};
  if (places == 0) return;
  const unsigned point = 56 - 8 * places;
  point_mask_[figure] = std::uint64_t{0xFF} << point;
  point_[figure] = std::uint64_t{'.' ^ '0'} << point;
  behind_[figure] = ~std::uint64_t{0} << (point + 8);
  before_[figure] = ~behind_[figure] & ~point_mask_[figure];
}

void PlainNumbers::look_for_mark(std::size_t figure, std::uint64_t bytes, std::uint32_t size) {
  mark_[figure] = bytes << (64 - 8 * size);
  mark_size_[figure] = size;
}

void PlainNumbers::add(const BatchCells& cells, BatchRest& rest) const {
#if defined(__x86_64__)
  static const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;
  if (has_avx2) return add_avx2(cells, rest);
#endif
  add_portable(cells, rest);
}

void PlainNumbers::add_portable(const BatchCells& cells, BatchRest& rest) const {
  for (std::size_t begin = 0; begin < cells.count;) {
    const std::size_t end = run_end(cells.known, begin, cells.count);
    const Sums sums(cells.sums[begin], count_);
    rest.marked[begin] = rest.odd[begin] = 0;
    for (std::size_t r = begin; r < end; ++r) {
      rest.others[r] = static_cast<std::uint8_t>(figures_);
      if ((cells.ragged >> r & 1) != 0) continue;
      for (unsigned i = 0; i < 4; ++i) {
        if ((figures_ >> i & 1) == 0) continue;
        const std::size_t cell = r * cells.stride + fields_[i];
        const std::uint32_t size = cells.sizes[cell];
        if (size == 0 || size > longest) continue;
        const std::uint64_t word = load(cells.texts[r] + cells.begins[cell]);
        const unsigned shift = 64 - 8 * size;
        const auto bit = static_cast<std::uint8_t>(1U << i);
        if (size == mark_size_[i] && word << shift == mark_[i]) {
          rest.marked[begin] |= bit;
          rest.others[r] &= static_cast<std::uint8_t>(~bit);
          continue;
        }
        std::uint64_t digits = (word ^ digits_zero) << shift;
        if (size <= too_short_[i] || (digits & point_mask_[i]) != point_[i]) continue;
        digits = (digits & behind_[i]) | (digits & before_[i]) << 8;
        if (((digits | (digits + 0x7676767676767676U)) & 0x8080808080808080U) != 0) continue;
        // Neighbours are joined to numbers of two digits, these of four, these of eight.
        const std::uint64_t two = digits * 10 + (digits >> 8);
        constexpr std::uint64_t mask = 0x000000FF000000FFU;
        const auto number =
            static_cast<std::int64_t>(((two & mask) * 0x000F424000000064U + (two >> 16 & mask) * 0x0000271000000001U) >> 32);
        if (number < least_[i] || number > most_[i] || __builtin_add_overflow(sums.totals[i], number, &sums.totals[i])) continue;
        sums.count(i, number == 0);
        if ((number & 1) != 0) rest.odd[begin] |= bit;
        rest.others[r] &= static_cast<std::uint8_t>(~bit);
      }
    }
    begin = end;
  }
}

#if defined(__x86_64__)
#define KENZAN_AVX2 __attribute__((target("avx2")))

KENZAN_AVX2 static inline __m256i all(std::uint64_t word) { return _mm256_set1_epi64x(static_cast<long long>(word)); }
KENZAN_AVX2 static inline __m256i four(const void* words) { return _mm256_load_si256(static_cast<const __m256i*>(words)); }
KENZAN_AVX2 static inline __m256i any_four(const void* words) { return _mm256_loadu_si256(static_cast<const __m256i*>(words)); }
KENZAN_AVX2 static inline std::uint32_t bits(__m256i lanes) {
  return static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(lanes)));
}

KENZAN_AVX2 void PlainNumbers::add_avx2(const BatchCells& cells, BatchRest& rest) const {
  const __m256i there = four(there_.data()), zeros = all(digits_zero), nine = _mm256_set1_epi8(9), ones = all(~std::uint64_t{0}),
                none = _mm256_setzero_si256();
  const __m256i point = four(point_.data()), point_mask = four(point_mask_.data()), behind = four(behind_.data()),
                before = four(before_.data());
  const __m256i mark = four(mark_.data()), mark_size = four(mark_size_.data()), too_short = four(too_short_.data()),
                too_long = all(longest + 1);
  const __m256i tens = _mm256_set1_epi16(0x010A), hundreds = _mm256_set1_epi32(0x00010064), myriads = all(10'000);
  const std::uint32_t f0 = fields_[0], f1 = fields_[1], f2 = fields_[2], f3 = fields_[3];
  for (std::size_t begin = 0; begin < cells.count;) {
    const std::size_t end = run_end(cells.known, begin, cells.count);
    __m256i total = none, counts = none, odd = none, any_marked = none;
    std::array<std::uint8_t, batch> read;
    for (std::size_t r = begin; r < end; ++r) {
      const std::uint32_t* const begins = cells.begins + r * cells.stride;
      const std::uint32_t* const sizes = cells.sizes + r * cells.stride;
      const char* const text = cells.texts[r];
      const __m256i word =
          _mm256_set_epi64x(static_cast<long long>(load(text + begins[f3])), static_cast<long long>(load(text + begins[f2])),
                            static_cast<long long>(load(text + begins[f1])), static_cast<long long>(load(text + begins[f0])));
      __m128i narrow;
      if (side_by_side_) {
        narrow = _mm_loadu_si128(reinterpret_cast<const __m128i*>(sizes + f0));
      } else {
        narrow = _mm_set_epi32(static_cast<int>(sizes[f3]), static_cast<int>(sizes[f2]), static_cast<int>(sizes[f1]),
                               static_cast<int>(sizes[f0]));
      }
      const __m256i size = _mm256_cvtepu32_epi64(narrow);
      const __m256i shift = _mm256_sub_epi64(all(64), _mm256_slli_epi64(size, 3));
      __m256i digits = _mm256_sllv_epi64(_mm256_xor_si256(word, zeros), shift);
      __m256i good = _mm256_and_si256(_mm256_cmpgt_epi64(size, too_short), _mm256_cmpgt_epi64(too_long, size));
      good = _mm256_and_si256(good, there);
      good = _mm256_and_si256(good, _mm256_cmpeq_epi64(_mm256_and_si256(digits, point_mask), point));
      digits = _mm256_or_si256(_mm256_and_si256(digits, behind), _mm256_slli_epi64(_mm256_and_si256(digits, before), 8));
      good = _mm256_and_si256(good, _mm256_cmpeq_epi64(_mm256_cmpeq_epi8(_mm256_max_epu8(digits, nine), nine), ones));
      // Neighbours are joined to numbers of two digits, these of four, these of eight.
      digits = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, tens), hundreds);
      __m256i number = _mm256_add_epi64(_mm256_mul_epu32(digits, myriads), _mm256_srli_epi64(digits, 32));
      if (bounded_) {
        const __m256i outside =
            _mm256_or_si256(_mm256_cmpgt_epi64(four(least_.data()), number), _mm256_cmpgt_epi64(number, four(most_.data())));
        good = _mm256_andnot_si256(outside, good);
      }
      __m256i marked =
          _mm256_and_si256(_mm256_cmpeq_epi64(_mm256_sllv_epi64(word, shift), mark), _mm256_cmpeq_epi64(size, mark_size));
      if ((cells.ragged >> r & 1) != 0) good = marked = none;
      number = _mm256_and_si256(number, good);
      total = _mm256_add_epi64(total, number);
      const __m256i zero = _mm256_andnot_si256(_mm256_cmpgt_epi64(number, none), good);
      counts = _mm256_sub_epi64(counts, good);
      counts = _mm256_add_epi64(counts, _mm256_slli_epi64(_mm256_srli_epi64(zero, 63), Sums::zeros_at));
      odd = _mm256_or_si256(odd, number);
      any_marked = _mm256_or_si256(any_marked, marked);
      read[r] = static_cast<std::uint8_t>(bits(good));
      rest.others[r] = static_cast<std::uint8_t>(figures_ & ~bits(_mm256_or_si256(good, marked)));
    }
    // The sums of fewer figures: what stands behind them is written as it was read.
    const Sums sums(cells.sums[begin], count_);
    const __m256i old = any_four(sums.totals), old_counts = any_four(sums.counts), sum = _mm256_add_epi64(old, total);
    // All numbers of a run are positive and far from overflow: their sum overflows where it is less than what was there.
    const __m256i over = _mm256_cmpgt_epi64(old, sum);
    const std::uint32_t too_many = bits(over) & figures_;
    const __m256i fits = _mm256_andnot_si256(over, ones);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums.totals), _mm256_blendv_epi8(sum, old, over));
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(sums.counts), _mm256_add_epi64(old_counts, _mm256_and_si256(counts, fits)));
    rest.odd[begin] = static_cast<std::uint8_t>(bits(_mm256_slli_epi64(odd, 63)) & ~too_many);
    rest.marked[begin] = static_cast<std::uint8_t>(bits(any_marked) & figures_);
    if (too_many != 0) {
      for (std::size_t r = begin; r < end; ++r) rest.others[r] |= static_cast<std::uint8_t>(read[r] & too_many);
    }
    begin = end;
  }
}
#endif

}  // namespace kenzan::engine
