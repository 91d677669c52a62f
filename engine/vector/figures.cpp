#include "engine/vector/figures.hpp"

#include <algorithm>
#include <utility>

namespace kenzan::engine {
namespace {

Figures figures_of(Numbers numbers, FormPtr form, Footprints cells) {
  return Figures{std::make_shared<const Numbers>(std::move(numbers)), std::move(form), std::move(cells), std::nullopt};
}

Footprints joined_prints(const Footprints& a, const Footprints& b) {
  Footprints out = a;
  out.insert(out.end(), b.begin(), b.end());
  return out;
}

bool any_by_form(const Numbers& numbers) {
  return std::ranges::any_of(numbers.flags, [](Flags flags) { return (flags & flag::by_form) != 0; });
}

FormPtr opaque_form(std::shared_ptr<const Numbers> numbers, std::vector<std::uint8_t> mask, FormPtr plain) {
  Form form;
  form.kind = Form::Kind::opaque;
  form.numbers = std::move(numbers);
  form.mask = std::move(mask);
  form.first = std::move(plain);
  return make_form(std::move(form));
}

/// Flags an exact item that is computed from a range: a point is a constant, anything else an unknown of its own.
void set_opaque(Numbers& numbers, std::size_t i) {
  Flags& flags = numbers.flags[i];
  flags = static_cast<Flags>(numbers.range[i].is_point() ? flags | flag::constant : (flags & ~flag::constant) | flag::nonlinear);
}

}  // namespace

FormPtr make_form(Form form) {
  // not a figure: grades plausibility, decides no value
  if (form.kind == Form::Kind::scale) form.approximate = form.factor.convert_to<double>();
  return std::make_shared<const Form>(std::move(form));
}

Interval Figures::range(std::size_t i) const {
  return flags(i) & flag::by_form ? range_of(form_of(*form, i).linear) : range_at(*numbers, i);
}

Rational Figures::written(std::size_t i) const {
  return flags(i) & flag::by_form ? form_of(*form, i).written : written_at(*numbers, i);
}

std::optional<Rational> Figures::constant(std::size_t i) const {
  if (flags(i) & flag::by_form) {
    Linear linear = form_of(*form, i).linear;
    if (!linear.terms.empty()) return std::nullopt;
    return linear.constant;
  }
  if (!(flags(i) & flag::constant)) return std::nullopt;
  return numbers->exact ? numbers->range[i].low.value : rational_of(numbers->low[i], numbers->exponent);
}

void settle(Figures& figures) {
  if (!may_repeat(figures.cells)) return;
  std::vector<std::uint64_t> ids;
  std::vector<std::size_t> found;
  for (std::size_t i = 0; i < figures.size(); ++i) {
    if (!(figures.flags(i) & flag::by_form) && repeats_an_unknown(*figures.form, i, ids)) found.push_back(i);
  }
  if (found.empty()) return;
  Numbers numbers = *figures.numbers;
  for (const std::size_t i : found) numbers.mark_by_form(i);
  figures.numbers = std::make_shared<const Numbers>(std::move(numbers));
}

Figures constant_figures(std::size_t size, const Rational& value) {
  Numbers numbers;
  if (const auto decimal = decimal_of(value)) {
    numbers = Numbers::fixed(size, decimal->exponent);
    for (std::size_t i = 0; i < size; ++i) numbers.set_point(i, decimal->number, flag::constant);
  } else {
    numbers = Numbers::rational(size);
    std::ranges::fill(numbers.range, Interval::point(value));
    std::ranges::fill(numbers.value, value);
    std::ranges::fill(numbers.flags, flag::constant);
  }
  Form form;
  form.kind = Form::Kind::constant;
  form.factor = value;
  Figures out = figures_of(std::move(numbers), make_form(std::move(form)), {});
  out.uniform = value;
  return out;
}

Figures uncertain_figures(std::size_t size, dsl::ExprId id, const dsl::Expr& expr) {
  Form form;
  form.kind = Form::Kind::uncertain;
  form.expr = id;
  form.range = expr.interval;
  form.written = expr.written;
  const Interval& range = form.range;
  std::optional<Decimal128> low = range.low.infinite ? Decimal128{} : decimal_of(range.low.value);
  std::optional<Decimal128> high = range.high.infinite ? Decimal128{} : decimal_of(range.high.value);
  std::optional<Decimal128> written = decimal_of(expr.written);
  Numbers numbers;
  const int exponent = low && high && written ? std::min({low->exponent, high->exponent, written->exponent}) : 0;
  const bool fits = low && high && written && shift(low->number, low->exponent - exponent) &&
                    shift(high->number, high->exponent - exponent) && shift(written->number, written->exponent - exponent);
  Flags flags = 0;
  if (fits) {
    numbers = Numbers::fixed(size, exponent);
    std::ranges::fill(numbers.low, low->number);
    std::ranges::fill(numbers.high, high->number);
    std::ranges::fill(numbers.written, written->number);
    if (range.low.infinite) flags |= flag::low_infinite;
    if (range.high.infinite) flags |= flag::high_infinite;
    if (!range.low.infinite && !range.low.closed) flags |= flag::low_open;
    if (!range.high.infinite && !range.high.closed) flags |= flag::high_open;
  } else {
    numbers = Numbers::rational(size);
    std::ranges::fill(numbers.range, range);
    std::ranges::fill(numbers.value, expr.written);
  }
  std::ranges::fill(numbers.flags, flags);
  Footprint print;
  print.uncertain = true;
  print.source = id.value;
  return figures_of(std::move(numbers), make_form(std::move(form)), {print});
}

Figures opaque_figures(Numbers numbers) {
  auto shared = std::make_shared<const Numbers>(std::move(numbers));
  return Figures{shared, opaque_form(shared, {}, nullptr), {}, std::nullopt};
}

Figures partly_opaque(Numbers numbers, std::vector<std::uint8_t> mask, const Figures& plain) {
  if (std::ranges::find(mask, 0) == mask.end()) return opaque_figures(std::move(numbers));
  auto shared = std::make_shared<const Numbers>(std::move(numbers));
  return Figures{shared, opaque_form(shared, std::move(mask), plain.form), plain.cells, std::nullopt};
}

Numbers exact_numbers(const Figures& figures) {
  Numbers out = Numbers::rational(figures.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Flags flags = figures.flags(i);
    if (flags & flag::by_form) {
      ItemForm item = form_of(*figures.form, i);
      out.range[i] = range_of(item.linear);
      out.value[i] = std::move(item.written);
      out.flags[i] = reasons(flags) | (item.linear.terms.empty() ? flag::constant : Flags{0});
    } else {
      out.range[i] = range_at(*figures.numbers, i);
      out.value[i] = written_at(*figures.numbers, i);
      out.flags[i] = reasons(flags) | (flags & flag::constant);
    }
  }
  return out;
}

Figures add(const Figures& a, const Figures& b) {
  Form form;
  form.kind = Form::Kind::sum;
  form.first = a.form;
  form.second = b.form;
  Numbers numbers;
  if (!a.numbers->exact && !b.numbers->exact) {
    numbers = add(*a.numbers, *b.numbers);
  } else {
    numbers = exact_numbers(a);
    const Numbers right = exact_numbers(b);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      numbers.range[i] = numbers.range[i] + right.range[i];
      numbers.value[i] += right.value[i];
      numbers.flags[i] = joined(numbers.flags[i], right.flags[i]);
    }
  }
  Figures out = figures_of(std::move(numbers), make_form(std::move(form)), joined_prints(a.cells, b.cells));
  if (a.uniform && b.uniform) out.uniform = *a.uniform + *b.uniform;
  return out;
}

