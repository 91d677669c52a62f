#include "engine/stream/groups.hpp"

#include <algorithm>
#include <utility>

#include "engine/threads.hpp"

namespace kenzan::engine {
namespace {

/// Links the groups of one share of the hashes.
class Joined {
 public:
  Joined(std::vector<ScanPart*>& parts, std::size_t share) : parts_(parts), share_(share) {}

  /// Looks each group up in the parts before its own.
  void join() {
    constexpr std::size_t together = 16;
    std::vector<GroupPlace> some;
    for (std::uint32_t p = 1; p < parts_.size(); ++p) {
      const GroupTable& own = parts_[p]->groups;
      for (std::uint32_t g = 0; g < own.size(); ++g) {
        const std::uint64_t hash = own.hash_of(g);
        if ((hash >> 32) % parts_.size() != share_) continue;
        for (std::uint32_t q = 0; q < p; ++q) parts_[q]->groups.prefetch(hash);
        some.push_back({p, g});
        if (some.size() == together) take(some);
      }
    }
    take(some);
    for (GroupPlace& first : linked_) put_in_order(first);
  }

  /// The first of the groups of each key that several threads have found.
  [[nodiscard]] const std::vector<GroupPlace>& linked() const { return linked_; }

 private:
  void take(std::vector<GroupPlace>& some) {
    for (const GroupPlace here : some) {
      const GroupTable& own = groups(here);
      for (std::uint32_t q = 0; q < here.part; ++q) {
        const std::uint32_t known = parts_[q]->groups.find(own.key(here.group), own.hash_of(here.group));
        if (known == GroupTable::absent) continue;
        const GroupPlace root{q, known};
        if (!start(root).next.valid()) linked_.push_back(root);
        start(here).next = std::exchange(start(root).next, here);
        break;
      }
    }
    some.clear();
  }

  /// Links the groups behind `first` by their first records, and makes it the first of them.
  void put_in_order(GroupPlace& first) {
    std::vector<GroupPlace> places;
    for (GroupPlace at = first; at.valid(); at = start(at).next) places.push_back(at);
    std::ranges::sort(places, {}, [&](GroupPlace at) { return groups(at).first(at.group); });
    for (std::size_t i = 0; i < places.size(); ++i) {
      start(places[i]).next = i + 1 < places.size() ? places[i + 1] : GroupPlace();
      if (i > 0) groups(places[i]).set_follows(places[i].group);
    }
    first = places.front();
  }

  [[nodiscard]] GroupTable& groups(GroupPlace at) const { return parts_[at.part]->groups; }
  [[nodiscard]] GroupStart& start(GroupPlace at) const { return groups(at).start(at.group); }

  std::vector<ScanPart*>& parts_;
  std::size_t share_;
  std::vector<GroupPlace> linked_;
};

}  // namespace

JoinedGroups join_groups(std::vector<ScanPart*> parts) {
  JoinedGroups out;
  if (parts.size() > 1) {
    std::vector<Joined> shares;
    for (std::size_t i = 0; i < parts.size(); ++i) shares.emplace_back(parts, i);
    in_threads(parts.size(), [&](std::size_t i) { shares[i].join(); });
    for (const Joined& share : shares) out.of_several.insert(out.of_several.end(), share.linked().begin(), share.linked().end());
  }
  std::size_t most = 0;
  for (const ScanPart* part : parts) most += part->groups.size();
  out.all.reserve(most);
  std::vector<std::uint32_t> next(parts.size());
  while (true) {
    GroupPlace least;
    std::uint64_t first = 0;
    for (std::uint32_t p = 0; p < parts.size(); ++p) {
      const GroupTable& groups = parts[p]->groups;
      while (next[p] < groups.size() && groups.follows(next[p])) ++next[p];
      if (next[p] == groups.size() || (least.valid() && groups.first(next[p]) > first)) continue;
      least = {p, next[p]};
      first = groups.first(next[p]);
    }
    if (!least.valid()) return out;
    out.all.push_back(least);
    ++next[least.part];
  }
}

}  // namespace kenzan::engine
