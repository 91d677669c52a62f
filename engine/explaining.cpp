#include "engine/explaining.hpp"

#include <algorithm>
#include <utility>

#include "engine/threads.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t explained_together = 256;
constexpr std::size_t many_records = 1000;  // of one instance: more of them than are shown

}  // namespace

bool reported(Show show, Verdict verdict) {
  switch (verdict) {
    case Verdict::holds: return show == Show::all;
    case Verdict::rounding: return show != Show::failed;
    case Verdict::implausible:
    case Verdict::violated:
    case Verdict::unmatched:
    case Verdict::unknown:
    case Verdict::vacuous: return true;
  }
  return true;
}

Explaining::Explaining(Data& data, const RunOptions& options, const ListedInstances& listed, const HeldRecords::Tables& tables,
                       RowIndex& index, std::function<bool(std::string_view)> told)
    : data_(data),
      options_(options),
      listed_(listed),
      index_(index),
      told_(std::move(told)),
      records_(tables, index),
      no_rows_(tables.size()),
      rows_(no_rows_),
      firsts_(no_rows_) {}

void Explaining::explain_all(LoadReport& report, const Take& take) {
  report_ = &report;
  take_ = &take;
  for (std::size_t i = 0; i < listed_.size(); ++i) sort_out(i);
  explain_until(listed_.size());
}

/// Notes the records that an instance reads, if any, or explains it at once.
void Explaining::sort_out(std::size_t i) {
  const Listed each = listed_[i];
  if (!records_.reads(*each.rule)) return;
  data_.watch.go_on();
  if (each.rule != rule_) {
    rule_ = each.rule;
    totals_ = TotalsRule::of(data_, *rule_, index_);
  }
  std::optional<Judgement> sum = by_sum(each);
  if (sum && !options_.with_cells) return put_total(i, std::move(*sum));
  Judgement judgement = sum ? std::move(*sum) : judge(data_, *each.rule, each.instance, each.instances, &index_);
  if (!options_.with_tables && is_told(judgement)) {
    done_.push_back(i);
    return keep(i, {});
  }
  HeldRecords::Rows own = records_.rows_of(judgement);
  if (totals_ && !options_.with_cells && each.verdict == Verdict::unmatched) {  // one side is not there, the other not told
    ++count_;
    return HeldRecords::add(firsts_, own);
  }
  const std::uint64_t records = records_.records_in(own) + judgement.cells_beyond;
  if (records > std::min(options_.stream.most_records, many_records)) {
    judgement.verdict = each.verdict;  // sums do not tell how plausible they are
    return explain_alone(i, std::move(judgement), std::move(own));
  }
  make_room(i, records);
  HeldRecords::add(rows_, own);
}

/// The judgement of a plain total by the sum of its parts, if these are many, or are not shown.
std::optional<Judgement> Explaining::by_sum(const Listed& listed) {
  if (!totals_ || !records_.has(totals_->summed().first)) return std::nullopt;
  std::optional<Judgement> out = totals_->large(listed.instance, options_.with_cells ? many_records : 0,
                                                [this](const std::vector<CellRef>& others) { return records_.cells_in(others); });
  if (!out || options_.with_cells) return out;
  if (out->cells_beyond < 2) return std::nullopt;  // one cell, which may be where the finding stands
  out->verdict = listed.verdict;
  return out;
}

/// Puts a total to those that wait, whose parts are not shown.
void Explaining::put_total(std::size_t i, Judgement total) {
  const HeldRecords::Rows own = records_.rows_of(total);
  make_room(i, 1 + records_.records_in(own));
  HeldRecords::add(rows_, own);
  totals_only_.emplace(i, std::move(total));
}

/// Counts the records of an instance. If they are too many with those of the others that wait, explains these first.
void Explaining::make_room(std::size_t i, std::uint64_t records) {
  if (count_ + records > options_.stream.most_records) explain_until(i);
  count_ += records;
}

void Explaining::explain_alone(std::size_t i, Judgement whole, HeldRecords::Rows rows) {
  done_.push_back(i);
  records_.hold(std::move(rows), no_rows_, most_cells, *report_);
  keep(i, explained(i, records_.seen_in_part(std::move(whole), judged(i))));
  records_.release();
  rule_ = nullptr;
}

