// The vectorised evaluation: folding the elements of aggregates, segment by segment.
#include <algorithm>

#include "base/figure.hpp"
#include "engine/vector/evaluation.hpp"

namespace kenzan::engine {
namespace {

bool turns_on_absent(TruthByte where) { return (where & (8 | 16)) != 0; }
bool as_written(TruthByte where) { return (where & 4) != 0; }

bool has_by_form(const Numbers& numbers) {
  return std::ranges::any_of(numbers.flags, [](Flags flags) { return (flags & flag::by_form) != 0; });
}

/// A column that is Fixed if it can be: `settled` otherwise becomes exact.
Numbers plain_numbers(const Figures& settled) {
  if (settled.numbers->exact || has_by_form(*settled.numbers)) return exact_numbers(settled);
  return *settled.numbers;
}

void set_opaque(Numbers& numbers, std::size_t i) {
  Flags& flags = numbers.flags[i];
  const bool point = numbers.exact ? numbers.range[i].is_point() : !(flags & flag::unbounded) && numbers.low[i] == numbers.high[i];
  flags = static_cast<Flags>(point ? flags | flag::constant : (flags & ~flag::constant) | flag::nonlinear);
}

/// What one segment of rows gives for min, max and an uncertain mean: of the rows that surely count; of all as if they counted.
template <class Range>
struct Extremes {
  std::optional<Range> certain, all;
};

template <class Range, class Inner, class Unsure>
Extremes<Range> extremes(std::size_t from, std::size_t to, const auto& range_of_element, const Inner& inner, const Unsure& unsure) {
  Extremes<Range> out;
  for (std::size_t e = from; e < to; ++e) {
    const Range range = range_of_element(e);
    out.all = out.all ? inner(*out.all, range) : range;
    if (!unsure(e)) out.certain = out.certain ? inner(*out.certain, range) : range;
  }
  return out;
}

void set_range(Numbers& out, std::size_t i, const Interval& range) { out.range[i] = range; }
void set_range(Numbers& out, std::size_t i, const FixedRange& range) {
  out.low[i] = range.low;
  out.high[i] = range.high;
  out.flags[i] = static_cast<Flags>((out.flags[i] & ~flag::ends) | range.ends);
}

}  // namespace

Figures VectorEvaluation::aggregate_figures(const dsl::Aggregate& aggregate, const Frame& frame) {
  const Elements found = elements(aggregate, frame);
  Figures out;
  switch (aggregate.function) {
    case dsl::AggregateFunction::sum: {
      const dsl::Expr& element = program_[aggregate.element];
      const bool plain = element.op == dsl::ExprOp::cell && found.negative.empty() && found.unsure.empty() && found.missed.empty();
      out = plain ? sum_of_cells(program_[element.access], found) : sum(found, element_figures(aggregate, found));
      break;
    }
    case dsl::AggregateFunction::count:
    case dsl::AggregateFunction::count_distinct: out = count(aggregate, found); break;
    case dsl::AggregateFunction::min: out = extreme(found, element_figures(aggregate, found), true); break;
    case dsl::AggregateFunction::max: out = extreme(found, element_figures(aggregate, found), false); break;
    case dsl::AggregateFunction::mean: out = mean(found, element_figures(aggregate, found)); break;
    case dsl::AggregateFunction::any:
    case dsl::AggregateFunction::all:
    case dsl::AggregateFunction::sorted_ascending:
    case dsl::AggregateFunction::sorted_descending: out = missing_figures(found.units()); break;  // no figures
  }
  return to_items(std::move(out), found);
}

Figures VectorEvaluation::sum(const Elements& elements, Figures values) {
  if (!elements.negative.empty()) values = negate(values, elements.negative);
  if (!elements.unsure.empty()) {
    settle(values);
    Numbers numbers = plain_numbers(values);
    std::vector<std::uint8_t> written(numbers.size());
    for (std::size_t e = 0; e < numbers.size(); ++e) written[e] = as_written(elements.where[e]);
    if (!numbers.exact) widen_to_zero(numbers, elements.unsure, written);
    for (std::size_t e = 0; e < numbers.size(); ++e) {
      if (!elements.unsure[e]) continue;
      if (numbers.exact) {
        numbers.range[e] = hull(Interval::point(0), numbers.range[e]);
        if (!written[e]) numbers.value[e] = 0;
        numbers.flags[e] = static_cast<Flags>((numbers.flags[e] & ~flag::constant) | flag::nonlinear);
      }
      if (turns_on_absent(elements.where[e])) numbers.flags[e] |= flag::unknown;
    }
    values = partly_opaque(std::move(numbers), elements.unsure, values);
  }
  Figures out = fold(values, elements.offsets);
  out.cells = folded(values.cells, elements);
  return out;
}

Figures VectorEvaluation::extreme(const Elements& elements, Figures values, bool least) {
  settle(values);
  Figures single = fold(values, elements.offsets);
  single.cells = folded(values.cells, elements);
  const Numbers each = plain_numbers(values);
  const std::size_t units = elements.units();
  Numbers numbers = each.exact ? Numbers::rational(units) : Numbers::fixed(units, each.exponent);
  std::vector<std::uint8_t> opaque(units, 1);
  const auto unsure = [&](std::size_t e) { return elements.is_unsure(e); };
  for (std::size_t u = 0; u < units; ++u) {
    const std::size_t from = elements.offsets[u];
    const std::size_t to = elements.offsets[u + 1];
    if (from == to) {
      numbers.set_unbounded(u, flag::missing);
      continue;
    }
    Flags flags = flag::constant;
    std::optional<std::size_t> best;  // as written
    for (std::size_t e = from; e < to; ++e) {
      flags = joined(flags, each.flags[e]);
      if (turns_on_absent(elements.where_at(e))) flags |= flag::unknown;
      if (!as_written(elements.where_at(e))) continue;
      const auto is_below = [&](std::size_t a, std::size_t b) {
        return each.exact ? each.value[a] < each.value[b] : each.written[a] < each.written[b];
      };
      if (!best || (least ? is_below(e, *best) : is_below(*best, e))) best = e;
    }
    opaque[u] = to - from > 1 || unsure(from);
    numbers.flags[u] = opaque[u] ? reasons(flags) : flags;
    bool some_certain = true;
    const auto take = [&]<class Range>(const Range&, const auto& range_of_element) {
      const auto inner = [&](const Range& a, const Range& b) { return least ? minimum(a, b) : maximum(a, b); };
      const Extremes<Range> found = extremes<Range>(from, to, range_of_element, inner, unsure);
      some_certain = found.certain.has_value();
      if (some_certain) set_range(numbers, u, hull(*found.certain, *found.all));
    };
    if (each.exact) {
      take(Interval(), [&](std::size_t e) { return each.range[e]; });
      numbers.value[u] = best ? each.value[*best] : Rational(0);
    } else {
      take(FixedRange(), [&](std::size_t e) { return fixed_range(each, e); });
      numbers.written[u] = best ? each.written[*best] : 0;
    }
    if (!opaque[u]) continue;
    if (!some_certain) numbers.set_unbounded(u, numbers.flags[u] | flag::unknown);  // there may be none to take it of
    if (!best) numbers.flags[u] |= flag::no_written;
    set_opaque(numbers, u);
  }
  return partly_opaque(std::move(numbers), std::move(opaque), single);
}

Figures VectorEvaluation::mean(const Elements& elements, Figures values) {
  settle(values);
  const std::size_t units = elements.units();
  Figures total = fold(values, elements.offsets);
  total.cells = folded(values.cells, elements);
  std::vector<Rational> shares(units, Rational(1));
  for (std::size_t u = 0; u < units; ++u) {
    const std::uint32_t count = elements.offsets[u + 1] - elements.offsets[u];
    if (count > 0) shares[u] = Rational(1, count);
  }
  const Figures plain = scale_items(total, std::move(shares));
  Numbers numbers = *plain.numbers;
  std::vector<std::uint8_t> opaque(units);
  for (std::size_t u = 0; u < units; ++u) {
    const std::size_t from = elements.offsets[u];
    const std::size_t to = elements.offsets[u + 1];
    bool some_unsure = false;
    for (std::size_t e = from; e < to; ++e) some_unsure = some_unsure || elements.is_unsure(e);
    opaque[u] = from == to || some_unsure;
    if (from == to) numbers.set_unbounded(u, flag::missing);
    if (from == to || !some_unsure) continue;
    Flags flags = 0;
    Rational sum = 0;
    std::size_t counted = 0;
    bool some_certain = false;
    std::optional<Interval> span;
    for (std::size_t e = from; e < to; ++e) {
      flags |= reasons(values.flags(e));
      if (turns_on_absent(elements.where[e])) flags |= flag::unknown;
      some_certain = some_certain || !elements.is_unsure(e);
      span = span ? hull(*span, values.range(e)) : values.range(e);
      if (!as_written(elements.where[e])) continue;
      sum += values.written(e);
      ++counted;
    }
    if (!some_certain) flags |= flag::unknown;
    if (counted == 0) flags |= flag::no_written;
    numbers.range[u] = some_certain ? *span : Interval::everything();
    numbers.value[u] = counted == 0 ? Rational(0) : Rational(sum / Rational(counted));
    numbers.flags[u] = flags;
    set_opaque(numbers, u);
  }
  return partly_opaque(std::move(numbers), std::move(opaque), plain);
}

Figures VectorEvaluation::count(const dsl::Aggregate& aggregate, const Elements& elements) {
  const bool distinct = aggregate.function == dsl::AggregateFunction::count_distinct;
  const std::size_t size = elements.frame.size;
  std::vector<Code> keys(size, absent_label);  // absent_label: not counted
  std::vector<std::uint8_t> no_instance(size);
  {
    const LogScope scope(*this, elements.log);
    switch (program_[aggregate.element].kind) {
      case dsl::ValueKind::figure: {
        const Figures values = figures(aggregate.element, elements.frame);
        for (std::size_t e = 0; e < size; ++e) {
          no_instance[e] = (values.flags(e) & flag::no_instance) != 0;
          if (values.flags(e) & (flag::missing | flag::unknown | flag::suppressed)) continue;
          keys[e] = distinct ? texts_.code_of(exact_text(values.written(e))) : Code{0};
        }
        break;
      }
      case dsl::ValueKind::text:
      case dsl::ValueKind::date: {
        const TextValues values = texts(aggregate.element, elements.frame);
        for (std::size_t e = 0; e < size; ++e) {
          no_instance[e] = (values.flags[e] & flag::no_instance) != 0;
          if ((values.flags[e] & (flag::missing | flag::unknown)) || values.codes[e] == Texts::empty) continue;
          keys[e] = distinct ? texts_.label_of(values.codes[e]) : Code{0};
        }
        break;
      }
      case dsl::ValueKind::truth: {
        const Truths values = truths(aggregate.element, elements.frame);
        for (std::size_t e = 0; e < size; ++e) {
          no_instance[e] = (values[e] & truth_no_instance) != 0;
          if (!turns_on_absent(values[e])) keys[e] = distinct && as_written(values[e]) ? 1 : 0;
        }
        break;
      }
    }
  }
  Numbers numbers = Numbers::fixed(elements.units());
  std::vector<std::pair<Code, std::uint8_t>> seen;  // key; bit 0: surely counts, bit 1: counts as written
  for (std::size_t u = 0; u < elements.units(); ++u) {
    seen.clear();
    Flags flags = 0;
    for (std::size_t e = elements.offsets[u]; e < elements.offsets[u + 1]; ++e) {
      if (!elements.missed.empty() && elements.missed[e]) continue;
      if (no_instance[e]) flags |= flag::no_instance;
      if (keys[e] == absent_label) continue;
      const TruthByte where = elements.where_at(e);
      if (turns_on_absent(where)) flags |= flag::unknown;
      seen.emplace_back(keys[e], (elements.is_unsure(e) ? 0 : 1) | (as_written(where) ? 2 : 0));
    }
    if (distinct) std::ranges::sort(seen);
    Int128 certain = 0;
    Int128 possible = 0;
    Int128 written = 0;
    for (std::size_t k = 0; k < seen.size();) {
      std::uint8_t bits = 0;
      const std::size_t first = k;
      do {
        bits |= seen[k++].second;
      } while (distinct && k < seen.size() && seen[k].first == seen[first].first);
      ++possible;
      certain += bits & 1;
      written += (bits & 2) != 0;
    }
    numbers.low[u] = certain;
    numbers.high[u] = possible;
    numbers.written[u] = written;
    numbers.flags[u] = flags;
    set_opaque(numbers, u);
  }
  return opaque_figures(std::move(numbers));
}

Truths VectorEvaluation::aggregate_truths(const dsl::Aggregate& aggregate, const Frame& frame) {
  const Elements found = elements(aggregate, frame);
  const bool folds = aggregate.function == dsl::AggregateFunction::any || aggregate.function == dsl::AggregateFunction::all;
  return to_items(folds ? some_or_all(aggregate, found) : sorted(aggregate, found), found);
}

Truths VectorEvaluation::some_or_all(const dsl::Aggregate& aggregate, const Elements& elements) {
  const bool every = aggregate.function == dsl::AggregateFunction::all;
  const LogScope scope(*this, elements.log);
  const Truths values = truths(aggregate.element, elements.frame);
  Truths out(elements.units(), packed(every));
  for (std::size_t u = 0; u < out.size(); ++u) {
    for (std::size_t e = elements.offsets[u]; e < elements.offsets[u + 1]; ++e) {
      const TruthByte value = !elements.missed.empty() && elements.missed[e] ? undetermined_missing : values[e];
      const TruthByte where = elements.where_at(e);
      out[u] = every ? tables_.both(out[u], tables_.implied(where, value)) : tables_.either(out[u], tables_.both(where, value));
    }
  }
  return out;
}

}  // namespace kenzan::engine
