#include "engine/table/row_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"
#include "base/utf8.hpp"

namespace kenzan::engine {
namespace {

/// The exponent of a power of ten that plain numbers of the column are scaled by; none where they need the long way.
std::optional<int> plain_exponent(const dsl::Column& column, const CellText& text) {
  const FigureFormat& format = column.format;
  if (!column.is_figure() || !text.plain() || column.unit_column || column.decimals_column || format.unit_in_cell || format.step ||
      format.decimal != '.' || format.group != ",") {
    return std::nullopt;
  }
  for (const auto* marks : {&format.nil, &format.unknown, &format.suppressed}) {
    if (std::ranges::any_of(*marks, [](const std::string& mark) { return read_plain_number(mark).has_value(); }))
      return std::nullopt;
  }
  constexpr int far = 30;
  for (int exponent = -far; exponent <= far; ++exponent) {
    if (format.unit.factor == power_of_ten(exponent)) return exponent;
  }
  return std::nullopt;
}

/// The name of the unit of a column with a `plain_exponent`, if digits before it are surely a number of that unit.
std::string_view plain_unit(const FigureFormat& format, const UnitTable& units) {
  const std::string_view name = format.unit.name;
  if (name.empty() || first_invalid_utf8(name)) return {};
  const char32_t first = code_point_at(name, 0).code;
  const bool in_words = (first >= U'ぁ' && first <= U'ヺ') || (first >= U'一' && first <= U'鿿');
  constexpr std::u32string_view digits = U"一二三四五六七八九";
  if ((!in_words || digits.find(first) != digits.npos) && name != "%") return {};  // it may go on with the number
  const Unit* const known = units.find(std::string(name));
  const Unit& own = format.unit;
  if (known != nullptr && (known->factor != own.factor || !known->same_dimension(own) || known->kind != own.kind)) return {};
  for (const auto* marks : {&format.nil, &format.unknown, &format.suppressed}) {
    if (std::ranges::any_of(*marks, [&](const std::string& mark) { return read_plain_number(mark, name).has_value(); })) return {};
  }
  return name;
}

/// `text` with U+FFFD for malformed bytes and NUL.
std::string repaired(std::string_view text) {
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    if (c.valid && c.code != 0) {
      out.append(text.substr(at, c.length));
    } else {
      out.append("\xEF\xBF\xBD");
    }
    at += c.length;
  }
  return out;
}

std::string hex(unsigned char byte) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  return {'0', 'x', digits[byte >> 4], digits[byte & 0xF]};
}

}  // namespace

RowReader::RowReader(Data& data, dsl::TableId id, LoadReport& report)
    : data_(data), id_(id), declared_((*data.program)[id]), table_(data.tables[id.index()]), report_(report) {
  for (std::uint32_t i = 0; i < declared_.columns.size(); ++i) {
    const dsl::Column& column = declared_.columns[i];
    Rules rules{&column, CellText(column), false, false, std::nullopt, {}};
    rules.in_key = std::ranges::find(declared_.key, i) != declared_.key.end();
    rules.gives_decimals = std::ranges::any_of(declared_.columns, [i](const dsl::Column& c) { return c.decimals_column == i; });
    rules.plain_exponent = plain_exponent(column, rules.text);
    if (rules.plain_exponent) rules.plain_unit = plain_unit(column.format, data.program->units);
    rules_.push_back(std::move(rules));
  }
}

void RowReader::begin_file(SourceId source, const std::string& label, std::vector<BoundColumn> bound, std::size_t width) {
  table_.files.push_back(source);
  bound_ = std::move(bound);
  width_ = width;
  records_ = 0;
  file_label_ = data_.texts.intern(label);
  positions_.assign(declared_.columns.size(), BoundColumn::nowhere);
  for (const BoundColumn& b : bound_) {
    if (!declared_.columns[b.column].across) positions_[b.column] = b.position;
    pad(table_.columns[b.column].parts[b.part], declared_.columns[b.column].type);
  }
  suspect_ = is_malformed(data_.sources->text(source));
}

/// Gives the rows of earlier files blanks in a column that first appears in this one.
void RowReader::pad(PhysicalColumn& part, dsl::ColumnType type) const {
  for (std::size_t row = part.begin.size(); row < table_.rows; ++row) {
    part.begin.push_back(table_.row_begin[row]);
    part.end.push_back(table_.row_begin[row]);
    if (type == dsl::ColumnType::figure || type == dsl::ColumnType::integer) {
      part.figures.add(Figure{Mark::blank, Rounding::exact, 0, 0});
    } else {
      part.blank.push_back(true);
    }
    if (type == dsl::ColumnType::flag) part.flags.push_back(-1);
    if (type == dsl::ColumnType::text || type == dsl::ColumnType::date || type == dsl::ColumnType::integer) {
      part.texts.push_back(Texts::empty);
      part.labels.push_back(Texts::empty);
    }
  }
}

