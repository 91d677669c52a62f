// Which of several things hang together.
#pragma once
#include <cstdint>
#include <numeric>
#include <vector>

namespace kenzan::engine {

/// Groups 0 … count − 1: two are in one group that share an unknown. `unknowns_of(i, tell)` tells those of one.
template <class UnknownsOf>
[[nodiscard]] std::vector<std::vector<std::uint32_t>> linked(std::size_t count, std::size_t unknowns, UnknownsOf unknowns_of) {
  constexpr std::uint32_t none = ~std::uint32_t{0};
  std::vector<std::uint32_t> first(unknowns, none), parent(count);
  std::iota(parent.begin(), parent.end(), 0);
  const auto root = [&](std::uint32_t i) {
    while (parent[i] != i) i = parent[i] = parent[parent[i]];
    return i;
  };
  for (std::uint32_t i = 0; i < count; ++i) {
    unknowns_of(i, [&](std::uint32_t unknown) {
      std::uint32_t& known = first[unknown];
      if (known == none) known = i;
      parent[root(i)] = root(known);
    });
  }
  std::vector<std::vector<std::uint32_t>> out;
  std::vector<std::uint32_t> place(count, none);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::uint32_t& at = place[root(i)];
    if (at == none) {
      at = static_cast<std::uint32_t>(out.size());
      out.emplace_back();
    }
    out[at].push_back(i);
  }
  return out;
}

}  // namespace kenzan::engine
