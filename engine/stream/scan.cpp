#include "engine/stream/scan.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "base/text.hpp"

namespace kenzan::engine {
namespace {

constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

constexpr std::uint64_t zeros = 0x3030303030303030U;  // eight digits

[[gnu::always_inline]] inline std::uint64_t load(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, 8);
  return word;
}

/// Eight digits at once, the first in the lowest byte; false if there is something else among them.
[[gnu::always_inline]] inline bool eight_digits(std::uint64_t word, std::uint64_t& number) {
  const std::uint64_t digits = word ^ zeros;
  if (((digits | (digits + 0x7676767676767676U)) & 0x8080808080808080U) != 0) return false;
  // Neighbours are joined to numbers of two digits, these of four, these of eight.
  const std::uint64_t two = digits * 10 + (digits >> 8);
  constexpr std::uint64_t mask = 0x000000FF000000FFU;
  number = ((two & mask) * 0x000F424000000064U + (two >> 16 & mask) * 0x0000271000000001U) >> 32;
  return true;
}

/// Reads the commonest cells of a column: up to eight digits with always as many behind the point.
class PlainNumbers {
 public:
  explicit PlainNumbers(int place) : places_(place <= 0 && place > -7 ? static_cast<unsigned>(-place) : 8) {
    if constexpr (std::endian::native != std::endian::little) places_ = 8;
    const unsigned behind = 8 * places_ % 64;
    point_ = 56 - behind;
    behind_ = places_ == 0 ? 0 : ~std::uint64_t{0} << (64 - behind);
  }
  /// False for any other cell. Reads eight bytes.
  [[gnu::always_inline]] bool read(const char* text, std::uint32_t size, std::uint64_t& number) const {
    if (size - 1 > 7 || places_ == 8) return false;
    std::uint64_t word = load(text);
    if (size < 8) word = word << (64 - 8 * size) | zeros >> (8 * size);  // zeros in front
    if (places_ > 0) {
      if ((word >> point_ & 0xFF) != '.' || size <= places_ + 1) return false;
      word = (word & behind_) | (word & ~behind_ & ~(std::uint64_t{0xFF} << point_)) << 8 | '0';
    }
    return eight_digits(word, number);
  }

 private:
  unsigned places_;  ///< digits behind the point; 8: not to be read this way
  unsigned point_;   ///< where it stands in a word that ends with the cell, in bits
  std::uint64_t behind_;
};

/// The cell as CSV writes it, in quotes only where they are needed.
void append_cell(std::string& out, std::string_view cell, char delimiter) {
  const bool quotes = cell.find_first_of("\"\r\n") != std::string_view::npos || cell.find(delimiter) != std::string_view::npos;
  if (!quotes) {
    out.append(cell);
    return;
  }
  out.push_back('"');
  for (const char c : cell) {
    if (c == '"') out.push_back('"');
    out.push_back(c);
  }
  out.push_back('"');
}

bool is_blank(std::string_view text) { return trim_view(text).empty(); }

/// Whether eight bytes of two texts differ in ASCII digits only.
[[gnu::always_inline]] inline bool differ_in_digits(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t low = 0x7F7F7F7F7F7F7F7FU;
  const auto no_digits = [](std::uint64_t word) {
    const std::uint64_t digits = word ^ zeros;
    return digits | ((digits & low) + 0x7676767676767676U);
  };
  const std::uint64_t differ = a ^ b;
  return (((differ & low) + low) | differ) & (no_digits(a) | no_digits(b)) & ~low ? false : true;
}

bool differ_in_digits(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() < 8) {
    std::uint64_t first = 0, second = 0;
    std::memcpy(&first, a.data(), a.size());
    std::memcpy(&second, b.data(), a.size());
    return differ_in_digits(first, second);
  }
  for (std::size_t i = 0; i + 8 < a.size(); i += 8) {
    if (!differ_in_digits(load(a.data() + i), load(b.data() + i))) return false;
  }
  return differ_in_digits(load(a.data() + a.size() - 8), load(b.data() + a.size() - 8));
}

}  // namespace

