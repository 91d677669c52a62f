#include "diag/coverage.hpp"

#include <numeric>

namespace kenzan {

HoldCounts counts_of(const std::vector<FigureCoverage>& figures) {
  HoldCounts out{};
  for (const FigureCoverage& figure : figures) ++out[static_cast<std::size_t>(figure.hold)];
  return out;
}

std::size_t all(const HoldCounts& counts) { return std::accumulate(counts.begin(), counts.end(), std::size_t{0}); }

std::size_t checked(const HoldCounts& counts) { return all(counts) - counts[static_cast<std::size_t>(Hold::unchecked)]; }

std::string share_text(std::size_t some, std::size_t of) {
  const std::size_t permille = of == 0 ? 1000 : some * 1000 / of;
  return std::to_string(permille / 10) + "." + std::to_string(permille % 10);
}

Message summary_of(const HoldCounts& counts) {
  return say(MessageId::coverage_summary, {{"checked", std::to_string(checked(counts))},
                                           {"total", std::to_string(all(counts))},
                                           {"percent", share_text(checked(counts), all(counts))}});
}

}  // namespace kenzan
