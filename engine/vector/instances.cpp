#include "engine/vector/instances.hpp"

#include <algorithm>
#include <numeric>
#include <ranges>
#include <span>
#include <utility>

#include "engine/indexes.hpp"
#include "engine/threads.hpp"

namespace kenzan::engine {
namespace {

/// The labels and spellings that one table gives to one part of an instance: of its rows, or of an across dimension.
struct PartLabels {
  std::span<const Code> labels, spellings;
  bool across = false;
};

PartLabels labels_of(const Table& table, const dsl::InstanceSource::Part& part) {
  if (part.column) {
    const PhysicalColumn& column = table.columns[*part.column].parts[0];
    return {column.labels, column.texts.empty() ? column.labels : column.texts, false};
  }
  const ColumnData& column = table.columns[part.across_column];
  return {column.across_labels, column.across_spellings, true};
}

/// Whether all sources have the same dimensions across, each with the same labels.
bool across_alike(const std::vector<std::vector<PartLabels>>& sources) {
  return std::ranges::all_of(sources, [&](const std::vector<PartLabels>& parts) {
    for (std::size_t d = 0; d < parts.size(); ++d) {
      const PartLabels& one = sources[0][d];
      if (parts[d].across != one.across || (one.across && !std::ranges::equal(parts[d].labels, one.labels))) return false;
    }
    return true;
  });
}

/// Calls `take(at)` for each combination of the labels that parts across have, the last turning fastest: `at` holds their places.
template <class F>
void for_each_combination(const std::vector<PartLabels>& parts, F take) {
  std::vector<std::size_t> at(parts.size());
  const auto is_empty = [](const PartLabels& part) { return part.across && part.labels.empty(); };
  for (bool more = std::ranges::none_of(parts, is_empty); more;) {
    take(at);
    more = false;
    for (std::size_t d = parts.size(); d-- > 0 && !more;) {
      if (!parts[d].across) continue;
      more = ++at[d] < parts[d].labels.size();
      if (!more) at[d] = 0;
    }
  }
}

/// How many instances a row brings.
std::size_t combinations_of(const std::vector<PartLabels>& parts) {
  std::size_t out = 0;
  for_each_combination(parts, [&](const std::vector<std::size_t>&) { ++out; });
  return out;
}

/// Appends the instances of the rows. There is to be room for `all` in the end.
void add_rows(const std::vector<PartLabels>& parts, std::span<const std::uint32_t> rows, std::size_t all, unsigned threads,
              RuleVerdicts& out) {
  std::vector<std::vector<std::size_t>> combinations;
  for_each_combination(parts, [&](const std::vector<std::size_t>& at) { combinations.push_back(at); });
  const std::size_t added = rows.size() * combinations.size();
  share_out(threads, 2 * parts.size(), [&](std::size_t, std::size_t i) {
    const std::size_t d = i / 2;
    if (i % 2 == 1 && out.spelled_alike[d] != 0) return;
    const std::span<const Code> from = i % 2 == 0 ? parts[d].labels : parts[d].spellings;
    PagedVector<Code>& column = (i % 2 == 0 ? out.labels : out.spellings)[d];
    column.reserve(all);
    column.resize(out.size + added);
    Code* to = column.data() + out.size;
    if (combinations.size() == 1 && !parts[d].across) {
      for (const std::uint32_t row : rows) *to++ = from[row];
      return;
    }
    for (const std::uint32_t row : rows) {
      for (const auto& at : combinations) *to++ = from[parts[d].across ? at[d] : row];
    }
  });
  out.size += added;
}

/// Where all sources have the same labels across, a combination of the others brings all of these or, if it is known, none.
void add_alike(const dsl::Rule& rule, const std::vector<std::vector<PartLabels>>& sources, RowIndex& rows, unsigned threads,
               RuleVerdicts& out) {
  std::vector<const Index*> indexes(sources.size());
  share_out(threads, sources.size(), [&](std::size_t, std::size_t s) {
    std::vector<std::uint32_t> columns;
    for (const dsl::InstanceSource::Part& part : rule.sources[s].parts) {
      if (part.column) columns.push_back(*part.column);
    }
    indexes[s] = &rows.rows_by(rule.sources[s].table, columns);
  });
  std::vector<PagedVector<std::uint32_t>> added(sources.size());  // rows of each
  std::size_t all = 0;
  for (std::size_t s = 0; s < sources.size(); ++s) {
    const Index& index = *indexes[s];
    const std::size_t groups = index.groups().size();
    std::vector<PagedVector<std::uint32_t>> parts(threads);  // of the groups, in each of which a thread looks
    in_threads(threads, [&](std::size_t thread) {
      const std::size_t begin = groups * thread / threads, end = groups * (thread + 1) / threads;
      std::vector<std::uint32_t> last(s, absent_row), found;
      std::vector<std::size_t> unknown;      // of some groups, those that no table before has
      constexpr std::size_t together = 128;  // which mostly stand in another table as they do here
      if (s == 0) parts[thread].reserve(end - begin);
      for (std::size_t from = begin; from < end; from += together) {
        const std::size_t count = std::min(together, end - from);
        const auto has_all = [&](std::size_t b) {
          const std::uint32_t next = last[b] == absent_row ? 0 : last[b] + 1;
          const bool has = indexes[b]->groups().has_run(next, index.groups().columns(), from, count);
          if (has) last[b] = next + static_cast<std::uint32_t>(count) - 1;
          return has;
        };
        if (std::ranges::any_of(std::views::iota(std::size_t{0}, s), has_all)) continue;
        unknown.resize(count);
        std::iota(unknown.begin(), unknown.end(), from);
        for (std::size_t b = 0; b < s && !unknown.empty(); ++b) {
          indexes[b]->groups().find_all(index.groups(), unknown, last[b], found);
          std::size_t kept = 0;
          for (std::size_t k = 0; k < unknown.size(); ++k) {
            if (found[k] == absent_row) unknown[kept++] = unknown[k];
          }
          unknown.resize(kept);
        }
        for (const std::size_t group : unknown) parts[thread].push_back(index.rows(static_cast<std::uint32_t>(group)).front());
      }
    });
    added[s] = std::move(parts[0]);
    for (std::size_t t = 1; t < threads; ++t) added[s].insert(added[s].end(), parts[t].begin(), parts[t].end());
    all += added[s].size() * combinations_of(sources[s]);
  }
  for (std::size_t s = 0; s < sources.size(); ++s) add_rows(sources[s], added[s], all, threads, out);
}

void add_unlike(const Data& data, const dsl::Rule& rule, const std::vector<std::vector<PartLabels>>& sources, RuleVerdicts& out) {
  const std::size_t width = rule.by.size();
  TupleTable seen(width, data.seed);
  std::vector<Code> key(width);
  for (std::size_t s = 0; s < sources.size(); ++s) {
    const Table& table = data[rule.sources[s].table];
    const std::vector<PartLabels>& parts = sources[s];
    const bool rows_alike = std::ranges::all_of(parts, &PartLabels::across);
    for (std::uint32_t row = 0; row < table.rows; ++row) {
      data.watch.go_on(row);
      const bool blank =
          std::ranges::any_of(parts, [&](const PartLabels& p) { return !p.across && p.labels[row] == Texts::empty; });
      if (!table.kept[row] || blank) continue;
      for_each_combination(parts, [&](const std::vector<std::size_t>& at) {
        for (std::size_t d = 0; d < width; ++d) key[d] = parts[d].labels[parts[d].across ? at[d] : row];
        bool fresh = false;
        (void)seen.insert(key, fresh);
        if (!fresh) return;
        for (std::size_t d = 0; d < width; ++d) {
          out.labels[d].push_back(key[d]);
          out.spellings[d].push_back(parts[d].spellings[parts[d].across ? at[d] : row]);
        }
        ++out.size;
      });
      if (rows_alike) break;
    }
  }
}

}  // namespace

RuleVerdicts vector_instances(const Data& data, const dsl::Rule& rule, RowIndex& rows, unsigned threads) {
  RuleVerdicts out;
  out.labels.resize(rule.by.size());
  out.spellings.resize(rule.by.size());
  out.spelled_alike.resize(rule.by.size());
  if (rule.by.empty()) {
    out.size = 1;
    return out;
  }
  std::vector<std::vector<PartLabels>> sources;
  for (const dsl::InstanceSource& source : rule.sources) {
    std::vector<PartLabels>& parts = sources.emplace_back();
    for (const dsl::InstanceSource::Part& part : source.parts) parts.push_back(labels_of(data[source.table], part));
  }
  std::size_t count = 0;
  for (const dsl::InstanceSource& source : rule.sources) count += data[source.table].rows;
  constexpr std::size_t few = 10'000;  // which take no longer than to begin a thread
  if (count < few) threads = 1;
  if (across_alike(sources)) {
    share_out(threads, rule.by.size(), [&](std::size_t, std::size_t d) {
      const auto alike = [d](const std::vector<PartLabels>& parts) {
        return parts[d].labels.data() == parts[d].spellings.data() || std::ranges::equal(parts[d].labels, parts[d].spellings);
      };
      out.spelled_alike[d] = std::ranges::all_of(sources, alike) ? 1 : 0;
    });
    add_alike(rule, sources, rows, threads, out);
  } else {
    add_unlike(data, rule, sources, out);
  }
  return out;
}

}  // namespace kenzan::engine
