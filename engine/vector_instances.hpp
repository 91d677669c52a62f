// The instances of a rule as columns.
#pragma once
#include <cstdint>

#include "engine/data.hpp"
#include "engine/vector.hpp"

namespace kenzan::engine {

/// Enumerates the instances of `rule` into labels and spellings, in the order of `reference_instances`; no verdicts yet.
/// Cost: a hash of each kept row of the rule's sources.
[[nodiscard]] RuleVerdicts vector_instances(const Data& data, const dsl::Rule& rule, std::uint64_t seed);

}  // namespace kenzan::engine
