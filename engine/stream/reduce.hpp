// A table that is not held: in its place stands one with a row for each group, whose figures are sums.
#pragma once
#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engine/data.hpp"
#include "engine/stream/blocks.hpp"
#include "engine/stream/groups.hpp"
#include "engine/stream/plan.hpp"
#include "engine/table/load.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {

/// How files are read in pieces. The result does not depend on it.
struct StreamOptions {
  unsigned threads = 0;                          ///< 0: as many as there are processors
  std::size_t block = std::size_t{1} << 17;      ///< bytes
  std::uint64_t least = std::uint64_t{1} << 19;  ///< smaller files are held
  std::size_t most_records = 100'000;            ///< held at a time to explain failing instances
};

/// A table of `data` in its reduced form, which every rule reads as it would read the table: a sum of figures over some rows is the
/// sum of their groups' sums.
class StreamedTable {
 public:
  /// Reads the file of a table once. Null, and nothing changed, where the table has to be held: the file is small, or not as
  /// regular as a scan needs it; what is wrong with it is then reported by `read_table`. Where the run is to end it may be half
  /// read, and good for `report_noted` only.
  /// Cost: one pass, in several threads; memory for the groups, and 5 bytes for each record if the key is to be unique.
  static std::unique_ptr<StreamedTable> read(Data& data, dsl::TableId table, StreamPlan plan, const LoadOptions& options,
                                             const StreamOptions& stream);

  /// Of each rule of a pair: how many instances hold of which nothing more is kept, by their verdicts.
  using Agreement = std::vector<std::array<std::size_t, verdict_count>>;
  /// Judges the rules of a pair before either of its tables is reduced. Groups of which all instances are plain, and hold, become
  /// rows of several, which other rules read as they would read each. Such rows have no labels, so that they bring no instances of
  /// the rules themselves. None where this cannot be told of the labels: then nothing is changed.
  /// Cost: a look-up of each group of the totals, which is next to nothing where the keys ascend in both.
  [[nodiscard]] static Agreement fold(StreamedTable& totals, StreamedTable& parts, const TotalsPair& pair);
  /// Notes that the rules of the pair have read the figures of these rows.
  void mark_agreeing(CheckedFigures& checked) const;

  /// Puts the reduced table into `data`, and gives back what the scan has left.
  void reduce();

  /// What `check_table` and the reading of rows report, of the records that need it; figures of duplicated keys become unknown.
  void check(LoadReport& report);

  /// Puts the records of these rows of the reduced table in its place, whole; if there are more than `most`, the first of them and
  /// those about which something was reported. Of the rows in `firsts` the first record is enough.
  /// The reduced table stays in `data.reduced`. Errors: a failure in `report` where the file cannot be read again.
  void hold(std::vector<std::uint32_t> rows, std::vector<std::uint32_t> firsts, std::size_t most, LoadReport& report);
  /// Puts the reduced table back in its place.
  void release();
  /// How many records a row of the reduced table stands for.
  [[nodiscard]] std::uint64_t records_in(std::uint32_t row) const;

  /// How many records the file has.
  [[nodiscard]] std::uint64_t records() const { return records_; }

  /// For a run that ends early: what the reading of rows reports of the first records that were noted, unless `check` has begun to.
  void report_noted(LoadReport& report);

 private:
  StreamedTable(Data& data, dsl::TableId table, StreamPlan plan, const StreamOptions& stream);

