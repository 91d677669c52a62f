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

[[gnu::always_inline]] inline std::uint64_t load(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, 8);
  return word;
}

/// Whether two texts are the same: mostly the group of the row before, and not long.
[[gnu::always_inline]] inline bool same(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  if (a.size() < 8 || a.size() > 64) return a == b;
  std::uint64_t differ = load(a.data() + a.size() - 8) ^ load(b.data() + a.size() - 8);
  for (std::size_t i = 0; i + 8 < a.size(); i += 8) differ |= load(a.data() + i) ^ load(b.data() + i);
  return differ == 0;
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

bool is_blank(std::string_view text) { return trim_view(text).empty(); }

/// Whether eight bytes of two texts differ in ASCII digits only.
[[gnu::always_inline]] inline bool differ_in_digits(std::uint64_t a, std::uint64_t b) {
  constexpr std::uint64_t low = 0x7F7F7F7F7F7F7F7FU;
  const auto no_digits = [](std::uint64_t word) {
    const std::uint64_t digits = word ^ 0x3030303030303030U;
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
    const std::uint64_t first = load(a.data() + i), second = load(b.data() + i);
    if (first != second && !differ_in_digits(first, second)) return false;
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
  constexpr std::size_t vector = 4;  // cells are cut so many at a time
  stride_ = (layout.positions.size() + vector - 1) / vector * vector;
  begins_.resize(batch * stride_);
  sizes_.resize(batch * stride_);
  all_fields_ = layout.positions.size() == layout.width;
  last_mark_.resize(layout.figures.size());
  for (std::size_t g = 0; g < layout.group_fields.size(); ++g) part_.labels.emplace_back(seed);
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
  const std::size_t size = block.size, width = layout_.width;
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
    const bool marked = text[at] == byte_order_mark[0] && std::memcmp(text + at, byte_order_mark, 3) == 0;
    if (!quoted && !marked && content_end > at && s + width - 1 < ends.size() && ends[s + width - 1] == end) {
      const std::size_t r = add_row(text, at, content_end, l);
      cut(ends.from(s), r);
      if (content_end != end && layout_.positions.back() + 1 == width) --sizes_[r * stride_ + layout_.positions.size() - 1];
      make_key(r, true);
      at = end + 1;
      s += width;
      ++l;
    } else if (!quoted && content_end == at) {  // an empty line
      at = end + 1;
      ++s;
      ++l;
    } else if ((quoted || end == size) && !marked && cut_quoted(at, content_end, l, s, q)) {
      at = end + 1;
      ++l;
    } else {
      const std::string_view rest(text + at, size - at);
      if (rest.starts_with(byte_order_mark)) {  // which is text here, and CsvReader would skip it
        state_.give_up = true;
        return;
      }
      CsvReader reader(rest, layout_.delimiter);
      (void)reader.next(record_);
      odd_record(at, reader, record_, l);
      if (state_.give_up) return;
      at += record_.end;
      if (at < size && text[at] == '\r') ++at;
      if (at < size) ++at;
      while (l < lines.size() && lines[l] < at) ++l;
      while (s < ends.size() && ends[s] < at) ++s;
      while (q < block.quotes.size() && block.quotes[q] < at) ++q;
    }
    if (count_ == batch) {
      flush();
      if (state_.give_up) return;
    }
  }
  flush();
}

std::size_t Scanner::add_row(const char* text, std::size_t begin, std::size_t end, std::size_t line) {
  const std::size_t r = count_++;
  row_texts_[r] = text;
  Row& row = rows_[r];
  row.key = {};
  row.begin = static_cast<std::uint32_t>(begin);
  row.end = static_cast<std::uint32_t>(end);
  row.line = static_cast<std::uint32_t>(line);
  row.look = false;
  return r;
}

/// Cuts a record, whose cells end at `ends`, into the fields of row r. Before `ends` stands the end of the record before.
[[gnu::always_inline]] inline void Scanner::cut(const std::uint32_t* ends, std::size_t r) {
  std::uint32_t* begins = &begins_[r * stride_];
  std::uint32_t* sizes = &sizes_[r * stride_];
  if (all_fields_) {
    using Four [[gnu::vector_size(16)]] = std::uint32_t;
    for (std::size_t f = 0; f < stride_; f += 4) {
      Four before, end;
      std::memcpy(&before, ends + f - 1, sizeof before);
      std::memcpy(&end, ends + f, sizeof end);
      before += 1;
      end -= before;
      std::memcpy(begins + f, &before, sizeof before);
      std::memcpy(sizes + f, &end, sizeof end);
    }
    return;
  }
  for (const std::uint32_t position : layout_.positions) {
    const std::uint32_t begin = ends[std::ptrdiff_t{position} - 1] + 1U;
    *begins++ = begin;
    *sizes++ = ends[position] - begin;
  }
}

/// Cuts a record of the right number of cells, some of which stand in quotes, without quotes or line breaks inside. False, and
/// nothing done, if it is another.
bool Scanner::cut_quoted(std::size_t begin, std::size_t end, std::size_t line, std::size_t& next_end, std::size_t& next_quote) {
  const Places& ends = structure_.ends;
  const Places& quotes = block_->quotes;
  const std::size_t size = block_->size, r = count_, count = layout_.positions.size();
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
      set_cell(f, r, cell_begin, cell_end - cell_begin);
      key_quoted = key_quoted || (quoted && std::ranges::find(layout_.group_fields, f) != layout_.group_fields.end());
      ++f;
    }
    ++at;
    ++s;
  }
  if (at != end + 1) return false;  // too many
  next_end = s;
  next_quote = q;
  (void)add_row(block_->bytes.data(), begin, end, line);
  make_key(r, !key_quoted);
  return true;
}

