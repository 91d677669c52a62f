// The name under which a finding is known from one run to the next.
#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace kenzan::engine {

/// Returns 16 hexadecimal digits that stay the same while a finding stays the same: of the rule or the built-in code, the name of
/// the file without its folder, the table, the field and the key. Lines and values do not take part, so that neither an inserted
/// row nor another wrong number makes a finding new.
[[nodiscard]] std::string fingerprint(std::string_view rule_or_code, std::string_view path, std::string_view table,
                                      std::string_view field, const std::vector<std::pair<std::string, std::string>>& key);

}  // namespace kenzan::engine
