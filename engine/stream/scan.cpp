#include "engine/stream/scan.hpp"

#include <algorithm>
#include <bit>
#include <cstring>
#include <limits>

#include "base/text.hpp"

namespace kenzan::engine {
namespace {

constexpr const char* byte_order_mark = "\xEF\xBB\xBF";
constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();

/// One to eight digits at once, as the bytes of a word; false if there is something else among them. Reads eight bytes.
[[gnu::always_inline]] inline bool up_to_eight_digits(const char* text, std::uint32_t count, std::uint64_t& number) {
  if constexpr (std::endian::native != std::endian::little) return false;
  constexpr std::uint64_t zeros = 0x3030303030303030U;
  std::uint64_t word = 0;
  std::memcpy(&word, text, 8);
  if (count < 8) word = word << (64 - 8 * count) | zeros >> (8 * count);  // zeros in front
  const std::uint64_t digits = word ^ zeros;
  if (((digits | (digits + 0x7676767676767676U)) & 0x8080808080808080U) != 0) return false;
  // Neighbours are joined to numbers of two digits, these of four, these of eight.
  const std::uint64_t two = digits * 10 + (digits >> 8);
  constexpr std::uint64_t mask = 0x000000FF000000FFU;
  number = ((two & mask) * 0x000F424000000064U + (two >> 16 & mask) * 0x0000271000000001U) >> 32;
  return true;
}

/// Digits with at most one point, up to 18 of them: the commonest cell. False for all else. Reads eight bytes behind the text.
[[gnu::always_inline]] inline bool plain_number(const char* text, std::uint32_t size, std::int64_t& number, int& place) {
  if (size == 0 || size > 18) return false;
  if (size >= 3 && size <= 10 && text[size - 2] == '.') {
    std::uint64_t whole = 0;
    const unsigned tenths = static_cast<unsigned char>(text[size - 1]) - unsigned{'0'};
    if (tenths < 10 && up_to_eight_digits(text, size - 2, whole)) {
      number = static_cast<std::int64_t>(whole * 10 + tenths);
      place = -1;
      return true;
    }
  }
  std::int64_t n = 0;
  std::uint32_t point = size;
  for (std::uint32_t i = 0; i < size; ++i) {
    const unsigned digit = static_cast<unsigned char>(text[i]) - unsigned{'0'};
    if (digit < 10) {
      n = n * 10 + digit;
    } else if (text[i] == '.' && point == size && i > 0) {
      point = i;
    } else {
      return false;
    }
  }
  if (point + 1 == size) return false;
  number = n;
  place = point == size ? 0 : -static_cast<int>(size - point - 1);
  return true;
}

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

}  // namespace

Scanner::Scanner(Data& data, const Layout& layout, ScanState& state, std::uint64_t seed)
    : data_(data),
      layout_(layout),
      state_(state),
      seed_(seed),
      cells_(data, layout.table, scratch_report_),
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
  fields_.resize(batch * layout.positions.size());
  rows_.reserve(batch);
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
    const std::size_t last = s + width - 1;  // what ends the last cell; in a file without a last line feed nothing does
    const bool whole = last < ends.size() ? ends[last] == end : last == ends.size() && end == size;
    if (!quoted && content_end > at && whole && std::memcmp(text + at, byte_order_mark, 3) != 0) {
      Row& row = rows_.emplace_back();
      row = {
          static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(content_end), static_cast<std::uint32_t>(l), 0, false, {}, 0};
      Field* fields = fields_of(rows_.size() - 1);
      for (std::size_t f = 0; f < count; ++f) {
        const std::uint32_t position = layout_.positions[f];
        const std::size_t begin = position == 0 ? at : ends[s + position - 1] + 1U;
        const std::size_t cell_end = position + 1 == width ? content_end : ends[s + position];
        fields[f] = {text + begin, static_cast<std::uint32_t>(cell_end - begin)};
      }
      make_key(row, fields, true);
      at = end + 1;
      s += width;
      ++l;
    } else if (!quoted && content_end == at) {  // an empty line
      at = end + 1;
      ++s;
      ++l;
    } else {
      const std::string_view rest(text + at, size - at);
      if (rest.starts_with(byte_order_mark)) {  // which is text here, and CsvReader would skip it
        state_.give_up = true;
        return;
      }
      CsvReader reader(rest, layout_.delimiter);
      (void)reader.next(record_);
      odd_record(at, reader, record_, static_cast<std::uint32_t>(l));
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

/// A record with quotes, or with another number of cells than the header.
void Scanner::odd_record(std::size_t at, const CsvReader& reader, const CsvRecord& record, std::uint32_t line) {
  if (record.issue == CsvIssue::too_many_cells || record.issue == CsvIssue::quote_not_closed) {
    state_.give_up = true;
    return;
  }
  Row& row = rows_.emplace_back();
  row = {static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + record.end), line, 0, false, {}, 0};
  row.ragged = record.issue != CsvIssue::none || record.cells.size() != layout_.width;
  Field* fields = fields_of(rows_.size() - 1);
  std::string scratch;
  for (std::size_t f = 0; f < layout_.positions.size(); ++f) {
    const std::uint32_t position = layout_.positions[f];
    fields[f] = {};
    if (position >= record.cells.size()) continue;
    std::string& kept = scratch_.emplace_back(reader.text_of(record.cells[position], scratch));
    const auto size = static_cast<std::uint32_t>(kept.size());
    kept.append(8, '\0');  // numbers are read eight bytes at a time
    fields[f] = {kept.data(), size};
  }
  make_key(row, fields, false);
}

/// The group's cells as a line of CSV: bytes of the block where they stand side by side.
void Scanner::make_key(Row& row, const Field* fields, bool plain) {
  if (layout_.group_fields.empty()) return;
  if (plain && one_run_) {
    const Field& first = fields[layout_.group_fields.front()];
    const Field& last = fields[layout_.group_fields.back()];
    row.key = {first.text, static_cast<std::size_t>(last.text + last.size - first.text)};
  } else {
    std::string& key = scratch_.emplace_back();
    for (std::uint32_t g = 0; g < layout_.group_fields.size(); ++g) {
      if (g > 0) key.push_back(layout_.delimiter);
      if (row.ragged && is_lost(g)) continue;
      const Field& field = fields[layout_.group_fields[g]];
      append_cell(key, {field.text, field.size}, layout_.delimiter);
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
  if (!state_.give_up) {
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
  // Rows of one group mostly stand together. The others' places in the table are asked for before they are needed.
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Row& row = rows_[r];
    const std::string_view before = r == 0 ? std::string_view(last_key_) : rows_[r - 1].key;
    row.group = KeyTable::absent;
    if (last_group_ != KeyTable::absent && row.key == before) continue;
    row.group = 0;
    row.hash = part_.keys.hash(row.key);
    part_.keys.prefetch(row.hash);
  }
  std::uint32_t group = last_group_;
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    Row& row = rows_[r];
    const Field* fields = fields_of(r);
    // The row before may have been the first of all.
    if (row.group != KeyTable::absent) group = group_of(row, fields);
    row.group = group;
    last_group_ = group;
    if (state_.give_up) return;
    if (r + 1 == rows_.size()) last_key_.assign(row.key);
    ScanPart::Group& at = part_.groups[group];
    ++at.rows;
    at.last_block = block_->number;
    bool look = row.ragged;
    Sum* sums = part_.sums.data() + std::size_t{group} * layout_.figures.size();
    for (std::size_t f = 0; f < layout_.figures.size(); ++f) {
      if (row.ragged) {
        sums[f].marks |= mark_bit::unreadable;
        ++sums[f].cells;
      } else {
        add_figure(f, fields[layout_.figures[f].field], sums[f], group, look);
      }
    }
    for (const std::uint32_t field : layout_.other_texts) {
      const Field& text = fields[field];
      look = look || (!is_surely_folded({text.text, text.size}) && is_malformed({text.text, text.size}));
    }
    if (layout_.unique) {
      if (const auto print = fingerprint(fields, at.keyless, at.key_hash, look)) part_.fingerprints[*print >> 56].push(*print);
    }
    if (look) part_.records.push_back(place_of(row));
  }
}

void Scanner::pick_rows() {
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    const Row& row = rows_[r];
    const Field* fields = fields_of(r);
    bool take = false;
    if (wanted_->groups != nullptr) take = wanted_->groups->find(row.key, wanted_->groups->hash(row.key)) != KeyTable::absent;
    if (!take && wanted_->fingerprints != nullptr) {
      bool keyless = false, look = false;
      const std::uint64_t of_groups = group_key_hash(fields, keyless);
      const auto print = fingerprint(fields, keyless, of_groups, look);
      take = print && std::ranges::binary_search(*wanted_->fingerprints, *print);
    }
    if (take) part_.records.push_back(place_of(row));
  }
}

RecordPlace Scanner::place_of(const Row& row) const {
  return {block_->offset + row.begin, row.end - row.begin, block_->number, row.line};
}

std::uint32_t Scanner::group_of(const Row& row, const Field* fields) {
  bool fresh = false;
  const std::uint32_t group = part_.keys.insert(row.key, row.hash, fresh);
  if (fresh) new_group(row, fields);
  return group;
}

void Scanner::new_group(const Row& row, const Field* fields) {
  ScanPart::Group& group = part_.groups.emplace_back();
  group.first = block_->offset + row.begin;
  group.first_block = group.last_block = block_->number;
  part_.sums.resize(part_.sums.size() + layout_.figures.size());
  for (const std::uint32_t field : layout_.group_fields) {
    if (is_malformed({fields[field].text, fields[field].size})) state_.give_up = true;
  }
  group.key_hash = group_key_hash(fields, group.keyless);
}

/// The hash of the labels of the key that groups have.
std::uint64_t Scanner::group_key_hash(const Field* fields, bool& keyless) {
  std::uint64_t hash = seed_;
  const dsl::Table& declared = (*data_.program)[layout_.table];
  for (const std::uint32_t g : layout_.key_groups) {
    const std::uint32_t column = layout_.group_columns[g];
    const dsl::Column& key = declared.columns[column];
    const std::string_view raw(fields[layout_.group_fields[g]].text, fields[layout_.group_fields[g]].size);
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
        const Figure figure = cells_.figure_alone(column, raw, told);
        if (figure.mark == Mark::number) label = exact_text(figure.value);
        break;
      }
    }
    if (label.empty() && !(key.type == dsl::ColumnType::text && key.optional)) keyless = true;
    hash = mixed_hash(hash, hash_bytes(label.data(), label.size(), seed_));
  }
  return hash;
}

