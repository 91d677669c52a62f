#include "engine/vector/kernels.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace kenzan::engine {
namespace {

__extension__ typedef unsigned __int128 UInt128;

constexpr int most_places = 38;  ///< 10^38 fits 127 bits

constexpr std::array<Int128, most_places + 1> powers = [] {
  std::array<Int128, most_places + 1> out{};
  out[0] = 1;
  for (std::size_t i = 1; i < out.size(); ++i) out[i] = out[i - 1] * 10;
  return out;
}();

constexpr Flags swapped_ends(Flags flags) {
  Flags out = flags & static_cast<Flags>(~flag::ends);
  if (flags & flag::low_open) out |= flag::high_open;
  if (flags & flag::high_open) out |= flag::low_open;
  if (flags & flag::low_infinite) out |= flag::high_infinite;
  if (flags & flag::high_infinite) out |= flag::low_infinite;
  return out;
}

void negate_item(Numbers& numbers, std::size_t i) {
  numbers.flags[i] = swapped_ends(numbers.flags[i]);
  Int128 low = 0;
  Int128 high = 0;
  const bool fits = !__builtin_sub_overflow(Int128{0}, numbers.high[i], &low) &&
                    !__builtin_sub_overflow(Int128{0}, numbers.low[i], &high) &&
                    !__builtin_sub_overflow(Int128{0}, numbers.written[i], &numbers.written[i]);
  if (!fits) return numbers.mark_by_form(i);
  numbers.low[i] = low;
  numbers.high[i] = high;
}

std::optional<Int128> narrowed(const Integer& n) {
  const Integer magnitude = n < 0 ? Integer(-n) : n;
  if (!magnitude.is_zero() && msb(magnitude) >= 126) return std::nullopt;  // keeps clear of the ends, too
  Int128 out = 0;
  out = static_cast<Int128>(Integer(magnitude >> 64).convert_to<std::uint64_t>()) << 64;
  out |= static_cast<Int128>(Integer(magnitude & Integer(~std::uint64_t{0})).convert_to<std::uint64_t>());
  return n < 0 ? -out : out;
}

Integer widened(Int128 n) {
  const bool negative = n < 0;
  const auto magnitude = negative ? -static_cast<UInt128>(n) : static_cast<UInt128>(n);
  Integer out = static_cast<std::uint64_t>(magnitude >> 64);
  out <<= 64;
  out += static_cast<std::uint64_t>(magnitude);
  return negative ? Integer(-out) : out;
}

}  // namespace

Numbers Numbers::fixed(std::size_t size, int exponent) {
  Numbers out;
  out.exponent = exponent;
  out.low.resize(size);
  out.high.resize(size);
  out.written.resize(size);
  out.flags.resize(size);
  return out;
}

Numbers Numbers::rational(std::size_t size) {
  Numbers out;
  out.exact = true;
  out.range.resize(size);
  out.value.resize(size);
  out.flags.resize(size);
  return out;
}

void Numbers::set_point(std::size_t i, Int128 number, Flags with) {
  low[i] = high[i] = written[i] = number;
  flags[i] = with & static_cast<Flags>(~flag::ends);
}

void Numbers::set_unbounded(std::size_t i, Flags with) {
  if (exact) {
    range[i] = Interval::everything();
    value[i] = 0;
    flags[i] = with;
    return;
  }
  low[i] = high[i] = written[i] = 0;
  flags[i] = with | flag::unbounded;
}

void Numbers::mark_by_form(std::size_t i) {
  flags[i] |= flag::by_form;
  if (!exact) low[i] = high[i] = written[i] = 0;
}

std::optional<Decimal128> decimal_of(const Rational& value) {
  if (value.is_zero()) return Decimal128{};
  Integer number = numerator(value);
  Integer rest = denominator(value);
  int twos = 0;
  int fives = 0;
  for (; !bit_test(rest, 0); rest >>= 1) ++twos;
  for (; rest % 5 == 0; rest /= 5) ++fives;
  if (rest != 1) return std::nullopt;
  const int places = std::max(twos, fives);
  for (int i = twos; i < places; ++i) number *= 2;
  for (int i = fives; i < places; ++i) number *= 5;
  int exponent = -places;
  for (; number % 10 == 0; number /= 10) ++exponent;
  const std::optional<Int128> fits = narrowed(number);
  if (!fits || exponent < -max_digits || exponent > max_digits) return std::nullopt;
  return Decimal128{*fits, exponent};
}

Rational rational_of(Int128 number, int exponent) {
  if (number == 0) return 0;
  const Rational out(widened(number), 1);
  return exponent == 0 ? out : Rational(out * power_of_ten(exponent));
}

// not a figure: grades plausibility, decides no value
double double_of(Int128 number) { return static_cast<double>(number); }

