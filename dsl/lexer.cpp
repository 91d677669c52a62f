#include "dsl/lexer.hpp"

#include <algorithm>

#include "base/utf8.hpp"
#include "dsl/lexer_text.hpp"

namespace kenzan::dsl {

namespace {

class Lexer {
 public:
  Lexer(const SourceMap& sources, SourceId source, Diagnostics& diagnostics)
      : text_(sources.text(source)), diagnostics_(diagnostics) {
    out_.source = source;
    out_.text = text_;
  }

  Tokens run() {
    if (text_.size() > max_file_bytes) {
      diagnostics_.error({out_.source, 0, 0}, say(MessageId::file_too_large, {{"limit", "16 MiB"}}));
      out_.text = text_ = {};
    }
    out_.list.reserve(text_.size() / 5 + 2);
    if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
    while (skip_blanks()) take_token();
    push(Kind::end, at_);
    return std::move(out_);
  }

 private:
  std::string_view text_;
  Diagnostics& diagnostics_;
  Tokens out_;
  std::size_t at_ = 0;
  bool line_start_ = true;
  std::size_t line_end_ = 0;  ///< of the line of `at_`, where it is known: looked up once a line, or long lines cost their square
  bool malformed_reported_ = false;

  [[nodiscard]] CodePoint peek(std::size_t at) const { return folded_at(text_, at); }

  Token& push(Kind kind, std::size_t end) {
    Token token;
    token.kind = kind;
    token.line_start = line_start_;
    token.begin = static_cast<std::uint32_t>(at_);
    token.end = static_cast<std::uint32_t>(end);
    line_start_ = false;
    at_ = end;
    return out_.list.emplace_back(token);
  }

  void push_text(Kind kind, std::size_t end, std::string text) {
    out_.texts.push_back(std::move(text));
    push(kind, end).index = static_cast<std::uint32_t>(out_.texts.size() - 1);
  }

  void push_bad(std::size_t end, Message message) {
    const Token& token = push(Kind::bad, end);
    diagnostics_.error(out_.span(token), std::move(message));
  }

  /// Malformed UTF-8 is one mistake of the whole file: mostly another encoding.
  void report_malformed(std::size_t at) {
    if (malformed_reported_) return;
    malformed_reported_ = true;
    static constexpr char hex[] = "0123456789ABCDEF";
    const auto byte = static_cast<unsigned char>(text_[at]);
    const auto begin = static_cast<std::uint32_t>(at);
    diagnostics_.error({out_.source, begin, begin + 1},
                       say(MessageId::rule_file_not_utf8, {{"byte", std::string("0x") + hex[byte >> 4] + hex[byte & 15]}}));
  }

  /// Skips blanks and comments; false at the end of the text.
  bool skip_blanks() {
    while (at_ < text_.size()) {
      const CodePoint point = peek(at_);
      if (point.code == U'\n' || point.code == U'\r') {
        line_start_ = true;
      } else if (point.code == U'#') {
        const std::size_t end = end_of_line();
        if (const auto bad = first_invalid(at_, end)) report_malformed(*bad);
        at_ = end;
        continue;
      } else if (!(point.code == U' ' || point.code == U'\t' ||
                   (point.valid && point.code >= 0x80 && is_white_space(point.code)))) {
        return true;
      }
      at_ += point.length;
    }
    return false;
  }

  [[nodiscard]] std::size_t end_of_line() {
    if (at_ < line_end_) return line_end_;
    for (line_end_ = at_; line_end_ < text_.size() && text_[line_end_] != '\n' && text_[line_end_] != '\r';) ++line_end_;
    return line_end_;
  }

  [[nodiscard]] std::optional<std::size_t> first_invalid(std::size_t begin, std::size_t end) const {
    for (std::size_t at = begin; at < end;) {
      const CodePoint point = peek(at);
      if (!point.valid) return at;
      at += point.length;
    }
    return std::nullopt;
  }

