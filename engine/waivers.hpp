// What is silenced: decided here and nowhere else, for every format.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "diag/source.hpp"
#include "dsl/program.hpp"

namespace kenzan::engine {

/// Whether `labels` hold all of `required`; names and labels are compared folded.
[[nodiscard]] bool has_labels(const std::vector<std::pair<std::string, std::string>>& labels,
                              const std::vector<dsl::RequiredLabel>& required);

/// The labels that a waiver or a test names a finding by: those of its instance; of a built-in check, the key of its cell.
[[nodiscard]] const std::vector<std::pair<std::string, std::string>>& labels_of(const Finding& finding);

/// Marks the findings that a waiver covers, the first that does, and appends a finding for each waiver that has expired, and for each
/// that covers nothing. An expired waiver covers nothing.
///
/// `as_of` is a date such as "2027-03-31". `evaluated` says of a rule's name or a code whether all its findings are there; of the
/// others nothing is said to be covered by no finding.
/// Cost: findings times the waivers of their rule.
void apply_waivers(const dsl::Program& program, const std::string& as_of, const SourceMap& sources,
                   const std::function<bool(const std::string&)>& evaluated, std::vector<Finding>& findings);

}  // namespace kenzan::engine
