// The vectorised evaluation: whether elements stand in order.
#include <algorithm>

#include "engine/vector/evaluation.hpp"

namespace kenzan::engine {
namespace {

/// One end of an element's range, turned so that ascending order is asked for.
template <class Number>
struct End {
  Number value = 0;
  bool open = false;
  bool infinite = false;
};

/// What the pairs of elements so far say. Every pair is in order if each element is in order with the running bounds.
///
/// A later element can stand behind an earlier one iff its high end reaches the earlier low end; it cannot stand before it iff its
/// low end is not below the earlier high end.
template <class Number>
struct Order {
  bool possible = true, certain = true, written = true;
  std::size_t elements = 0;
  End<Number> highest_low{0, false, true}, highest_high;
  Number highest_written = 0;

  void add(const End<Number>& low, const End<Number>& high, const Number& value, bool has_written) {
    if (elements > 0) {
      if (!highest_low.infinite && !high.infinite) {
        const bool touching = highest_low.value == high.value && !highest_low.open && !high.open;
        possible = possible && (highest_low.value < high.value || touching);
      }
      certain = certain && !highest_high.infinite && !low.infinite && highest_high.value <= low.value;
      written = written && highest_written <= value && has_written && all_written;
    }
    const bool higher_low = highest_low.infinite || highest_low.value < low.value || (highest_low.value == low.value && low.open);
    if (!low.infinite && higher_low) highest_low = low;
    if (elements == 0 || high.infinite || (!highest_high.infinite && highest_high.value < high.value)) highest_high = high;
    if (elements == 0 || highest_written < value) highest_written = value;
    all_written = all_written && has_written;
    ++elements;
  }
  bool all_written = true;
};

/// Feeds a Fixed or an Exact element, descending ones mirrored.
void feed(Order<Int128>& order, const Numbers& numbers, std::size_t e, bool up) {
  const Flags flags = numbers.flags[e];
  End<Int128> low{numbers.low[e], (flags & flag::low_open) != 0, (flags & flag::low_infinite) != 0};
  End<Int128> high{numbers.high[e], (flags & flag::high_open) != 0, (flags & flag::high_infinite) != 0};
  Int128 value = numbers.written[e];
  if (!up) {
    low.value = -low.value;
    high.value = -high.value;
    value = -value;
    std::swap(low, high);
  }
  order.add(low, high, value, !(flags & flag::no_written));
}

void feed(Order<Rational>& order, const Numbers& numbers, std::size_t e, bool up) {
  const Interval range = up ? numbers.range[e] : -numbers.range[e];
  const End<Rational> low{range.low.value, !range.low.closed, range.low.infinite};
  const End<Rational> high{range.high.value, !range.high.closed, range.high.infinite};
  order.add(low, high, up ? numbers.value[e] : Rational(-numbers.value[e]), !(numbers.flags[e] & flag::no_written));
}

TruthByte verdict_of(bool possible, bool certain, bool written, bool absent) {
  if (!possible) return packed(false);
  if (certain) return packed(true);
  return packed(Truth{true, true, written && !absent, false, absent});
}

}  // namespace

Truths VectorEvaluation::sorted(const dsl::Aggregate& aggregate, const Elements& elements) {
  const bool up = aggregate.function == dsl::AggregateFunction::sorted_ascending;
  const std::size_t size = elements.frame.size;
  ReadLog* log = elements.log;
  if (log != nullptr && !elements.unsure.empty()) {
    log = &log->add(ReadLog::Kind::chosen, size, nullptr);
    for (std::size_t e = 0; e < size; ++e) log->mask.push_back(!elements.unsure[e]);
  }
  const LogScope scope(*this, log);
  Truths out(elements.units());
  const auto for_certain = [&](std::size_t u, const auto& visit) {
    bool open = false;
    for (std::size_t e = elements.offsets[u]; e < elements.offsets[u + 1]; ++e) {
      if (elements.is_unsure(e)) {
        open = true;
      } else {
        visit(e);
      }
    }
    return open;
  };

  if (program_[aggregate.element].kind == dsl::ValueKind::figure) {
    Figures values = figures(aggregate.element, elements.frame);
    if (!elements.missed.empty()) values = choose(values, missing_figures(size), elements.missed);
    settle(values);
    constexpr Int128 limit = Int128{1} << 126;
    const auto odd = [&](std::size_t e) {
      return (values.flags(e) & flag::by_form) || values.numbers->low[e] < -limit || values.numbers->high[e] < -limit;
    };
    bool exact = values.numbers->exact;
    for (std::size_t e = 0; e < size && !exact; ++e) exact = odd(e);
    const Numbers numbers = exact ? exact_numbers(values) : *values.numbers;
    const auto judge_unit = [&]<class Number>(std::size_t u, Order<Number> order) {
      bool absent = false;
      TruthByte no_instance = 0;
      const bool open = for_certain(u, [&](std::size_t e) {
        feed(order, numbers, e, up);
        absent = absent || (numbers.flags[e] & (flag::missing | flag::unknown | flag::suppressed));
        if (numbers.flags[e] & flag::no_instance) no_instance = truth_no_instance;
      });
      out[u] = verdict_of(order.possible, order.certain && !open, order.written, absent || open) | no_instance;
    };
    for (std::size_t u = 0; u < out.size(); ++u) {
      if (exact) {
        judge_unit(u, Order<Rational>());
      } else {
        judge_unit(u, Order<Int128>());
      }
    }
    return out;
  }

  const TextValues values = texts(aggregate.element, elements.frame);
  for (std::size_t u = 0; u < out.size(); ++u) {
    bool possible = true, absent = false;
    std::size_t count = 0;
    std::optional<std::string_view> last;  // the greatest so far, of those that are there
    TruthByte no_instance = 0;
    const bool open = for_certain(u, [&](std::size_t e) {
      ++count;
      if (values.flags[e] & flag::no_instance) no_instance = truth_no_instance;
      if ((values.flags[e] & (flag::missing | flag::unknown)) || (!elements.missed.empty() && elements.missed[e])) {
        absent = true;
        return;
      }
      const std::string_view text = texts_.text(values.codes[e]);
      if (last) possible = possible && (up ? *last <= text : *last >= text);
      if (!last || (up ? *last < text : *last > text)) last = text;
    });
    const bool pairs_certain = !(absent && count > 1);
    out[u] = verdict_of(possible, pairs_certain && !open, pairs_certain, absent || open) | no_instance;
  }
  return out;
}

}  // namespace kenzan::engine