Scanner::Scanner(Data& data, const Layout& layout, ScanState& state, std::uint64_t seed)
    : data_(data),
      layout_(layout),
      state_(state),
      seed_(seed),
      reader_(data, layout.table, scratch_report_),
      part_(seed),
      place_(layout.figures.size(), ScanState::unset),
      bounds_(layout.figures.size()),
      remembered_(layout.figures.size()) {
  for (std::size_t f = 0; f < bounds_.size(); ++f) {
    if (layout.figures[f].constraints.empty()) bounds_[f] = {-greatest, greatest};
  }
  for (const dsl::Column& column : (*data.program)[layout.table].columns) texts_.emplace_back(column);
  one_run_ = !layout.group_fields.empty();
  for (std::size_t g = 1; g < layout.group_fields.size(); ++g) {
    const std::uint32_t before = layout.positions[layout.group_fields[g - 1]], here = layout.positions[layout.group_fields[g]];
    one_run_ = one_run_ && here == before + 1;
  }
  cells_.resize(batch * layout.positions.size());
  rows_.reserve(batch);
  folded_.resize(layout.key.size());
}

void Scanner::scan(const Block& block) {
  block_ = &block;
  wanted_ = nullptr;
  if (layout_.unique) {
    ScanPart::Mark& mark = part_.marks.emplace_back();
    mark.block = block.number;
    for (std::size_t p = 0; p < ScanPart::partitions; ++p) mark.sizes[p] = static_cast<std::uint32_t>(part_.fingerprints[p].size());
  }
  walk(block);
  part_.lines.emplace_back(block.number, static_cast<std::uint32_t>(structure_.lines.size()));
}

void Scanner::pick(const Block& block, const Wanted& wanted) {
  block_ = &block;
  wanted_ = &wanted;
  walk(block);
}

/// Cuts the block into records, and hands them on in batches.
void Scanner::walk(const Block& block) {
  const char* text = block.bytes.data();
  const std::size_t size = block.size, width = layout_.width, count = layout_.positions.size();
  find_structure(text, size, layout_.delimiter, structure_);
  if (structure_.lone_return) {
    state_.give_up = true;
    return;
  }
  const Places& ends = structure_.ends;
  const Places& lines = structure_.lines;
  std::size_t s = 0, l = 0, q = 0;
  for (std::size_t at = 0; at < size;) {
    const std::size_t end = l < lines.size() ? lines[l] : size;
    const bool quoted = q < block.quotes.size() && block.quotes[q] < end;
    const std::size_t content_end = end > at && end < size && text[end - 1] == '\r' ? end - 1 : end;
    const std::size_t cells = (s + width - 1 < ends.size() ? ends[s + width - 1] : size) == end ? width : 0;
    if (!quoted && content_end > at && cells == width) {
      add_row(at, content_end, l);
      const std::size_t r = rows_.size() - 1;
      for (std::size_t f = 0; f < count; ++f) {
        const std::uint32_t position = layout_.positions[f];
        const std::size_t begin = position == 0 ? at : ends[s + position - 1] + 1U;
        const std::size_t cell_end = position + 1 == width ? content_end : ends[s + position];
        cell(f, r) = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(cell_end - begin)};
      }
      make_key(r, true);
      at = end + 1;
      s += width;
      ++l;
    } else if (!quoted && content_end == at) {  // an empty line
      at = end + 1;
      ++s;
      ++l;
    } else if (quoted && cut_quoted(at, content_end, l, s, q)) {
      at = end + 1;
      ++l;
    } else {
      const std::string_view rest(text + at, size - at);
      if (rest.starts_with("\xEF\xBB\xBF")) {  // which is text here, and CsvReader would skip it
        state_.give_up = true;
        return;
      }
      CsvReader reader(rest, layout_.delimiter);
      (void)reader.next(record_);
      odd_record(at, reader, record_, l);
      at += record_.end;
      if (at < size && text[at] == '\r') ++at;
      if (at < size) ++at;
      while (l < lines.size() && lines[l] < at) ++l;
      while (s < ends.size() && ends[s] < at) ++s;
      while (q < block.quotes.size() && block.quotes[q] < at) ++q;
    }
    if (rows_.size() == batch) flush();
    if (state_.give_up) return;
  }
  flush();
}

Scanner::Row& Scanner::add_row(std::size_t begin, std::size_t end, std::size_t line) {
  Row& row = rows_.emplace_back();
  row.text = block_->bytes.data();
  row.begin = static_cast<std::uint32_t>(begin);
  row.end = static_cast<std::uint32_t>(end);
  row.line = static_cast<std::uint32_t>(line);
  return row;
}

