// The vectorised evaluator: all instances of a rule at once, by loops over columns. One verdict byte for each instance; no strings,
// no evidence.
#pragma once
#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "engine/data.hpp"
#include "engine/reference/reference.hpp"

namespace kenzan::engine {

/// Verdicts of one rule: `labels` and `spellings` are columns, one for each dimension of the rule; `verdicts` a byte for each
/// instance. Where all labels of a dimension are spelled as they are, it has no spellings of its own.
struct RuleVerdicts {
  std::size_t size = 0;
  std::size_t agreeing = 0;  ///< instances that hold besides these, of which only `counts` tell
  std::vector<PagedVector<Code>> labels, spellings;
  std::vector<std::uint8_t> spelled_alike;  ///< of each dimension
  std::vector<Verdict> verdicts;
  std::array<std::size_t, verdict_count> counts{};  ///< of each verdict
  [[nodiscard]] const PagedVector<Code>& spellings_of(std::size_t dim) const {
    return spelled_alike[dim] != 0 ? labels[dim] : spellings[dim];
  }
  [[nodiscard]] std::size_t all() const { return size + agreeing; }
  [[nodiscard]] Instance instance(std::size_t i) const;
};

/// Whether the cells of a column are figures to check, not labels or settings that other cells are read by.
[[nodiscard]] bool is_published_figure(const dsl::Table& table, std::uint32_t column);

/// Which figures were checked: a byte for each cell of each figure column, set where an instance that was judged (its verdict is
/// neither `unmatched` nor `unknown`) read it in its `require`.
class CheckedFigures {
 public:
  explicit CheckedFigures(const Data& data);
  void mark(dsl::TableId table, std::uint32_t column, std::uint32_t part, std::uint32_t row);
  /// The bytes of a part of a column; none where its cells are no figures to check.
  [[nodiscard]] std::span<std::uint8_t> of(dsl::TableId table, std::uint32_t column, std::uint32_t part);
  /// Sets a byte, which another thread may set, too.
  static void mark(std::uint8_t& figure) {
    const std::atomic_ref<std::uint8_t> checked(figure);
    if (checked.load(std::memory_order_relaxed) == 0) checked.store(1, std::memory_order_relaxed);
  }
  [[nodiscard]] bool checked(const CellRef& cell) const;
  /// Figure cells that are not blank, of kept rows, in columns that are not dimensions used as keys.
  struct Counts {
    std::size_t all = 0, marked = 0;
  };
  [[nodiscard]] Counts count(std::size_t threads = 1) const;

 private:
  const Data* data_;
  std::vector<std::vector<std::vector<PagedVector<std::uint8_t>>>> marks_;  ///< table, column, part, row
};

/// How instances are shared out. The verdicts do not depend on it.
struct SliceOptions {
  unsigned threads = 1;
  std::size_t slice = 2048;  ///< instances judged at once: their columns should stay in the processor's cache
};

class VectorEvaluator {
 public:
  explicit VectorEvaluator(const Data& data, SliceOptions options = {});
  ~VectorEvaluator();
  VectorEvaluator(const VectorEvaluator&) = delete;
  VectorEvaluator& operator=(const VectorEvaluator&) = delete;

  /// Judges every instance of `rule`, in the order of `reference_instances`, without those that were not made. `agreeing` counts,
  /// by verdicts, instances that were judged before, and of which the tables have no rows.
  ///
  /// Agrees with `judge` on every verdict. Where numbers leave 128 bits, or one cell stands twice in a form, the instance's form is
  /// collected in rationals.
  /// Cost: linear in the rows read and the instances, hashing each row once for each new combination of columns; in several threads
  /// where there are many instances that share no aggregate.
  [[nodiscard]] RuleVerdicts evaluate(const dsl::Rule& rule, CheckedFigures& checked,
                                      const std::array<std::size_t, verdict_count>& agreeing = {});

  /// The look-ups that it made, for who looks at the same data.
  [[nodiscard]] RowIndex& rows();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace kenzan::engine
