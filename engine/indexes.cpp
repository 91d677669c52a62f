#include "engine/indexes.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <boost/container/small_vector.hpp>
#include <cstring>
#include <numeric>

#include "engine/near.hpp"

namespace kenzan::engine {
namespace {

constexpr std::uint64_t mixed(std::uint64_t x) {  // the finaliser of SplitMix64
  x ^= x >> 30;
  x *= 0xbf58476d1ce4e5b9U;
  x ^= x >> 27;
  x *= 0x94d049bb133111ebU;
  return x ^ (x >> 31);
}

Rational number_of(std::string_view text) { return parse_rational(text).value_or(Rational(0)); }

}  // namespace

TupleTable::TupleTable(std::size_t width, std::uint64_t seed) : width_(width), seed_(seed) {}

std::uint64_t TupleTable::hash(std::span<const Code> tuple) const {
  std::uint64_t h = seed_;
  for (const Code code : tuple) h = mixed(h + code + 0x9e3779b97f4a7c15U);
  return h;
}

bool TupleTable::is(std::uint32_t number, std::span<const Code> wanted) const {
  for (std::size_t i = width_; i-- > 0;) {  // where they ascend, the last differ most
    if (code(number, i) != wanted[i]) return false;
  }
  return true;
}

bool TupleTable::is_before(std::uint32_t number, std::span<const Code> wanted) const {
  for (std::size_t i = 0; i < width_; ++i) {
    if (const Code own = code(number, i); own != wanted[i]) return own < wanted[i];
  }
  return false;
}

bool TupleTable::has_run(std::uint32_t number, std::span<const Code* const> columns, std::size_t at, std::size_t count) const {
  if (columns_.empty() || columns.size() != width_ || count > count_ - number) return false;
  for (std::size_t i = 0; i < width_; ++i) {
    if (std::memcmp(columns_[i] + number, columns[i] + at, count * sizeof(Code)) != 0) return false;
  }
  return true;
}

std::uint32_t TupleTable::find(std::span<const Code> wanted) const {
  if (slots_.empty()) {
    std::size_t begin = 0, end = count_;
    while (begin < end) {
      const std::size_t middle = begin + (end - begin) / 2;
      if (is_before(static_cast<std::uint32_t>(middle), wanted)) {
        begin = middle + 1;
      } else {
        end = middle;
      }
    }
    return begin < count_ && is(static_cast<std::uint32_t>(begin), wanted) ? static_cast<std::uint32_t>(begin) : absent_row;
  }
  const std::size_t mask = slots_.size() - 1;
  for (std::size_t at = hash(wanted) & mask; slots_[at] != 0; at = (at + 1) & mask) {
    if (is(slots_[at] - 1, wanted)) return slots_[at] - 1;
  }
  return absent_row;
}

std::uint32_t TupleTable::find(std::span<const Code> wanted, std::uint32_t& last) const {
  const std::uint32_t next = last == absent_row ? 0 : last + 1;
  const std::uint32_t found = next < count_ && is(next, wanted) ? next : find(wanted);
  if (found != absent_row) last = found;
  return found;
}

/// `take(tuple, k)` puts what is wanted at k into `tuple`.
template <class Take>
void TupleTable::find_taken(std::span<const std::size_t> from, Take take, std::uint32_t& last,
                            std::vector<std::uint32_t>& found) const {
  found.assign(from.size(), absent_row);
  boost::container::small_vector<Code, 4> wanted(width_);
  std::size_t begin = 0;
  for (; begin < from.size(); ++begin) {  // those that follow each other here, too
    const std::uint32_t next = last == absent_row ? 0 : last + 1;
    take(wanted, from[begin]);
    if (next == count_ || !is(next, wanted)) break;
    found[begin] = last = next;
  }
  if (!slots_.empty()) {  // the likely ones of the others: nothing waits for what is read before it
    for (std::size_t k = begin; k < from.size(); ++k) {
      take(wanted, from[k]);
      found[k] = slots_[hash(wanted) & (slots_.size() - 1)] - 1;
    }
    for (std::size_t k = begin; k < from.size(); ++k) {
      if (found[k] == absent_row) continue;
      if (columns_.empty()) bring_near(&keys_[found[k] * width_]);
      for (const Code* const column : columns_) bring_near(column + found[k]);
    }
  }
  for (std::size_t k = begin; k < from.size(); ++k) {
    take(wanted, from[k]);
    if (found[k] == absent_row || !is(found[k], wanted)) found[k] = slots_.empty() ? find(wanted, last) : find(wanted);
    if (found[k] != absent_row) last = found[k];
  }
}

void TupleTable::find_all(std::span<const Code* const> columns, std::span<const std::size_t> rows, std::uint32_t& last,
                          std::vector<std::uint32_t>& found) const {
  const auto take = [&](std::span<Code> tuple, std::size_t row) {
    for (std::size_t i = 0; i < width_; ++i) tuple[i] = columns[i][row];
  };
  find_taken(rows, take, last, found);
}

void TupleTable::find_all(const TupleTable& other, std::span<const std::size_t> numbers, std::uint32_t& last,
                          std::vector<std::uint32_t>& found) const {
  const auto take = [&](std::span<Code> tuple, std::size_t number) {
    for (std::size_t i = 0; i < width_; ++i) tuple[i] = other.code(static_cast<std::uint32_t>(number), i);
  };
  find_taken(numbers, take, last, found);
}

std::uint32_t TupleTable::append(std::span<const Code> tuple) {
  keys_.insert(keys_.end(), tuple.begin(), tuple.end());
  return static_cast<std::uint32_t>(count_++);
}

std::uint32_t TupleTable::insert(std::span<const Code> wanted, bool& fresh) {
  if (slots_.empty()) {
    const auto last = static_cast<std::uint32_t>(count_ - 1);
    fresh = count_ == 0 || is_before(last, wanted);
    if (fresh) return append(wanted);
    if (is(last, wanted)) return last;
    resize(std::bit_ceil(2 * std::max(expected_, count_ + 1)));
  }
  if (2 * (count_ + 1) > slots_.size()) resize(2 * slots_.size());
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash(wanted) & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    if (!is(slots_[at] - 1, wanted)) continue;
    fresh = false;
    return slots_[at] - 1;
  }
  fresh = true;
  slots_[at] = append(wanted) + 1;
  return slots_[at] - 1;
}

