// Trees over the rows of a table, of the five kinds that the rule language declares.
#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "base/text.hpp"
#include "base/utf8.hpp"
#include "engine/data.hpp"
#include "engine/indexes.hpp"

namespace kenzan::engine {
namespace {

using Holds = std::function<bool(dsl::ExprId, std::uint32_t row)>;

/// Builds one hierarchy.
class Builder {
 public:
  Builder(const Data& data, dsl::TableId id, const dsl::Hierarchy& declared, const Holds& holds)
      : data_(data),
        texts_(data.texts),
        table_(data[id]),
        declared_(declared),
        holds_(holds),
        groups_(0, data.seed),
        nodes_(2, data.seed) {
    find_nodes((*data.program)[id]);
  }

  Hierarchy build(std::vector<std::uint32_t>& cycles) {
    out_.children.resize(table_.rows);
    switch (declared_.kind) {
      case dsl::Hierarchy::Kind::parent: by_parent(); break;
      case dsl::Hierarchy::Kind::level: by_level(); break;
      case dsl::Hierarchy::Kind::prefix: by_ancestors([this](std::string_view label) { return prefixes(label); }); break;
      case dsl::Hierarchy::Kind::path: by_ancestors([this](std::string_view label) { return paths(label); }); break;
      case dsl::Hierarchy::Kind::stated: stated(); break;
    }
    cut_cycles(cycles);
    return std::move(out_);
  }

 private:
  void find_nodes(const dsl::Table& declared) {
    std::vector<std::uint32_t> others;
    for (const std::uint32_t column : declared.key) {
      if (column != declared_.node_column) others.push_back(column);
    }
    groups_ = TupleTable(others.size(), data_.seed);
    group_.assign(table_.rows, absent_row);
    std::vector<Code> labels(others.size());
    for (std::uint32_t row = 0; row < table_.rows; ++row) {
      data_.watch.go_on(row);
      const Code node = label(row);
      if (!table_.kept[row] || table_.duplicate[row] || node == Texts::empty) continue;
      for (std::size_t i = 0; i < others.size(); ++i) labels[i] = row_label(table_.columns[others[i]], row);
      bool fresh = false;
      group_[row] = groups_.insert(labels, fresh);
      const Code tuple[] = {group_[row], node};
      nodes_.insert(tuple, fresh);
      if (fresh) node_rows_.push_back(row);  // not fresh: a key with a blank, which is no duplicate either
    }
  }

  [[nodiscard]] Code label(std::uint32_t row) const { return row_label(table_.columns[declared_.node_column], row); }
  [[nodiscard]] std::uint32_t row_of(std::uint32_t group, Code label) const {
    const Code tuple[] = {group, label};
    const std::uint32_t node = nodes_.find(tuple);
    return node == absent_row ? absent_row : node_rows_[node];
  }
  [[nodiscard]] std::uint32_t row_of(std::uint32_t group, const std::string& folded) const {
    Code code = Texts::empty;
    return texts_.find(folded, code) ? row_of(group, code) : absent_row;
  }
  void link(std::uint32_t parent, std::uint32_t child) { out_.children[parent].push_back({child, false, {}}); }

  void by_parent();
  void by_level();
  template <class Ancestors>
  void by_ancestors(Ancestors ancestors);
  [[nodiscard]] std::vector<std::string> prefixes(std::string_view label) const;
  [[nodiscard]] std::vector<std::string> paths(std::string_view label) const;
  void stated();
  void cut_cycles(std::vector<std::uint32_t>& cycles);
  [[nodiscard]] std::vector<std::uint32_t> components() const;

