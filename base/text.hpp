// Text as publications print it: folding for comparison, width on a screen, code points, near names.
#pragma once
#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace kenzan {

/// Whether `text` is well-formed UTF-8; the offset of the first bad byte otherwise.
[[nodiscard]] std::optional<std::size_t> first_invalid_utf8(std::string_view text);

/// NFKC; lower case; without white space (any script's) at the ends. Malformed UTF-8 is returned unchanged, and
/// by `nfkc` text with more than 255 combining marks in a row.
[[nodiscard]] std::string nfkc(std::string_view text);
[[nodiscard]] std::string lower(std::string_view text);
[[nodiscard]] std::string trim(std::string_view text);
[[nodiscard]] std::string_view trim_view(std::string_view text);  ///< the same, as a part of `text`

/// Folds a header, key, label or reference for comparison: NFKC, trimmed, white space beside a non-ASCII character removed, other
/// runs of white space one blank. Idempotent. Malformed UTF-8 is returned unchanged. Cost: linear; ASCII without double blanks is
/// copied.
[[nodiscard]] std::string fold(std::string_view text);

/// Whether folding leaves a text as it is, as far as a quick look tells: true for most labels that it does.
/// Cost: a pass over the bytes.
[[nodiscard]] bool is_surely_folded(std::string_view text);

/// Number of code points (a malformed byte counts one).
[[nodiscard]] std::size_t code_points(std::string_view text);

/// Cells taken on a terminal: East Asian wide and full-width characters two, and so the signs of ambiguous width that Japanese
/// publications use (△ ▲ ― … ①); ambiguous letters (é, Greek, Cyrillic) one; combining marks none; a tab and a malformed byte one.
/// Does not depend on the text around, so that the widths of parts add up.
[[nodiscard]] std::size_t display_width(std::string_view text);

/// The candidate nearest to `wanted` (both folded) by edit distance, if it is near enough to be a slip of the pen: at most a third
/// of the longer name, at least one edit allowed, and something in common. A swap of two neighbours is one edit. Ties go to the
/// first.
[[nodiscard]] std::optional<std::string> near_name(std::string_view wanted, std::span<const std::string> candidates);

}  // namespace kenzan