Figures negate(const Figures& a) { return scale(a, -1); }

Figures negate(const Figures& a, const std::vector<std::uint8_t>& mask) {
  Figures out = choose(a, negate(a), mask);
  out.cells = a.cells;  // an item is one or the other
  return out;
}

Figures scale(const Figures& a, const Rational& factor) {
  Form form;
  form.kind = factor.is_zero() ? Form::Kind::nothing : Form::Kind::scale;
  form.factor = factor;
  form.first = a.form;
  Numbers numbers;
  const std::optional<Decimal128> decimal = decimal_of(factor);
  if (factor.is_zero()) {
    numbers = Numbers::fixed(a.size());
    for (std::size_t i = 0; i < a.size(); ++i) numbers.set_point(i, 0, reasons(a.flags(i)) | flag::constant);
  } else if (!a.numbers->exact && decimal) {
    numbers = *a.numbers;
    scale(numbers, *decimal);
  } else {
    numbers = exact_numbers(a);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      numbers.range[i] = factor * numbers.range[i];
      numbers.value[i] *= factor;
    }
  }
  Figures out = figures_of(std::move(numbers), make_form(std::move(form)), factor.is_zero() ? Footprints{} : a.cells);
  if (a.uniform) out.uniform = factor * *a.uniform;
  return out;
}