/// Cuts a record of the right number of cells, some of which stand in quotes, without quotes or line breaks inside. False, and
/// nothing done, if it is another.
bool Scanner::cut_quoted(std::size_t begin, std::size_t end, std::size_t line, std::size_t& next_end, std::size_t& next_quote) {
  const Places& ends = structure_.ends;
  const Places& quotes = block_->quotes;
  const std::size_t size = block_->size, r = rows_.size(), count = layout_.positions.size();
  std::size_t s = next_end, q = next_quote, at = begin, f = 0;
  bool key_quoted = false;
  for (std::size_t position = 0; position < layout_.width; ++position) {
    if (at > end) return false;  // too few cells
    std::size_t cell_begin = at, cell_end = 0;
    const bool quoted = q < quotes.size() && quotes[q] == at;
    if (quoted) {
      if (q + 1 >= quotes.size() || quotes[q + 1] >= end) return false;
      cell_begin = at + 1;
      cell_end = quotes[q + 1];
      at = cell_end + 1;
      q += 2;
      while (s < ends.size() && ends[s] < at) ++s;
      if (at != end && (s >= ends.size() || ends[s] != at)) return false;  // something stands behind the quote
    } else {
      at = cell_end = std::min<std::size_t>(s < ends.size() ? ends[s] : size, end);
      if (q < quotes.size() && quotes[q] < at) return false;  // a quote is text
    }
    if (f < count && layout_.positions[f] == position) {
      cells_[f * batch + r] = {static_cast<std::uint32_t>(cell_begin), static_cast<std::uint32_t>(cell_end - cell_begin)};
      key_quoted = key_quoted || (quoted && std::ranges::find(layout_.group_fields, f) != layout_.group_fields.end());
      ++f;
    }
    ++at;
    ++s;
  }
  if (at != end + 1) return false;  // too many
  next_end = s;
  next_quote = q;
  add_row(begin, end, line);
  make_key(r, !key_quoted);
  return true;
}

/// A record with line breaks or quotes in its cells, or with another number of cells than the header.
void Scanner::odd_record(std::size_t at, const CsvReader& reader, const CsvRecord& record, std::size_t line) {
  if (record.issue == CsvIssue::too_many_cells || record.issue == CsvIssue::quote_not_closed) {
    state_.give_up = true;
    return;
  }
  Row& row = add_row(at, at + record.end, line);
  row.ragged = record.issue != CsvIssue::none || record.cells.size() != layout_.width;
  const std::size_t r = rows_.size() - 1;
  std::string& kept = scratch_.emplace_back();
  std::string scratch;
  for (std::size_t f = 0; f < layout_.positions.size(); ++f) {
    const std::uint32_t position = layout_.positions[f];
    cell(f, r) = {};
    if (position >= record.cells.size()) continue;
    const std::string_view text = reader.text_of(record.cells[position], scratch);
    cell(f, r) = {static_cast<std::uint32_t>(kept.size()), static_cast<std::uint32_t>(text.size())};
    kept.append(text);
  }
  kept.append(8, '\0');  // numbers are read eight bytes at a time
  row.text = kept.data();
  make_key(r, false);
}

/// The group's cells as a line of CSV: bytes of the block where they stand side by side.
void Scanner::make_key(std::size_t r, bool plain) {
  if (layout_.group_fields.empty()) return;
  Row& row = rows_[r];
  if (plain && one_run_) {
    const Cell& first = cell(layout_.group_fields.front(), r);
    const Cell& last = cell(layout_.group_fields.back(), r);
    row.key = {row.text + first.begin, static_cast<std::size_t>(last.begin + last.size - first.begin)};
  } else {
    std::string& key = scratch_.emplace_back();
    for (std::uint32_t g = 0; g < layout_.group_fields.size(); ++g) {
      if (g > 0) key.push_back(layout_.delimiter);
      if (!row.ragged || !is_lost(g)) append_cell(key, text(layout_.group_fields[g], r), layout_.delimiter);
    }
    row.key = key;
  }
}

/// Whether a ragged record has no label in a group: its figures are unreadable, and so are labels that are figures.
bool Scanner::is_lost(std::uint32_t group) const {
  const dsl::Column& column = (*data_.program)[layout_.table].columns[layout_.group_columns[group]];
  const bool figure = column.type == dsl::ColumnType::integer || column.type == dsl::ColumnType::figure;
  return figure && std::ranges::find(layout_.key_groups, group) == layout_.key_groups.end();
}

