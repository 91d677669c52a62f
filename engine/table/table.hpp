// Tables as columns: figures as scaled integers with bounds, texts and labels as codes, every cell with its place in its file.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/figure.hpp"
#include "dsl/program.hpp"
#include "engine/keys.hpp"
#include "engine/near.hpp"
#include "engine/pages.hpp"

namespace kenzan::engine {

/// A text by its spelling. Equal codes are equal spellings.
using Code = std::uint32_t;

/// Interns every text of a run. Two texts are the same label iff their codes have equal `label_of`.
class Texts {
 public:
  Texts();
  Texts(Texts&&) = default;  // views of the texts are handed out: no copies
  Texts& operator=(Texts&&) = default;
  Code intern(std::string_view text);
  /// Brings near what looking for these texts takes.
  void bring_near(std::span<const std::string_view> texts) const { texts_.bring_near(texts); }
  [[nodiscard]] std::size_t size() const { return labels_.size(); }
  [[nodiscard]] std::string_view text(Code code) const { return texts_.key(code); }
  /// The code of the folded spelling: the label. Labels of integers and dates are canonical ("12", "2027-03-31").
  [[nodiscard]] Code label_of(Code code) const { return labels_[code]; }
  /// The code of `folded` (already folded) if some text of the run has it.
  [[nodiscard]] bool find(std::string_view folded, Code& out) const;
  static constexpr Code empty = 0;  ///< the code of ""

 private:
  Code add(std::string_view text);
  KeyTable texts_;
  std::vector<Code> labels_;
};

/// A column of figures at one scale: the integer n stands for n · 10^exponent base units. `low` ≤ `value` ≤ `high` bound the true
/// values; a suppressed figure is at least `low`, and `value` is the sum of its parts that are not suppressed. A row whose numbers
/// do not fit is `wide`, and its integers mean nothing. In a column of sums of several figures, `squares` are the sums of the squares
/// of their widths, in units of 10^(2·exponent).
struct FigureColumn {
  static constexpr std::uint8_t mark_mask = 0x07;  ///< Mark
  static constexpr std::uint8_t low_open = 0x08;
  static constexpr std::uint8_t high_open = 0x10;
  static constexpr std::uint8_t is_wide = 0x20;
  static constexpr std::uint8_t excluded = 0x40;  ///< a figure of a duplicated key: unknown, whatever is written

  int exponent = 0;
  PagedVector<std::int64_t> value;
  PagedVector<std::uint8_t> state;
  struct Wide {
    Interval range = Interval::point(0);
    Rational written = 0, squares = 0;
    Wide& operator+=(const Wide& other) {
      range = range + other.range;
      written += other.written;
      squares += other.squares;
      return *this;
    }
  };
  std::unordered_map<std::uint32_t, Wide> wide;

  /// A sum, as integers at the column's exponent. `mark` is number, nil, suppressed, or says why there is none.
  struct Sum {
    Mark mark = Mark::number;
    std::int64_t value = 0, low = 0, high = 0;
    std::uint64_t squares = 0;
    std::uint32_t numbers = 0;  ///< that it adds up
    std::uint8_t ends = 0;      ///< low_open, high_open
  };
  /// What rounding can do to each number, in units of 10^exponent, where it is the same for all: the ends of a sum lie so far from
  /// its value for each number in it.
  struct Width {
    std::int8_t low = 0, high = 0;
    std::uint8_t square = 0;
  };
  /// Makes a column of so many sums, each to be set; no figures are added to it. `width`: that of every number in it, if there is one.
  void begin_sums(std::size_t rows, std::optional<Width> width);
  void set(std::uint32_t row, const Sum& sum) {
    value[row] = sum.value;
    state[row] = static_cast<std::uint8_t>(static_cast<std::uint8_t>(sum.mark) | sum.ends);
    if (!numbers_.empty()) {
      numbers_[row] = sum.numbers;
      return;
    }
    low_[row] = sum.low;
    high_[row] = sum.high;
    squares_[row] = sum.squares;
  }
  void set(std::uint32_t row, Mark mark, const Wide& sum);

  void add(const Figure& figure);  ///< rescales the column if the figure is finer
  /// The same for `number` · 10^place, whose last written digit stands at 10^place. |number| < 10^18.
  void add(std::int64_t number, int place, Rounding rounding);
  void exclude(std::uint32_t row) { state[row] |= excluded; }

  /// What stands in a row, to be put back when something else has been tried there.
  struct Row {
    std::uint8_t state = 0;
    std::optional<Wide> wide;
  };
  /// Puts a number in the place of a row, and returns what stood there.
  Row replace(std::uint32_t row, const Figure& number);
  void put_back(std::uint32_t row, Row before);

