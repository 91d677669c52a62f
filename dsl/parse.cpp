#include "dsl/parse.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "dsl/grammar/grammar.hpp"
#include "dsl/grammar/report.hpp"

namespace kenzan::dsl {

namespace {

bool names_something(const Token& token) {
  return token.kind == Kind::word || token.kind == Kind::quoted || token.kind == Kind::unit_sign;
}

/// Sizes of the lists of a file, to take back what a declaration added.
struct Sizes {
  std::size_t units, tables, defines, uses, params, rules, waivers, tests;

  explicit Sizes(const tree::File& file)
      : units(file.units.size()),
        tables(file.tables.size()),
        defines(file.defines.size()),
        uses(file.uses.size()),
        params(file.params.size()),
        rules(file.rules.size()),
        waivers(file.waivers.size()),
        tests(file.tests.size()) {}

  void restore(tree::File& file) const {
    const auto cut = [](auto& list, std::size_t size) { list.erase(list.begin() + static_cast<std::ptrdiff_t>(size), list.end()); };
    cut(file.units, units);
    cut(file.tables, tables);
    cut(file.defines, defines);
    cut(file.uses, uses);
    cut(file.params, params);
    cut(file.rules, rules);
    cut(file.waivers, waivers);
    cut(file.tests, tests);
  }
};

class Parser {
 public:
  Parser(const Tokens& tokens, tree::File& file, Diagnostics& diagnostics)
      : tokens_(tokens), file_(file), diagnostics_(diagnostics), state_{file, tokens, diagnostics} {}

  void run() {
    const Token* const last = &tokens_.list.back();
    for (const Token* at = tokens_.list.data(); at != last;) {
      const Token* const begin = at;
      const Sizes before(file_);
      if (const auto failure = grammar::parse_declaration(at, last, state_)) {
        report_failure(*failure, begin, tokens_, diagnostics_);
        lose(begin);
        at = next_declaration(begin, std::max(failure->at, begin + 1));
      } else if (!sound(before)) {
        before.restore(file_);
        lose(begin);
      }
    }
  }

 private:
  const Tokens& tokens_;
  tree::File& file_;
  Diagnostics& diagnostics_;
  grammar::State state_;

  /// What the grammar cannot say about the declaration added since `before`.
  bool sound(const Sizes& before) {
    if (state_.too_high) {
      diagnostics_.error(*state_.too_high, say(MessageId::expression_too_long, {{"limit", std::to_string(grammar::max_height)}}));
      state_.too_high.reset();
      return false;
    }
    if (file_.rules.size() > before.rules && !file_.rules.back().require) {
      const tree::Rule& rule = file_.rules.back();
      diagnostics_.error(rule.name.span, say(MessageId::rule_without_require, {{"rule", rule.name.text}}));
      return false;
    }
    return true;
  }

  void lose(const Token* begin) {
    state_.too_high.reset();
    if (stands_at(begin->word, place::declaration) && begin->word != Word::waive && names_something(begin[1]))
      file_.lost.push_back(tokens_.value(begin[1]));
  }

  /// Where to go on after the declaration at `begin`, at `from` or behind it: at a token that can only start a declaration, or at a
  /// declaration's keyword outside all braces, or without indentation.
  [[nodiscard]] const Token* next_declaration(const Token* begin, const Token* from) const {
    int depth = 0;
    const Token* const last = &tokens_.list.back();
    for (const Token* token = begin; token != last; ++token) {
      if (token->kind == Kind::open_brace) ++depth;
      if (token->kind == Kind::close_brace && depth > 0) --depth;
      if (token < from) continue;
      if (token->declares) return token;
      if (!stands_at(token->word, place::declaration) || token[-1].kind == Kind::dot) continue;
      const bool named = names_something(token[1]) || token[1].kind == Kind::string;
      if (depth == 0 && (token->line_start || named)) return token;
      if (named && unindented(*token)) return token;
    }
    return last;
  }

  [[nodiscard]] bool unindented(const Token& token) const {
    return token.begin == 0 || tokens_.text[token.begin - 1] == '\n' || tokens_.text[token.begin - 1] == '\r';
  }
};

}  // namespace

tree::File parse(const SourceMap& sources, SourceId source, Diagnostics& diagnostics) {
  tree::File file;
  file.source = source;
  const Tokens tokens = lex(sources, source, diagnostics);
  Parser(tokens, file, diagnostics).run();
  return file;
}

std::optional<tree::ExprId> parse_literal(const SourceMap& sources, SourceId source, tree::File& file, Diagnostics& diagnostics) {
  Diagnostics of_lexer;
  const Tokens tokens = lex(sources, source, of_lexer);
  const std::string_view text = sources.text(source);
  const std::string bare = trim(text);
  if (!of_lexer.has_errors()) {
    grammar::State state{file, tokens, diagnostics};
    state.heights.assign(file.exprs.size(), 1);
    if (const auto value = grammar::parse_literal(tokens.list.data(), &tokens.list.back(), state)) return value;
  } else if (bare.starts_with('"') || first_invalid_utf8(text)) {
    diagnostics.add(of_lexer.all().front());
    return std::nullopt;
  }
  tree::Expr expr;
  expr.kind = tree::ExprKind::text;
  expr.text = bare;
  expr.span = expr.text_span = {source, 0, static_cast<std::uint32_t>(text.size())};
  return file.add(std::move(expr));
}

}  // namespace kenzan::dsl
