#include "engine/table/constraints.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "engine/table/cell_finding.hpp"

namespace kenzan::engine {
namespace {

/// The order of texts: by code points, which is the order of their bytes.
bool holds(std::string_view left, Relation relation, std::string_view right) {
  switch (relation) {
    case Relation::equal: return left == right;
    case Relation::not_equal: return left != right;
    case Relation::less: return left < right;
    case Relation::less_equal: return left <= right;
    case Relation::greater: return left > right;
    case Relation::greater_equal: return left >= right;
  }
  return true;
}

/// Checks one constraint over one physical column.
class Check {
 public:
  Check(const Data& data, dsl::TableId id, std::uint32_t column, const dsl::Constraint& constraint, LoadReport& report)
      : data_(data),
        id_(id),
        declared_((*data.program)[id].columns[column]),
        constraint_(constraint),
        report_(report),
        place_{column} {}

  void part(std::uint32_t part) {
    place_.part = part;
    cells_ = &data_[id_].columns[place_.column].parts[part];
    switch (constraint_.kind) {
      case dsl::Constraint::Kind::in_texts: return in_texts();
      case dsl::Constraint::Kind::in_figures: return in_figures();
      case dsl::Constraint::Kind::in_table: return in_table();
      case dsl::Constraint::Kind::matches: return matches();
      case dsl::Constraint::Kind::compare: return declared_.is_figure() ? compare_figures() : compare_texts();
      case dsl::Constraint::Kind::unique: return declared_.type == dsl::ColumnType::figure ? unique_figures() : unique_labels();
    }
  }

 private:
  /// Calls `check(row)` for every kept row whose cell says something.
  template <class F>
  void for_each_cell(F check) {
    const Table& table = data_[id_];
    for (std::uint32_t row = 0; row < table.rows; ++row) {
      data_.watch.go_on(row);
      if (!table.kept[row]) continue;
      if (declared_.is_figure() ? blank_figure(row) : bool(cells_->blank[row])) continue;
      place_.row = row;
      check(row);
    }
  }
  [[nodiscard]] bool blank_figure(std::uint32_t row) const {
    const Mark mark = cells_->figures.mark(row);
    return mark == Mark::blank || mark == Mark::unreadable;
  }
  [[nodiscard]] std::string_view text(std::uint32_t row) const { return data_.texts.text(cells_->texts[row]); }

  [[nodiscard]] Finding finding(std::string_view code, Message message) const {
    return cell_finding(data_, id_, place_, code, std::move(message));
  }
  /// The text of the cell at hand as its file spells it.
  [[nodiscard]] std::string shown() const {
    return shortened(data_.sources->text(data_[id_].cell_span(place_.column, place_.part, place_.row)));
  }
  void not_met() {
    report_.findings.push_back(
        finding("constraint", say(MessageId::constraint_not_met, {{"text", shown()}, {"constraint", constraint_.limit_text}})));
  }
  void spelled_otherwise(std::string_view other) {
    Finding made = finding("spelling", say(MessageId::spelled_otherwise, {{"text", shown()}, {"other", shortened(other)}}));
    made.severity = Severity::warning;
    report_.findings.push_back(made);
  }
  void occurs_again(std::uint32_t first);

  void in_texts();
  void in_figures();
  void in_table();
  void matches();
  void compare_figures();
  void compare_texts();
  void unique_labels();
  void unique_figures();