  void take_token() {
    const CodePoint point = peek(at_);
    if (!point.valid) return take_malformed();
    if (number_at(text_, at_)) return take_number(at_, false);
    if (starts_name(point.code)) return take_word();
    const char32_t next = peek(at_ + point.length).code;
    const std::size_t one = at_ + point.length, two = one + peek(one).length;
    switch (point.code) {
      case U'"': return take_string(peek_raw());
      case U'「': return take_quoted();
      case U'%':
      case U'‰': push(Kind::unit_sign, one); return;
      case U'{': push(Kind::open_brace, one); return;
      case U'}': push(Kind::close_brace, one); return;
      case U'(': push(Kind::open_paren, one); return;
      case U')': push(Kind::close_paren, one); return;
      case U'[': push(Kind::open_bracket, one); return;
      case U']': push(Kind::close_bracket, one); return;
      case U',': push(Kind::comma, one); return;
      case U':': push(Kind::colon, one); return;
      case U'.': push(Kind::dot, one); return;
      case U'+': push(Kind::plus, one); return;
      case U'*': push(Kind::star, one); return;
      case U'-':
      case U'−': push(Kind::minus, one); return;
      case U'/': return pattern_may_open(out_.list) ? take_regex() : static_cast<void>(push(Kind::slash, one));
      case U'=': push(Kind::equal, one); return;
      case U'≠': push(Kind::not_equal, one); return;
      case U'≤':
      case U'≦': push(Kind::less_equal, one); return;
      case U'≥':
      case U'≧': push(Kind::greater_equal, one); return;
      case U'<': next == U'=' ? push(Kind::less_equal, two) : push(Kind::less, one); return;
      case U'>': next == U'=' ? push(Kind::greater_equal, two) : push(Kind::greater, one); return;
      case U'!':
        if (next == U'=') {
          push(Kind::not_equal, two);
          return;
        }
        break;
    }
    take_unknown();
  }

  [[nodiscard]] char32_t peek_raw() const { return code_point_at(text_, at_).code; }

  void take_malformed() {
    std::size_t end = at_;
    while (end < text_.size() && !peek(end).valid) ++end;
    report_malformed(at_);
    push(Kind::bad, end);
  }

  /// A character without a meaning, and those like it that follow.
  void take_unknown() {
    static constexpr std::u32string_view meaningful = U"\"「%‰{}()[],:.+*-−/=≠≤≦≥≧<>#";
    std::size_t end = at_ + peek(at_).length;
    for (CodePoint next = peek(end); next.length > 0 && next.valid; next = peek(end)) {
      if (continues_name(next.code) || meaningful.find(next.code) != meaningful.npos || next.code <= U' ' ||
          is_white_space(next.code) || number_at(text_, end)) {
        break;
      }
      end += next.length;
    }
    std::size_t shown = at_;
    for (int i = 0; i < 10 && shown < end; ++i) shown += peek(shown).length;
    push_bad(end,
             say(MessageId::unknown_character, {{"text", std::string(text_.substr(at_, shown - at_)) + (shown < end ? "…" : "")}}));
  }

  [[nodiscard]] bool after_dot() const { return !out_.list.empty() && out_.list.back().kind == Kind::dot; }

  /// Whether `word` stands before, with `between` names in between.
  [[nodiscard]] bool after_word(Word word, std::size_t between = 0) const {
    const std::size_t n = out_.list.size() - std::min(between, out_.list.size());
    if (n == 0 || out_.list[n - 1].word != word || (n > 1 && out_.list[n - 2].kind == Kind::dot)) return false;
    return std::all_of(out_.list.begin() + static_cast<std::ptrdiff_t>(n), out_.list.end(),
                       [](const Token& token) { return token.kind == Kind::word || token.kind == Kind::quoted; });
  }

  void take_word() {
    if (peek(at_).code == about_mark && !after_dot()) {
      const std::size_t behind = at_ + peek(at_).length;
      if (number_at(text_, behind) || (is_minus(peek(behind).code) && is_digit(peek(behind + peek(behind).length).code))) {
        return take_number(behind, true);
      }
    }
    const bool named = after_word(Word::rule) || after_word(Word::encoding) || after_word(Word::waive) ||
                       after_word(Word::expect) || after_word(Word::expect, 1);
    std::size_t end = end_of_name(text_, at_, named);
    std::string_view text = text_.substr(at_, end - at_);
    if (text == "half" && !named && !after_dot()) {
      const std::size_t longer = end_of_name(text_, at_, true);
      const std::string_view mode = text_.substr(at_, longer - at_);
      if (mode == "half-up" || mode == "half-even") {
        end = longer;
        text = mode;
      }
    }
    if ((text == "about" || text == "約") && !named && !after_dot()) {
      if (const auto number = about_number(end)) return take_number(*number, true);
    }
    push(Kind::word, end).word = word_of(text);
  }

