#include "engine/stream/blocks.hpp"

#include <algorithm>
#include <cstring>

#include "engine/stream/structure.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t largest_record = std::size_t{1} << 30;

}  // namespace

BlockReader::BlockReader(const Input& input, std::uint64_t offset, std::size_t block, char delimiter)
    : input_(input), block_(std::max<std::size_t>(block, 1)), delimiter_(delimiter), offset_(offset) {}

/// Behind the last line feed of a block that ends a record; 0 if there is none.
std::size_t BlockReader::last_end(const Block& block) const {
  const char* text = block.bytes.data();
  const Places& quotes = block.quotes;
  struct Part {
    std::size_t begin, end;  // outside of quoted cells
  };
  std::vector<Part> parts;
  std::size_t begin = 0;
  for (std::size_t i = 0; i < quotes.size();) {
    const std::size_t opening = quotes[i++];
    const bool opens = opening >= begin && (opening == 0 || text[opening - 1] == delimiter_ || text[opening - 1] == '\n');
    if (!opens) continue;
    parts.push_back({begin, opening});
    // To the quote that closes the cell: one that is not doubled.
    while (i + 1 < quotes.size() && quotes[i + 1] == quotes[i] + 1) i += 2;
    const bool closed = i < quotes.size() && quotes[i] + 1U < block.size;  // whether the last byte doubles is not read yet
    begin = closed ? quotes[i++] + 1U : block.size;
    if (!closed) break;
  }
  parts.push_back({begin, block.size});
  for (std::size_t p = parts.size(); p-- > 0;) {
    const void* last = memrchr(text + parts[p].begin, '\n', parts[p].end - parts[p].begin);
    if (last != nullptr) return static_cast<std::size_t>(static_cast<const char*>(last) - text) + 1;
  }
  return 0;
}

bool BlockReader::next(Block& block) {
  const std::lock_guard lock(mutex_);
  if (!failure_.empty()) return false;
  const std::uint64_t file_end = input_.size();
  block.number = static_cast<std::uint32_t>(places_.size());
  block.offset = offset_ - carry_.size();
  block.quotes.clear();
  std::size_t filled = carry_.size();
  std::size_t wanted = filled + block_;
  std::size_t searched = 0;
  while (true) {
    if (block.bytes.size() < wanted + text_padding) block.bytes.resize(wanted + text_padding);
    if (searched == 0) std::memcpy(block.bytes.data(), carry_.data(), carry_.size());
    const auto more = static_cast<std::size_t>(std::min<std::uint64_t>(wanted - filled, file_end - offset_));
    failure_ = read_whole(input_, offset_, block.bytes.data() + filled, more);
    if (!failure_.empty()) return false;
    filled += more;
    offset_ += more;
    block.size = filled;
    find_byte(block.bytes.data(), searched, filled, '"', block.quotes);
    searched = filled;
    if (offset_ == file_end) {
      carry_.clear();
      break;
    }
    if (const std::size_t end = last_end(block); end > 0) {
      carry_.assign(block.bytes.data() + end, filled - end);
      block.size = end;
      while (!block.quotes.empty() && block.quotes.back() >= end) block.quotes.pop_back();
      break;
    }
    wanted *= 2;  // a record that is longer than the block
    if (wanted > largest_record) {
      failure_ = "a record is longer than 1 GiB";
      return false;
    }
  }
  if (block.size == 0) return false;
  std::memset(block.bytes.data() + block.size, 0, std::min(text_padding, block.bytes.size() - block.size));
  places_.push_back({block.offset, static_cast<std::uint32_t>(block.size)});
  return true;
}

bool BlockReader::again(std::uint32_t number, Block& block) const {
  const BlockPlace& place = places_[number];
  block.number = number;
  block.offset = place.offset;
  block.size = place.size;
  block.bytes.resize(std::max(block.bytes.size(), block.size + text_padding));
  if (!read_whole(input_, place.offset, block.bytes.data(), block.size).empty()) return false;
  std::memset(block.bytes.data() + block.size, 0, text_padding);
  block.quotes.clear();
  find_byte(block.bytes.data(), 0, block.size, '"', block.quotes);
  return true;
}

}  // namespace kenzan::engine
