#include "engine/table/csv.hpp"

#include <algorithm>

#include "base/utf8.hpp"

namespace kenzan::engine {

CsvReader::CsvReader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {
  if (text_.starts_with(byte_order_mark)) at_ = byte_order_mark.size();
}

bool CsvReader::next(CsvRecord& record) {
  if (at_ >= text_.size()) return false;
  record.number = ++records_;
  record.begin = at_;
  record.cells.clear();
  record.surplus = 0;
  record.issue = CsvIssue::none;
  const auto break_here = [&] { return at_ >= text_.size() || text_[at_] == '\n' || text_[at_] == '\r'; };
  if (!break_here()) {
    while (true) {
      CsvCell cell;
      cell.begin = at_;
      if (at_ < text_.size() && text_[at_] == '"') {
        quoted_cell(record, cell);
      } else {
        bare_cell(cell);
      }
      if (cell.end - cell.begin > longest_cell) {
        complain(record, CsvIssue::cell_too_long, cell.begin, cell.end);
        cell.end = cell.begin;
        cell.escaped = false;
        cell.lost = true;
      }
      if (record.cells.size() < most_cells) {
        record.cells.push_back(cell);
      } else {
        ++record.surplus;
        complain(record, CsvIssue::too_many_cells, cell.begin, cell.end);
      }
      if (break_here()) break;
      ++at_;  // the delimiter; behind it stands another cell, be it empty
    }
  }
  record.end = at_;
  if (at_ < text_.size()) {
    const bool two = text_[at_] == '\r' && at_ + 1 < text_.size() && text_[at_ + 1] == '\n';
    at_ += two ? 2 : 1;
  }
  return true;
}

void CsvReader::bare_cell(CsvCell& cell) {
  while (at_ < text_.size() && !ends_cell(text_[at_])) ++at_;
  cell.end = at_;
}

void CsvReader::quoted_cell(CsvRecord& record, CsvCell& cell) {
  const std::uint32_t opening = at_;
  cell.begin = ++at_;
  while (true) {
    const std::size_t quote = text_.find('"', at_);
    if (quote == std::string_view::npos) {
      at_ = cell.end = static_cast<std::uint32_t>(text_.size());
      complain(record, CsvIssue::quote_not_closed, opening, opening + 1);
      return;
    }
    at_ = static_cast<std::uint32_t>(quote) + 1;
    if (at_ >= text_.size() || text_[at_] != '"') break;
    cell.escaped = true;
    ++at_;
  }
  cell.end = at_ - 1;
  if (at_ >= text_.size() || ends_cell(text_[at_])) return;
  const std::uint32_t behind = at_;
  while (at_ < text_.size() && !ends_cell(text_[at_])) ++at_;
  cell.end = at_;
  cell.escaped = true;
  complain(record, CsvIssue::text_after_quote, behind, at_);
}

std::string_view CsvReader::text_of(const CsvCell& cell, std::string& scratch) const {
  const std::string_view bytes = text_.substr(cell.begin, cell.end - cell.begin);
  if (!cell.escaped) return bytes;
  scratch = unquoted(bytes);
  return scratch;
}

void CsvReader::complain(CsvRecord& record, CsvIssue issue, std::uint32_t begin, std::uint32_t end) {
  if (record.issue != CsvIssue::none) return;
  record.issue = issue;
  record.issue_begin = begin;
  record.issue_end = end;
}

std::string unquoted(std::string_view bytes) {
  std::string out;
  out.reserve(bytes.size());
  bool inside = true;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (inside && bytes[i] == '"') {
      const bool doubled = i + 1 < bytes.size() && bytes[i + 1] == '"';
      if (!doubled) {
        inside = false;
        continue;
      }
      ++i;
    }
    out.push_back(bytes[i]);
  }
  return out;
}

}  // namespace kenzan::engine
