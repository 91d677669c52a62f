// Reading rule files and what they use; entering declarations into scopes.
#include <filesystem>
#include <range/v3/algorithm/any_of.hpp>

#include "base/text.hpp"
#include "dsl/check/checker.hpp"
#include "dsl/parse.hpp"

namespace kenzan::dsl {

Compiled compile(SourceMap& sources, const CompileOptions& options, Diagnostics& diagnostics) {
  return check::Checker(sources, options, diagnostics).run();
}

namespace check {

namespace {

std::string normal(const std::string& path) { return std::filesystem::path(path).lexically_normal().generic_string(); }

}  // namespace

std::string used_key(std::size_t file, const std::string& name) { return std::to_string(file) + '\0' + name; }

Compiled Checker::run() {
  for (const std::string& path : options_.paths) load(path, nullptr);
  std::size_t expressions = 0;
  for (const auto& file : files_) expressions += file->tree.exprs.size();
  program_.exprs.reserve(expressions);  // the most, but for what is inlined
  for (std::size_t i = 0; i < files_.size(); ++i) declare(i);
  finish_tables();
  for (const auto& [name, value] : options_.params) {
    if (!set_params_.contains(fold(name))) {
      std::vector<std::string> known;
      for (const auto& file : files_) {
        for (const auto& [param, unused] : file->scope.parameters) known.push_back(param);
      }
      unknown(Span{}, say(MessageId::unknown_param, {{"name", name}}), fold(name), known);
    }
  }
  // What the files of the command line use brings definitions, units and tables, not rules, waivers and tests.
  const auto named = [&](const RuleFile& file) {
    return ranges::any_of(options_.paths, [&](const std::string& path) { return normal(path) == file.path; });
  };
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (named(*files_[i])) {
      std::map<std::string, Span> seen;
      for (const tree::Rule& tree : files_[i]->tree.rules) {
        auto [at, fresh] = seen.emplace(fold(tree.name.text), tree.name.span);
        if (!fresh) {
          Diagnostic twice{Severity::error, say(MessageId::declared_twice, {{"name", tree.name.text}}), tree.name.span, {}, {}, {}};
          twice.labels.push_back({at->second, say(MessageId::first_declared_here)});
          diagnostics_->add(std::move(twice));
          continue;
        }
        rule(i, tree);
      }
    }
  }
  for (const auto& file : files_) {
    if (!named(*file)) continue;
    for (const tree::Waiver& tree : file->tree.waivers) waiver(*file, tree);
    for (const tree::Test& tree : file->tree.tests) test(*file, tree);
  }
  report_unused();
  for (const auto& file : files_) {
    program_.files.push_back({file->source, file->uses});
    for (const std::string& name : file->scope.units.names()) (void)program_.units.add(*file->scope.units.find(name));
  }
  return {std::move(program_), std::move(unreadable_)};
}

std::optional<std::size_t> Checker::load(const std::string& given, const tree::Use* use) {
  const std::string path = given == "-" ? given : normal(given);
  if (auto known = file_index_.find(path); known != file_index_.end()) {
    if (use) files_[known->second]->used = true;
    return known->second;
  }
  auto text = options_.read(path);
  if (!text) {
    if (use) {
      error(use->span, say(MessageId::unreadable_rules, {{"path", path}, {"reason", text.error()}}));
    } else {
      unreadable_.push_back(path + ": " + text.error());
    }
    return std::nullopt;
  }
  const SourceId source = sources_.add(path, std::move(*text));
  const std::size_t index = files_.size();
  file_index_[path] = index;
  files_.push_back(std::make_unique<RuleFile>());
  RuleFile& file = *files_.back();
  file.path = path;
  file.source = source;
  file.tree = parse(sources_, source, *diagnostics_);
  file.used = use != nullptr;
  for (const std::string& name : file.tree.lost) file.scope.lost.insert(fold(name));
  for (const tree::Use& inner : file.tree.uses) {
    const auto beside = std::filesystem::path(path).parent_path() / inner.path;
    if (auto other = load(beside.generic_string(), &inner)) files_[index]->uses.push_back(*other);
  }
  return index;
}

void Checker::import(Scope& into, const Scope& from) {
  for (const std::string& name : from.units.names()) (void)into.units.add(*from.units.find(name));
  into.tables.insert(from.tables.begin(), from.tables.end());
  into.definitions.insert(from.definitions.begin(), from.definitions.end());
  into.lost.insert(from.lost.begin(), from.lost.end());
}

void Checker::declare(std::size_t index) {
  RuleFile& file = *files_[index];
  if (file.declared) return;
  file.declared = true;  // before the files it uses: a circle of `use` ends here
  for (std::size_t used : file.uses) {
    declare(used);
    import(file.scope, files_[used]->scope);
  }
  declare_units(file);
  for (const tree::Define& define : file.tree.defines) {
    const std::string name = fold(define.name.text);
    auto [at, fresh] = file.scope.definitions.emplace(name, Scope::Definition{&define, index});
    if (!fresh) error(define.name.span, say(MessageId::declared_twice, {{"name", define.name.text}}));
    std::set<std::string> seen;
    for (const tree::Name& parameter : define.parameters) {
      if (!seen.insert(fold(parameter.text)).second) {
        error(parameter.span, say(MessageId::declared_twice, {{"name", parameter.text}}));
      }
    }
  }
  declare_params(index);
  for (const tree::Table& table : file.tree.tables) declare_table(file, table);
}

void Checker::declare_units(RuleFile& file) {
  for (const tree::UnitDecl& decl : file.tree.units) {
    Unit unit{.name = nfkc(decl.name.text), .dimension = {}, .factor = 1};
    if (decl.definition) {
      auto value = literal(file.tree, *decl.definition, file.scope.units);
      if (!value) continue;
      if (value->kind != ValueKind::figure || !value->interval.is_point() || value->written <= 0) {
        error(decl.span, say(MessageId::unit_not_positive, {{"name", decl.name.text}}));
        continue;
      }
      unit.dimension = value->unit.dimension;
      unit.kind = value->unit.kind;
      unit.factor = value->written;
    } else {
      unit.dimension[fold(decl.name.text)] = 1;
    }
    if (const Unit* known = file.scope.units.find(unit.name);
        known && known->same_dimension(unit) && known->factor == unit.factor) {
      continue;  // the same again, a built-in one for instance, whose kind and exactness stay
    }
    if (auto other = file.scope.units.add(unit)) {
      error(decl.name.span, say(MessageId::unit_differs, {{"name", decl.name.text}}));
    }
  }
}

void Checker::declare_params(std::size_t index) {
  RuleFile& file = *files_[index];
  for (const tree::Param& param : file.tree.params) {
    const std::string name = fold(param.name.text);
    auto value = literal(file.tree, param.value, file.scope.units);
    if (!value) continue;
    if (auto given = options_.params.find(param.name.text); given != options_.params.end()) {
      set_params_.insert(name);
      const SourceId source = sources_.add("--set " + given->first, given->second);
      tree::File scratch;
      scratch.source = source;
      const auto id = parse_literal(sources_, source, scratch, *diagnostics_);
      auto replaced = id ? literal(scratch, *id, file.scope.units) : std::nullopt;
      if (replaced &&
          (replaced->kind != value->kind || (value->kind == ValueKind::figure && !replaced->unit.same_dimension(value->unit)))) {
        error(scratch[*id].span, say(MessageId::param_differs,
                                     {{"name", param.name.text}, {"value", describe(*replaced)}, {"default", describe(*value)}}));
      } else if (replaced) {
        value = std::move(replaced);  // on a mistake the default stands: it was reported, and the rules are checked all the same
      }
    }
    value->span = param.span;
    auto [at, fresh] = file.scope.parameters.emplace(name, Scope::Parameter{&param, index, std::move(*value)});
    if (!fresh) error(param.name.span, say(MessageId::declared_twice, {{"name", param.name.text}}));
  }
}

void Checker::report_unused() {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const RuleFile& file = *files_[i];
    if (file.used) continue;
    for (const tree::Define& define : file.tree.defines) {
      if (!used_names_.contains(used_key(i, fold(define.name.text)))) {
        diagnostics_->warning(define.name.span, say(MessageId::unused_definition, {{"name", define.name.text}}));
      }
    }
    for (const tree::Param& param : file.tree.params) {
      if (!used_names_.contains(used_key(i, fold(param.name.text)))) {
        diagnostics_->warning(param.name.span, say(MessageId::unused_param, {{"name", param.name.text}}));
      }
    }
  }
}

