// A data file that is a text of the test.
#pragma once
#include <algorithm>
#include <cstring>
#include <string>

#include "engine/stream/input.hpp"

namespace kenzan::test {

/// `text` outlives it.
class TextInput : public engine::Input {
 public:
  explicit TextInput(const std::string& text) : text_(text) {}
  [[nodiscard]] std::uint64_t size() const override { return text_.size(); }
  [[nodiscard]] Result<std::size_t, std::string> read_at(std::uint64_t offset, char* to, std::size_t size) const override {
    const std::size_t count = offset < text_.size() ? std::min<std::size_t>(size, text_.size() - offset) : 0;
    std::memcpy(to, text_.data() + offset, count);
    return count;
  }

 private:
  const std::string& text_;
};

}  // namespace kenzan::test
