#include "engine/stream/groups.hpp"

#include <algorithm>
#include <boost/container/small_vector.hpp>
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
    constexpr std::size_t together = 32;
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
    if (!two()) std::ranges::for_each(linked_, [&](GroupPlace& first) { put_in_order(first); });
  }

  /// The first of the groups of each key that several threads have found.
  [[nodiscard]] const PagedVector<GroupPlace>& linked() const { return linked_; }

 private:
  /// Whether what is linked once stays so.
  [[nodiscard]] bool two() const { return parts_.size() == 2; }

  void take(std::vector<GroupPlace>& some) {
    for (const GroupPlace here : some) {
      for (std::uint32_t q = 0; q < here.part; ++q) {
        const std::uint32_t likely = parts_[q]->groups.likely(groups(here).hash_of(here.group));
        if (likely != GroupTable::absent) parts_[q]->groups.bring_start_near(likely);
      }
    }
    for (const GroupPlace here : some) {
      const GroupTable& own = groups(here);
      for (std::uint32_t q = 0; q < here.part; ++q) {
        const std::uint32_t known = parts_[q]->groups.find(own.key(here.group), own.hash_of(here.group));
        if (known == GroupTable::absent) continue;
        const GroupPlace root{q, known};
        if (!start(root).next.valid()) linked_.push_back(root);
        start(here).next = std::exchange(start(root).next, here);
        if (two()) put_in_order(linked_.back());
        break;
      }
    }
    some.clear();
  }

  /// Links the groups behind `first` by their first records, and makes it the first of them.
  void put_in_order(GroupPlace& first) {
    constexpr std::size_t mostly = 8;
    boost::container::small_vector<GroupPlace, mostly> places;
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
  PagedVector<GroupPlace> linked_;
};

/// Goes through the groups of all parts by their first records: calls `take(part, begin, end)` for as many of a part as stand together,
/// as long as it returns true.
template <class F>
void by_first(const std::vector<ScanPart*>& parts, F take) {
  std::vector<std::uint32_t> next(parts.size());
  while (true) {
    constexpr std::uint64_t none = ~std::uint64_t{0};
    std::uint64_t least = none, behind = none;
    std::uint32_t part = 0;
    for (std::uint32_t p = 0; p < parts.size(); ++p) {
      const std::uint64_t first = next[p] < parts[p]->groups.size() ? parts[p]->groups.first(next[p]) : none;
      behind = std::min(behind, std::max(first, least));
      if (first < least) part = p;
      least = std::min(least, first);
    }
    if (least == none) return;
    const GroupTable& groups = parts[part]->groups;
    const std::uint32_t begin = next[part];
    while (next[part] < groups.size() && groups.first(next[part]) < behind) ++next[part];
    if (!take(part, begin, next[part])) return;
  }
}

std::size_t size_of_all(const std::vector<ScanPart*>& parts) {
  std::size_t size = 0;
  for (const ScanPart* part : parts) size += part->groups.size();
  return size;
}

/// Where the keys ascend in each part and from part to part, what several have found of a group stands side by side. False, and
/// nothing linked, where they do not.
bool join_in_order(const std::vector<ScanPart*>& parts, JoinedGroups& out) {
  if (!std::ranges::all_of(parts, [](const ScanPart* part) { return part->groups.ascends(); })) return false;
  const auto groups = [&](GroupPlace at) -> GroupTable& { return parts[at.part]->groups; };
  std::vector<std::pair<GroupPlace, GroupPlace>> links;
  GroupPlace last;
  std::string key_of_last, key_of_here;
  bool ascends = true;
  out.all.reserve(size_of_all(parts));
  by_first(parts, [&](std::uint32_t part, std::uint32_t begin, std::uint32_t end) {
    const GroupPlace here{part, begin};
    const int order =
        last.valid() ? groups(last).key(last.group, key_of_last).compare(groups(here).key(here.group, key_of_here)) : -1;
    if (order == 0) links.emplace_back(last, here);
    for (std::uint32_t g = order == 0 ? begin + 1 : begin; g < end; ++g) out.all.push_back({part, g});
    last = {part, end - 1};
    return ascends = order <= 0;
  });
  if (!ascends) {
    out.all.clear();
    return false;
  }
  for (const auto& [before, here] : links) {
    groups(before).set_next(before.group, here);
    groups(here).set_follows(here.group);
    if (!groups(before).follows(before.group)) out.of_several.push_back(before);
  }
  return true;
}

}  // namespace

JoinedGroups join_groups(std::vector<ScanPart*> parts) {
  JoinedGroups out;
  out.ascends = join_in_order(parts, out);
  if (out.ascends) return out;
  if (parts.size() > 1) {
    in_threads(parts.size(), [&](std::size_t i) { parts[i]->groups.end_order(); });
    std::vector<Joined> shares;
    for (std::size_t i = 0; i < parts.size(); ++i) shares.emplace_back(parts, i);
    in_threads(parts.size(), [&](std::size_t i) { shares[i].join(); });
    for (const Joined& share : shares) out.of_several.insert(out.of_several.end(), share.linked().begin(), share.linked().end());
  }
  out.all.reserve(size_of_all(parts));
  by_first(parts, [&](std::uint32_t part, std::uint32_t begin, std::uint32_t end) {
    for (std::uint32_t g = begin; g < end; ++g) {
      if (!parts[part]->groups.follows(g)) out.all.push_back({part, g});
    }
    return true;
  });
  return out;
}

}  // namespace kenzan::engine
