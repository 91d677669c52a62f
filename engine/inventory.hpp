// Every cell of a run's tables, with the instances that read it.
#pragma once
#include <cstdint>
#include <memory>
#include <vector>

#include "diag/report.hpp"
#include "engine/data.hpp"
#include "engine/reference/reference.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {

/// A cell that an instance read.
struct Reading {
  CellRef cell;
  std::uint32_t instance = 0;  ///< Finding::number
  bool required = false;       ///< by its `require`: the verdict speaks of the cell
};

/// Returns the tables of `data`, which must all be held, as their readers see them.
///
/// A cell has the worst state that the instances and built-in checks of `report` give it, which must be complete and in its final
/// order. Instances that are not in `report`, having been cut off, are left out.
/// The views keep `data`; its program and sources must outlive them.
/// Cost: sorts the readings.
[[nodiscard]] std::vector<std::unique_ptr<const TableView>> table_views(std::shared_ptr<const Data> data,
                                                                        const CheckedFigures& checked,
                                                                        std::vector<Reading> readings, const Report& report);

}  // namespace kenzan::engine