void TupleTable::reserve(std::size_t count) {
  expected_ = std::max(expected_, count);
  keys_.reserve(count * width_);
}

void TupleTable::take_ascending(std::vector<const Code*> columns, std::size_t count) {
  columns_ = std::move(columns);
  count_ = count;
}

bool TupleTable::take_distinct(std::vector<const Code*> columns, std::size_t count, const Watch& watch) {
  columns_ = std::move(columns);
  count_ = count;
  slots_.assign(std::bit_ceil(2 * std::max(count, expected_)), 0);
  const std::size_t mask = slots_.size() - 1;
  constexpr std::size_t ahead = 32;
  std::array<std::size_t, ahead> places;
  boost::container::small_vector<Code, 4> tuple(width_);
  const auto take = [&](std::size_t number) {
    for (std::size_t i = 0; i < width_; ++i) tuple[i] = columns_[i][number];
  };
  for (std::size_t number = 0; number < count; ++number) {
    watch.go_on(number);
    for (std::size_t next = number; number % ahead == 0 && next < std::min(number + ahead, count); ++next) {
      take(next);
      places[next % ahead] = hash(tuple) & mask;
      __builtin_prefetch(&slots_[places[next % ahead]], 1);
    }
    std::size_t at = places[number % ahead];
    for (take(number); slots_[at] != 0; at = (at + 1) & mask) {
      if (!is(slots_[at] - 1, tuple)) continue;
      columns_.clear();
      slots_.clear();
      count_ = 0;
      return false;
    }
    slots_[at] = static_cast<std::uint32_t>(number) + 1;
  }
  return true;
}

