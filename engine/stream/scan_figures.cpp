// The scan: adding up the figures.
#include <algorithm>
#include <bit>
#include <cstring>

#include "engine/stream/scan.hpp"

namespace kenzan::engine {
namespace {

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

/// Sets the marks that figure i of four has wherever its bit is set.
void set_marks(std::array<std::uint32_t, 16>& marks, std::size_t i, std::uint8_t bits) {
  for (std::size_t figures = 0; figures < marks.size(); ++figures) {
    if ((figures >> i & 1) == 0) continue;
    auto bytes = std::bit_cast<std::array<std::uint8_t, 4>>(marks[figures]);
    bytes[i] = bits;
    marks[figures] = std::bit_cast<std::uint32_t>(bytes);
  }
}

template <class F>
void for_each_bit(std::uint32_t bits, F each) {
  for (; bits != 0; bits &= bits - 1) each(static_cast<std::size_t>(std::countr_zero(bits)));
}

}  // namespace

/// Adds figures [4·index, 4·index + 4) of the batch.
void Scanner::add_figures(std::size_t index) {
  const Quad& quad = quads_[index];
  for (std::size_t r = 0; r < count_;) {
    char* const sums = GroupTable::memory_of_sums(*rows_[r].place, index);
    for (const std::size_t end = run_end(r); r < end; ++r) sums_[r] = sums;
  }
  quad.plain.add({row_texts_.data(), begins_.data(), sizes_.data(), stride_, count_, known_, ragged_, sums_.data()}, rest_);
  for (std::size_t r = 0; r < count_; r = run_end(r)) {
    part_.groups.add_marks(*rows_[r].place, index, quad.marked[rest_.marked[r]] | quad.odd[rest_.odd[r]]);
  }
  // Last: such a cell may bring another mark to be looked for.
  for (std::size_t r = 0; r < count_; ++r) {
    for_each_bit(rest_.others[r], [&](std::size_t i) { add_figure(4 * index + i, r); });
  }
}

/// Any cell.
void Scanner::add_figure(std::size_t index, std::size_t r) {
  const ScannedFigure& figure = layout_.figures[index];
  Row& row = rows_[r];
  if (ragged(r)) return add_mark(index, row, Mark::unreadable, true);
  const std::string_view cell = text(figure.field, r);
  std::uint64_t bytes = 0;
  Remembered* last = nullptr;
  if (cell.size() <= longest_remembered) {
    std::memcpy(&bytes, cell.data(), cell.size());
    last = &remembered_[index][cell.size()];
    if (last->mark != Mark::number && last->bytes == bytes) return add_mark(index, row, last->mark, last->told);
  }
  if (figure.plain_exponent) {
    if (const auto plain = reader_.plain_number(figure.column, cell)) return add_number(index, row, plain->number, plain->place);
  }
  bool told = false;
  const Figure value = reader_.figure_alone(figure.column, cell, told);
  if (value.mark != Mark::number) {
    if (last != nullptr) *last = {bytes, value.mark, told};
    const bool no_more_to_say = !told && value.mark != Mark::blank && (value.mark != Mark::nil || bounds_[index].hold(0));
    if (last != nullptr && !cell.empty() && no_more_to_say) {
      quads_[index / 4].plain.look_for_mark(index % 4, bytes, static_cast<std::uint32_t>(cell.size()));
      set_marks(quads_[index / 4].marked, index % 4, bit_of(value.mark));
    }
    return add_mark(index, row, value.mark, told);
  }
  add_wide(index, row.group, value);
  row.look = row.look || told || !figure.constraints.empty();  // seldom enough
}

/// Adds a number of `number` · 10^place as the file writes it.
void Scanner::add_number(std::size_t index, Row& row, std::int64_t number, int place) {
  if (place_[index] == ScanState::unset) learn_place(index, place);
  const Sums sums = part_.groups.sums(row.group, index / 4);
  std::int64_t total = 0;
  constexpr std::int64_t most = 100'000'000'000'000'000;  // ten times the number, and a step, must fit
  if (place != place_[index] || number >= most || number <= -most ||
      __builtin_add_overflow(sums.totals[index % 4], number, &total)) {
    const ScannedFigure& figure = layout_.figures[index];
    const Rational unit = power_of_ten(place + *figure.plain_exponent);
    add_wide(index, row.group, {Mark::number, figure.rounding, Rational(number * unit), unit});
    row.look = row.look || !figure.constraints.empty();
    return;
  }
  sums.totals[index % 4] = total;
  sums.count(index % 4, number == 0);
  if (number < 0) ++part_.groups.seldom(row.group, index).negative;
  part_.groups.add_marks(*row.place, index / 4, quads_[index / 4].odd[std::size_t{(number & 1) != 0} << index % 4]);
  if (!bounds_[index].hold(number)) row.look = true;
}

void Scanner::add_mark(std::size_t index, Row& row, Mark mark, bool told) {
  row.look = row.look || told || (mark == Mark::nil && !bounds_[index].hold(0));
  part_.groups.marks(row.group, index) |= bit_of(mark);
  if (mark == Mark::blank) ++part_.groups.seldom(row.group, index).blank;
}

void Scanner::add_wide(std::size_t index, std::uint32_t group, const Figure& value) {
  const Interval range = true_values(value);
  const Rational width = range.high.value - range.low.value;
  part_.wide[{group, static_cast<std::uint32_t>(index)}] += FigureColumn::Wide{range, value.value, Rational(width * width)};
  part_.groups.marks(group, index) |= mark_bit::more;
}

/// Takes the first number's place, or what another thread took.
void Scanner::learn_place(std::size_t index, int place) {
  int known = ScanState::unset;
  if (!state_.main_place[index].compare_exchange_strong(known, place)) place = known;
  place_[index] = place;
  const ScannedFigure& figure = layout_.figures[index];
  IntegerBounds& bounds = bounds_[index];
  bounds = {};
  for (const dsl::Constraint* constraint : figure.constraints) narrow(bounds, *constraint, place + *figure.plain_exponent);
  quads_[index / 4].plain.expect(index % 4, place, bounds.least, bounds.most);
  if (figure.rounding == Rounding::half_even) set_marks(quads_[index / 4].odd, index % 4, mark_bit::odd);
}

}  // namespace kenzan::engine
