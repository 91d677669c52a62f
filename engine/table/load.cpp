#include "engine/table/load.hpp"

#include <algorithm>
#include <limits>

#include "base/text.hpp"
#include "engine/table/bind.hpp"
#include "engine/table/csv.hpp"
#include "engine/table/row_reader.hpp"

namespace kenzan::engine {

Table empty_table(Data& data, dsl::TableId id) {
  Table table;
  table.id = id;
  for (const dsl::Column& column : (*data.program)[id].columns) {
    ColumnData& made = table.columns.emplace_back();
    if (!column.across) {
      made.parts.resize(1);
      continue;
    }
    for (const dsl::AcrossLabel& label : column.across->labels) {
      const Code spelling = data.texts.intern(label.spelling);
      made.across_spellings.push_back(spelling);
      made.across_labels.push_back(data.texts.label_of(spelling));
      made.parts.emplace_back();
    }
  }
  return table;
}

std::vector<std::string> files_of(const dsl::Table& declared, const LoadOptions& options) {
  if (const auto replaced = options.replaced.find(declared.name); replaced != options.replaced.end()) return {replaced->second};
  std::vector<std::string> out;
  if (declared.file_pattern) {
    for (auto& [path, label] : options.find(*declared.file_pattern)) out.push_back(path);
  } else {
    for (const dsl::InputFile& file : declared.files) out.push_back(file.path);
  }
  return out;
}

dsl::ReaderOptions reader_of(const dsl::Table& declared, const std::string* replaced) {
  dsl::ReaderOptions reader = declared.reader;
  const bool by_name = !declared.files.empty() && reader.format_span == declared.files.front().span;
  if (replaced == nullptr || !by_name) return reader;
  const std::string extension = dsl::format_extension(*replaced);
  if (extension == ".csv") reader.format = dsl::Format::csv;
  if (extension == ".tsv" || extension == ".tab") reader.format = dsl::Format::tsv;
  return reader;
}

char delimiter_of(const dsl::ReaderOptions& reader) {
  return reader.delimiter.value_or(reader.format == dsl::Format::tsv ? '\t' : ',');
}

bool find_header(const dsl::ReaderOptions& options, CsvReader& reader, CsvRecord& record) {
  const std::uint64_t wanted = std::uint64_t{options.skip} + std::max<std::uint32_t>(options.header, 1);
  while (reader.next(record)) {
    if (record.number >= wanted && !record.cells.empty()) return true;
  }
  record.cells.clear();
  return false;
}

void read_header(Header& header, const CsvReader& reader, const CsvRecord& record) {
  std::string scratch;
  for (const CsvCell& cell : record.cells) {
    const std::string_view name = reader.text_of(cell, scratch);
    header.malformed = header.malformed || first_invalid_utf8(name).has_value();
    header.folded.push_back(fold(name));
    header.spellings.emplace_back(name);
  }
}

namespace {

constexpr std::uint64_t rows_between_reports = 4096;

/// Reads one table's files, each into a source of its own.
class TableLoader {
 public:
  TableLoader(Data& data, dsl::TableId id, const LoadOptions& options, LoadReport& report)
      : data_(data), id_(id), declared_((*data.program)[id]), options_(options), report_(report), rows_(data, id, report) {}

  void load() {
    const auto replaced = options_.replaced.find(declared_.name);
    const std::string* path = replaced == options_.replaced.end() ? nullptr : &replaced->second;
    reader_ = reader_of(declared_, path);
    if (!readable()) return;
    data_.tables[id_.index()].delimiter = delimiter_of(reader_);
    for (const dsl::InputFile& input : inputs(path)) read(input);
  }

 private:
  bool readable() {
    if (reader_.format == dsl::Format::other) {
      const Span place = reader_.format_span.source.valid() ? reader_.format_span : declared_.span;
      fail(report_, place, say(MessageId::format_not_read, {{"format", reader_.format_name}}));
      return false;
    }
    const std::string encoding = lower(reader_.encoding);
    if (encoding.empty() || encoding == "utf-8" || encoding == "utf8" || encoding == "utf-8-sig") return true;
    fail(report_, declared_.span, say(MessageId::encoding_not_read, {{"encoding", reader_.encoding}}));
    return false;
  }

