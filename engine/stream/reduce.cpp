#include "engine/stream/reduce.hpp"

#include <algorithm>
#include <numeric>

#include "base/text.hpp"
#include "engine/indexes.hpp"
#include "engine/kernels.hpp"
#include "engine/table/bind.hpp"
#include "engine/table/constraints.hpp"
#include "engine/threads.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t longest_start = std::size_t{1} << 20;  // in which the header must stand

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
Mark mark_of(const Sum& sum, std::uint32_t rows) {
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

StreamedTable::StreamedTable(Data& data, dsl::TableId table, StreamPlan plan, const StreamOptions& stream)
    : data_(data), id_(table), plan_(std::move(plan)), stream_(stream) {}

std::unique_ptr<StreamedTable> StreamedTable::read(Data& data, dsl::TableId table, StreamPlan plan, const LoadOptions& options,
                                                   const StreamOptions& stream) {
  if (!options.input) return nullptr;
  std::unique_ptr<StreamedTable> out(new StreamedTable(data, table, std::move(plan), stream));
  const bool scanned = out->open(options) && out->scan();
  if (scanned && !data.watch.stopped()) {
    std::vector<ScanPart*> parts;
    for (const auto& scanner : out->scanners_) parts.push_back(&scanner->part());
    out->order_ = join_groups(std::move(parts));
  }
  if (!scanned || out->repeats_a_row()) {
    data.tables[table.index()] = {};
    return nullptr;
  }
  out->count_lines();
  return out;
}

bool StreamedTable::open(const LoadOptions& options) {
  const dsl::Table& declared = (*data_.program)[id_];
  const auto replaced = options.replaced.find(declared.name);
  const std::string* path = replaced == options.replaced.end() ? nullptr : &replaced->second;
  file_ = declared.files.front();
  if (path != nullptr) file_.path = *path;
  reader_options_ = reader_of(declared, path);
  if (reader_options_.format == dsl::Format::other || !reader_options_.encoding.empty()) return false;
  input_ = options.input(file_.path);
  if (!input_ || input_->size() < stream_.least) return false;
  std::string start(static_cast<std::size_t>(std::min<std::uint64_t>(input_->size(), longest_start)), '\0');
  if (!read_whole(*input_, 0, start.data(), start.size()).empty()) return false;
  return lay_out(start);
}

/// Finds the header, and what of a record the scan reads.
bool StreamedTable::lay_out(const std::string& start) {
  const dsl::Table& declared = (*data_.program)[id_];
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) return false;
  CsvReader reader(start, delimiter_of(reader_options_));
  CsvRecord record;
  if (!find_header(reader_options_, reader, record)) return false;
  const bool whole = start.size() == input_->size();
  if (!whole && reader.at() + 1 >= start.size()) return false;  // the header may not be read to its end
  Header header;
  header.path = file_.path;
  header.present = reader_options_.header > 0;
  header.width = record.cells.size();
  if (header.present) read_header(header, reader, record);
  width_ = header.width;
  begin_ = header.present ? reader.at() : record.begin;
  if (begin_ > 0 && start[begin_ - 1] == '\r') return false;
  lines_before_ = static_cast<std::uint32_t>(std::count(start.begin(), start.begin() + static_cast<std::ptrdiff_t>(begin_), '\n'));

  data_.tables[id_.index()] = empty_table(data_, id_);
  LoadReport scratch;
  bound_ = bind_columns(data_, id_, header, scratch);
  if (!scratch.failures.empty()) return false;
  blank_ = data_.tables[id_.index()];

  layout_ = {};
  layout_.table = id_;
  layout_.delimiter = delimiter_of(reader_options_);
  layout_.width = width_;
  layout_.group_columns = plan_.groups;
  std::vector<std::uint32_t>& positions = layout_.positions;
  for (const BoundColumn& bound : bound_) {
    if (bound.position == BoundColumn::nowhere) return false;
    positions.push_back(bound.position);
  }
  std::ranges::sort(positions);
  positions.erase(std::ranges::unique(positions).begin(), positions.end());
  const auto field_of = [&](std::uint32_t position) {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(positions, position) - positions.begin());
  };
  const RowReader rows(data_, id_, scratch);
  for (const std::uint32_t group : plan_.groups) {
    const auto at = std::ranges::find(bound_, group, &BoundColumn::column);
    if (at == bound_.end()) return false;
    layout_.group_fields.push_back(field_of(at->position));
  }
  for (const BoundColumn& bound : bound_) {
    const dsl::Column& column = declared.columns[bound.column];
    const bool in_key = std::ranges::find(declared.key, bound.column) != declared.key.end();
    const auto group = std::ranges::find(plan_.groups, bound.column);
    if (column.is_figure() && !in_key) {
      ScannedFigure& figure = layout_.figures.emplace_back();
      figure.column = bound.column;
      figure.part = bound.part;
      figure.field = field_of(bound.position);
      figure.plain_exponent = rows.plain_exponent_of(bound.column);
      figure.integer_only = column.format.integer_only;
      figure.rounding = column.format.rounding;
      for (const dsl::Constraint& constraint : column.constraints) figure.constraints.push_back(&constraint);
    } else if (group == plan_.groups.end()) {
      if (in_key) {
        layout_.key.push_back({bound.column, field_of(bound.position)});
      } else {
        layout_.other_texts.push_back(field_of(bound.position));
      }
    } else if (in_key) {
      layout_.key_groups.push_back(static_cast<std::uint32_t>(group - plan_.groups.begin()));
    }
  }
  layout_.unique = std::ranges::none_of(declared.key, [&](std::uint32_t c) { return declared.columns[c].record_number; });
  return true;
}