std::optional<std::uint64_t> Scanner::fingerprint(const Field* fields, bool keyless, std::uint64_t key_hash, bool& look) {
  std::uint64_t hash = key_hash;
  const dsl::Table& declared = (*data_.program)[layout_.table];
  for (const ScannedKey& key : layout_.key) {
    const Field& field = fields[key.field];
    const CellText& text = texts_[key.column];
    if (text.plain() && field.size > 0 && is_surely_folded({field.text, field.size})) {
      hash = mixed_hash(hash, hash_bytes(field.text, field.size, seed_));
      continue;
    }
    const std::string_view raw(field.text, field.size);
    if (is_malformed(raw)) {
      state_.give_up = true;
      return std::nullopt;
    }
    std::string scratch, label;
    const CellValue value = text.read(raw, scratch);
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

[[gnu::always_inline]] inline bool Scanner::within(std::size_t index, std::int64_t number) const {
  return number >= bounds_[index].least && number <= bounds_[index].most;
}

/// Adds a number of `number` · 10^place as the file writes it.
[[gnu::always_inline]] inline void Scanner::add_number(std::size_t index, std::int64_t number, int place, Sum& sum,
                                                       std::uint32_t group, bool& look) {
  if (place_[index] == ScanState::unset) learn_place(index, place);
  ++sum.cells;
  std::int64_t total = 0;
  constexpr std::int64_t most = 100'000'000'000'000'000;  // ten times the number, and a step, must fit
  if (place != place_[index] || number >= most || number <= -most || __builtin_add_overflow(sum.total, number, &total)) {
    const ScannedFigure& figure = layout_.figures[index];
    const Rational unit = power_of_ten(place + *figure.plain_exponent);
    add_wide(index, {Mark::number, figure.rounding, Rational(number * unit), unit}, group, sum);
    look = look || !figure.constraints.empty();
    return;
  }
  sum.total = total;
  sum.positive += number > 0 ? 1 : 0;
  sum.negative += number < 0 ? 1 : 0;
  sum.zero += number == 0 ? 1 : 0;
  if ((number & 1) != 0) sum.marks |= mark_bit::odd;
  if (!within(index, number)) look = true;
}

void Scanner::add_figure(std::size_t index, const Field& field, Sum& sum, std::uint32_t group, bool& look) {
  const ScannedFigure& figure = layout_.figures[index];
  if (figure.plain_exponent) {
    std::int64_t number = 0;
    int place = 0;
    if (plain_number(field.text, field.size, number, place) && (place == 0 || !figure.integer_only)) {
      return add_number(index, number, place, sum, group, look);
    }
    const auto plain = read_plain_number({field.text, field.size});
    if (plain && (plain->place == 0 || !figure.integer_only)) {
      return add_number(index, plain->number, plain->place, sum, group, look);
    }
  }
  const std::string_view cell(field.text, field.size);
  Remembered& last = remembered_[index][field.size % 4];
  if (last.mark != Mark::number && last.text == cell) return add_mark(index, last.mark, last.told, sum, look);
  bool told = false;
  const Figure value = cells_.figure_alone(figure.column, cell, told);
  if (value.mark != Mark::number) {
    constexpr std::size_t longest = 32;
    if (cell.size() <= longest) last = {std::string(cell), value.mark, told};
    return add_mark(index, value.mark, told, sum, look);
  }
  add_wide(index, value, group, sum);
  ++sum.cells;
  look = look || told || !figure.constraints.empty();  // seldom enough
}

void Scanner::add_mark(std::size_t index, Mark mark, bool told, Sum& sum, bool& look) {
  look = look || told;
  switch (mark) {
    case Mark::number: break;
    case Mark::nil:
      sum.marks |= mark_bit::nil;
      if (!within(index, 0)) look = true;
      break;
    case Mark::unknown: sum.marks |= mark_bit::unknown; break;
    case Mark::suppressed: sum.marks |= mark_bit::suppressed; break;
    case Mark::blank: sum.marks |= mark_bit::blank; return;
    case Mark::unreadable: sum.marks |= mark_bit::unreadable; break;
  }
  ++sum.cells;
}

void Scanner::add_wide(std::size_t index, const Figure& value, std::uint32_t group, Sum& sum) {
  const Interval range = true_values(value);
  const Rational width = range.high.value - range.low.value;
  part_.wide[{group, static_cast<std::uint32_t>(index)}] += FigureColumn::Wide{range, value.value, Rational(width * width)};
  sum.marks |= mark_bit::more;
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