// not a figure: grades plausibility, decides no value
double double_power_of_ten(int exponent) {
  constexpr int far = 40;
  static const auto powers = [] {
    std::array<double, 2 * far + 1> out{};  // not a figure
    for (int e = -far; e <= far; ++e) out[static_cast<std::size_t>(e + far)] = std::pow(10.0, e);
    return out;
  }();
  return exponent >= -far && exponent <= far ? powers[static_cast<std::size_t>(exponent + far)] : std::pow(10.0, exponent);
}

bool shift(Int128& number, int places) {
  if (number == 0) return true;
  if (places > most_places) return false;
  return !__builtin_mul_overflow(number, powers[static_cast<std::size_t>(places)], &number);
}

Interval range_at(const Numbers& numbers, std::size_t i) {
  if (numbers.exact) return numbers.range[i];
  const Flags flags = numbers.flags[i];
  Interval out;
  out.low = flags & flag::low_infinite ? Bound{0, false, true}
                                       : Bound{rational_of(numbers.low[i], numbers.exponent), !(flags & flag::low_open), false};
  out.high = flags & flag::high_infinite ? Bound{0, false, true}
                                         : Bound{rational_of(numbers.high[i], numbers.exponent), !(flags & flag::high_open), false};
  return out;
}

Rational written_at(const Numbers& numbers, std::size_t i) {
  return numbers.exact ? numbers.value[i] : rational_of(numbers.written[i], numbers.exponent);
}

void rescale(Numbers& numbers, int exponent) {
  const int places = numbers.exponent - exponent;
  if (places == 0) return;
  numbers.exponent = exponent;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!shift(numbers.low[i], places) || !shift(numbers.high[i], places) || !shift(numbers.written[i], places)) {
      numbers.mark_by_form(i);
    }
  }
}

Numbers add(Numbers a, Numbers b) {
  const int exponent = std::min(a.exponent, b.exponent);
  rescale(a, exponent);
  rescale(b, exponent);
  for (std::size_t i = 0; i < a.size(); ++i) {
    a.flags[i] = joined(a.flags[i], b.flags[i]);
    if (add_overflows(a.low[i], b.low[i], a.low[i]) || add_overflows(a.high[i], b.high[i], a.high[i]) ||
        add_overflows(a.written[i], b.written[i], a.written[i])) {
      a.mark_by_form(i);
    }
  }
  return a;
}

void negate(Numbers& numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) negate_item(numbers, i);
}

void negate(Numbers& numbers, std::span<const std::uint8_t> mask) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (mask[i]) negate_item(numbers, i);
  }
}

void scale(Numbers& numbers, Decimal128 factor) {
  numbers.exponent += factor.exponent;
  if (factor.number != 1) {
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (__builtin_mul_overflow(numbers.low[i], factor.number, &numbers.low[i]) ||
          __builtin_mul_overflow(numbers.high[i], factor.number, &numbers.high[i]) ||
          __builtin_mul_overflow(numbers.written[i], factor.number, &numbers.written[i])) {
        numbers.mark_by_form(i);
      }
      if (factor.number < 0) {
        std::swap(numbers.low[i], numbers.high[i]);
        numbers.flags[i] = swapped_ends(numbers.flags[i]);
      }
    }
  }
}

void widen_to_zero(Numbers& numbers, std::span<const std::uint8_t> mask, std::span<const std::uint8_t> written) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!mask[i]) continue;
    Flags& flags = numbers.flags[i];
    if (!(flags & flag::low_infinite) && numbers.low[i] >= 0) {
      numbers.low[i] = 0;
      flags &= static_cast<Flags>(~flag::low_open);
    }
    if (!(flags & flag::high_infinite) && numbers.high[i] <= 0) {
      numbers.high[i] = 0;
      flags &= static_cast<Flags>(~flag::high_open);
    }
    if (!written[i]) numbers.written[i] = 0;
    flags = static_cast<Flags>((flags & ~flag::constant) | flag::nonlinear);
  }
}

void absolute(Numbers& numbers) {
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    Flags& flags = numbers.flags[i];
    const Int128 written = numbers.written[i];
    const bool point = !(flags & flag::unbounded) && numbers.low[i] == numbers.high[i];
    if (!(flags & flag::low_infinite) && numbers.low[i] >= 0) {
      // as it is
    } else if (!(flags & flag::high_infinite) && numbers.high[i] <= 0) {
      negate_item(numbers, i);
    } else {
      // The farther end, of equal ones the closed; the other end is an attained 0.
      const bool infinite = (flags & flag::unbounded) != 0;
      const Int128 mirrored = -numbers.low[i];
      const bool low_wins = mirrored > numbers.high[i] || (mirrored == numbers.high[i] && !(flags & flag::low_open));
      const bool open = low_wins ? (flags & flag::low_open) != 0 : (flags & flag::high_open) != 0;
      numbers.high[i] = infinite ? 0 : std::max(mirrored, numbers.high[i]);
      numbers.low[i] = 0;
      flags &= static_cast<Flags>(~flag::ends);
      if (infinite) flags |= flag::high_infinite;
      if (!infinite && open) flags |= flag::high_open;
    }
    numbers.written[i] = written < 0 ? -written : written;
    flags = static_cast<Flags>(point ? flags | flag::constant : (flags & ~flag::constant) | flag::nonlinear);
  }
}

