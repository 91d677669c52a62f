// Tables that are not held: looking at some of their records again.
#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <utility>

#include "diag/csv_text.hpp"
#include "engine/indexes.hpp"
#include "engine/stream/reduce.hpp"
#include "engine/table/bind.hpp"
#include "engine/table/constraints.hpp"
#include "engine/threads.hpp"

namespace kenzan::engine {
namespace {

/// A bit for each fingerprint of a partition, which another may have, too.
class BitsOfPrints {
 public:
  /// Sets none, and makes room for `count`: the last of them meets another once in twenty times.
  void clear(std::size_t count) {
    constexpr std::size_t room = 16, word = 64;
    words_.assign(std::bit_ceil(std::max(room * count, word)) / word, 0);
    mask_ = words_.size() - 1;
  }
  /// Sets the bit; false where it was.
  [[nodiscard]] bool set(std::uint64_t print) {
    const bool free = !has(print);
    words_[print >> 6 & mask_] |= std::uint64_t{1} << (print & 63);
    return free;
  }
  [[nodiscard]] bool has(std::uint64_t print) const { return (words_[print >> 6 & mask_] >> (print & 63) & 1) != 0; }

 private:
  std::vector<std::uint64_t> words_;  ///< a power of two
  std::size_t mask_ = 0;
};

/// The fingerprints of a partition that stand there before, sorted. `bits` is room to work in.
std::vector<std::uint64_t> repeated(const std::vector<const ScanPart*>& parts, std::size_t partition, BitsOfPrints& bits) {
  const auto for_each = [&](auto each) {
    for (const ScanPart* part : parts) part->fingerprints->for_each(partition, each);
  };
  std::size_t count = 0;
  for (const ScanPart* part : parts) count += part->fingerprints->size(partition);
  // Those whose bit has been set before: few, and of those that are the same all but the first.
  std::vector<std::uint64_t> some;
  bits.clear(count);
  for_each([&](std::uint64_t print) {
    if (!bits.set(print)) some.push_back(print);
  });
  // All that may be the same as one of these: hardly more.
  constexpr std::size_t rare = 64;
  bits.clear(std::min(rare * some.size(), count));
  for (const std::uint64_t print : some) (void)bits.set(print);
  some.clear();
  for_each([&](std::uint64_t print) {
    if (bits.has(print)) some.push_back(print);
  });
  std::ranges::sort(some);
  std::vector<std::uint64_t> out;
  for (std::size_t i = 1; i < some.size(); ++i) {
    if (some[i] == some[i - 1]) out.push_back(some[i]);
  }
  return out;
}

}  // namespace

std::vector<RecordPlace> StreamedTable::pick(const std::vector<std::uint32_t>& blocks, const Scanner::Wanted& wanted) {
  return records_of(look_again(blocks, [&](Scanner& picker, const Block& block) { picker.pick(block, wanted); }));
}

/// Reads some blocks again. The scanners hold what `use(scanner, block)` has found.
template <class Use>
std::vector<std::unique_ptr<Scanner>> StreamedTable::look_again(const std::vector<std::uint32_t>& blocks, Use use) {
  const std::size_t threads = std::min(blocks.size(), threads_);
  std::vector<std::unique_ptr<Scanner>> scanners;
  for (std::size_t i = 0; i < threads; ++i) scanners.push_back(std::make_unique<Scanner>(data_, layout_, *state_, data_.seed));
  std::vector<Block> room(threads);
  std::atomic<std::uint64_t> read = 0;
  std::uint64_t total = 0;
  for (const std::uint32_t block : blocks) total += blocks_->places()[block].size;
  share_out(threads, blocks.size(), [&](std::size_t thread, std::size_t i) {
    data_.watch.go_on();
    Block& block = room[thread];
    if (blocks_->again(blocks[i], block)) {
      use(*scanners[thread], block);
    } else {
      changed_ = true;
    }
    data_.watch.report({Progress::Stage::rereading, file_.path, read += block.size, total, 0});
  });
  data_.watch.go_on();
  return scanners;
}

/// The records that some scanners have noted.
std::vector<RecordPlace> StreamedTable::records_of(const std::vector<std::unique_ptr<Scanner>>& scanners) {
  std::vector<RecordPlace> out;
  for (const auto& scanner : scanners) out.insert(out.end(), scanner->part().records.begin(), scanner->part().records.end());
  return out;
}

/// The blocks in which a key may stand that another record has, as far as keys were followed; ascending.
std::vector<std::uint32_t> StreamedTable::not_settled() const {
  std::vector<std::uint32_t> out;
  struct Kept {
    GroupPlace at;
    const Stretch* stretch;
  };
  std::vector<Kept> kept;
  for (std::uint32_t p = 0; p < scanners_.size(); ++p) {
    if (!state_->follow) out.insert(out.end(), part(p).followed.begin(), part(p).followed.end());
    for (const Stretch& stretch : part(p).stretches) kept.push_back({{p, stretch.group}, &stretch});
  }
  if (state_->follow) {
    const auto place = [](const Kept& each) { return std::pair(each.at.part, each.at.group); };
    std::ranges::sort(kept, {}, place);
    // A group's stretches, of which those inside of a block are not known but for their place.
    const auto settle = [&](GroupPlace head) {
      std::vector<const Stretch*> stretches;
      std::vector<std::uint32_t> blocks;
      bool inside = false;
      for (GroupPlace at = head; at.valid(); at = table_of(at).next(at.group)) {
        const GroupTable& groups = table_of(at);
        inside = inside || groups.is_inside(at.group);
        if (groups.is_inside(at.group)) blocks.push_back(groups.first_block(at.group));
        for (const Kept& each : std::ranges::equal_range(kept, std::pair(at.part, at.group), {}, place)) {
          stretches.push_back(each.stretch);
          blocks.push_back(each.stretch->block);
        }
      }
      std::ranges::sort(stretches, {}, &Stretch::first);
      const auto meet = [](const Stretch* a, const Stretch* b) { return a->last >= b->first; };
      const bool settled = (blocks.size() == 1 || !inside) && std::ranges::none_of(stretches, &Stretch::jumbled) &&
                           std::ranges::adjacent_find(stretches, meet) == stretches.end();
      if (!settled) out.insert(out.end(), blocks.begin(), blocks.end());
    };
    for (const GroupPlace head : of_several_) settle(head);
    for (std::size_t i = 0; i < kept.size(); ++i) {
      const GroupPlace at = kept[i].at;
      const bool again = i > 0 && place(kept[i - 1]) == place(kept[i]);
      if (!again && !table_of(at).next(at.group).valid() && !table_of(at).follows(at.group)) settle(at);
    }
  }
  std::ranges::sort(out);
  out.erase(std::ranges::unique(out).begin(), out.end());
  return out;
}

/// Finds the records whose key another may have, once, and gives back what was kept for it.
void StreamedTable::look_for_duplicates() {
  if (std::exchange(looked_for_duplicates_, true)) return;
  duplicates_ = find_duplicates();
  for (const auto& scanner : scanners_) scanner->part().fingerprints.reset();
}

/// The records whose key has a fingerprint that another has.
std::vector<RecordPlace> StreamedTable::find_duplicates() {
  if (!layout_.unique) return {};
  const std::vector<std::unique_ptr<Scanner>> printers =
      look_again(not_settled(), [](Scanner& printer, const Block& block) { printer.print(block); });
  std::vector<const ScanPart*> parts;
  for (const auto* scanners : {&std::as_const(scanners_), &printers}) {
    for (const auto& scanner : *scanners) {
      if (!scanner->part().printed.empty()) parts.push_back(&scanner->part());
    }
  }
  if (parts.empty()) return {};
  std::vector<std::vector<std::uint64_t>> found(threads_);
  std::vector<BitsOfPrints> room(threads_);
  share_out(threads_, Fingerprints::partitions, [&](std::size_t thread, std::size_t p) {
    data_.watch.go_on();
    const std::vector<std::uint64_t> some = repeated(parts, p, room[thread]);
    found[thread].insert(found[thread].end(), some.begin(), some.end());
  });
  std::vector<std::uint64_t> prints;
  for (const auto& some : found) prints.insert(prints.end(), some.begin(), some.end());
  if (prints.empty()) return {};
  std::ranges::sort(prints);
  prints.erase(std::ranges::unique(prints).begin(), prints.end());

  std::vector<std::uint32_t> blocks;
  for (const ScanPart* part : parts) {
    for (std::size_t p = 0; p < Fingerprints::partitions; ++p) {
      data_.watch.go_on();
      const std::span<const std::uint64_t> wanted = std::ranges::equal_range(prints, p, {}, Fingerprints::partition_of);
      if (wanted.empty()) continue;
      std::size_t k = 0;
      part->fingerprints->for_each(p, [&](std::uint64_t print) {
        const std::size_t at = k++;
        if (!std::ranges::binary_search(wanted, print)) return;
        const auto behind = std::ranges::upper_bound(part->marks, at, {}, [p](const ScanPart::Sizes& sizes) { return sizes[p]; });
        const auto mark = static_cast<std::size_t>(behind - part->marks.begin()) - 1;
        const auto some = std::span(part->printed).subspan(mark * ScanPart::printed_together);
        blocks.insert(blocks.end(), some.begin(),
                      some.begin() + static_cast<std::ptrdiff_t>(std::min(some.size(), ScanPart::printed_together)));
      });
    }
  }
  std::ranges::sort(blocks);
  blocks.erase(std::ranges::unique(blocks).begin(), blocks.end());
  return pick(blocks, {nullptr, &prints, false});
}

/// The first `most` records of some rows of the reduced table; of those in `firsts` at least the first.
std::vector<RecordPlace> StreamedTable::records_of(const std::vector<std::uint32_t>& rows, const std::vector<std::uint32_t>& firsts,
                                                   std::size_t most) {
  if (rows.empty() && firsts.empty()) return {};
  KeyTable wanted(data_.seed);
  bool all = false;
  std::vector<bool> in_block(blocks_->places().size());
  const auto want = [&](std::uint32_t row, std::uint32_t last_block) {
    bool fresh = false;
    if (is_folded(row)) {  // who reads one of these reads all rows
      all = true;
    } else {
      const std::string key = key_of(row);
      (void)wanted.insert(key, wanted.hash(key), fresh);
    }
    for (std::uint32_t b = rows_[row].first_block; b <= last_block; ++b) in_block[b] = true;
  };
  for (const std::uint32_t row : rows) want(row, rows_[row].last_block);
  for (const std::uint32_t row : firsts) want(row, rows_[row].first_block);
  std::vector<std::uint32_t> blocks;
  for (std::uint32_t b = 0; b < in_block.size(); ++b) {
    if (in_block[b]) blocks.push_back(b);
  }
  std::uint64_t records = 0;
  for (const std::uint32_t row : rows) records += records_in(row);
  const Scanner::Wanted these{&wanted, nullptr, all};
  if (records <= most) return pick(blocks, these);
  std::vector<RecordPlace> out;  // some blocks at a time, until there are enough
  for (std::size_t begin = 0, many = threads_; begin < blocks.size() && out.size() < most; begin += many, many *= 2) {
    const auto from = blocks.begin() + static_cast<std::ptrdiff_t>(begin);
    const std::vector<RecordPlace> more =
        pick({from, from + static_cast<std::ptrdiff_t>(std::min(many, blocks.size() - begin))}, these);
    out.insert(out.end(), more.begin(), more.end());
  }
  std::ranges::sort(out, {}, &RecordPlace::offset);
  if (out.size() > most) out.resize(most);
  return out;
}

std::uint64_t StreamedTable::records_in(std::uint32_t row) const { return rows_[row].records; }

/// The cells of a group, as a line of CSV.
std::string StreamedTable::key_of(std::uint32_t row) const {
  std::string scratch;
  if (!order_.empty()) return std::string(key(order_[row], scratch));
  std::string out;
  for (std::size_t g = 0; g < plan_.groups.size(); ++g) {
    if (g > 0) out.push_back(layout_.delimiter);
    append_cell(out, data_.texts.text(data_.labels_of(id_).columns[plan_.groups[g]].parts[0].text(row)), layout_.delimiter);
  }
  return out;
}

std::uint32_t StreamedTable::line_of(const RecordPlace& record) const {
  return static_cast<std::uint32_t>(line_of_block_[record.block] + record.line + 1);
}

void StreamedTable::sort_unique(std::vector<RecordPlace>& records) {
  std::ranges::sort(records, {}, &RecordPlace::offset);
  records.erase(std::ranges::unique(records, {}, &RecordPlace::offset).begin(), records.end());
}

/// Makes the figures of a row of the table that stands in this one's place unknown.
void StreamedTable::exclude(std::uint32_t row) {
  Table& table = data_.tables[id_.index()];
  for (const ScannedFigure& figure : layout_.figures) table.columns[figure.column].parts[figure.part].figures.exclude(row);
}

Table StreamedTable::load(std::vector<RecordPlace> records, LoadReport& report, bool alone) {
  sort_unique(records);
  std::string text;
  std::vector<std::uint32_t> lines;
  for (const RecordPlace& record : records) {
    data_.watch.go_on();
    const std::size_t at = text.size();
    text.resize(at + record.size);
    if (!read_whole(*input_, record.offset, text.data() + at, record.size).empty()) changed_ = true;
    std::uint32_t line = line_of(record);
    lines.push_back(line);
    for (std::size_t i = at; i < text.size(); ++i) {
      if (text[i] == '\n') lines.push_back(++line);
    }
    text.push_back('\n');
  }
  if (changed_) return blank_;                            // nothing is said about records that are not what was read
  lines.push_back(lines.empty() ? 1 : lines.back() + 1);  // behind the last line feed
  const SourceId source = data_.sources->add_lines(file_.path, std::move(text), std::move(lines));

  told_of_records_ = true;
  std::swap(data_.tables[id_.index()], other_);
  data_.tables[id_.index()] = blank_;
  {
    RowReader rows(data_, id_, report);
    rows.begin_file(source, "", bound_, width_);
    CsvReader reader(data_.sources->text(source), layout_.delimiter);
    CsvRecord record;
    while (reader.next(record)) {
      data_.watch.go_on(record.number);
      rows.add(reader, record);
    }
  }
  if (!alone) check_table(data_, id_, report);
  for (std::uint32_t row = 0; row < data_.tables[id_.index()].rows; ++row) {  // the other rows of its key may not be here
    if (std::ranges::binary_search(duplicates_, records[row].offset, {}, &RecordPlace::offset)) exclude(row);
  }
  std::swap(data_.tables[id_.index()], other_);
  return std::move(other_);
}

void StreamedTable::check(LoadReport& report) {
  LoadReport scratch;
  check_constraints(data_, id_, scratch, &plan_.groups);
  Table& table = data_.tables[id_.index()];
  note_rows(scratch);
  std::ranges::sort(told_);
  told_.erase(std::ranges::unique(told_).begin(), told_.end());
  const std::vector<RecordPlace> of_groups = records_of(told_);
  const std::vector<RecordPlace> candidates = std::exchange(duplicates_, {});
  looked_at_.insert(looked_at_.end(), candidates.begin(), candidates.end());
  looked_at_.insert(looked_at_.end(), of_groups.begin(), of_groups.end());
  sort_unique(looked_at_);
  if (looked_at_.empty()) return report_change(report);

  const Table held = load(looked_at_, report);
  report_change(report);
  for (std::uint32_t row = 0; row < held.rows; ++row) {
    if (held.duplicate[row]) duplicates_.push_back(looked_at_[row]);
  }
  if (duplicates_.empty()) return;
  TupleTable unknown(plan_.groups.size(), data_.seed);
  std::vector<Code> labels(plan_.groups.size());
  const auto columns_of = [&](const Table& from) {
    std::vector<const Code*> out;
    for (const std::uint32_t group : plan_.groups) out.push_back(from.columns[group].parts[0].labels.data());
    return out;
  };
  const auto labels_of = [&](const std::vector<const Code*>& columns, std::uint32_t row) {
    for (std::size_t g = 0; g < labels.size(); ++g) labels[g] = columns[g][row];
  };
  // Most rows are told apart by a sum of their codes.
  std::array<bool, 4096> there{};
  constexpr std::uint32_t together = 256;
  std::array<std::uint32_t, together> sums{};
  const auto add_up = [&](const std::vector<const Code*>& columns, std::uint32_t from, std::uint32_t count) {
    sums.fill(0);
    for (const Code* const column : columns) {
      if (count == together) {  // so that several are added at once
        for (std::uint32_t i = 0; i < together; ++i) sums[i] = sums[i] * 31 + column[from + i];
      } else {
        for (std::uint32_t i = 0; i < count; ++i) sums[i] = sums[i] * 31 + column[from + i];
      }
    }
  };
  bool fresh = false;
  const std::vector<const Code*> of_held = columns_of(held), of_table = columns_of(table);
  for (std::uint32_t row = 0; row < held.rows; ++row) {
    if (!held.duplicate[row]) continue;
    labels_of(of_held, row);
    (void)unknown.insert(labels, fresh);
    add_up(of_held, row, 1);
    there[sums[0] % there.size()] = true;
  }
  const auto rows = static_cast<std::uint32_t>(table.rows);
  for (std::uint32_t from = 0; from < rows; from += together) {
    const std::uint32_t count = std::min(together, rows - from);
    add_up(of_table, from, count);
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!there[sums[i] % there.size()]) continue;
      labels_of(of_table, from + i);
      if (unknown.find(labels) != absent_row) exclude(from + i);
    }
  }
}

