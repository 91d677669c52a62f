// The scan: the groups of the rows, and the fingerprints of their keys.
#include <algorithm>
#include <bit>
#include <cstring>

#include "base/text.hpp"
#include "engine/stream/digits.hpp"
#include "engine/stream/scan.hpp"

namespace kenzan::engine {
namespace {

bool is_blank(std::string_view text) { return trim_view(text).empty(); }

}  // namespace

/// Finds the group of each row. Rows of one group mostly stand together; what the others need is asked for before it is needed.
void Scanner::find_groups() {
  fresh_ = 0;
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
    std::array<const Group*, batch> likely;
    std::size_t count = 0;
    for_each_fresh([&](const Row& row) {
      const std::uint32_t number = part_.groups.likely(row.hash);
      if (number != GroupTable::absent) likely[count++] = &part_.groups.group(number);
    });
    part_.groups.bring_near(std::span(likely).first(count));
  }
  for (std::size_t r = 0; r < count_;) {
    if (r > 0 || (known_ & 1) == 0) {
      bool is_new = false;
      last_group_ = part_.groups.insert(rows_[r].key, rows_[r].hash, block_->offset + rows_[r].begin, is_new);
      if (is_new) new_group(r);
      fresh_ |= std::uint32_t{is_new} << r;
    }
    Group& group = part_.groups.group(last_group_);
    const std::size_t end = run_end(r);
    group.rows += static_cast<std::uint32_t>(end - r);
    group.last_block = block_->number;
    part_.repeats = part_.repeats || (group.rows > 1 && !group.keyless);
    for (; r < end; ++r) rows_[r].group = last_group_;
  }
  last_key_.assign(rows_[count_ - 1].key);
}

void Scanner::new_group(std::size_t r) {
  Group& group = part_.groups.group(last_group_);
  part_.groups.start(last_group_).first_block = block_->number;
  group.key_hash = seed_;
  std::uint32_t* const numbers = part_.groups.labels(last_group_);
  for (std::uint32_t g = 0; g < layout_.group_fields.size(); ++g) {
    const bool lost = ragged(r) && is_lost(g);
    KeyLabel label;
    numbers[g] = label_number(g, lost ? std::string_view() : text(layout_.group_fields[g], r), label);
    if (!in_key(g)) continue;
    group.keyless = group.keyless || label.keyless;
    group.odd = group.odd || label.odd;
    group.key_hash = mixed_hash(group.key_hash, label.hash);
  }
}

/// The number of a cell of a group column, and what `key_label` says of it. Mostly it is that of the group before.
std::uint32_t Scanner::label_number(std::uint32_t g, std::string_view cell, KeyLabel& label) {
  ScanPart::Labels& labels = part_.labels[g];
  bool fresh = false;
  if (labels.last == KeyTable::absent || !same_bytes(labels.cells.key(labels.last), cell)) {
    labels.last = labels.many ? KeyTable::absent : labels.cells.insert(cell, labels.cells.hash(cell), fresh);
  }
  if (labels.last != KeyTable::absent && !fresh) {
    label = labels.labels[labels.last];
    return labels.last;
  }
  if (!is_surely_folded(cell) && is_malformed(cell)) state_.give_up = true;
  label = key_label(g, cell);
  if (fresh) {
    labels.labels.push_back(label);
    labels.firsts.push_back(part_.groups.first(last_group_));
    constexpr std::uint32_t few = 4096;
    labels.many = labels.cells.size() > few && labels.cells.size() > part_.groups.size() / 2;
  } else {
    labels.blank = labels.blank || is_blank(cell);
  }
  return labels.last;
}

std::string Scanner::label_of(std::uint32_t column, std::string_view raw) {
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

KeyLabel Scanner::key_label(std::uint32_t g, std::string_view cell) {
  if (!in_key(g)) return {};
  const std::uint32_t column = layout_.group_columns[g];
  const dsl::Column& key = (*data_.program)[layout_.table].columns[column];
  if (key.type == dsl::ColumnType::text && texts_[column].plain() && !cell.empty() && is_surely_folded(cell))
    return {hash_bytes(cell.data(), cell.size(), seed_), false, false};
  const std::string label = label_of(column, cell);
  const bool keyless = label.empty() && !(key.type == dsl::ColumnType::text && key.optional);
  return {hash_bytes(label.data(), label.size(), seed_), keyless, label != cell};
}

/// What all cells of a row's group mean in the key.
KeyLabel Scanner::group_key_label(std::size_t r) {
  KeyLabel out{seed_, false, false};
  for (std::uint32_t g = 0; g < layout_.group_fields.size(); ++g) {
    if (!in_key(g)) continue;
    const KeyLabel label = key_label(g, text(layout_.group_fields[g], r));
    out.hash = mixed_hash(out.hash, label.hash);
    out.keyless = out.keyless || label.keyless;
  }
  return out;
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
      const std::string label = label_of(key.column, raw);
      if (label.empty() && !(*data_.program)[layout_.table].columns[key.column].optional) keyless_[r] = rows_[r].look = true;
      prints_[r] = mixed_hash(prints_[r], hash_bytes(label.data(), label.size(), seed_));
    }
  }
}

}  // namespace kenzan::engine
