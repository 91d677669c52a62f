// Files → tables, with the checks that need no rule.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "diag/findings.hpp"
#include "engine/data.hpp"
#include "engine/stream/input.hpp"

namespace kenzan::engine {

/// How files are opened: by path → bytes, or the reason why not (a system message). The caller reads standard input for "-".
using OpenFile = std::function<Result<std::string, std::string>(const std::string& path)>;
/// Paths that fit `budget-{year}.csv`, with the text that stands for the braces, sorted by name.
using FindFiles = std::function<std::vector<std::pair<std::string, std::string>>(const std::string& pattern)>;

struct LoadOptions {
  OpenFile open;
  OpenInput input;  ///< for files that are not to be held in memory; may be empty
  FindFiles find;
  std::map<std::string, std::string> replaced;  ///< --data: folded table name → path
};

/// What loading found: findings of built-in checks, and mistakes that make the run incomplete (missing-column, unreadable file,
/// a format that this version does not read), which point into the rule file.
struct LoadReport {
  Findings findings;
  std::vector<Diagnostic> failures;
};

/// The files that a table is read from.
[[nodiscard]] std::vector<std::string> files_of(const dsl::Table& declared, const LoadOptions& options);

/// The table without rows: one part for each column, or as many as its `across` declares labels.
[[nodiscard]] Table empty_table(Data& data, dsl::TableId id);
/// How a table is read from its own file, or from `replaced` where the command line says so: the format follows the file's name
/// where the rule file took it from there.
[[nodiscard]] dsl::ReaderOptions reader_of(const dsl::Table& declared, const std::string* replaced);
[[nodiscard]] char delimiter_of(const dsl::ReaderOptions& reader);

/// Reads every file of one table into `data.tables[table]` (its files into `data.sources`). Cells: take, alias, marks, units.
/// Reports encoding, ragged-row, bad-number, number-format and blank-cell; a ragged record is kept, its figures
/// unreadable.
/// Errors: failures as above; the table is then empty, with the parts that it declares.  Cost: linear in bytes.
void read_table(Data& data, dsl::TableId table, const LoadOptions& options, LoadReport& report);

/// After every table is read and `where` has filled `kept`: reports the constraints of columns (constraint, unknown-reference,
/// spelling), duplicate-key (and excludes the figures of all rows of that key) and missing-row. Takes back what `read_table` found
/// in cells of dropped rows; what is wrong with the form of a record (ragged-row, encoding) stays.
/// Cost: linear in rows and in the findings so far.
void check_table(Data& data, dsl::TableId table, LoadReport& report);

}  // namespace kenzan::engine
