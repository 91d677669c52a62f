#include "engine/stream/scan.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "diag/csv_text.hpp"

namespace kenzan::engine {

Scanner::Scanner(Data& data, const Layout& layout, ScanState& state, std::uint64_t seed)
    : data_(data),
      layout_(layout),
      state_(state),
      seed_(seed),
      reader_(data, layout.table, scratch_report_),
      part_(seed, layout.figures.size(), layout.group_fields.size()),
      place_(layout.figures.size(), ScanState::unset),
      bounds_(layout.figures.size(), IntegerBounds::none()),
      remembered_(layout.figures.size()) {
  for (std::size_t f = 0; f < bounds_.size(); ++f) {
    if (layout.figures[f].constraints.empty()) bounds_[f] = {};
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
  row_ends_.resize(1 + layout.width + vector);  // `cut` reads so many more
  all_fields_ = layout.positions.size() == layout.width;
  quads_.resize((layout.figures.size() + 3) / 4);
  for (std::size_t q = 0; q < quads_.size(); ++q) {
    const std::size_t count = std::min<std::size_t>(layout.figures.size() - 4 * q, 4);
    std::array<std::uint32_t, 4> fields{};
    for (std::size_t i = 0; i < fields.size(); ++i) fields[i] = layout.figures[4 * q + std::min(i, count - 1)].field;
    quads_[q].plain.set_fields(fields, count);
  }
  for (std::size_t g = 0; g < layout.group_fields.size(); ++g) part_.labels.emplace_back(seed);
  in_key_.resize(layout.group_fields.size());
  made_.resize(layout.group_fields.size());
  made_numbers_.resize(layout.group_fields.size());
  for (const std::uint32_t group : layout.key_groups) in_key_[group] = 1;
  for (const ScannedKey& key : layout.key) {
    const bool text = (*data.program)[layout.table].columns[key.column].type == dsl::ColumnType::text;
    plain_keys_.push_back(texts_[key.column].plain() && text ? 1 : 0);
  }
  folded_.resize(layout.key.size());
  own_.resize(layout.key.size());
}

void Scanner::scan(const Block& block) {
  block_ = &block;
  wanted_ = nullptr;
  following_ = state_.follow;
  in_stretch_ = false;
  if (layout_.unique && !following_) begin_prints();
  walk(block);
  if (following_) end_following();
  part_.lines.emplace_back(block.number, static_cast<std::uint32_t>(structure_.lines.size()));
}

void Scanner::print(const Block& block) {
  block_ = &block;
  printing_ = true;
  begin_prints();
  walk(block);
}

/// Notes, of every few blocks, where their fingerprints begin.
void Scanner::begin_prints() {
  if (part_.printed.size() % ScanPart::printed_together == 0) {
    ScanPart::Sizes& sizes = part_.marks.emplace_back();
    for (std::size_t p = 0; p < sizes.size(); ++p) sizes[p] = static_cast<std::uint32_t>(part_.fingerprints->size(p));
  }
  part_.printed.push_back(block_->number);
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
    const bool marked = text[at] == byte_order_mark[0] && std::string_view(text + at, size - at).starts_with(byte_order_mark);
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
      if (marked) {  // which is text here, and CsvReader would skip it
        state_.give_up = true;
        return;
      }
      CsvReader reader({text + at, size - at}, layout_.delimiter);
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
  std::uint32_t* const own = row_ends_.data() + 1;
  own[-1] = static_cast<std::uint32_t>(begin) - 1U;
  std::size_t s = next_end, q = next_quote, cells = 0;
  const auto take_ends = [&](std::size_t before) {
    for (; s < ends.size() && ends[s] < before && cells < layout_.width; ++s) own[cells++] = ends[s];
  };
  quoted_.clear();
  for (; q < quotes.size() && quotes[q] < end; q += 2) {
    const std::uint32_t open = quotes[q], close = q + 1 < quotes.size() ? quotes[q + 1] : open;
    if (close == open || close >= end) return false;
    take_ends(open);
    if (*(own + cells - 1) + 1U != open) return false;  // a quote is text
    quoted_.push_back(static_cast<std::uint32_t>(cells));
    while (s < ends.size() && ends[s] < close) ++s;
    const bool last = close + 1U == end;
    if (!last && (s == ends.size() || ends[s] != close + 1U)) return false;  // something stands behind the quote
  }
  take_ends(end);
  if (cells + 1 != layout_.width) return false;  // too few cells, or too many
  own[cells] = static_cast<std::uint32_t>(end);
  next_end = s < ends.size() ? s + 1 : s;
  next_quote = q;

  const std::size_t r = add_row(block_->bytes.data(), begin, end, line);
  cut(own, r);
  bool key_quoted = false;
  for (const std::uint32_t position : quoted_) {
    const auto field = std::ranges::lower_bound(layout_.positions, position);
    if (field == layout_.positions.end() || *field != position) continue;
    const auto f = static_cast<std::size_t>(field - layout_.positions.begin());
    set_cell(f, r, begins_[r * stride_ + f] + 1, sizes_[r * stride_ + f] - 2);
    key_quoted = key_quoted || std::ranges::find(layout_.group_fields, f) != layout_.group_fields.end();
  }
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

bool Scanner::in_key(std::uint32_t group) const { return in_key_[group] != 0; }

/// Whether a ragged record has no label in a group: its figures are unreadable, and so are labels that are figures.
bool Scanner::is_lost(std::uint32_t group) const {
  const dsl::Column& column = (*data_.program)[layout_.table].columns[layout_.group_columns[group]];
  const bool figure = column.type == dsl::ColumnType::integer || column.type == dsl::ColumnType::figure;
  return figure && !in_key(group);
}

void Scanner::flush() {
  if (!state_.give_up && count_ > 0) {
    if (printing_) {
      print_rows();
    } else if (wanted_ != nullptr) {
      pick_rows();
    } else {
      sum_rows();
    }
  }
  count_ = 0;
  ragged_ = 0;
  scratch_.clear();
}

void Scanner::sum_rows() {
  find_groups();
  if (state_.give_up) return;
  part_.summed += count_;
  for (std::size_t q = 0; q < quads_.size(); ++q) add_figures(q);
  for (const std::uint32_t field : layout_.other_texts) {
    for (std::size_t r = 0; r < count_; ++r) {
      const std::string_view other = text(field, r);
      if (!is_surely_folded(other) && is_malformed(other)) rows_[r].look = true;
    }
  }
  if (following_) {
    follow_keys();
  } else if (layout_.unique) {
    for (std::size_t r = 0; r < count_;) {
      Group& group = *rows_[r].place;
      if (group.key_hash == 0) group.key_hash = group_key_label(r).hash;  // it was packed
      for (const std::size_t end = run_end(r); r < end; ++r) {
        prints_[r] = group.key_hash;
        keyless_[r] = group.keyless;
      }
    }
    make_fingerprints();
    keep_prints();
  }
  for (std::size_t r = 0; r < count_; ++r) {
    if (rows_[r].look) part_.records.push_back(place_of(rows_[r]));
  }
}

void Scanner::print_rows() {
  make_all_fingerprints();
  keep_prints();
}

void Scanner::keep_prints() {
  for (std::size_t r = 0; r < count_; ++r) {
    if (!keyless_[r]) part_.fingerprints->add(Fingerprints::of(prints_[r]));
  }
}

/// Whether a row is of the group of the row before, as far as their cells say.
bool Scanner::same_group(std::size_t r) const {
  return r > 0 && !ragged(r) && !ragged(r - 1) && same_bytes(rows_[r].key, rows_[r - 1].key);
}

void Scanner::make_all_fingerprints() {
  KeyLabel label;
  for (std::size_t r = 0; r < count_; ++r) {
    if (!same_group(r)) label = group_key_label(r);
    prints_[r] = label.hash;
    keyless_[r] = label.keyless;
  }
  make_fingerprints();
}

void Scanner::pick_rows() {
  if (wanted_->fingerprints != nullptr) make_all_fingerprints();
  bool group_wanted = false;
  for (std::size_t r = 0; r < count_; ++r) {
    const Row& row = rows_[r];
    if (wanted_->groups != nullptr && !same_group(r))
      group_wanted = wanted_->groups->find(row.key, wanted_->groups->hash(row.key)) != KeyTable::absent;
    bool take = wanted_->all || group_wanted;
    if (!take && wanted_->fingerprints != nullptr)
      take = !keyless_[r] && std::ranges::binary_search(*wanted_->fingerprints, Fingerprints::of(prints_[r]));
    if (take) part_.records.push_back(place_of(row));
  }
}

RecordPlace Scanner::place_of(const Row& row) const {
  return {block_->offset + row.begin, row.end - row.begin, block_->number, row.line};
}

}  // namespace kenzan::engine
