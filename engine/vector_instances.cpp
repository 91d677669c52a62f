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

/// Whether all sources have the same dimensions across, each with the same labels.
bool across_alike(const std::vector<std::vector<PartLabels>>& sources) {
  return std::ranges::all_of(sources, [&](const std::vector<PartLabels>& parts) {
    for (std::size_t d = 0; d < parts.size(); ++d) {
      const PartLabels& one = sources[0][d];
      if (parts[d].across != one.across || (one.across && *parts[d].labels != *one.labels)) return false;
    }
    return true;
  });
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
  std::vector<std::vector<PartLabels>> sources;
  for (const dsl::InstanceSource& source : rule.sources) {
    std::vector<PartLabels>& parts = sources.emplace_back();
    for (const dsl::InstanceSource::Part& part : source.parts) parts.push_back(labels_of(data[source.table], part));
  }
  // Where all sources have the same labels across, a combination of the others brings all of these or, if it is known, none.
  std::vector<std::size_t> told_by;
  const bool alike = across_alike(sources);
  for (std::size_t d = 0; d < width; ++d) {
    if (!alike || !sources[0][d].across) told_by.push_back(d);
  }
  TupleTable seen(told_by.size(), seed);
  std::size_t most = 0;
  for (const dsl::InstanceSource& source : rule.sources) most = std::max(most, data[source.table].rows);
  seen.reserve(most);

  std::vector<Code> labels(width), spellings(width), key(told_by.size());
  std::vector<std::size_t> at(width);  // the label of each across part, the last turning fastest
  for (std::size_t s = 0; s < sources.size(); ++s) {
    const Table& table = data[rule.sources[s].table];
    const std::vector<PartLabels>& parts = sources[s];
    for (std::uint32_t row = 0; row < table.rows; ++row) {
      data.watch.go_on(row);
      if (!table.kept[row]) continue;
      bool more = std::ranges::all_of(
          parts, [&](const PartLabels& part) { return part.across ? !part.labels->empty() : (*part.labels)[row] != Texts::empty; });
      std::ranges::fill(at, 0);
      bool fresh = false;
      for (bool first = true; more; first = false) {
        for (std::size_t d = 0; d < width; ++d) {
          const std::size_t i = parts[d].across ? at[d] : row;
          labels[d] = (*parts[d].labels)[i];
          spellings[d] = (*parts[d].spellings)[i];
        }
        if (first || !alike) {
          for (std::size_t k = 0; k < key.size(); ++k) key[k] = labels[told_by[k]];
          (void)seen.insert(key, fresh);
        }
        if (alike && !fresh) break;
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
  out.size = out.labels[0].size();
  return out;
}

}  // namespace kenzan::engine