bool StreamedTable::scan() {
  state_ = std::make_unique<ScanState>(layout_.figures.size());
  blocks_ = std::make_unique<BlockReader>(*input_, begin_, stream_.block, layout_.delimiter);
  const std::uint64_t bytes = input_->size() - begin_;
  const std::size_t processors = stream_.threads > 0 ? stream_.threads : std::max(1U, std::thread::hardware_concurrency());
  const std::size_t threads = std::clamp<std::size_t>(bytes / stream_.block, 1, processors);
  for (std::size_t i = 0; i < threads; ++i) scanners_.push_back(std::make_unique<Scanner>(data_, layout_, *state_, data_.seed));
  std::atomic<std::uint64_t> read = begin_, rows = 0;
  in_threads(threads, [&](std::size_t i) {
    Block block;
    while (!state_->give_up && !data_.watch.stopped() && blocks_->next(block)) {
      scanners_[i]->scan(block);
      const std::uint64_t more = scanners_[i]->part().lines.back().second;
      data_.watch.report({Progress::Stage::reading, file_.path, read += block.size, input_->size(), rows += more});
    }
  });
  return !state_->give_up && blocks_->failure().empty();
}

/// Counts the line feeds before each block.
void StreamedTable::count_lines() {
  line_of_block_.assign(blocks_->places().size() + 1, 0);
  for (std::size_t p = 0; p < scanners_.size(); ++p) {
    for (const auto& [block, lines] : part(p).lines) line_of_block_[block + 1] = lines;
  }
  line_of_block_[0] = lines_before_;
  std::partial_sum(line_of_block_.begin(), line_of_block_.end(), line_of_block_.begin());
}

/// Whether a group that rules look up as one row is several: which of them is meant matters then.
bool StreamedTable::repeats_a_row() const {
  if (!layout_.unique || !layout_.key.empty()) return false;
  return std::ranges::any_of(order_, [&](GroupPlace place) {
    const ScanPart::Group& first = group(place);
    return !first.keyless && (first.rows > 1 || first.next.valid());
  });
}

void StreamedTable::reduce(std::mutex& shared) {
  if (!take_labels(shared)) {
    const std::lock_guard lock(shared);
    read_labels();
  }
  share_out(scanners_.size(), layout_.figures.size(), [this](std::size_t f) { add_sums(f); });
  for (const auto& scanner : scanners_) {
    ScanPart& part = scanner->part();
    std::vector<Sum>().swap(part.sums);
    part.wide.clear();
    part.labels.clear();
    std::vector<std::uint32_t>().swap(part.label_of);
  }
}

