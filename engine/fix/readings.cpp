#include "engine/fix/readings.hpp"

#include <algorithm>

namespace kenzan::engine {

void Readings::read(Tables& into) {
  into.data.program = &program_;
  into.data.sources = &into.sources;
  into.data.watch = {{}, watch_.stop};
  into.data.tables.resize(program_.tables.size());
  LoadReport report;
  for (std::uint32_t i = 0; i < program_.tables.size(); ++i) read_table(into.data, dsl::TableId(i), load_, report);
}

template <class Look>
void Readings::for_each_at(const std::string& file, std::uint32_t begin, Look look) const {
  for (const Table& table : before_.data.tables) {
    for (std::uint32_t f = 0; f < table.files.size(); ++f) {
      if (identity_(std::string(before_.sources.path(table.files[f]))) != file) continue;
      const auto rows = std::ranges::equal_range(table.file, f);  // the rows of a file stand together, in its order
      const auto first = table.row_begin.begin() + (rows.begin() - table.file.begin());
      const auto behind = std::upper_bound(first, first + std::ranges::ssize(rows), begin);
      if (behind == first) continue;
      const auto row = static_cast<std::uint32_t>(behind - table.row_begin.begin()) - 1;
      for (std::uint32_t c = 0; c < table.columns.size(); ++c) {
        const dsl::Column& column = program_[table.id].columns[c];
        if (column.from_file || column.record_number) continue;
        for (std::uint32_t p = 0; p < table.columns[c].parts.size(); ++p) {
          const PhysicalColumn& cells = table.columns[c].parts[p];
          if (cells.begin[row] == begin || (cells.begin[row] < begin && begin < cells.end[row])) look(table.id, c, p, row);
        }
      }
    }
  }
}

std::optional<Message> Readings::text_at(const std::string& file, std::uint32_t begin) const {
  std::optional<Message> out;
  for_each_at(file, begin, [&](dsl::TableId id, std::uint32_t column, std::uint32_t, std::uint32_t) {
    const dsl::Table& table = program_[id];
    const bool in_key = std::ranges::find(table.key, column) != table.key.end();
    if (in_key || !table.columns[column].is_figure()) out = say(MessageId::fix_is_text, {{"table", table.spelling}});
  });
  return out;
}

std::optional<Message> Readings::objection(const std::string& file, std::uint32_t begin) const {
  std::optional<Message> out = text_at(file, begin);
  for_each_at(file, begin, [&](dsl::TableId id, std::uint32_t column, std::uint32_t part, std::uint32_t row) {
    if (out || !program_[id].columns[column].is_figure()) return;
    const FigureColumn& now = before_.data[id].columns[column].parts[part].figures;
    if (now.mark(row) == Mark::unreadable) return;
    const FigureColumn& then = after_.data[id].columns[column].parts[part].figures;
    const bool same = now.size() == then.size() && now.mark(row) == then.mark(row) && now.range(row) == then.range(row) &&
                      now.written(row) == then.written(row);
    if (!same) out = say(MessageId::fix_other_figure, {{"table", program_[id].spelling}});
  });
  return out;
}

}  // namespace kenzan::engine
