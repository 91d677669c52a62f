// The objects of the JSON contract, version 1 (docs/kenzan.schema.json): what several formats write alike.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/finding.hpp"
#include "diag/json_writer.hpp"

namespace kenzan {

/// Labels by dimension.
void write_labels(JsonWriter& json, const std::vector<std::pair<std::string, std::string>>& labels);
/// One side of a comparison.
void write_quantity(JsonWriter& json, const Quantity& quantity);
void write_finding(JsonWriter& json, const Finding& finding, const SourceMap& sources, Language language);
void write_summary(JsonWriter& json, const Summary& summary);
/// Into an open object: the version of the contract, this program, and the summary.
void write_run(JsonWriter& json, const Summary& summary, std::string_view tool_version);

}  // namespace kenzan
