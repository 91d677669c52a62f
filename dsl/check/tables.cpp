// Declarations of tables: columns, types, keys, files. What needs other tables or expressions is finished in table_links.cpp.
#include <algorithm>
#include <filesystem>

#include "base/text.hpp"
#include "dsl/check/checker.hpp"

namespace kenzan::dsl {

std::string format_extension(const std::string& path) {
  std::filesystem::path name = lower(path);
  if (name.extension() == ".gz" || name.extension() == ".zst") name = name.stem();
  return name.extension().string();
}

std::optional<std::uint32_t> Table::find(std::string_view folded) const {
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].name == folded) return i;
  }
  return std::nullopt;
}

std::optional<std::uint32_t> Table::dimension_column(DimId dim) const {
  for (std::uint32_t i = 0; i < columns.size(); ++i) {
    if (columns[i].dim == dim) return i;
  }
  return std::nullopt;
}

bool Table::has_across(DimId dim) const {
  return std::ranges::any_of(columns, [&](const Column& column) { return column.across && column.across->dim == dim; });
}

namespace check {

DimId Checker::dim(const std::string& folded) {
  auto [at, fresh] = dim_index_.emplace(folded, DimId(program_.dims.size()));
  if (fresh) program_.dims.push_back({folded, LabelKind::text});
  return at->second;
}

void Checker::declare_table(RuleFile& file, const tree::Table& tree) {
  const std::string name = fold(tree.name.text);
  const TableId id(program_.tables.size());
  Table table;
  table.name = name;
  table.spelling = tree.name.text;
  table.span = tree.name.span;
  if (auto [at, fresh] = file.scope.tables.emplace(name, id); !fresh) {
    Diagnostic twice{Severity::error, say(MessageId::declared_twice, {{"name", tree.name.text}}), tree.name.span, {}, {}, {}};
    twice.labels.push_back({program_[at->second].span, say(MessageId::first_declared_here)});
    diagnostics_->add(std::move(twice));
    return;
  }
  reader_options(tree, table);
  const std::optional<DimId> file_dim = files_of(file, tree, table);
  std::set<std::string> names;
  for (const tree::Column& column_tree : tree.columns) {
    if (!names.insert(fold(column_tree.name.text)).second) {
      error(column_tree.name.span, say(MessageId::column_twice, {{"name", column_tree.name.text}, {"table", tree.name.text}}));
      continue;
    }
    if (auto declared = column(file, tree, column_tree))
      table.columns.push_back(std::move(*declared));
    else
      file.scope.lost.insert(name + "." + fold(column_tree.name.text));
  }
  if (file_dim) {  // put last: the columns of the declaration keep their numbers
    Column labels;
    const std::string dimension = program_.dims[file_dim->index()].name;
    labels.name = dimension;
    labels.spelling = dimension;
    labels.from_file = true;
    labels.dim = file_dim;
    labels.span = tree.from_span;
    if (names.contains(dimension)) {
      error(tree.from_span, say(MessageId::column_twice, {{"name", dimension}, {"table", tree.name.text}}));
    }
    table.file_column = static_cast<std::uint32_t>(table.columns.size());
    table.columns.push_back(std::move(labels));
  }
  key_of(tree, table);
  program_.tables.push_back(std::move(table));
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (files_[i].get() == &file) pending_.push_back({i, &tree, id});
  }
}

