#include "engine/listed.hpp"

#include <algorithm>
#include <iterator>

namespace kenzan::engine {

void ListedInstances::add(const dsl::Rule& rule, const RuleVerdicts& verdicts, std::size_t i) {
  if (rules_.empty() || rules_.back().rule != &rule) rules_.push_back({&rule, verdicts.all(), codes_.size(), verdicts_.size()});
  for (const auto& column : verdicts.labels) codes_.push_back(column[i]);
  for (std::size_t d = 0; d < verdicts.labels.size(); ++d) codes_.push_back(verdicts.spellings_of(d)[i]);
  verdicts_.push_back(verdicts.verdicts[i]);
}

Listed ListedInstances::operator[](std::size_t i) const {
  const auto behind = std::ranges::upper_bound(rules_, i, {}, &OfRule::first);
  const OfRule& of = *std::prev(behind);
  const std::size_t dims = of.rule->by.size();
  const auto codes = codes_.begin() + static_cast<std::ptrdiff_t>(of.codes + (i - of.first) * 2 * dims);
  const auto spellings = codes + static_cast<std::ptrdiff_t>(dims);
  return {of.rule, {{codes, spellings}, {spellings, spellings + static_cast<std::ptrdiff_t>(dims)}}, of.instances, verdicts_[i]};
}

}  // namespace kenzan::engine
