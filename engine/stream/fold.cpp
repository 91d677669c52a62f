// Tables that are not held: groups of which the totals agree with their parts stand together in few rows.
#include <algorithm>
#include <compare>
#include <functional>
#include <optional>
#include <unordered_set>
#include <utility>

#include "base/text.hpp"
#include "diag/csv_text.hpp"
#include "engine/stream/reduce.hpp"
#include "engine/threads.hpp"
#include "engine/vector/total.hpp"

namespace kenzan::engine {

/// Judges the groups of the totals by those of the parts, some at a time, each with all the rules.
class StreamedTable::Folding {
 public:
  Folding(StreamedTable& totals, StreamedTable& parts) : totals_(totals), parts_(parts) {}

  /// False where the instances of a rule do not all bring the same labels across.
  bool add(const dsl::Rule& rule) {
    const dsl::Program& program = *totals_.data_.program;
    const TotalShape shape = *total_shape(program, rule);
    const ColumnData& own = column(totals_, shape.cell->column);
    const std::vector<Code>& labels = own.across_labels;
    if (!std::ranges::equal(labels, column(parts_, shape.part->column).across_labels)) return false;
    if (std::unordered_set<Code>(labels.begin(), labels.end()).size() != labels.size()) return false;
    for (const dsl::InstanceSource& source : rule.sources) {
      for (const dsl::InstanceSource::Part& part : source.parts) {
        const Table& table = totals_.data_[source.table];
        if (!part.column && !std::ranges::equal(labels, table.columns[part.across_column].across_labels)) return false;
      }
    }
    const std::size_t first = figures_.size();
    for (std::uint32_t part = 0; part < own.parts.size(); ++part) {
      const auto total = figure(totals_, shape.cell->column, part), of_parts = figure(parts_, shape.part->column, part);
      if (!total || !of_parts) return false;
      figures_.push_back({*total, *of_parts});
      totals_.agreeing_.emplace_back(shape.cell->column, part);
      parts_.agreeing_.emplace_back(shape.part->column, part);
    }
    rules_.push_back({TotalVerdicts(rule.strength), first, figures_.size()});
    return true;
  }

  /// Judges groups [begin, end) of the totals, marks those of both tables that agree, and makes rows of them.
  void judge(std::size_t begin, std::size_t end, Agreement& counts, FoldedRows& of_totals, FoldedRows& of_parts) {
    Batch these(*this);
    Open totals(totals_, of_totals), parts(parts_, of_parts);
    counts.resize(rules_.size());
    begin_search(begin);
    for (std::size_t from = begin; from < end; from += together) {
      totals_.data_.watch.go_on();
      find(from, std::min(from + together, end), these);
      judge(these);
      for (std::size_t i = 0; i < these.found.size(); ++i) {
        if (these.agrees[i] == 0) continue;
        for (std::size_t r = 0; r < rules_.size(); ++r) {
          for (std::size_t f = rules_[r].first; f < rules_[r].behind; ++f)
            ++counts[r][static_cast<std::size_t>(these.verdicts[f][i])];
        }
        totals.add(these.found[i].first, these.totals, i);
        parts.add(these.found[i].second, these.parts, i);
      }
    }
  }

 private:
  static constexpr std::size_t together = 64;

  struct Compared {
    std::size_t total = 0, parts = 0;  ///< indexes into Layout::figures
  };
  struct Judging {
    TotalVerdicts verdicts;
    std::size_t first, behind;  ///< of figures_
  };
  /// Some groups of one table.
  struct Groups {
    Groups(const StreamedTable& table, std::size_t compared) : sums(together * table.layout_.figures.size()), columns(compared) {}
    Gathered gathered;  ///< a group that several threads have found
    std::array<GroupPlace, together> heads;
    std::array<GroupExtent, together> extents;
    std::vector<Sum> sums;                ///< of each group: of every figure
    std::vector<PhysicalColumn> columns;  ///< of each figure that is compared
  };
  struct Batch {
    explicit Batch(const Folding& folding)
        : totals(folding.totals_, folding.figures_.size()),
          parts(folding.parts_, folding.figures_.size()),
          verdicts(folding.figures_.size()) {
      for (std::size_t f = 0; f < verdicts.size(); ++f) {
        folding.totals_.begin_sums(folding.figures_[f].total, together, totals.columns[f]);
        folding.parts_.begin_sums(folding.figures_[f].parts, together, parts.columns[f]);
      }
    }
    std::vector<std::pair<GroupPlace, GroupPlace>> found;  ///< of the totals, of the parts
    Groups totals, parts;
    std::array<std::uint8_t, together> agrees{};
    std::vector<std::array<Verdict, together>> verdicts;  ///< of each figure
    std::array<std::uint64_t, together> hashes{};         ///< of those that are looked for
  };

