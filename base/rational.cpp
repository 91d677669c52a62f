#include "base/rational.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <limits>
#include <numeric>

namespace kenzan {
namespace {

constexpr int small_powers = 18;  // 10^18 fits 64 bits

using Limbs = Integer::backend_type;

/// The value of an integer of less than 62 bits, as most are.
std::optional<std::int64_t> small(const Limbs& value) {
  constexpr unsigned bits = 62;
  if (value.size() != 1 || value.limbs()[0] >> bits != 0) return std::nullopt;
  const auto size = static_cast<std::int64_t>(value.limbs()[0]);
  return value.sign() ? -size : size;
}

bool is_whole(const Rational& value) { return small(value.backend().denom()) == 1; }

Integer integer_power_of_ten(unsigned exponent) { return boost::multiprecision::pow(Integer(10), exponent); }

std::size_t count_digits(std::string_view text) {
  const auto end = std::find_if_not(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  return static_cast<std::size_t>(end - text.begin());
}

/// Writes a whole number without sign / 10^places with exactly `places` digits behind the point.
std::string place_point(std::string digits, std::size_t places) {
  if (digits.size() <= places) digits.insert(0, places + 1 - digits.size(), '0');
  if (places > 0) digits.insert(digits.size() - places, 1, '.');
  return digits;
}

void strip_zeros(std::string& decimal) {
  if (decimal.find('.') == std::string::npos) return;
  decimal.erase(decimal.find_last_not_of('0') + 1);
  if (decimal.back() == '.') decimal.pop_back();
}

void group_thousands(std::string& decimal) {
  const std::size_t point = std::min(decimal.find('.'), decimal.size());
  for (std::size_t at = point; at > 3; at -= 3) decimal.insert(at - 3, 1, ',');
}

/// How many digits behind the point `denominator` needs; nothing if no number of them is enough.
std::optional<unsigned> digits_needed(Integer denominator) {
  const auto twos = static_cast<unsigned>(lsb(denominator));
  denominator >>= twos;
  unsigned fives = 0;
  while (denominator % 5 == 0) {
    denominator /= 5;
    ++fives;
  }
  if (denominator != 1) return std::nullopt;
  return std::max(twos, fives);
}

/// exact_decimal of what is small.
std::optional<std::string> small_decimal(const Rational& value) {
  const auto top = small(value.backend().num()), bottom = small(value.backend().denom());
  if (!top || !bottom) return std::nullopt;
  std::int64_t scaled = *top, left = *bottom;
  std::size_t places = 0;
  while (left != 1) {  // multiplied by ten, and what is common taken out
    std::int64_t more = 10;
    for (const std::int64_t prime : {2, 5}) {
      if (left % prime != 0) continue;
      left /= prime;
      more /= prime;
    }
    if (more == 10 || __builtin_mul_overflow(scaled, more, &scaled)) return std::nullopt;
    ++places;
  }
  const std::string digits = std::to_string(scaled);
  return scaled < 0 ? "-" + place_point(digits.substr(1), places) : place_point(digits, places);
}

}  // namespace

Rational power_of_ten(int exponent) {
  static const auto table = [] {
    std::array<Rational, 2 * small_powers + 1> powers;
    for (int e = 0; e <= small_powers; ++e) {
      const Integer power = integer_power_of_ten(static_cast<unsigned>(e));
      powers[static_cast<std::size_t>(small_powers + e)] = Rational(power, 1);
      powers[static_cast<std::size_t>(small_powers - e)] = Rational(1, power);
    }
    return powers;
  }();
  if (exponent >= -small_powers && exponent <= small_powers) return table[static_cast<std::size_t>(small_powers + exponent)];
  if (exponent > 0) return Rational(integer_power_of_ten(static_cast<unsigned>(exponent)), 1);
  return Rational(1, integer_power_of_ten(static_cast<unsigned>(-exponent)));
}

Rational scaled_by_ten(std::int64_t number, int exponent) {
  if (exponent == 0 || number == 0) return number;
  if (exponent < -small_powers || exponent > small_powers || number == std::numeric_limits<std::int64_t>::min())
    return Rational(Rational(Integer(number)) * power_of_ten(exponent));
  std::int64_t power = 1;
  for (int places = std::abs(exponent); places > 0; --places) power *= 10;
  if (exponent < 0) {
    const std::int64_t common = std::gcd(number, power);
    return Rational(number / common, power / common);
  }
  std::int64_t product = 0;
  if (__builtin_mul_overflow(number, power, &product)) return Rational(Integer(number) * power);
  return product;
}

Rational plus(const Rational& a, const Rational& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  if (!is_whole(a) || !is_whole(b)) return a + b;
  const auto first = small(a.backend().num()), second = small(b.backend().num());
  if (first && second) return *first + *second;
  return Rational(Integer(numerator(a) + numerator(b)));
}

Rational times(const Rational& a, const Rational& b) {
  if (!is_whole(a) || !is_whole(b)) return a * b;
  const auto first = small(a.backend().num()), second = small(b.backend().num());
  if (first == 1) return b;
  if (second == 1) return a;
  std::int64_t product = 0;
  if (first && second && !__builtin_mul_overflow(*first, *second, &product)) return product;
  return Rational(Integer(numerator(a) * numerator(b)));
}

Rational quotient(const Rational& a, const Rational& b) {
  const auto top = small(a.backend().num()), bottom = small(a.backend().denom()), by = small(b.backend().num());
  if (!top || !bottom || !by || *by <= 0 || !is_whole(b)) return a / b;
  const std::int64_t common = std::gcd(*top, *by);
  std::int64_t below = 0;
  if (__builtin_mul_overflow(*bottom, *by / common, &below)) return a / b;
  return {*top / common, below};
}

Integer integer_from_digits(std::string_view digits) {
  const std::size_t first = digits.find_first_not_of('0');
  if (first == std::string_view::npos) return 0;
  digits.remove_prefix(first);
  if (digits.size() <= static_cast<std::size_t>(small_powers)) {
    std::uint64_t value = 0;
    for (char c : digits) value = value * 10 + static_cast<std::uint64_t>(c - '0');
    return value;
  }
  return Integer(std::string(digits));
}

std::optional<Rational> parse_rational(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative) text.remove_prefix(1);
  const std::size_t whole = count_digits(text);
  if (whole == 0) return std::nullopt;
  std::string digits(text.substr(0, whole));
  text.remove_prefix(whole);
  std::size_t fraction = 0;
  if (text.starts_with('.')) {
    fraction = count_digits(text.substr(1));
    if (fraction == 0) return std::nullopt;
    digits.append(text.substr(1, fraction));
    text.remove_prefix(1 + fraction);
  }
  int exponent = 0;
  if (text.starts_with('e') || text.starts_with('E')) {
    text.remove_prefix(1);
    const bool down = text.starts_with('-');
    if (down) text.remove_prefix(1);
    const std::size_t length = count_digits(text);
    if (length == 0) return std::nullopt;
    const Integer written = length > 9 ? Integer(2 * max_digits) : integer_from_digits(text.substr(0, length));
    exponent = static_cast<int>(written.convert_to<long>());
    if (down) exponent = -exponent;
    text.remove_prefix(length);
  }
  if (!text.empty()) return std::nullopt;
  constexpr auto limit = static_cast<std::size_t>(max_digits);
  if (whole > limit || fraction > limit) return std::nullopt;
  const long before = static_cast<long>(whole) + exponent;
  const long behind = static_cast<long>(fraction) - exponent;
  if (before > max_digits || behind > max_digits) return std::nullopt;
  Rational value(integer_from_digits(digits), 1);
  value *= power_of_ten(-static_cast<int>(behind));
  if (negative) value = -value;
  return value;
}

std::optional<std::string> exact_decimal(const Rational& value) {
  if (auto text = small_decimal(value)) return text;
  const Integer top = numerator(value);
  const Integer bottom = denominator(value);
  const auto places = digits_needed(bottom);
  if (!places) return std::nullopt;
  const Integer scaled = top * integer_power_of_ten(*places) / bottom;
  std::string text = place_point(Integer(abs(scaled)).str(), *places);
  strip_zeros(text);
  if (top < 0) text.insert(0, 1, '-');
  return text;
}

std::string exact_text(const Rational& value) {
  if (auto decimal = exact_decimal(value)) return *decimal;
  return Integer(numerator(value)).str() + "/" + Integer(denominator(value)).str();
}

std::string readable(const Rational& value, int places, bool grouped) {
  const auto shown = static_cast<unsigned>(std::max(places, 0));
  const Integer top = abs(numerator(value)) * integer_power_of_ten(shown);
  const Integer bottom = denominator(value);
  const Integer scaled = (2 * top + bottom) / (2 * bottom);  // a tie goes away from zero
  const bool exact = scaled * bottom == top;
  std::string text = place_point(scaled.str(), shown);
  if (exact) strip_zeros(text);
  if (grouped) group_thousands(text);
  if (value < 0) text.insert(0, 1, '-');
  if (!exact) text += "…";
  return text;
}

Integer floor_of(const Rational& value) {
  const Integer top = numerator(value);
  const Integer bottom = denominator(value);
  Integer quotient = top / bottom;
  if (top < 0 && quotient * bottom != top) --quotient;
  return quotient;
}

Integer ceiling_of(const Rational& value) {
  const Integer top = numerator(value);
  const Integer bottom = denominator(value);
  Integer quotient = top / bottom;
  if (top > 0 && quotient * bottom != top) ++quotient;
  return quotient;
}

}  // namespace kenzan
