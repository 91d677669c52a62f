#include "engine/concerned.hpp"

#include <algorithm>

namespace kenzan::engine {

Concerned concerned_by(const dsl::Program& program, const SourceMap& sources, const LoadOptions& load,
                       const std::function<bool(std::string_view path)>& changed) {
  // A rule file has changed with any that it uses, however far away; files may use each other in a circle.
  std::vector<bool> files;
  for (const dsl::RuleFile& file : program.files) files.push_back(changed(sources.path(file.source)));
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < files.size(); ++i) {
      if (files[i] || std::ranges::none_of(program.files[i].uses, [&](std::size_t used) { return files[used]; })) continue;
      files[i] = again = true;
    }
  }
  const auto file_changed = [&](SourceId source) {
    const auto file = std::ranges::find(program.files, source, &dsl::RuleFile::source);
    return file != program.files.end() && files[static_cast<std::size_t>(file - program.files.begin())];
  };

  Concerned out;
  for (const dsl::Table& table : program.tables) {
    bool concerned = file_changed(table.span.source);
    for (const std::string& path : files_of(table, load)) concerned = changed(path) || concerned;
    out.tables.push_back(concerned);
  }
  const std::vector<bool> tables = out.tables;
  for (const dsl::Rule& rule : program.rules) {
    const bool reads = std::ranges::any_of(rule.tables, [&](dsl::TableId table) { return tables[table.index()]; });
    out.rules.push_back(reads || file_changed(rule.place.source));
    if (!out.rules.back()) continue;
    for (const dsl::TableId table : rule.tables) out.tables[table.index()] = true;
  }
  // The labels that a column must be among stand in another table.
  for (bool again = true; again;) {
    again = false;
    for (std::size_t i = 0; i < program.tables.size(); ++i) {
      if (!out.tables[i]) continue;
      for (const dsl::Column& column : program.tables[i].columns) {
        for (const dsl::Constraint& constraint : column.constraints) {
          if (constraint.kind != dsl::Constraint::Kind::in_table || out.tables[constraint.table.index()]) continue;
          out.tables[constraint.table.index()] = again = true;
        }
      }
    }
  }
  return out;
}

}  // namespace kenzan::engine