Numbers sum_segments(const Numbers& numbers, std::span<const std::uint32_t> offsets) {
  Numbers out = Numbers::fixed(offsets.size() - 1, numbers.exponent);
  for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
    Int128 low = 0;
    Int128 high = 0;
    Int128 written = 0;
    Flags flags = flag::constant;
    bool fits = true;
    for (std::size_t i = offsets[s]; i < offsets[s + 1]; ++i) {
      flags = joined(flags, numbers.flags[i]);
      fits = fits && !add_overflows(low, numbers.low[i], low) && !add_overflows(high, numbers.high[i], high) &&
             !add_overflows(written, numbers.written[i], written);
    }
    out.low[s] = low;
    out.high[s] = high;
    out.written[s] = written;
    out.flags[s] = flags;
    if (!fits) out.mark_by_form(s);
  }
  return out;
}

bool holds_for_sign(int sign, Relation relation) {
  switch (relation) {
    case Relation::equal: return sign == 0;
    case Relation::not_equal: return sign != 0;
    case Relation::less: return sign < 0;
    case Relation::less_equal: return sign <= 0;
    case Relation::greater: return sign > 0;
    case Relation::greater_equal: return sign >= 0;
  }
  return false;
}

namespace {

/// −1, 0, 1 as one end lies to another of the same side (`high`: right ends); of equal numbers an open low end is the higher, an
/// open high end the lower.
int order_of_ends(const FixedRange& a, const FixedRange& b, bool high) {
  const Flags infinite = high ? flag::high_infinite : flag::low_infinite;
  const Flags open = high ? flag::high_open : flag::low_open;
  const int outward = high ? 1 : -1;
  const bool a_infinite = (a.ends & infinite) != 0;
  const bool b_infinite = (b.ends & infinite) != 0;
  if (a_infinite || b_infinite) return (a_infinite - b_infinite) * outward;
  const Int128 x = high ? a.high : a.low;
  const Int128 y = high ? b.high : b.low;
  if (x != y) return x < y ? -1 : 1;
  return (((b.ends & open) != 0) - ((a.ends & open) != 0)) * outward;
}

void take_end(FixedRange& out, const FixedRange& from, bool high) {
  constexpr Flags high_ends = flag::high_open | flag::high_infinite;
  const Flags side = high ? high_ends : flag::low_open | flag::low_infinite;
  out.ends = static_cast<Flags>((out.ends & ~side) | (from.ends & side));
  (high ? out.high : out.low) = high ? from.high : from.low;
}

}  // namespace

FixedRange fixed_range(const Numbers& numbers, std::size_t i) {
  return {numbers.low[i], numbers.high[i], static_cast<Flags>(numbers.flags[i] & flag::ends)};
}

FixedRange minimum(FixedRange a, const FixedRange& b) {
  if (order_of_ends(b, a, false) < 0) take_end(a, b, false);
  if (order_of_ends(b, a, true) < 0) take_end(a, b, true);
  return a;
}

FixedRange maximum(FixedRange a, const FixedRange& b) {
  if (order_of_ends(b, a, false) > 0) take_end(a, b, false);
  if (order_of_ends(b, a, true) > 0) take_end(a, b, true);
  return a;
}

FixedRange hull(FixedRange a, const FixedRange& b) {
  if (order_of_ends(b, a, false) < 0) take_end(a, b, false);
  if (order_of_ends(b, a, true) > 0) take_end(a, b, true);
  return a;
}

Numbers gather(const Numbers& numbers, std::span<const std::uint32_t> map) {
  Numbers out = numbers.exact ? Numbers::rational(map.size()) : Numbers::fixed(map.size(), numbers.exponent);
  for (std::size_t k = 0; k < map.size(); ++k) {
    const std::size_t i = map[k];
    out.flags[k] = numbers.flags[i];
    if (numbers.exact) {
      out.range[k] = numbers.range[i];
      out.value[k] = numbers.value[i];
    } else {
      out.low[k] = numbers.low[i];
      out.high[k] = numbers.high[i];
      out.written[k] = numbers.written[i];
    }
  }
  return out;
}

}  // namespace kenzan::engine
