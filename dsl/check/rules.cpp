// Rules: dimensions, where instances come from, clauses, message templates.
#include <algorithm>

#include "base/text.hpp"
#include "dsl/check/checker.hpp"

namespace kenzan::dsl::check {

namespace {

/// What a program held before an expression was checked on trial.
struct Mark {
  std::size_t exprs, accesses, aggregates;
  explicit Mark(const Program& program)
      : exprs(program.exprs.size()), accesses(program.accesses.size()), aggregates(program.aggregates.size()) {}
  void restore(Program& program) const {
    program.exprs.resize(exprs);
    program.accesses.resize(accesses);
    program.aggregates.resize(aggregates);
  }
};

}  // namespace

void Checker::rule(std::size_t index, const tree::Rule& tree) {
  const RuleFile& file = *files_[index];
  const std::size_t errors_before = diagnostics_->errors();
  Rule rule;
  rule.name = tree.name.text;
  rule.title = tree.title.value_or("");
  rule.source = tree.source.value_or("");
  for (const tree::Name& tag : tree.tags) rule.tags.push_back(tag.text);
  rule.strength = static_cast<Strength>(tree.strength);
  rule.vacuous_allowed = tree.vacuous_allowed;
  rule.place = tree.name.span;
  rule.span = tree.span;
  if (tree.severity) {
    rule.severity = tree.severity->text == "warning" ? Severity::warning
                    : tree.severity->text == "info"  ? Severity::info
                                                     : Severity::error;
  }
  for (const tree::Name& name : tree.by) {
    const auto at = dim_index_.find(fold(name.text));
    if (at == dim_index_.end()) {
      // A regrouped dimension (`sum(a.v by parent as code)`) may exist only here.
      bool regrouped = false;
      for (const tree::Expr& expr : file.tree.exprs) {
        for (const auto& [column, as] : expr.by) regrouped = regrouped || (as && fold(as->text) == fold(name.text));
      }
      if (regrouped) {
        rule.by.push_back(dim(fold(name.text)));
        continue;
      }
      if (!file.scope.lost.empty()) continue;
      std::vector<std::string> names;
      for (const auto& [dim_name, id] : dim_index_) names.push_back(dim_name);
      unknown(name.span, say(MessageId::unknown_dimension, {{"name", name.text}}), fold(name.text), names);
      continue;
    }
    if (std::ranges::find(rule.by, at->second) != rule.by.end()) {
      error(name.span, say(MessageId::dimension_twice, {{"name", name.text}}));
      continue;
    }
    rule.by.push_back(at->second);
  }
  if (diagnostics_->errors() > errors_before && rule.by.size() != tree.by.size()) return;

  const Lexical lexical{&file, {}, nullptr, nullptr};
  Context context;
  context.lexical = &lexical;
  context.by = &rule.by;
  const auto reset = [&] {
    rule_uses_.clear();
    rule_children_.clear();
    rule_aggregated_.clear();
  };
  if (tree.by.empty()) {
    // On trial, until no further dimension turns out to be open: an access sees those found before it only.
    Diagnostics scratch;
    Diagnostics* own = std::exchange(diagnostics_, &scratch);
    context.inferring = true;
    for (std::size_t known = rule.by.size() + 1; known != rule.by.size();) {
      known = rule.by.size();
      const Mark mark(program_);
      reset();
      if (tree.when) (void)expression(*tree.when, context);
      if (tree.require) (void)expression(*tree.require, context);
      mark.restore(program_);
    }
    context.inferring = false;
    diagnostics_ = own;
  }
  reset();
  if (tree.when) rule.when = truth(*tree.when, context, MessageId::when_not_condition);
  if (!tree.require) return;
  rule.require = truth(*tree.require, context, MessageId::require_not_condition);
  if (tree.message) rule.message = message_template(tree, rule);
  rule.children = rule_children_;
  // Invalid without an error of its own: it reads a declaration that did not parse, which was reported.
  if (diagnostics_->errors() > errors_before || !rule.require.valid() || (tree.when && !rule.when.valid())) return;
  if (!instance_sources(file.scope, tree, rule)) return;
  for (const Use& use : rule_uses_) {
    if (std::ranges::find(rule.tables, use.table) == rule.tables.end()) rule.tables.push_back(use.table);
  }
  std::set<TableId> warned;
  for (const auto& [table, span] : rule_aggregated_) {
    const auto has = [&, table = table](DimId dimension) {
      if (program_[table].dimension_column(dimension) || program_[table].has_across(dimension)) return true;
      return std::ranges::any_of(rule_uses_, [&](const Use& use) {
        return use.table == table && std::ranges::any_of(use.regrouped, [&](const auto& pair) { return pair.second == dimension; });
      });
    };
    if (!rule.by.empty() && std::ranges::none_of(rule.by, has) && warned.insert(table).second) {
      diagnostics_->warning(span, say(MessageId::aggregate_repeated, {{"table", program_[table].spelling}, {"rule", rule.name}}));
    }
  }
  if (cannot_fail(rule.require)) {
    diagnostics_->warning(expr(rule.require).span, say(MessageId::cannot_fail, {{"rule", rule.name}}));
  }
  program_.rules.push_back(std::move(rule));
}

bool Checker::instance_sources(const Scope& scope, const tree::Rule& tree, Rule& rule) {
  if (rule.by.empty()) return true;
  std::vector<TableId> only;
  for (const tree::Name& name : tree.of) {
    const auto found = scope.tables.find(fold(name.text));
    if (found != scope.tables.end()) {
      only.push_back(found->second);
    } else {
      if (scope.lost.contains(fold(name.text))) return false;
      std::vector<std::string> names;
      for (const auto& [table, id] : scope.tables) names.push_back(table);
      unknown(name.span, say(MessageId::unknown_table, {{"name", name.text}}), fold(name.text), names);
      return false;
    }
  }
  const auto source = [&](const Use& use) -> std::optional<InstanceSource> {
    InstanceSource made{use.table, {}};
    const Table& table = program_[use.table];
    for (DimId dimension : rule.by) {
      InstanceSource::Part part;
      const auto regrouped = std::ranges::find_if(use.regrouped, [&](const auto& pair) { return pair.second == dimension; });
      if (regrouped != use.regrouped.end()) {
        part.column = regrouped->first;
      } else if (auto column = table.dimension_column(dimension)) {
        part.column = column;
      } else {
        std::uint32_t c = 0;
        while (c < table.columns.size() && !(table.columns[c].across && table.columns[c].across->dim == dimension)) ++c;
        if (c == table.columns.size()) return std::nullopt;
        part.across_column = c;
      }
      made.parts.push_back(part);
    }
    return made;
  };
  const auto names = [&] {
    std::string list;
    for (DimId dimension : rule.by) list += (list.empty() ? "`" : "`, `") + program_[dimension].name;
    return list + "`";
  };
  if (!only.empty()) {
    for (std::size_t i = 0; i < only.size(); ++i) {
      if (auto made = source({only[i], {}})) {
        rule.sources.push_back(std::move(*made));
      } else {
        error(tree.of[i].span, say(MessageId::of_lacks_dimensions, {{"table", program_[only[i]].spelling}, {"dims", names()}}));
        return false;
      }
      rule.tables.push_back(only[i]);
    }
    return true;
  }
  for (const Use& use : rule_uses_) {
    if (auto made = source(use)) rule.sources.push_back(std::move(*made));
  }
  if (rule.sources.empty()) {
    error(tree.name.span, say(MessageId::no_table_has_all, {{"dims", names()}, {"rule", rule.name}}));
    return false;
  }
  return true;
}

std::vector<MessagePart> Checker::message_template(const tree::Rule& tree, const Rule& rule) {
  std::vector<MessagePart> parts;
  const std::string& text = *tree.message;
  std::string literal;
  const auto flush = [&] {
    if (!literal.empty()) parts.push_back({MessagePart::Kind::literal, std::exchange(literal, {}), {}});
  };
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '{') {
      literal += text[i++];
      continue;
    }
    const std::size_t close = text.find('}', i);
    if (close == std::string::npos) {
      error(tree.message_span, say(MessageId::message_brace));
      return parts;
    }
    const std::string name = text.substr(i + 1, close - i - 1);
    i = close + 1;
    MessagePart part;
    static const std::map<std::string, MessagePart::Kind> words = {{"left", MessagePart::Kind::left},
                                                                   {"right", MessagePart::Kind::right},
                                                                   {"gap", MessagePart::Kind::gap},
                                                                   {"title", MessagePart::Kind::title},
                                                                   {"rule", MessagePart::Kind::rule}};
    const auto at = dim_index_.find(fold(name));
    if (at != dim_index_.end() && std::ranges::find(rule.by, at->second) != rule.by.end()) {
      part.kind = MessagePart::Kind::dimension;
      part.dim = at->second;
    } else if (auto word = words.find(name); word != words.end()) {
      part.kind = word->second;
    } else {
      std::vector<std::string> known;
      for (DimId dimension : rule.by) known.push_back(program_[dimension].name);
      for (const auto& [word_name, kind] : words) known.push_back(word_name);
      unknown(tree.message_span, say(MessageId::unknown_placeholder, {{"name", "{" + name + "}"}}), fold(name), known);
      continue;
    }
    flush();
    parts.push_back(std::move(part));
  }
  flush();
  return parts;
}

}  // namespace kenzan::dsl::check