/// Explains those that wait, up to `end`.
void Explaining::explain_until(std::size_t end) {
  records_.hold(std::exchange(rows_, no_rows_), std::exchange(firsts_, no_rows_), HeldRecords::all, *report_);
  constexpr std::uint64_t few = 256;  // of instances and records: sooner done than a thread is begun
  const unsigned threads = count_ + (end - begin_) < few ? 1 : thread_count(options_.stream.threads);
  std::vector<std::size_t> some;  // a few at a time, which threads share
  auto next_done = done_.begin();
  while (begin_ < end) {
    for (some.clear(); begin_ < end && some.size() < explained_together; ++begin_) {
      if (next_done != done_.end() && *next_done == begin_) {
        ++next_done;
      } else {
        some.push_back(begin_);
      }
    }
    explain_some(some, threads);
  }
  records_.release();
  count_ = 0;
  done_.clear();
  totals_only_.clear();
  rule_ = nullptr;
}

/// Explains instances whose records are held.
void Explaining::explain_some(const std::vector<std::size_t>& these, unsigned threads) {
  std::vector<Said> said(these.size());
  share_out(threads, these.size(), [&](std::size_t, std::size_t k) {
    const auto total = totals_only_.find(these[k]);
    said[k] = explained(these[k], total == totals_only_.end() ? judged(these[k]) : placed(these[k], std::move(total->second)));
  });
  for (std::size_t k = 0; k < these.size(); ++k) keep(these[k], std::move(said[k]));
}

Judgement Explaining::judged(std::size_t i) const {
  const Listed each = listed_[i];
  data_.watch.go_on();
  data_.watch.report({Progress::Stage::explaining, each.rule->name, explained_, listed_.size(), 0});
  return judge(data_, *each.rule, each.instance, each.instances, &index_);
}

/// The judgement of a total over reduced tables, with the record that its published figure stands in now.
Judgement Explaining::placed(std::size_t i, Judgement total) const {
  if (!records_.has(total.cells.front().table)) return total;
  const Judgement held = judged(i);
  Comparison& comparison = *total.comparison;
  const auto place = [&](std::vector<CellRef>& cells, std::vector<CellRef> Comparison::* side) {
    if (!cells.empty()) cells = held.comparison ? (*held.comparison).*side : std::vector<CellRef>();
  };
  place(comparison.left_cells, &Comparison::left_cells);
  place(comparison.right_cells, &Comparison::right_cells);
  total.cells.clear();
  return total;
}

Explaining::Said Explaining::explained(std::size_t i, const Judgement& judgement) {
  const Listed each = listed_[i];
  Said out;
  out.verdict = judgement.verdict;
  out.listed = reported(options_.show, judgement.verdict) && !is_told(judgement);
  if (!out.listed && !options_.with_tables) return out;
  out.finding = explain(data_, *each.rule, each.instance, judgement, near_labels_, options_.with_cells);
  out.finding->number = static_cast<std::uint32_t>(i + 1);
  if (options_.with_tables) {
    out.cells = judgement.cells;
    out.when_cells = judgement.when_cells;
  }
  return out;
}

/// An instance that is unknown because of a cell which has a finding of its own is counted, but not told again.
bool Explaining::is_told(const Judgement& judgement) const {
  return judgement.verdict == Verdict::unknown && options_.show != Show::all &&
         std::ranges::any_of(judgement.cells, [&](const CellRef& cell) { return is_told(cell); });
}

bool Explaining::is_told(const CellRef& cell) const {
  const dsl::Column& column = (*data_.program)[cell.table].columns[cell.column];
  if (cell.row == Child::none || !column.is_figure()) return false;
  const ColumnData& data = data_[cell.table].columns[cell.column];
  if (cell.part >= data.parts.size()) return false;
  const FigureColumn& figures = data.parts[cell.part].figures;
  const Mark mark = figures.mark(cell.row);
  return (mark == Mark::unreadable && told_("bad-number") && told_("ragged-row") && told_("encoding")) ||
         (mark == Mark::blank && !column.optional && told_("blank-cell")) ||
         ((figures.state[cell.row] & FigureColumn::excluded) != 0 && told_("duplicate-key"));
}

void Explaining::keep(std::size_t i, Said said) {
  ++explained_;
  (*take_)(listed_[i], std::move(said));
}

}  // namespace kenzan::engine
