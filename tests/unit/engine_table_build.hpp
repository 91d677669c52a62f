// Programs and files by hand: tables without a rule file, read from texts in memory.
#pragma once
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "base/text.hpp"
#include "engine/data.hpp"
#include "engine/table/load.hpp"

namespace kenzan::engine::build {

inline dsl::Column column(const std::string& name, dsl::ColumnType type) {
  dsl::Column made;
  made.name = fold(name);
  made.spelling = name;
  made.type = type;
  return made;
}
inline dsl::Column text(const std::string& name) { return column(name, dsl::ColumnType::text); }

inline dsl::Column figure(const std::string& name, const std::string& unit = "", Rounding rounding = Rounding::nearest) {
  dsl::Column made = column(name, dsl::ColumnType::figure);
  if (!unit.empty()) made.format.unit = *UnitTable().find(unit);
  made.format.ratio_marks = made.format.unit.dimension.empty() && !unit.empty();
  made.format.rounding = rounding;
  made.format.nil = default_nil(made.format.ratio_marks);
  made.format.unknown = default_unknown(made.format.ratio_marks);
  made.format.suppressed = default_suppressed();
  return made;
}
inline dsl::Column money(const std::string& name) {
  dsl::Column made = figure(name, "円");
  made.format.unit_in_cell = true;
  return made;
}
inline dsl::Column integer(const std::string& name) {
  dsl::Column made = figure(name);
  made.type = dsl::ColumnType::integer;
  made.format.integer_only = true;
  made.format.rounding = Rounding::exact;
  return made;
}

/// A program of tables with their files; reads and checks them.
struct Tables {
  dsl::Program program;
  SourceMap sources;
  std::map<std::string, std::string> files;
  LoadOptions options;
  LoadReport report;
  Data data;

  /// Adds a table over `name`.csv; `key` lists positions of columns. Text columns outside the key become optional.
  dsl::TableId add(const std::string& name, std::vector<dsl::Column> columns, std::vector<std::uint32_t> key) {
    dsl::Table table;
    table.name = table.spelling = name;
    table.key = std::move(key);
    for (std::uint32_t i = 0; i < columns.size(); ++i) {
      dsl::Column& made = columns[i];
      const bool label = !made.across && (made.type == dsl::ColumnType::text || made.type == dsl::ColumnType::integer ||
                                          made.type == dsl::ColumnType::date);
      if (label) made.dim = dim(made.name);
      if (made.type == dsl::ColumnType::text && std::ranges::find(table.key, i) == table.key.end()) made.optional = true;
    }
    table.columns = std::move(columns);
    table.files.push_back({name + ".csv", "", {}});
    program.tables.push_back(std::move(table));
    return dsl::TableId(program.tables.size() - 1);
  }

  dsl::DimId dim(const std::string& name) {
    for (std::size_t i = 0; i < program.dims.size(); ++i) {
      if (program.dims[i].name == name) return dsl::DimId(i);
    }
    program.dims.push_back({name, dsl::LabelKind::text});
    return dsl::DimId(program.dims.size() - 1);
  }

  void across(dsl::Column& made, const std::string& dimension, const std::vector<std::pair<std::string, std::string>>& labels) {
    dsl::Across across;
    across.dim = dim(dimension);
    for (const auto& [label, header] : labels) across.labels.push_back({fold(label), label, header});
    made.across = std::move(across);
  }
  void across_pattern(dsl::Column& made, const std::string& dimension, const std::string& pattern) {
    made.across = dsl::Across{dim(dimension), {}, pattern};
  }

  void read() {
    data.program = &program;
    data.sources = &sources;
    if (!options.open) {
      options.open = [this](const std::string& path) -> Result<std::string, std::string> {
        const auto file = files.find(path);
        if (file == files.end()) return tl::unexpected(std::string("No such file or directory"));
        return file->second;
      };
    }
    for (std::size_t i = 0; i < program.tables.size(); ++i) read_table(data, dsl::TableId(i), options, report);
  }
  void check() {
    for (std::size_t i = 0; i < program.tables.size(); ++i) check_table(data, dsl::TableId(i), report);
  }
  void load() {
    read();
    check();
  }

  /// `code: message` of every finding, a line each.
  [[nodiscard]] std::string findings() const {
    std::string out;
    for (const Finding& finding : report.findings) {
      if (!out.empty()) out.push_back('\n');
      out.append(finding.code).append(": ").append(draw(finding.message, Language::english));
    }
    return out;
  }
  /// The messages of the failures, with their helps.
  [[nodiscard]] std::string failures() const {
    std::string out;
    for (const Diagnostic& failure : report.failures) {
      if (!out.empty()) out.push_back('\n');
      out.append(draw(failure.message, Language::english));
      for (const Message& help : failure.helps) out.append("; ").append(draw(help, Language::english));
    }
    return out;
  }
  [[nodiscard]] const PhysicalColumn& cells(dsl::TableId id, std::uint32_t column, std::uint32_t part = 0) const {
    return data[id].columns[column].parts[part];
  }
  [[nodiscard]] std::string text_of(dsl::TableId id, std::uint32_t column, std::uint32_t row) const {
    return std::string(data.texts.text(cells(id, column).texts[row]));
  }
  [[nodiscard]] std::string written(dsl::TableId id, std::uint32_t column, std::uint32_t row, std::uint32_t part = 0) const {
    return exact_text(cells(id, column, part).figures.written(row));
  }
  [[nodiscard]] std::string cell_bytes(dsl::TableId id, std::uint32_t column, std::uint32_t row, std::uint32_t part = 0) const {
    return std::string(sources.text(data[id].cell_span(column, part, row)));
  }
};

}  // namespace kenzan::engine::build
