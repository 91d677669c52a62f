// A baseline: the findings that were known when it was made. It is kept as a file of lines, each a JSON object, and may only shrink.
#pragma once
#include <string>
#include <vector>

#include "base/result.hpp"
#include "diag/findings.hpp"

namespace kenzan::engine {

struct Baseline {
  struct Entry {
    std::string name;  ///< of the rule, or the code
    std::string at;    ///< the instance or the key of the cell, for who reads the file
    std::string fingerprint;
    std::size_t count = 1;  ///< findings that share them
    Span span;              ///< its line
  };
  std::vector<Entry> entries;  ///< sorted by name, at, fingerprint
};

/// Reads a baseline from a source.
///
/// Form:   the first line says what it is and its version; then one entry a line. Blank lines are skipped.
/// Errors: the first line that is none, with its place.
/// Cost:   linear in bytes.
[[nodiscard]] Result<Baseline, Diagnostic> read_baseline(const SourceMap& sources, SourceId source);
[[nodiscard]] std::string write_baseline(const Baseline& baseline);

/// The errors and warnings among some findings, but those that are waived, and those about waivers and baselines.
[[nodiscard]] Baseline baseline_of(const Findings& findings);

/// How a baseline compares with what is found now.
struct BaselineChange {
  Baseline kept;         ///< what is in both, as often as in both
  std::size_t gone = 0;  ///< findings that are no longer found
  Baseline added;        ///< findings that the baseline does not have
};
[[nodiscard]] BaselineChange compare(const Baseline& before, const Baseline& now);

}  // namespace kenzan::engine
