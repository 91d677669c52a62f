#include "engine/stream/reduce.hpp"

#include <algorithm>
#include <numeric>

#include "engine/table/bind.hpp"
#include "engine/threads.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t short_start = std::size_t{1} << 15;    // in which the header mostly stands
constexpr std::size_t longest_start = std::size_t{1} << 20;  // in which it must stand

}  // namespace

StreamedTable::StreamedTable(Data& data, dsl::TableId table, StreamPlan plan, const StreamOptions& stream)
    : data_(data), id_(table), plan_(std::move(plan)), stream_(stream) {}

std::unique_ptr<StreamedTable> StreamedTable::read(Data& data, dsl::TableId table, StreamPlan plan, const LoadOptions& options,
                                                   const StreamOptions& stream) {
  if (!options.input) return nullptr;
  std::unique_ptr<StreamedTable> out(new StreamedTable(data, table, std::move(plan), stream));
  const bool scanned = out->open(options) && out->scan();
  if (scanned && !data.watch.stopped()) {
    std::vector<ScanPart*> parts;
    for (const auto& scanner : out->scanners_) {
      parts.push_back(&scanner->part());
      out->records_ += scanner->part().summed;
    }
    JoinedGroups joined = join_groups(std::move(parts));
    out->order_ = std::move(joined.all);
    out->of_several_ = std::move(joined.of_several);
    out->ascends_ = joined.ascends;
  }
  if (!scanned || out->repeats_a_row()) {
    data.tables[table.index()] = {};
    return nullptr;
  }
  out->count_lines();
  return out;
}

bool StreamedTable::open(const LoadOptions& options) {
  const dsl::Table& declared = (*data_.program)[id_];
  const auto replaced = options.replaced.find(declared.name);
  const std::string* path = replaced == options.replaced.end() ? nullptr : &replaced->second;
  file_ = declared.files.front();
  if (path != nullptr) file_.path = *path;
  reader_options_ = reader_of(declared, path);
  if (reader_options_.format == dsl::Format::other || !reader_options_.encoding.empty()) return false;
  input_ = options.input(file_.path);
  if (!input_ || input_->size() < stream_.least) return false;
  for (const std::size_t most : {short_start, longest_start}) {
    std::string start(static_cast<std::size_t>(std::min<std::uint64_t>(input_->size(), most)), '\0');
    if (!read_whole(*input_, 0, start.data(), start.size()).empty()) return false;
    if (lay_out(start)) return true;
    if (start.size() == input_->size()) return false;
  }
  return false;
}

