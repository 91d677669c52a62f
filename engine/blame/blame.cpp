#include "engine/blame/blame.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

#include "engine/blame/replaced.hpp"
#include "engine/explain/explain.hpp"
#include "engine/table/load.hpp"
#include "engine/table/row_reader.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {
namespace {

constexpr std::uint64_t most_rows = 20'000, most_instances = 5000;
/// Cells that are read to know who reads which, and to try what may have been meant.
constexpr std::uint64_t most_cells_read = 200'000, most_cells_tried = 1'000'000;
constexpr std::size_t most_suspects = 200, most_suggestions = 3, most_looked_at = 100;

/// Whether a slip can be told from any other change: where the values are bounded on one side only, most changes towards it would do.
bool tells(const Interval& values, Slip slip, const Rational& written) {
  if (values.low.infinite && values.high.infinite) return false;
  if (!values.low.infinite && !values.high.infinite) return true;
  if (slip == Slip::swapped || (slip == Slip::sign && written < 0)) return true;
  if (slip != Slip::point || written.is_zero()) return false;
  const Rational times_off = abs(quotient(values.low.infinite ? values.high.value : values.low.value, written));
  return times_off >= 3 || times_off * 3 <= 1;
}

bool is_bad(Verdict verdict) {
  return verdict == Verdict::violated || verdict == Verdict::unmatched || verdict == Verdict::unknown;
}

}  // namespace

Blame::Blame(Data& data, RowIndex& index, const std::vector<const dsl::Rule*>& rules) : data_(data), index_(index) {
  if (!read(rules)) return;
  for (std::uint32_t i = 0; i < readers_.size(); ++i) {
    const Reader& reader = readers_[i];
    if (reader.verdict == Verdict::violated) violated_.emplace(std::pair(reader.rule, reader.instance.labels), look_at(i));
  }
}

bool Blame::compares_figures(const dsl::Program& program, const dsl::Rule& rule) {
  std::vector<std::pair<dsl::ExprId, bool>> open{{rule.require, false}};  // and whether it stands in a comparison
  while (!open.empty()) {
    const auto [id, compared] = open.back();
    open.pop_back();
    const dsl::Expr& expr = program[id];
    if (compared && expr.op == dsl::ExprOp::cell && expr.kind == dsl::ValueKind::figure) return true;
    for (const dsl::ExprId kid : expr.kids) open.emplace_back(kid, compared || expr.op == dsl::ExprOp::compare);
    if (expr.op != dsl::ExprOp::aggregate) continue;
    const dsl::Aggregate& aggregate = program[expr.aggregate];
    const bool counts =
        aggregate.function == dsl::AggregateFunction::count || aggregate.function == dsl::AggregateFunction::count_distinct;
    if (!counts && aggregate.element.valid()) open.emplace_back(aggregate.element, compared);
  }
  return false;
}

bool Blame::is_small(std::uint64_t rows) { return rows <= most_rows; }

bool Blame::read(const std::vector<const dsl::Rule*>& rules) {
  std::uint64_t count = 0;
  for (const dsl::Rule* rule : rules) {
    for (Instance& instance : reference_instances(data_, *rule)) {
      data_.watch.go_on();
      if (++count > most_instances || cells_read_ > most_cells_read) return false;
      const Judgement judgement = judge(data_, *rule, instance, 1, &index_);
      cells_read_ += judgement.cells.size();
      if (!judgement.made) continue;
      Reader reader{rule, std::move(instance), judgement.verdict, {}, std::nullopt};
      for (const auto* cells : {&judgement.cells, &judgement.when_cells}) {
        std::ranges::copy_if(*cells, std::back_inserter(reader.figures), [this](const CellRef& cell) { return is_suspect(cell); });
      }
      if (reader.figures.empty()) continue;
      std::ranges::sort(reader.figures);
      reader.figures.erase(std::ranges::unique(reader.figures).begin(), reader.figures.end());
      for (const CellRef& cell : reader.figures) by_cell_[cell].push_back(static_cast<std::uint32_t>(readers_.size()));
      readers_.push_back(std::move(reader));
    }
  }
  return true;
}

bool Blame::is_suspect(const CellRef& cell) const {
  const dsl::Table& table = (*data_.program)[cell.table];
  const dsl::Column& column = table.columns[cell.column];
  return stands_alone(column) && is_published_figure(table, cell.column) &&
         data_[cell.table].columns[cell.column].parts[cell.part].figures.known(cell.row);
}

Blame::Blamed Blame::look_at(std::uint32_t violated) {
  Blamed out;
  const std::vector<CellRef>& suspects = readers_[violated].figures;
  if (suspects.size() > most_suspects) return out;
  std::vector<const Candidate*> found;
  for (const CellRef& cell : suspects) {
    auto [known, added] = candidates_.try_emplace(cell);
    if (added) known->second = best(cell);
    const auto& candidate = known->second;
    if (candidate && std::ranges::find(candidate->clears, violated) != candidate->clears.end()) found.push_back(&*candidate);
  }
  const auto order = [](const Candidate* each) {
    return std::tuple(-static_cast<std::ptrdiff_t>(each->clears.size()), each->unusual, each->slip);
  };
  std::ranges::stable_sort(found, {}, order);
  for (const Candidate* each : found) {
    out.tied += order(each) == order(found.front()) ? 1 : 0;
    if (out.suggestions.size() == most_suggestions) continue;
    out.suggestions.push_back(each->suggestion);
    std::size_t& rivals = out.suggestions.back().rivals;
    rivals = each->others;
    for (const Candidate* other : found) rivals += other != each && order(other) <= order(each) ? other->others + 1 : 0;
  }
  return out;
}

