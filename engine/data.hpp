// Everything that evaluation reads: the program, its tables, their hierarchies.
#pragma once
#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "dsl/program.hpp"
#include "engine/keys.hpp"
#include "engine/table/table.hpp"
#include "engine/watch.hpp"

namespace kenzan::engine {

/// One child of a node. `row` = none: a stated part that has no row.
struct Child {
  static constexpr std::uint32_t none = ~0u;
  std::uint32_t row = none;
  bool negative = false;
  std::string spelling;  ///< of a stated part
};

/// A hierarchy over the rows of a table: the children of each row that is a node.
struct Hierarchy {
  std::vector<std::vector<Child>> children;  ///< per row; empty for leaves and rows that are no nodes
};

struct Data {
  const dsl::Program* program = nullptr;
  SourceMap* sources = nullptr;
  Texts texts;
  std::vector<Table> tables;                        ///< by TableId
  std::vector<std::vector<Hierarchy>> hierarchies;  ///< by TableId, as declared
  /// By TableId, if any: of a table of which only some rows are held, the one with all labels and the sums of figures.
  std::vector<std::unique_ptr<Table>> reduced;
  std::uint64_t seed = random_seed();  ///< of hash tables, so that no file can be made to fill one slot
  Watch watch;

  [[nodiscard]] const Table& operator[](dsl::TableId id) const { return tables[id.index()]; }
  /// The table with all labels that the file has.
  [[nodiscard]] const Table& labels_of(dsl::TableId id) const {
    return id.index() < reduced.size() && reduced[id.index()] ? *reduced[id.index()] : tables[id.index()];
  }
};

/// Builds the hierarchies of a table. Rows dropped by `where` or with a duplicated key are no nodes; trees are built within equal
/// labels of the other key columns. `holds(when, row)` judges a stated part's condition in the row context of its total.
/// Nodes that would be their own ancestors are left without that parent and listed in `cycles`.
/// Cost: linear in rows (and in the depth of prefixes).
[[nodiscard]] std::vector<Hierarchy> build_hierarchies(const Data& data, dsl::TableId table,
                                                       const std::function<bool(dsl::ExprId, std::uint32_t row)>& holds,
                                                       std::vector<std::uint32_t>& cycles);

}  // namespace kenzan::engine