void TupleTable::resize(std::size_t slots) {
  PagedVector<std::uint32_t> larger(slots);
  const std::size_t mask = larger.size() - 1;
  for (std::uint32_t number = 0; number < count_; ++number) {
    std::size_t at = hash({keys_.data() + number * width_, width_}) & mask;
    while (larger[at] != 0) at = (at + 1) & mask;
    larger[at] = number + 1;
  }
  slots_ = std::move(larger);
}

LabelOrder LabelOrder::listed(const std::vector<Code>& labels) {
  LabelOrder out;
  out.labels_ = labels;
  for (std::size_t i = 0; i < labels.size(); ++i) out.position_.emplace(labels[i], i);
  return out;
}

LabelOrder LabelOrder::sorted(std::vector<Code> labels, const Texts& texts) {
  std::ranges::sort(labels);
  labels.erase(std::ranges::unique(labels).begin(), labels.end());
  LabelOrder out;
  const auto is_number = [&](Code label) { return parse_rational(texts.text(label)).has_value(); };
  if (std::ranges::all_of(labels, is_number)) {
    std::vector<std::pair<Rational, Code>> by_number;
    for (const Code label : labels) by_number.emplace_back(number_of(texts.text(label)), label);
    std::ranges::sort(by_number);
    for (auto& [number, label] : by_number) {
      out.labels_.push_back(label);
      out.numbers_.push_back(std::move(number));
    }
  } else {
    std::ranges::sort(labels, {}, [&](Code label) { return texts.text(label); });
    out.labels_ = std::move(labels);
    for (const Code label : out.labels_) out.texts_.push_back(texts.text(label));
  }
  for (std::size_t i = 0; i < out.labels_.size(); ++i) out.position_.emplace(out.labels_[i], i);
  return out;
}

Code LabelOrder::before(Code label, std::uint32_t places, std::string_view text) const {
  std::size_t position = 0;
  if (const auto at = position_.find(label); at != position_.end()) {
    position = at->second;
  } else if (!numbers_.empty()) {
    position = static_cast<std::size_t>(std::ranges::lower_bound(numbers_, number_of(text)) - numbers_.begin());
  } else {
    position = static_cast<std::size_t>(std::ranges::lower_bound(texts_, text) - texts_.begin());
  }
  return position < places ? absent_label : labels_[position - places];
}

Indexes::Indexes(const Data& data, TextPool& texts, RowIndex& rows) : data_(data), texts_(texts), rows_(rows) {}

std::span<const std::uint32_t> RowIndex::rows(dsl::TableId table, std::span<const std::pair<std::uint32_t, Code>> labels) {
  constexpr std::size_t mostly = 4;
  boost::container::small_vector<std::uint32_t, mostly> columns;
  boost::container::small_vector<Code, mostly> wanted;
  for (const auto& [column, code] : labels) {
    columns.push_back(column);
    wanted.push_back(code);
  }
  const Index& index = rows_by(table, columns);
  const std::uint32_t group = index.groups().find(wanted);
  return group == absent_row ? std::span<const std::uint32_t>() : index.rows(group);
}

void RowIndex::forget(dsl::TableId table) {
  std::erase_if(indexes_, [table](const auto& index) { return index.first.first == table; });
}

const Index& RowIndex::rows_by(dsl::TableId id, std::span<const std::uint32_t> columns) {
  Slot* slot = nullptr;
  {
    const std::lock_guard lock(mutex_);
    auto at = indexes_.find(std::pair(id, columns));
    if (at == indexes_.end()) at = indexes_.try_emplace(Columns{id, {columns.begin(), columns.end()}}).first;
    slot = &at->second;
  }
  std::call_once(slot->made, [&] { slot->index = make(id, columns); });
  return *slot->index;
}

