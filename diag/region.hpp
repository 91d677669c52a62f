// Places as reports for editors and services give them.
#pragma once
#include <cstdint>
#include <string_view>

#include "diag/report.hpp"
#include "diag/source.hpp"

namespace kenzan {

/// A place in one line of a file, counted from 1. The end is behind the last character.
struct Region {
  std::string_view path;
  std::uint32_t line = 0, column = 0, end_column = 0;  ///< columns in code points
  std::uint32_t byte = 0, end_byte = 0;                ///< the same columns in bytes of UTF-8
};

/// Where a valid span stands; of a span of several lines, the part in its first.
[[nodiscard]] Region region_of(const SourceMap& sources, Span span);

/// Where a finding points. Services refuse a report with a finding that has no place: such a finding gets that of the first rule.
/// Invalid only in a report without rules.
[[nodiscard]] Span place_in(const Report& report, const Finding& finding);

}  // namespace kenzan