  std::vector<dsl::InputFile> inputs(const std::string* replaced) {
    if (replaced != nullptr) {
      if (declared_.file_pattern || declared_.files.size() != 1 || declared_.file_column) {
        fail(report_, declared_.span, say(MessageId::data_for_several_files, {{"table", declared_.spelling}}));
        return {};
      }
      dsl::InputFile input = declared_.files.front();
      input.path = *replaced;
      return {std::move(input)};
    }
    if (!declared_.file_pattern) return declared_.files;
    const Span place = declared_.files.empty() ? declared_.span : declared_.files.front().span;
    std::vector<dsl::InputFile> found;
    for (auto& [path, label] : options_.find(*declared_.file_pattern)) found.push_back({path, label, place});
    if (found.empty()) fail(report_, place, say(MessageId::no_file_fits, {{"path", *declared_.file_pattern}}));
    return found;
  }

  void read(const dsl::InputFile& input) {
    Result<std::string, std::string> text = options_.open(input.path);
    data_.watch.go_on();
    if (!text) {
      fail(report_, input.span, say(MessageId::unreadable_data, {{"path", input.path}, {"reason", text.error()}}));
      return;
    }
    if (text->size() >= std::numeric_limits<std::uint32_t>::max()) {
      fail(report_, input.span, say(MessageId::data_too_large, {{"path", input.path}}));
      return;
    }
    if (text->starts_with("\xFF\xFE") || text->starts_with("\xFE\xFF")) {
      fail(report_, input.span, say(MessageId::data_is_utf16, {{"path", input.path}}));
      return;
    }
    const SourceId source = data_.sources->add(input.path, std::move(*text));
    CsvReader reader(data_.sources->text(source), delimiter_of(reader_));
    read_records(input, source, reader);
  }

  void read_records(const dsl::InputFile& input, SourceId source, CsvReader& reader) {
    CsvRecord record;
    Header header;
    header.path = input.path;
    header.present = reader_.header > 0;
    bool more = find_header(reader_, reader, record);
    if (!more && header.present) {
      fail(report_, input.span, say(MessageId::no_header, {{"path", input.path}}));
      return;
    }
    header.width = record.cells.size();
    if (header.present) {
      read_header(header, reader, record);
    } else if (!more) {
      header.width = std::numeric_limits<std::size_t>::max();  // nothing there: any position would do
    }
    const std::size_t failures = report_.failures.size();
    std::vector<BoundColumn> bound = bind_columns(data_, id_, header, report_);
    if (report_.failures.size() > failures) return;
    rows_.begin_file(source, input.label, std::move(bound), header.width);
    if (header.present) more = reader.next(record);
    const std::uint64_t size = data_.sources->text(source).size();
    for (; more; more = reader.next(record)) {
      if (record.number % rows_between_reports == 0) {
        data_.watch.go_on();
        data_.watch.report({Progress::Stage::reading, input.path, reader.at(), size, record.number});
      }
      if (record.cells.empty()) continue;
      if (record.issue == CsvIssue::too_many_cells) {
        fail(report_, input.span,
             say(MessageId::too_many_cells, {{"path", input.path},
                                             {"number", std::to_string(record.number)},
                                             {"limit", std::to_string(CsvReader::most_cells)}}));
        return;
      }
      rows_.add(reader, record);
    }
    data_.watch.report({Progress::Stage::reading, input.path, size, size, record.number});
  }

  Data& data_;
  dsl::TableId id_;
  const dsl::Table& declared_;
  const LoadOptions& options_;
  LoadReport& report_;
  dsl::ReaderOptions reader_;
  RowReader rows_;
};

}  // namespace

void read_table(Data& data, dsl::TableId id, const LoadOptions& options, LoadReport& report) {
  if (data.tables.size() < data.program->tables.size()) data.tables.resize(data.program->tables.size());
  data.tables[id.index()] = empty_table(data, id);
  const std::size_t failures = report.failures.size();
  TableLoader(data, id, options, report).load();
  if (report.failures.size() > failures) data.tables[id.index()] = empty_table(data, id);
}

}  // namespace kenzan::engine
