// Texts that differ in digits only, as those of a numbered series do.
#pragma once
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace kenzan::engine {

/// Two texts of one length, eight bytes at a time, where they differ; the last eight may overlap those before.
struct DigitDifference {
  bool digits_only = true;              ///< only ASCII digits do
  std::uint64_t before = 0, after = 0;  ///< the first eight bytes that differ, the first highest; the same where none do
};

[[nodiscard, gnu::always_inline]] inline DigitDifference digit_difference(std::string_view a, std::string_view b) {
  DigitDifference out;
  const auto look_at = [&](std::uint64_t before, std::uint64_t after) {
    constexpr std::uint64_t low = 0x7F7F7F7F7F7F7F7FU;
    const auto no_digits = [](std::uint64_t word) {
      const std::uint64_t digits = word ^ 0x3030303030303030U;
      return digits | ((digits & low) + 0x7676767676767676U);
    };
    const std::uint64_t differ = before ^ after;
    if (differ == 0) return;
    if (((((differ & low) + low) | differ) & (no_digits(before) | no_digits(after)) & ~low) != 0) out.digits_only = false;
    if (out.before == out.after) {
      out.before = std::endian::native == std::endian::little ? __builtin_bswap64(before) : before;
      out.after = std::endian::native == std::endian::little ? __builtin_bswap64(after) : after;
    }
  };
  std::uint64_t before = 0, after = 0;
  if (a.size() < 8) {
    std::memcpy(&before, a.data(), a.size());
    std::memcpy(&after, b.data(), a.size());
    look_at(before, after);
    return out;
  }
  for (std::size_t i = 0; i < a.size(); i += 8) {
    const std::size_t at = i + 8 <= a.size() ? i : a.size() - 8;
    std::memcpy(&before, a.data() + at, 8);
    std::memcpy(&after, b.data() + at, 8);
    look_at(before, after);
  }
  return out;
}

[[nodiscard]] inline bool differ_in_digits(std::string_view a, std::string_view b) {
  return a.size() == b.size() && digit_difference(a, b).digits_only;
}

/// Whether the second text is greater than the first, of the same length, and differs from it in digits only.
[[nodiscard, gnu::always_inline]] inline bool counts_on(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  const DigitDifference difference = digit_difference(a, b);
  return difference.digits_only && difference.before < difference.after;
}

}  // namespace kenzan::engine
