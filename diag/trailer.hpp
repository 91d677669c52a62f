// The lines under an excerpt: `= note: …`, `= help: …`, `= source: …`.
#pragma once
#include <span>
#include <string>
#include <string_view>

#include "diag/palette.hpp"
#include "diag/visible.hpp"

namespace kenzan {

/// Appends labelled lines, in line with an excerpt of the given gutter.
class Trailer {
 public:
  Trailer(std::string& out, std::size_t gutter, const Palette& palette, Language language)
      : out_(out), gutter_(gutter), palette_(palette), language_(language) {}

  void line(MessageId label, std::string_view text) {
    out_.append(gutter_ + 1, ' ').append(palette_.gutter).append("=").append(palette_.reset).append(" ");
    out_.append(palette_.strong).append(draw(say(label), language_)).append(palette_.reset);
    out_.append(": ").append(visible(text)).append("\n");
  }
  void lines(MessageId label, std::span<const Message> messages) {
    for (const Message& message : messages) line(label, draw(message, language_));
  }

 private:
  std::string& out_;
  std::size_t gutter_;
  const Palette& palette_;
  Language language_;
};

}  // namespace kenzan
