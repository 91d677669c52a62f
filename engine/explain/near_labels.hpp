// The label that was meant where one was looked up in vain.
#pragma once
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "engine/reference/reference.hpp"

namespace kenzan::engine {

/// Searches that share the labels of a column, and the answer for a label that is asked for again. Several threads may ask.
class NearLabels {
 public:
  explicit NearLabels(const Data& data) : data_(data) {}

  /// The label meant, if the one looked up is a slip of the pen; none where the column has more than 1,000, of which one is always
  /// near, and none for a number.
  /// Cost: linear in the rows for the first label of a column; then in its labels, unless it is the same as before.
  [[nodiscard]] std::optional<std::string> find(const MissedCell& missed);

 private:
  static constexpr std::size_t most = 1000;
  struct Column {
    std::vector<std::string> labels;  ///< in the order of the rows; one more than `most` where there are more
    std::string wanted;               ///< what was asked for last
    bool there = true;                ///< the column has it
    std::optional<std::string> near;
  };
  [[nodiscard]] Column read(dsl::TableId table, std::uint32_t column) const;

  const Data& data_;
  std::mutex mutex_;
  std::map<std::pair<dsl::TableId, std::uint32_t>, Column> columns_;
};

}  // namespace kenzan::engine
