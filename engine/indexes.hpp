// Row look-ups: for a table and a list of its columns, the rows by their labels; and the order of a column's labels, for lag.
#pragma once
#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <utility>
#include <vector>

#include "engine/data.hpp"
#include "engine/vector/text.hpp"

namespace kenzan::engine {

inline constexpr std::uint32_t absent_row = ~std::uint32_t{0};
/// Stands for a label that there is not: a missing or blank value.
inline constexpr Code absent_label = ~Code{0};

/// Numbers distinct tuples of codes from 0 in the order of their first appearance. While they come in ascending order, as rows of a
/// file mostly do, each is compared with the last; from the first that does not, they are hashed. Open addressing; the hash is
/// seeded, so that no file can be made to collide.
class TupleTable {
 public:
  TupleTable(std::size_t width, std::uint64_t seed);
  /// Makes room for as many tuples as are expected.
  void reserve(std::size_t count);
  /// Takes tuples that ascend into an empty table, to which none is added then: the k-th of each column make tuple k. The columns
  /// stay where they are as long as it lives.
  void take_ascending(std::vector<const Code*> columns, std::size_t count);
  /// The same of tuples in any order. False, and the table stays empty, where one of them stands there twice.
  bool take_distinct(std::vector<const Code*> columns, std::size_t count, const Watch& watch);
  /// The tuple's number; `fresh` says whether it is new.
  std::uint32_t insert(std::span<const Code> tuple, bool& fresh);
  /// The tuple's number, or absent_row.
  [[nodiscard]] std::uint32_t find(std::span<const Code> tuple) const;
  /// The same for one of many, which mostly follow each other as they do here. `last` is what was found before.
  [[nodiscard]] std::uint32_t find(std::span<const Code> tuple, std::uint32_t& last) const;
  [[nodiscard]] std::size_t size() const { return count_; }
  [[nodiscard]] std::size_t width() const { return width_; }
  /// Finds the tuples that stand in `columns` at `rows`, in any order: their numbers, or absent_row. As fast as memory gives what is read
  /// for many of them at once. `last` is as above.
  void find_all(std::span<const Code* const> columns, std::span<const std::size_t> rows, std::uint32_t& last,
                std::vector<std::uint32_t>& found) const;
  /// The same of tuples of another table, by their numbers.
  void find_all(const TupleTable& other, std::span<const std::size_t> numbers, std::uint32_t& last,
                std::vector<std::uint32_t>& found) const;
  /// Brings the place near where a tuple is looked for.
  void prefetch(std::span<const Code> tuple) const {
    if (!slots_.empty()) __builtin_prefetch(&slots_[hash(tuple) & (slots_.size() - 1)]);
  }
  /// Whether `count` tuples from `number` on are those of `columns` from `at` on. False, too, where that would not be seen at once.
  [[nodiscard]] bool has_run(std::uint32_t number, std::span<const Code* const> columns, std::size_t at, std::size_t count) const;
  /// The columns that were taken; none otherwise.
  [[nodiscard]] std::span<const Code* const> columns() const { return columns_; }
  /// Code i of a tuple.
  [[nodiscard]] Code code(std::uint32_t number, std::size_t i) const {
    return columns_.empty() ? keys_[number * width_ + i] : columns_[i][number];
  }

 private:
  template <class Take>
  void find_taken(std::span<const std::size_t> from, Take take, std::uint32_t& last, std::vector<std::uint32_t>& found) const;
  [[nodiscard]] std::uint64_t hash(std::span<const Code> tuple) const;
  [[nodiscard]] bool is(std::uint32_t number, std::span<const Code> wanted) const;
  [[nodiscard]] bool is_before(std::uint32_t number, std::span<const Code> wanted) const;
  std::uint32_t append(std::span<const Code> tuple);
  void resize(std::size_t slots);
  std::size_t width_, count_ = 0, expected_ = 8;
  std::uint64_t seed_;
  PagedVector<Code> keys_;            ///< count_ × width_, or:
  std::vector<const Code*> columns_;  ///< width_ × count_
  PagedVector<std::uint32_t> slots_;  ///< number + 1; 0: free; a power of two, at most half full; empty while the tuples ascend
};

/// Rows of one table by the labels of some of its columns. Only kept rows without a blank among these labels are in it.
class Index {
 public:
  using Rows = std::shared_ptr<const PagedVector<std::uint32_t>>;
  /// The rows of group g stand in [offsets[g], offsets[g+1]) of `rows`, ascending, one at least. Without offsets, one row for each
  /// group.
  Index(TupleTable groups, PagedVector<std::uint32_t> offsets, Rows rows)
      : groups_(std::move(groups)), offsets_(std::move(offsets)), rows_(std::move(rows)) {}