std::optional<Interval> Blame::allowed(const CellRef& cell) {
  std::optional<Interval> out = Interval::everything();
  for (const std::uint32_t each : by_cell_.at(cell)) {
    Reader& reader = readers_[each];
    if (reader.rule->strength != dsl::Strength::possible) continue;  // which ask for more than that it is possible
    if (!reader.linear) reader.linear = linear_conditions(data_, *reader.rule, reader.instance, &index_);
    for (const LinearCondition& condition : *reader.linear) {
      const auto left = values_left(condition, cell);
      if (left) out = intersection(*out, *left);
      if (!out) return std::nullopt;
    }
  }
  return out;
}

std::optional<Blame::Candidate> Blame::best(const CellRef& cell) {
  const std::optional<Interval> values = allowed(cell);
  if (!values || cells_tried_ > most_cells_tried) return std::nullopt;
  const FigureFormat& format = (*data_.program)[cell.table].columns[cell.column].format;
  const CellEvidence evidence = evidence_of(data_, cell, "cell");
  const Rational written = data_[cell.table].columns[cell.column].parts[cell.part].figures.written(cell.row);
  const auto as_written = decimals_of(evidence.text, format.decimal, group_of(format));
  const std::set<std::size_t>& usual = decimals_in(cell);
  LoadReport ignored;
  RowReader reader(data_, cell.table, ignored);
  std::vector<Meant> all = meant_by(evidence.text, format.decimal, group_of(format));
  // Hardly anyone writes more or fewer decimals than the other cells of a column have.
  const auto unusual = [&](const Meant& meant) {
    const auto decimals = decimals_of(meant.text, format.decimal, group_of(format));
    return !decimals || (decimals != as_written && !usual.contains(*decimals));
  };
  std::ranges::stable_partition(all, [&](const Meant& meant) { return !unusual(meant); });
  std::optional<Candidate> out;
  for (Meant& meant : all) {
    data_.watch.go_on();
    if (out && (meant.slip != out->slip || unusual(meant) != out->unusual)) break;
    if (!tells(*values, meant.slip, written)) continue;
    bool told = false;
    const Figure figure = reader.figure_alone(cell.column, meant.text, told);
    if (figure.mark != Mark::number || told) continue;
    if (!intersection(true_values(figure), *values)) continue;
    std::vector<std::uint32_t> clears = cleared_with(cell, figure);
    if (clears.empty()) continue;
    if (out) {
      out->others += clears.size() >= out->clears.size() ? 1 : 0;
      continue;
    }
    const auto slip = static_cast<std::size_t>(meant.slip);
    Message message = say(clears.size() == 1 ? MessageId::suggestion_one : MessageId::suggestion,
                          {{"from", evidence.text}, {"to", meant.text}, {"slip", ""}, {"count", std::to_string(clears.size())}});
    message.arguments[2].nested.push_back(say(slip_words[slip]));
    const bool late = unusual(meant);
    out = Candidate{
        meant.slip,
        late,
        std::move(clears),
        0,
        {evidence, std::move(meant.text), std::string(slip_names[slip]), std::move(message), 0, data_[cell.table].delimiter}};
  }
  return out;
}

const std::set<std::size_t>& Blame::decimals_in(const CellRef& cell) {
  CellRef first = cell;
  first.row = 0;
  const auto [known, added] = decimals_.try_emplace(first);
  if (!added) return known->second;
  const FigureFormat& format = (*data_.program)[cell.table].columns[cell.column].format;
  for (CellRef each = first; each.row < std::min<std::uint64_t>(data_[cell.table].rows, most_looked_at); ++each.row) {
    if (each.row == cell.row) continue;
    const auto decimals = decimals_of(evidence_of(data_, each, "cell").text, format.decimal, group_of(format));
    if (decimals) known->second.insert(*decimals);
  }
  return known->second;
}

std::vector<std::uint32_t> Blame::cleared_with(const CellRef& cell, const Figure& figure) {
  const Replaced replaced(data_, cell, figure);
  std::vector<std::uint32_t> out;
  for (const std::uint32_t each : by_cell_.at(cell)) {
    const Reader& reader = readers_[each];
    const Judgement judgement = judge(data_, *reader.rule, reader.instance, 1, &index_);
    cells_tried_ += judgement.cells.size();
    const Verdict verdict = judgement.made ? judgement.verdict : Verdict::holds;
    if (is_bad(verdict) && verdict != reader.verdict) return {};
    if (reader.verdict == Verdict::violated && !is_bad(verdict)) out.push_back(each);
  }
  return out;
}

void Blame::suggest(const dsl::Rule& rule, const Instance& instance, Finding& finding) const {
  const auto found = violated_.find(std::pair(&rule, instance.labels));
  if (found == violated_.end()) return;
  const Blamed& blamed = found->second;
  finding.suggestions = blamed.suggestions;
  if (blamed.tied > 1) finding.notes.push_back(say(MessageId::suggestions_tied, {{"count", std::to_string(blamed.tied)}}));
}

}  // namespace kenzan::engine