std::optional<Column> Checker::column(const RuleFile& file, const tree::Table& table, const tree::Column& tree) {
  Column column;
  column.name = fold(tree.name.text);
  column.spelling = tree.name.text;
  column.span = tree.name.span;
  column.header = tree.header;
  column.position = tree.position;
  column.optional = tree.optional;
  if (tree.position && *tree.position == 0) {
    error(tree.from_span, say(MessageId::position_from_one));
    return std::nullopt;
  }
  const std::string& type = tree.type.first;
  if (tree.type.more.empty() && type == "text")
    column.type = ColumnType::text;
  else if (tree.type.more.empty() && type == "date")
    column.type = ColumnType::date;
  else if (tree.type.more.empty() && type == "flag")
    column.type = ColumnType::flag;
  else if (tree.type.more.empty() && type == "integer")
    column.type = ColumnType::integer;
  else
    column.type = ColumnType::figure;
  if (tree.across) {
    Across across;
    across.dim = dim(fold(tree.across->dim.text));
    std::set<std::string> seen;
    for (const tree::AcrossLabel& label : tree.across->labels) {
      if (!seen.insert(fold(label.label.text)).second) {
        error(label.label.span, say(MessageId::label_twice, {{"label", label.label.text}}));
        continue;
      }
      across.labels.push_back({fold(label.label.text), label.label.text, label.header});
    }
    if (tree.across->pattern) {
      if (!regex(*tree.across->pattern, false)) return std::nullopt;
      across.pattern = tree.across->pattern->pattern;
    }
    column.across = std::move(across);
    if (tree.header || tree.position) error(tree.from_span, say(MessageId::from_with_across, {{"name", tree.name.text}}));
  } else if (column.type == ColumnType::text || column.type == ColumnType::integer || column.type == ColumnType::date) {
    column.dim = dim(column.name);
  }
  if (tree.take) {
    if (!regex(*tree.take, true)) return std::nullopt;
    column.take = tree.take->pattern;
  }
  for (const auto& [printed, meant] : tree.alias) column.alias.emplace_back(fold(printed.text), meant.text);
  if (column.is_figure()) {
    const std::size_t before = diagnostics_->errors();
    figure_format(file, table, tree, column);
    if (diagnostics_->errors() > before && column.format.unit.name.empty() && type != "number" && type != "money" &&
        type != "integer") {
      return std::nullopt;
    }
  } else {
    const auto refuse = [&](bool given, Span span, const char* clause) {
      if (given) error(span, say(MessageId::figure_clause, {{"clause", clause}, {"name", tree.name.text}}));
    };
    refuse(tree.rounded.has_value(), tree.rounded ? tree.rounded->span : tree.span, "rounded");
    refuse(tree.to.has_value(), tree.name.span, "to");
    refuse(tree.decimals.has_value(), tree.decimals ? tree.decimals->span : tree.span, "decimals");
    refuse(tree.brackets.has_value(), tree.brackets ? tree.brackets->span : tree.span, "brackets");
    refuse(tree.marks.nil || tree.marks.unknown || tree.marks.suppressed, tree.name.span, "nil/unknown/suppressed");
  }
  return column;
}

