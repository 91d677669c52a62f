// Tables that are not held: their reduced form, made of what the scan has found.
#include <algorithm>

#include "base/text.hpp"
#include "engine/stream/reduce.hpp"
#include "engine/table/bind.hpp"
#include "engine/threads.hpp"
#include "engine/vector/kernels.hpp"

namespace kenzan::engine {
namespace {

/// The exponent of a sum of `figure`: half a step is a digit more.
int exponent_of(const ScannedFigure& figure, int place) {
  const int at = place + figure.plain_exponent.value_or(0);
  const bool half =
      figure.rounding == Rounding::nearest || figure.rounding == Rounding::half_up || figure.rounding == Rounding::half_even;
  return half ? at - 1 : at;
}

/// The bounds of a sum of plain numbers in units of 10^exponent_of, for which 128 bits are always enough.
struct Bounds {
  Int128 value = 0, low = 0, high = 0, squares = 0;
  bool low_open = false, high_open = false;
};

Bounds bounds_of(const Sum& sum, Rounding rounding) {
  const Int128 total = sum.total, positive = sum.positive, negative = sum.negative, zero = sum.zero;
  const Int128 count = positive + negative + zero;
  Bounds out{total, total, total, 0, false, false};
  switch (rounding) {
    case Rounding::nearest:
    case Rounding::half_up:
    case Rounding::half_even:
      out.value = 10 * total;
      out.low = out.value - 5 * count;
      out.high = out.value + 5 * count;
      out.squares = 100 * count;
      if (rounding == Rounding::half_up) {
        out.low_open = negative + zero > 0;
        out.high_open = positive + zero > 0;
      }
      if (rounding == Rounding::half_even) out.low_open = out.high_open = (sum.marks & mark_bit::odd) != 0;
      break;
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
    case Rounding::floor:
      out.high += count;
      out.squares = count;
      out.high_open = count > 0;
      break;
    case Rounding::ceiling:
      out.low -= count;
      out.squares = count;
      out.low_open = count > 0;
      break;
    case Rounding::exact: break;
  }
  return out;
}

FigureColumn::Wide wide_of(const Sum& sum, const ScannedFigure& figure, int place) {
  const Bounds bounds = bounds_of(sum, figure.rounding);
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

}  // namespace

void StreamedTable::reduce() {
  duplicates_ = find_duplicates();  // first: their fingerprints are most of what a scan leaves
  for (const auto& scanner : scanners_) scanner->part().fingerprints.reset();
  looked_at_ = records_of(scanners_);
  rows_.reserve(order_.size());
  for (const GroupPlace first : order_) {
    RowPlace& row = rows_.emplace_back(start(first).first_block, group(first).last_block, 0U);
    for (GroupPlace at = first; at.valid(); at = start(at).next) {
      row.first_block = std::min(row.first_block, start(at).first_block);
      row.last_block = std::max(row.last_block, group(at).last_block);
      row.records += group(at).rows;
    }
  }
  const bool from_texts = may_take_labels();
  if (from_texts) {
    begin_rows();
  } else {
    read_labels();
  }
  // The labels of all columns in one thread, while others add up figures: only one may add to the texts of the run.
  constexpr std::size_t many = 4096;
  const std::size_t figures = layout_.figures.size(), together = figures / (2 * threads_) / 4 * 4 + 4;  // four stand in a line
  const std::size_t shares = 1 + (figures + together - 1) / together;
  share_out(order_.size() < many ? 1 : threads_, shares, [&](std::size_t, std::size_t i) {
    if (i > 0) return add_sums((i - 1) * together, std::min(i * together, figures));
    for (std::size_t g = 0; from_texts && g < plan_.groups.size(); ++g) take_labels(g);
  });
  for (const auto& scanner : scanners_) scanner->part().wide.clear();
  if (!from_texts) return;
  scanners_.clear();
  std::vector<GroupPlace>().swap(order_);
}

/// Whether the labels of the groups are texts as they stand, about which there is nothing to say: then rows need no places in a file.
bool StreamedTable::may_take_labels() const {
  const dsl::Table& declared = (*data_.program)[id_];
  const auto plain = [&](std::uint32_t c) {
    const dsl::Column& column = declared.columns[c];
    return column.type == dsl::ColumnType::text && column.constraints.empty() && CellText(column).plain();
  };
  const bool own = std::ranges::any_of(declared.columns, [](const dsl::Column& c) { return c.from_file || c.record_number; });
  if (own || !std::ranges::all_of(plan_.groups, plain)) return false;
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
    column.texts.assign(table.rows, Texts::empty);  // messages ask for the whole key
    column.labels.assign(table.rows, Texts::empty);
    column.blank.assign(table.rows, true);
  }
}

/// Takes the labels of a column as the scan has numbered them.
void StreamedTable::take_labels(std::size_t g) {
  struct Codes {
    Code text = ~Code{0}, label = 0;
  };
  PhysicalColumn& column = data_.tables[id_.index()].columns[plan_.groups[g]].parts[0];
  column.texts.resize(order_.size());
  column.labels.resize(order_.size());
  column.blank.assign(order_.size(), false);
  std::vector<std::vector<Codes>> codes(scanners_.size());  // of the cells of each part
  for (std::size_t p = 0; p < scanners_.size(); ++p) codes[p].resize(part(p).labels[g].cells.size());
  std::string scratch;
  const auto intern = [&](std::string_view text) {
    const Code code = data_.texts.intern(text);
    return Codes{code, data_.texts.label_of(code)};
  };
  // In the order of the rows, so that codes ascend as labels do in a file that is in order.
  for (std::size_t row = 0; row < order_.size(); ++row) {
    data_.watch.go_on(row);
    const GroupPlace at = order_[row];
    const std::uint32_t number = part(at.part).groups.labels(at.group)[g];
    Codes code;
    if (number == KeyTable::absent) {
      code = intern(cell_of_key(at, g, scratch));
    } else {
      Codes& known = codes[at.part][number];
      if (known.text == Codes{}.text) known = intern(part(at.part).labels[g].cells.key(number));
      code = known;
    }
    column.texts[row] = code.text;
    column.labels[row] = code.label;
  }
}

/// A cell of a group.
std::string_view StreamedTable::cell_of_key(GroupPlace at, std::size_t g, std::string& scratch) const {
  std::string_view line = key(at);
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
  for (const GroupPlace group : order_) {
    text.append(key(group).empty() ? std::string_view("\"\"") : key(group)).push_back('\n');
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

/// Adds up the figures [begin, end) of all groups.
void StreamedTable::add_sums(std::size_t begin, std::size_t end) {
  std::vector<PhysicalColumn*> columns;
  for (std::size_t f = begin; f < end; ++f) {
    const ScannedFigure& figure = layout_.figures[f];
    PhysicalColumn& column = *columns.emplace_back(&data_.tables[id_.index()].columns[figure.column].parts[figure.part]);
    column.figures = {};
    const int place = state_->main_place[f];
    column.figures.exponent = exponent_of(figure, place == ScanState::unset ? 0 : place);
    column.figures.reserve_sums(order_.size());
    column.counts.reserve(order_.size());
  }
  std::vector<GroupPlace> places;
  for (std::size_t row = 0; row < order_.size(); ++row) {
    data_.watch.go_on(row);
    places.clear();
    for (GroupPlace at = order_[row]; at.valid(); at = start(at).next) places.push_back(at);
    for (std::size_t f = begin; f < end; ++f) add_sum(*columns[f - begin], f, places, rows_[row].records);
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

/// Appends the sum of a figure in the group that stands in `places`.
void StreamedTable::add_sum(PhysicalColumn& to, std::size_t f, const std::vector<GroupPlace>& places, std::uint64_t rows) {
  const ScannedFigure& figure = layout_.figures[f];
  const int place = state_->main_place[f] == ScanState::unset ? 0 : state_->main_place[f].load();
  Sum sum;
  std::optional<FigureColumn::Wide> wide;
  for (const GroupPlace at : places) {
    const Sum more = part(at.part).groups.sum(at.group, f);
    if ((more.marks & mark_bit::more) != 0) {
      wide = wide.value_or(FigureColumn::Wide{});
      *wide += part(at.part).wide.at({at.group, static_cast<std::uint32_t>(f)});
    }
    sum.others += more.others;
    sum.marks |= more.marks;
    std::int64_t total = 0;
    if (__builtin_add_overflow(sum.total, more.total, &total)) {
      wide = wide.value_or(FigureColumn::Wide{});
      *wide += wide_of(more, figure, place);
      sum.marks |= mark_bit::more;
      sum.others += more.positive + more.negative + more.zero;
      continue;
    }
    sum.total = total;
    sum.positive += more.positive;
    sum.negative += more.negative;
    sum.zero += more.zero;
  }
  const Mark mark = mark_of(sum, rows);
  to.counts.push_back(sum.positive + sum.negative + sum.zero + sum.others);
  const Bounds bounds = bounds_of(sum, figure.rounding);
  constexpr Int128 most = Int128{1} << 62;
  if (!wide && bounds.low > -most && bounds.high < most) {
    FigureColumn::Sum out;
    out.mark = mark;
    if (mark == Mark::number || mark == Mark::suppressed) {
      out.value = static_cast<std::int64_t>(bounds.value);
      out.low = static_cast<std::int64_t>(bounds.low);
      out.high = static_cast<std::int64_t>(bounds.high);
      out.squares = static_cast<std::uint64_t>(bounds.squares);
      out.ends = static_cast<std::uint8_t>((bounds.low_open ? FigureColumn::low_open : 0) |
                                           (bounds.high_open ? FigureColumn::high_open : 0));
    }
    to.figures.add(out);
    return;
  }
  FigureColumn::Wide all = wide_of(sum, figure, place);
  if (wide) all += *wide;
  to.figures.add(mark, all);
}

}  // namespace kenzan::engine
