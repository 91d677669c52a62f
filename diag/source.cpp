#include "diag/source.hpp"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>

#include "base/utf8.hpp"

namespace kenzan {
namespace {

constexpr std::uint32_t stride = 512;  // bytes between checkpoints

/// Counts the code points that begin in text[begin, end); `begin` is where one begins.
std::uint32_t count(std::string_view text, std::uint32_t begin, std::uint32_t end) {
  std::uint32_t found = 0;
  for (std::size_t at = begin; at < end;) {
    std::uint64_t eight = 0;
    if (at + sizeof eight <= end) {
      std::memcpy(&eight, text.data() + at, sizeof eight);
      if ((eight & 0x8080808080808080U) == 0) {
        found += sizeof eight;
        at += sizeof eight;
        continue;
      }
    }
    at += code_point_at(text, at).length;
    ++found;
  }
  return found;
}

}  // namespace

SourceId SourceMap::add(std::string path, std::string text) {
  assert(text.size() < Id<struct SourceTag>::none);
  sources_.push_back({std::move(path), std::move(text), {}, {}, {}});
  return SourceId(sources_.size() - 1);
}

SourceId SourceMap::add_lines(std::string path, std::string text, std::vector<std::uint32_t> numbers) {
  const SourceId id = add(std::move(path), std::move(text));
  sources_.back().numbers = std::move(numbers);
  return id;
}

/// Which line of the text is line `number` of the file, from 0; behind the last if it is not held.
std::size_t SourceMap::index_of_line(const Source& source, std::uint32_t number) {
  const std::size_t count = source.line_starts.size();
  if (number == 0) return count;
  if (source.numbers.empty()) return number - 1;
  const auto at = std::ranges::lower_bound(source.numbers, number);
  return at != source.numbers.end() && *at == number ? static_cast<std::size_t>(at - source.numbers.begin()) : count;
}

std::string_view SourceMap::path(SourceId id) const { return sources_[id.index()].path; }
std::string_view SourceMap::text(SourceId id) const { return sources_[id.index()].text; }

std::string_view SourceMap::text(Span span) const {
  const std::string_view all = text(span.source);
  const std::size_t begin = std::min<std::size_t>(span.begin, all.size());
  const std::size_t end = std::clamp<std::size_t>(span.end, begin, all.size());
  return all.substr(begin, end - begin);
}

void SourceMap::index(const Source& source) {
  if (!source.line_starts.empty()) return;
  source.line_starts.push_back(0);
  for (std::size_t at = source.text.find('\n'); at != std::string::npos; at = source.text.find('\n', at + 1))
    source.line_starts.push_back(static_cast<std::uint32_t>(at + 1));
}

std::uint32_t SourceMap::characters_before(const Source& source, std::uint32_t offset) {
  const std::string_view text = source.text;
  if (text.empty()) return 0;
  if (source.checkpoints.empty()) {
    std::uint32_t characters = 0;
    for (std::size_t at = 0; at < text.size(); ++characters) {
      if (at / stride >= source.checkpoints.size()) source.checkpoints.push_back({static_cast<std::uint32_t>(at), characters});
      at += code_point_at(text, at).length;
    }
  }
  std::size_t nearest = std::min<std::size_t>(offset / stride, source.checkpoints.size() - 1);
  if (source.checkpoints[nearest].offset > offset) --nearest;
  const Checkpoint& from = source.checkpoints[nearest];
  return from.characters + count(text, from.offset, offset);
}

Position SourceMap::position(SourceId id, std::uint32_t offset) const {
  const Source& source = sources_[id.index()];
  index(source);
  offset = std::min(offset, static_cast<std::uint32_t>(source.text.size()));
  const auto next = std::ranges::upper_bound(source.line_starts, offset);
  const std::uint32_t start = *(next - 1);
  auto line = static_cast<std::uint32_t>(next - source.line_starts.begin());
  if (!source.numbers.empty()) line = source.numbers[std::min<std::size_t>(line, source.numbers.size()) - 1];
  const bool near = offset - start <= stride;
  std::uint32_t column =
      (near ? count(source.text, start, offset) : characters_before(source, offset) - characters_before(source, start)) + 1;
  if (line == 1 && column > 1 && source.text.starts_with(byte_order_mark)) --column;
  return {line, column};
}

std::string_view SourceMap::line(SourceId id, std::uint32_t number) const {
  const Source& source = sources_[id.index()];
  index(source);
  const std::size_t at = index_of_line(source, number);
  if (at >= source.line_starts.size()) return {};
  std::string_view text = std::string_view(source.text).substr(source.line_starts[at]);
  if (at + 1 < source.line_starts.size()) {
    text = text.substr(0, source.line_starts[at + 1] - source.line_starts[at] - 1);
    if (text.ends_with('\r')) text.remove_suffix(1);
  }
  return text;
}

std::uint32_t SourceMap::line_start(SourceId id, std::uint32_t number) const {
  const Source& source = sources_[id.index()];
  index(source);
  if (number == 0) return 0;
  const std::size_t at = index_of_line(source, number);
  return at >= source.line_starts.size() ? static_cast<std::uint32_t>(source.text.size()) : source.line_starts[at];
}

}  // namespace kenzan
