// Where renderers write: bytes go on in pieces, so that a report of very many findings is never held as text.
#pragma once
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <utility>

namespace kenzan {

/// Gathers text and hands it on in pieces of about 64 KiB. After the first piece that could not be written nothing more is handed on.
class Sink {
 public:
  /// Takes a piece; false if it could not be written.
  using Write = std::function<bool(std::string_view piece)>;
  explicit Sink(Write write) : write_(std::move(write)) {}

  /// The text that has not been handed on: append to it.
  [[nodiscard]] std::string& text() { return text_; }
  /// Hands on what there is, if it is enough for a piece. To be called between findings.
  void pass_on() {
    if (text_.size() >= piece) finish();
  }
  /// Hands on the rest. Whether everything was written.
  bool finish() {
    passed_ += text_.size();
    good_ = good_ && (text_.empty() || write_(text_));
    text_.clear();
    return good_;
  }
  [[nodiscard]] bool good() const { return good_; }
  /// How many bytes were appended so far.
  [[nodiscard]] std::size_t size() const { return passed_ + text_.size(); }

 private:
  static constexpr std::size_t piece = 1 << 16;
  Write write_;
  std::string text_;
  std::size_t passed_ = 0;
  bool good_ = true;
};

}  // namespace kenzan
