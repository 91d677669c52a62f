// Text from outside in a form that is safe to show: nothing in it can move a cursor, reorder a line or hide.
#pragma once
#include <cstddef>
#include <string>
#include <string_view>

namespace kenzan {

/// Appends the code point at `at` (< text.size()) to `out` as it is shown, and returns how many bytes of `text` it took.
///
/// Control characters become their pictures (ESC → ␛, a line break → ␊, DEL → ␡); C1 controls, bidirectional controls, tags and
/// other characters without a shape become their number (<U+202E>); a malformed byte becomes U+FFFD. Combining marks and
/// variation selectors stay: names are written with them.
std::size_t append_visible(std::string& out, std::string_view text, std::size_t at);

/// The whole of `text` as it is shown: always one line, always well-formed.
[[nodiscard]] std::string visible(std::string_view text);

/// Whether a character has no shape of its own but acts on a terminal or an editor: C0 and C1 controls, bidirectional controls,
/// zero-width spaces, line separators, tags.
[[nodiscard]] bool is_hidden(char32_t code);

}  // namespace kenzan
