// Checks of whole tables: keys that occur twice, rows that `complete` asks for.
#include <algorithm>
#include <map>
#include <unordered_map>

#include "engine/indexes.hpp"
#include "engine/table/cell_finding.hpp"
#include "engine/table/constraints.hpp"
#include "engine/table/load.hpp"

namespace kenzan::engine {
namespace {

class TableCheck {
 public:
  TableCheck(Data& data, dsl::TableId id, LoadReport& report)
      : data_(data), id_(id), declared_((*data.program)[id]), table_(data.tables[id.index()]), report_(report) {}

  void forget_dropped_rows();
  void duplicates();
  void complete(const std::vector<std::uint32_t>& columns);

 private:
  void one_row();
  void duplicate(std::uint32_t row, std::uint32_t first);
  void exclude_duplicates();
  bool key_labels(std::uint32_t row, std::vector<Code>& labels) const;
  [[nodiscard]] CellPlace key_cell(std::uint32_t row) const;
  [[nodiscard]] std::uint32_t line_of(std::uint32_t row) const {
    return data_.sources->position(table_.files[table_.file[row]], table_.row_begin[row]).line;
  }
  [[nodiscard]] Span record(std::uint32_t row) const {
    return {table_.files[table_.file[row]], table_.row_begin[row], table_.row_end[row]};
  }
  [[nodiscard]] bool is_dropped(std::uint32_t file, std::uint32_t offset) const;

