// A file as blocks of whole records, for several threads.
#pragma once
#include <cstdint>
#include <mutex>
#include <string>
#include <vector>

#include "engine/stream/input.hpp"
#include "engine/stream/structure.hpp"

namespace kenzan::engine {

/// Whole records of a file, one behind the other. Its memory is used again for the next.
struct Block {
  std::uint32_t number = 0;
  std::uint64_t offset = 0;  ///< in the file
  std::size_t size = 0;
  std::vector<char> bytes;  ///< `size` of them, and room behind
  Places quotes;            ///< where `"` stands
};

/// Where a block stands in its file.
struct BlockPlace {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
};

/// Cuts a file into blocks at ends of records, which line feeds in quotes are not.
///
/// Form:   a quote opens a cell only at its beginning, as in CsvReader. Records end with LF.
/// Cost:   one read of the file, and a look at each quote.
class BlockReader {
 public:
  /// Begins at `offset`, where a record begins. A block is about `block` bytes, or as long as its first record is.
  BlockReader(const Input& input, std::uint64_t offset, std::size_t block, char delimiter);

  /// Reads the next block; false at the end of the file, or where it could not be read. Any thread may call it.
  bool next(Block& block);

  /// Reads a block again.
  [[nodiscard]] bool again(std::uint32_t number, Block& block) const;

  // After the last block:
  [[nodiscard]] const std::vector<BlockPlace>& places() const { return places_; }
  [[nodiscard]] const std::string& failure() const { return failure_; }  ///< why it could not be read on; "" if it could

 private:
  [[nodiscard]] std::size_t last_end(const Block& block) const;

  const Input& input_;
  std::size_t block_;
  char delimiter_;
  std::mutex mutex_;
  std::uint64_t offset_;
  std::string carry_;  ///< the beginning of a record
  std::vector<BlockPlace> places_;
  std::string failure_;
};

}  // namespace kenzan::engine