  /// The row of several groups that the next joins.
  class Open {
   public:
    Open(StreamedTable& table, FoldedRows& to) : table_(table), to_(to) {}

    void add(GroupPlace here, const Groups& some, std::size_t i) {
      const std::size_t figures = table_.layout_.figures.size();
      const std::span<const Sum> sums = std::span(some.sums).subspan(i * figures, figures);
      if (count_ == most || !fits(sums)) {
        count_ = 0;
        to_.rows.push_back({here, some.extents[i]});
        to_.sums.insert(to_.sums.end(), sums.begin(), sums.end());
      } else {
        Folded& row = to_.rows.back();
        if (!table_.ascends_ && first(here) < first(row.head)) row.head = here;
        row.extent.add(some.extents[i]);
        for (std::size_t f = 0; f < figures; ++f) (void)sum(f).add(sums[f]);
      }
      ++count_;
      table_.scanners_[here.part]->part().groups.set_agrees(here.group);
    }

   private:
    static constexpr std::uint32_t most = 512;  // threads share rows

    [[nodiscard]] std::uint64_t first(GroupPlace at) const { return table_.table_of(at).first(at.group); }
    [[nodiscard]] Sum& sum(std::size_t figure) { return to_.sums[to_.sums.size() - table_.layout_.figures.size() + figure]; }
    [[nodiscard]] bool fits(std::span<const Sum> sums) {
      for (std::size_t f = 0; f < sums.size(); ++f) {
        std::int64_t total = 0;
        if (__builtin_add_overflow(sum(f).total, sums[f].total, &total) || Sum::is_large(total)) return false;
      }
      return true;
    }

    StreamedTable& table_;
    FoldedRows& to_;
    std::uint32_t count_ = most;
  };

  [[nodiscard]] static const ColumnData& column(const StreamedTable& table, std::uint32_t column) {
    return table.data_[table.id_].columns[column];
  }
  [[nodiscard]] static std::optional<std::size_t> figure(const StreamedTable& table, std::uint32_t column, std::uint32_t part) {
    const auto is = [&](const ScannedFigure& figure) { return figure.column == column && figure.part == part; };
    const auto at = std::ranges::find_if(table.layout_.figures, is);
    if (at == table.layout_.figures.end()) return std::nullopt;
    return static_cast<std::size_t>(at - table.layout_.figures.begin());
  }

  [[nodiscard]] bool in_order() const { return totals_.ascends_ && parts_.ascends_; }

  /// To be called before `find` is asked for the groups from `begin` on.
  void begin_search(std::size_t begin) {
    if (!in_order()) return;
    std::string key;
    next_ = parts_.place_in_order(totals_.key(totals_.order_[begin], key));
  }

  /// Whether what many keys have in common is the same for a total and its parts.
  [[nodiscard]] bool is_same(std::string_view common, std::string_view of_parts) {
    if (common.data() != common_.data() || of_parts.data() != common_of_parts_.data()) {
      common_ = common;
      common_of_parts_ = of_parts;
      same_common_ = common == of_parts;
    }
    return same_common_;
  }

