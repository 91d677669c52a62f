// Explaining what a run has listed, with the records of tables that are not held.
#pragma once
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string_view>
#include <vector>

#include "engine/explain/explain.hpp"
#include "engine/listed.hpp"
#include "engine/run.hpp"
#include "engine/stream/held_records.hpp"
#include "engine/vector/totals.hpp"

namespace kenzan::engine {

/// Whether an instance of this verdict is among the findings.
[[nodiscard]] bool reported(Show show, Verdict verdict);

/// Explains the listed instances of a run, in several threads where there are many.
///
/// Where tables are not held, some instances at a time, with the records that they read. An instance that reads more records than it
/// shows is explained alone, with the first of them; of one that is not told no record is read, and without
/// `RunOptions::with_cells` none but those that say where a finding stands.
class Explaining {
 public:
  /// What is said of a listed instance.
  struct Said {
    std::optional<Finding> finding;
    bool listed = true;  ///< among the findings
    Verdict verdict{};
    std::vector<CellRef> cells, when_cells;  ///< that were read, for `with_tables`
  };
  using Take = std::function<void(const Listed&, Said)>;

  /// `tables` by TableId; null for those that are held. `told` says of which codes all findings are told.
  Explaining(Data& data, const RunOptions& options, const ListedInstances& listed, const HeldRecords::Tables& tables,
             RowIndex& index, std::function<bool(std::string_view)> told);

  /// Gives each instance to `take`, in no order. Errors: failures in `report` where a file cannot be read again.
  /// Cost: linear in the cells that instances read, and at most one pass over the file of a table for each
  /// `StreamOptions::most_records` of them.
  void explain_all(LoadReport& report, const Take& take);

 private:
  void sort_out(std::size_t i);
  [[nodiscard]] std::optional<Judgement> by_sum(const Listed& listed);
  void put_total(std::size_t i, Judgement total);
  void make_room(std::size_t i, std::uint64_t records);
  void explain_alone(std::size_t i, Judgement whole, HeldRecords::Rows rows);
  void explain_until(std::size_t end);
  void explain_some(const std::vector<std::size_t>& these, unsigned threads);
  [[nodiscard]] Judgement judged(std::size_t i) const;
  [[nodiscard]] Judgement placed(std::size_t i, Judgement total) const;
  [[nodiscard]] Said explained(std::size_t i, const Judgement& judgement);
  [[nodiscard]] bool is_told(const Judgement& judgement) const;
  [[nodiscard]] bool is_told(const CellRef& cell) const;
  void keep(std::size_t i, Said said);

  Data& data_;
  const RunOptions& options_;
  const ListedInstances& listed_;
  RowIndex& index_;
  std::function<bool(std::string_view)> told_;
  HeldRecords records_;
  NearLabels near_labels_{data_};
  LoadReport* report_ = nullptr;
  const Take* take_ = nullptr;
  std::size_t explained_ = 0;
  const dsl::Rule* rule_ = nullptr;     ///< that was looked at last, until tables are replaced
  std::unique_ptr<TotalsRule> totals_;  ///< of `rule_`, if it is one

  // The instances that wait to be explained together: all from `begin_` on but those that are `done_`.
  std::size_t begin_ = 0;
  std::vector<std::size_t> done_;
  const HeldRecords::Rows no_rows_;
  HeldRecords::Rows rows_, firsts_;               ///< that they read; and of which the first record is enough
  std::uint64_t count_ = 0;                       ///< of their records, about
  std::map<std::size_t, Judgement> totals_only_;  ///< of those whose parts are not read
};

}  // namespace kenzan::engine
