// The instances of a rule as columns.
#pragma once
#include <cstdint>

#include "engine/data.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {

/// Enumerates the instances of `rule` into labels and spellings, in the order of `reference_instances`; no verdicts yet.
/// Cost: indexes of the rule's sources, which judging needs as well, and a look-up for each row of all but the first.
[[nodiscard]] RuleVerdicts vector_instances(const Data& data, const dsl::Rule& rule, RowIndex& rows, unsigned threads);

}  // namespace kenzan::engine
