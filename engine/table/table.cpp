#include "engine/table/table.hpp"

#include <algorithm>
#include <cstring>

#include "base/text.hpp"
#include "engine/keys.hpp"

namespace kenzan::engine {

Texts::Texts() : seed_(random_seed()), slots_(1024) { add("", hash_bytes("", 0, seed_)); }

Code Texts::known(std::string_view text, std::uint64_t hash) const {
  const std::size_t mask = slots_.size() - 1;
  const auto part = static_cast<std::uint32_t>(hash >> 32);
  for (std::size_t at = hash & mask; slots_[at].code != absent; at = (at + 1) & mask) {
    if (slots_[at].hash == part && texts_[slots_[at].code] == text) return slots_[at].code;
  }
  return absent;
}

Code Texts::add(std::string_view text, std::uint64_t hash) {
  constexpr std::size_t chunk = std::size_t{1} << 16;
  const auto code = static_cast<Code>(texts_.size());
  if (2 * (texts_.size() + 1) > slots_.size()) grow();
  if (text.size() > room_) {
    room_ = std::max(chunk, text.size());
    chunks_.push_back(std::make_unique_for_overwrite<char[]>(room_));
    end_ = chunks_.back().get();
  }
  if (!text.empty()) std::memcpy(end_, text.data(), text.size());
  texts_.emplace_back(end_, text.size());
  end_ += text.size();
  room_ -= text.size();
  labels_.push_back(code);
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = hash & mask;
  while (slots_[at].code != absent) at = (at + 1) & mask;
  slots_[at] = {static_cast<std::uint32_t>(hash >> 32), code};
  return code;
}

void Texts::grow() {
  std::vector<Slot> larger(slots_.size() * 2);
  const std::size_t mask = larger.size() - 1;
  for (const Slot& slot : slots_) {
    if (slot.code == absent) continue;
    const std::string_view text = texts_[slot.code];
    std::size_t at = hash_bytes(text.data(), text.size(), seed_) & mask;
    while (larger[at].code != absent) at = (at + 1) & mask;
    larger[at] = slot;
  }
  slots_ = std::move(larger);
}

Code Texts::intern(std::string_view text) {
  const std::uint64_t hash = hash_bytes(text.data(), text.size(), seed_);
  if (const Code there = known(text, hash); there != absent) return there;
  const Code code = add(text, hash);
  if (is_surely_folded(text)) return code;
  if (const std::string folded = fold(text); folded != text) {
    const std::uint64_t folded_hash = hash_bytes(folded.data(), folded.size(), seed_);
    const Code label = known(folded, folded_hash);
    const Code folded_code = label != absent ? label : add(folded, folded_hash);  // folding again changes nothing
    labels_[code] = folded_code;
  }
  return code;
}

bool Texts::find(std::string_view folded, Code& out) const {
  const Code code = known(folded, hash_bytes(folded.data(), folded.size(), seed_));
  if (code == absent) return false;
  out = code;
  return true;
}

Span Table::cell_span(std::uint32_t column, std::uint32_t part, std::uint32_t row) const {
  const PhysicalColumn& cells = columns[column].parts[part];
  return {files[file[row]], cells.begin[row], cells.end[row]};
}

}  // namespace kenzan::engine
