// A whole run: program + files → findings and counts.
#pragma once
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "diag/report.hpp"
#include "engine/baseline.hpp"
#include "engine/concerned.hpp"
#include "engine/stream/reduce.hpp"
#include "engine/table/load.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {

/// Which instances that hold are listed besides those that failed.
enum class Show : std::uint8_t { failed, rounding, all };

struct RunOptions {
  LoadOptions load;
  StreamOptions stream;
  std::size_t slice = SliceOptions{}.slice;  ///< instances that are judged at once
  std::set<std::string> select;              ///< rule names, tags or codes; empty: all
  std::set<std::string> ignore;
  std::optional<Concerned> only;  ///< rules that are not among these are not judged, and tables that are not are not read
  Show show = Show::failed;
  std::string as_of = {};              ///< the date that waivers expire against, "2027-03-31"
  const Baseline* baseline = nullptr;  ///< findings that are known; its entries stand in the sources of the run
  bool with_coverage = false;          ///< fill Report::coverage: all tables are then held
  bool with_slips = false;             ///< and try slips of the hand there
  bool with_discovery = false;         ///< fill Report::discovery: all tables are then held
  bool with_suggestions = true;        ///< say what may have been meant in the figures of what is violated
  bool with_cells = true;              ///< findings have their cells, not just those that say where they stand
  bool with_tables = false;            ///< fill Report::tables and Report::unlisted: all tables are then held
  std::size_t max_findings = 0;        ///< 0: no limit; the rest is counted in Summary::truncated
  std::size_t together = 2000;         ///< instances that hold are checked together, as long as there are no more
  Watch watch;
};

using RunResult = Report;

/// Reads the tables, makes the built-in checks and judges every selected rule. A rule one of whose tables could not be read is not
/// judged, and the run is incomplete.
/// A run that is told to stop ends within a moment, and is incomplete: findings in the rows read so far, rules judged so far, and
/// of what failed that which was explained so far.
/// Large files of which the rules need no more than sums are read in pieces, twice at most.
/// Cost: linear in the data for the verdicts, and in the rows that an instance reads for each that failed.
[[nodiscard]] RunResult run(SourceMap& sources, const dsl::Program& program, const RunOptions& options);

}  // namespace kenzan::engine