  /// Finds the parts of groups [begin, end) of the totals.
  void find(std::size_t begin, std::size_t end, Batch& these) {
    these.found.clear();
    const auto some = std::span(totals_.order_).subspan(begin, end - begin);
    const auto keep = [&](GroupPlace total, GroupPlace parts) {
      const bool apart =
          totals_.part(total.part).groups.is_apart(total.group) || parts_.part(parts.part).groups.is_apart(parts.group);
      if (!apart) these.found.emplace_back(total, parts);
    };
    if (in_order()) {
      for (const GroupPlace total : some) {
        const GroupTable::KeyPieces key = totals_.table_of(total).key_pieces(total.group);
        for (; next_ < parts_.order_.size(); ++next_) {
          const GroupPlace next = parts_.order_[next_];
          const GroupTable::KeyPieces key_of_next = parts_.table_of(next).key_pieces(next.group);
          if (is_same(key.common, key_of_next.common) && same_bytes(key.rest, key_of_next.rest)) {
            keep(total, next);
            ++next_;
            break;
          }
          const std::strong_ordering order = totals_.key(total, key_of_total_) <=> parts_.key(next, key_of_parts_);
          if (order == 0) keep(total, next);
          if (order < 0) break;
        }
      }
      return;
    }
    totals_.bring_near(some);
    for (std::size_t i = 0; i < some.size(); ++i) {
      const GroupTable& own = totals_.part(some[i].part).groups;
      these.hashes[i] = own.ascends() ? own.hash(own.key(some[i].group, key_of_total_)) : own.hash_of(some[i].group);
      for (std::size_t p = 0; p < parts_.scanners_.size(); ++p) parts_.part(p).groups.prefetch(these.hashes[i]);
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      for (std::size_t p = 0; p < parts_.scanners_.size(); ++p) {
        const GroupTable& groups = parts_.part(p).groups;
        if (const std::uint32_t likely = groups.likely(these.hashes[i]); likely != GroupTable::absent) groups.bring_near(likely);
      }
    }
    for (std::size_t i = 0; i < some.size(); ++i) {
      if (const GroupPlace parts = parts_.head_of(totals_.key(some[i], key_of_total_), these.hashes[i]); parts.valid())
        keep(some[i], parts);
    }
  }

  void judge(Batch& these) {
    const std::size_t count = these.found.size();
    for (std::size_t i = 0; i < count; ++i) {
      these.totals.heads[i] = these.found[i].first;
      these.parts.heads[i] = these.found[i].second;
    }
    std::fill_n(these.agrees.begin(), count, std::uint8_t{1});
    add_up(totals_, these.totals, these.agrees, count);
    add_up(parts_, these.parts, these.agrees, count);
    const std::size_t of_totals = totals_.layout_.figures.size(), of_parts = parts_.layout_.figures.size();
    for (const Judging& rule : rules_) {
      for (std::size_t f = rule.first; f < rule.behind; ++f) {
        PhysicalColumn &total = these.totals.columns[f], &parts = these.parts.columns[f];
        const Compared compared = figures_[f];
        for (std::uint32_t i = 0; i < count; ++i) {
          if (these.agrees[i] == 0) continue;
          totals_.set_sum(total, compared.total, i, these.totals.sums[i * of_totals + compared.total],
                          these.totals.extents[i].records);
          parts_.set_sum(parts, compared.parts, i, these.parts.sums[i * of_parts + compared.parts], these.parts.extents[i].records);
          const auto judged = rule.verdicts.judge(total.figures, i, parts.figures, {&i, 1});
          const bool holds =
              judged && (judged->verdict == Verdict::holds || (judged->verdict == Verdict::rounding && is_near(*judged)));
          these.agrees[i] = holds ? 1 : 0;
          if (holds) these.verdicts[f][i] = judged->verdict;
        }
      }
    }
  }

  /// Adds up every figure of some groups; those of which one may not fit are no more asked for.
  static void add_up(const StreamedTable& table, Groups& some, std::array<std::uint8_t, together>& agrees, std::size_t count) {
    const std::size_t figures = table.layout_.figures.size();
    for (std::size_t begin = 0, end = 0; begin < count; begin = end) {
      const GroupPlace head = some.heads[begin];
      for (end = begin + 1; end < count && some.heads[end].part == head.part; ++end) {
        if (some.heads[end].group != some.heads[end - 1].group + 1) break;
      }
      table.table_of(head).read(head.group, std::span(some.extents).subspan(begin, end - begin), &some.sums[begin * figures]);
    }
    for (std::size_t i = 0; i < count; ++i) {
      const auto sums = std::span(some.sums).subspan(i * figures, figures);
      if (table.table_of(some.heads[i]).next(some.heads[i].group).valid()) add_up_linked(table, some, i);
      if (!std::ranges::all_of(sums, &Sum::is_plain)) agrees[i] = 0;
    }
  }

