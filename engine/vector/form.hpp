// Forms: how each item of a column of values is made of unknowns, kept as a small tree over columns and walked for one item at a
// time where its bounds alone do not decide.
#pragma once
#include <memory>
#include <optional>
#include <vector>

#include "base/linear.hpp"
#include "engine/frame.hpp"
#include "engine/vector/kernels.hpp"

namespace kenzan::engine {

struct Form;
using FormPtr = std::shared_ptr<const Form>;

/// A node of a form. Per item it stands for a linear form over cells, uncertain constants and opaque values.
struct Form {
  enum class Kind : std::uint8_t {
    nothing,      ///< 0
    constant,     ///< `factor`
    uncertain,    ///< a constant that is a figure of its own: `expr`
    cells,        ///< one cell for each item
    opaque,       ///< items in `mask` (all if empty): a value of `numbers` with an identity of its own; others: `first`
    sum,          ///< first + second
    scale,        ///< factor · first
    scale_items,  ///< factors[i] · first
    choose,       ///< items in `mask`: second; others: first
    fold,         ///< Σ of `first` over the items of segment i of `map` (offsets)
    gather,       ///< `first` at map[i]
  };
  Kind kind = Kind::nothing;
  Rational factor = 0;
  double approximate = 0;  ///< of `factor`; not a figure
  FormPtr first, second;
  std::vector<std::uint8_t> mask;
  std::vector<Rational> factors;
  std::vector<std::uint32_t> map;
  std::shared_ptr<const Numbers> numbers;  ///< opaque; no item in `mask` is `by_form`

  // uncertain
  dsl::ExprId expr;
  Interval range;
  Rational written = 0;

  // cells
  const ColumnData* column = nullptr;
  std::uint32_t source = 0;  ///< number of (table, column); identities are made of it
  bool as_written = false;   ///< known cells are points
  SharedRows rows;           ///< absent_row: no such cell
  SharedRows parts;          ///< null: part 0; absent_row: the column has no such label
};

/// Which cells a form may read, for telling without looking whether one may be read twice.
struct Footprint {
  std::uint32_t source = 0;  ///< (table, column), or an uncertain constant's expression where `uncertain`
  bool uncertain = false;
  std::optional<Code> across;                         ///< the label, where it is the same for all items
  std::vector<std::pair<std::uint32_t, Code>> fixed;  ///< key columns whose label is the same for all items
  bool own_row = false;                               ///< the row that the frame is at: different for each element of an aggregate
  bool own_across = false;                            ///< at the across label that the frame is at
  bool repeats = false;                               ///< one item may read a cell twice
};
using Footprints = std::vector<Footprint>;

/// Whether one item may read a cell twice; whether an item may read one cell in both.
[[nodiscard]] bool may_repeat(const Footprints& prints);
[[nodiscard]] bool may_share(const Footprints& a, const Footprints& b);

/// The collected form of item i; its value as written.
struct ItemForm {
  Linear linear;
  Rational written = 0;
};
[[nodiscard]] ItemForm form_of(const Form& form, std::size_t i);

/// Whether item i has an unknown twice. `ids` is scratch.
[[nodiscard]] bool repeats_an_unknown(const Form& form, std::size_t i, std::vector<std::uint64_t>& ids);

/// Σ (factor · width)² over the terms of item i, for a form in which no unknown repeats. Not a figure: the plausibility grade.
/// Infinite where a range is.
// not a figure: grades plausibility, decides no value
[[nodiscard]] double squares_of(const Form& form, std::size_t i);

}  // namespace kenzan::engine