  const Data& data_;
  dsl::TableId id_;
  const dsl::Column& declared_;
  const dsl::Constraint& constraint_;
  LoadReport& report_;
  CellPlace place_;
  const PhysicalColumn* cells_ = nullptr;
};

void Check::in_texts() {
  std::unordered_map<std::string, std::string_view> by_label;
  for (const std::string& permitted : constraint_.texts) by_label.emplace(fold(permitted), permitted);
  // Each spelling is judged once: 0 permitted, 1 spelled otherwise, 2 not permitted.
  std::unordered_map<Code, int> judged;
  for_each_cell([&](std::uint32_t row) {
    const auto [at, fresh] = judged.emplace(cells_->texts[row], 0);
    const auto permitted = by_label.find(std::string(data_.texts.text(cells_->labels[row])));
    if (fresh && std::ranges::find(constraint_.texts, text(row)) == constraint_.texts.end()) {
      at->second = permitted == by_label.end() ? 2 : 1;
    }
    if (at->second == 2) not_met();
    if (at->second == 1) spelled_otherwise(permitted->second);
  });
}

void Check::in_figures() {
  for_each_cell([&](std::uint32_t row) {
    const Interval range = cells_->figures.range(row);
    if (std::ranges::none_of(constraint_.figures, [&](const Rational& permitted) { return range.contains(permitted); })) not_met();
  });
}

void Check::compare_figures() {
  const FigureColumn& figures = cells_->figures;
  IntegerBounds bounds;
  narrow(bounds, constraint_, figures.exponent);
  for_each_cell([&](std::uint32_t row) {
    // What is written is one of the true values.
    const bool plain = (figures.state[row] & (FigureColumn::is_wide | FigureColumn::excluded)) == 0;
    if (plain && figures.mark(row) == Mark::number && bounds.hold(figures.value[row])) return;
    if (!compare(cells_->figures.range(row), constraint_.relation, constraint_.limit).can_be_true) not_met();
  });
}

void Check::compare_texts() {
  if (constraint_.texts.empty()) return;
  const std::string& limit = constraint_.texts.front();
  for_each_cell([&](std::uint32_t row) {
    if (holds(text(row), constraint_.relation, limit)) return;
    if (constraint_.relation == Relation::equal && data_.texts.text(cells_->labels[row]) == fold(limit)) {
      spelled_otherwise(limit);
    } else {
      not_met();
    }
  });
}

void Check::matches() {
  const re2::RE2 pattern(constraint_.pattern, re2::RE2::Quiet);
  for_each_cell([&](std::uint32_t row) {
    const std::string_view cell = text(row);
    if (!re2::RE2::PartialMatch(re2::StringPiece(cell.data(), cell.size()), pattern)) not_met();
  });
}

void Check::in_table() {
  const Table& target = data_[constraint_.table];
  const dsl::Table& target_declared = (*data_.program)[constraint_.table];
  if (target.files.empty() || constraint_.column >= target.columns.size()) return;
  std::unordered_set<Code> labels;
  const auto& column = target.columns[constraint_.column].parts[0].labels;
  for (std::uint32_t row = 0; row < target.rows; ++row) {
    if (target.kept[row] && column[row] != Texts::empty) labels.insert(column[row]);
  }
  constexpr std::size_t most_candidates = 1000, most_searches = 20;
  std::vector<std::string> candidates;
  std::unordered_map<Code, std::optional<std::string>> near;
  for_each_cell([&](std::uint32_t row) {
    const Code label = cells_->labels[row];
    if (label == Texts::empty || labels.contains(label)) return;
    Finding made = finding("unknown-reference",
                           say(MessageId::unknown_reference, {{"text", shown()},
                                                              {"table", target_declared.spelling},
                                                              {"column", target_declared.columns[constraint_.column].spelling}}));
    auto known = near.find(label);
    if (known == near.end() && labels.size() <= most_candidates && near.size() < most_searches) {
      if (candidates.empty()) {
        for (const Code candidate : labels) candidates.emplace_back(data_.texts.text(candidate));
        std::ranges::sort(candidates);
      }
      known = near.emplace(label, near_name(data_.texts.text(label), candidates)).first;
    }
    if (known != near.end() && known->second)
      made.helps.push_back(say(MessageId::did_you_mean, {{"name", shortened(*known->second)}}));
    report_.findings.push_back(made);
  });
}

void Check::occurs_again(std::uint32_t first) {
  CellEvidence other = evidence_of(data_, id_, {place_.column, place_.part, first}, "cell");
  const Position at = data_.sources->position(other.span.source, other.span.begin);
  Finding made = finding("constraint", say(MessageId::not_unique,
                                           {{"text", shown()}, {"column", declared_.spelling}, {"line", std::to_string(at.line)}}));
  made.cells.push_back(std::move(other));
  report_.findings.push_back(made);
}

void Check::unique_labels() {
  std::unordered_map<Code, std::uint32_t> first;
  for_each_cell([&](std::uint32_t row) {
    const bool flag = declared_.type == dsl::ColumnType::flag;
    const Code value = flag ? static_cast<Code>(cells_->flags[row]) : cells_->labels[row];
    const auto [at, fresh] = first.emplace(value, row);
    if (!fresh) occurs_again(at->second);
  });
}

void Check::unique_figures() {
  std::map<Rational, std::uint32_t> first;
  for_each_cell([&](std::uint32_t row) {
    if (!cells_->figures.known(row)) return;
    const auto [at, fresh] = first.emplace(cells_->figures.written(row), row);
    if (!fresh) occurs_again(at->second);
  });
}

}  // namespace

void check_constraints(const Data& data, dsl::TableId id, LoadReport& report, const std::vector<std::uint32_t>* only) {
  const dsl::Table& declared = (*data.program)[id];
  for (std::uint32_t column = 0; column < declared.columns.size(); ++column) {
    if (only != nullptr && std::ranges::find(*only, column) == only->end()) continue;
    for (const dsl::Constraint& constraint : declared.columns[column].constraints) {
      Check check(data, id, column, constraint, report);
      for (std::uint32_t part = 0; part < data[id].columns[column].parts.size(); ++part) check.part(part);
    }
  }
}

void narrow(IntegerBounds& bounds, const dsl::Constraint& comparison, int exponent) {
  const Relation relation = comparison.relation;
  const Rational unit = power_of_ten(exponent);
  const auto clamped = [](const Integer& n) {
    if (n > IntegerBounds::greatest) return IntegerBounds::greatest;
    if (n < -IntegerBounds::greatest) return -IntegerBounds::greatest;
    return static_cast<std::int64_t>(n);
  };
  const bool from = relation == Relation::greater || relation == Relation::greater_equal || relation == Relation::equal;
  const bool to = relation == Relation::less || relation == Relation::less_equal || relation == Relation::equal;
  const bool strict = relation == Relation::greater || relation == Relation::less;
  if (relation == Relation::not_equal) bounds = IntegerBounds::none();
  if (from && !comparison.limit.low.infinite) {
    const Integer low = floor_of(Rational(comparison.limit.low.value / unit));
    const bool exact = Rational(low) * unit == comparison.limit.low.value;
    bounds.least = std::max(bounds.least, clamped(Integer(low + (exact && !strict && comparison.limit.low.closed ? 0 : 1))));
  }
  if (to && !comparison.limit.high.infinite) {
    const Integer high = floor_of(Rational(comparison.limit.high.value / unit));
    const bool exact = Rational(high) * unit == comparison.limit.high.value;
    bounds.most = std::min(bounds.most, clamped(Integer(high - (exact && (strict || !comparison.limit.high.closed) ? 1 : 0))));
  }
}

}  // namespace kenzan::engine
