// What a run found, as data: what every renderer of whole reports takes.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "diag/coverage.hpp"
#include "diag/discovery.hpp"
#include "diag/findings.hpp"
#include "diag/table_view.hpp"

namespace kenzan {

/// A rule of the program, and what became of it in the run.
struct RuleOutcome {
  std::string name, title, source;
  std::vector<std::string> tags;
  Severity severity = Severity::error;
  Span place;                      ///< its name in its file
  Span whole;                      ///< its declaration
  std::vector<std::string> files;  ///< paths of its tables' files, each once
  bool selected = true;            ///< by --select and --ignore; else it was not meant to be judged
  bool evaluated = false;          ///< all its instances were judged
  std::size_t instances = 0;
  std::size_t verdicts[verdict_count] = {};
};

/// A waiver of the program. Findings that it covers have its date, reason and owner: Finding::waiver.
struct WaiverOutcome {
  std::string name;                                     ///< of the rule or built-in code
  std::vector<std::pair<std::string, std::string>> at;  ///< labels, folded; dimension "": any
  WaivedBy waiver;
  Span place;  ///< its name in its file
  bool expired = false;
};

/// A file that the run read.
struct InputDigest {
  std::string path;
  bool rules = false;       ///< a rule file; else data
  std::uint64_t bytes = 0;  ///< as it lies on the disk
  std::string sha256;       ///< of those bytes, in hex
};

struct Report {
  Findings findings;                   ///< sorted
  std::vector<Diagnostic> failures;    ///< why the run is incomplete: places in rule files
  std::vector<RuleOutcome> rules;      ///< all of the program, in its order
  std::vector<WaiverOutcome> waivers;  ///< all of the program, in its order
  Summary summary;
  /// Where the run was asked for them: all tables; the evidence of the instances that are no findings; all files.
  std::vector<std::unique_ptr<const TableView>> tables;
  Findings unlisted;
  std::vector<InputDigest> inputs;
  std::optional<Coverage> coverage;
  std::optional<Discovery> discovery;

  /// An instance as CellView::instances names it: of the findings and, behind these, the unlisted.
  [[nodiscard]] Finding instance(std::size_t i) const { return i < findings.size() ? findings[i] : unlisted[i - findings.size()]; }
};

}  // namespace kenzan