/// A record with line breaks or quotes in its cells, or with another number of cells than the header.
void Scanner::odd_record(std::size_t at, const CsvReader& reader, const CsvRecord& record, std::size_t line) {
  if (record.issue == CsvIssue::too_many_cells || record.issue == CsvIssue::quote_not_closed) {
    state_.give_up = true;
    return;
  }
  std::string& kept = scratch_.emplace_back();
  const std::size_t r = count_;
  std::string scratch;
  for (std::size_t f = 0; f < layout_.positions.size(); ++f) {
    const std::uint32_t position = layout_.positions[f];
    set_cell(f, r, kept.size(), 0);
    if (position >= record.cells.size()) continue;
    const std::string_view text = reader.text_of(record.cells[position], scratch);
    set_cell(f, r, kept.size(), text.size());
    kept.append(text);
  }
  kept.append(8, '\0');  // numbers are read eight bytes at a time
  (void)add_row(kept.data(), at, at + record.end, line);
  if (record.issue != CsvIssue::none || record.cells.size() != layout_.width) ragged_ |= 1U << r;
  make_key(r, false);
}

/// The group's cells as a line of CSV: bytes of the block where they stand side by side.
void Scanner::make_key(std::size_t r, bool plain) {
  if (layout_.group_fields.empty()) return;
  Row& row = rows_[r];
  if (plain && one_run_) {
    const std::string_view first = text(layout_.group_fields.front(), r), last = text(layout_.group_fields.back(), r);
    row.key = {first.data(), static_cast<std::size_t>(last.data() + last.size() - first.data())};
  } else {
    std::string& key = scratch_.emplace_back();
    for (std::uint32_t g = 0; g < layout_.group_fields.size(); ++g) {
      if (g > 0) key.push_back(layout_.delimiter);
      if (!ragged(r) || !is_lost(g)) append_cell(key, text(layout_.group_fields[g], r), layout_.delimiter);
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
  if (!state_.give_up && count_ > 0) {
    if (wanted_ == nullptr) {
      sum_rows();
    } else {
      pick_rows();
    }
  }
  count_ = 0;
  ragged_ = 0;
  scratch_.clear();
}

std::size_t Scanner::run_end(std::size_t row) const {
  const std::uint64_t others = ~std::uint64_t{known_} >> (row + 1);
  return std::min(count_, row + 1 + static_cast<std::size_t>(std::countr_zero(others)));
}

void Scanner::sum_rows() {
  find_groups();
  if (state_.give_up) return;
  for (std::size_t f = 0; f < layout_.figures.size(); ++f) add_figures(f);
  for (const std::uint32_t field : layout_.other_texts) {
    for (std::size_t r = 0; r < count_; ++r) {
      const std::string_view other = text(field, r);
      if (!is_surely_folded(other) && is_malformed(other)) rows_[r].look = true;
    }
  }
  if (layout_.unique) {
    for (std::size_t r = 0; r < count_;) {
      const ScanPart::Group& group = part_.groups[rows_[r].group];
      for (const std::size_t end = run_end(r); r < end; ++r) {
        prints_[r] = group.key_hash;
        keyless_[r] = group.keyless;
      }
    }
    make_fingerprints();
    for (std::size_t r = 0; r < count_; ++r) {
      if (!keyless_[r]) part_.fingerprints[prints_[r] >> 56].push(prints_[r]);
    }
  }
  for (std::size_t r = 0; r < count_; ++r) {
    if (rows_[r].look) part_.records.push_back(place_of(rows_[r]));
  }
}

void Scanner::pick_rows() {
  if (wanted_->fingerprints != nullptr) {
    for (std::size_t r = 0; r < count_; ++r) {
      keyless_[r] = false;
      prints_[r] = group_key_hash(r, keyless_[r]);
    }
    make_fingerprints();
  }
  for (std::size_t r = 0; r < count_; ++r) {
    const Row& row = rows_[r];
    bool take = false;
    if (wanted_->groups != nullptr) take = wanted_->groups->find(row.key, wanted_->groups->hash(row.key)) != KeyTable::absent;
    if (!take && wanted_->fingerprints != nullptr)
      take = !keyless_[r] && std::ranges::binary_search(*wanted_->fingerprints, prints_[r]);
    if (take) part_.records.push_back(place_of(row));
  }
}

RecordPlace Scanner::place_of(const Row& row) const {
  return {block_->offset + row.begin, row.end - row.begin, block_->number, row.line};
}

/// Finds the group of each row. Rows of one group mostly stand together; what the others need is asked for before it is needed.
void Scanner::find_groups() {
  known_ = last_group_ != KeyTable::absent && same(rows_[0].key, last_key_) ? 1 : 0;
  for (std::size_t r = 1; r < count_; ++r) {
    if (same(rows_[r].key, rows_[r - 1].key)) known_ |= 1U << r;
  }
  const auto fresh = static_cast<std::size_t>(count_ - static_cast<std::size_t>(std::popcount(known_)));
  const auto for_each_fresh = [&](auto each) {
    for (std::size_t r = known_ & 1 ? run_end(0) : 0; r < count_; r = run_end(r)) each(rows_[r], r);
  };
  for_each_fresh([&](Row& row, std::size_t) {
    row.hash = part_.keys.hash(row.key);
    part_.keys.prefetch(row.hash);
  });
  if (fresh > batch / 4) {
    const std::size_t figures = layout_.figures.size();
    for_each_fresh([&](Row& row, std::size_t) {
      row.group = part_.keys.likely(row.hash);
      if (row.group == KeyTable::absent) return;
      part_.keys.prefetch_key(row.group);
      __builtin_prefetch(&part_.groups[row.group]);
      for (std::size_t f = 0; f < figures; f += 2) __builtin_prefetch(&part_.sums[row.group * figures + f]);
    });
    for_each_fresh([&](const Row& row, std::size_t) {
      if (row.group != KeyTable::absent) __builtin_prefetch(part_.keys.key(row.group).data());
    });
  }
  for (std::size_t r = 0; r < count_;) {
    if (r > 0 || (known_ & 1) == 0) {
      bool is_new = false;
      last_group_ = part_.keys.insert(rows_[r].key, rows_[r].hash, is_new);
      if (is_new) new_group(r);
    }
    ScanPart::Group& group = part_.groups[last_group_];
    const std::size_t end = run_end(r);
    group.rows += static_cast<std::uint32_t>(end - r);
    group.last_block = block_->number;
    for (; r < end; ++r) rows_[r].group = last_group_;
  }
  last_key_.assign(rows_[count_ - 1].key);
}

void Scanner::new_group(std::size_t r) {
  ScanPart::Group& group = part_.groups.emplace_back();
  group.first = block_->offset + rows_[r].begin;
  group.first_block = group.last_block = block_->number;
  part_.sums.resize(part_.sums.size() + layout_.figures.size());
  group.key_hash = seed_;
  for (std::uint32_t g = 0; g < layout_.group_fields.size(); ++g) {
    const bool lost = ragged(r) && is_lost(g);
    part_.label_of.push_back(label_number(g, lost ? std::string_view() : text(layout_.group_fields[g], r)));
  }
  const std::uint32_t* numbers = part_.label_of.data() + part_.label_of.size() - layout_.group_fields.size();
  for (const std::uint32_t g : layout_.key_groups) {
    group.keyless = group.keyless || part_.labels[g].keyless[numbers[g]];
    group.key_hash = mixed_hash(group.key_hash, part_.labels[g].hashes[numbers[g]]);
  }
}

/// The number of a cell of a group column. Mostly it is that of the group before.
std::uint32_t Scanner::label_number(std::uint32_t g, std::string_view cell) {
  ScanPart::Labels& labels = part_.labels[g];
  if (labels.last != KeyTable::absent && same(labels.cells.key(labels.last), cell)) return labels.last;
  bool fresh = false;
  labels.last = labels.cells.insert(cell, labels.cells.hash(cell), fresh);
  if (!fresh) return labels.last;
  if (!is_surely_folded(cell) && is_malformed(cell)) state_.give_up = true;
  bool keyless = false;
  labels.hashes.push_back(label_hash(g, cell, keyless));
  labels.keyless.push_back(keyless);
  return labels.last;
}

std::string Scanner::key_label(std::uint32_t column, std::string_view raw) {
  std::string scratch;
  const CellText& text = texts_[column];
  switch ((*data_.program)[layout_.table].columns[column].type) {
    case dsl::ColumnType::text: {
      if (text.plain() && !raw.empty() && is_surely_folded(raw)) return std::string(raw);
      const CellValue value = text.read(raw, scratch);
      return is_blank(value.text) ? "" : fold(value.text);
    }
    case dsl::ColumnType::date: return read_date(text.read(raw, scratch).text).value_or("");
    case dsl::ColumnType::integer:
    case dsl::ColumnType::figure:
    case dsl::ColumnType::flag: break;
  }
  bool told = false;
  const Figure figure = reader_.figure_alone(column, raw, told);
  return figure.mark == Mark::number ? exact_text(figure.value) : "";
}

std::uint64_t Scanner::label_hash(std::uint32_t g, std::string_view cell, bool& keyless) {
  if (std::ranges::find(layout_.key_groups, g) == layout_.key_groups.end()) return 0;
  const std::uint32_t column = layout_.group_columns[g];
  const dsl::Column& key = (*data_.program)[layout_.table].columns[column];
  const std::string label = key_label(column, cell);
  if (label.empty() && !(key.type == dsl::ColumnType::text && key.optional)) keyless = true;
  return hash_bytes(label.data(), label.size(), seed_);
}

/// The hash of the labels of the key that groups have.
std::uint64_t Scanner::group_key_hash(std::size_t r, bool& keyless) {
  std::uint64_t hash = seed_;
  for (const std::uint32_t g : layout_.key_groups)
    hash = mixed_hash(hash, label_hash(g, text(layout_.group_fields[g], r), keyless));
  return hash;
}

void Scanner::make_fingerprints() {
  for (std::size_t k = 0; k < layout_.key.size(); ++k) {
    const ScannedKey& key = layout_.key[k];
    const bool plain = texts_[key.column].plain();
    std::string& before = folded_[k];
    for (std::size_t r = 0; r < count_; ++r) {
      const std::string_view raw = text(key.field, r);
      // The label is the cell itself if it is surely folded; and what differs from such a cell in digits only is so, too.
      if (plain && !raw.empty() && differ_in_digits(before, raw)) {
        prints_[r] = mixed_hash(prints_[r], hash_bytes(raw.data(), raw.size(), seed_));
        continue;
      }
      if (plain && !raw.empty() && is_surely_folded(raw)) {
        before.assign(raw);
        prints_[r] = mixed_hash(prints_[r], hash_bytes(raw.data(), raw.size(), seed_));
        continue;
      }
      if (is_malformed(raw)) {
        state_.give_up = true;
        return;
      }
      const std::string label = key_label(key.column, raw);
      if (label.empty() && !(*data_.program)[layout_.table].columns[key.column].optional) keyless_[r] = rows_[r].look = true;
      prints_[r] = mixed_hash(prints_[r], hash_bytes(label.data(), label.size(), seed_));
    }
  }
}

void Scanner::add_figures(std::size_t index) {
  const ScannedFigure& figure = layout_.figures[index];
  const std::size_t figures = layout_.figures.size();
  const Bounds& bounds = bounds_[index];
  const Remembered& mark = last_mark_[index];
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
      sum.positive += static_cast<std::uint32_t>(std::popcount(read & run & ~zero));
      sum.zero += static_cast<std::uint32_t>(std::popcount(zero & run));
      sum.marks |= static_cast<std::uint8_t>((odd & 1) * mark_bit::odd);
    }
    if ((marked & run) != 0) {
      sum.others += static_cast<std::uint32_t>(std::popcount(marked & run));
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
    const bool seen_again = last != nullptr && !cell.empty() && !told && bit_of(value.mark) != 0 && value.mark != Mark::blank;
    if (seen_again && (value.mark != Mark::nil || bounds_[index].hold(0))) last_mark_[index] = *last;
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