Figures scale_items(const Figures& a, std::vector<Rational> factors) {
  Numbers numbers = exact_numbers(a);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers.range[i] = factors[i] * numbers.range[i];
    numbers.value[i] *= factors[i];
    if (factors[i].is_zero()) numbers.flags[i] |= flag::constant;
  }
  Form form;
  form.kind = Form::Kind::scale_items;
  form.first = a.form;
  form.factors = std::move(factors);
  return figures_of(std::move(numbers), make_form(std::move(form)), a.cells);
}

Figures multiply(Figures a, Figures b) {
  if (b.uniform) return scale(a, *b.uniform);
  if (a.uniform) return scale(b, *a.uniform);
  settle(a);
  settle(b);
  const std::size_t size = a.size();
  std::vector<std::uint8_t> opaque(size), first_constant(size);
  std::vector<Rational> factors(size, Rational(0));
  for (std::size_t i = 0; i < size; ++i) {
    if (const auto right = b.constant(i)) {
      factors[i] = *right;
    } else if (const auto left = a.constant(i)) {
      factors[i] = *left;
      first_constant[i] = 1;
    } else {
      opaque[i] = 1;
    }
  }
  const Figures scaled = scale_items(choose(a, b, std::move(first_constant)), std::move(factors));
  Numbers numbers = *scaled.numbers;
  for (std::size_t i = 0; i < size; ++i) {
    numbers.flags[i] |= reasons(a.flags(i) | b.flags(i));
    numbers.value[i] = a.written(i) * b.written(i);
    if (!opaque[i]) continue;
    numbers.range[i] = a.range(i) * b.range(i);
    set_opaque(numbers, i);
  }
  return partly_opaque(std::move(numbers), std::move(opaque), scaled);
}

Figures divide(Figures a, Figures b) {
  if (b.uniform && !b.uniform->is_zero()) return scale(a, 1 / *b.uniform);
  settle(a);
  settle(b);
  const std::size_t size = a.size();
  const bool shared = may_share(a.cells, b.cells);
  std::vector<std::uint8_t> opaque(size);
  std::vector<Rational> factors(size, Rational(0));
  for (std::size_t i = 0; i < size; ++i) {
    const auto divisor = b.constant(i);
    opaque[i] = !divisor || divisor->is_zero();
    if (!opaque[i]) factors[i] = 1 / *divisor;
  }
  const Figures scaled = scale_items(a, std::move(factors));
  Numbers numbers = *scaled.numbers;
  for (std::size_t i = 0; i < size; ++i) {
    Flags& flags = numbers.flags[i];
    flags |= reasons(a.flags(i) | b.flags(i));
    const Rational divisor = b.written(i);
    if (divisor.is_zero()) flags |= flag::no_written;
    numbers.value[i] = divisor.is_zero() ? Rational(0) : Rational(a.written(i) / divisor);
    if (!opaque[i]) continue;
    const bool both_linear = ((a.flags(i) | b.flags(i)) & flag::nonlinear) == 0;
    const Interval bottom = b.range(i);
    if (bottom.is_point() && bottom.low.value.is_zero()) {
      numbers.range[i] = Interval::everything();
      flags |= flag::unknown;
    } else if (shared && both_linear) {
      numbers.range[i] = range_of_quotient(form_of(*a.form, i).linear, form_of(*b.form, i).linear);
    } else {
      numbers.range[i] = a.range(i) / bottom;
    }
    set_opaque(numbers, i);
    flags |= flag::nonlinear;
  }
  return partly_opaque(std::move(numbers), std::move(opaque), scaled);
}

