// The findings of a run, however many there are.
#pragma once
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "diag/finding.hpp"
#include "diag/spool.hpp"

namespace kenzan {

/// A list of findings that holds some 40 bytes of each in memory: the rest is packed into a spool, and read back one finding at a
/// time. Reading may throw as Spool::read does.
class Findings {
 public:
  Findings() = default;
  Findings(const std::vector<Finding>& findings) {
    for (const Finding& finding : findings) push_back(finding);
  }

  void push_back(const Finding& finding);
  [[nodiscard]] std::size_t size() const { return entries_.size(); }
  [[nodiscard]] bool empty() const { return entries_.empty(); }
  /// Cost: linear in the size of the finding.
  [[nodiscard]] Finding operator[](std::size_t i) const;

  // What stands in memory.
  [[nodiscard]] Severity severity(std::size_t i) const { return entries_[i].severity; }
  [[nodiscard]] bool waived(std::size_t i) const { return entries_[i].waived; }
  void waive(std::size_t i, const WaivedBy& by);
  /// Of a finding that stands in the baseline; known is only what no waiver covers.
  void know(std::size_t i);

  /// Sorts by file, line, column, name, instance. Cost: reads the findings that share a place, twice where very many do; no memory
  /// that grows with their number but 40 bytes for each of these.
  void sort(const SourceMap& sources);
  void erase_if(const std::function<bool(const Finding&)>& drop);
  /// Leaves the first `count`.
  void truncate(std::size_t count) { entries_.resize(std::min(count, entries_.size())); }
  void clear() { entries_.clear(); }

  /// Reads one finding after the other. What it points to lives until it moves on.
  class Iterator {
   public:
    using iterator_category = std::input_iterator_tag;
    using value_type = Finding;
    using difference_type = std::ptrdiff_t;
    using pointer = const Finding*;
    using reference = const Finding&;
    Iterator() = default;
    Iterator(const Findings& of, std::size_t at) : of_(&of), at_(at) {}
    reference operator*() const {
      if (read_ != at_ + 1) now_ = (*of_)[at_], read_ = at_ + 1;
      return now_;
    }
    pointer operator->() const { return &**this; }
    Iterator& operator++() {
      ++at_;
      return *this;
    }
    Iterator operator++(int) {
      Iterator before = *this;
      ++at_;
      return before;
    }
    friend bool operator==(const Iterator& a, const Iterator& b) { return a.at_ == b.at_; }

   private:
    const Findings* of_ = nullptr;
    std::size_t at_ = 0;
    mutable std::size_t read_ = 0;  ///< which one `now_` is, from 1; 0: none
    mutable Finding now_;
  };
  [[nodiscard]] Iterator begin() const { return {*this, 0}; }
  [[nodiscard]] Iterator end() const { return {*this, entries_.size()}; }

 private:
  struct Entry {
    std::uint64_t at = 0;
    std::uint32_t size = 0;
    SourceId source;  ///< of the place that it is sorted by
    std::uint32_t begin = 0;
    std::uint32_t line = 0, column = 0;  ///< known once it was sorted; 0: not yet, or no place
    std::uint32_t waiver = 0;            ///< from 1, in `waivers_`; 0: none
    Severity severity = Severity::error;
    bool waived = false, known = false;
  };

  void sort_same_place(std::size_t begin, std::size_t end);

  std::deque<Entry> entries_;
  std::vector<WaivedBy> waivers_;  ///< each once, as they come
  Spool spool_;
  std::unordered_map<std::string, std::uint32_t> words_;  ///< texts that many findings share, by their numbers
  std::vector<std::string> spellings_;
};

}  // namespace kenzan
