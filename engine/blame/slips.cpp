#include "engine/blame/slips.hpp"

#include <algorithm>
#include <set>

namespace kenzan::engine {
namespace {

constexpr std::size_t most_digits = 20;

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Whether two digits are neighbours in the row of digits or on a block of keys.
bool neighbours(char a, char b) {
  constexpr std::string_view row = "1234567890", block = "7894561230";
  const auto apart = [](std::size_t x, std::size_t y) { return x > y ? x - y : y - x; };
  if (apart(row.find(a), row.find(b)) == 1) return true;
  const std::size_t x = block.find(a), y = block.find(b);
  if (x == 9 || y == 9) return std::min(x, y) >= 6 && std::min(x, y) <= 7;  // 0 lies below 1 and 2
  return apart(x / 3, y / 3) + apart(x % 3, y % 3) == 1;
}

/// A number taken apart: its digits, and how many of them stand before the point.
class Number {
 public:
  Number(std::string_view written, char point, char group) : point_(point), group_(group) {
    const auto begin = std::ranges::find_if(written, is_digit);
    auto at = begin;
    bool has_point = false;
    for (; at != written.end(); ++at) {
      if (is_digit(*at)) {
        digits.push_back(*at);
        if (!has_point) ++whole;
        continue;
      }
      const bool goes_on = at + 1 != written.end() && is_digit(at[1]);
      if (goes_on && *at == point && !has_point) {
        has_point = true;
      } else if (goes_on && *at == group && !has_point) {
        grouped_ = true;
      } else {
        break;
      }
    }
    before_ = written.substr(0, static_cast<std::size_t>(begin - written.begin()));
    behind_ = written.substr(static_cast<std::size_t>(at - written.begin()));
  }

  std::string digits;
  std::size_t whole = 0;

  [[nodiscard]] std::string_view before() const { return before_; }
  [[nodiscard]] bool is_good() const { return !digits.empty() && digits.size() <= most_digits; }
  /// The text with other digits; "" where no one would write such a number.
  [[nodiscard]] std::string with(std::string other, std::size_t whole_digits) const {
    if (whole_digits == 0 || whole_digits > other.size()) return "";
    if (other[0] == '0' && whole_digits > 1) return "";
    std::string number;
    for (std::size_t i = 0; i < other.size(); ++i) {
      if (i == whole_digits) number.push_back(point_);
      if (grouped_ && group_ != 0 && i > 0 && i < whole_digits && (whole_digits - i) % 3 == 0) number.push_back(group_);
      number.push_back(other[i]);
    }
    return before_ + number + behind_;
  }
  [[nodiscard]] std::string signed_otherwise() const {
    const std::string same = with(digits, whole);
    if (same.empty()) return "";
    const std::string number = same.substr(before_.size());
    for (const std::string_view sign : {"-", "−", "△", "▲", "－"}) {
      if (before_.ends_with(sign)) return before_.substr(0, before_.size() - sign.size()) + number;
    }
    return before_ + "-" + number;
  }

 private:
  char point_, group_;
  bool grouped_ = false;
  std::string before_, behind_;
};

/// Whether a number may stand for something in a sieve, be it one place wider.
bool passes(const Sieve& sieve, std::string_view digits, std::size_t whole) {
  // not a figure: what passes is read exactly
  double value = 0, place = 1;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    value = value * 10 + (digits[i] - '0');
    if (i >= whole) place /= 10;
  }
  value *= place;
  // not a figure: half a place would do
  const double around = 2 * std::max(place, sieve.width) + value * 1e-9;
  return value + around >= sieve.low && value - around <= sieve.high;
}

}  // namespace

