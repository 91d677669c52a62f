// What is silenced: decided here and nowhere else, for every format.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "diag/source.hpp"
#include "dsl/program.hpp"
#include "engine/baseline.hpp"

namespace kenzan::engine {

/// Whether `labels` hold all of `required`; names and labels are compared folded.
[[nodiscard]] bool has_labels(const std::vector<std::pair<std::string, std::string>>& labels,
                              const std::vector<dsl::RequiredLabel>& required);

/// The labels that a waiver or a test names a finding by: those of its instance; of a built-in check, the key of its cell.
[[nodiscard]] const std::vector<std::pair<std::string, std::string>>& labels_of(const Finding& finding);

/// What silences findings.
struct Silencing {
  std::string as_of;                   ///< a date such as "2027-03-31"
  const Baseline* baseline = nullptr;  ///< may be null
  /// Whether all findings of a rule or a code are there: of the others nothing is said to be no longer found.
  std::function<bool(const std::string&)> evaluated;
};

/// Marks the findings that a waiver covers, the first that does, and those that stand in the baseline. Appends a finding for each
/// waiver that has expired, which covers nothing, for each that covers nothing otherwise, and for each entry of the baseline that
/// is no longer found. Nothing else marks a finding as waived.
/// Cost: findings times the waivers of their rule; none are read where there is nothing that silences.
void silence(const dsl::Program& program, const SourceMap& sources, const Silencing& by, Findings& findings);

}  // namespace kenzan::engine
