// What a set of rules would notice, as data: how firmly it holds each figure, and how small a change each rule sees.
#pragma once
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "diag/finding.hpp"

namespace kenzan {

/// How firmly rules hold a figure: between two ends, on one side, by a rule that bounds it on no side, or not at all.
enum class Hold : std::uint8_t { pinned, bounded, loose, unchecked };
inline constexpr std::size_t hold_count = 4;
inline constexpr std::string_view hold_names[] = {"pinned", "bounded", "loose", "unchecked"};  ///< by Hold
[[nodiscard]] inline std::string_view name_of(Hold hold) { return hold_names[static_cast<std::size_t>(hold)]; }

/// How many figures are held how firmly: by Hold.
using HoldCounts = std::array<std::size_t, hold_count>;

struct FigureCoverage {
  CellEvidence cell;
  Hold hold = Hold::unchecked;
  /// What the rules leave for its true value, the other figures being what they are: in the unit of the cell, "-inf", "inf" where
  /// there is no end. The own rounding of the figure is left out of account.
  std::string low, high;
  bool low_closed = false, high_closed = false;
  std::vector<std::string> rules;  ///< that read it, by name
};

struct RuleCoverage {
  std::string rule;
  std::size_t instances = 0, figures = 0;
  /// Of the figures that the rule bounds on both sides: the smallest change that it is sure to see, of the figure that it sees best,
  /// and of the one that it sees worst, in `unit`; figures of another dimension than the first are left out. None where it bounds
  /// none so.
  std::optional<std::string> least, most;
  std::string unit;
  bool one_sided = false;  ///< it bounds some figure on one side only
};

/// Slips of one kind, each in one figure: how many were tried, and how many of them some rule would see.
struct SlipCoverage {
  std::string slip;  ///< as in Suggestion
  MessageId words;   ///< the same for people
  std::size_t tried = 0, seen = 0;
  /// Of some of those that violate a rule it is asked which figure would be suggested: of how many, for how many of them others explain
  /// it as well as this one, and for how many of the rest this one comes first, and among three.
  std::size_t asked = 0, tied = 0, first = 0, in_three = 0;
};

struct Coverage {
  std::vector<FigureCoverage> figures;  ///< in the order of the tables
  std::vector<RuleCoverage> rules;      ///< that were judged, in the order of the program
  std::vector<SlipCoverage> slips;      ///< where they were tried: by kind, in the order of plausibility
};

[[nodiscard]] HoldCounts counts_of(const std::vector<FigureCoverage>& figures);
[[nodiscard]] std::size_t all(const HoldCounts& counts);
[[nodiscard]] std::size_t checked(const HoldCounts& counts);  ///< all but the unchecked

/// `99.4`: percent, cut and not rounded, so that 100.0 means all.
[[nodiscard]] std::string share_text(std::size_t some, std::size_t of);

/// How many figures are checked by a rule.
[[nodiscard]] Message summary_of(const HoldCounts& counts);

}  // namespace kenzan
