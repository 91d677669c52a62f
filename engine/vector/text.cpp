#include "engine/vector/text.hpp"

#include "base/text.hpp"

namespace kenzan::engine {
TextPool::TextPool(const Texts& texts) : texts_(texts) {}

Code TextPool::code_of(std::string_view wanted) {
  Code code = 0;
  if (texts_.find(wanted, code) && texts_.text(code) == wanted) return code;
  if (const auto at = codes_.find(wanted); at != codes_.end()) return at->second;
  code = added_bit | static_cast<Code>(added_.size());
  codes_.emplace(added_.emplace_back(wanted), code);
  return code;
}

std::string_view TextPool::text(Code code) const { return code & added_bit ? added_[code & ~added_bit] : texts_.text(code); }

Code TextPool::label_of(Code code) {
  if (!(code & added_bit)) return texts_.label_of(code);
  if (const auto at = added_labels_.find(code); at != added_labels_.end()) return at->second;
  const Code label = code_of(fold(text(code)));
  added_labels_.emplace(code, label);
  return label;
}

Code TextPool::label_of_integer(const Rational& value) { return code_of(exact_text(value)); }

Code TextPool::apply(Function function, Code code) {
  auto& seen = applied_[static_cast<std::size_t>(function)];
  if (const auto at = seen.find(code); at != seen.end()) return at->second;
  Code result = code;
  switch (function) {
    case Function::nfkc: result = code_of(nfkc(text(code))); break;
    case Function::trim: result = code_of(trim_view(text(code))); break;
    case Function::lower: result = code_of(lower(text(code))); break;
  }
  seen.emplace(code, result);
  return result;
}

std::size_t TextPool::length(Code code) {
  const auto [at, fresh] = lengths_.emplace(code, 0);
  if (fresh) at->second = code_points(text(code));
  return at->second;
}

bool TextPool::matches(const std::string& pattern, Code code) {
  const auto [at, fresh] = matched_[pattern].emplace(code, false);
  if (fresh) at->second = matcher_.matches(pattern, text(code));
  return at->second;
}

}  // namespace kenzan::engine
