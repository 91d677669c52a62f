// Columns of truths: a byte for each item, combined by tables that are filled from the connectives of verdict.hpp.
#pragma once
#include <array>
#include <cstdint>
#include <vector>

#include "engine/verdict.hpp"

namespace kenzan::engine {

/// A Truth in five bits, and whether some lag had no label before it.
using TruthByte = std::uint8_t;
using Truths = std::vector<TruthByte>;
inline constexpr TruthByte truth_mask = 0x1f;
inline constexpr TruthByte truth_no_instance = 0x20;

[[nodiscard]] constexpr TruthByte packed(const Truth& t) {
  return static_cast<TruthByte>(t.can_be_true | t.can_be_false << 1 | t.written << 2 | t.missing << 3 | t.unknown << 4);
}
[[nodiscard]] constexpr Truth unpacked(TruthByte b) {
  return Truth{(b & 1) != 0, (b & 2) != 0, (b & 4) != 0, (b & 8) != 0, (b & 16) != 0};
}
[[nodiscard]] constexpr TruthByte packed(bool value) { return value ? 1 | 4 : 2; }
[[nodiscard]] constexpr bool determined_false(TruthByte b) { return (b & 3) == 2; }
[[nodiscard]] constexpr bool determined_true(TruthByte b) { return (b & 3) == 1; }
[[nodiscard]] constexpr bool determined(TruthByte b) { return (b & 3) != 3; }
inline constexpr TruthByte undetermined_missing = 1 | 2 | 8;
inline constexpr TruthByte undetermined_unknown = 1 | 2 | 16;

/// The connectives for all pairs of bytes.
class TruthTables {
 public:
  TruthTables();
  [[nodiscard]] TruthByte negated(TruthByte a) const { return negation_[a & truth_mask] | (a & truth_no_instance); }
  [[nodiscard]] TruthByte both(TruthByte a, TruthByte b) const { return look(conjunction_, a, b); }
  [[nodiscard]] TruthByte either(TruthByte a, TruthByte b) const { return look(disjunction_, a, b); }
  [[nodiscard]] TruthByte implied(TruthByte a, TruthByte b) const { return look(implication_, a, b); }

 private:
  using Table = std::array<TruthByte, 32 * 32>;
  [[nodiscard]] static TruthByte look(const Table& table, TruthByte a, TruthByte b) {
    return table[static_cast<std::size_t>((a & truth_mask) << 5 | (b & truth_mask))] | ((a | b) & truth_no_instance);
  }
  std::array<TruthByte, 32> negation_{};
  Table conjunction_{}, disjunction_{}, implication_{};
};

}  // namespace kenzan::engine
