#include "engine/vector_instances.hpp"

#include <algorithm>

#include "engine/indexes.hpp"

namespace kenzan::engine {
namespace {

/// The labels and spellings that one table gives to one part of an instance: of its rows, or of an across dimension.
struct PartLabels {
  const std::vector<Code>* labels = nullptr;
  const std::vector<Code>* spellings = nullptr;
  bool across = false;
};

PartLabels labels_of(const Table& table, const dsl::InstanceSource::Part& part) {
  if (part.column) {
    const PhysicalColumn& column = table.columns[*part.column].parts[0];
    return {&column.labels, &column.texts, false};
  }
  const ColumnData& column = table.columns[part.across_column];
  return {&column.across_labels, &column.across_spellings, true};
}

}  // namespace

RuleVerdicts vector_instances(const Data& data, const dsl::Rule& rule, std::uint64_t seed) {
  const std::size_t width = rule.by.size();
  RuleVerdicts out;
  out.labels.resize(width);
  out.spellings.resize(width);
  if (width == 0) {
    out.size = 1;
    return out;
  }
  TupleTable seen(width, seed);
  std::size_t most = 0;
  for (const dsl::InstanceSource& source : rule.sources) {
    std::size_t combinations = data[source.table].rows;
    for (const dsl::InstanceSource::Part& part : source.parts) {
      if (!part.column) combinations *= data[source.table].columns[part.across_column].across_labels.size();
    }
    most = std::max(most, combinations);
  }
  seen.reserve(most);
  std::vector<Code> labels(width), spellings(width);
  for (const dsl::InstanceSource& source : rule.sources) {
    const Table& table = data[source.table];
    std::vector<PartLabels> parts;
    for (const dsl::InstanceSource::Part& part : source.parts) parts.push_back(labels_of(table, part));
    std::vector<std::size_t> at(width);  // the label of each across part, the last turning fastest
    for (std::uint32_t row = 0; row < table.rows; ++row) {
      if (!table.kept[row]) continue;
      bool more = std::ranges::all_of(
          parts, [&](const PartLabels& part) { return part.across ? !part.labels->empty() : (*part.labels)[row] != Texts::empty; });
      std::ranges::fill(at, 0);
      while (more) {
        for (std::size_t d = 0; d < width; ++d) {
          const std::size_t i = parts[d].across ? at[d] : row;
          labels[d] = (*parts[d].labels)[i];
          spellings[d] = (*parts[d].spellings)[i];
        }
        bool fresh = false;
        (void)seen.insert(labels, fresh);
        for (std::size_t d = 0; fresh && d < width; ++d) {
          out.labels[d].push_back(labels[d]);
          out.spellings[d].push_back(spellings[d]);
        }
        more = false;
        for (std::size_t d = width; d-- > 0 && !more;) {
          if (!parts[d].across) continue;
          more = ++at[d] < parts[d].labels->size();
          if (!more) at[d] = 0;
        }
      }
    }
  }
  out.size = seen.size();
  return out;
}

}  // namespace kenzan::engine
