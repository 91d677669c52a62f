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

/// Writes the places of the bits of a mask, `first` at once and then `step` at a time, be there fewer: what is behind the last is
/// written over by the next. So the loop seldom ends otherwise than foreseen. Returns the end. Inlined into code for processors that
/// count bits fast.
template <int first, int step>
[[gnu::always_inline]] inline std::uint32_t* write(std::uint64_t mask, std::size_t base, std::uint32_t* to) {
  std::uint32_t* const end = to + std::popcount(mask);
  const auto write_some = [&](int count) {
    for (int i = 0; i < count; ++i) {
      to[i] = static_cast<std::uint32_t>(base) + static_cast<std::uint32_t>(std::countr_zero(mask));
      mask &= mask - 1;
    }
    to += count;
  };
  write_some(first);
  while (mask != 0) write_some(step);
  return end;
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

/// Finds the structure with the masks that `find` makes of 64 bytes.
template <class Find>
[[gnu::always_inline]] inline void structure(const char* text, std::size_t size, Structure& out, Find find) {
  std::uint64_t lone = 0;
  // A piece has room for the places of 64 pieces of text, so that there is seldom anything to ask for.
  constexpr std::size_t piece = 64 * 64;
  for (std::size_t begin = 0; begin < size; begin += piece) {
    std::uint32_t* const ends_begin = out.ends.room(piece + 64);
    std::uint32_t* const lines_begin = out.lines.room(piece + 64);
    std::uint32_t* ends = ends_begin;
    std::uint32_t* lines = lines_begin;
    const std::size_t end = size < begin + piece ? size : begin + piece;
    for (std::size_t at = begin; at < end; at += 64) {
      const Masks masks = find(text + at);
      const std::uint64_t inside = before(size - at);
      if (const std::uint64_t returns = masks.returns & inside; returns != 0) {
        const bool next = at + 64 < size && text[at + 64] == '\n';
        lone |= returns & ~((masks.lines & inside) >> 1 | std::uint64_t{next} << 63);
      }
      ends = write<8, 4>(masks.ends & inside, at, ends);
      lines = write<2, 2>(masks.lines & inside, at, lines);
    }
    out.ends.grow(static_cast<std::size_t>(ends - ends_begin));
    out.lines.grow(static_cast<std::size_t>(lines - lines_begin));
  }
  out.lone_return = lone != 0;
}

/// Finds the places of a sign with the mask that `find` makes of 64 bytes.
template <class Find>
[[gnu::always_inline]] inline void bytes(const char* text, std::size_t from, std::size_t size, Places& places, Find find) {
  for (std::size_t at = from; at < size; at += 64) {
    const std::uint64_t mask = find(text + at) & before(size - at);
    if (mask == 0) continue;
    std::uint32_t* const begin = places.room(64);
    places.grow(static_cast<std::size_t>(write<2, 2>(mask, at, begin) - begin));
  }
}

#if defined(__x86_64__)
__attribute__((target("avx2,bmi,popcnt"))) void structure_avx2(const char* text, std::size_t size, char delimiter, Structure& out) {
  structure(text, size, out,
            [delimiter](const char* at) __attribute__((target("avx2,bmi,popcnt"))) { return masks_avx2(at, delimiter); });
}

__attribute__((target("avx2,bmi,popcnt"))) void bytes_avx2(const char* text, std::size_t from, std::size_t size, char sign,
                                                           Places& places) {
  bytes(text, from, size, places,
        [sign](const char* at) __attribute__((target("avx2,bmi,popcnt"))) { return mask_avx2(at, sign); });
}

const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi") && __builtin_cpu_supports("popcnt");
#endif

}  // namespace

void find_byte(const char* text, std::size_t from, std::size_t size, char sign, Places& places) {
#if defined(__x86_64__)
  if (has_avx2) return bytes_avx2(text, from, size, sign, places);
#endif
  bytes(text, from, size, places, [sign](const char* at) { return mask_portable(at, sign); });
}

void find_structure(const char* text, std::size_t size, char delimiter, Structure& out) {
  out.ends.clear();
  out.lines.clear();
#if defined(__x86_64__)
  if (has_avx2) return structure_avx2(text, size, delimiter, out);
#endif
  structure(text, size, out, [delimiter](const char* at) { return masks_portable(at, delimiter); });
}

}  // namespace kenzan::engine
