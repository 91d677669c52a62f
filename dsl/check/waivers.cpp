// Waivers and tests: the rules, codes, cells and labels that they name.
#include <algorithm>

#include "base/text.hpp"
#include "diag/check.hpp"
#include "dsl/check/checker.hpp"

namespace kenzan::dsl::check {
namespace {

bool is_code(std::string_view name) {
  return std::ranges::find(builtin_checks(), name, &BuiltinCheck::code) != builtin_checks().end();
}

bool can_be_waived(std::string_view code) { return is_code(code) && !is_about_silence(code); }

std::optional<Verdict> verdict_named(const std::string& name) {
  for (std::size_t i = 0; i < verdict_count; ++i) {
    if (name_of(static_cast<Verdict>(i)) == name) return static_cast<Verdict>(i);
  }
  return std::nullopt;
}

}  // namespace

const Rule* Checker::rule_named(const std::string& name) const {
  const auto at = std::ranges::find_if(program_.rules, [&](const Rule& rule) { return fold(rule.name) == fold(name); });
  return at == program_.rules.end() ? nullptr : &*at;
}

bool Checker::rule_lost(const RuleFile& file, const std::string& name) const {
  if (file.scope.lost.contains(fold(name))) return true;
  return std::ranges::any_of(files_, [&](const auto& each) {
    return std::ranges::any_of(each->tree.rules, [&](const tree::Rule& rule) { return fold(rule.name.text) == fold(name); });
  });
}

std::optional<std::vector<RequiredLabel>> Checker::required_labels(const RuleFile& file, const std::vector<tree::Bracket>& at,
                                                                   const Rule* of) {
  std::vector<RequiredLabel> out;
  for (const tree::Bracket& bracket : at) {
    const tree::Expr& value = file.tree[bracket.value];
    const bool number = value.kind == tree::ExprKind::number;
    const bool text =
        value.kind == tree::ExprKind::name || value.kind == tree::ExprKind::text || value.kind == tree::ExprKind::date;
    if (!number && !text) {
      error(value.span, say(MessageId::not_a_label, {{"text", std::string(sources_.text(value.span))}}));
      return std::nullopt;
    }
    RequiredLabel label{bracket.dim ? fold(bracket.dim->text) : "",
                        fold(number ? std::string(sources_.text(value.span)) : value.text)};
    if (of != nullptr) {
      std::vector<std::string> dims;
      for (const DimId dimension : of->by) dims.push_back(program_[dimension].name);
      if (dims.empty()) {
        error(bracket.dim ? bracket.dim->span : value.span, say(MessageId::rule_without_dimensions, {{"rule", of->name}}));
        return std::nullopt;
      }
      if (label.dim.empty() && dims.size() == 1) label.dim = dims.front();
      if (!label.dim.empty() && std::ranges::find(dims, label.dim) == dims.end()) {
        unknown(bracket.dim->span, say(MessageId::not_a_dimension_of, {{"name", bracket.dim->text}, {"rule", of->name}}), label.dim,
                dims);
        return std::nullopt;
      }
    }
    out.push_back(std::move(label));
  }
  return out;
}

void Checker::waiver(const RuleFile& file, const tree::Waiver& tree) {
  const Rule* const of = rule_named(tree.name.text);
  if (of == nullptr && !can_be_waived(tree.name.text)) {
    if (rule_lost(file, tree.name.text)) return;
    std::vector<std::string> known;
    for (const Rule& rule : program_.rules) known.push_back(rule.name);
    for (const BuiltinCheck& check : builtin_checks()) {
      if (can_be_waived(check.code)) known.emplace_back(check.code);
    }
    return unknown(tree.name.span, say(MessageId::unknown_rule_or_code, {{"name", tree.name.text}}), tree.name.text, known);
  }
  for (const auto& [given, clause] :
       {std::pair(&tree.until, "until DATE"), {&tree.because, "because \"…\""}, {&tree.by, "by \"…\""}}) {
    if (*given && !trim((*given)->text).empty()) continue;
    return error(*given ? (*given)->span : tree.name.span,
                 say(MessageId::waiver_lacks, {{"rule", tree.name.text}, {"clause", clause}}));
  }
  auto at = required_labels(file, tree.at, of);
  if (!at) return;
  program_.waivers.push_back({of != nullptr ? of->name : tree.name.text, std::move(*at), tree.until->text, tree.because->text,
                              tree.by->text, tree.name.span, tree.span});
}

void Checker::test(const RuleFile& file, const tree::Test& tree) {
  Test test;
  test.name = tree.name.text;
  test.place = tree.name.span;
  if (tree.expectations.empty()) return error(tree.name.span, say(MessageId::test_without_expect, {{"test", tree.name.text}}));
  for (const tree::Test::Change& each : tree.changes) {
    if (!change(file, each, test)) return;
  }
  for (const tree::Test::Expectation& each : tree.expectations) {
    if (!expectation(file, each, test)) return;
  }
  program_.tests.push_back(std::move(test));
}

bool Checker::change(const RuleFile& file, const tree::Test::Change& tree, Test& test) {
  const tree::Expr& cell = file.tree[tree.cell];
  const tree::Expr& value = file.tree[tree.value];
  if (cell.kind != tree::ExprKind::field) {
    error(cell.span, say(MessageId::not_a_cell, {{"text", std::string(sources_.text(cell.span))}}));
    return false;
  }
  const Lexical lexical{&file, {}, nullptr, nullptr};
  std::vector<DimId> no_dimensions;
  Context context;
  context.lexical = &lexical;
  context.by = &no_dimensions;
  const ExprId made = expression(tree.cell, context);
  if (!made.valid()) return false;
  if (expr(made).op != ExprOp::cell) {
    error(cell.span, say(MessageId::not_a_cell, {{"text", std::string(sources_.text(cell.span))}}));
    return false;
  }
  const bool written = value.kind == tree::ExprKind::text || value.kind == tree::ExprKind::name;
  test.changes.push_back({made, written ? value.text : std::string(sources_.text(value.span)), tree.span});
  return true;
}

bool Checker::expectation(const RuleFile& file, const tree::Test::Expectation& tree, Test& test) {
  Test::Expectation made;
  made.span = tree.span;
  const Rule* of = nullptr;
  const std::string subject = tree.subject.text;
  std::vector<std::string> codes;
  for (const BuiltinCheck& check : builtin_checks()) codes.emplace_back(check.code);
  if (!tree.outcome && is_code(subject)) {
    made.code = subject;
  } else if (const auto table = file.scope.tables.find(fold(subject));
             tree.outcome && is_code(tree.outcome->text) && table != file.scope.tables.end()) {
    made.code = tree.outcome->text;
    made.table = table->second;
  } else if (of = rule_named(subject); of != nullptr) {
    std::vector<std::string> verdicts;
    for (std::size_t i = 0; i < verdict_count; ++i) verdicts.emplace_back(name_of(static_cast<Verdict>(i)));
    if (tree.outcome) made.verdict = verdict_named(tree.outcome->text);
    if (!made.verdict) {
      unknown(tree.outcome ? tree.outcome->span : tree.subject.span,
              tree.outcome ? say(MessageId::unknown_verdict, {{"name", tree.outcome->text}})
                           : say(MessageId::expect_lacks_verdict, {{"rule", subject}}),
              tree.outcome ? tree.outcome->text : "", verdicts);
      return false;
    }
    made.rule = of->name;
  } else {
    if (rule_lost(file, subject)) return false;
    std::vector<std::string> known = codes;
    for (const Rule& rule : program_.rules) known.push_back(rule.name);
    if (table != file.scope.tables.end() && tree.outcome) {
      unknown(tree.outcome->span, say(MessageId::unknown_code, {{"name", tree.outcome->text}}), tree.outcome->text, codes);
    } else {
      unknown(tree.subject.span, say(MessageId::unknown_rule_or_code, {{"name", subject}}), subject, known);
    }
    return false;
  }
  auto at = required_labels(file, tree.at, of);
  if (!at) return false;
  made.at = std::move(*at);
  test.expectations.push_back(std::move(made));
  return true;
}

}  // namespace kenzan::dsl::check
