// Tables that are not held: their reduced form, made of what the scan has found.
#include <algorithm>

#include "base/text.hpp"
#include "engine/stream/reduce.hpp"
#include "engine/table/bind.hpp"
#include "engine/threads.hpp"
#include "engine/vector/kernels.hpp"

namespace kenzan::engine {
namespace {

/// Whether numbers are rounded to the nearest: then half a step is a digit more.
bool to_nearest(Rounding rounding) {
  return rounding == Rounding::nearest || rounding == Rounding::half_up || rounding == Rounding::half_even;
}

int exponent_of(const ScannedFigure& figure, int place) {
  const int at = place + figure.plain_exponent.value_or(0);
  return to_nearest(figure.rounding) ? at - 1 : at;
}

/// What rounding can do to each number in units of 10^exponent_of; none where that depends on its sign.
constexpr std::optional<FigureColumn::Width> width_of(Rounding rounding) {
  switch (rounding) {
    case Rounding::nearest:
    case Rounding::half_up:
    case Rounding::half_even: return FigureColumn::Width{-5, 5, 100};
    case Rounding::truncated:
    case Rounding::away: break;
    case Rounding::floor: return FigureColumn::Width{0, 1, 1};
    case Rounding::ceiling: return FigureColumn::Width{-1, 0, 1};
    case Rounding::exact: return FigureColumn::Width{};
  }
  return std::nullopt;
}

/// The bounds of a sum of plain numbers in units of 10^exponent_of. 128 bits are always enough; 64 while the total is not `large`.
template <class N>
struct Bounds {
  N value = 0, low = 0, high = 0, squares = 0, numbers = 0;
  bool low_open = false, high_open = false;
};

template <class N>
Bounds<N> bounds_of(const Sum& sum, Rounding rounding) {
  const N total = sum.total, positive = sum.positive, negative = sum.negative, zero = sum.zero;
  const N count = positive + negative + zero, value = to_nearest(rounding) ? 10 * total : total;
  Bounds<N> out{value, value, value, 0, count, false, false};
  if (const auto width = width_of(rounding)) {
    out.low += width->low * count;
    out.high += width->high * count;
    out.squares = width->square * count;
  }
  switch (rounding) {
    case Rounding::half_up:
      out.low_open = negative + zero > 0;
      out.high_open = positive + zero > 0;
      break;
    case Rounding::half_even: out.low_open = out.high_open = (sum.marks & mark_bit::odd) != 0; break;
    case Rounding::truncated:
      out.low -= negative + zero;
      out.high += positive + zero;
      out.squares = positive + negative + 4 * zero;
      out.low_open = negative + zero > 0;
      out.high_open = positive + zero > 0;
      break;
    case Rounding::away:
      out.low -= positive;
      out.high += negative;
      out.squares = positive + negative;
      out.low_open = positive > 0;
      out.high_open = negative > 0;
      break;
    case Rounding::floor: out.high_open = count > 0; break;
    case Rounding::ceiling: out.low_open = count > 0; break;
    case Rounding::nearest:
    case Rounding::exact: break;
  }
  return out;
}

FigureColumn::Wide wide_of(const Sum& sum, const ScannedFigure& figure, int place) {
  const Bounds<Int128> bounds = bounds_of<Int128>(sum, figure.rounding);
  const int exponent = exponent_of(figure, place);
  return {{Bound{rational_of(bounds.low, exponent), !bounds.low_open, false},
           Bound{rational_of(bounds.high, exponent), !bounds.high_open, false}},
          rational_of(bounds.value, exponent),
          rational_of(bounds.squares, 2 * exponent)};
}

/// What a figure of a group is, given the marks of its cells.
Mark mark_of(const Sum& sum, std::uint64_t rows) {
  const bool numbers = sum.positive + sum.negative + sum.zero > 0 || (sum.marks & mark_bit::more) != 0;
  if (rows == 1) {
    if (sum.marks & mark_bit::unreadable) return Mark::unreadable;
    if (sum.marks & mark_bit::blank) return Mark::blank;
  }
  if (sum.marks & (mark_bit::unknown | mark_bit::blank | mark_bit::unreadable)) return Mark::unknown;
  if (sum.marks & mark_bit::suppressed) return Mark::suppressed;
  return numbers ? Mark::number : Mark::nil;
}

/// Bounds of a smaller magnitude fit a FigureColumn.
constexpr Int128 most_of_bounds = Int128{1} << 62;

template <class N>
FigureColumn::Sum integers_of(const Bounds<N>& bounds, Mark mark) {
  FigureColumn::Sum out;
  out.mark = mark;
  if (mark != Mark::number && mark != Mark::suppressed) return out;
  out.value = static_cast<std::int64_t>(bounds.value);
  out.low = static_cast<std::int64_t>(bounds.low);
  out.high = static_cast<std::int64_t>(bounds.high);
  out.squares = static_cast<std::uint64_t>(bounds.squares);
  out.numbers = static_cast<std::uint32_t>(bounds.numbers);
  out.ends =
      static_cast<std::uint8_t>((bounds.low_open ? FigureColumn::low_open : 0) | (bounds.high_open ? FigureColumn::high_open : 0));
  return out;
}

}  // namespace

void StreamedTable::reduce() {
  look_for_duplicates();  // first: their fingerprints are most of what a scan leaves
  looked_at_ = records_of(scanners_);
  const bool from_texts = may_take_labels();
  if (from_texts) {
    begin_rows();
  } else {
    read_labels();
  }
  // Rows whose groups stay near while each figure in turn is added up.
  constexpr std::size_t near = 128 << 10, most_rows = 512, fewest_rows = 16;
  const std::size_t step = std::clamp(near / part(0).groups.record_size(), fewest_rows, most_rows);
  const std::size_t rows = order_.size(), threads = order_.size() < most_rows ? 1 : threads_;
  touch_rows(from_texts, threads);
  std::vector<CodesOfParts> cells(from_texts ? plan_.groups.size() : 0);
  std::vector<std::size_t> many_labels;
  for (std::size_t g = 0; g < cells.size(); ++g) {
    if (has_many_labels(g)) {
      many_labels.push_back(g);
    } else {
      cells[g] = take_cells(g);
      PhysicalColumn& column = data_.tables[id_.index()].columns[plan_.groups[g]].parts[0];
      const auto alike = [](const LabelCodes& codes) { return codes.text == codes.label; };
      const auto all_alike = [&](const std::vector<LabelCodes>& part) { return std::ranges::all_of(part, alike); };
      if (!std::ranges::all_of(cells[g], all_alike)) column.texts.resize(rows);
    }
  }
  std::vector<std::vector<WideSum>> wide(threads);
  // Columns of many labels in one thread, while others add up figures: only one may add to the texts of the run.
  const std::size_t first = many_labels.empty() ? 0 : 1, steps = (rows + step - 1) / step;
  share_out(threads, first + steps, [&](std::size_t thread, std::size_t i) {
    if (i < first) {
      for (const std::size_t g : many_labels) take_many_labels(g);
    } else {
      data_.watch.go_on();
      reduce_rows((i - first) * step, std::min((i - first + 1) * step, rows), cells, wide[thread]);
    }
  });
  for (const std::vector<WideSum>& some : wide) {
    for (const WideSum& each : some) {
      const ScannedFigure& figure = layout_.figures[each.figure];
      data_.tables[id_.index()].columns[figure.column].parts[figure.part].figures.set(each.row, each.mark, each.sum);
    }
  }
  for (const auto& scanner : scanners_) scanner->part().wide.clear();
  if (!from_texts) return;
  forget_labels();
  scanners_.clear();
  PagedVector<GroupPlace>().swap(order_);
  folded_rows_ = {};
  PagedVector<GroupPlace>().swap(of_several_);
}

/// Whether the labels of the groups are texts as they stand, about which there is nothing to say: then rows need no places in a file.
bool StreamedTable::may_take_labels() const {
  const dsl::Table& declared = (*data_.program)[id_];
  const auto plain = [&](std::uint32_t c) {
    const dsl::Column& column = declared.columns[c];
    return column.type == dsl::ColumnType::text && column.constraints.empty() && CellText(column).plain();
  };
  if (!std::ranges::all_of(plan_.groups, plain)) return false;
  for (std::size_t p = 0; p < scanners_.size(); ++p) {
    for (const ScanPart::Labels& labels : part(p).labels) {
      if (labels.blank) return false;
      for (std::uint32_t i = 0; i < labels.cells.size(); ++i) {
        if (trim_view(labels.cells.key(i)).empty()) return false;
      }
    }
  }
  return true;
}

/// Makes the rows of the reduced table, without labels and figures.
void StreamedTable::begin_rows() {
  const dsl::Table& declared = (*data_.program)[id_];
  Table& table = data_.tables[id_.index()];
  table.files.push_back(data_.sources->add(file_.path, ""));
  table.rows = order_.size();
  table.kept.assign(table.rows, true);
  table.duplicate.assign(table.rows, false);
  for (const std::uint32_t key : declared.key) {
    PhysicalColumn& column = table.columns[key].parts[0];
    if (declared.columns[key].is_figure() || std::ranges::find(plan_.groups, key) != plan_.groups.end()) continue;
    column.labels.assign(table.rows, Texts::empty);  // messages ask for the whole key
    column.blank.assign(table.rows, true);
  }
}

/// Makes the columns of the reduced table in their full size, a column in each thread: it takes as long to touch memory first as to add
/// up.
void StreamedTable::touch_rows(bool with_labels, std::size_t threads) {
  const std::size_t figures = layout_.figures.size(), labels = with_labels ? plan_.groups.size() : 0;
  share_out(threads, figures + 1 + labels, [&](std::size_t, std::size_t i) {
    const std::size_t rows = order_.size();
    if (i < figures) {
      const ScannedFigure& figure = layout_.figures[i];
      return begin_sums(i, rows, data_.tables[id_.index()].columns[figure.column].parts[figure.part]);
    }
    if (i == figures) return rows_.resize(rows);
    PhysicalColumn& column = data_.tables[id_.index()].columns[plan_.groups[i - figures - 1]].parts[0];
    column.labels.resize(rows);
    column.blank.assign(rows, false);
  });
}

StreamedTable::LabelCodes StreamedTable::codes_of(std::string_view cell) {
  const Code text = data_.texts.intern(cell);
  return {text, data_.texts.label_of(text)};
}

/// Whether the scan has stopped to number the labels of a column.
bool StreamedTable::has_many_labels(std::size_t g) const {
  return std::ranges::any_of(scanners_, [g](const auto& scanner) { return scanner->part().labels[g].many; });
}

/// Takes up the cells of a column as the scan has numbered them. In the order of their first records, so that codes ascend as
/// labels do in a file that is in order.
StreamedTable::CodesOfParts StreamedTable::take_cells(std::size_t g) {
  struct Cell {
    std::uint64_t first;
    std::uint32_t part, number;
  };
  std::vector<Cell> cells;
  CodesOfParts out(scanners_.size());
  for (std::uint32_t p = 0; p < scanners_.size(); ++p) {
    const std::vector<std::uint64_t>& firsts = part(p).labels[g].firsts;
    for (std::uint32_t i = 0; i < firsts.size(); ++i) cells.push_back({firsts[i], p, i});
    out[p].resize(firsts.size());
  }
  std::ranges::sort(cells, {}, &Cell::first);
  for (const Cell& cell : cells) out[cell.part][cell.number] = codes_of(part(cell.part).labels[g].cells.key(cell.number));
  return out;
}

/// Takes the labels of a column in which nearly every group has another, in the order of the rows.
void StreamedTable::take_many_labels(std::size_t g) {
  PhysicalColumn& column = data_.tables[id_.index()].columns[plan_.groups[g]].parts[0];
  // Another file has mostly brought the same texts in the same order.
  const auto follows = [&](Code before, std::string_view cell) {
    return before + 1 < data_.texts.size() && same_bytes(data_.texts.text(before + 1), cell);
  };
  constexpr std::size_t together = 32;
  std::array<std::string, together> scratch, keys;
  std::array<std::string_view, together> cells;
  Code text = Texts::empty;
  const std::size_t rows = order_.size();
  for (std::size_t row = 0; row < rows; ++row) {
    data_.watch.go_on(row);
    if (row % together == 0) {
      const std::size_t count = std::min(together, rows - row);
      for (std::size_t i = 0; i < count; ++i) {
        const GroupPlace head = order_[row + i];
        if (!table_of(head).is_packed(head.group)) engine::bring_near(&table_of(head).group(head.group));
      }
      for (std::size_t i = 0; i < count; ++i) cells[i] = cell_of_key(key(order_[row + i], keys[i]), g, scratch[i]);
      if (!follows(text, cells[0])) data_.texts.bring_near(std::span(cells).first(count));
    }
    const std::string_view cell = cells[row % together];
    const LabelCodes codes = follows(text, cell) ? LabelCodes{text + 1, data_.texts.label_of(text + 1)} : codes_of(cell);
    text = codes.text;
    column.labels[row] = codes.label;
    if (column.texts.empty() && codes.text == codes.label) continue;
    if (column.texts.empty()) column.texts = column.labels;
    column.texts[row] = codes.text;
  }
}

/// A cell of a group, whose cells are `line`.
std::string_view StreamedTable::cell_of_key(std::string_view line, std::size_t g, std::string& scratch) const {
  // Nearly all, and so often that reading them as CSV would tell.
  if (line.find('"') == std::string_view::npos) {
    for (; g > 0; --g) line.remove_prefix(line.find(layout_.delimiter) + 1);
    return line.substr(0, line.find(layout_.delimiter));
  }
  CsvReader reader(line, layout_.delimiter);
  CsvRecord record;
  (void)reader.next(record);
  return reader.text_of(record.cells[g], scratch);
}

/// Reads the labels of the groups from their cells, as rows of a file of their own.
void StreamedTable::read_labels() {
  const dsl::Table& declared = (*data_.program)[id_];
  std::string text;
  std::string room;
  for (const GroupPlace group : order_) {
    const std::string_view line = key(group, room);
    text.append(line.empty() ? std::string_view("\"\"") : line).push_back('\n');
  }
  std::vector<BoundColumn> bound;
  for (const BoundColumn& column : bound_) {
    const auto group = std::ranges::find(plan_.groups, column.column);
    if (group != plan_.groups.end()) {
      bound.push_back({column.column, column.part, static_cast<std::uint32_t>(group - plan_.groups.begin())});
    } else if (std::ranges::find(declared.key, column.column) != declared.key.end()) {
      bound.push_back({column.column, column.part, BoundColumn::nowhere});  // messages ask for the whole key
    }
  }
  const SourceId source = data_.sources->add(file_.path, std::move(text));
  LoadReport scratch;
  RowReader rows(data_, id_, scratch);
  rows.begin_file(source, "", std::move(bound), std::max<std::size_t>(plan_.groups.size(), 1));
  CsvReader reader(data_.sources->text(source), layout_.delimiter);
  CsvRecord record;
  while (reader.next(record)) rows.add(reader, record);
  note_rows(scratch);
}

/// Makes a column for the sums of a figure in so many rows.
void StreamedTable::begin_sums(std::size_t f, std::size_t rows, PhysicalColumn& column) const {
  column.figures = {};
  column.figures.exponent = exponent_of(layout_.figures[f], main_place(f));
  column.figures.begin_sums(rows, width_of(layout_.figures[f].rounding));
  column.counts.resize(rows);
}

/// Brings groups near, and what other threads have found of them.
void StreamedTable::bring_near(std::span<const GroupPlace> places) const {
  for (const GroupPlace at : places) {
    if (!table_of(at).is_packed(at.group)) table_of(at).bring_near(at.group);
  }
  for (const GroupPlace at : places) {
    const GroupPlace next = table_of(at).next(at.group);
    if (next.valid() && !table_of(next).is_packed(next.group)) table_of(next).bring_near(next.group);
  }
}

void StreamedTable::Gathered::clear() {
  places.clear();
  behind.assign(1, 0);
}

/// Adds a group, and what other threads have found of it.
GroupExtent StreamedTable::gather(GroupPlace head, Gathered& to) const {
  GroupExtent out;
  for (GroupPlace at = head; at.valid();) {
    const GroupTable& table = table_of(at);
    out.add(table.extent(at.group));
    to.places.push_back(at);
    at = table.next(at.group);
  }
  to.behind.push_back(to.places.size());
  return out;
}

/// Fills rows [begin, end) of the reduced table. `labels` are the codes of each group column; none of a column of many.
void StreamedTable::reduce_rows(std::size_t begin, std::size_t end, const std::vector<CodesOfParts>& labels,
                                std::vector<WideSum>& wide) {
  Table& table = data_.tables[id_.index()];
  Gathered all;
  constexpr std::size_t none = ~std::size_t{0};
  std::vector<std::size_t> folded(end - begin, none);  // of each row: the one of folded_rows_
  for (auto at = std::ranges::lower_bound(folded_, begin); at != folded_.end() && *at < end; ++at) {
    folded[*at - begin] = static_cast<std::size_t>(at - folded_.begin());
  }
  const bool scattered = !part(0).groups.ascends();
  constexpr std::size_t together = 16;
  for (std::size_t r = begin; r < end; ++r) {
    if (scattered && (r - begin) % together == 0) bring_near(std::span(order_).subspan(r, std::min(together, end - r)));
    if (const std::size_t k = folded[r - begin]; k == none) {
      rows_[r] = gather(order_[r], all);
    } else {
      rows_[r] = folded_rows_.rows[k].extent;
      all.behind.push_back(all.places.size());
    }
  }
  for (std::size_t g = 0; g < labels.size(); ++g) {
    if (labels[g].empty()) continue;
    PhysicalColumn& column = table.columns[plan_.groups[g]].parts[0];
    const bool spelled = !column.texts.empty();
    for (std::size_t r = begin; r < end; ++r) {
      const GroupPlace head = order_[r];
      const LabelCodes& codes = labels[g][head.part][table_of(head).label(head.group, g)];
      column.labels[r] = codes.label;
      if (spelled) column.texts[r] = codes.text;
    }
  }
  for (std::size_t f = 0; f < layout_.figures.size(); ++f) {
    PhysicalColumn& column = table.columns[layout_.figures[f].column].parts[layout_.figures[f].part];
    for (std::size_t r = begin; r < end; ++r) {
      const auto at = static_cast<std::uint32_t>(r);
      if (const std::size_t k = folded[r - begin]; k != none) {
        set_sum(column, f, at, folded_rows_.sums[k * layout_.figures.size() + f], rows_[r].records);
      } else if (const auto sum = sum_of(f, all, r - begin)) {
        set_sum(column, f, at, *sum, rows_[r].records);
      } else {
        set_large_sum(column, f, at, all, r - begin, wide);
      }
    }
  }
}

/// Notes the rows that findings are about. What there is to report about a group's labels, there is about each of its records.
void StreamedTable::note_rows(const LoadReport& report) {
  const std::vector<std::uint32_t>& begins = data_.tables[id_.index()].row_begin;
  for (const Finding& finding : report.findings) {
    const auto behind = std::ranges::upper_bound(begins, finding.place.begin);
    told_.push_back(static_cast<std::uint32_t>(behind - begins.begin()) - 1);
  }
}

/// The sum of a figure in the group that was gathered as the `at`-th; none where it may not fit.
std::optional<Sum> StreamedTable::sum_of(std::size_t f, const Gathered& from, std::size_t at) const {
  const auto sum = [&](std::size_t i) { return table_of(from.places[i]).sum(from.places[i].group, f); };
  Sum out = sum(from.behind[at]);
  bool plain = true;
  for (std::size_t i = from.behind[at] + 1; i < from.behind[at + 1]; ++i) plain = out.add(sum(i)) && plain;
  if (!plain || !out.is_plain()) return std::nullopt;
  return out;
}

/// Sets the sum of a figure in a row of so many records.
void StreamedTable::set_sum(PhysicalColumn& to, std::size_t f, std::uint32_t row, const Sum& sum, std::uint64_t records) const {
  to.counts[row] = sum.positive + sum.negative + sum.zero + sum.others;
  to.figures.set(row, integers_of(bounds_of<std::int64_t>(sum, layout_.figures[f].rounding), mark_of(sum, records)));
}

/// The same of a group that was gathered; a sum that does not fit goes to `wide`.
void StreamedTable::set_large_sum(PhysicalColumn& to, std::size_t f, std::uint32_t row, const Gathered& from, std::size_t at,
                                  std::vector<WideSum>& wide) const {
  const ScannedFigure& figure = layout_.figures[f];
  Sum sum;
  std::optional<FigureColumn::Wide> beyond;
  const auto add_beyond = [&](const FigureColumn::Wide& more) {
    if (!beyond) beyond.emplace();
    *beyond += more;
  };
  for (std::size_t i = from.behind[at]; i < from.behind[at + 1]; ++i) {
    const GroupPlace place = from.places[i];
    const Sum more = part(place.part).groups.sum(place.group, f);
    if ((more.marks & mark_bit::more) != 0) add_beyond(part(place.part).wide.at({place.group, static_cast<std::uint32_t>(f)}));
    std::int64_t total = 0;
    if (!__builtin_add_overflow(sum.total, more.total, &total)) {
      (void)sum.add(more);
      continue;
    }
    add_beyond(wide_of(more, figure, main_place(f)));
    sum.marks |= more.marks | mark_bit::more;
    sum.others += more.others + more.positive + more.negative + more.zero;
  }
  to.counts[row] = sum.positive + sum.negative + sum.zero + sum.others;
  const Mark mark = mark_of(sum, rows_[row].records);
  const Bounds<Int128> bounds = bounds_of<Int128>(sum, figure.rounding);
  if (!beyond && bounds.low > -most_of_bounds && bounds.high < most_of_bounds)
    return to.figures.set(row, integers_of(bounds, mark));
  FigureColumn::Wide all = wide_of(sum, figure, main_place(f));
  if (beyond) all += *beyond;
  wide.push_back({f, row, mark, std::move(all)});
}

/// Where the last digit of most numbers of a figure stands.
int StreamedTable::main_place(std::size_t f) const {
  const int place = state_->main_place[f];
  return place == ScanState::unset ? 0 : place;
}

}  // namespace kenzan::engine
