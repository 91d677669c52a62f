// What a run found, as data: what every renderer of whole reports takes.
#pragma once
#include <string>
#include <vector>

#include "diag/finding.hpp"

namespace kenzan {

/// A rule of the program, and what became of it in the run.
struct RuleOutcome {
  std::string name, title, source;
  std::vector<std::string> tags;
  Severity severity = Severity::error;
  Span place;                      ///< its name in its file
  std::vector<std::string> files;  ///< paths of its tables' files, each once
  bool selected = true;            ///< by --select and --ignore; else it was not meant to be judged
  bool evaluated = false;          ///< all its instances were judged
  std::size_t instances = 0;
  std::size_t verdicts[verdict_count] = {};
};

struct Report {
  std::vector<Finding> findings;     ///< sorted
  std::vector<Diagnostic> failures;  ///< why the run is incomplete: places in rule files
  std::vector<RuleOutcome> rules;    ///< all of the program, in its order
  Summary summary;
};

}  // namespace kenzan