void RowReader::add(const CsvReader& reader, const CsvRecord& record) {
  reader_ = &reader;
  record_ = &record;
  issues_.clear();
  ++records_;
  table_.file.push_back(static_cast<std::uint32_t>(table_.files.size() - 1));
  table_.row_begin.push_back(record.begin);
  table_.row_end.push_back(record.end);
  table_.duplicate.push_back(false);
  table_.kept.push_back(true);
  ragged_ = record.issue != CsvIssue::none || record.cells.size() + record.surplus != width_;
  for (const BoundColumn& bound : bound_) read_cell(bound);
  own_columns(record);
  const auto row = static_cast<std::uint32_t>(table_.rows++);
  report_record(record);
  for (Issue& issue : std::exchange(issues_, {})) {
    Finding finding = cell_finding(data_, id_, {issue.column, issue.part, row}, issue.code, std::move(issue.message));
    finding.severity = issue.severity;
    finding.notes = std::move(issue.notes);
    finding.helps = std::move(issue.helps);
    suggest_spelling(issue, finding);
    report_.findings.push_back(std::move(finding));
  }
}

/// Fills the columns that no cell gives: the file's label, the record's number.
void RowReader::own_columns(const CsvRecord& record) {
  for (std::uint32_t i = 0; i < declared_.columns.size(); ++i) {
    const dsl::Column& column = declared_.columns[i];
    if (!column.from_file && !column.record_number) continue;
    PhysicalColumn& into = table_.columns[i].parts[0];
    into.begin.push_back(record.begin);
    into.end.push_back(record.begin);
    if (column.record_number) {
      into.figures.add(records_, 0, Rounding::exact);
      add_code(into, std::to_string(records_));
    } else {
      into.texts.push_back(file_label_);
      into.labels.push_back(data_.texts.label_of(file_label_));
      into.blank.push_back(false);
    }
  }
}

void RowReader::report_record(const CsvRecord& record) {
  const auto row = static_cast<std::uint32_t>(table_.rows - 1);
  const SourceId source = table_.files.back();
  const auto ragged = [&](Span place, Message message, std::vector<Message> helps) {
    Finding finding = record_finding(data_, id_, row, place, "ragged-row", std::move(message));
    finding.helps = std::move(helps);
    report_.findings.push_back(std::move(finding));
  };
  const Span issue{source, record.issue_begin, record.issue_end};
  switch (record.issue) {
    case CsvIssue::none:
    case CsvIssue::too_many_cells: break;  // counted below
    case CsvIssue::text_after_quote: ragged(issue, say(MessageId::text_after_quote), {say(MessageId::double_the_quote)}); break;
    case CsvIssue::quote_not_closed: ragged(issue, say(MessageId::quote_not_closed), {}); break;
    case CsvIssue::cell_too_long:
      ragged({source, record.issue_begin, record.issue_begin},
             say(MessageId::cell_too_long, {{"found", std::to_string(record.issue_end - record.issue_begin)},
                                            {"limit", std::to_string(CsvReader::longest_cell)}}),
             {});
      break;
  }
  const std::size_t found = record.cells.size() + record.surplus;
  if (found == width_) return;
  const bool surplus = found > width_;
  const std::uint32_t begin = surplus ? record.cells[width_].begin : record.begin;
  ragged({source, std::min(begin, record.end), record.end},
         say(surplus ? MessageId::surplus_cells : MessageId::too_few_cells,
             {{"found", std::to_string(found)}, {"expected", std::to_string(width_)}}),
         {});
}

std::string_view RowReader::raw_text(std::uint32_t column, std::string& scratch) const {
  const std::uint32_t position = positions_[column];
  return position < record_->cells.size() ? reader_->text_of(record_->cells[position], scratch) : std::string_view();
}

RowReader::Issue& RowReader::complain(const Cell& cell, std::string_view code, Message message) {
  issues_.push_back({code, Severity::error, cell.column, cell.part, std::move(message), {}, {}});
  return issues_.back();
}

void RowReader::read_cell(const BoundColumn& bound) {
  const dsl::Column& column = *rules_[bound.column].column;
  PhysicalColumn& into = table_.columns[bound.column].parts[bound.part];
  Cell cell{bound.column, bound.part, {}, true, false};
  if (bound.position < record_->cells.size()) {
    const CsvCell& bytes = record_->cells[bound.position];
    cell.raw = reader_->text_of(bytes, raw_);
    cell.absent = bytes.lost || ragged_;
    into.begin.push_back(bytes.begin);
    into.end.push_back(bytes.end);
    if (suspect_) cell.malformed = !well_formed(cell);
  } else {
    const std::uint32_t at = bound.position == BoundColumn::nowhere ? record_->begin : record_->end;
    into.begin.push_back(at);
    into.end.push_back(at);
  }
  switch (column.type) {
    case dsl::ColumnType::text: add_text(into, cell); break;
    case dsl::ColumnType::date: add_date(into, cell); break;
    case dsl::ColumnType::flag: add_flag(into, cell); break;
    case dsl::ColumnType::figure:
    case dsl::ColumnType::integer: add_figure(into, cell); break;
  }
}