std::vector<Meant> meant_by(std::string_view written, char point, char group, const std::optional<Sieve>& sieve) {
  const Number number(written, point, group);
  std::vector<Meant> out;
  if (!number.is_good()) return out;
  const std::string& digits = number.digits;
  const std::size_t size = digits.size(), whole = number.whole;
  const auto add = [&](Slip slip, std::string other, std::size_t whole_digits) {
    if (sieve && !passes(*sieve, other, whole_digits)) return;
    std::string text = number.with(std::move(other), whole_digits);
    if (!text.empty()) out.push_back({slip, std::move(text)});
  };

  for (std::size_t i = 0; i < size; ++i) {
    const bool twice = i + 1 < size && digits[i] == digits[i + 1];
    if (i + 1 < size && !twice) {
      std::string other = digits;
      std::swap(other[i], other[i + 1]);
      add(Slip::swapped, std::move(other), whole);
    }
    std::string less = digits;
    less.erase(i, 1);
    add(twice ? Slip::doubled : Slip::added, std::move(less), i < whole ? whole - 1 : whole);
    for (char digit = '0'; digit <= '9'; ++digit) {
      if (digit == digits[i]) continue;
      std::string other = digits;
      other[i] = digit;
      add(neighbours(digit, digits[i]) ? Slip::neighbour : Slip::mistyped, std::move(other), whole);
    }
  }
  for (std::size_t i = 0; i <= size; ++i) {
    for (char digit = '0'; digit <= '9'; ++digit) {
      std::string more = digits;
      more.insert(i, 1, digit);
      const bool again = (i > 0 && digits[i - 1] == digit) || (i < size && digits[i] == digit);
      const Slip slip = again ? Slip::single : Slip::dropped;
      if (i <= whole) add(slip, more, whole + 1);
      if (i > whole || (i == whole && size > whole)) add(slip, std::move(more), whole);
    }
  }
  for (int places = -4; places <= 4; ++places) {
    if (places == 0) continue;
    std::string other = digits;
    const auto moved = static_cast<std::ptrdiff_t>(whole) + places;
    if (moved < 1) other.insert(0, static_cast<std::size_t>(1 - moved), '0');
    const std::size_t now = moved < 1 ? 1 : static_cast<std::size_t>(moved);
    if (now > other.size()) other.append(now - other.size(), '0');
    const std::size_t zeros = std::min(other.find_first_not_of('0'), now - 1);
    if (zeros == std::string::npos) continue;
    other.erase(0, zeros);
    const std::size_t whole_now = now - zeros;
    add(Slip::point, other, whole_now);
    const std::size_t wanted = whole_now + (size - whole);
    if (other.size() < wanted) other.append(wanted - other.size(), '0');
    while (other.size() > wanted && other.back() == '0') other.pop_back();
    if (other.size() == wanted) add(Slip::point, std::move(other), whole_now);
  }
  if (std::string text = number.signed_otherwise(); !text.empty()) out.push_back({Slip::sign, std::move(text)});

  std::ranges::stable_sort(out, {}, &Meant::slip);
  std::set<std::string> seen{std::string(written)};
  std::erase_if(out, [&](const Meant& each) { return !seen.insert(each.text).second; });
  return out;
}

std::optional<Rational> last_place(std::string_view written, const Rational& was, char point, char group) {
  const Number number(written, point, group);
  if (!number.is_good()) return std::nullopt;
  const std::optional<Rational> steps = parse_rational(number.digits);
  if (!steps || steps->is_zero() || was.is_zero()) return std::nullopt;
  return abs(quotient(was, *steps));
}

std::string with_value(std::string_view written, const Rational& was, const Rational& value, char point, char group) {
  const std::optional<Rational> place = last_place(written, was, point, group);
  if (!place || value < 0 || was < 0) return "";
  const Rational steps = quotient(value, *place);
  if (denominator(steps) != 1) return "";
  const Number number(written, point, group);
  const std::size_t decimals = number.digits.size() - number.whole;
  std::string digits = exact_text(steps);
  if (digits.size() > most_digits) return "";
  if (digits.size() <= decimals) digits.insert(0, decimals + 1 - digits.size(), '0');
  const std::size_t whole = digits.size() - decimals;
  return number.with(std::move(digits), whole);
}

std::optional<std::size_t> decimals_of(std::string_view written, char point, char group) {
  const Number number(written, point, group);
  if (number.digits.empty()) return std::nullopt;
  return number.digits.size() - number.whole;
}

}  // namespace kenzan::engine
