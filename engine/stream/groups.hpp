// The groups of a file, from what each thread has found of them.
#pragma once
#include <vector>

#include "engine/stream/scan.hpp"

namespace kenzan::engine {

struct JoinedGroups {
  PagedVector<GroupPlace> all;         ///< by their first records
  PagedVector<GroupPlace> of_several;  ///< those that several threads have found, in no order
  bool ascends = false;                ///< the keys of `all` do
};

/// Links what several threads have found of one group (GroupStart::next), from the part with the earliest record on. Groups, and
/// their order, do not depend on which thread has read what.
/// Cost: linear in groups, in as many threads as there are parts; next to nothing where keys ascend.
[[nodiscard]] JoinedGroups join_groups(std::vector<ScanPart*> parts);

}  // namespace kenzan::engine