Figures absolute(Figures a) {
  settle(a);
  const Numbers& from = *a.numbers;
  constexpr Int128 limit = Int128{1} << 126;
  const bool fits = !from.exact && !any_by_form(from) && std::ranges::none_of(from.low, [](Int128 n) { return n < -limit; });
  if (fits) {
    Numbers numbers = from;
    absolute(numbers);
    return opaque_figures(std::move(numbers));
  }
  Numbers numbers = exact_numbers(a);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers.range[i] = kenzan::absolute(numbers.range[i]);
    numbers.value[i] = abs(numbers.value[i]);
    set_opaque(numbers, i);
  }
  return opaque_figures(std::move(numbers));
}

Figures round(Figures a, const Rational& step, Rounding rounding) {
  settle(a);
  Numbers numbers = exact_numbers(a);
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    numbers.range[i] = round_to(numbers.range[i], step, rounding);
    numbers.value[i] = round_to(numbers.value[i], step, rounding);
    set_opaque(numbers, i);
  }
  return opaque_figures(std::move(numbers));
}

Figures choose(const Figures& a, const Figures& b, std::vector<std::uint8_t> mask) {
  if (std::ranges::find(mask, 1) == mask.end()) return a;
  Numbers numbers;
  if (!a.numbers->exact && !b.numbers->exact) {
    numbers = *a.numbers;
    Numbers other = *b.numbers;
    const int exponent = std::min(numbers.exponent, other.exponent);
    rescale(numbers, exponent);
    rescale(other, exponent);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!mask[i]) continue;
      numbers.low[i] = other.low[i];
      numbers.high[i] = other.high[i];
      numbers.written[i] = other.written[i];
      numbers.flags[i] = other.flags[i];
    }
  } else {
    numbers = exact_numbers(a);
    Numbers other = exact_numbers(b);
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (!mask[i]) continue;
      numbers.range[i] = std::move(other.range[i]);
      numbers.value[i] = std::move(other.value[i]);
      numbers.flags[i] = other.flags[i];
    }
  }
  Form form;
  form.kind = Form::Kind::choose;
  form.first = a.form;
  form.second = b.form;
  form.mask = std::move(mask);
  return figures_of(std::move(numbers), make_form(std::move(form)), joined_prints(a.cells, b.cells));
}

Figures gather(const Figures& a, const SharedRows& map) {
  if (!map) return a;
  Form form;
  form.kind = Form::Kind::gather;
  form.first = a.form;
  form.map = *map;
  Figures out = figures_of(gather(*a.numbers, *map), make_form(std::move(form)), a.cells);
  out.uniform = a.uniform;
  return out;
}

Figures fold(const Figures& elements, const std::vector<std::uint32_t>& offsets) {
  Numbers numbers;
  if (!elements.numbers->exact) {
    numbers = sum_segments(*elements.numbers, offsets);
  } else {
    const Numbers each = exact_numbers(elements);
    numbers = Numbers::rational(offsets.size() - 1);
    for (std::size_t s = 0; s + 1 < offsets.size(); ++s) {
      numbers.range[s] = Interval::point(0);
      numbers.flags[s] = flag::constant;
      for (std::size_t i = offsets[s]; i < offsets[s + 1]; ++i) {
        numbers.range[s] = numbers.range[s] + each.range[i];
        numbers.value[s] += each.value[i];
        numbers.flags[s] = joined(numbers.flags[s], each.flags[i]);
      }
    }
  }
  Form form;
  form.kind = Form::Kind::fold;
  form.first = elements.form;
  form.map = offsets;
  return figures_of(std::move(numbers), make_form(std::move(form)), elements.cells);
}

}  // namespace kenzan::engine