ExprId Checker::add(Expr expr) {
  if (program_.exprs.size() == most_exprs) error(expr.span, say(MessageId::program_too_large));
  if (too_large()) return {};
  program_.exprs.push_back(std::move(expr));
  return ExprId(program_.exprs.size() - 1);
}

ExprId Checker::figure_constant(Rational value, Unit unit, Span span) {
  Expr constant;
  constant.op = ExprOp::figure;
  constant.kind = ValueKind::figure;
  constant.unit = std::move(unit);
  constant.interval = Interval::point(value);
  constant.written = std::move(value);
  constant.span = span;
  return add(std::move(constant));
}

void Checker::unknown(Span span, Message message, const std::string& wanted, std::vector<std::string> candidates) {
  if (auto near = near_name(wanted, candidates)) {
    error(span, std::move(message), say(MessageId::did_you_mean, {{"name", *near}}));
    return;
  }
  constexpr std::size_t few = 12;
  if (candidates.empty() || candidates.size() > few) {
    error(span, std::move(message));
    return;
  }
  std::string list;
  for (const std::string& candidate : candidates) list += (list.empty() ? "`" : ", `") + candidate + "`";
  error(span, std::move(message), say(MessageId::there_are, {{"names", list}}));
}

}  // namespace check
}  // namespace kenzan::dsl
