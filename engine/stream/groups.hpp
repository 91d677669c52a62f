// The groups of a file, from what each thread has found of them.
#pragma once
#include <vector>

#include "engine/stream/scan.hpp"

namespace kenzan::engine {

/// Links what several threads have found of one group (GroupStart::next), from the part with the earliest record on. Returns
/// these, by their first records. Does not depend on which thread has read what.
/// Cost: linear in groups, in as many threads as there are parts.
[[nodiscard]] std::vector<GroupPlace> join_groups(std::vector<ScanPart*> parts);

}  // namespace kenzan::engine
