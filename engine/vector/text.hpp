// Texts during evaluation: codes of the run's texts, and of those that functions make on the way.
#pragma once
#include <deque>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "engine/matcher.hpp"
#include "engine/table/table.hpp"
#include "engine/vector/kernels.hpp"

namespace kenzan::engine {

/// Reads the run's texts and adds to them, without changing them. Equal codes are equal spellings here, too.
class TextPool {
 public:
  explicit TextPool(const Texts& texts);
  TextPool(const TextPool&) = delete;
  TextPool& operator=(const TextPool&) = delete;

  [[nodiscard]] Code code_of(std::string_view text);
  [[nodiscard]] std::string_view text(Code code) const;
  [[nodiscard]] Code label_of(Code code);
  /// The label of an integer, if some text of the run has it; otherwise a code that no row has.
  [[nodiscard]] Code label_of_integer(const Rational& value);

  enum class Function : std::uint8_t { nfkc, trim, lower };
  [[nodiscard]] Code apply(Function function, Code code);
  [[nodiscard]] std::size_t length(Code code);
  /// Whether `pattern` (RE2) matches somewhere in the text. Each pattern sees each text once.
  [[nodiscard]] bool matches(const std::string& pattern, Code code);

 private:
  static constexpr Code added_bit = Code{1} << 31;
  const Texts& texts_;
  std::deque<std::string> added_;
  std::unordered_map<std::string_view, Code> codes_;
  std::unordered_map<Code, Code> added_labels_;
  std::unordered_map<Code, Code> applied_[3];
  std::unordered_map<Code, std::size_t> lengths_;
  Matcher matcher_;
  std::unordered_map<std::string, std::unordered_map<Code, bool>> matched_;
};

/// A column of texts or dates (as canonical texts). Flags: missing, unknown, no_instance.
struct TextValues {
  std::vector<Code> codes;
  std::vector<Flags> flags;
  [[nodiscard]] static TextValues of(std::size_t size, Code code) {
    return {std::vector<Code>(size, code), std::vector<Flags>(size)};
  }
};

}  // namespace kenzan::engine
