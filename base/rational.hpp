// Exact numbers without bound: the type of every figure outside the columns of scaled integers.
#pragma once
#include <boost/multiprecision/cpp_int.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace kenzan {

using Integer = boost::multiprecision::cpp_int;
using Rational = boost::multiprecision::cpp_rational;

/// A number has at most this many digits before and after its point; longer ones are refused when they are read.
inline constexpr int max_digits = 400;

/// Returns 10^exponent exactly. |exponent| ≤ 2 * max_digits.
[[nodiscard]] Rational power_of_ten(int exponent);

/// Returns number · 10^exponent exactly. |exponent| ≤ 2 * max_digits.
[[nodiscard]] Rational scaled_by_ten(std::int64_t number, int exponent);

/// The same as a + b, a · b and a / b, faster for small numbers. b ≠ 0 in a quotient.
[[nodiscard]] Rational plus(const Rational& a, const Rational& b);
[[nodiscard]] Rational times(const Rational& a, const Rational& b);
[[nodiscard]] Rational quotient(const Rational& a, const Rational& b);

/// Reads ASCII digits, all of them decimal (boost takes a leading 0 for octal). "" is 0.
[[nodiscard]] Integer integer_from_digits(std::string_view digits);

/// Reads `[-]digits[.digits][e[-]digits]` (ASCII) exactly; nothing if `text` is anything else or too long.
[[nodiscard]] std::optional<Rational> parse_rational(std::string_view text);

/// Writes `value` as a decimal without exponent and without trailing zeros ("-0.05"); nothing if its expansion does not end.
[[nodiscard]] std::optional<std::string> exact_decimal(const Rational& value);

/// Writes `value` exactly: a decimal where it ends, otherwise a fraction in lowest terms ("2/3").
[[nodiscard]] std::string exact_text(const Rational& value);

/// Writes `value` for people: exact where it ends within `places` digits, otherwise the nearest with `places` digits and `…`
/// behind it; commas group the thousands where `grouped`.
[[nodiscard]] std::string readable(const Rational& value, int places = 6, bool grouped = true);

/// Largest integer not above `value`; smallest integer not below it.
[[nodiscard]] Integer floor_of(const Rational& value);
[[nodiscard]] Integer ceiling_of(const Rational& value);

}  // namespace kenzan