  /// Where the number starts that a word `about` ending at `end` belongs to. `about -5` with the sign at its digit is one where an
  /// operand is due; behind an operand it cannot stand, so only the name before matters little.
  [[nodiscard]] std::optional<std::size_t> about_number(std::size_t end) const {
    std::size_t at = end;
    while (at < text_.size() && (text_[at] == ' ' || text_[at] == '\t' || peek(at).code == U'　')) at += peek(at).length;
    if (at == end) return std::nullopt;
    if (number_at(text_, at)) return at;
    if (is_minus(peek(at).code) && is_digit(peek(at + peek(at).length).code)) return at;
    return std::nullopt;
  }

  /// The number at `number`; with `about`, the token starts before it and a `-` may lead.
  void take_number(std::size_t number, bool about) {
    tree::Number value;
    value.about = about;
    std::size_t from = number;
    if (about && is_minus(peek(number).code)) {
      value.negative = true;
      from += peek(number).length;
    } else if (!about) {
      if (const auto date = scan_date(text_, number)) {
        if (!date->in_calendar) return push_bad(date->end, say(MessageId::date_not_in_calendar, {{"date", date->text}}));
        return push_text(Kind::date, date->end, date->text);
      }
    }
    const std::size_t end = scan_number(text_, from, value);
    value.span = {out_.source, static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(end)};
    out_.numbers.push_back(std::move(value));
    push(Kind::number, end).index = static_cast<std::uint32_t>(out_.numbers.size() - 1);
  }

  void take_string(char32_t opening) {
    const std::size_t stop = end_of_line();
    std::string value;
    for (std::size_t at = at_ + peek(at_).length; at < stop;) {
      const CodePoint point = code_point_at(text_, at);
      if (!point.valid) {
        report_malformed(at);
        push(Kind::bad, stop);
        return;
      }
      if (point.code == opening) return push_text(Kind::string, at + point.length, std::move(value));
      if (point.code == U'\\' && at + 1 < stop) {
        const char escaped = text_[at + 1];
        if (const auto known = std::string_view("\"\\nt").find(escaped); known != std::string_view::npos) {
          value += "\"\\\n\t"[known];
          at += 2;
          continue;
        }
      }
      value.append(text_, at, point.length);
      at += point.length;
    }
    push_bad(stop, say(MessageId::unterminated_string));
  }

  void take_quoted() {
    const std::size_t stop = end_of_line();
    const std::size_t closing = text_.substr(0, stop).find("」", at_);
    if (closing == std::string_view::npos) return push_bad(stop, say(MessageId::unterminated_quoted_name));
    const std::size_t end = closing + std::string_view("」").size();
    if (const auto bad = first_invalid(at_, end)) {
      report_malformed(*bad);
      push(Kind::bad, end);
    } else if (closing == at_ + std::string_view("「").size()) {
      push_bad(end, say(MessageId::empty_quoted_name));
    } else {
      push(Kind::quoted, end);
    }
  }

  void take_regex() {
    const std::size_t stop = end_of_line();
    const std::size_t begin = at_ + peek(at_).length;
    static constexpr std::size_t longest_with_class = 4096;  // a class that is not closed is looked for only so far
    const std::size_t near = std::min(stop, begin + longest_with_class);
    std::size_t closing = closing_slash(begin, near, true);
    if (closing == near) closing = closing_slash(begin, stop, false);
    if (closing == stop) return push_bad(stop, say(MessageId::unterminated_regex));
    if (const auto bad = first_invalid(at_, closing)) {
      report_malformed(*bad);
      push(Kind::bad, closing + 1);
      return;
    }
    push_text(Kind::regex, closing + peek(closing).length, std::string(text_.substr(begin, closing - begin)));
  }

  /// The first unescaped `/`; with `classes`, one in a class `[^/]` does not count.
  [[nodiscard]] std::size_t closing_slash(std::size_t at, std::size_t stop, bool classes) const {
    for (bool in_class = false; at < stop; ++at) {  // bytes: no byte of a longer character is one of these signs
      const char c = text_[at];
      if (c == '\\') {
        ++at;
      } else if (c == '[') {
        in_class = true;
      } else if (c == ']') {
        in_class = false;
      } else if (c == '/' && !(classes && in_class)) {
        return at;
      }
    }
    return stop;
  }
};

}  // namespace

Tokens lex(const SourceMap& sources, SourceId source, Diagnostics& diagnostics) {
  Tokens tokens = Lexer(sources, source, diagnostics).run();
  mark_declarations(tokens.list);
  bound_nesting(tokens, diagnostics);
  return tokens;
}

}  // namespace kenzan::dsl
