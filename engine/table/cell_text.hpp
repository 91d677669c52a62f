// From the text of a cell to what its column says it is: take, alias, dates, flags.
#pragma once
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "dsl/program.hpp"

namespace re2 {
class RE2;
}

namespace kenzan::engine {

/// The value of a cell after `take` and `alias`.
struct CellValue {
  std::string_view text;
  bool taken = true;  ///< false: the cell is not blank, and `take` does not fit it
};

/// Whether a text is not UTF-8, or holds NUL.
[[nodiscard]] bool is_malformed(std::string_view text);

/// Reads the text of the cells of one column.
class CellText {
 public:
  explicit CellText(const dsl::Column& column);
  ~CellText();
  CellText(CellText&&) noexcept;

  /// Applies `take` (to the NFKC form; the first group) and `alias` to `cell`. Blank cells stay as they are. The result may live
  /// in `scratch`.
  [[nodiscard]] CellValue read(std::string_view cell, std::string& scratch) const;
  /// Whether `read` returns its argument.
  [[nodiscard]] bool plain() const { return !take_ && alias_.empty(); }

 private:
  std::unique_ptr<re2::RE2> take_;
  std::unordered_map<std::string, std::string> alias_;
};

/// Reads `2027-03-31` or `2027/3/31` (full-width forms too) as "2027-03-31"; nothing if there is no such day.
[[nodiscard]] std::optional<std::string> read_date(std::string_view text);

/// Reads true/false, yes/no, 1/0, ○/×, 有/無, in any case.
[[nodiscard]] std::optional<bool> read_flag(std::string_view text);

/// How many digits behind the point a cell of a `decimals` column says.
struct Decimals {
  int count = 0;
  bool exact = false;  ///< INF
};
[[nodiscard]] std::optional<Decimals> read_decimals(std::string_view text);

/// A number of plain ASCII digits, grouped by commas or not, with or without a fraction, a minus sign or ▲ before and `unit` behind
/// it: the commonest cell, read without allocation. Its value is number · 10^place, in that unit.
struct PlainNumber {
  std::int64_t number = 0;
  int place = 0;
};
[[nodiscard]] std::optional<PlainNumber> read_plain_number(std::string_view text, std::string_view unit = {});

}  // namespace kenzan::engine
