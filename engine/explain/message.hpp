// The words of a finding about an instance.
#pragma once
#include <optional>
#include <string>
#include <vector>

#include "engine/explain/explain.hpp"

namespace kenzan::engine {

/// What is said of: one judged instance, and what is known of its comparison.
struct Explained {
  const Data& data;
  const dsl::Rule& rule;
  const Instance& instance;
  const Judgement& judgement;
  NearLabels& near;
  Unit unit;                           ///< of the left side, and of everything shown
  std::optional<Interval> difference;  ///< left − right, figures only
  bool right_is_subject = false;       ///< the primary cell is the right side, and the left adds up its parts
  bool parts = false;
  std::optional<CellEvidence> absent_cell;  ///< the cell that the verdict `unknown` turns on
};

/// A figure for people: 1,378.9億円, 70%; a figure that is not known as its interval, "[0, ∞)億円".
[[nodiscard]] std::string shown(const FigureValue& value, const Unit& unit);
[[nodiscard]] std::string shown(const Rational& value, const Unit& unit);
[[nodiscard]] std::string shown(const Interval& values, const Unit& unit);

/// The distance of the two sides, 0 where they meet or touch.
[[nodiscard]] Rational distance(const Interval& difference);

/// The built-in message; notes and helps that go with it.
[[nodiscard]] Message default_message(const Explained& what);
void add_notes(const Explained& what, Finding& finding);

/// The rule's own message, filled in.
[[nodiscard]] std::string own_message(const Explained& what);

/// "=", "!=", "<" …
[[nodiscard]] std::string spelling_of(Relation relation);

/// The row or cell that was looked up in vain, as dimension and label.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> key_of(const Data& data, const MissedCell& missed);

/// Whether two texts differ, but are equal when folded.
[[nodiscard]] bool differ_in_spelling_only(std::string_view a, std::string_view b);

}  // namespace kenzan::engine