/// The run is incomplete if the evidence could not be read.
void StreamedTable::report_change(LoadReport& report) {
  if (!changed_.exchange(false)) return;
  fail(report, file_.span, say(MessageId::unreadable_data, {{"path", file_.path}, {"reason", "it was changed while it was read"}}));
}

void StreamedTable::report_noted(LoadReport& report) {
  constexpr std::size_t most = 1000;  // read in a moment
  if (told_of_records_) return;
  std::vector<RecordPlace> records = scanners_.empty() ? looked_at_ : records_of(scanners_);
  std::ranges::sort(records, {}, &RecordPlace::offset);
  if (records.size() > most) records.resize(most);
  (void)load(std::move(records), report, true);
}

void StreamedTable::hold(std::vector<std::uint32_t> rows, std::vector<std::uint32_t> firsts, std::size_t most, LoadReport& report) {
  std::vector<RecordPlace> records = records_of(rows, firsts, most);
  if (records.size() == most) {  // those that something was reported about may not be among the first
    std::uint32_t first = ~0U, last = 0;
    for (const std::uint32_t row : rows) {
      first = std::min(first, rows_[row].first_block);
      last = std::max(last, rows_[row].last_block);
    }
    std::ranges::copy_if(looked_at_, std::back_inserter(records),
                         [&](const RecordPlace& record) { return record.block >= first && record.block <= last; });
  }
  LoadReport scratch;
  Table held = load(std::move(records), scratch);
  report_change(report);
  data_.reduced.resize(data_.tables.size());
  data_.reduced[id_.index()] = std::make_unique<Table>(std::move(data_.tables[id_.index()]));
  data_.tables[id_.index()] = std::move(held);
}

void StreamedTable::release() { data_.tables[id_.index()] = std::move(*std::exchange(data_.reduced[id_.index()], nullptr)); }

}  // namespace kenzan::engine
