// `kenzan rules`: what is checked, by which rule, and which columns it reads.
#include "cli/rules.hpp"

#include <unistd.h>

#include "cli/prepare.hpp"
#include "diag/excerpt.hpp"
#include "diag/json_writer.hpp"
#include "diag/visible.hpp"
#include "dsl/columns_read.hpp"

namespace kenzan::cli {
namespace {

std::string joined(const std::vector<std::string>& words) {
  std::string out;
  for (const std::string& word : words) out.append(out.empty() ? "" : ", ").append(word);
  return out;
}

/// The tables and columns that a rule reads, as `table.column`.
std::vector<std::string> columns_of(const dsl::Program& program, const dsl::Rule& rule) {
  std::vector<std::string> out;
  for (const auto& [table, column] : dsl::columns_read(program, rule)) {
    out.push_back(program[table].spelling + "." + program[table].columns[column].spelling);
  }
  return out;
}

std::string as_text(const Prepared& prepared, bool color) {
  const char* const strong = color ? "\x1b[1m" : "";
  const char* const reset = color ? "\x1b[0m" : "";
  std::string out;
  for (const dsl::Rule& rule : prepared.program.rules) {
    out += strong + visible(rule.name) + reset + "  " + std::string(name_of(rule.severity));
    if (!rule.title.empty()) out += "  " + visible(rule.title);
    out += "\n";
    const auto line = [&](MessageId label, const std::string& text) {
      if (!text.empty()) out += "    " + draw(say(label), prepared.language) + ": " + visible(text) + "\n";
    };
    line(MessageId::label_rule, place_text(prepared.sources, rule.place));
    line(MessageId::label_source, rule.source);
    line(MessageId::label_tags, joined(rule.tags));
    line(MessageId::label_reads, joined(columns_of(prepared.program, rule)));
  }
  return out;
}

std::string as_json(const Prepared& prepared) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.key("version").number(1);
  json.key("rules").open('[');
  for (const dsl::Rule& rule : prepared.program.rules) {
    const Position at = prepared.sources.position(rule.place.source, rule.place.begin);
    json.open('{');
    json.key("rule").text(rule.name);
    json.key("title").text(rule.title);
    json.key("severity").text(name_of(rule.severity));
    json.key("source").text(rule.source);
    json.texts("tags", rule.tags);
    json.key("file").text(prepared.sources.path(rule.place.source));
    json.key("line").number(at.line);
    json.key("column").number(at.column);
    std::vector<std::string> dimensions, tables;
    for (const dsl::DimId dim : rule.by) dimensions.push_back(prepared.program[dim].name);
    for (const dsl::TableId table : rule.tables) tables.push_back(prepared.program[table].spelling);
    json.texts("by", dimensions);
    json.texts("tables", tables);
    json.texts("reads", columns_of(prepared.program, rule));
    json.close('}');
  }
  json.close(']');
  json.close('}');
  return out.append("\n");
}

}  // namespace

int rules(const RulesOptions& options) {
  const std::unique_ptr<Prepared> prepared = prepare(options);
  if (!prepared) return 2;
  const std::string text = options.json ? as_json(*prepared) : as_text(*prepared, colored(options.color, STDOUT_FILENO));
  const std::size_t count = prepared->program.rules.size();
  const bool written = print(text);
  const MessageId id = count == 1 ? MessageId::count_rules_one : MessageId::count_rules;
  if (!options.json) tell(draw(say(id, {{"count", std::to_string(count)}}), prepared->language) + "\n");
  return written ? 0 : 2;
}

}  // namespace kenzan::cli
