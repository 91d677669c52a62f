#include "engine/stream/groups.hpp"

#include <algorithm>
#include <bit>
#include <utility>

#include "engine/threads.hpp"

namespace kenzan::engine {
namespace {

/// Links the groups of one share of the hashes.
class Joined {
 public:
  Joined(std::vector<ScanPart*>& parts, std::size_t share) : parts_(parts), share_(share) {}

  void join() {
    std::size_t count = 0;
    for_each([&](GroupPlace, std::uint64_t) { ++count; });
    heads_.assign(std::bit_ceil(2 * count + 1), {});
    for_each([&](GroupPlace here, std::uint64_t hash) { take(here, hash); });
    std::ranges::sort(linked_);
    linked_.erase(std::ranges::unique(linked_).begin(), linked_.end());
  }

  void add_linked(std::vector<GroupPlace>& to) const {
    for (const std::size_t at : linked_) to.push_back(heads_[at]);
  }

 private:
  template <class F>
  void for_each(F take) {
    for (std::uint32_t p = 0; p < parts_.size(); ++p) {
      for (std::uint32_t g = 0; g < parts_[p]->groups.size(); ++g) {
        const std::uint64_t hash = parts_[p]->groups.hash_of(g);
        if ((hash >> 32) % parts_.size() == share_) take({p, g}, hash);
      }
    }
  }

  void take(GroupPlace here, std::uint64_t hash) {
    const std::size_t mask = heads_.size() - 1;
    std::size_t at = hash & mask;
    while (heads_[at].valid() && !same(heads_[at], here, hash)) at = (at + 1) & mask;
    GroupPlace& head = heads_[at];
    if (!head.valid()) {
      head = here;
      return;
    }
    if (first(here) < first(head)) {
      groups(head).set_follows(head.group);
      start(here).next = std::exchange(head, here);
    } else {
      groups(here).set_follows(here.group);
      start(here).next = std::exchange(start(head).next, here);
    }
    linked_.push_back(at);
  }

  [[nodiscard]] bool same(GroupPlace a, GroupPlace b, std::uint64_t hash) const {
    const GroupTable &first = parts_[a.part]->groups, &second = parts_[b.part]->groups;
    return first.hash_of(a.group) == hash && same_bytes(first.key(a.group), second.key(b.group));
  }
  [[nodiscard]] GroupTable& groups(GroupPlace at) const { return parts_[at.part]->groups; }
  [[nodiscard]] GroupStart& start(GroupPlace at) const { return groups(at).start(at.group); }
  [[nodiscard]] std::uint64_t first(GroupPlace at) const { return groups(at).first(at.group); }

  std::vector<ScanPart*>& parts_;
  std::size_t share_;
  std::vector<GroupPlace> heads_;
  std::vector<std::size_t> linked_;  ///< heads with others
};

}  // namespace

JoinedGroups join_groups(std::vector<ScanPart*> parts) {
  JoinedGroups out;
  if (parts.size() > 1) {
    std::vector<Joined> shares;
    for (std::size_t i = 0; i < parts.size(); ++i) shares.emplace_back(parts, i);
    in_threads(parts.size(), [&](std::size_t i) { shares[i].join(); });
    for (const Joined& share : shares) share.add_linked(out.of_several);
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