  /// The same of a group that several threads have found. What does not fit is marked as such.
  static void add_up_linked(const StreamedTable& table, Groups& some, std::size_t i) {
    const std::size_t figures = table.layout_.figures.size();
    some.gathered.clear();
    some.extents[i] = table.gather(some.heads[i], some.gathered);
    for (std::size_t f = 0; f < figures; ++f) {
      const std::optional<Sum> sum = table.sum_of(f, some.gathered, 0);
      Sum& to = some.sums[i * figures + f];
      if (sum) to = *sum;
      if (!sum) to.marks |= mark_bit::more;
    }
  }

  /// Whether rounding explains a difference plausibly, however many instances there are.
  [[nodiscard]] static bool is_near(const TotalVerdicts::Judged& judged) {
    return judged.squares > least_squares && !implausible(distance(judged.mean_doubled, judged.squares).most, 1);
  }

  StreamedTable &totals_, &parts_;
  std::vector<Compared> figures_;
  std::vector<Judging> rules_;
  std::size_t next_ = 0;  ///< of the parts, where all keys ascend
  std::string key_of_total_, key_of_parts_;
  std::string_view common_, common_of_parts_;  ///< that were compared last
  bool same_common_ = true;
};

StreamedTable::Agreement StreamedTable::fold(StreamedTable& totals, StreamedTable& parts, const TotalsPair& pair) {
  if (totals.layout_.delimiter != parts.layout_.delimiter || !totals.may_fold() || !parts.may_fold()) return {};
  for (StreamedTable* const table : {&totals, &parts}) {
    table->look_for_duplicates();
    if (table->changed_ || !table->set_duplicates_apart()) return {};
    table->agreeing_.clear();
  }
  Folding first(totals, parts);
  if (!std::ranges::all_of(pair.rules, [&](const dsl::Rule* rule) { return first.add(*rule); })) return {};
  if (!(totals.ascends_ && parts.ascends_)) {
    in_threads(parts.scanners_.size(), [&](std::size_t i) { parts.scanners_[i]->part().groups.end_order(); });
  }
  constexpr std::size_t few = 4096, turns = 16;  // turns of each thread, so that none waits long for the others
  const std::size_t all = totals.order_.size(), threads = all < few ? 1 : totals.threads_;
  const std::size_t step = std::max(few, all / (turns * threads) + 1);
  std::vector<Folding> folding(threads, first);
  std::vector<Agreement> counts(threads);
  const std::size_t slices = (all + step - 1) / step;
  std::vector<FoldedRows> of_totals(slices), of_parts(slices);
  share_out(threads, slices, [&](std::size_t thread, std::size_t i) {
    folding[thread].judge(i * step, std::min((i + 1) * step, all), counts[thread], of_totals[i], of_parts[i]);
  });
  Agreement out(pair.rules.size());
  for (const Agreement& some : counts) {
    for (std::size_t r = 0; r < some.size(); ++r) std::ranges::transform(out[r], some[r], out[r].begin(), std::plus{});
  }
  in_threads(2, [&](std::size_t i) { i == 0 ? totals.take_folded(std::move(of_totals)) : parts.take_folded(std::move(of_parts)); });
  return out;
}

/// Whether two groups have the same labels wherever their cells are the same bytes, and only there.
bool StreamedTable::may_fold() const {
  if (!may_take_labels()) return false;
  return std::ranges::none_of(
      scanners_, [](const auto& scanner) { return std::ranges::any_of(scanner->part().labels, &ScanPart::Labels::folds); });
}

/// Leaves the groups of records whose key another may have as they are. False where there are very many.
bool StreamedTable::set_duplicates_apart() {
  constexpr std::size_t most = 10'000;
  if (duplicates_.size() > most) return false;
  std::string text, scratch, line;
  for (const RecordPlace& record : duplicates_) {
    data_.watch.go_on();
    text.resize(record.size);
    if (!read_whole(*input_, record.offset, text.data(), record.size).empty()) return false;
    CsvReader reader(text, layout_.delimiter);
    CsvRecord cells;
    if (!reader.next(cells)) return false;
    line.clear();
    for (std::size_t g = 0; g < layout_.group_fields.size(); ++g) {
      if (g > 0) line.push_back(layout_.delimiter);
      const std::uint32_t position = layout_.positions[layout_.group_fields[g]];
      if (position < cells.cells.size()) append_cell(line, reader.text_of(cells.cells[position], scratch), layout_.delimiter);
    }
    const GroupPlace head = head_of(line);
    if (!head.valid()) return false;
    scanners_[head.part]->part().groups.set_apart(head.group);
  }
  return true;
}

/// The first of what threads have found of a group; none where there is no such group.
GroupPlace StreamedTable::head_of(std::string_view wanted) const {
  if (!ascends_) return head_of(wanted, part(0).groups.hash(wanted));
  const std::size_t at = place_in_order(wanted);
  std::string scratch;
  return at < order_.size() && same_bytes(key(order_[at], scratch), wanted) ? order_[at] : GroupPlace();
}

/// The first group with this key or a greater one, where they ascend.
std::size_t StreamedTable::place_in_order(std::string_view wanted) const {
  std::string scratch;
  const auto is_before = [&](GroupPlace place) { return key(place, scratch) < wanted; };
  return static_cast<std::size_t>(std::ranges::partition_point(order_, is_before) - order_.begin());
}

/// The same by the hash of the key, where keys are looked for.
GroupPlace StreamedTable::head_of(std::string_view wanted, std::uint64_t hash) const {
  for (std::uint32_t p = 0; p < scanners_.size(); ++p) {
    const GroupTable& groups = part(p).groups;
    if (const std::uint32_t found = groups.find(wanted, hash); found != GroupTable::absent && !groups.follows(found))
      return {p, found};
  }
  return {};
}

/// Puts rows of several groups in the place of those that agree.
void StreamedTable::take_folded(std::vector<FoldedRows> some) {
  const std::size_t figures = layout_.figures.size();
  const auto first = [this](GroupPlace at) { return table_of(at).first(at.group); };
  std::vector<std::pair<std::size_t, std::size_t>> in_order;  // of `some`, and in it
  for (std::size_t s = 0; s < some.size(); ++s) {
    for (std::size_t row = 0; row < some[s].rows.size(); ++row) in_order.emplace_back(s, row);
  }
  const auto by_first = [&](const auto& at) { return first(some[at.first].rows[at.second].head); };
  if (!std::ranges::is_sorted(in_order, {}, by_first)) std::ranges::sort(in_order, {}, by_first);
  folded_rows_.rows.reserve(in_order.size());
  folded_rows_.sums.reserve(in_order.size() * figures);
  for (const auto& [s, row] : in_order) {
    folded_rows_.rows.push_back(some[s].rows[row]);
    const auto sums = some[s].sums.begin() + static_cast<std::ptrdiff_t>(row * figures);
    folded_rows_.sums.insert(folded_rows_.sums.end(), sums, sums + static_cast<std::ptrdiff_t>(figures));
  }
  PagedVector<GroupPlace> order;
  const auto take_before = [&](std::uint64_t offset) {
    for (; folded_.size() < folded_rows_.rows.size(); order.push_back(folded_rows_.rows[folded_.size() - 1].head)) {
      if (first(folded_rows_.rows[folded_.size()].head) > offset) return;
      folded_.push_back(static_cast<std::uint32_t>(order.size()));
    }
  };
  for (const GroupPlace here : order_) {
    if (table_of(here).agrees(here.group)) continue;
    take_before(first(here));
    order.push_back(here);
  }
  take_before(~std::uint64_t{0});
  order_ = std::move(order);
}

/// Leaves the folded rows no labels; but they are spelled as those of their first records.
void StreamedTable::forget_labels() {
  if (folded_.empty()) return;
  for (std::uint32_t g = 0; g < plan_.groups.size(); ++g) {
    PhysicalColumn& column = data_.tables[id_.index()].columns[plan_.groups[g]].parts[0];
    if (column.texts.empty()) column.texts = column.labels;
    for (const std::uint32_t row : folded_) column.labels[row] = Texts::empty;
  }
}

void StreamedTable::mark_agreeing(CheckedFigures& checked) const {
  for (const auto& [column, part] : agreeing_) {
    for (const std::uint32_t row : folded_) checked.mark(id_, column, part, row);
  }
}

}  // namespace kenzan::engine
