// One pass over a file: its figures summed for each group of rows, what needs a closer look remembered, nothing held.
#pragma once
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/data.hpp"
#include "engine/keys.hpp"
#include "engine/stream/blocks.hpp"
#include "engine/stream/numbers.hpp"
#include "engine/stream/structure.hpp"
#include "engine/table/cell_text.hpp"
#include "engine/table/row_reader.hpp"

namespace kenzan::engine {

/// A figure column, or one part of it, in the records of the file.
struct ScannedFigure {
  std::uint32_t column = 0, part = 0;
  std::uint32_t field = 0;            ///< index into Layout::positions
  std::optional<int> plain_exponent;  ///< plain numbers are read at once; the exponent of the unit's factor
  bool integer_only = false;
  Rounding rounding = Rounding::nearest;
  std::vector<const dsl::Constraint*> constraints;  ///< comparisons
};

/// A column of the key that is no group.
struct ScannedKey {
  std::uint32_t column = 0;
  std::uint32_t field = 0;
};

/// What the scan reads of a record, and how.
struct Layout {
  dsl::TableId table;
  char delimiter = ',';
  std::size_t width = 0;                     ///< cells of a record
  std::vector<std::uint32_t> positions;      ///< of the fields, ascending
  std::vector<std::uint32_t> group_columns;  ///< of the table
  std::vector<std::uint32_t> group_fields;   ///< the field of each
  std::vector<ScannedFigure> figures;
  std::vector<ScannedKey> key;             ///< the text columns of the key that are no groups
  std::vector<std::uint32_t> key_groups;   ///< indexes into group_columns
  bool unique = false;                     ///< whether the key is to be checked at all
  std::vector<std::uint32_t> other_texts;  ///< fields that are read only to see whether they are text
};

/// The sum of the plain numbers of one group at the figure's main place, and what else its cells are.
struct Sum {
  std::int64_t total = 0;
  std::uint32_t positive = 0, negative = 0, zero = 0;
  std::uint32_t others = 0;  ///< cells that are neither in `total` nor blank
  std::uint8_t marks = 0;
};
namespace mark_bit {
inline constexpr std::uint8_t nil = 1, unknown = 2, suppressed = 4, blank = 8, unreadable = 16, odd = 32, more = 64;
}

/// A record of the file.
struct RecordPlace {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t block = 0, line = 0;  ///< line feeds of the block before it
};

/// A growing list of fingerprints that moves none of them.
class Fingerprints {
 public:
  void push(std::uint64_t value) {
    if (size_ % chunk == 0) chunks_.push_back(std::make_unique_for_overwrite<std::uint64_t[]>(chunk));
    chunks_.back()[size_++ % chunk] = value;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::uint64_t operator[](std::size_t i) const { return chunks_[i / chunk][i % chunk]; }
  void clear() { chunks_.clear(), size_ = 0; }

 private:
  static constexpr std::size_t chunk = 4096;
  std::vector<std::unique_ptr<std::uint64_t[]>> chunks_;
  std::size_t size_ = 0;
};

/// What all threads of a scan know.
struct ScanState {
  explicit ScanState(std::size_t figures) : main_place(figures) {
    for (auto& place : main_place) place = unset;
  }
  static constexpr int unset = 1000;
  std::vector<std::atomic<int>> main_place;  ///< of each figure: 10^place is the last digit of most of its numbers
  std::atomic<bool> give_up = false;         ///< the file is not of the kind that can be scanned
};

/// A group as one thread found it.
struct GroupPlace {
  static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  std::uint32_t part = nowhere, group = 0;
  [[nodiscard]] bool valid() const { return part != nowhere; }
};

/// What one thread has found.
struct ScanPart {
  explicit ScanPart(std::uint64_t seed) : keys(seed) {}
  struct Group {
    std::uint64_t first = 0;  ///< offset of its first record
    std::uint32_t first_block = 0, last_block = 0;
    std::uint32_t rows = 0;
    bool keyless = false;        ///< a label of the key is blank
    bool follows = false;        ///< another thread has found an earlier record of the group
    std::uint64_t key_hash = 0;  ///< of its labels in the key
    GroupPlace next;             ///< what another thread has found of it
  };
  /// The cells of one group column.
  struct Labels {
    explicit Labels(std::uint64_t seed) : cells(seed) {}
    KeyTable cells;
    std::vector<std::uint64_t> hashes;  ///< of the labels that they say
    std::vector<bool> keyless;          ///< it says none, and stands in the key
    std::uint32_t last = KeyTable::absent;
  };
  KeyTable keys;  ///< the group's cells, as a line of CSV
  std::vector<Labels> labels;
  std::vector<std::uint32_t> label_of;  ///< as many as group columns for each group: numbers in `labels`
  std::vector<Group> groups;            ///< `first` ascends: a thread reads blocks in their order
  std::vector<Sum> sums;                ///< as many as figures for each group
  /// What does not fit a Sum, of group and figure: numbers of other precision, or too large.
  std::map<std::pair<std::uint32_t, std::uint32_t>, FigureColumn::Wide> wide;
  std::vector<RecordPlace> records;  ///< that need a closer look
  static constexpr std::size_t partitions = 256;
  std::vector<Fingerprints> fingerprints = std::vector<Fingerprints>(partitions);  ///< of keys, by their highest bits
  struct Mark {
    std::uint32_t block;
    std::array<std::uint32_t, partitions> sizes;
  };
  std::vector<Mark> marks;                                     ///< how many there were before each block
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lines;  ///< block, its line feeds
};

/// Reads blocks in one thread.
class Scanner {
 public:
  /// What is done with the records: all are summed; or those are kept whose group or fingerprint is wanted.
  struct Wanted {
    const KeyTable* groups = nullptr;                          ///< lines of CSV
    const std::vector<std::uint64_t>* fingerprints = nullptr;  ///< sorted
  };

