#include "engine/vector/form.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace kenzan::engine {
namespace {

constexpr std::uint64_t opaque_bit = std::uint64_t{1} << 63;
constexpr std::uint64_t uncertain_bit = std::uint64_t{1} << 62;

constexpr std::uint64_t mixed(std::uint64_t x) {
  x += 0x9e3779b97f4a7c15U;
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9U;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

/// The factor of a walk that needs none.
struct NoFactor {};
NoFactor times(NoFactor, const Form&) { return {}; }
NoFactor times(NoFactor, const Form&, std::size_t) { return {}; }
Rational times(const Rational& factor, const Form& form) { return factor * form.factor; }
Rational times(const Rational& factor, const Form& form, std::size_t i) { return factor * form.factors[i]; }
// not a figure: grades plausibility, decides no value
double times(double factor, const Form& form) { return factor * form.approximate; }
double times(double factor, const Form& form, std::size_t i) { return factor * form.factors[i].convert_to<double>(); }

/// Visits the leaves of item i. The sink takes leaf(id, factor, form, i) and, for parts without an unknown, constant(factor, form,
/// i). `salt` keeps opaque values that are gathered for different items apart.
template <class Factor, class Sink>
void walk(const Form& form, std::size_t i, const Factor& factor, std::uint64_t salt, Sink& sink) {
  switch (form.kind) {
    case Form::Kind::nothing: return;
    case Form::Kind::constant: return sink.constant(factor, form, i);
    case Form::Kind::uncertain: return sink.leaf(uncertain_bit | form.expr.value, factor, form, i);
    case Form::Kind::cells: {
      const std::uint32_t row = form.rows ? (*form.rows)[i] : static_cast<std::uint32_t>(i);
      const std::uint32_t part = form.parts ? (*form.parts)[i] : 0;
      if (row == absent_row || part == absent_row) {
        return sink.leaf(opaque_bit | mixed(mixed(reinterpret_cast<std::uintptr_t>(&form) + salt) + i), factor, form, i);
      }
      // 14 bits of columns, 16 of parts, 32 of rows; more of either are told apart by mixing.
      const std::uint64_t place = (std::uint64_t{form.source} << 16) + part;
      const bool fits = form.source < (1U << 14) && part < (1U << 16);
      const std::uint64_t in_column = std::uint64_t{part} << 32 | row;
      return sink.leaf(fits ? place << 32 | row : opaque_bit | mixed(mixed(form.source) ^ in_column), factor, form, i);
    }
    case Form::Kind::opaque:
      if (!form.mask.empty() && !form.mask[i]) return walk(*form.first, i, factor, salt, sink);
      if (form.numbers->flags[i] & flag::constant) return sink.constant(factor, form, i);
      return sink.leaf(opaque_bit | mixed(mixed(reinterpret_cast<std::uintptr_t>(&form) + salt) + i), factor, form, i);
    case Form::Kind::sum: walk(*form.first, i, factor, salt, sink); return walk(*form.second, i, factor, salt, sink);
    case Form::Kind::scale: return walk(*form.first, i, times(factor, form), salt, sink);
    case Form::Kind::scale_items: return walk(*form.first, i, times(factor, form, i), salt, sink);
    case Form::Kind::choose: return walk(form.mask[i] ? *form.second : *form.first, i, factor, salt, sink);
    case Form::Kind::fold:
      for (std::size_t k = form.map[i]; k < form.map[i + 1]; ++k) walk(*form.first, k, factor, salt, sink);
      return;
    case Form::Kind::gather: return walk(*form.first, form.map[i], factor, mixed(salt + i + 1), sink);
  }
}

const FigureColumn* cell_of(const Form& form, std::size_t i, std::uint32_t& row) {
  row = form.rows ? (*form.rows)[i] : static_cast<std::uint32_t>(i);
  const std::uint32_t part = form.parts ? (*form.parts)[i] : 0;
  return row == absent_row || part == absent_row ? nullptr : &form.column->parts[part].figures;
}

Interval leaf_range(const Form& form, std::size_t i) {
  if (form.kind == Form::Kind::uncertain) return form.range;
  if (form.kind == Form::Kind::opaque) return range_at(*form.numbers, i);
  std::uint32_t row = 0;
  const FigureColumn* figures = cell_of(form, i, row);
  if (figures == nullptr) return Interval::everything();
  return form.as_written ? figures->range_as_written(row) : figures->range(row);
}

std::optional<Rational> leaf_squares(const Form& form, std::size_t i) {
  std::uint32_t row = 0;
  if (form.kind != Form::Kind::cells || form.as_written) return std::nullopt;
  const FigureColumn* figures = cell_of(form, i, row);
  return figures == nullptr ? std::nullopt : figures->squares_of(row);
}

Rational leaf_written(const Form& form, std::size_t i) {
  if (form.kind == Form::Kind::uncertain) return form.written;
  if (form.kind == Form::Kind::constant) return form.factor;
  if (form.kind == Form::Kind::opaque) return written_at(*form.numbers, i);
  std::uint32_t row = 0;
  const FigureColumn* figures = cell_of(form, i, row);
  return figures == nullptr ? Rational(0) : figures->written(row);
}

struct Collector {
  ItemForm out;
  void constant(const Rational& factor, const Form& form, std::size_t i) {
    // An opaque constant is a point; as written it may be something else (the values that count as written may differ).
    out.linear.constant += factor * (form.kind == Form::Kind::opaque ? range_at(*form.numbers, i).low.value : form.factor);
    out.written += factor * leaf_written(form, i);
  }
  void leaf(std::uint64_t id, const Rational& factor, const Form& form, std::size_t i) {
    out.written += factor * leaf_written(form, i);
    out.linear.terms.push_back({id, factor, leaf_range(form, i), leaf_squares(form, i)});
  }
};

struct Identities {
  std::vector<std::uint64_t>& ids;
  void constant(NoFactor, const Form&, std::size_t) {}
  void leaf(std::uint64_t id, NoFactor, const Form&, std::size_t) { ids.push_back(id); }
};

struct Squares {
  // not a figure: grades plausibility, decides no value
  double sum = 0;
  void constant(double, const Form&, std::size_t) {}
  void leaf(std::uint64_t, double factor, const Form& form, std::size_t i) { sum += factor * factor * square_of(form, i); }
  /// Σ width² of what the leaf adds up.
  static double square_of(const Form& form, std::size_t i) {
    constexpr double infinite = std::numeric_limits<double>::infinity();
    std::uint32_t row = 0;
    if (form.kind == Form::Kind::cells) {
      const FigureColumn* figures = cell_of(form, i, row);
      constexpr std::uint8_t odd = FigureColumn::is_wide | FigureColumn::excluded;
      if (figures != nullptr && !(figures->state[row] & odd) && !form.as_written) {
        const Mark mark = figures->mark(row);
        if (mark == Mark::nil) return 0;
        if (mark != Mark::number) return infinite;
        const double unit = double_power_of_ten(figures->exponent);
        if (figures->has_sums()) return static_cast<double>(figures->squares(row)) * unit * unit;
        const double width = double_of(Int128{figures->high(row)} - figures->low(row)) * unit;
        return width * width;
      }
      if (figures != nullptr && !form.as_written) {
        if (const auto squares = figures->squares_of(row)) return squares->convert_to<double>();
      }
    }
    const Interval range = leaf_range(form, i);
    if (range.low.infinite || range.high.infinite) return infinite;
    const double width = Rational(range.high.value - range.low.value).convert_to<double>();
    return width * width;
  }
};

bool meet(const Footprint& a, const Footprint& b) {
  if (a.uncertain != b.uncertain || a.source != b.source) return false;
  if (a.across && b.across && *a.across != *b.across) return false;
  for (const auto& [column, label] : a.fixed) {
    for (const auto& [other_column, other_label] : b.fixed) {
      if (column == other_column && label != other_label) return false;
    }
  }
  return true;
}

}  // namespace

bool may_repeat(const Footprints& prints) {
  for (std::size_t i = 0; i < prints.size(); ++i) {
    if (prints[i].repeats) return true;
    for (std::size_t k = 0; k < i; ++k) {
      if (meet(prints[i], prints[k])) return true;
    }
  }
  return false;
}

bool may_share(const Footprints& a, const Footprints& b) {
  return std::ranges::any_of(
      a, [&](const Footprint& x) { return std::ranges::any_of(b, [&](const Footprint& y) { return meet(x, y); }); });
}

ItemForm form_of(const Form& form, std::size_t i) {
  Collector sink;
  walk(form, i, Rational(1), 0, sink);
  collect(sink.out.linear);
  return std::move(sink.out);
}

bool repeats_an_unknown(const Form& form, std::size_t i, std::vector<std::uint64_t>& ids) {
  ids.clear();
  Identities sink{ids};
  walk(form, i, NoFactor{}, 0, sink);
  if (ids.size() < 2) return false;
  std::ranges::sort(ids);
  return std::ranges::adjacent_find(ids) != ids.end();
}

// not a figure: grades plausibility, decides no value
double squares_of(const Form& form, std::size_t i) {
  Squares sink;
  walk(form, i, 1.0, 0, sink);
  return sink.sum;
}

}  // namespace kenzan::engine