  [[nodiscard]] const TupleTable& groups() const { return groups_; }
  [[nodiscard]] std::size_t size() const { return offsets_.empty() ? groups_.size() : offsets_.back(); }  ///< rows
  [[nodiscard]] std::span<const std::uint32_t> rows(std::uint32_t group) const {
    if (offsets_.empty()) return {rows_->data() + group, 1};
    return {rows_->data() + offsets_[group], offsets_[group + 1] - offsets_[group]};
  }

 private:
  TupleTable groups_;
  PagedVector<std::uint32_t> offsets_;
  Rows rows_;  ///< may be shared by several, and longer
};

/// Indexes of the tables of a run, each built when it is first asked for. Several threads may ask.
class RowIndex {
 public:
  explicit RowIndex(const Data& data) : data_(data) {}
  [[nodiscard]] const Index& rows_by(dsl::TableId table, std::span<const std::uint32_t> columns);
  /// The rows with these labels in these columns.
  [[nodiscard]] std::span<const std::uint32_t> rows(dsl::TableId table, std::span<const std::pair<std::uint32_t, Code>> labels);
  /// For a table that has been replaced; when no other thread asks.
  void forget(dsl::TableId table);

 private:
  const Data& data_;
  std::mutex mutex_;
  struct Slot {
    std::once_flag made;
    std::unique_ptr<Index> index;
  };
  [[nodiscard]] std::unique_ptr<Index> make_ascending(const Table& table, const std::vector<const Code*>& columns);
  [[nodiscard]] std::unique_ptr<Index> make_distinct(const Table& table, const std::vector<const Code*>& columns);
  [[nodiscard]] std::unique_ptr<Index> make(dsl::TableId table, std::span<const std::uint32_t> columns);
  [[nodiscard]] Index::Rows all_rows(std::size_t count);
  using Columns = std::pair<dsl::TableId, std::vector<std::uint32_t>>;
  struct Before {  ///< looks up columns where they stand
    using is_transparent = void;
    template <class A, class B>
    bool operator()(const A& a, const B& b) const {
      return a.first != b.first ? a.first < b.first : std::ranges::lexicographical_compare(a.second, b.second);
    }
  };
  std::map<Columns, Slot, Before> indexes_;
  Index::Rows all_rows_;  ///< from 0 on
};

/// The labels of one column in the order that lag follows.
class LabelOrder {
 public:
  /// Labels as given; only listed labels have a predecessor.
  static LabelOrder listed(const std::vector<Code>& labels);
  /// Distinct labels, as numbers if all are numbers, else by their texts. Before an unlisted label stands the next smaller one.
  static LabelOrder sorted(std::vector<Code> labels, const Texts& texts);

  /// The label `places` before `label`; absent_label if there is none.
  [[nodiscard]] Code before(Code label, std::uint32_t places, std::string_view text) const;

 private:
  std::vector<Code> labels_;
  std::unordered_map<Code, std::size_t> position_;
  std::vector<Rational> numbers_;        ///< if all are numbers
  std::vector<std::string_view> texts_;  ///< otherwise
};

/// What one thread looks up by: the rows, and the order of labels.
class Indexes {
 public:
  Indexes(const Data& data, TextPool& texts, RowIndex& rows);
  [[nodiscard]] RowIndex& rows() { return rows_; }
  [[nodiscard]] const LabelOrder& order_of(dsl::TableId table, std::uint32_t column);
  [[nodiscard]] const LabelOrder& order_of_across(dsl::TableId table, std::uint32_t column);
  [[nodiscard]] std::uint64_t seed() const { return data_.seed; }

 private:
  const Data& data_;
  TextPool& texts_;
  RowIndex& rows_;
  std::map<std::pair<dsl::TableId, std::uint32_t>, std::unique_ptr<LabelOrder>> orders_, across_orders_;
};

/// The label of a row in a column that is a dimension; Texts::empty where it is blank or could not be read.
[[nodiscard]] inline Code row_label(const ColumnData& column, std::uint32_t row) { return column.parts[0].labels[row]; }

}  // namespace kenzan::engine
