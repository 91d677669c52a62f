// The part of RowReader that reads cells of figures and integers.
#include "base/text.hpp"
#include "engine/table/respelled.hpp"
#include "engine/table/row_reader.hpp"

namespace kenzan::engine {

void RowReader::add_figure(PhysicalColumn& into, const Cell& cell) {
  const Rules& rules = rules_[cell.column];
  const dsl::Column& column = *rules.column;
  const bool integer = column.type == dsl::ColumnType::integer;
  if (ragged_ && !rules.in_key) {
    into.figures.add(Figure{Mark::unreadable, Rounding::exact, 0, 0});
    if (integer) add_code(into, {});
    return;
  }
  if (rules.plain_exponent) {
    if (const auto plain = plain_number(cell.column, cell.raw)) {
      into.figures.add(plain->number, plain->place + *rules.plain_exponent, column.format.rounding);
      if (integer) add_code(into, std::to_string(plain->number));
      return;
    }
  }
  const Figure figure = figure_of(cell);
  into.figures.add(figure);
  if (integer) add_code(into, figure.mark == Mark::number ? exact_text(figure.value) : std::string());
}

std::optional<PlainNumber> RowReader::plain_number(std::uint32_t column, std::string_view cell) const {
  const Rules& rules = rules_[column];
  const std::optional<PlainNumber> out = read_plain_number(cell, rules.plain_unit);
  if (out && out->place != 0 && rules.column->format.integer_only) return std::nullopt;
  return out;
}

Figure RowReader::figure_alone(std::uint32_t column, std::string_view text, bool& told) {
  told = false;
  const FigureFormat& format = rules_[column].column->format;
  if (const std::optional<int> exponent = rules_[column].plain_exponent) {
    if (const auto plain = plain_number(column, text)) {
      const Rational unit = power_of_ten(plain->place + *exponent);
      return {Mark::number, format.rounding, times(unit, Rational(plain->number)), unit};
    }
  }
  issues_.clear();
  Cell cell{column, 0, text, false, false};
  cell.malformed = !well_formed(cell);
  Figure figure = figure_of(cell);
  told = !issues_.empty();
  return figure;
}

Figure RowReader::unreadable(const Cell& cell, Message message) {
  complain(cell, "bad-number", std::move(message));
  return {Mark::unreadable, Rounding::exact, 0, 0};
}

Figure RowReader::figure_of(const Cell& cell) {
  const Rules& rules = rules_[cell.column];
  const dsl::Column& column = *rules.column;
  if (cell.malformed) return {Mark::unreadable, Rounding::exact, 0, 0};
  const CellValue value = rules.text.read(cell.raw, value_);
  if (!value.taken) {
    const bool reported = blank_or_untaken(cell, value) && !column.optional;
    return {reported ? Mark::unreadable : Mark::unknown, Rounding::exact, 0, 0};
  }
  if (rules.gives_decimals) {
    const auto decimals = read_decimals(value.text);
    if (decimals && decimals->exact) return {Mark::unknown, Rounding::exact, 0, 0};
  }
  bool good = true;
  const auto decimals = decimals_of(cell, good);
  std::string unknown_unit;
  const Unit* unit = unit_of(cell, unknown_unit);
  ReadFigure read = read_figure(value.text, column.format, data_.program->units,
                                decimals ? std::optional<int>(decimals->count) : std::nullopt, decimals && decimals->exact, unit);
  if (read.figure.mark == Mark::blank) (void)blank_or_untaken(cell, {});
  const bool number = read.figure.mark == Mark::number || read.figure.mark == Mark::unreadable;
  if (number && !unknown_unit.empty()) {
    return unreadable(cell, say(MessageId::no_such_unit,
                                {{"text", shortened(unknown_unit)}, {"column", declared_.columns[*column.unit_column].spelling}}));
  }
  if (read.figure.mark == Mark::number && !good) {
    return unreadable(cell, say(MessageId::bad_decimals, {{"text", shortened(raw_text(*column.decimals_column, other_raw_))},
                                                          {"column", declared_.columns[*column.decimals_column].spelling}}));
  }
  if (read.issue != FigureIssue::none) explain(cell, read);
  return std::move(read.figure);
}

/// Adds to the finding of a figure how it would be written plainly, if that is one spelling.
void RowReader::suggest_spelling(const Issue& issue, Finding& finding) {
  const Rules& rules = rules_[issue.column];
  const bool unread = issue.code == "bad-number";
  if ((!unread && issue.code != "number-format") || !rules.column->is_figure() || ragged_) return;
  if (rules.in_key || rules.gives_decimals) return;  // which is more than a figure
  const CellEvidence& cell = finding.cells.front();
  const auto read = [&](std::string_view text) {
    issues_.clear();
    Cell tried{issue.column, issue.part, text, false, false};
    tried.malformed = !well_formed(tried);
    Figure figure = figure_of(tried);
    return TriedSpelling{std::move(figure), !issues_.empty()};
  };
  std::optional<std::string> text = respelled(cell.text, rules.column->format, read);
  issues_.clear();
  if (!text) return;
  Suggestion suggestion{cell, std::move(*text), "spelling", {}, 0, table_.delimiter};
  suggestion.message = say(unread ? MessageId::respelled_unread : MessageId::respelled,
                           {{"from", shortened(cell.text)}, {"to", shortened(suggestion.text)}});
  finding.suggestions.push_back(std::move(suggestion));
}

/// What the column of `decimals` says in this row; `good` becomes false where it says something else. A blank says nothing.
std::optional<Decimals> RowReader::decimals_of(const Cell& cell, bool& good) {
  const auto from = rules_[cell.column].column->decimals_column;
  if (!from) return std::nullopt;
  const CellValue value = rules_[*from].text.read(raw_text(*from, other_raw_), other_value_);
  if (value.taken && trim_view(value.text).empty()) return std::nullopt;
  const auto decimals = read_decimals(value.text);
  good = decimals.has_value();
  if (decimals && decimals->exact) return Decimals{0, true};
  return decimals;
}

/// The unit that the unit column gives in this row, if it names one; otherwise its text in `unknown`.
const Unit* RowReader::unit_of(const Cell& cell, std::string& unknown) {
  const auto from = rules_[cell.column].column->unit_column;
  if (!from) return nullptr;
  const CellValue value = rules_[*from].text.read(raw_text(*from, other_raw_), other_value_);
  if (trim_view(value.text).empty()) return nullptr;
  const Unit* unit = data_.program->units.find(value.text);
  if (unit == nullptr) unknown = value.text;
  return unit;
}

/// Reports why a cell was not read, or was read with a complaint.
void RowReader::explain(const Cell& cell, const ReadFigure& read) {
  const dsl::Column& column = *rules_[cell.column].column;
  const std::string text = shortened(cell.raw);
  const auto bad = [&](Message message) { complain(cell, "bad-number", std::move(message)); };
  const auto format = [&](MessageId id) {
    Issue& issue = complain(cell, "number-format", say(id, {{"text", text}}));
    issue.severity = Severity::warning;
    const Unit& unit = column.format.unit;
    issue.notes.push_back(say(MessageId::read_as, {{"value", readable(Rational(read.figure.value / unit.factor)) + unit.name}}));
  };
  switch (read.issue) {
    case FigureIssue::none: break;
    case FigureIssue::inner_blank: format(MessageId::blank_in_number); break;
    case FigureIssue::about: format(MessageId::about_in_cell); break;
    case FigureIssue::exponent: format(MessageId::exponent_in_cell); break;
    case FigureIssue::not_a_number:
      if (read.detail.empty()) {
        bad(say(MessageId::not_a_number, {{"text", text}}));
      } else {
        bad(say(MessageId::more_than_a_number, {{"text", text}, {"rest", shortened(read.detail)}}));
      }
      break;
    case FigureIssue::bad_grouping: bad(say(MessageId::bad_grouping, {{"text", text}, {"sign", column.format.group}})); break;
    case FigureIssue::bracketed: bad(say(MessageId::bracketed_number, {{"text", text}})); break;
    case FigureIssue::wrong_unit: {
      const std::string& unit = column.format.unit.name;
      bad(unit.empty()
              ? say(MessageId::unexpected_unit, {{"text", text}, {"found", read.detail}, {"column", column.spelling}})
              : say(MessageId::wrong_unit, {{"text", text}, {"found", read.detail}, {"column", column.spelling}, {"unit", unit}}));
      break;
    }
    case FigureIssue::missing_unit: bad(say(MessageId::missing_unit, {{"text", text}})); break;
    case FigureIssue::not_an_integer: bad(say(MessageId::not_an_integer, {{"text", text}})); break;
    case FigureIssue::too_long: bad(say(MessageId::number_too_long, {{"digits", std::to_string(max_digits)}})); break;
  }
}

}  // namespace kenzan::engine
