// Columns of figure values with the forms they come from, and the arithmetic on them.
#pragma once
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "engine/vector/form.hpp"

namespace kenzan::engine {

/// A column of figure values. `numbers` bounds each item as if all its unknowns were different; where `cells` says that one may
/// stand twice, `settle` finds the items for which that is so.
struct Figures {
  std::shared_ptr<const Numbers> numbers;
  FormPtr form;
  Footprints cells;
  std::optional<Rational> uniform;  ///< all items are this constant

  [[nodiscard]] std::size_t size() const { return numbers->size(); }
  [[nodiscard]] Flags flags(std::size_t i) const { return numbers->flags[i]; }
  /// The true values of a settled item; its value as written (0 where there is none).
  [[nodiscard]] Interval range(std::size_t i) const;
  [[nodiscard]] Rational written(std::size_t i) const;
  /// The value of a settled item that is a constant: it has no terms.
  [[nodiscard]] std::optional<Rational> constant(std::size_t i) const;
};

[[nodiscard]] FormPtr make_form(Form form);

/// Marks items that hold an unknown twice as `by_form`. Cost: nothing where the footprints rule it out, else a sort of each item's
/// unknowns.
void settle(Figures& figures);

[[nodiscard]] Figures constant_figures(std::size_t size, const Rational& value);
/// A constant that is rounded: one unknown for the whole expression.
[[nodiscard]] Figures uncertain_figures(std::size_t size, dsl::ExprId id, const dsl::Expr& expr);
/// Values that are unknowns of their own, or constants where flagged so. No item may be `by_form`.
[[nodiscard]] Figures opaque_figures(Numbers numbers);
/// The same where `mask` is set; elsewhere the items of `plain`, whose numbers `numbers` holds already.
[[nodiscard]] Figures partly_opaque(Numbers numbers, std::vector<std::uint8_t> mask, const Figures& plain);

[[nodiscard]] Figures add(const Figures& a, const Figures& b);
[[nodiscard]] Figures negate(const Figures& a);
[[nodiscard]] Figures negate(const Figures& a, const std::vector<std::uint8_t>& mask);
[[nodiscard]] Figures scale(const Figures& a, const Rational& factor);
[[nodiscard]] Figures scale_items(const Figures& a, std::vector<Rational> factors);
[[nodiscard]] Figures multiply(Figures a, Figures b);
/// Division by exactly 0 is unknown; by an interval holding 0 unbounded. An unknown in both is one.
[[nodiscard]] Figures divide(Figures a, Figures b);
[[nodiscard]] Figures absolute(Figures a);
[[nodiscard]] Figures round(Figures a, const Rational& step, Rounding rounding);
/// Items of `b` where `mask` is set, else of `a`.
[[nodiscard]] Figures choose(const Figures& a, const Figures& b, std::vector<std::uint8_t> mask);
[[nodiscard]] Figures gather(const Figures& a, const SharedRows& map);
/// Adds up segments of elements. `offsets` has one entry more than there are segments.
[[nodiscard]] Figures fold(const Figures& elements, const std::vector<std::uint32_t>& offsets);

/// The numbers as rationals, every item exact; for an unsettled column as if all unknowns were different, except `by_form` items.
[[nodiscard]] Numbers exact_numbers(const Figures& figures);

}  // namespace kenzan::engine
