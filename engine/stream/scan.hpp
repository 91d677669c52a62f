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

#include "engine/arena.hpp"
#include "engine/data.hpp"
#include "engine/keys.hpp"
#include "engine/stream/blocks.hpp"
#include "engine/stream/fingerprints.hpp"
#include "engine/stream/group_table.hpp"
#include "engine/stream/numbers.hpp"
#include "engine/stream/structure.hpp"
#include "engine/table/cell_text.hpp"
#include "engine/table/constraints.hpp"
#include "engine/table/row_reader.hpp"

namespace kenzan::engine {

/// A figure column, or one part of it, in the records of the file.
struct ScannedFigure {
  std::uint32_t column = 0, part = 0;
  std::uint32_t field = 0;            ///< index into Layout::positions
  std::optional<int> plain_exponent;  ///< plain numbers are read at once; the exponent of the unit's factor
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
  bool pack = false;                       ///< groups that ascend are packed
  bool followed = false;                   ///< the key is all groups and `key`: records of two groups have different keys
  std::vector<std::uint32_t> other_texts;  ///< fields that are read only to see whether they are text
};

/// A record of the file.
struct RecordPlace {
  std::uint64_t offset = 0;
  std::uint32_t size = 0;
  std::uint32_t block = 0, line = 0;  ///< line feeds of the block before it
};

/// What all threads of a scan know.
struct ScanState {
  explicit ScanState(const Layout& layout) : main_place(layout.figures.size()), follow(layout.unique && layout.followed) {
    for (auto& place : main_place) place = unset;
  }
  static constexpr int unset = 1000;
  std::vector<std::atomic<int>> main_place;  ///< of each figure: 10^place is the last digit of most of its numbers
  std::atomic<bool> give_up = false;         ///< the file is not of the kind that can be scanned
  std::atomic<bool> follow;                  ///< keys are followed instead of printed, as long as it pays
};

/// What a cell of a group column means in the key.
struct KeyLabel {
  std::uint64_t hash = 0;
  bool keyless = false;  ///< nothing
  bool odd = false;      ///< something else than its bytes
};

/// Records of one group that stand together in a block. Where a group has no others, and their keys ascend, no key stands there twice.
struct Stretch {
  std::uint32_t group = 0, block = 0;
  std::string first, last;  ///< the other cells of the key
  bool jumbled = false;     ///< keys do not ascend, or mean something else than their bytes
};

/// What one thread has found.
struct ScanPart {
  ScanPart(std::uint64_t seed, std::size_t figures, std::size_t columns) : groups(seed, figures, columns) {}
  /// The cells of one group column, unless nearly every group has another.
  struct Labels {
    explicit Labels(std::uint64_t seed) : cells(seed) {}
    KeyTable cells;
    std::vector<KeyLabel> labels;       ///< of each
    std::vector<std::uint64_t> firsts;  ///< of each: the offset of the first record with it
    std::vector<std::uint32_t> nexts;   ///< of each: what came behind it the last time
    std::uint32_t last = KeyTable::absent;
    bool many = false;   ///< no more are taken up: new ones are KeyTable::absent
    bool blank = false;  ///< one that was not taken up is blank
    bool folds = false;  ///< one may be another text when it is folded
  };
  GroupTable groups;  ///< keys: their cells, as a line of CSV; their first records ascend, as a thread reads blocks in order
  std::vector<Labels> labels;
  bool repeats = false;      ///< a group with a whole key has several records
  std::uint64_t summed = 0;  ///< records
  /// What does not fit a Sum, of group and figure: numbers of other precision, or too large.
  std::map<std::pair<std::uint32_t, std::uint32_t>, FigureColumn::Wide> wide;
  std::vector<RecordPlace> records;  ///< that need a closer look
  std::unique_ptr<Fingerprints> fingerprints = std::make_unique<Fingerprints>();
  std::vector<std::uint32_t> printed;   ///< blocks with fingerprints
  std::vector<std::uint32_t> followed;  ///< blocks without: their keys were followed
  static constexpr std::size_t printed_together = 8;
  using Sizes = std::array<std::uint32_t, Fingerprints::partitions>;
  std::deque<Sizes> marks;  ///< how many fingerprints there were before each `printed_together` of `printed`
  /// Of the blocks whose keys were followed: the first and the last, and those that are jumbled or whose group had stood elsewhere before.
  std::vector<Stretch> stretches;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> lines;  ///< block, its line feeds
};

/// Reads blocks in one thread.
class Scanner {
 public:
  /// What is done with the records: all are summed; or those are kept whose group or fingerprint is wanted.
  struct Wanted {
    const KeyTable* groups = nullptr;                          ///< lines of CSV
    const std::vector<std::uint64_t>* fingerprints = nullptr;  ///< sorted
    bool all = false;
  };

  Scanner(Data& data, const Layout& layout, ScanState& state, std::uint64_t seed);

  void scan(const Block& block);
  /// Adds the records of a block that are wanted to `part().records`.
  void pick(const Block& block, const Wanted& wanted);
  /// Adds the fingerprints of a block's keys to `part().fingerprints`.
  void print(const Block& block);

  [[nodiscard]] ScanPart& part() { return part_; }
  [[nodiscard]] const ScanPart& part() const { return part_; }