/// Takes the labels of the groups as the scan has numbered them. False, and nothing done, unless all are texts as they stand, about
/// which there is nothing to say: then rows need no places in a file.
bool StreamedTable::take_labels(std::mutex& shared) {
  const dsl::Table& declared = (*data_.program)[id_];
  const auto plain = [&](std::uint32_t c) {
    const dsl::Column& column = declared.columns[c];
    return column.type == dsl::ColumnType::text && column.constraints.empty() && CellText(column).plain();
  };
  const bool own = std::ranges::any_of(declared.columns, [](const dsl::Column& c) { return c.from_file || c.record_number; });
  if (own || !std::ranges::all_of(plan_.groups, plain)) return false;
  for (std::size_t p = 0; p < scanners_.size(); ++p) {
    for (const ScanPart::Labels& labels : part(p).labels) {
      for (std::uint32_t i = 0; i < labels.cells.size(); ++i) {
        if (trim_view(labels.cells.key(i)).empty()) return false;
      }
    }
  }
  Table& table = data_.tables[id_.index()];
  {
    const std::lock_guard lock(shared);
    table.files.push_back(data_.sources->add(file_.path, ""));
  }
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
  const std::size_t groups = plan_.groups.size();
  struct Codes {
    Code text = ~Code{0}, label = 0;
  };
  for (std::size_t g = 0; g < groups; ++g) {
    PhysicalColumn& column = table.columns[plan_.groups[g]].parts[0];
    column.texts.resize(table.rows);
    column.labels.resize(table.rows);
    column.blank.assign(table.rows, false);
    std::vector<std::vector<Codes>> codes(scanners_.size());  // of the cells of each part
    for (std::size_t p = 0; p < scanners_.size(); ++p) codes[p].resize(part(p).labels[g].cells.size());
    // In the order of the rows, so that codes ascend as labels do in a file that is in order.
    for (std::size_t row = 0; row < table.rows; ++row) {
      const GroupPlace at = order_[row];
      const std::uint32_t number = part(at.part).label_of[std::size_t{at.group} * groups + g];
      Codes& code = codes[at.part][number];
      if (code.text == Codes{}.text) {
        const std::lock_guard lock(shared);
        code.text = data_.texts.intern(part(at.part).labels[g].cells.key(number));
        code.label = data_.texts.label_of(code.text);
      }
      column.texts[row] = code.text;
      column.labels[row] = code.label;
    }
  }
  return true;
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

void StreamedTable::add_sums(std::size_t f) {
  const ScannedFigure& figure = layout_.figures[f];
  PhysicalColumn& column = data_.tables[id_.index()].columns[figure.column].parts[figure.part];
  column.figures = {};
  data_.watch.go_on();
  const int place = state_->main_place[f];
  column.figures.exponent = exponent_of(figure, place == ScanState::unset ? 0 : place);
  column.figures.reserve_sums(order_.size());
  column.counts.reserve(order_.size());
  for (const GroupPlace group : order_) add_sum(column, f, group);
}

/// Notes the rows that findings are about. What there is to report about a group's labels, there is about each of its records.
void StreamedTable::note_rows(const LoadReport& report) {
  const std::vector<std::uint32_t>& begins = data_.tables[id_.index()].row_begin;
  for (const Finding& finding : report.findings) {
    const auto behind = std::ranges::upper_bound(begins, finding.place.begin);
    told_.push_back(static_cast<std::uint32_t>(behind - begins.begin()) - 1);
  }
}

void StreamedTable::add_sum(PhysicalColumn& to, std::size_t f, GroupPlace first) {
  const ScannedFigure& figure = layout_.figures[f];
  const std::size_t figures = layout_.figures.size();
  const int place = state_->main_place[f] == ScanState::unset ? 0 : state_->main_place[f].load();
  std::uint32_t rows = 0;
  Sum sum;
  std::optional<FigureColumn::Wide> wide;
  for (GroupPlace at = first; at.valid(); at = group(at).next) {
    const Sum& more = part(at.part).sums[std::size_t{at.group} * figures + f];
    rows += group(at).rows;
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

std::vector<RecordPlace> StreamedTable::pick(const std::vector<std::uint32_t>& blocks, const Scanner::Wanted& wanted) {
  std::atomic<std::size_t> next = 0;
  const std::size_t threads = std::clamp<std::size_t>(blocks.size(), 1, scanners_.size());
  std::vector<std::unique_ptr<Scanner>> pickers;
  for (std::size_t i = 0; i < threads; ++i) pickers.push_back(std::make_unique<Scanner>(data_, layout_, *state_, data_.seed));
  std::atomic<std::uint64_t> read = 0;
  std::uint64_t total = 0;
  for (const std::uint32_t block : blocks) total += blocks_->places()[block].size;
  in_threads(threads, [&](std::size_t i) {
    Block block;
    for (std::size_t at = next++; at < blocks.size() && !data_.watch.stopped(); at = next++) {
      if (blocks_->again(blocks[at], block)) {
        pickers[i]->pick(block, wanted);
      } else {
        changed_ = true;
      }
      data_.watch.report({Progress::Stage::rereading, file_.path, read += block.size, total, 0});
    }
  });
  data_.watch.go_on();
  std::vector<RecordPlace> out;
  for (const auto& picker : pickers) out.insert(out.end(), picker->part().records.begin(), picker->part().records.end());
  return out;
}

/// The records whose key has a fingerprint that another has.
std::vector<RecordPlace> StreamedTable::find_duplicates() {
  if (!layout_.unique) return {};
  std::vector<std::vector<std::uint64_t>> found(scanners_.size());
  std::atomic<std::size_t> next = 0;
  in_threads(scanners_.size(), [&](std::size_t i) {
    std::vector<std::uint64_t> slots;
    for (std::size_t p = next++; p < ScanPart::partitions && !data_.watch.stopped(); p = next++) {
      std::size_t count = 0;
      for (const auto& scanner : scanners_) count += scanner->part().fingerprints[p].size();
      std::size_t room = 64;
      while (room < 2 * count) room *= 2;
      slots.assign(room, 0);
      for (const auto& scanner : scanners_) {
        const Fingerprints& prints = scanner->part().fingerprints[p];
        for (std::size_t k = 0; k < prints.size(); ++k) {
          const std::uint64_t print = prints[k] == 0 ? 1 : prints[k];
          std::size_t at = print & (room - 1);
          while (slots[at] != 0 && slots[at] != print) at = (at + 1) & (room - 1);
          if (slots[at] == print) found[i].push_back(prints[k]);
          slots[at] = print;
        }
      }
    }
  });
  data_.watch.go_on();
  std::vector<std::uint64_t> prints;
  for (const auto& some : found) prints.insert(prints.end(), some.begin(), some.end());
  if (prints.empty()) return {};
  std::ranges::sort(prints);
  prints.erase(std::ranges::unique(prints).begin(), prints.end());

  std::vector<std::uint32_t> blocks;
  for (const auto& scanner : scanners_) {
    const ScanPart& part = scanner->part();
    for (std::size_t p = 0; p < ScanPart::partitions; ++p) {
      data_.watch.go_on();
      const auto from = std::ranges::lower_bound(prints, std::uint64_t{p} << 56);
      if (from == prints.end() || *from >> 56 != p) continue;
      for (std::size_t k = 0; k < part.fingerprints[p].size(); ++k) {
        if (!std::ranges::binary_search(prints, part.fingerprints[p][k])) continue;
        const auto mark = std::ranges::upper_bound(part.marks, k, {}, [p](const ScanPart::Mark& m) { return m.sizes[p]; });
        blocks.push_back((mark - 1)->block);
      }
    }
  }
  std::ranges::sort(blocks);
  blocks.erase(std::ranges::unique(blocks).begin(), blocks.end());
  return pick(blocks, {nullptr, &prints});
}

/// The records of some rows of the reduced table.
std::vector<RecordPlace> StreamedTable::records_of(const std::vector<std::uint32_t>& rows) {
  if (rows.empty()) return {};
  KeyTable wanted(data_.seed);
  std::vector<bool> in_block(blocks_->places().size());
  for (const std::uint32_t row : rows) {
    bool fresh = false;
    (void)wanted.insert(key(order_[row]), part(order_[row].part).keys.hash_of(order_[row].group), fresh);
    for (GroupPlace at = order_[row]; at.valid(); at = group(at).next) {
      for (std::uint32_t b = group(at).first_block; b <= group(at).last_block; ++b) in_block[b] = true;
    }
  }
  std::vector<std::uint32_t> blocks;
  for (std::uint32_t b = 0; b < in_block.size(); ++b) {
    if (in_block[b]) blocks.push_back(b);
  }
  return pick(blocks, {&wanted, nullptr});
}

std::uint32_t StreamedTable::line_of(const RecordPlace& record) const {
  return static_cast<std::uint32_t>(line_of_block_[record.block] + record.line + 1);
}

Table StreamedTable::load(std::vector<RecordPlace> records, LoadReport& report, bool alone) {
  const auto same = [](const RecordPlace& a, const RecordPlace& b) { return a.offset == b.offset; };
  std::ranges::sort(records, {}, &RecordPlace::offset);
  records.erase(std::unique(records.begin(), records.end(), same), records.end());
  std::string text;
  std::vector<std::uint32_t> lines;
  for (const RecordPlace& record : records) {
    data_.watch.go_on();
    const std::size_t at = text.size();
    text.resize(at + record.size);
    if (!read_whole(*input_, record.offset, text.data() + at, record.size).empty()) changed_ = true;
    std::uint32_t line = line_of(record);
    lines.push_back(line);
    for (std::size_t i = at; i < text.size(); ++i) {
      if (text[i] == '\n') lines.push_back(++line);
    }
    text.push_back('\n');
  }
  if (changed_) return blank_;                            // nothing is said about records that are not what was read
  lines.push_back(lines.empty() ? 1 : lines.back() + 1);  // behind the last line feed
  const SourceId source = data_.sources->add_lines(file_.path, std::move(text), std::move(lines));

  told_of_records_ = true;
  std::swap(data_.tables[id_.index()], other_);
  data_.tables[id_.index()] = blank_;
  {
    RowReader rows(data_, id_, report);
    rows.begin_file(source, "", bound_, width_);
    CsvReader reader(data_.sources->text(source), layout_.delimiter);
    CsvRecord record;
    while (reader.next(record)) {
      data_.watch.go_on(record.number);
      rows.add(reader, record);
    }
  }
  if (!alone) check_table(data_, id_, report);
  std::swap(data_.tables[id_.index()], other_);
  return std::move(other_);
}

void StreamedTable::check(LoadReport& report) {
  LoadReport scratch;
  check_constraints(data_, id_, scratch, &plan_.groups);
  Table& table = data_.tables[id_.index()];
  note_rows(scratch);
  std::ranges::sort(told_);
  told_.erase(std::ranges::unique(told_).begin(), told_.end());
  for (std::size_t p = 0; p < scanners_.size(); ++p)
    looked_at_.insert(looked_at_.end(), part(p).records.begin(), part(p).records.end());
  const std::vector<RecordPlace> duplicates = find_duplicates(), of_groups = records_of(told_);
  for (const auto& scanner : scanners_) {
    for (Fingerprints& prints : scanner->part().fingerprints) prints.clear();
  }
  looked_at_.insert(looked_at_.end(), duplicates.begin(), duplicates.end());
  looked_at_.insert(looked_at_.end(), of_groups.begin(), of_groups.end());
  if (looked_at_.empty()) return report_change(report);

  const Table held = load(looked_at_, report);
  report_change(report);
  if (std::ranges::find(held.duplicate, true) == held.duplicate.end()) return;
  TupleTable unknown(plan_.groups.size(), data_.seed);
  std::vector<Code> labels(plan_.groups.size());
  const auto labels_of = [&](const Table& from, std::uint32_t row) {
    for (std::size_t g = 0; g < plan_.groups.size(); ++g) labels[g] = from.columns[plan_.groups[g]].parts[0].labels[row];
  };
  bool fresh = false;
  for (std::uint32_t row = 0; row < held.rows; ++row) {
    if (!held.duplicate[row]) continue;
    labels_of(held, row);
    (void)unknown.insert(labels, fresh);
  }
  for (std::uint32_t row = 0; row < table.rows; ++row) {
    labels_of(table, row);
    if (unknown.find(labels) == absent_row) continue;
    for (const ScannedFigure& figure : layout_.figures) table.columns[figure.column].parts[figure.part].figures.exclude(row);
  }
}

/// The run is incomplete if the evidence could not be read.
void StreamedTable::report_change(LoadReport& report) {
  if (!changed_.exchange(false)) return;
  fail(report, file_.span, say(MessageId::unreadable_data, {{"path", file_.path}, {"reason", "it was changed while it was read"}}));
}

void StreamedTable::report_noted(LoadReport& report) {
  constexpr std::size_t most = 1000;  // read in a moment
  if (told_of_records_) return;
  std::vector<RecordPlace> records;
  for (const auto& scanner : scanners_) {
    const std::vector<RecordPlace>& noted = scanner->part().records;
    records.insert(records.end(), noted.begin(), noted.end());
  }
  std::ranges::sort(records, {}, &RecordPlace::offset);
  if (records.size() > most) records.resize(most);
  (void)load(std::move(records), report, true);
}

void StreamedTable::hold(std::vector<std::uint32_t> rows, LoadReport& report) {
  std::vector<RecordPlace> records = records_of(rows);
  records.insert(records.end(), looked_at_.begin(), looked_at_.end());
  LoadReport scratch;
  Table held = load(std::move(records), scratch);
  report_change(report);
  data_.reduced.resize(data_.tables.size());
  data_.reduced[id_.index()] = std::make_unique<Table>(std::move(data_.tables[id_.index()]));
  data_.tables[id_.index()] = std::move(held);
}

}  // namespace kenzan::engine