void Checker::figure_format(const RuleFile& file, const tree::Table& table, const tree::Column& tree, Column& column) {
  FigureFormat& format = column.format;
  const std::string& type = tree.type.first;
  const bool plain = tree.type.more.empty();
  if (plain && type == "money") {
    format.unit_in_cell = true;
    format.unit = *file.scope.units.find("円");
    if (tree.type.unit_column) {
      for (std::uint32_t i = 0; i < table.columns.size(); ++i) {
        if (fold(table.columns[i].name.text) == fold(tree.type.unit_column->text)) column.unit_column = i;
      }
      if (!column.unit_column) {
        error(tree.type.unit_column->span,
              say(MessageId::unknown_column, {{"name", tree.type.unit_column->text}, {"table", table.name.text}}));
      }
    }
  } else if (plain && type == "integer") {
    format.integer_only = true;
  } else if (!(plain && type == "number")) {
    if (auto unit = unit_of(tree.type, file.scope.units))
      format.unit = *unit;
    else
      return;
  }
  format.ratio_marks = format.unit.dimension.empty() && !format.unit.name.empty();
  // A count keeps its own default under a table's mode, which is said of the amounts: only the column itself can round it.
  if (tree.rounded)
    format.rounding = tree.rounded->mode;
  else if (format.integer_only || format.unit.exact_by_default)
    format.rounding = Rounding::exact;
  else if (table.rounded)
    format.rounding = table.rounded->mode;
  if (tree.to) {
    auto place = literal(file.tree, *tree.to, file.scope.units);
    if (place && (place->kind != ValueKind::figure || place->written <= 0 ||
                  (!place->unit.name.empty() && !place->unit.same_dimension(format.unit)))) {
      error(file.tree[*tree.to].span, say(MessageId::place_not_positive, {{"unit", unit_name(format.unit)}}));
    } else if (place) {
      format.step = place->unit.name.empty() ? Rational(place->written * format.unit.factor) : place->written;
    }
  }
  if (tree.decimals) {
    for (std::uint32_t i = 0; i < table.columns.size(); ++i) {
      if (fold(table.columns[i].name.text) == fold(tree.decimals->text)) column.decimals_column = i;
    }
    if (!column.decimals_column) {
      error(tree.decimals->span, say(MessageId::unknown_column, {{"name", tree.decimals->text}, {"table", table.name.text}}));
    }
  }
  const auto marks = [](const auto& own, const auto& of_table, std::vector<std::string> otherwise) {
    std::vector<std::string> spellings = own ? *own : of_table ? *of_table : std::move(otherwise);
    for (std::string& spelling : spellings) spelling = trim(spelling);
    return spellings;
  };
  format.nil = marks(tree.marks.nil, table.marks.nil, default_nil(format.ratio_marks));
  format.unknown = marks(tree.marks.unknown, table.marks.unknown, default_unknown(format.ratio_marks));
  format.suppressed = marks(tree.marks.suppressed, table.marks.suppressed, default_suppressed());
  if (tree.brackets) {
    if (tree.brackets->text == "plain")
      format.brackets = Brackets::plain;
    else if (tree.brackets->text == "minus")
      format.brackets = Brackets::minus;
  }
  for (const tree::ReaderOption& option : table.options) {
    if (option.name.text == "decimal" && option.text == ",") {
      format.decimal = ',';
      format.group = ".";
    }
  }
  for (const tree::ReaderOption& option : table.options) {
    if (option.name.text == "group") format.group = option.text;
  }
}

std::optional<DimId> Checker::files_of(const RuleFile& file, const tree::Table& tree, Table& table) {
  std::optional<DimId> file_dim;
  const auto beside = [&](const std::string& path) {
    if (path == "-") return path;
    return (std::filesystem::path(file.path).parent_path() / path).lexically_normal().generic_string();
  };
  if (tree.from && tree.across) {
    error(tree.from_span, say(MessageId::from_with_across, {{"name", tree.name.text}}));
  } else if (tree.from) {
    const std::size_t open = tree.from->find('{'), close = tree.from->find('}');
    if (open == std::string::npos && close == std::string::npos) {
      table.files.push_back({beside(*tree.from), "", tree.from_span});
    } else if (open != std::string::npos && close != std::string::npos && open + 1 < close &&
               tree.from->find('{', open + 1) == std::string::npos && tree.from->find('}', close + 1) == std::string::npos) {
      table.file_pattern = beside(*tree.from);
      file_dim = dim(fold(tree.from->substr(open + 1, close - open - 1)));
      table.files.push_back({*table.file_pattern, "", tree.from_span});
    } else {
      error(tree.from_span, say(MessageId::bad_file_pattern, {{"path", *tree.from}}));
    }
  } else if (tree.across) {
    file_dim = dim(fold(tree.across->dim.text));
    std::set<std::string> seen;
    for (const tree::FileAcross::File& part : tree.across->files) {
      const std::string label = fold(part.label.text);
      if (!seen.insert(label).second) {
        error(part.label.span, say(MessageId::label_twice, {{"label", part.label.text}}));
        continue;
      }
      table.file_labels.push_back(label);
      if (part.path) table.files.push_back({beside(*part.path), part.label.text, part.span});
    }
  } else {
    error(tree.name.span, say(MessageId::table_without_file, {{"name", tree.name.text}}));
  }
  if (table.reader.format_name.empty() && !table.files.empty()) {
    const std::string extension = format_extension(table.files.front().path);
    static const std::map<std::string, std::string> formats = {{".tsv", "tsv"},   {".tab", "tsv"},        {".md", "markdown"},
                                                               {".xlsx", "xlsx"}, {".ods", "ods"},        {".json", "json"},
                                                               {".sql", "sql"},   {".parquet", "parquet"}};
    if (auto known = formats.find(extension); known != formats.end())
      table.reader.format_name = known->second;
    else
      table.reader.format_name = "csv";
    table.reader.format_span = table.files.front().span;
  }
  table.reader.format = table.reader.format_name == "csv"   ? Format::csv
                        : table.reader.format_name == "tsv" ? Format::tsv
                                                            : Format::other;
  return file_dim;
}

