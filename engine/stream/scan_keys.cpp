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

/// Asks for what the rows from `begin` on need to be looked for, before it is needed. Their groups are then those that are likely, if
/// any.
void Scanner::look_ahead(std::size_t begin) {
  const auto fresh = static_cast<std::size_t>(count_ - static_cast<std::size_t>(std::popcount(known_)));
  const auto for_each_fresh = [&](auto each) {
    for (std::size_t r = (known_ >> begin & 1) != 0 ? run_end(begin) : begin; r < count_; r = run_end(r)) each(rows_[r]);
  };
  for_each_fresh([&](Row& row) {
    row.hash = part_.groups.hash(row.key);
    row.group = GroupTable::absent;
    part_.groups.prefetch(row.hash);
  });
  if (fresh > batch / 4) {
    std::array<const Group*, batch> likely;
    std::size_t count = 0;
    for_each_fresh([&](Row& row) {
      row.group = part_.groups.likely(row.hash);
      if (row.group != GroupTable::absent) likely[count++] = &part_.groups.group(row.group);
    });
    for (std::size_t i = 0; i < count; ++i) bring_near(likely[i]);
  }
}

/// Finds the group of each row. Rows of one group mostly stand together.
void Scanner::find_groups() {
  GroupTable& groups = part_.groups;
  if (layout_.pack) groups.pack();
  fresh_ = 0;
  known_ = last_group_ != GroupTable::absent && same_bytes(rows_[0].key, last_key_) ? 1 : 0;
  for (std::size_t r = 1; r < count_; ++r) {
    if (same_bytes(rows_[r].key, rows_[r - 1].key)) known_ |= 1U << r;
  }
  if (!groups.ascends()) look_ahead(0);
  for (std::size_t r = 0; r < count_;) {
    if (r > 0 || (known_ & 1) == 0) {
      std::size_t common = 0;
      if (groups.ascends()) {
        common = groups.common_with_last(rows_[r].key);
        if (!groups.is_behind_last(rows_[r].key, common)) {
          groups.end_order();
          look_ahead(r);
        }
      }
      const Row& row = rows_[r];
      bool is_new = false;
      if (!groups.ascends() && row.group != GroupTable::absent && same_bytes(groups.key(row.group), row.key)) {
        last_group_ = row.group;
      } else {
        last_group_ = groups.insert(row.key, row.hash, block_->offset + row.begin, is_new);
      }
      if (is_new) new_group(r, common);
      fresh_ |= std::uint32_t{is_new} << r;
    }
    Group& group = groups.group(last_group_);
    groups.prefetch_sums(group);
    const std::size_t end = run_end(r);
    group.rows += static_cast<std::uint32_t>(end - r);
    group.last_block = block_->number;
    part_.repeats = part_.repeats || (group.rows > 1 && !group.keyless);
    for (; r < end; ++r) {
      rows_[r].group = last_group_;
      rows_[r].place = &group;
    }
  }
  last_key_.assign(rows_[count_ - 1].key);
}

/// Takes up the labels of a row whose group is new. Its key begins with `common` bytes as that of the group made before does.
void Scanner::new_group(std::size_t r, std::size_t common) {
  std::uint32_t same = 0;  // labels that are those of the group made before
  while (same < made_.size() && made_[same].end < common) ++same;
  KeyLabel key = same == 0 ? KeyLabel{seed_, false, false} : made_[same - 1].key;
  const char* const begin = rows_[r].key.data();
  const bool plain = same < made_.size() && begin == text(layout_.group_fields.front(), r).data();
  for (std::uint32_t g = same; g < made_.size(); ++g) {
    const bool lost = ragged(r) && is_lost(g);
    const std::string_view cell = text(layout_.group_fields[g], r);
    KeyLabel label;
    made_numbers_[g] = label_number(g, lost ? std::string_view() : cell, label);
    made_[g].end = plain ? static_cast<std::size_t>(cell.data() + cell.size() - begin) : Made::unknown;
    if (in_key(g)) {
      key.keyless = key.keyless || label.keyless;
      key.odd = key.odd || label.odd;
      key.hash = mixed_hash(key.hash, label.hash);
    }
    made_[g].key = key;
  }
  Group& group = part_.groups.group(last_group_);
  group.key_hash = key.hash;
  group.keyless = key.keyless;
  group.odd = key.odd;
  part_.groups.start(last_group_).first_block = block_->number;
  std::ranges::copy(made_numbers_, part_.groups.labels(last_group_));
}

/// The number of a cell of a group column, and what `key_label` says of it. Mostly it is that of the group before, or came behind that
/// the last time, too.
std::uint32_t Scanner::label_number(std::uint32_t g, std::string_view cell, KeyLabel& label) {
  ScanPart::Labels& labels = part_.labels[g];
  bool fresh = false;
  const auto is = [&](std::uint32_t number) { return number != KeyTable::absent && same_bytes(labels.cells.key(number), cell); };
  const std::uint32_t before = labels.last, next = before == KeyTable::absent ? KeyTable::absent : labels.nexts[before];
  if (is(next)) {
    labels.last = next;
  } else if (!is(before)) {
    labels.last = labels.many ? KeyTable::absent : labels.cells.insert(cell, labels.cells.hash(cell), fresh);
    if (fresh) labels.nexts.push_back(KeyTable::absent);
    if (before != KeyTable::absent) labels.nexts[before] = labels.last;
  }
  if (labels.last != KeyTable::absent && !fresh) {
    label = labels.labels[labels.last];
    return labels.last;
  }
  if (!is_surely_folded(cell)) {
    labels.folds = true;
    if (is_malformed(cell)) state_.give_up = true;
  }
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
