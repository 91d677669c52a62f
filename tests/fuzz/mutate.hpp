// Makes wrong inputs out of right ones, the same ones each time: bytes flipped, pieces cut out, doubled, moved, spliced in from
// another input, words of a dictionary put in.
#pragma once
#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/random.hpp"

namespace kenzan::test {

class Mutator {
 public:
  Mutator(std::uint64_t seed, std::vector<std::string> dictionary) : random_(seed), dictionary_(std::move(dictionary)) {}

  /// One to eight changes of `input`; `other` gives pieces to splice in. At most `longest` bytes.
  std::string operator()(std::string input, std::string_view other) {
    const std::size_t changes = std::size_t{1} << random_.below(4);
    for (std::size_t i = 0; i < changes; ++i) change(input, other);
    if (input.size() > longest) input.resize(longest);
    return input;
  }

  static constexpr std::size_t longest = 1 << 16;

 private:
  struct Piece {
    std::size_t begin, length;
  };

  /// A piece of the text: a token (run of letters, digits and bytes beyond ASCII, or one sign), a line, or any bytes.
  Piece piece(std::string_view text) {
    if (text.empty()) return {0, 0};
    const std::size_t at = random_.below(text.size());
    std::size_t begin = at, end = at + 1;
    switch (random_.below(3)) {
      case 0:
        while (begin > 0 && in_word(text[begin]) && in_word(text[begin - 1])) --begin;
        while (end < text.size() && in_word(text[at]) && in_word(text[end])) ++end;
        break;
      case 1:
        while (begin > 0 && text[begin - 1] != '\n') --begin;
        while (end < text.size() && text[end - 1] != '\n') ++end;
        break;
      default: end = std::min(text.size(), at + 1 + random_.below(16)); break;
    }
    return {begin, end - begin};
  }

  static bool in_word(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           byte == '_' || byte == '.' || byte == ',';
  }

  void change(std::string& text, std::string_view other) {
    const Piece p = piece(text);
    switch (random_.below(8)) {
      case 0:  // flip a bit
        if (!text.empty()) text[p.begin] = static_cast<char>(text[p.begin] ^ (1 << random_.below(8)));
        break;
      case 1:  // any byte
        if (!text.empty()) text[p.begin] = static_cast<char>(random_.below(256));
        break;
      case 2: text.erase(p.begin, p.length); break;
      case 3: {  // double, sometimes many times over
        const std::string copy = text.substr(p.begin, p.length);
        const std::size_t times = random_.below(16) == 0 ? random_.below(300) : 1;
        for (std::size_t i = 0; i < times && text.size() < longest; ++i) text.insert(p.begin, copy);
        break;
      }
      case 4: {  // move
        const std::string moved = text.substr(p.begin, p.length);
        text.erase(p.begin, p.length);
        text.insert(piece(text).begin, moved);
        break;
      }
      case 5: {  // a piece of another input instead
        const Piece from = piece(other);
        text.replace(p.begin, p.length, other.substr(from.begin, from.length));
        break;
      }
      case 6: text.insert(p.begin, word()); break;
      default: text.replace(p.begin, p.length, word()); break;
    }
  }

  std::string word() {
    if (dictionary_.empty()) return std::string(1, static_cast<char>(random_.below(256)));
    return dictionary_[random_.below(dictionary_.size())];
  }

  Random random_;
  std::vector<std::string> dictionary_;
};

}  // namespace kenzan::test