void Scanner::flush() {
  if (!state_.give_up && !rows_.empty()) {
    if (wanted_ == nullptr) {
      sum_rows();
    } else {
      pick_rows();
    }
  }
  rows_.clear();
  scratch_.clear();
}

void Scanner::sum_rows() {
  find_groups();
  if (state_.give_up) return;
  for (std::size_t f = 0; f < layout_.figures.size(); ++f) add_figures(f);
  for (const std::uint32_t field : layout_.other_texts) {
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      const std::string_view other = text(field, r);
      if (!is_surely_folded(other) && is_malformed(other)) rows_[r].look = true;
    }
  }
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Row& row = rows_[r];
    if (layout_.unique) {
      const ScanPart::Group& group = part_.groups[row.group];
      if (const auto print = fingerprint(r, group.keyless, group.key_hash, row.look)) part_.fingerprints[*print >> 56].push(*print);
    }
    if (row.look) part_.records.push_back(place_of(row));
  }
}

void Scanner::pick_rows() {
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const Row& row = rows_[r];
    bool take = false;
    if (wanted_->groups != nullptr) take = wanted_->groups->find(row.key, wanted_->groups->hash(row.key)) != KeyTable::absent;
    if (!take && wanted_->fingerprints != nullptr) {
      bool keyless = false, look = false;
      const std::uint64_t of_groups = group_key_hash(r, keyless);
      const auto print = fingerprint(r, keyless, of_groups, look);
      take = print && std::ranges::binary_search(*wanted_->fingerprints, *print);
    }
    if (take) part_.records.push_back(place_of(row));
  }
}

RecordPlace Scanner::place_of(const Row& row) const {
  return {block_->offset + row.begin, row.end - row.begin, block_->number, row.line};
}

/// Finds the group of each row. Rows of one group mostly stand together; what the others need is asked for before it is needed.
void Scanner::find_groups() {
  std::string_view before = last_key_;
  bool known = last_group_ != KeyTable::absent;
  std::size_t fresh_rows = 0;
  for (Row& row : rows_) {
    row.known = known && row.key == before;
    before = row.key;
    known = true;
    if (row.known) continue;
    ++fresh_rows;
    row.hash = part_.keys.hash(row.key);
    part_.keys.prefetch(row.hash);
  }
  const std::size_t figures = layout_.figures.size();
  if (fresh_rows > batch / 4) {
    for (Row& row : rows_) {
      if (row.known) continue;
      row.group = part_.keys.likely(row.hash);
      if (row.group == KeyTable::absent) continue;
      part_.keys.prefetch_key(row.group);
      __builtin_prefetch(&part_.groups[row.group]);
      for (std::size_t f = 0; f < figures; f += 2) __builtin_prefetch(&part_.sums[row.group * figures + f]);
    }
    for (const Row& row : rows_) {
      if (!row.known && row.group != KeyTable::absent) __builtin_prefetch(part_.keys.key(row.group).data());
    }
  }
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Row& row = rows_[r];
    row.group = last_group_;
    if (!row.known) {
      bool fresh = false;
      last_group_ = row.group = part_.keys.insert(row.key, row.hash, fresh);
      if (fresh) new_group(r);
    }
    ScanPart::Group& group = part_.groups[row.group];
    ++group.rows;
    group.last_block = block_->number;
  }
  last_key_.assign(rows_.back().key);
}

void Scanner::new_group(std::size_t r) {
  ScanPart::Group& group = part_.groups.emplace_back();
  group.first = block_->offset + rows_[r].begin;
  group.first_block = group.last_block = block_->number;
  part_.sums.resize(part_.sums.size() + layout_.figures.size());
  for (const std::uint32_t field : layout_.group_fields) {
    const std::string_view label = text(field, r);
    if (!is_surely_folded(label) && is_malformed(label)) state_.give_up = true;
  }
  group.key_hash = group_key_hash(r, group.keyless);
}

