// The scan: adding up the figures.
#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/stream/scan.hpp"

namespace kenzan::engine {
namespace {

/// How many bits are set: mostly none or one.
[[gnu::always_inline]] inline std::uint32_t ones(std::uint32_t bits) {
  if ((bits & (bits - 1)) == 0) return bits != 0 ? 1 : 0;
  return static_cast<std::uint32_t>(std::popcount(bits));
}

std::uint8_t bit_of(Mark mark) {
  switch (mark) {
    case Mark::number: break;
    case Mark::nil: return mark_bit::nil;
    case Mark::unknown: return mark_bit::unknown;
    case Mark::suppressed: return mark_bit::suppressed;
    case Mark::blank: return mark_bit::blank;
    case Mark::unreadable: return mark_bit::unreadable;
  }
  return 0;
}

}  // namespace

void Scanner::add_figures(std::size_t index) {
  const ScannedFigure& figure = layout_.figures[index];
  const std::size_t figures = layout_.figures.size();
  const Bounds& bounds = bounds_[index];
  const Remembered mark = last_mark_[index];  // as it is looked for: a cell of this batch may bring another
  PlainNumbers plain(figure.plain_exponent ? place_[index] : 1);
  if (mark.size > 0) plain.look_for_mark(mark.bytes, mark.size);
  plain.read({row_texts_.data(), &begins_[figure.field], &sizes_[figure.field], stride_, count_}, numbers_);
  std::array<std::int64_t, batch>& numbers = numbers_.numbers;
  std::uint32_t not_so = numbers_.read & ragged_;
  if (!bounds.hold_all()) {
    for (std::size_t r = 0; r < count_; ++r) {
      if (!bounds.hold(numbers[r])) not_so |= 1U << r;
    }
  }
  const std::uint32_t read = numbers_.read & ~not_so, zero = numbers_.zero & ~not_so, marked = numbers_.marked & ~ragged_;
  for (; not_so != 0; not_so &= not_so - 1) numbers[static_cast<std::size_t>(std::countr_zero(not_so))] = 0;
  for (std::size_t r = 0; r < count_;) {
    // Rows of one group that stand together are added up before their sum is written. They are too few to overflow.
    const std::size_t end = run_end(r);
    const auto run = static_cast<std::uint32_t>((std::uint64_t{1} << end) - (std::uint64_t{1} << r));
    Sum& sum = part_.sums[rows_[r].group * figures + index];
    std::int64_t more = 0, odd = 0;
    for (; r < end; ++r) {
      more += numbers[r];
      odd |= numbers[r];
    }
    std::uint32_t others = run & ~(read | marked);
    std::int64_t total = 0;
    if (__builtin_add_overflow(sum.total, more, &total)) {
      others |= run & read;
    } else {
      sum.total = total;
      sum.positive += ones(read & run & ~zero);
      sum.zero += ones(zero & run);
      sum.marks |= static_cast<std::uint8_t>((odd & 1) * mark_bit::odd);
    }
    if ((marked & run) != 0) {
      sum.others += ones(marked & run);
      sum.marks |= bit_of(mark.mark);
    }
    for (; others != 0; others &= others - 1) add_figure(index, static_cast<std::size_t>(std::countr_zero(others)), sum);
  }
}

/// Any cell.
void Scanner::add_figure(std::size_t index, std::size_t r, Sum& sum) {
  const ScannedFigure& figure = layout_.figures[index];
  Row& row = rows_[r];
  if (ragged(r)) return add_mark(index, row, Mark::unreadable, true, sum);
  const std::string_view cell = text(figure.field, r);
  std::uint64_t bytes = 0;
  Remembered* last = nullptr;
  if (cell.size() <= longest_remembered) {
    std::memcpy(&bytes, cell.data(), cell.size());
    last = &remembered_[index][cell.size()];
    if (last->mark != Mark::number && last->bytes == bytes) return add_mark(index, row, last->mark, last->told, sum);
  }
  if (figure.plain_exponent) {
    const auto plain = read_plain_number(cell);
    if (plain && (plain->place == 0 || !figure.integer_only)) return add_number(index, row, plain->number, plain->place, sum);
  }
  bool told = false;
  const Figure value = reader_.figure_alone(figure.column, cell, told);
  if (value.mark != Mark::number) {
    if (last != nullptr) *last = {bytes, value.mark, told, static_cast<std::uint32_t>(cell.size())};
    const bool no_more_to_say = !told && value.mark != Mark::blank && (value.mark != Mark::nil || bounds_[index].hold(0));
    if (last != nullptr && !cell.empty() && no_more_to_say) last_mark_[index] = *last;
    return add_mark(index, row, value.mark, told, sum);
  }
  add_wide(index, row.group, value, sum);
  row.look = row.look || told || !figure.constraints.empty();  // seldom enough
}

/// Adds a number of `number` · 10^place as the file writes it.
void Scanner::add_number(std::size_t index, Row& row, std::int64_t number, int place, Sum& sum) {
  if (place_[index] == ScanState::unset) learn_place(index, place);
  std::int64_t total = 0;
  constexpr std::int64_t most = 100'000'000'000'000'000;  // ten times the number, and a step, must fit
  if (place != place_[index] || number >= most || number <= -most || __builtin_add_overflow(sum.total, number, &total)) {
    const ScannedFigure& figure = layout_.figures[index];
    const Rational unit = power_of_ten(place + *figure.plain_exponent);
    add_wide(index, row.group, {Mark::number, figure.rounding, Rational(number * unit), unit}, sum);
    row.look = row.look || !figure.constraints.empty();
    return;
  }
  sum.total = total;
  sum.positive += number > 0 ? 1 : 0;
  sum.negative += number < 0 ? 1 : 0;
  sum.zero += number == 0 ? 1 : 0;
  if ((number & 1) != 0) sum.marks |= mark_bit::odd;
  if (!bounds_[index].hold(number)) row.look = true;
}

void Scanner::add_mark(std::size_t index, Row& row, Mark mark, bool told, Sum& sum) {
  row.look = row.look || told || (mark == Mark::nil && !bounds_[index].hold(0));
  sum.marks |= bit_of(mark);
  if (mark != Mark::blank) ++sum.others;
}

void Scanner::add_wide(std::size_t index, std::uint32_t group, const Figure& value, Sum& sum) {
  const Interval range = true_values(value);
  const Rational width = range.high.value - range.low.value;
  part_.wide[{group, static_cast<std::uint32_t>(index)}] += FigureColumn::Wide{range, value.value, Rational(width * width)};
  sum.marks |= mark_bit::more;
  ++sum.others;
}

/// Takes the first number's place, or what another thread took.
void Scanner::learn_place(std::size_t index, int place) {
  int known = ScanState::unset;
  if (!state_.main_place[index].compare_exchange_strong(known, place)) place = known;
  place_[index] = place;
  const ScannedFigure& figure = layout_.figures[index];
  Bounds& bounds = bounds_[index];
  bounds = Bounds::all();
  const Rational unit = power_of_ten(place + *figure.plain_exponent);
  const auto clamped = [](const Integer& n) {
    if (n > Bounds::greatest) return Bounds::greatest;
    if (n < -Bounds::greatest) return -Bounds::greatest;
    return static_cast<std::int64_t>(n);
  };
  for (const dsl::Constraint* constraint : figure.constraints) {
    const bool from = constraint->relation == Relation::greater || constraint->relation == Relation::greater_equal ||
                      constraint->relation == Relation::equal;
    const bool to = constraint->relation == Relation::less || constraint->relation == Relation::less_equal ||
                    constraint->relation == Relation::equal;
    const bool strict = constraint->relation == Relation::greater || constraint->relation == Relation::less;
    // One more than needed on either side: what is not within is looked at again.
    if (from && !constraint->limit.low.infinite) {
      const Integer low = floor_of(Rational(constraint->limit.low.value / unit));
      const bool exact = Rational(low) * unit == constraint->limit.low.value;
      bounds.least = std::max(bounds.least, clamped(Integer(low + (exact && !strict ? 0 : 1))));
    }
    if (to && !constraint->limit.high.infinite) {
      const Integer high = floor_of(Rational(constraint->limit.high.value / unit));
      const bool exact = Rational(high) * unit == constraint->limit.high.value;
      bounds.most = std::min(bounds.most, clamped(Integer(high - (exact && strict ? 1 : 0))));
    }
  }
}

}  // namespace kenzan::engine
