// The plain spelling of a number that is written oddly, where there is one and no doubt about it.
#pragma once
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/figure_text.hpp"

namespace kenzan::engine {

/// What a column makes of a text, and whether there is something to report about it.
struct TriedSpelling {
  Figure figure;
  bool told = false;
};
using TrySpelling = std::function<TriedSpelling(std::string_view text)>;

/// Returns another spelling of `written`, about which there is nothing to report.
///
/// What is read with a complaint: the same figure, to its last decimal, without blanks inside or without its exponent.
/// What is refused: without characters that cannot be seen, or with the grouping and decimal signs of the column instead of those of
/// another country; and only if nothing else can be meant: no text that differs from it by one character less, or one digit more, is
/// another number of this column. So `41,7` and `1,2345` are left as they are.
///
/// Missing: nothing for a text that has no such spelling, or of more than 100 characters.
/// Cost:    two readings for each character.
[[nodiscard]] std::optional<std::string> respelled(std::string_view written, const FigureFormat& format, const TrySpelling& read);

}  // namespace kenzan::engine