/// The hash of the labels of the key that groups have.
std::uint64_t Scanner::group_key_hash(std::size_t r, bool& keyless) {
  std::uint64_t hash = seed_;
  const dsl::Table& declared = (*data_.program)[layout_.table];
  for (const std::uint32_t g : layout_.key_groups) {
    const std::uint32_t column = layout_.group_columns[g];
    const dsl::Column& key = declared.columns[column];
    const std::string_view raw = text(layout_.group_fields[g], r);
    std::string scratch, label;
    switch (key.type) {
      case dsl::ColumnType::text: {
        const CellValue value = texts_[column].read(raw, scratch);
        if (!is_blank(value.text)) label = fold(value.text);
        break;
      }
      case dsl::ColumnType::date: {
        const CellValue value = texts_[column].read(raw, scratch);
        if (const auto date = read_date(value.text)) label = *date;
        break;
      }
      case dsl::ColumnType::integer:
      case dsl::ColumnType::figure:
      case dsl::ColumnType::flag: {
        bool told = false;
        const Figure figure = reader_.figure_alone(column, raw, told);
        if (figure.mark == Mark::number) label = exact_text(figure.value);
        break;
      }
    }
    if (label.empty() && !(key.type == dsl::ColumnType::text && key.optional)) keyless = true;
    hash = mixed_hash(hash, hash_bytes(label.data(), label.size(), seed_));
  }
  return hash;
}

std::optional<std::uint64_t> Scanner::fingerprint(std::size_t r, bool keyless, std::uint64_t key_hash, bool& look) {
  std::uint64_t hash = key_hash;
  const dsl::Table& declared = (*data_.program)[layout_.table];
  for (std::size_t k = 0; k < layout_.key.size(); ++k) {
    const ScannedKey& key = layout_.key[k];
    const std::string_view raw = text(key.field, r);
    if (texts_[key.column].plain() && !raw.empty()) {
      std::string& before = folded_[k];
      bool folded = differ_in_digits(before, raw);
      if (!folded && is_surely_folded(raw)) {
        folded = true;
        before.assign(raw);
      }
      if (folded) {
        hash = mixed_hash(hash, hash_bytes(raw.data(), raw.size(), seed_));
        continue;
      }
    }
    if (is_malformed(raw)) {
      state_.give_up = true;
      return std::nullopt;
    }
    std::string scratch, label;
    const CellValue value = texts_[key.column].read(raw, scratch);
    if (is_blank(value.text)) {
      if (!declared.columns[key.column].optional) keyless = look = true;
    } else {
      label = fold(value.text);
    }
    hash = mixed_hash(hash, hash_bytes(label.data(), label.size(), seed_));
  }
  if (keyless) return std::nullopt;
  return hash;
}

void Scanner::add_figures(std::size_t index) {
  const ScannedFigure& figure = layout_.figures[index];
  const std::size_t figures = layout_.figures.size();
  const PlainNumbers plain(figure.plain_exponent ? place_[index] : 1);
  const Bounds bounds = bounds_[index];
  const Cell* cells = &cells_[figure.field * batch];
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Row& row = rows_[r];
    Sum& sum = part_.sums[row.group * figures + index];
    const char* text = row.text + cells[r].begin;
    std::uint64_t number = 0;
    if (plain.read(text, cells[r].size, number) && !row.ragged) {
      const auto n = static_cast<std::int64_t>(number);
      std::int64_t total = 0;
      if (bounds.hold(n) && !__builtin_add_overflow(sum.total, n, &total)) {
        sum.total = total;
        sum.positive += n > 0 ? 1 : 0;
        sum.zero += n == 0 ? 1 : 0;
        sum.marks |= static_cast<std::uint8_t>((number & 1) * mark_bit::odd);
        continue;
      }
    }
    add_figure(index, row, {text, cells[r].size}, sum);
  }
}

/// Any cell.
void Scanner::add_figure(std::size_t index, Row& row, std::string_view cell, Sum& sum) {
  const ScannedFigure& figure = layout_.figures[index];
  if (row.ragged) return add_mark(index, row, Mark::unreadable, true, sum);
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
    if (last != nullptr) *last = {bytes, value.mark, told};
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
  row.look = row.look || told;
  switch (mark) {
    case Mark::number: break;
    case Mark::nil:
      sum.marks |= mark_bit::nil;
      if (!bounds_[index].hold(0)) row.look = true;
      break;
    case Mark::unknown: sum.marks |= mark_bit::unknown; break;
    case Mark::suppressed: sum.marks |= mark_bit::suppressed; break;
    case Mark::blank: sum.marks |= mark_bit::blank; return;
    case Mark::unreadable: sum.marks |= mark_bit::unreadable; break;
  }
  ++sum.others;
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
  bounds = {-greatest, greatest};
  const Rational unit = power_of_ten(place + *figure.plain_exponent);
  const auto clamped = [](const Integer& n) {
    if (n > greatest) return greatest;
    if (n < -greatest) return -greatest;
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
