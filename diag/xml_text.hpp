// Text in XML 1.0.
#pragma once
#include <string>
#include <string_view>

namespace kenzan {

/// Appends text that stands between tags, or in an attribute's double quotes when `attribute`: there line breaks and tabs are
/// written as numbers, or readers would make blanks of them. What XML 1.0 cannot hold in any form (most control characters,
/// malformed bytes) becomes U+FFFD.
void append_xml(std::string& out, std::string_view text, bool attribute = false);

/// Appends ` name="value"`.
void append_attribute(std::string& out, std::string_view name, std::string_view value);
void append_attribute(std::string& out, std::string_view name, std::size_t value);

}  // namespace kenzan
