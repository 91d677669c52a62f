// Units of measure as static types: dimension (which base units, to which power), factor, and the kinds of dimensionless units.
#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rational.hpp"

namespace kenzan {

/// Dimensionless quantities come in three kinds: a plain ratio, a percentage (%), and the difference of two percentages (ポイント).
enum class RatioKind : std::uint8_t { plain, percent, point };

/// Base units by folded name with their non-zero powers; empty: dimensionless.
using Dimension = std::map<std::string, int>;

/// A unit: a quantity written in it is `factor` times as large in base units. `name` is for messages ("億円", "円/人", "" for plain).
struct Unit {
  std::string name;
  Dimension dimension;
  Rational factor = 1;
  RatioKind kind = RatioKind::plain;
  bool exact_by_default = false;  ///< counts (人, 件, 個, 者, 団体): published without rounding

  [[nodiscard]] bool same_dimension(const Unit& other) const { return dimension == other.dimension; }
};

[[nodiscard]] Unit operator*(const Unit& a, const Unit& b);
[[nodiscard]] Unit operator/(const Unit& a, const Unit& b);

/// The units known in one scope, by folded name. Starts with the built-in ones.
class UnitTable {
 public:
  UnitTable();  ///< 円 千円 万円 百万円 億円 兆円 割 % ‰ ポイント 倍 人 件 個 者 団体

  /// Adds a unit, or returns the one already there of that name if it differs (the table is then unchanged).
  [[nodiscard]] std::optional<Unit> add(const Unit& unit);
  [[nodiscard]] const Unit* find(std::string_view name) const;
  [[nodiscard]] std::vector<std::string> names() const;

 private:
  std::map<std::string, Unit> units_;
};

}  // namespace kenzan