  bool open(const LoadOptions& options);
  bool lay_out(const std::string& start);
  bool scan();
  void count_lines();
  [[nodiscard]] bool repeats_a_row() const;
  void note_rows(const LoadReport& report);
  void report_change(LoadReport& report);
  [[nodiscard]] bool may_take_labels() const;
  void begin_rows();
  void touch_rows(bool with_labels, std::size_t threads);
  /// What the cells of the group columns are as texts, by part and number.
  struct LabelCodes {
    Code text = 0, label = 0;
  };
  using CodesOfParts = std::vector<std::vector<LabelCodes>>;
  [[nodiscard]] LabelCodes codes_of(std::string_view cell);
  [[nodiscard]] bool has_many_labels(std::size_t group) const;
  CodesOfParts take_cells(std::size_t group);
  void take_many_labels(std::size_t group);
  [[nodiscard]] std::string_view cell_of_key(std::string_view line, std::size_t group, std::string& scratch) const;
  void read_labels();
  /// A sum that does not fit integers.
  struct WideSum {
    std::size_t figure = 0;
    std::uint32_t row = 0;
    Mark mark = Mark::number;
    FigureColumn::Wide sum;
  };
  void reduce_rows(std::size_t begin, std::size_t end, const std::vector<CodesOfParts>& labels, std::vector<WideSum>& wide);
  void bring_near(std::span<const GroupPlace> places) const;
  /// The groups that some rows stand for, and what those have found of them that are linked.
  struct Gathered {
    std::vector<GroupPlace> places;
    std::vector<std::size_t> behind{0};  ///< where those of each row end
    void clear();
  };
  GroupExtent gather(GroupPlace head, Gathered& to) const;
  void begin_sums(std::size_t figure, std::size_t rows, PhysicalColumn& column) const;
  [[nodiscard]] std::optional<Sum> sum_of(std::size_t figure, const Gathered& from, std::size_t at) const;
  void set_sum(PhysicalColumn& to, std::size_t figure, std::uint32_t row, const Sum& sum, std::uint64_t records) const;
  void set_large_sum(PhysicalColumn& to, std::size_t figure, std::uint32_t row, const Gathered& from, std::size_t at,
                     std::vector<WideSum>& wide) const;
  /// Groups that agree with the other table of a pair, as one row.
  struct Folded {
    GroupPlace head;  ///< with the first record
    GroupExtent extent;
  };
  struct FoldedRows {
    PagedVector<Folded> rows;
    PagedVector<Sum> sums;  ///< of each: of every figure
  };
  class Folding;
  void take_folded(std::vector<FoldedRows> some);
  [[nodiscard]] bool may_fold() const;
  void look_for_duplicates();
  [[nodiscard]] bool set_duplicates_apart();
  [[nodiscard]] GroupPlace head_of(std::string_view key) const;
  [[nodiscard]] GroupPlace head_of(std::string_view key, std::uint64_t hash) const;
  [[nodiscard]] std::size_t place_in_order(std::string_view key) const;
  void forget_labels();
  [[nodiscard]] int main_place(std::size_t figure) const;
  [[nodiscard]] const ScanPart& part(std::size_t i) const { return scanners_[i]->part(); }
  [[nodiscard]] const GroupTable& table_of(GroupPlace at) const { return part(at.part).groups; }
  [[nodiscard]] std::string_view key(GroupPlace at, std::string& scratch) const { return table_of(at).key(at.group, scratch); }
  [[nodiscard]] std::string key_of(std::uint32_t row) const;
  [[nodiscard]] bool is_folded(std::uint32_t row) const { return std::ranges::binary_search(folded_, row); }
  std::vector<RecordPlace> find_duplicates();
  [[nodiscard]] std::vector<std::uint32_t> not_settled() const;
  /// The records that a look at some blocks finds.
  std::vector<RecordPlace> pick(const std::vector<std::uint32_t>& blocks, const Scanner::Wanted& wanted);
  template <class Use>
  std::vector<std::unique_ptr<Scanner>> look_again(const std::vector<std::uint32_t>& blocks, Use use);
  std::vector<RecordPlace> records_of(const std::vector<std::uint32_t>& rows, const std::vector<std::uint32_t>& firsts = {},
                                      std::size_t most = ~std::size_t{0});
  static std::vector<RecordPlace> records_of(const std::vector<std::unique_ptr<Scanner>>& scanners);
  /// The records as a table of their own. `alone`: nothing is reported that depends on other records.
  Table load(std::vector<RecordPlace> records, LoadReport& report, bool alone = false);
  static void sort_unique(std::vector<RecordPlace>& records);
  void exclude(std::uint32_t row);
  std::uint32_t line_of(const RecordPlace& record) const;

  Data& data_;
  dsl::TableId id_;
  StreamPlan plan_;
  StreamOptions stream_;
  dsl::InputFile file_;
  dsl::ReaderOptions reader_options_;
  std::shared_ptr<const Input> input_;
  std::vector<BoundColumn> bound_;
  Table blank_;  ///< without rows, with the labels across that the header has
  std::size_t width_ = 0;
  std::uint64_t begin_ = 0;         ///< of the first record
  std::uint32_t lines_before_ = 0;  ///< line feeds before it
  Layout layout_;
  std::unique_ptr<ScanState> state_;
  std::unique_ptr<BlockReader> blocks_;
  std::size_t threads_ = 1;
  std::vector<std::unique_ptr<Scanner>> scanners_;  ///< until the table is reduced, if labels are taken from their texts
  PagedVector<GroupPlace> order_;                   ///< likewise: groups, by their first records: the rows of the reduced table
  PagedVector<GroupPlace> of_several_;              ///< likewise: those that several threads have found
  bool ascends_ = false;                            ///< likewise: their keys do
  FoldedRows folded_rows_;                          ///< likewise: those in `folded_`
  PagedVector<std::uint32_t> folded_;               ///< rows of several groups, ascending
  std::vector<std::pair<std::uint32_t, std::uint32_t>> agreeing_;  ///< column and part: what the rules of the pair read of them
  bool looked_for_duplicates_ = false;
  PagedVector<GroupExtent> rows_;             ///< of the reduced table
  std::uint64_t records_ = 0;                 ///< in all of them
  std::vector<std::uint64_t> line_of_block_;  ///< line feeds before each block
  std::atomic<bool> changed_ = false;         ///< the file could not be read again as it was
  bool told_of_records_ = false;
  std::vector<std::uint32_t> told_;      ///< rows of the reduced table with something to report about their labels
  std::vector<RecordPlace> duplicates_;  ///< records whose key another may have; after `check`, has
  std::vector<RecordPlace> looked_at_;  ///< records that the scan has noted; after `check`, all with something to report about them
  Table other_;                         ///< the reduced table while another stands in its place
};

}  // namespace kenzan::engine
