// The texts that messages point into: rule files and data files, with byte offsets turned into lines and columns.
#pragma once
#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"

namespace kenzan {

using SourceId = Id<struct SourceTag>;

/// A half-open range of bytes in one source.
struct Span {
  SourceId source;
  std::uint32_t begin = 0;
  std::uint32_t end = 0;

  [[nodiscard]] Span to(Span last) const { return {source, begin, last.end}; }
  friend bool operator==(const Span&, const Span&) = default;
};

/// A place as people and editors count: lines and columns from 1, columns in code points.
struct Position {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

/// Holds every text of a run. References and views stay valid as sources are added.
class SourceMap {
 public:
  /// Takes `text` under the path that messages show. A byte order mark stays in the text and is not counted as a column.
  SourceId add(std::string path, std::string text);
  /// Takes some lines of a file that is not held: `numbers` says which line of the file each line of `text` is, ascending.
  SourceId add_lines(std::string path, std::string text, std::vector<std::uint32_t> numbers);

  [[nodiscard]] std::string_view path(SourceId id) const;
  [[nodiscard]] std::string_view text(SourceId id) const;
  [[nodiscard]] std::string_view text(Span span) const;

  /// Line and column of a byte offset; an offset inside a code point counts as behind it, one past the end as the end. Lines end
  /// with LF or CRLF.
  /// Cost: a binary search and about 1 KB of text, however long the line. A text is indexed when there are questions about it, so
  /// questions from several threads need a lock.
  [[nodiscard]] Position position(SourceId id, std::uint32_t offset) const;

  /// The text of a line (from 1) without its line break, and the offset where it starts.
  [[nodiscard]] std::string_view line(SourceId id, std::uint32_t number) const;
  [[nodiscard]] std::uint32_t line_start(SourceId id, std::uint32_t number) const;

  [[nodiscard]] std::size_t size() const { return sources_.size(); }

 private:
  /// How many code points stand before an offset: recorded every few hundred bytes, so that a place in a long line is found
  /// without reading all of the line. Only for texts with long lines.
  struct Checkpoint {
    std::uint32_t offset;
    std::uint32_t characters;
  };
  struct Source {
    std::string path;
    std::string text;
    std::vector<std::uint32_t> numbers;  ///< of the lines in the file; empty: the text is the whole file
    mutable std::vector<std::uint32_t> line_starts;
    mutable std::vector<Checkpoint> checkpoints;
  };
  static void index(const Source& source);
  static std::size_t index_of_line(const Source& source, std::uint32_t number);
  static std::uint32_t characters_before(const Source& source, std::uint32_t offset);
  std::deque<Source> sources_;
};

}  // namespace kenzan
