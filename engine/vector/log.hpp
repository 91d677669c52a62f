// What an evaluation read, kept as columns until the verdicts say which items were judged.
#pragma once
#include <memory>
#include <vector>

#include "engine/frame.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {

/// Cells read for the items of one frame, and the frames inside it.
struct ReadLog {
  enum class Kind : std::uint8_t {
    chosen,    ///< the items of the frame outside that `mask` marks
    units,     ///< what items of the frame outside share: item i reads what unit map[i] reads
    elements,  ///< elements: element e is read by item map[e] of the frame outside
  };
  struct Cells {
    dsl::TableId table;
    std::uint32_t column = 0;
    SharedRows rows;   ///< absent_row: nothing
    SharedRows parts;  ///< null: part 0
  };
  Kind kind = Kind::chosen;
  std::size_t size = 0;
  SharedRows map;
  std::vector<std::uint8_t> mask;  ///< empty: all
  std::vector<Cells> cells;
  std::vector<std::unique_ptr<ReadLog>> inner;

  ReadLog& add(Kind kind, std::size_t size, SharedRows map);
};

/// Marks the cells that the `active` items of the frame outside read.
void mark(const ReadLog& log, const std::vector<std::uint8_t>& active, CheckedFigures& checked);

}  // namespace kenzan::engine