bool RowReader::well_formed(const Cell& cell) {
  if (!is_malformed(cell.raw)) return true;
  const auto bad = first_invalid_utf8(cell.raw);
  const unsigned char byte = bad ? static_cast<unsigned char>(cell.raw[*bad]) : 0;
  Issue& issue =
      complain(cell, "encoding", bad ? say(MessageId::cell_not_utf8, {{"byte", hex(byte)}}) : say(MessageId::cell_with_nul));
  issue.helps.push_back(say(MessageId::save_as_utf8));
  return false;
}

/// Mostly it is the text of the row above, or that which came first behind it.
void RowReader::add_code(PhysicalColumn& into, std::string_view text) {
  const Code above = into.texts.empty() ? Texts::empty : into.texts.back();
  const auto is = [&](Code code) { return code < data_.texts.size() && same_bytes(data_.texts.text(code), text); };
  const Code code = is(above) ? above : is(above + 1) ? above + 1 : data_.texts.intern(text);
  into.texts.push_back(code);
  into.labels.push_back(data_.texts.label_of(code));
}

/// Whether the cell has no value because it is blank or `take` does not fit it; reports it where the column does not allow that.
bool RowReader::blank_or_untaken(const Cell& cell, const CellValue& value) {
  const dsl::Column& column = *rules_[cell.column].column;
  if (!value.taken) {
    if (!column.optional) {
      complain(cell, "bad-number", say(MessageId::take_does_not_fit, {{"text", shortened(cell.raw)}, {"pattern", *column.take}}));
    }
    return true;
  }
  if (!trim_view(value.text).empty()) return false;
  if (!column.optional && !cell.absent) {
    Issue& issue = complain(cell, "blank-cell", say(MessageId::blank_cell, {{"column", column.spelling}}));
    issue.helps.push_back(say(column.type == dsl::ColumnType::figure ? MessageId::blank_cell_help : MessageId::blank_label_help));
  }
  return true;
}

void RowReader::add_text(PhysicalColumn& into, const Cell& cell) {
  const Rules& rules = rules_[cell.column];
  std::string mended;
  std::string_view raw = cell.raw;
  if (cell.malformed) raw = mended = repaired(raw);
  const CellValue value = rules.text.read(raw, value_);
  const bool blank = trim_view(value.text).empty();
  if (blank && rules.in_key && !rules.column->optional && !cell.absent) {
    Issue& issue =
        complain(cell, "blank-cell",
                 value.taken ? say(MessageId::blank_cell, {{"column", rules.column->spelling}})
                             : say(MessageId::take_does_not_fit, {{"text", shortened(raw)}, {"pattern", *rules.column->take}}));
    issue.helps.push_back(say(MessageId::blank_label_help));
  }
  add_code(into, blank ? std::string_view() : value.text);
  into.blank.push_back(blank);
}

void RowReader::add_date(PhysicalColumn& into, const Cell& cell) {
  std::optional<std::string> date;
  if (!cell.malformed) {
    const CellValue value = rules_[cell.column].text.read(cell.raw, value_);
    if (!blank_or_untaken(cell, value)) {
      date = read_date(value.text);
      if (!date) {
        Issue& issue = complain(cell, "bad-number", say(MessageId::not_a_date, {{"text", shortened(cell.raw)}}));
        issue.helps.push_back(say(MessageId::date_help));
      }
    }
  }
  add_code(into, date ? std::string_view(*date) : std::string_view());
  into.blank.push_back(!date);
}

void RowReader::add_flag(PhysicalColumn& into, const Cell& cell) {
  std::optional<bool> flag;
  if (!cell.malformed) {
    const CellValue value = rules_[cell.column].text.read(cell.raw, value_);
    if (!blank_or_untaken(cell, value)) {
      flag = read_flag(value.text);
      if (!flag) {
        Issue& issue = complain(cell, "bad-number", say(MessageId::not_a_flag, {{"text", shortened(cell.raw)}}));
        issue.helps.push_back(say(MessageId::flag_help));
      }
    }
  }
  into.flags.push_back(flag ? (*flag ? 1 : 0) : -1);
  into.blank.push_back(!flag);
}

}  // namespace kenzan::engine
