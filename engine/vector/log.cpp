#include "engine/vector/log.hpp"

namespace kenzan::engine {
namespace {

std::vector<std::uint8_t> active_inside(const ReadLog& log, const std::vector<std::uint8_t>& outside) {
  std::vector<std::uint8_t> active(log.size);
  switch (log.kind) {
    case ReadLog::Kind::chosen:
      for (std::size_t i = 0; i < log.size; ++i) active[i] = outside[i] && (log.mask.empty() || log.mask[i]);
      break;
    case ReadLog::Kind::units:
      for (std::size_t i = 0; i < outside.size(); ++i) active[(*log.map)[i]] |= outside[i];
      break;
    case ReadLog::Kind::elements:
      for (std::size_t e = 0; e < log.size; ++e) active[e] = outside[(*log.map)[e]];
      break;
  }
  return active;
}

}  // namespace

ReadLog& ReadLog::add(Kind inner_kind, std::size_t inner_size, SharedRows inner_map) {
  ReadLog& log = *inner.emplace_back(std::make_unique<ReadLog>());
  log.kind = inner_kind;
  log.size = inner_size;
  log.map = std::move(inner_map);
  return log;
}

void mark(const ReadLog& log, const std::vector<std::uint8_t>& outside, CheckedFigures& checked) {
  if (log.cells.empty() && log.inner.empty()) return;
  const std::vector<std::uint8_t> active = active_inside(log, outside);
  for (const ReadLog::Cells& cells : log.cells) {
    for (std::size_t i = 0; i < log.size; ++i) {
      if (!active[i]) continue;
      const std::uint32_t row = (*cells.rows)[i];
      const std::uint32_t part = cells.parts ? (*cells.parts)[i] : 0;
      if (row != absent_row && part != absent_row) checked.mark(cells.table, cells.column, part, row);
    }
  }
  for (const auto& inside : log.inner) mark(*inside, active, checked);
}

}  // namespace kenzan::engine