 private:
  struct Row {
    std::string_view key;
    std::uint64_t hash = 0;
    std::uint32_t begin = 0, end = 0;  ///< in the block
    std::uint32_t line = 0;            ///< line feeds of the block before it
    std::uint32_t group = 0;
    Group* place = nullptr;  ///< of the group
    bool look = false;       ///< it needs a closer look
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
  [[nodiscard]] std::size_t run_end(std::size_t row) const { return kenzan::engine::run_end(known_, row, count_); }
  void cut(const std::uint32_t* ends, std::size_t row);
  bool cut_quoted(std::size_t begin, std::size_t end, std::size_t line, std::size_t& next_end, std::size_t& next_quote);
  void odd_record(std::size_t at, const CsvReader& reader, const CsvRecord& record, std::size_t line);
  void make_key(std::size_t row, bool plain);
  [[nodiscard]] bool in_key(std::uint32_t group) const;
  [[nodiscard]] bool is_lost(std::uint32_t group) const;
  void flush();
  void sum_rows();
  void pick_rows();
  void print_rows();
  void begin_prints();
  void keep_prints();
  void find_groups();
  void look_ahead(std::size_t begin);
  void new_group(std::size_t row, std::size_t common);
  void add_figures(std::size_t quad);
  void add_figure(std::size_t figure, std::size_t row);
  void add_number(std::size_t figure, Row& row, std::int64_t number, int place);
  void add_mark(std::size_t figure, Row& row, Mark mark, bool told);
  void add_wide(std::size_t figure, std::uint32_t group, const Figure& value);
  /// Takes the columns of the key that are no groups into the fingerprints of the rows, in `prints_`.
  void make_fingerprints();
  /// The fingerprints of the rows, in `prints_`, without their groups.
  void make_all_fingerprints();
  [[nodiscard]] bool same_group(std::size_t row) const;
  void follow_keys();
  void follow_groups();
  void end_following();
  void begin_stretch(std::size_t row);
  void make_first();
  void end_stretch(std::size_t row, bool last);
  [[nodiscard]] bool ascends(std::size_t row) const;
  bool is_odd(std::size_t row);
  [[nodiscard]] std::string_view own_before(std::size_t key, std::size_t row) const {
    return row == 0 ? std::string_view(own_[key]) : text(layout_.key[key].field, row - 1);
  }
  /// The label of a key's cell; blank where it has none.
  std::string label_of(std::uint32_t column, std::string_view raw);
  KeyLabel group_key_label(std::size_t row);
  KeyLabel key_label(std::uint32_t group, std::string_view cell);
  std::uint32_t label_number(std::uint32_t group, std::string_view cell, KeyLabel& label);
  [[nodiscard]] RecordPlace place_of(const Row& row) const;
  void learn_place(std::size_t figure, int place);

  /// A short cell without a number that came lately: they are few, and the same again and again.
  struct Remembered {
    std::uint64_t bytes = 0;
    Mark mark = Mark::number;
    bool told = false;
  };
  static constexpr std::size_t longest_remembered = PlainNumbers::longest;

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
  bool printing_ = false;
  Structure structure_;
  CsvRecord record_;
  bool one_run_ = false;                 ///< the group's fields stand side by side
  std::vector<std::uint32_t> row_ends_;  ///< of the cells of a record with quotes, behind the end of the record before
  std::vector<std::uint32_t> quoted_;    ///< which of its cells stand in quotes
  bool all_fields_ = false;              ///< every cell of a record is a field
  std::vector<int> place_;
  std::vector<IntegerBounds> bounds_;  ///< of each figure at its main place; none before that is known
  std::vector<std::array<Remembered, longest_remembered + 1>> remembered_;  ///< of each figure, by the length of the cell
  struct Quad {
    PlainNumbers plain;
    // For bits of figures: their bits of mark_bit, as `GroupTable::add_marks` takes them.
    std::array<std::uint32_t, 16> marked{};  ///< of the marks that it looks for
    std::array<std::uint32_t, 16> odd{};     ///< where it matters
  };
  std::vector<Quad> quads_;  ///< the figures, four at a time

  // The batch.
  std::size_t count_ = 0;
  std::array<Row, batch> rows_{};
  std::array<const char*, batch> row_texts_{};  ///< in which a row's cells stand: the block, or a copy without quotes
  std::uint32_t ragged_ = 0;                    ///< bits of rows
  std::uint32_t known_ = 0;                     ///< rows of the group of the row before
  std::size_t stride_ = 0;                      ///< from a row's cells to the next row's
  std::vector<std::uint32_t> begins_, sizes_;   ///< of the cells
  std::array<char*, batch> sums_{};
  BatchRest rest_;
  std::array<std::uint64_t, batch> prints_{};  ///< of the keys of the rows
  std::array<bool, batch> keyless_{};          ///< a label of the key is blank
  std::deque<std::string> scratch_;            ///< cells and keys that are not bytes of the block
  std::string last_key_;
  std::uint32_t last_group_ = GroupTable::absent;
  struct Made {
    static constexpr std::size_t unknown = ~std::size_t{0};
    std::size_t end = unknown;  ///< of its cell in the line
    KeyLabel key;               ///< of the labels in the key up to here
  };
  std::vector<Made> made_;                   ///< the labels of the last group that was new
  std::vector<std::uint32_t> made_numbers_;  ///< their numbers
  std::vector<std::uint8_t> in_key_;         ///< of each group column: it is part of the key
  std::vector<std::uint8_t> plain_keys_;     ///< of each column of the key that is no group: a text, as it stands
  std::vector<std::string> folded_;          ///< likewise: a cell that was surely folded

  // While keys are followed.
  bool following_ = false;            ///< in this block
  bool in_stretch_ = false;           ///< rows stand before in this block
  bool stretch_kept_ = false;         ///< the stretch goes to ScanPart::stretches in any case
  Stretch stretch_;                   ///< that of the rows before
  std::optional<std::size_t> begun_;  ///< the row with which it began, if its first key is not made yet
  std::uint32_t fresh_ = 0;           ///< rows of the batch that begin a group
  std::vector<std::string> own_;      ///< of the last row of the batch before: the other cells of its key
};

}  // namespace kenzan::engine
