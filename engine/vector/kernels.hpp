// Columns of figure values and the loops over them: 128-bit integers at one decimal exponent, checked, or exact rationals.
#pragma once
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/interval.hpp"

namespace kenzan::engine {

__extension__ typedef __int128 Int128;

/// What is known of one item of a column of values, as a set of the bits below.
using Flags = std::uint16_t;
namespace flag {
inline constexpr Flags missing = 1 << 0;  ///< a cell without a row was read
inline constexpr Flags unknown = 1 << 1;
inline constexpr Flags suppressed = 1 << 2;
inline constexpr Flags no_instance = 1 << 3;  ///< a lag before the first label
inline constexpr Flags low_open = 1 << 4;
inline constexpr Flags high_open = 1 << 5;
inline constexpr Flags low_infinite = 1 << 6;
inline constexpr Flags high_infinite = 1 << 7;
inline constexpr Flags by_form = 1 << 8;     ///< the numbers do not fit, or are too wide: the item's terms say what it is
inline constexpr Flags no_written = 1 << 9;  ///< no value as written: a division by a written 0
inline constexpr Flags nonlinear = 1 << 10;
inline constexpr Flags constant = 1 << 11;  ///< it has no terms
inline constexpr Flags ends = low_open | high_open | low_infinite | high_infinite;
inline constexpr Flags unbounded = low_infinite | high_infinite;
inline constexpr Flags not_written = missing | unknown | suppressed | no_written;
}  // namespace flag

/// The flags of a value computed from two: it has what either has, and is constant if both are.
[[nodiscard]] constexpr Flags joined(Flags a, Flags b) {
  return static_cast<Flags>(((a | b) & ~flag::constant) | (a & b & flag::constant));
}
/// The flags that do not speak of ends or terms.
[[nodiscard]] constexpr Flags reasons(Flags flags) {
  return flags & static_cast<Flags>(flag::not_written | flag::no_instance | flag::nonlinear);
}

/// A column of sets of true values with the values as written, in one of two shapes.
///
/// Fixed: item i spans [low[i], high[i]] · 10^exponent, with ends as `flags` say; an infinite end's number is 0.
/// Exact (`exact`): `range` and `value`; the flags of ends are not used.
/// An item flagged `by_form` has no numbers here.
struct Numbers {
  bool exact = false;
  int exponent = 0;
  std::vector<Int128> low, high, written;
  std::vector<Interval> range;
  std::vector<Rational> value;
  std::vector<Flags> flags;

  [[nodiscard]] std::size_t size() const { return flags.size(); }
  [[nodiscard]] static Numbers fixed(std::size_t size, int exponent = 0);
  [[nodiscard]] static Numbers rational(std::size_t size);
  /// Makes item i a finite closed point, or unbounded; its flags become `flags` with the ends said.
  void set_point(std::size_t i, Int128 number, Flags flags);
  void set_unbounded(std::size_t i, Flags flags);
  void mark_by_form(std::size_t i);
};

/// number · 10^exponent, without trailing zeros.
struct Decimal128 {
  Int128 number = 0;
  int exponent = 0;
};
[[nodiscard]] std::optional<Decimal128> decimal_of(const Rational& value);
[[nodiscard]] Rational rational_of(Int128 number, int exponent);
// not a figure: grades plausibility, decides no value
[[nodiscard]] double double_of(Int128 number);
[[nodiscard]] double double_power_of_ten(int exponent);

[[nodiscard]] inline bool add_overflows(Int128 a, Int128 b, Int128& out) { return __builtin_add_overflow(a, b, &out); }
/// number · 10^places (places ≥ 0); false if it does not fit.
[[nodiscard]] bool shift(Int128& number, int places);

/// The interval of a Fixed or Exact item that is not `by_form`; its value as written.
[[nodiscard]] Interval range_at(const Numbers& numbers, std::size_t i);
[[nodiscard]] Rational written_at(const Numbers& numbers, std::size_t i);

/// Rewrites a Fixed column at a smaller exponent. Items that do not fit become `by_form`.
void rescale(Numbers& numbers, int exponent);

/// Adds two Fixed columns item by item, each known only to its printed precision.
///
/// Item i spans [a.low + b.low, a.high + b.high]; an end is closed only where both are, infinite where one is.
/// Shape:   equal sizes; exponents may differ (the result has the smaller).
/// Missing: flags are joined; numbers of flagged items are bounds like any other.
/// Errors:  an item whose bound leaves 128 bits is `by_form`. Never wraps round, never throws.
/// Cost:    one pass.
[[nodiscard]] Numbers add(Numbers a, Numbers b);

/// Turns a Fixed column round: ends change places with their flags.
void negate(Numbers& numbers);
/// The same for the items that `mask` marks.
void negate(Numbers& numbers, std::span<const std::uint8_t> mask);

/// Multiplies a Fixed column by a decimal ≠ 0.
void scale(Numbers& numbers, Decimal128 factor);

/// Widens the marked items of a Fixed column to hold 0: they may count or not. As written they count where `written` is set. They
/// become opaque.
void widen_to_zero(Numbers& numbers, std::span<const std::uint8_t> mask, std::span<const std::uint8_t> written);

/// {|x|} of a Fixed column without `by_form` items. Items that are not points become `nonlinear`, points `constant`.
void absolute(Numbers& numbers);

/// Sums the items of each segment [offsets[s], offsets[s+1]) of a Fixed column. An empty segment is the constant 0.
[[nodiscard]] Numbers sum_segments(const Numbers& numbers, std::span<const std::uint32_t> offsets);

/// Whether `number relation 0` can be true and can be false for a Fixed item that is not `by_form`.
[[nodiscard]] inline Possibility compare_to_zero(Int128 low, Int128 high, Flags flags, Relation relation) {
  const bool low_infinite = (flags & flag::low_infinite) != 0;
  const bool high_infinite = (flags & flag::high_infinite) != 0;
  const bool less = low_infinite || low < 0;
  const bool greater = high_infinite || high > 0;
  const bool less_equal = less || (low == 0 && !(flags & flag::low_open));
  const bool greater_equal = greater || (high == 0 && !(flags & flag::high_open));
  const bool zero = !low_infinite && !high_infinite && low == 0 && high == 0;
  switch (relation) {
    case Relation::equal: return {less_equal && greater_equal, !zero};
    case Relation::not_equal: return {!zero, less_equal && greater_equal};
    case Relation::less: return {less, greater_equal};
    case Relation::less_equal: return {less_equal, greater};
    case Relation::greater: return {greater, less_equal};
    case Relation::greater_equal: return {greater_equal, less};
  }
  return {};
}
/// Whether `sign relation 0` holds.
[[nodiscard]] bool holds_for_sign(int sign, Relation relation);

/// The range of a Fixed item, with its four flags of ends. Minimum and maximum act on both ends.
struct FixedRange {
  Int128 low = 0, high = 0;
  Flags ends = 0;
};
[[nodiscard]] FixedRange fixed_range(const Numbers& numbers, std::size_t i);
[[nodiscard]] FixedRange minimum(FixedRange a, const FixedRange& b);
[[nodiscard]] FixedRange maximum(FixedRange a, const FixedRange& b);
[[nodiscard]] FixedRange hull(FixedRange a, const FixedRange& b);

/// out[k] = numbers[map[k]].
[[nodiscard]] Numbers gather(const Numbers& numbers, std::span<const std::uint32_t> map);

}  // namespace kenzan::engine
