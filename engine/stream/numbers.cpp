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

#if defined(__x86_64__)
const bool has_avx2 = __builtin_cpu_supports("avx2") != 0;

__attribute__((target("avx2"))) __m256i all(std::uint64_t word) { return _mm256_set1_epi64x(static_cast<long long>(word)); }

__attribute__((target("avx2"))) std::uint32_t bits(__m256i lanes) {
  return static_cast<std::uint32_t>(_mm256_movemask_pd(_mm256_castsi256_pd(lanes)));
}
#endif

}  // namespace

PlainNumbers::PlainNumbers(int place) {
  if constexpr (std::endian::native != std::endian::little) return;
  if (place > 0 || place <= -7) return;
  const auto places = static_cast<unsigned>(-place);
  least_size_ = places == 0 ? 1 : places + 2;
  if (places == 0) return;
  const unsigned point = 56 - 8 * places;
  point_mask_ = std::uint64_t{0xFF} << point;
  point_ = std::uint64_t{'.' ^ '0'} << point;
  behind_ = ~std::uint64_t{0} << (point + 8);
  before_ = ~behind_ & ~point_mask_;
}

void PlainNumbers::look_for_mark(std::uint64_t bytes, std::uint32_t size) {
  mark_ = bytes << (64 - 8 * size);
  mark_size_ = size;
}

void PlainNumbers::read(const BatchCells& cells, BatchNumbers& out) const {
  out.read = out.zero = out.marked = 0;
  if (cells.count == 0) return;
#if defined(__x86_64__)
  if (has_avx2) return read_avx2(cells, out);
#endif
  read_portable(cells, out);
}

void PlainNumbers::read_portable(const BatchCells& cells, BatchNumbers& out) const {
  for (std::size_t i = 0; i < cells.count; ++i) {
    out.numbers[i] = 0;
    const std::uint32_t size = cells.sizes[i * cells.stride];
    if (size == 0 || size > longest) continue;
    const std::uint64_t word = load(cells.texts[i] + cells.begins[i * cells.stride]);
    const unsigned shift = 64 - 8 * size;
    if (size == mark_size_ && word << shift == mark_) out.marked |= 1U << i;
    std::uint64_t digits = (word ^ digits_zero) << shift;
    if (size < least_size_ || (digits & point_mask_) != point_) continue;
    digits = (digits & behind_) | (digits & before_) << 8;
    if (((digits | (digits + 0x7676767676767676U)) & 0x8080808080808080U) != 0) continue;
    // Neighbours are joined to numbers of two digits, these of four, these of eight.
    const std::uint64_t two = digits * 10 + (digits >> 8);
    constexpr std::uint64_t mask = 0x000000FF000000FFU;
    const std::uint64_t number = ((two & mask) * 0x000F424000000064U + (two >> 16 & mask) * 0x0000271000000001U) >> 32;
    out.numbers[i] = static_cast<std::int64_t>(number);
    out.read |= 1U << i;
    if (number == 0) out.zero |= 1U << i;
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2"))) void PlainNumbers::read_avx2(const BatchCells& cells, BatchNumbers& out) const {
  const __m256i zeros = all(digits_zero), nine = _mm256_set1_epi8(9), ones = all(~std::uint64_t{0}), none = _mm256_setzero_si256();
  const __m256i point = all(point_), point_mask = all(point_mask_), behind = all(behind_), before = all(before_);
  const __m256i mark = all(mark_), mark_size = all(mark_size_), too_short = all(least_size_ - 1), too_long = all(longest + 1);
  const __m256i tens = _mm256_set1_epi16(0x010A), hundreds = _mm256_set1_epi32(0x00010064), myriads = all(10'000);
  const std::size_t last = cells.count - 1;
  for (std::size_t i = 0; i < cells.count; i += 4) {
    alignas(32) std::uint64_t words[4];
    alignas(32) std::uint64_t sizes[4];
    for (std::size_t k = 0; k < 4; ++k) {
      const std::size_t at = i + k < last ? i + k : last;  // behind the last, it again
      words[k] = load(cells.texts[at] + cells.begins[at * cells.stride]);
      sizes[k] = cells.sizes[at * cells.stride];
    }
    const __m256i word = _mm256_load_si256(reinterpret_cast<const __m256i*>(words));
    const __m256i size = _mm256_load_si256(reinterpret_cast<const __m256i*>(sizes));
    const __m256i shift = _mm256_sub_epi64(all(64), _mm256_slli_epi64(size, 3));
    __m256i digits = _mm256_sllv_epi64(_mm256_xor_si256(word, zeros), shift);
    __m256i good = _mm256_and_si256(_mm256_cmpgt_epi64(size, too_short), _mm256_cmpgt_epi64(too_long, size));
    good = _mm256_and_si256(good, _mm256_cmpeq_epi64(_mm256_and_si256(digits, point_mask), point));
    digits = _mm256_or_si256(_mm256_and_si256(digits, behind), _mm256_slli_epi64(_mm256_and_si256(digits, before), 8));
    good = _mm256_and_si256(good, _mm256_cmpeq_epi64(_mm256_cmpeq_epi8(_mm256_max_epu8(digits, nine), nine), ones));
    digits = _mm256_and_si256(digits, good);
    // Neighbours are joined to numbers of two digits, these of four, these of eight.
    digits = _mm256_madd_epi16(_mm256_maddubs_epi16(digits, tens), hundreds);
    const __m256i numbers = _mm256_add_epi64(_mm256_mul_epu32(digits, myriads), _mm256_srli_epi64(digits, 32));
    _mm256_store_si256(reinterpret_cast<__m256i*>(&out.numbers[i]), numbers);
    out.read |= bits(good) << i;
    out.zero |= bits(_mm256_and_si256(good, _mm256_cmpeq_epi64(numbers, none))) << i;
    const __m256i same = _mm256_cmpeq_epi64(_mm256_sllv_epi64(word, shift), mark);
    out.marked |= bits(_mm256_and_si256(same, _mm256_cmpeq_epi64(size, mark_size))) << i;
  }
  const std::uint32_t inside = ~std::uint32_t{0} >> (batch - cells.count);
  out.read &= inside;
  out.zero &= inside;
  out.marked &= inside;
}
#endif

}  // namespace kenzan::engine
