// The scan: keys that ascend within their group. Nothing is kept of them but where they begin and end.
#include <bit>

#include "base/text.hpp"
#include "engine/stream/digits.hpp"
#include "engine/stream/scan.hpp"

namespace kenzan::engine {
namespace {

/// So many stretches are kept of each block, and a few: where there are more, rows do not stand by groups.
constexpr std::size_t most_of_a_block = 16, few = 64;

/// The cells of a key as bytes that are in order as the cells are: none that is what it means has a NUL.
template <class Cell>
void join(std::string& out, std::size_t count, Cell cell) {
  out.clear();
  for (std::size_t k = 0; k < count; ++k) {
    if (k > 0) out.push_back('\0');
    out.append(cell(k));
  }
}

}  // namespace

/// Takes the rows of the batch into stretches.
void Scanner::follow_keys() {
  if (layout_.key.empty()) return follow_groups();
  bool any_odd = false;
  const bool series = layout_.key.size() == 1 && plain_keys_[0] != 0;
  for (std::size_t r = 0; r < count_; ++r) {
    const bool begins = !in_stretch_ || (known_ >> r & 1) == 0;
    if (begins) {
      if (in_stretch_) end_stretch(r, false);
      begin_stretch(r);
    } else if (series && !stretch_.jumbled && counts_on(own_before(0, r), text(layout_.key[0].field, r))) {
      continue;  // nearly always
    }
    const bool odd = is_odd(r);
    any_odd = any_odd || odd;
    stretch_.jumbled = stretch_.jumbled || odd || (!begins && !ascends(r));
  }
  make_first();  // while the row is there
  for (std::size_t k = 0; k < own_.size(); ++k) own_[k].assign(text(layout_.key[k].field, count_ - 1));
  if (any_odd) make_fingerprints();  // which looks at what such cells mean, and notes those that mean nothing
}

/// Where the groups are the whole key, no record of one may follow another: `repeats` tells. But two may mean the same.
void Scanner::follow_groups() {
  for (std::uint32_t fresh = fresh_; fresh != 0; fresh &= fresh - 1) {
    const Row& row = rows_[static_cast<std::size_t>(std::countr_zero(fresh))];
    if (part_.groups.group(row.group).odd) state_.follow = false;
  }
}

void Scanner::end_following() {
  if (in_stretch_) end_stretch(0, true);
  part_.followed.push_back(block_->number);
  if (part_.stretches.size() > few + most_of_a_block * part_.followed.size()) state_.follow = false;
}

void Scanner::begin_stretch(std::size_t r) {
  stretch_kept_ = !in_stretch_ || (fresh_ >> r & 1) == 0;
  in_stretch_ = true;
  stretch_.group = rows_[r].group;
  stretch_.block = block_->number;
  begun_ = r;
  stretch_.jumbled = false;
  if (part_.groups.group(stretch_.group).odd) state_.follow = false;  // another group may have the same key
}

/// Makes the first key of a stretch that began in this batch.
void Scanner::make_first() {
  if (!begun_) return;
  join(stretch_.first, layout_.key.size(), [&](std::size_t k) { return text(layout_.key[k].field, *begun_); });
  begun_.reset();
}

/// Ends the stretch before row r, `last` of its block.
void Scanner::end_stretch(std::size_t r, bool last) {
  if (part_.groups.group(stretch_.group).keyless) return;
  if (stretch_kept_ || last || stretch_.jumbled) {
    make_first();
    join(stretch_.last, layout_.key.size(), [&](std::size_t k) { return own_before(k, r); });
    part_.stretches.push_back(stretch_);
  } else {
    part_.groups.start(stretch_.group).inside = true;
  }
}

/// Whether a cell of a row's key that is no group means something else than its bytes.
bool Scanner::is_odd(std::size_t r) {
  for (std::size_t k = 0; k < layout_.key.size(); ++k) {
    const std::uint32_t column = layout_.key[k].column;
    const std::string_view raw = text(layout_.key[k].field, r);
    if (raw.empty()) return true;
    if (plain_keys_[k] == 0) {
      if (label_of(column, raw) != raw) return true;
    } else if (!differ_in_digits(folded_[k], raw)) {
      if (!is_surely_folded(raw)) return true;
      folded_[k].assign(raw);
    }
  }
  return false;
}

/// Whether the key of a row is greater than that of the row before, which is of the same group.
bool Scanner::ascends(std::size_t r) const {
  for (std::size_t k = 0; k < layout_.key.size(); ++k) {
    if (const int order = own_before(k, r).compare(text(layout_.key[k].field, r)); order != 0) return order < 0;
  }
  return false;
}

}  // namespace kenzan::engine
