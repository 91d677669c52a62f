// Reading a figure from the text of a cell, exactly, under the options of its column.
#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/figure.hpp"
#include "base/unit.hpp"

namespace kenzan {

/// How brackets around a number are read. `none`: a bracketed number is unreadable.
enum class Brackets : std::uint8_t { none, plain, minus };

/// How the cells of one figure column are read.
struct FigureFormat {
  Unit unit;                  ///< of a bare number
  bool unit_in_cell = false;  ///< `money`: the unit must be written in the cell (or comes from `unit_override`)
  bool ratio_marks = false;   ///< the column is in %, 割 or 倍: 皆減 and 皆増 are unknown
  bool integer_only = false;  ///< type `integer`: a fraction is unreadable
  Rounding rounding = Rounding::nearest;
  std::optional<Rational> step;                       ///< `to 0.1`: the place in base units, where the digits do not show it
  std::vector<std::string> nil, unknown, suppressed;  ///< spellings (trimmed); the defaults unless the column replaced them
  Brackets brackets = Brackets::none;
  char decimal = '.';       ///< "," for `decimal ","`; then '.' may group
  std::string group = ",";  ///< grouping sign; groups are of exactly three digits
};

/// The default spellings of the marks, by format.
[[nodiscard]] std::vector<std::string> default_nil(bool ratio_marks);
[[nodiscard]] std::vector<std::string> default_unknown(bool ratio_marks);
[[nodiscard]] std::vector<std::string> default_suppressed();

/// Why a cell was not read, or was read with a complaint.
enum class FigureIssue : std::uint8_t {
  none,
  inner_blank,   ///< number-format: blanks inside a number
  about,         ///< number-format: a leading 約
  exponent,      ///< number-format: an exponent
  not_a_number,  ///< bad-number from here on
  bad_grouping,
  bracketed,
  wrong_unit,
  missing_unit,
  not_an_integer,
  too_long,
};

struct ReadFigure {
  Figure figure;  ///< mark `unreadable` for bad-number
  FigureIssue issue = FigureIssue::none;
  std::string detail;  ///< wrong_unit: the unit found; not_a_number: what follows the number, if one was read
  int decimals = 0;    ///< written digits behind the point, less the exponent: place = 10^-decimals of the unit
};

/// Reads `text`. `decimals` overrides the place of the last digit as digits behind the point in the cell's own unit (`-6`:
/// millions; `exact_decimals` = INF: exact). `unit_override` is the unit of a bare number where a unit column gives it.
///
/// Accepts: see the language reference, section 2. Full-width forms are equal to half-width ones. Never reads a wrong number
///          silently: anything that is not one complete number is `unreadable`. `.5` and `+5` are accepted, `5.` is not. Blanks
///          inside a number are accepted beside a point or grouping sign, and between digits where they separate groups of three.
///          A compound number without a unit (`3兆2,500億`) is accepted where a bare number is in a unit of factor 1 (円, 人): in
///          a column of 億円 it could mean two things. A mark is matched as spelled, and folded where the text is no number.
/// Units:   result in base units.  Cost: linear in the text; plain ASCII digits take a short path.
[[nodiscard]] ReadFigure read_figure(std::string_view text, const FigureFormat& format, const UnitTable& units,
                                     std::optional<int> decimals = std::nullopt, bool exact_decimals = false,
                                     const Unit* unit_override = nullptr);

}  // namespace kenzan
