#include "engine/matcher.hpp"

#include <re2/re2.h>

namespace kenzan::engine {

Matcher::Matcher() = default;
Matcher::~Matcher() = default;

bool Matcher::matches(const std::string& pattern, std::string_view text) {
  std::unique_ptr<re2::RE2>& compiled = patterns_[pattern];
  if (!compiled) {
    re2::RE2::Options options;
    options.set_log_errors(false);
    compiled = std::make_unique<re2::RE2>(pattern, options);
  }
  return compiled->ok() && re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *compiled);
}

}  // namespace kenzan::engine