  Scanner(Data& data, const Layout& layout, ScanState& state, std::uint64_t seed);

  void scan(const Block& block);
  /// Adds the records of a block that are wanted to `part().records`.
  void pick(const Block& block, const Wanted& wanted);

  [[nodiscard]] ScanPart& part() { return part_; }
  [[nodiscard]] const ScanPart& part() const { return part_; }

 private:
  struct Row {
    std::string_view key;
    std::uint64_t hash = 0;
    std::uint32_t begin = 0, end = 0;  ///< in the block
    std::uint32_t line = 0;            ///< line feeds of the block before it
    std::uint32_t group = 0;
    bool look = false;  ///< it needs a closer look
  };

  void walk(const Block& block);
  /// Begins a row of the batch, whose cells stand in `text`. Returns its number.
  std::size_t add_row(const char* text, std::size_t begin, std::size_t end, std::size_t line);
  void set_cell(std::size_t field, std::size_t row, std::size_t begin, std::size_t size) {
    begins_[row * stride_ + field] = static_cast<std::uint32_t>(begin);
    sizes_[row * stride_ + field] = static_cast<std::uint32_t>(size);
  }
  [[nodiscard]] std::string_view text(std::size_t field, std::size_t row) const {
    return {row_texts_[row] + begins_[row * stride_ + field], sizes_[row * stride_ + field]};
  }
  [[nodiscard]] bool ragged(std::size_t row) const { return (ragged_ >> row & 1) != 0; }
  /// Behind the rows that stand together with `row` and are of its group.
  [[nodiscard]] std::size_t run_end(std::size_t row) const {
    const std::uint64_t others = ~std::uint64_t{known_} >> (row + 1);
    return std::min(count_, row + 1 + static_cast<std::size_t>(std::countr_zero(others)));
  }
  void cut(const std::uint32_t* ends, std::size_t row);
  bool cut_quoted(std::size_t begin, std::size_t end, std::size_t line, std::size_t& next_end, std::size_t& next_quote);
  void odd_record(std::size_t at, const CsvReader& reader, const CsvRecord& record, std::size_t line);
  void make_key(std::size_t row, bool plain);
  [[nodiscard]] bool is_lost(std::uint32_t group) const;
  void flush();
  void sum_rows();
  void pick_rows();
  void find_groups();
  void new_group(std::size_t row);
  void add_figures(std::size_t figure);
  void add_figure(std::size_t figure, std::size_t row, Sum& sum);
  void add_number(std::size_t figure, Row& row, std::int64_t number, int place, Sum& sum);
  void add_mark(std::size_t figure, Row& row, Mark mark, bool told, Sum& sum);
  void add_wide(std::size_t figure, std::uint32_t group, const Figure& value, Sum& sum);
  /// Takes the columns of the key that are no groups into the fingerprints of the rows, in `prints_`.
  void make_fingerprints();
  /// The label of a key's cell; blank where it has none.
  std::string key_label(std::uint32_t column, std::string_view raw);
  std::uint64_t group_key_hash(std::size_t row, bool& keyless);
  /// The hash of the label that a cell of a group column says; `keyless` if it says none, and stands in the key.
  std::uint64_t label_hash(std::uint32_t group, std::string_view cell, bool& keyless);
  std::uint32_t label_number(std::uint32_t group, std::string_view cell);
  [[nodiscard]] RecordPlace place_of(const Row& row) const;
  void learn_place(std::size_t figure, int place);

