// What edits change in a file, as a unified diff: for people, `patch` and `git apply`.
#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "engine/fix/edits.hpp"

namespace kenzan::cli {

/// How a diff is drawn. `exact`: byte for byte, for programs; else nothing in a line can move a cursor or hide.
struct DiffStyle {
  bool color = false, exact = true;
};

/// Appends the lines that edits change with three lines around, headed `--- a/path` and `+++ b/path`. Lines end with LF; what stands
/// before it, as the CR of CRLF, is part of the line.
///
/// Shape:  `edits` are sorted, not empty, and do not overlap.
/// Cost:   one pass over `before`, and the lines shown.
void append_diff(std::string& out, std::string_view path, std::string_view before, const std::vector<engine::Edit>& edits,
                 DiffStyle style);

}  // namespace kenzan::cli