void Checker::reader_options(const tree::Table& tree, Table& table) {
  std::set<std::string> seen;
  for (const tree::ReaderOption& option : tree.options) {
    const std::string& name = option.name.text;
    if (!seen.insert(name).second) error(option.name.span, say(MessageId::clause_twice, {{"clause", name}}));
    if (name == "format") {
      static const std::vector<std::string> known = {"csv", "tsv", "markdown", "xlsx", "ods", "json", "parquet", "sql"};
      if (std::ranges::find(known, option.text) == known.end()) {
        unknown(option.value_span, say(MessageId::unknown_format, {{"name", option.text}}), option.text, known);
      }
      table.reader.format_name = option.text;
      table.reader.format_span = option.value_span;
    } else if (name == "encoding") {
      table.reader.encoding = option.text;
    } else if (name == "delimiter") {
      if (option.text.size() != 1 || option.text == "\"" || option.text == "\n" || option.text == "\r") {
        error(option.value_span, say(MessageId::bad_delimiter));
      } else {
        table.reader.delimiter = option.text[0];
      }
    } else if (name == "header") {
      table.reader.header = option.number.value_or(1);
    } else if (name == "skip") {
      table.reader.skip = option.number.value_or(0);
    } else if (name == "decimal") {
      if (option.text != "," && option.text != ".") error(option.value_span, say(MessageId::bad_decimal_sign));
    } else if (name == "group") {
      if (code_points(option.text) != 1) error(option.value_span, say(MessageId::bad_group_sign));
    }
  }
}

void Checker::key_of(const tree::Table& tree, Table& table) {
  if (tree.key_row) {
    if (table.find("row")) {
      error(tree.key_span, say(MessageId::column_twice, {{"name", "row"}, {"table", tree.name.text}}));
      return;
    }
    Column record;
    record.name = record.spelling = "row";
    record.type = ColumnType::integer;
    record.format.integer_only = true;
    record.format.rounding = Rounding::exact;
    record.record_number = true;
    record.dim = dim("row");
    record.span = tree.key_span;
    table.key.push_back(static_cast<std::uint32_t>(table.columns.size()));
    table.columns.push_back(std::move(record));
  }
  for (const tree::Name& name : tree.key) {
    const auto column = table.find(fold(name.text));
    if (!column) {
      const bool across = dim_index_.contains(fold(name.text)) && table.has_across(dim_index_.at(fold(name.text)));
      if (across) continue;  // part of the key already: saying so is no mistake
      std::vector<std::string> names;
      for (const Column& candidate : table.columns) {
        if (candidate.dim) names.push_back(candidate.spelling);
      }
      unknown(name.span, say(MessageId::unknown_column, {{"name", name.text}, {"table", tree.name.text}}), fold(name.text), names);
      continue;
    }
    if (!table.columns[*column].dim) {
      error(name.span, say(MessageId::key_not_label, {{"name", name.text}}));
      continue;
    }
    if (std::ranges::find(table.key, *column) != table.key.end()) {
      error(name.span, say(MessageId::column_twice, {{"name", name.text}, {"table", tree.name.text}}));
      continue;
    }
    table.key.push_back(*column);
  }
  if (table.file_column && std::ranges::find(table.key, *table.file_column) == table.key.end()) {
    table.key.push_back(*table.file_column);
  }
  // In the key every cell counts; elsewhere a blank text is the text "".
  for (std::uint32_t i = 0; i < table.columns.size(); ++i) {
    Column& column = table.columns[i];
    const bool in_key = std::ranges::find(table.key, i) != table.key.end();
    if (column.type == ColumnType::text && !in_key) column.optional = true;
  }
}

}  // namespace check
}  // namespace kenzan::dsl