  /// A short cell without a number that came lately: they are few, and the same again and again.
  struct Remembered {
    std::uint64_t bytes = 0;
    Mark mark = Mark::number;
    bool told = false;
    std::uint32_t size = 0;
  };
  static constexpr std::size_t longest_remembered = PlainNumbers::longest;

  /// Numbers that surely meet the constraints of a figure at its main place.
  struct Bounds {
    static constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
    std::int64_t least = 1, most = 0;  ///< none, before that place is known
    static Bounds all() { return {-greatest, greatest}; }
    [[nodiscard]] bool hold(std::int64_t number) const { return number >= least && number <= most; }
    [[nodiscard]] bool hold_all() const { return least <= 0 && most >= PlainNumbers::greatest; }
  };

  Data& data_;
  const Layout& layout_;
  ScanState& state_;
  std::uint64_t seed_;
  LoadReport scratch_report_;
  RowReader reader_;             ///< reads what is no plain number
  std::vector<CellText> texts_;  ///< of each column
  ScanPart part_;

  const Block* block_ = nullptr;
  const Wanted* wanted_ = nullptr;
  Structure structure_;
  CsvRecord record_;
  bool one_run_ = false;     ///< the group's fields stand side by side
  bool all_fields_ = false;  ///< every cell of a record is a field
  std::vector<int> place_;
  std::vector<Bounds> bounds_;
  std::vector<std::array<Remembered, longest_remembered + 1>> remembered_;  ///< of each figure, by the length of the cell
  std::vector<Remembered> last_mark_;                                       ///< of each figure, that needs no closer look

  // The batch.
  std::size_t count_ = 0;
  std::array<Row, batch> rows_{};
  std::array<const char*, batch> row_texts_{};  ///< in which a row's cells stand: the block, or a copy without quotes
  std::uint32_t ragged_ = 0;                    ///< bits of rows
  std::uint32_t known_ = 0;                     ///< rows of the group of the row before
  std::size_t stride_ = 0;                      ///< from a row's cells to the next row's
  std::vector<std::uint32_t> begins_, sizes_;   ///< of the cells
  BatchNumbers numbers_;
  std::array<std::uint64_t, batch> prints_{};  ///< of the keys of the rows
  std::array<bool, batch> keyless_{};          ///< a label of the key is blank
  std::deque<std::string> scratch_;            ///< cells and keys that are not bytes of the block
  std::string last_key_;
  std::uint32_t last_group_ = KeyTable::absent;
  std::vector<std::string> folded_;  ///< of each column of the key: a cell that was surely folded
};

}  // namespace kenzan::engine
