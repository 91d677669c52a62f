// The scan: the groups of the rows, and the fingerprints of their keys.
#include <algorithm>
#include <bit>
#include <cstring>

#include "base/text.hpp"
#include "engine/stream/scan.hpp"

namespace kenzan::engine {
namespace {

[[gnu::always_inline]] inline std::uint64_t load(const char* text) {
  std::uint64_t word = 0;
  std::memcpy(&word, text, 8);
  return word;
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

/// Finds the group of each row. Rows of one group mostly stand together; what the others need is asked for before it is needed.
void Scanner::find_groups() {
  known_ = last_group_ != GroupTable::absent && same_bytes(rows_[0].key, last_key_) ? 1 : 0;
  for (std::size_t r = 1; r < count_; ++r) {
    if (same_bytes(rows_[r].key, rows_[r - 1].key)) known_ |= 1U << r;
  }
  const auto fresh = static_cast<std::size_t>(count_ - static_cast<std::size_t>(std::popcount(known_)));
  const auto for_each_fresh = [&](auto each) {
    for (std::size_t r = known_ & 1 ? run_end(0) : 0; r < count_; r = run_end(r)) each(rows_[r]);
  };
  for_each_fresh([&](Row& row) {
    row.hash = part_.groups.hash(row.key);
    part_.groups.prefetch(row.hash);
  });
  if (fresh > batch / 4) {
    for_each_fresh([&](Row& row) {
      row.group = part_.groups.likely(row.hash);
      if (row.group != GroupTable::absent) part_.groups.prefetch_group(row.group);
    });
  }
  for (std::size_t r = 0; r < count_;) {
    if (r > 0 || (known_ & 1) == 0) {
      bool is_new = false;
      last_group_ = part_.groups.insert(rows_[r].key, rows_[r].hash, is_new);
      if (is_new) new_group(r);
    }
    Group& group = part_.groups.group(last_group_);
    const std::size_t end = run_end(r);
    group.rows += static_cast<std::uint32_t>(end - r);
    group.last_block = block_->number;
    for (; r < end; ++r) rows_[r].group = last_group_;
  }
  last_key_.assign(rows_[count_ - 1].key);
}

void Scanner::new_group(std::size_t r) {
  Group& group = part_.groups.group(last_group_);
  GroupStart& start = part_.groups.start(last_group_);
  start.first = block_->offset + rows_[r].begin;
  start.first_block = block_->number;
  group.key_hash = seed_;
  std::uint32_t* const numbers = part_.groups.labels(last_group_);
  for (std::uint32_t g = 0; g < layout_.group_fields.size(); ++g) {
    const bool lost = ragged(r) && is_lost(g);
    std::uint64_t hash = 0;
    bool keyless = false;
    numbers[g] = label_number(g, lost ? std::string_view() : text(layout_.group_fields[g], r), hash, keyless);
    if (!in_key(g)) continue;
    group.keyless = group.keyless || keyless;
    group.key_hash = mixed_hash(group.key_hash, hash);
  }
}

/// The number of a cell of a group column, and what `label_hash` says of it. Mostly it is that of the group before.
std::uint32_t Scanner::label_number(std::uint32_t g, std::string_view cell, std::uint64_t& hash, bool& keyless) {
  ScanPart::Labels& labels = part_.labels[g];
  bool fresh = false;
  if (labels.last == KeyTable::absent || !same_bytes(labels.cells.key(labels.last), cell)) {
    labels.last = labels.many ? KeyTable::absent : labels.cells.insert(cell, labels.cells.hash(cell), fresh);
  }
  if (labels.last != KeyTable::absent && !fresh) {
    hash = labels.hashes[labels.last];
    keyless = labels.keyless[labels.last];
    return labels.last;
  }
  if (!is_surely_folded(cell) && is_malformed(cell)) state_.give_up = true;
  hash = label_hash(g, cell, keyless);
  if (fresh) {
    labels.hashes.push_back(hash);
    labels.keyless.push_back(keyless);
    constexpr std::uint32_t few = 4096;
    labels.many = labels.cells.size() > few && labels.cells.size() > part_.groups.size() / 2;
  } else {
    labels.blank = labels.blank || is_blank(cell);
  }
  return labels.last;
}

std::string Scanner::key_label(std::uint32_t column, std::string_view raw) {
  std::string scratch;
  const CellText& text = texts_[column];
  switch ((*data_.program)[layout_.table].columns[column].type) {
    case dsl::ColumnType::text: {
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
  if (!in_key(g)) return 0;
  const std::uint32_t column = layout_.group_columns[g];
  const dsl::Column& key = (*data_.program)[layout_.table].columns[column];
  if (key.type == dsl::ColumnType::text && texts_[column].plain() && !cell.empty() && is_surely_folded(cell))
    return hash_bytes(cell.data(), cell.size(), seed_);
  const std::string label = key_label(column, cell);
  if (label.empty() && !(key.type == dsl::ColumnType::text && key.optional)) keyless = true;
  return hash_bytes(label.data(), label.size(), seed_);
}

/// The hash of the labels of the key that groups have.
std::uint64_t Scanner::group_key_hash(std::size_t r, bool& keyless) {
  std::uint64_t hash = seed_;
  for (std::uint32_t g = 0; g < layout_.group_fields.size(); ++g) {
    if (in_key(g)) hash = mixed_hash(hash, label_hash(g, text(layout_.group_fields[g], r), keyless));
  }
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
      if (plain && !raw.empty()) {
        const bool like_before = differ_in_digits(before, raw);
        if (like_before || is_surely_folded(raw)) {
          if (!like_before) before.assign(raw);
          prints_[r] = mixed_hash(prints_[r], hash_bytes(raw.data(), raw.size(), seed_));
          continue;
        }
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

}  // namespace kenzan::engine
