#include "engine/table/cell_finding.hpp"

#include "base/utf8.hpp"
#include "diag/csv_text.hpp"
#include "diag/evidence_text.hpp"
#include "engine/explain/fingerprint.hpp"
#include "engine/table/csv.hpp"

namespace kenzan::engine {
namespace {

std::string_view name_of(Mark mark) {
  switch (mark) {
    case Mark::number: return "";
    case Mark::nil: return "nil";
    case Mark::unknown: return "unknown";
    case Mark::suppressed: return "suppressed";
    case Mark::blank: return "blank";
    case Mark::unreadable: return "unreadable";
  }
  return "";
}

void describe_figure(CellEvidence& evidence, const FigureColumn& figures, std::uint32_t row, const Unit& unit) {
  evidence.unit = unit.name;
  evidence.mark = name_of(figures.mark(row));
  Ends ends = ends_of(figures.range(row), unit);
  evidence.low = std::move(ends.low);
  evidence.high = std::move(ends.high);
  evidence.low_closed = ends.low_closed;
  evidence.high_closed = ends.high_closed;
}

Finding finding_of(const Data& data, CellEvidence evidence, Span place, std::string_view code, Message message) {
  Finding finding;
  finding.code = code;
  finding.message = std::move(message);
  finding.place = place;
  finding.fingerprint = fingerprint(code, data.sources->path(place.source), evidence.table, evidence.field, evidence.key);
  if (evidence.span.source.valid()) finding.primary = 0;
  finding.cells.push_back(std::move(evidence));
  return finding;
}

}  // namespace

Ends ends_of(const Interval& range, const Unit& unit) {
  const auto end = [&](const Bound& bound, const char* infinite) {
    return bound.infinite ? std::string(infinite) : exact_text(quotient(bound.value, unit.factor));
  };
  return {end(range.low, "-inf"), end(range.high, "inf"), !range.low.infinite && range.low.closed,
          !range.high.infinite && range.high.closed};
}

KeyPairs key_of_row(const Data& data, dsl::TableId id, std::uint32_t row) {
  const dsl::Program& program = *data.program;
  const dsl::Table& declared = program[id];
  KeyPairs key;
  for (const std::uint32_t column : declared.key) {
    const dsl::Column& key_column = declared.columns[column];
    const std::string& name = key_column.dim ? program[*key_column.dim].name : key_column.spelling;
    key.emplace_back(name, data.texts.text(data[id].columns[column].parts[0].text(row)));
  }
  return key;
}

KeyPairs key_of_cell(const Data& data, dsl::TableId id, CellPlace cell) {
  KeyPairs key = key_of_row(data, id, cell.row);
  if (const auto& across = (*data.program)[id].columns[cell.column].across) {
    key.emplace_back((*data.program)[across->dim].name, data.texts.text(data[id].columns[cell.column].across_spellings[cell.part]));
  }
  return key;
}

std::string text_of(const Data& data, dsl::TableId id, CellPlace cell) {
  const dsl::Column& column = (*data.program)[id].columns[cell.column];
  const Table& table = data[id];
  if (column.from_file || column.record_number) {
    return std::string(data.texts.text(table.columns[cell.column].parts[cell.part].text(cell.row)));
  }
  const Span span = table.cell_span(cell.column, cell.part, cell.row);
  const std::string_view bytes = data.sources->text(span);
  return stands_in_quotes(data.sources->text(span.source), span.begin) ? unquoted(bytes) : std::string(bytes);
}

CellEvidence evidence_of(const Data& data, dsl::TableId id, CellPlace cell, std::string role) {
  const dsl::Table& declared = (*data.program)[id];
  const dsl::Column& column = declared.columns[cell.column];
  const Table& table = data[id];
  const PhysicalColumn& cells = table.columns[cell.column].parts[cell.part];
  CellEvidence evidence;
  evidence.role = std::move(role);
  evidence.span = table.cell_span(cell.column, cell.part, cell.row);
  evidence.table = declared.spelling;
  evidence.field = column.spelling;
  evidence.key = key_of_cell(data, id, cell);
  evidence.place = {static_cast<std::uint32_t>(id.index()), cell.part, cell.row};
  for (std::uint32_t c = 0; c < cell.column; ++c)
    evidence.place.column += static_cast<std::uint32_t>(table.columns[c].parts.size());
  evidence.text = text_of(data, id, cell);
  if (column.type == dsl::ColumnType::figure) {
    describe_figure(evidence, cells.figures, cell.row, column.format.unit);
  } else if (column.type == dsl::ColumnType::integer) {
    evidence.mark = name_of(cells.figures.mark(cell.row));
  } else if (cells.blank[cell.row]) {
    evidence.mark = "blank";
  }
  return evidence;
}

Finding cell_finding(const Data& data, dsl::TableId id, CellPlace cell, std::string_view code, Message message) {
  CellEvidence evidence = evidence_of(data, id, cell, "cell");
  const Span place = evidence.span;
  return finding_of(data, std::move(evidence), place, code, std::move(message));
}

Finding record_finding(const Data& data, dsl::TableId id, std::uint32_t row, Span place, std::string_view code, Message message) {
  CellEvidence evidence;
  evidence.role = "cell";
  evidence.span = place;
  evidence.table = (*data.program)[id].spelling;
  evidence.key = key_of_row(data, id, row);
  return finding_of(data, std::move(evidence), place, code, std::move(message));
}

Finding absent_finding(const Data& data, dsl::TableId id, KeyPairs key, SourceId file, std::string_view code, Message message) {
  CellEvidence evidence;
  evidence.role = "cell";
  evidence.table = (*data.program)[id].spelling;
  evidence.key = std::move(key);
  evidence.mark = "missing";
  return finding_of(data, std::move(evidence), Span{file, 0, 0}, code, std::move(message));
}

std::string shortened(std::string_view text) {
  constexpr std::size_t most = 40;  // code points
  std::string out;
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++count) {
    if (count == most) return out.append("…");
    const CodePoint c = code_point_at(text, at);
    if (c.valid) {
      out.append(text.substr(at, c.length));
    } else {
      out.append("\xEF\xBF\xBD");
    }
    at += c.length;
  }
  return out;
}

std::string key_text(const KeyPairs& key) { return instance_text(key); }

}  // namespace kenzan::engine
