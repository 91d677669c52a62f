// The instances of a run that are to be explained.
#pragma once
#include <cstddef>
#include <vector>

#include "engine/vector/vector.hpp"

namespace kenzan::engine {

/// An instance that is to be explained, of so many of its rule.
struct Listed {
  const dsl::Rule* rule = nullptr;
  Instance instance;
  std::size_t instances = 0;
  Verdict verdict{};
};

/// Very many of them: a few bytes each.
class ListedInstances {
 public:
  /// Adds instance i of `verdicts`; those of a rule one after the other.
  void add(const dsl::Rule& rule, const RuleVerdicts& verdicts, std::size_t i);
  [[nodiscard]] std::size_t size() const { return verdicts_.size(); }
  [[nodiscard]] Listed operator[](std::size_t i) const;

 private:
  struct OfRule {
    const dsl::Rule* rule;
    std::size_t instances;
    std::size_t codes;  ///< where its labels and spellings begin, an instance's after the other's
    std::size_t first;  ///< which of all listed instances is its first
  };
  std::vector<OfRule> rules_;
  std::vector<Code> codes_;
  std::vector<Verdict> verdicts_;
};

}  // namespace kenzan::engine
