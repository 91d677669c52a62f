#include "base/unit.hpp"

#include "base/text.hpp"

namespace kenzan {
namespace {

constexpr std::string_view times = "·";

bool is_identity(const Unit& unit) {
  return unit.dimension.empty() && unit.kind == RatioKind::plain && unit.factor == 1 && unit.name.empty();
}

Dimension combined(const Dimension& a, const Dimension& b, int sign) {
  Dimension out = a;
  for (const auto& [base, power] : b) {
    const int total = out[base] += sign * power;
    if (total == 0) out.erase(base);
  }
  return out;
}

bool is_compound(std::string_view name) {
  return name.find('/') != std::string_view::npos || name.find(times) != std::string_view::npos;
}

std::string product_name(const Unit& a, const Unit& b) {
  if (a.name.empty() || b.name.empty()) return a.name + b.name;
  if (a.name.ends_with("/" + b.name)) return a.name.substr(0, a.name.size() - b.name.size() - 1);
  if (b.name.ends_with("/" + a.name)) return b.name.substr(0, b.name.size() - a.name.size() - 1);
  return a.name + std::string(times) + b.name;
}

std::string quotient_name(const Unit& a, const Unit& b) {
  if (a.name == b.name) return "";
  if (b.name.empty()) return a.name;
  const std::string factor = std::string(times) + b.name;
  if (a.name.ends_with(factor)) return a.name.substr(0, a.name.size() - factor.size());
  const std::string divisor = is_compound(b.name) ? "(" + b.name + ")" : b.name;
  return (a.name.empty() ? "1" : a.name) + "/" + divisor;
}

bool same(const Unit& a, const Unit& b) {
  return a.dimension == b.dimension && a.factor == b.factor && a.kind == b.kind && a.exact_by_default == b.exact_by_default;
}

}  // namespace

Unit operator*(const Unit& a, const Unit& b) {
  if (is_identity(b)) return a;
  if (is_identity(a)) return b;
  return Unit{product_name(a, b), combined(a.dimension, b.dimension, 1), Rational(a.factor * b.factor), RatioKind::plain, false};
}

Unit operator/(const Unit& a, const Unit& b) {
  if (is_identity(b)) return a;
  return Unit{quotient_name(a, b), combined(a.dimension, b.dimension, -1), Rational(a.factor / b.factor), RatioKind::plain, false};
}

UnitTable::UnitTable() {
  const Dimension yen{{"円", 1}};
  const auto put = [this](Unit unit) { units_.emplace(fold(unit.name), std::move(unit)); };
  put({"円", yen, 1});
  put({"千円", yen, power_of_ten(3)});
  put({"万円", yen, power_of_ten(4)});
  put({"百万円", yen, power_of_ten(6)});
  put({"億円", yen, power_of_ten(8)});
  put({"兆円", yen, power_of_ten(12)});
  put({"割", {}, power_of_ten(-1)});
  put({"%", {}, power_of_ten(-2), RatioKind::percent});
  put({"‰", {}, power_of_ten(-3)});
  put({"ポイント", {}, power_of_ten(-2), RatioKind::point});
  put({"倍", {}, 1});
  for (const char* count : {"人", "件", "個", "者", "団体"}) put({count, {{count, 1}}, 1, RatioKind::plain, true});
}

std::optional<Unit> UnitTable::add(const Unit& unit) {
  const auto [at, added] = units_.try_emplace(fold(unit.name), unit);
  if (added || same(at->second, unit)) return std::nullopt;
  return at->second;
}

const Unit* UnitTable::find(std::string_view name) const {
  const auto at = units_.find(fold(name));
  return at == units_.end() ? nullptr : &at->second;
}

std::vector<std::string> UnitTable::names() const {
  std::vector<std::string> out;
  out.reserve(units_.size());
  for (const auto& [folded, unit] : units_) out.push_back(unit.name);
  return out;
}

}  // namespace kenzan
