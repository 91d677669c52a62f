// Regular expressions compiled once each.
#pragma once
#include <map>
#include <memory>
#include <string>
#include <string_view>

namespace re2 {
class RE2;
}

namespace kenzan::engine {

/// Compiled patterns by their text. Not for several threads.
class Matcher {
 public:
  Matcher();
  ~Matcher();
  Matcher(const Matcher&) = delete;
  Matcher& operator=(const Matcher&) = delete;

  /// Whether `pattern` (RE2) matches anywhere in `text`. A pattern that does not compile, which the checker refuses, matches nothing.
  [[nodiscard]] bool matches(const std::string& pattern, std::string_view text);

 private:
  std::map<std::string, std::unique_ptr<re2::RE2>> patterns_;
};

}  // namespace kenzan::engine