  const Data& data_;
  const Texts& texts_;
  const Table& table_;
  const dsl::Hierarchy& declared_;
  const Holds& holds_;
  TupleTable groups_;                     ///< labels of the other key columns
  TupleTable nodes_;                      ///< group and label
  std::vector<std::uint32_t> node_rows_;  ///< of each node
  std::vector<std::uint32_t> group_;      ///< of each row; absent_row: no node
  Hierarchy out_;
};

void Builder::by_parent() {
  for (const std::uint32_t row : node_rows_) {
    const Code parent_label = row_label(table_.columns[declared_.column], row);
    if (parent_label == Texts::empty) continue;
    const std::uint32_t parent = row_of(group_[row], parent_label);
    if (parent != absent_row) link(parent, row);
  }
}

void Builder::by_level() {
  struct Open {
    std::uint32_t row;
    Rational level;
  };
  std::vector<std::vector<Open>> open(groups_.size());  // the path from the root to the last node of each group
  const FigureColumn& levels = table_.columns[declared_.column].parts[0].figures;
  for (const std::uint32_t row : node_rows_) {
    if (!levels.known(row)) continue;
    Rational level = levels.written(row);
    std::vector<Open>& path = open[group_[row]];
    while (!path.empty() && path.back().level >= level) path.pop_back();
    if (!path.empty()) link(path.back().row, row);
    path.push_back({row, std::move(level)});
  }
}

template <class Ancestors>
void Builder::by_ancestors(Ancestors ancestors) {
  for (const std::uint32_t row : node_rows_) {
    for (const std::string& ancestor : ancestors(texts_.text(label(row)))) {
      const std::uint32_t parent = row_of(group_[row], ancestor);
      if (parent == absent_row || parent == row) continue;
      link(parent, row);
      break;
    }
  }
}

/// The prefixes of the listed lengths (in code points) that are shorter than the label, longest first.
std::vector<std::string> Builder::prefixes(std::string_view label) const {
  std::vector<std::uint32_t> lengths = declared_.lengths;
  std::ranges::sort(lengths);
  std::vector<std::string> out;
  std::size_t at = 0;
  std::uint32_t length = 0;
  for (const std::uint32_t wanted : lengths) {
    while (length < wanted && at < label.size()) at += code_point_at(label, at).length, ++length;
    if (at >= label.size()) break;
    if (at > 0) out.push_back(fold(label.substr(0, at)));
  }
  std::ranges::reverse(out);
  return out;
}

/// What stands before each separator, longest first. Blanks around separators do not count. A label of more than a few hundred
/// parts is no path.
std::vector<std::string> Builder::paths(std::string_view label) const {
  constexpr std::size_t deepest = 256;
  std::string separator = fold(declared_.separator);
  if (separator.empty()) separator.assign(1, ' ');
  std::vector<std::string> out;
  for (std::size_t at = label.find(separator); at != std::string_view::npos; at = label.find(separator, at + separator.size())) {
    if (out.size() == deepest) return {};
    if (std::string ancestor = fold(label.substr(0, at)); !ancestor.empty()) out.push_back(std::move(ancestor));
  }
  std::ranges::reverse(out);
  return out;
}

void Builder::stated() {
  std::unordered_set<std::string_view> totals;
  for (const dsl::Hierarchy::Total& total : declared_.totals) totals.insert(total.label);
  const bool any_others = std::ranges::any_of(declared_.totals, [](const dsl::Hierarchy::Total& total) {
    return std::ranges::any_of(total.parts, &dsl::HierarchyPart::others);
  });
  std::vector<std::vector<std::uint32_t>> candidates(groups_.size());
  if (any_others) {
    for (const std::uint32_t row : node_rows_) {
      if (!totals.contains(texts_.text(label(row)))) candidates[group_[row]].push_back(row);
    }
  }
  for (const dsl::Hierarchy::Total& total : declared_.totals) {
    std::unordered_set<std::string_view> named;  // parts of this total, which are not among its others
    for (const dsl::HierarchyPart& part : total.parts) {
      if (!part.others) named.insert(part.label);
    }
    for (std::uint32_t group = 0; group < groups_.size(); ++group) {
      const std::uint32_t row = row_of(group, total.label);
      if (row == absent_row) continue;
      for (const dsl::HierarchyPart& part : total.parts) {
        if (part.when.valid() && !holds_(part.when, row)) continue;
        if (part.others) {
          for (const std::uint32_t other : candidates[group]) {
            if (!named.contains(texts_.text(label(other)))) out_.children[row].push_back({other, part.negative, {}});
          }
          continue;
        }
        const std::uint32_t child = row_of(group, part.label);
        if (child == absent_row) {
          out_.children[row].push_back({Child::none, part.negative, part.spelling});
        } else {
          out_.children[row].push_back({child, part.negative, part.spelling});
        }
      }
    }
  }
}

/// Takes away the links between nodes that are ancestors of each other.
void Builder::cut_cycles(std::vector<std::uint32_t>& cycles) {
  if (declared_.kind != dsl::Hierarchy::Kind::parent && declared_.kind != dsl::Hierarchy::Kind::stated) return;  // they have none
  const std::vector<std::uint32_t> component = components();
  for (std::uint32_t row = 0; row < out_.children.size(); ++row) {
    std::erase_if(out_.children[row], [&](const Child& child) {
      if (child.row == Child::none || component[child.row] != component[row]) return false;
      cycles.push_back(child.row);
      return true;
    });
  }
}

/// The strongly connected component of each row, by Tarjan's algorithm with its own stack.
std::vector<std::uint32_t> Builder::components() const {
  const std::size_t rows = out_.children.size();
  std::vector<std::uint32_t> order(rows, 0), low(rows, 0), component(rows, absent_row), pending;
  struct Visit {
    std::uint32_t row;
    std::size_t next_child;
  };
  std::vector<Visit> visits;
  std::uint32_t clock = 0, count = 0;
  const auto enter = [&](std::uint32_t row) {
    order[row] = low[row] = ++clock;
    pending.push_back(row);
    visits.push_back({row, 0});
  };
  for (std::uint32_t start = 0; start < rows; ++start) {
    if (order[start] != 0) continue;
    enter(start);
    while (!visits.empty()) {
      const std::uint32_t row = visits.back().row;
      if (visits.back().next_child < out_.children[row].size()) {
        const std::uint32_t child = out_.children[row][visits.back().next_child++].row;
        if (child == Child::none) continue;
        if (order[child] == 0) {
          enter(child);
        } else if (component[child] == absent_row) {
          low[row] = std::min(low[row], order[child]);
        }
        continue;
      }
      if (low[row] == order[row]) {
        std::uint32_t member = absent_row;
        do {
          member = pending.back();
          pending.pop_back();
          component[member] = count;
        } while (member != row);
        ++count;
      }
      visits.pop_back();
      if (!visits.empty()) low[visits.back().row] = std::min(low[visits.back().row], low[row]);
    }
  }
  return component;
}

}  // namespace

std::vector<Hierarchy> build_hierarchies(const Data& data, dsl::TableId table, const Holds& holds,
                                         std::vector<std::uint32_t>& cycles) {
  std::vector<Hierarchy> out;
  for (const dsl::Hierarchy& declared : (*data.program)[table].hierarchies) {
    out.push_back(Builder(data, table, declared, holds).build(cycles));
  }
  std::ranges::sort(cycles);
  cycles.erase(std::ranges::unique(cycles).begin(), cycles.end());
  return out;
}

}  // namespace kenzan::engine
