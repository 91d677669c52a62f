#include "engine/stream/structure.hpp"

#include <bit>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace kenzan::engine {
namespace {

/// Bits of 64 bytes: which are the sign.
struct Masks {
  std::uint64_t ends = 0, lines = 0, returns = 0;
};

/// Appends the places of the bits of a mask. Inlined into code for processors that count bits fast.
[[gnu::always_inline]] inline void append(std::uint64_t mask, std::size_t base, Places& places) {
  // Eight at a time, be there fewer: what is behind the last is not taken. So the loop seldom ends otherwise than foreseen.
  std::uint32_t* to = places.room(64);
  places.grow(static_cast<std::size_t>(std::popcount(mask)));
  for (; mask != 0; to += 8) {
    for (int i = 0; i < 8; ++i) {
      to[i] = static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(std::countr_zero(mask));
      mask &= mask - 1;
    }
  }
}

[[gnu::always_inline]] inline std::uint64_t before(std::size_t count) {
  return count >= 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << count) - 1;
}

Masks masks_portable(const char* text, char delimiter) {
  Masks out;
  for (unsigned i = 0; i < 64; ++i) {
    const std::uint64_t bit = std::uint64_t{1} << i;
    if (text[i] == '\n') out.lines |= bit, out.ends |= bit;
    if (text[i] == delimiter) out.ends |= bit;
    if (text[i] == '\r') out.returns |= bit;
  }
  return out;
}

std::uint64_t mask_portable(const char* text, char sign) {
  std::uint64_t out = 0;
  for (unsigned i = 0; i < 64; ++i) out |= std::uint64_t{text[i] == sign} << i;
  return out;
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi,popcnt"))) std::uint64_t equal(__m256i low, __m256i high, __m256i sign) {
  const auto a = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, sign)));
  const auto b = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, sign)));
  return std::uint64_t{b} << 32 | a;
}

__attribute__((target("avx2,bmi,popcnt"))) Masks masks_avx2(const char* text, char delimiter) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
  Masks out;
  out.lines = equal(low, high, _mm256_set1_epi8('\n'));
  out.ends = out.lines | equal(low, high, _mm256_set1_epi8(delimiter));
  out.returns = equal(low, high, _mm256_set1_epi8('\r'));
  return out;
}

__attribute__((target("avx2,bmi,popcnt"))) std::uint64_t mask_avx2(const char* text, char sign) {
  const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
  const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
  return equal(low, high, _mm256_set1_epi8(sign));
}
#endif

/// Takes in the masks of the 64 bytes at `at`.
[[gnu::always_inline]] inline void take_in(const Masks& masks, const char* text, std::size_t size, std::size_t at, Structure& out) {
  const std::uint64_t inside = before(size - at);
  const std::uint64_t returns = masks.returns & inside;
  if (returns != 0) {
    const bool next = at + 64 < size && text[at + 64] == '\n';
    const std::uint64_t followed = (masks.lines & inside) >> 1 | std::uint64_t{next} << 63;
    if ((returns & ~followed) != 0) out.lone_return = true;
  }
  append(masks.ends & inside, at, out.ends);
  append(masks.lines & inside, at, out.lines);
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi,popcnt"))) void structure_avx2(const char* text, std::size_t size, char delimiter, Structure& out) {
  for (std::size_t at = 0; at < size; at += 64) take_in(masks_avx2(text + at, delimiter), text, size, at, out);
}

__attribute__((target("avx2,bmi,popcnt"))) void bytes_avx2(const char* text, std::size_t from, std::size_t size, char sign,
                                                           Places& places) {
  for (std::size_t at = from; at < size; at += 64) {
    const std::uint64_t mask = mask_avx2(text + at, sign) & before(size - at);
    if (mask != 0) append(mask, at, places);
  }
}

const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
#endif

}  // namespace

void find_byte(const char* text, std::size_t from, std::size_t size, char sign, Places& places) {
#if defined(__x86_64__)
  if (has_avx2) return bytes_avx2(text, from, size, sign, places);
#endif
  for (std::size_t at = from; at < size; at += 64) append(mask_portable(text + at, sign) & before(size - at), at, places);
}

void find_structure(const char* text, std::size_t size, char delimiter, Structure& out) {
  out.ends.clear();
  out.lines.clear();
  out.lone_return = false;
#if defined(__x86_64__)
  if (has_avx2) return structure_avx2(text, size, delimiter, out);
#endif
  for (std::size_t at = 0; at < size; at += 64) take_in(masks_portable(text + at, delimiter), text, size, at, out);
}

}  // namespace kenzan::engine
