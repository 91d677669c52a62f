#include "dsl/grammar/report.hpp"

#include <algorithm>
#include <charconv>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace kenzan::dsl::grammar {

namespace {

std::optional<MessageId> message_of(std::string_view what) {
  if (!what.starts_with('#')) return std::nullopt;
  unsigned id = 0;
  std::from_chars(what.data() + 1, what.data() + what.size(), id);
  return static_cast<MessageId>(id);
}

Message quoted(std::string text) {
  static constexpr std::size_t longest = 60;
  if (text.size() > longest) {
    std::size_t end = 0;
    while (end < longest) end += code_point_at(text, end).length;
    text = text.substr(0, end) + "…";
  }
  return say(MessageId::spelled, {{"text", std::move(text)}});
}

/// The words that could stand where `what` was expected.
std::vector<std::string> candidates_for(std::string_view what) {
  const std::optional<MessageId> id = message_of(what);
  if (!id) return {std::string(what)};
  switch (*id) {
    case MessageId::a_declaration: return words_at(place::declaration);
    case MessageId::a_rule_clause: return words_at(place::rule_clause | place::operation);
    case MessageId::comma_or_close:
    case MessageId::comma_or_close_bracket: return words_at(place::operation);
    case MessageId::a_table_item:
    case MessageId::a_column_type: return words_at(place::table_clause | place::column_clause);
    case MessageId::a_rule_body: return {"by", "of"};
    case MessageId::a_test_clause: return {"set", "expect"};
    case MessageId::a_table_body: return {"from", "across"};
    case MessageId::a_severity: return {"error", "warning", "info"};
    case MessageId::a_bracket_mode: return {"plain", "minus", "none"};
    case MessageId::a_hierarchy_way: return {"parent", "level", "prefix", "path"};
    case MessageId::a_kind_of_cell: return {"nil", "unknown", "suppressed", "number", "missing"};
    case MessageId::a_rounding_mode: return {"nearest", "half-up", "half-even", "truncated", "away", "floor", "ceiling", "exact"};
    default: return {};  // most messages are not about words
  }
}

std::optional<Message> near_word(const Token& token, const Tokens& tokens, std::string_view what) {
  if (token.kind != Kind::word || token.word != Word::other) return std::nullopt;
  const std::vector<std::string> candidates = candidates_for(what);
  const std::string found = lower(fold(tokens.written(token)));
  const std::optional<std::string> near = near_name(found, candidates);
  if (!near || *near == tokens.written(token)) return std::nullopt;
  return say(MessageId::did_you_mean_word, {{"found", std::string(tokens.written(token))}, {"near", *near}});
}

/// A misspelt clause of a column reads as a further column, and the mistake shows later: looks for one in the table so far.
std::optional<Message> misspelt_clause(const Token* begin, const Token* end, const Tokens& tokens, std::string_view what) {
  int depth = 0;
  for (const Token* token = begin; token < end; ++token) {
    if (token->kind == Kind::open_brace) ++depth;
    if (token->kind == Kind::close_brace) --depth;
    if (depth != 1 || token->line_start || token[-1].kind == Kind::open_brace || token[-1].word == Word::key) continue;
    if (auto message = near_word(*token, tokens, what)) return message;
  }
  return std::nullopt;
}

/// The innermost bracket between `begin` and `end` that is not closed.
const Token* unclosed(const Token* begin, const Token* end) {
  std::vector<const Token*> open;
  for (const Token* token = begin; token < end; ++token) {
    if (token->kind == Kind::open_brace || token->kind == Kind::open_paren || token->kind == Kind::open_bracket) {
      open.push_back(token);
    } else if (token->kind == Kind::close_brace || token->kind == Kind::close_paren || token->kind == Kind::close_bracket) {
      if (!open.empty()) open.pop_back();
    }
  }
  return open.empty() ? nullptr : open.back();
}

}  // namespace

void report_failure(const Failure& failure, const Token* begin, const Tokens& tokens, Diagnostics& diagnostics) {
  const Token* at = failure.at;
  if (std::any_of(begin, at + 1, [](const Token& token) { return token.kind == Kind::bad; })) return;

  Diagnostic diagnostic;
  diagnostic.place = tokens.span(*at);
  // A file that ends too early is told behind what it ends with, not behind its blank lines.
  if (at->kind == Kind::end && at != begin) diagnostic.place.begin = diagnostic.place.end = at[-1].end;
  if (failure.expected == chained) {
    diagnostic.message = say(MessageId::comparison_chained);
    diagnostics.add(std::move(diagnostic));
    return;
  }
  const std::optional<MessageId> what = message_of(failure.expected);
  const Message found = at->kind == Kind::end ? say(MessageId::found_end_of_file) : quoted(std::string(tokens.written(*at)));
  diagnostic.message =
      Message{MessageId::expected_found, {{"what", "", {what ? say(*what) : quoted(failure.expected)}}, {"found", "", {found}}}};

  const bool in_table = begin->word == Word::table && at - begin > 2;
  if (auto near = near_word(*at, tokens, failure.expected)) {
    diagnostic.helps.push_back(std::move(*near));
  } else if (what == MessageId::a_column_type || what == MessageId::a_table_item) {
    if (auto clause = misspelt_clause(begin + 2, at, tokens, failure.expected)) diagnostic.helps.push_back(std::move(*clause));
  } else if (in_table && at->kind == Kind::word && stands_at(at[-1].word, place::table_clause) &&
             (what == MessageId::a_text || what == MessageId::a_whole_number || what == MessageId::a_format)) {
    diagnostic.helps.push_back(say(MessageId::clause_word_as_column, {{"word", std::string(spelling(at[-1].word))}}));
  } else if (at != begin && at->kind == Kind::equal && at[-1].kind == Kind::equal) {
    diagnostic.helps.push_back(say(MessageId::equality_is_one_sign));
  }
  if (at->kind == Kind::end || at->declares) {
    if (const Token* open = unclosed(begin, at)) diagnostic.labels.push_back({tokens.span(*open), say(MessageId::opened_here)});
  }
  diagnostics.add(std::move(diagnostic));
}

}  // namespace kenzan::dsl::grammar