  Data& data_;
  dsl::TableId id_;
  const dsl::Table& declared_;
  Table& table_;
  LoadReport& report_;
};

/// Takes back what was found in cells of rows that `where` has dropped: notes and subtotals are often no figures. What is wrong
/// with the form of a record stays, because it may be why the row was dropped.
void TableCheck::forget_dropped_rows() {
  if (std::ranges::find(table_.kept, false) == table_.kept.end()) return;
  std::map<SourceId, std::uint32_t> files;
  for (std::uint32_t i = 0; i < table_.files.size(); ++i) files.emplace(table_.files[i], i);
  report_.findings.erase_if([&](const Finding& finding) {
    if (finding.code == "ragged-row" || finding.code == "encoding") return false;
    const auto file = files.find(finding.place.source);
    return file != files.end() && is_dropped(file->second, finding.place.begin);
  });
}

/// Whether the row that holds an offset of a file is dropped.
bool TableCheck::is_dropped(std::uint32_t file, std::uint32_t offset) const {
  const auto [first, last] = std::ranges::equal_range(table_.file, file);  // the rows of a file stand together
  const auto begins = table_.row_begin.begin();
  const auto from = begins + (first - table_.file.begin()), to = begins + (last - table_.file.begin());
  const auto behind = std::upper_bound(from, to, offset);
  return behind != from && !table_.kept[static_cast<std::size_t>(behind - begins) - 1];
}

/// The labels of the row's key; false where one is blank that may not be: the row is then no row of any key.
bool TableCheck::key_labels(std::uint32_t row, std::vector<Code>& labels) const {
  labels.clear();
  for (const std::uint32_t column : declared_.key) {
    const Code label = table_.columns[column].parts[0].labels[row];
    const dsl::Column& key = declared_.columns[column];
    if (label == Texts::empty && !(key.type == dsl::ColumnType::text && key.optional) && !key.from_file) return false;
    labels.push_back(label);
  }
  return true;
}

/// The cell of the key to point at: the first that stands in the file.
CellPlace TableCheck::key_cell(std::uint32_t row) const {
  for (const std::uint32_t column : declared_.key) {
    if (!declared_.columns[column].from_file && !declared_.columns[column].record_number) return {column, 0, row};
  }
  return {declared_.key.front(), 0, row};
}

void TableCheck::duplicates() {
  if (declared_.key.empty()) {
    one_row();
  } else {
    TupleTable keys(declared_.key.size(), data_.seed);
    std::vector<std::uint32_t> first;
    std::vector<Code> labels;
    for (std::uint32_t row = 0; row < table_.rows; ++row) {
      data_.watch.go_on(row);
      if (!table_.kept[row] || !key_labels(row, labels)) continue;
      bool fresh = false;
      const std::uint32_t number = keys.insert(labels, fresh);
      if (fresh) {
        first.push_back(row);
      } else {
        duplicate(row, first[number]);
      }
    }
  }
  exclude_duplicates();
}

void TableCheck::one_row() {
  std::uint32_t first = absent_row, second = absent_row;
  for (std::uint32_t row = 0; row < table_.rows; ++row) {
    data_.watch.go_on(row);
    if (!table_.kept[row]) continue;
    if (first == absent_row) {
      first = row;
      continue;
    }
    if (second == absent_row) second = row;
    table_.duplicate[row] = table_.duplicate[first] = true;
  }
  if (second == absent_row) return;
  const auto rows = std::ranges::count(table_.kept, true);
  Finding finding =
      record_finding(data_, id_, second, record(second), "duplicate-key",
                     say(MessageId::more_than_one_row, {{"table", declared_.spelling}, {"count", std::to_string(rows)}}));
  finding.helps.push_back(say(MessageId::more_than_one_row_help));
  report_.findings.push_back(std::move(finding));
}

void TableCheck::duplicate(std::uint32_t row, std::uint32_t first) {
  table_.duplicate[row] = table_.duplicate[first] = true;
  const std::string line = std::to_string(line_of(first));
  Finding finding = cell_finding(data_, id_, key_cell(row), "duplicate-key",
                                 say(MessageId::duplicate_key, {{"key", key_text(key_of_row(data_, id_, row))}, {"line", line}}));
  finding.cells.push_back(evidence_of(data_, id_, key_cell(first), "key"));
  finding.notes.push_back(say(MessageId::duplicate_key_note));
  report_.findings.push_back(std::move(finding));
}

void TableCheck::exclude_duplicates() {
  for (std::uint32_t column = 0; column < declared_.columns.size(); ++column) {
    const bool in_key = std::ranges::find(declared_.key, column) != declared_.key.end();
    if (!declared_.columns[column].is_figure() || in_key) continue;
    for (PhysicalColumn& part : table_.columns[column].parts) {
      for (std::uint32_t row = 0; row < table_.rows; ++row) {
        if (table_.duplicate[row]) part.figures.exclude(row);
      }
    }
  }
}

/// Reports each combination of the labels found in `columns` that no kept row has. Beyond a number of them the rest is counted in
/// one finding, so that the cost is linear in rows however many labels meet.
void TableCheck::complete(const std::vector<std::uint32_t>& columns) {
  constexpr std::size_t most = 1000;
  struct Dimension {
    std::string name;
    std::vector<Code> labels;         // in order of appearance
    std::vector<std::uint32_t> rows;  // where each appears first
  };
  std::vector<Dimension> dimensions;
  for (const std::uint32_t column : columns) {
    const dsl::Column& declared = declared_.columns[column];
    Dimension& dimension = dimensions.emplace_back();
    dimension.name = declared.dim ? (*data_.program)[*declared.dim].name : declared.spelling;
    std::unordered_map<Code, bool> seen;
    for (std::uint32_t row = 0; row < table_.rows; ++row) {
      data_.watch.go_on(row);
      const Code label = table_.columns[column].parts[0].labels[row];
      if (!table_.kept[row] || label == Texts::empty || !seen.emplace(label, true).second) continue;
      dimension.labels.push_back(label);
      dimension.rows.push_back(row);
    }
    if (dimension.labels.empty()) return;
  }
  TupleTable present(columns.size(), data_.seed);
  std::vector<Code> labels(columns.size());
  for (std::uint32_t row = 0; row < table_.rows; ++row) {
    data_.watch.go_on(row);
    for (std::size_t d = 0; d < columns.size(); ++d) labels[d] = table_.columns[columns[d]].parts[0].labels[row];
    bool fresh = false;
    if (table_.kept[row] && std::ranges::find(labels, Texts::empty) == labels.end()) present.insert(labels, fresh);
  }
  Integer missing = 1;
  for (const Dimension& dimension : dimensions) missing *= dimension.labels.size();
  missing -= present.size();

  std::vector<std::size_t> at(columns.size(), 0);
  for (std::size_t reported = 0; missing > 0 && reported < most;) {
    for (std::size_t d = 0; d < columns.size(); ++d) labels[d] = dimensions[d].labels[at[d]];
    if (present.find(labels) == absent_row) {
      KeyPairs key;
      SourceId file = table_.files.front();
      for (std::size_t d = 0; d < columns.size(); ++d) {
        const std::uint32_t row = dimensions[d].rows[at[d]];
        key.emplace_back(dimensions[d].name, data_.texts.text(table_.columns[columns[d]].parts[0].text(row)));
        if (declared_.columns[columns[d]].from_file) file = table_.files[table_.file[row]];
      }
      Message message = say(MessageId::missing_row, {{"key", key_text(key)}, {"table", declared_.spelling}});
      report_.findings.push_back(absent_finding(data_, id_, std::move(key), file, "missing-row", std::move(message)));
      ++reported;
      missing -= 1;
    }
    std::size_t d = columns.size();
    while (d > 0 && ++at[d - 1] == dimensions[d - 1].labels.size()) at[--d] = 0;
  }
  if (missing <= 0) return;
  report_.findings.push_back(
      absent_finding(data_, id_, {}, table_.files.front(), "missing-row",
                     say(MessageId::more_missing_rows, {{"count", missing.str()}, {"table", declared_.spelling}})));
}

}  // namespace

void check_table(Data& data, dsl::TableId id, LoadReport& report) {
  if (data[id].files.empty()) return;
  TableCheck check(data, id, report);
  check.forget_dropped_rows();
  check_constraints(data, id, report);
  check.duplicates();
  for (const std::vector<std::uint32_t>& group : (*data.program)[id].complete) check.complete(group);
}

}  // namespace kenzan::engine
