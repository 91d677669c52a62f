#include "engine/discover/spread.hpp"

#include <algorithm>
#include <cmath>
#include <string>

namespace kenzan::engine {
namespace {

constexpr std::size_t fewest_neighbours = 4;

/// The size of the last digit of a number that is not 0, relative to the number: 0.001 for 1,200 and 0.1 for 10 (but 1 for 1).
// not a figure: a chance, which ranks proposals
double last_digit(const Rational& written) {
  const std::optional<std::string> decimal = exact_decimal(written);
  if (!decimal) return 0;
  std::string digits;
  for (const char c : *decimal) {
    if (c >= '0' && c <= '9' && !(digits.empty() && c == '0')) digits.push_back(c);
  }
  digits.erase(digits.find_last_not_of('0') + 1);
  // not a figure: the first digits of one, to see how large it is
  const double leading = std::stod(digits.substr(0, 15));
  return std::pow(10.0, static_cast<int>(std::min<std::size_t>(digits.size(), 15)) - static_cast<int>(digits.size())) / leading;
}

}  // namespace

void Spread::add(const Rational& written) {
  // not a figure: a size to estimate a chance by
  const double size = std::abs(written.convert_to<double>());
  if (size > 0 && std::isfinite(size)) sizes_.push_back(size);
}

void Spread::close() {
  std::ranges::sort(sizes_);
  sizes_.erase(std::ranges::unique(sizes_).begin(), sizes_.end());
}

// not a figure: a chance, which ranks proposals
double Spread::density(double size) const {
  double magnitudes = std::log(10.0);
  if (!sizes_.empty()) magnitudes = std::max(magnitudes, std::log(sizes_.back() / sizes_.front()));
  double out = 1 / (size * magnitudes);
  const std::size_t count = sizes_.size();
  if (count < fewest_neighbours) return out;
  const auto wanted = static_cast<std::size_t>(std::ceil(std::sqrt(static_cast<double>(count))));
  auto right = std::ranges::lower_bound(sizes_, size), left = right;
  double reach = 0;
  for (std::size_t found = 0; found < wanted;) {  // outward, the nearer side first
    const bool none_left = left == sizes_.begin(), none_right = right == sizes_.end();
    if (none_left && none_right) break;
    const bool go_left = none_right || (!none_left && size - *(left - 1) < *right - size);
    reach = go_left ? size - *--left : *right++ - size;
    if (reach > 0) ++found;  // itself is no neighbour
  }
  if (reach > 0) out = std::max(out, static_cast<double>(wanted) / (static_cast<double>(count) * 2 * reach));
  return out;
}

// not a figure: a chance, which ranks proposals
double surprise(const Rational& written, const Rational& width, const Spread& column, const Spread& kind) {
  const double size = std::abs(written.convert_to<double>());
  if (!(size > 0) || !std::isfinite(size)) return 0;
  const double reach = std::max(width.convert_to<double>(), size * last_digit(written));
  const double chance = reach * std::max(column.density(size), kind.density(size));
  return chance < 1 ? -std::log2(chance) : 0;
}

}  // namespace kenzan::engine