/// Finds the header, and what of a record the scan reads.
bool StreamedTable::lay_out(const std::string& start) {
  const dsl::Table& declared = (*data_.program)[id_];
  if (start.starts_with("\xFF\xFE") || start.starts_with("\xFE\xFF")) return false;
  CsvReader reader(start, delimiter_of(reader_options_));
  CsvRecord record;
  if (!find_header(reader_options_, reader, record)) return false;
  const bool whole = start.size() == input_->size();
  if (!whole && reader.at() + 1 >= start.size()) return false;  // the header may not be read to its end
  Header header;
  header.path = file_.path;
  header.present = reader_options_.header > 0;
  header.width = record.cells.size();
  if (header.present) read_header(header, reader, record);
  width_ = header.width;
  begin_ = header.present ? reader.at() : record.begin;
  if (begin_ > 0 && start[begin_ - 1] == '\r') return false;
  lines_before_ = static_cast<std::uint32_t>(std::count(start.begin(), start.begin() + static_cast<std::ptrdiff_t>(begin_), '\n'));

  data_.tables[id_.index()] = empty_table(data_, id_);
  data_.tables[id_.index()].delimiter = delimiter_of(reader_options_);
  LoadReport scratch;
  bound_ = bind_columns(data_, id_, header, scratch);
  if (!scratch.failures.empty()) return false;
  blank_ = data_.tables[id_.index()];

  layout_ = {};
  layout_.table = id_;
  layout_.delimiter = delimiter_of(reader_options_);
  layout_.width = width_;
  layout_.group_columns = plan_.groups;
  layout_.pack = plan_.in_pair;
  std::vector<std::uint32_t>& positions = layout_.positions;
  for (const BoundColumn& bound : bound_) {
    if (bound.position == BoundColumn::nowhere) return false;
    positions.push_back(bound.position);
  }
  std::ranges::sort(positions);
  positions.erase(std::ranges::unique(positions).begin(), positions.end());
  const auto field_of = [&](std::uint32_t position) {
    return static_cast<std::uint32_t>(std::ranges::lower_bound(positions, position) - positions.begin());
  };
  const RowReader rows(data_, id_, scratch);
  for (const std::uint32_t group : plan_.groups) {
    const auto at = std::ranges::find(bound_, group, &BoundColumn::column);
    if (at == bound_.end()) return false;
    layout_.group_fields.push_back(field_of(at->position));
  }
  for (const BoundColumn& bound : bound_) {
    const dsl::Column& column = declared.columns[bound.column];
    const bool in_key = std::ranges::find(declared.key, bound.column) != declared.key.end();
    const auto group = std::ranges::find(plan_.groups, bound.column);
    if (column.is_figure() && !in_key) {
      ScannedFigure& figure = layout_.figures.emplace_back();
      figure.column = bound.column;
      figure.part = bound.part;
      figure.field = field_of(bound.position);
      figure.plain_exponent = rows.plain_exponent_of(bound.column);
      figure.rounding = column.format.rounding;
      for (const dsl::Constraint& constraint : column.constraints) figure.constraints.push_back(&constraint);
    } else if (group == plan_.groups.end()) {
      if (in_key) {
        layout_.key.push_back({bound.column, field_of(bound.position)});
      } else {
        layout_.other_texts.push_back(field_of(bound.position));
      }
    } else if (in_key) {
      layout_.key_groups.push_back(static_cast<std::uint32_t>(group - plan_.groups.begin()));
    }
  }
  layout_.followed = layout_.key_groups.size() == layout_.group_columns.size();
  layout_.unique = std::ranges::none_of(declared.key, [&](std::uint32_t c) { return declared.columns[c].record_number; });
  return true;
}

bool StreamedTable::scan() {
  state_ = std::make_unique<ScanState>(layout_);
  blocks_ = std::make_unique<BlockReader>(*input_, begin_, stream_.block, layout_.delimiter);
  const std::uint64_t bytes = input_->size() - begin_;
  const std::size_t threads = std::clamp<std::size_t>(bytes / stream_.block, 1, thread_count(stream_.threads));
  threads_ = threads;
  for (std::size_t i = 0; i < threads; ++i) scanners_.push_back(std::make_unique<Scanner>(data_, layout_, *state_, data_.seed));
  std::atomic<std::uint64_t> read = begin_, rows = 0;
  in_threads(threads, [&](std::size_t i) {
    Block block;
    while (!state_->give_up && !data_.watch.stopped() && blocks_->next(block)) {
      scanners_[i]->scan(block);
      const std::uint64_t more = scanners_[i]->part().lines.back().second;
      data_.watch.report({Progress::Stage::reading, file_.path, read += block.size, input_->size(), rows += more});
    }
  });
  return !state_->give_up && blocks_->failure().empty();
}

/// Counts the line feeds before each block.
void StreamedTable::count_lines() {
  line_of_block_.assign(blocks_->places().size() + 1, 0);
  for (std::size_t p = 0; p < scanners_.size(); ++p) {
    for (const auto& [block, lines] : part(p).lines) line_of_block_[block + 1] = lines;
  }
  line_of_block_[0] = lines_before_;
  std::partial_sum(line_of_block_.begin(), line_of_block_.end(), line_of_block_.begin());
}

/// Whether a group that rules look up as one row is several: which of them is meant matters then.
bool StreamedTable::repeats_a_row() const {
  if (!layout_.unique || !layout_.key.empty()) return false;
  return std::ranges::any_of(scanners_, [](const auto& scanner) { return scanner->part().repeats; }) ||
         std::ranges::any_of(of_several_, [&](GroupPlace place) { return !table_of(place).is_keyless(place.group); });
}

}  // namespace kenzan::engine