/// The rows from 0 on, `count` or more.
Index::Rows RowIndex::all_rows(std::size_t count) {
  const std::lock_guard lock(mutex_);
  if (!all_rows_ || all_rows_->size() < count) {
    for (const Table& table : data_.tables) count = std::max(count, table.rows);
    PagedVector<std::uint32_t> rows(count);
    std::iota(rows.begin(), rows.end(), 0U);
    all_rows_ = std::make_shared<const PagedVector<std::uint32_t>>(std::move(rows));
  }
  return all_rows_;
}

/// If none of the rows, all of which are kept, comes before the one above, as in tables that are sorted and nearly all that are
/// reduced, nothing is counted or moved. Null where they do not stand so.
std::unique_ptr<Index> RowIndex::make_ascending(const Table& table, const std::vector<const Code*>& columns) {
  const auto rows = static_cast<std::uint32_t>(table.rows);
  PagedVector<std::uint32_t> offsets;  // from the first group of several rows on
  const auto add = [&](std::uint32_t row, bool begins) {
    if (!begins && offsets.empty()) {
      offsets.resize(row);
      std::iota(offsets.begin(), offsets.end(), 0U);
    } else if (begins && !offsets.empty()) {
      offsets.push_back(row);
    }
  };
  if (std::ranges::any_of(columns, [](const Code* column) { return *column == Texts::empty; })) return nullptr;
  // Four rows at a time are compared with those above them; the last few alone.
  using Four [[gnu::vector_size(16)]] = std::uint32_t;
  constexpr std::uint32_t together = sizeof(Four) / sizeof(Code);
  for (std::uint32_t row = 1; row < rows;) {
    data_.watch.go_on(row - 1);
    const std::uint32_t count = row + together <= rows ? together : 1;
    Four same = ~Four{}, wrong{};
    for (const Code* const column : columns) {
      Four above{}, here{};
      if (count == together) {
        std::memcpy(&above, column + row - 1, sizeof above);
        std::memcpy(&here, column + row, sizeof here);
      } else {
        above[0] = column[row - 1];
        here[0] = column[row];
      }
      wrong |= (same & (here < above)) | (here == Four{} + Texts::empty);
      same &= here == above;
    }
    const auto odd = std::bit_cast<std::array<std::uint64_t, 2>>(same | wrong);
    const bool one_each = count == together && offsets.empty() && (odd[0] | odd[1]) == 0;
    for (std::uint32_t i = 0; i < count && !one_each; ++i) {
      if (wrong[i] != 0) return nullptr;
      add(row + i, same[i] == 0);
    }
    row += count;
  }
  TupleTable groups(columns.size(), data_.seed);
  if (offsets.empty()) {
    groups.take_ascending(columns, rows);
  } else {
    groups.reserve(offsets.size());
    std::vector<Code> labels(columns.size());
    for (const std::uint32_t row : offsets) {
      bool fresh = false;
      for (std::size_t c = 0; c < columns.size(); ++c) labels[c] = columns[c][row];
      groups.insert(labels, fresh);
    }
    offsets.push_back(rows);
  }
  return std::make_unique<Index>(std::move(groups), std::move(offsets), all_rows(rows));
}

/// If no two of the rows, all of which are kept, have the same labels. Mostly the first rows tell, before there is room for all.
std::unique_ptr<Index> RowIndex::make_distinct(const Table& table, const std::vector<const Code*>& columns) {
  constexpr std::size_t first = 1024;
  if (table.rows > first && !TupleTable(columns.size(), data_.seed).take_distinct(columns, first, data_.watch)) return nullptr;
  const auto has_blank = [&](const Code* column) {
    return std::find(column, column + table.rows, Texts::empty) != column + table.rows;
  };
  if (std::ranges::any_of(columns, has_blank)) return nullptr;
  TupleTable groups(columns.size(), data_.seed);
  if (!groups.take_distinct(columns, table.rows, data_.watch)) return nullptr;
  return std::make_unique<Index>(std::move(groups), PagedVector<std::uint32_t>(), all_rows(table.rows));
}