  [[nodiscard]] Mark mark(std::uint32_t row) const { return static_cast<Mark>(state[row] & mark_mask); }
  [[nodiscard]] std::int64_t low(std::uint32_t row) const {
    return numbers_.empty() ? low_[row] : value[row] + std::int64_t{width_.low} * numbers_[row];
  }
  [[nodiscard]] std::int64_t high(std::uint32_t row) const {
    return numbers_.empty() ? high_[row] : value[row] + std::int64_t{width_.high} * numbers_[row];
  }
  /// Brings near what adding the figure of a row takes.
  void bring_near(std::uint32_t row) const {
    engine::bring_near(&state[row]);
    engine::bring_near(&value[row]);
    if (numbers_.empty()) {
      engine::bring_near(&low_[row]);
      engine::bring_near(&high_[row]);
    } else {
      engine::bring_near(&numbers_[row]);
    }
  }
  /// Whether its figures are sums of several.
  [[nodiscard]] bool has_sums() const { return !numbers_.empty() || !squares_.empty(); }
  [[nodiscard]] std::uint64_t squares(std::uint32_t row) const {
    return numbers_.empty() ? squares_[row] : std::uint64_t{width_.square} * numbers_[row];
  }
  /// Whether a value is known: a number or nil, and not excluded.
  [[nodiscard]] bool known(std::uint32_t row) const;
  /// The true values; (−∞, ∞) where unknown, blank, unreadable or excluded; [0, ∞) where suppressed.
  [[nodiscard]] Interval range(std::uint32_t row) const;
  /// What the written values alone leave possible: a point where known; a suppressed sum is at least what is written of it.
  [[nodiscard]] Interval range_as_written(std::uint32_t row) const;
  [[nodiscard]] Rational written(std::uint32_t row) const;  ///< 0 unless known
  /// Of a sum of several figures; nothing in a column of single figures.
  [[nodiscard]] std::optional<Rational> squares_of(std::uint32_t row) const;
  [[nodiscard]] std::size_t size() const { return state.size(); }

 private:
  struct Bounds {
    std::int64_t value = 0, low = 0, high = 0;
  };
  bool put(Bounds bounds, int exponent, std::uint8_t state);
  void put_wide(const Figure& figure);
  [[nodiscard]] Rational sum_written(std::uint32_t row) const;
  bool rescale(int exponent);
  PagedVector<std::int64_t> low_, high_;
  PagedVector<std::uint64_t> squares_;  ///< of sums
  PagedVector<std::uint32_t> numbers_;  ///< in each sum, where they all have one width: it tells all three
  Width width_;
  std::int64_t largest_ = 0;  ///< the greatest magnitude among the integers of single figures
};

/// One column of a file as read, for the label of `across` where it has one.
struct PhysicalColumn {
  FigureColumn figures;                   ///< figure, integer
  PagedVector<Code> texts;                ///< text: spelling after take and alias; date and integer: canonical text; "" if blank;
                                          ///< of a table of sums none where all are as `labels`
  PagedVector<Code> labels;               ///< folded labels of `texts` (text, date, integer columns)
  std::vector<std::int8_t> flags;         ///< flag: 1 true, 0 false, -1 unknown
  std::vector<bool> blank;                ///< text, date, flag: an empty cell (or one that could not be read)
  std::vector<std::uint32_t> begin, end;  ///< bytes of the cell in its file, without enclosing quotes
  PagedVector<std::uint32_t> counts;      ///< cells that are not blank in each sum of figures; empty: rows are single cells

  [[nodiscard]] Code text(std::size_t row) const { return texts.empty() ? labels[row] : texts[row]; }
};

/// A column of the rule language: one physical column, or one for each label of its `across`.
struct ColumnData {
  std::vector<Code> across_labels;  ///< folded codes, in declared or file order; empty: not across
  std::vector<Code> across_spellings;
  std::vector<PhysicalColumn> parts;  ///< 1, or as many as labels
};

/// The rows of one table, without those that `where` dropped.
struct Table {
  dsl::TableId id;
  std::size_t rows = 0;
  std::vector<ColumnData> columns;  ///< as in the declaration
  char delimiter = ',';             ///< between the cells of its files
  std::vector<SourceId> files;
  std::vector<std::uint32_t> file;                ///< per row: index into `files`
  std::vector<std::uint32_t> row_begin, row_end;  ///< bytes of the record in its file
  std::vector<bool> duplicate;                    ///< rows whose key is not unique
  std::vector<bool> kept;  ///< by the table's `where`; dropped rows stay in the columns, outside every look-up

  [[nodiscard]] Span cell_span(std::uint32_t column, std::uint32_t part, std::uint32_t row) const;
};

}  // namespace kenzan::engine
