// The records of tables that are not held, while the instances that read them are explained.
#pragma once
#include <memory>
#include <vector>

#include "engine/indexes.hpp"
#include "engine/reference/reference.hpp"
#include "engine/stream/reduce.hpp"

namespace kenzan::engine {

class HeldRecords {
 public:
  using Rows = std::vector<std::vector<std::uint32_t>>;  ///< by TableId: rows of the reduced table
  static constexpr std::size_t all = ~std::size_t{0};    ///< as many as there are
  using Tables = std::vector<std::unique_ptr<StreamedTable>>;

  /// `tables` by TableId; null for those that are held. What is put in their places is looked up anew in `index`.
  HeldRecords(const Tables& tables, RowIndex& index) : tables_(tables), index_(index) {}

  /// Whether a rule reads one of the tables at all.
  [[nodiscard]] bool reads(const dsl::Rule& rule) const;
  /// Whether a table is one of them.
  [[nodiscard]] bool has(dsl::TableId table) const { return tables_[table.index()] != nullptr; }
  /// The rows of reduced tables that an instance has read.
  [[nodiscard]] Rows rows_of(const Judgement& judgement) const;
  /// Adds the rows of one instance to those of others.
  static void add(Rows& to, const Rows& own);
  /// How many records they stand for. A row that stands there twice counts twice.
  [[nodiscard]] std::uint64_t records_in(const Rows& rows) const;
  /// How many cells of files these cells stand for.
  [[nodiscard]] std::uint64_t cells_in(const std::vector<CellRef>& cells) const;
  /// Puts the records of some rows in the place of their tables; of each table the first `most`. Of the rows in `firsts` the first
  /// record is enough.
  void hold(Rows rows, Rows firsts, std::size_t most, LoadReport& report);
  /// Puts the reduced tables back.
  void release();
  /// The judgement `whole` of an instance, over reduced tables, with the cells of `part`: the same instance over the first records.
  [[nodiscard]] Judgement seen_in_part(Judgement whole, Judgement part) const;

 private:
  [[nodiscard]] const StreamedTable* table_of(const CellRef& cell) const { return tables_[cell.table.index()].get(); }

  const Tables& tables_;
  RowIndex& index_;
};

}  // namespace kenzan::engine