std::unique_ptr<Index> RowIndex::make(dsl::TableId id, std::span<const std::uint32_t> columns) {
  const Table& table = data_[id];
  std::vector<const Code*> labels_of;
  for (const std::uint32_t column : columns) labels_of.push_back(table.columns[column].parts[0].labels.data());
  if (!columns.empty() && table.rows > 0 && std::ranges::find(table.kept, false) == table.kept.end()) {
    if (auto ascending = make_ascending(table, labels_of)) return ascending;
    if (auto distinct = make_distinct(table, labels_of)) return distinct;
  }
  TupleTable groups(columns.size(), data_.seed);
  groups.reserve(table.rows);
  PagedVector<std::uint32_t> group_of(table.rows, absent_row);
  PagedVector<std::uint32_t> counts;
  counts.reserve(table.rows);
  std::vector<Code> labels(columns.size());
  const auto take = [&](std::size_t row) {
    for (std::size_t c = 0; c < columns.size(); ++c) labels[c] = labels_of[c][row];
  };
  constexpr std::size_t ahead = 32;
  for (std::uint32_t row = 0; row < table.rows; ++row) {
    data_.watch.go_on(row);
    for (std::size_t next = row; row % ahead == 0 && next < std::min(row + ahead, table.rows); ++next) {
      take(next);
      groups.prefetch(labels);
    }
    take(row);
    const bool blank = std::ranges::find(labels, Texts::empty) != labels.end();
    if (blank || !table.kept[row]) continue;
    bool fresh = false;
    const std::uint32_t group = groups.insert(labels, fresh);
    if (fresh) counts.push_back(0);
    ++counts[group];
    group_of[row] = group;
  }
  PagedVector<std::uint32_t> offsets(counts.size() + 1);
  std::partial_sum(counts.begin(), counts.end(), offsets.begin() + 1);
  PagedVector<std::uint32_t> rows(offsets.back());
  PagedVector<std::uint32_t> next(offsets.begin(), offsets.end() - 1);
  for (std::uint32_t row = 0; row < table.rows; ++row) {
    if (group_of[row] != absent_row) rows[next[group_of[row]]++] = row;
  }
  return std::make_unique<Index>(std::move(groups), std::move(offsets),
                                 std::make_shared<const PagedVector<std::uint32_t>>(std::move(rows)));
}

const LabelOrder& Indexes::order_of(dsl::TableId id, std::uint32_t column) {
  std::unique_ptr<LabelOrder>& slot = orders_[{id, column}];
  if (slot) return *slot;
  const Table& table = data_[id];
  const dsl::Table& declared = data_.program->tables[id.index()];
  if (declared.file_column == column && !declared.file_labels.empty()) {
    std::vector<Code> labels;
    for (const std::string& label : declared.file_labels) labels.push_back(texts_.code_of(label));
    slot = std::make_unique<LabelOrder>(LabelOrder::listed(labels));
    return *slot;
  }
  std::vector<Code> labels;
  for (std::uint32_t row = 0; row < table.rows; ++row) {
    const Code label = row_label(table.columns[column], row);
    if (table.kept[row] && label != Texts::empty) labels.push_back(label);
  }
  slot = std::make_unique<LabelOrder>(LabelOrder::sorted(std::move(labels), data_.texts));
  return *slot;
}

const LabelOrder& Indexes::order_of_across(dsl::TableId id, std::uint32_t column) {
  std::unique_ptr<LabelOrder>& slot = across_orders_[{id, column}];
  if (!slot) slot = std::make_unique<LabelOrder>(LabelOrder::listed(data_[id].columns[column].across_labels));
  return *slot;
}

}  // namespace kenzan::engine
