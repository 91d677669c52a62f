// Evidence in words: instances as the language writes them, intervals, what a cell says, where a finding points.
#pragma once
#include <string>

#include "diag/finding.hpp"

namespace kenzan {

/// A label as the language writes it: as it is where it is a name or an integer, otherwise quoted.
[[nodiscard]] std::string label_text(std::string_view label);
/// A name of a table, a column or a dimension as the language writes it: as it is, or in 「」.
[[nodiscard]] std::string name_text(std::string_view name);

/// `[section: 3, period: R6]`; empty for an instance without labels. Labels that are no name or integer are quoted.
[[nodiscard]] std::string instance_text(const std::vector<std::pair<std::string, std::string>>& instance);

/// An exact decimal or fraction for people: thousands grouped, long expansions cut with … . Anything else is returned as it is.
[[nodiscard]] std::string number_text(std::string_view exact);

/// `13.35 to 13.45`, `exactly 5`, `at least 0`; each number is followed by `unit`.
[[nodiscard]] std::string interval_text(std::string_view low, std::string_view high, std::string_view unit, Language language);

/// What a cell stands for: its interval or mark; empty for a cell that is no figure.
[[nodiscard]] std::string cell_note(const CellEvidence& cell, Language language);

/// What a cell beside the primary one says where its line is not shown: `right: 13.4 (13.35 to 13.45)`, on one line.
[[nodiscard]] std::string related_note(const CellEvidence& cell, Language language);

/// The note of the primary cell: its own, and what the other side of the comparison comes to.
[[nodiscard]] std::string primary_note(const Finding& finding, Language language);

/// The rule's own message, or the built-in one.
[[nodiscard]] std::string message_text(const Finding& finding, Language language);

/// `title: [instance] message`, on one line, harmless to a terminal.
[[nodiscard]] std::string headline(const Finding& finding, Language language);

/// How many findings are not shown here: `3 more findings`.
[[nodiscard]] std::string more_findings_text(std::size_t count, Language language);

/// `table.field[section: 3]`.
[[nodiscard]] std::string name_of(const CellEvidence& cell);

/// The rule's name, or the code of a built-in check.
[[nodiscard]] const std::string& name_of(const Finding& finding);
/// "error", "warning", "info", or "waived".
[[nodiscard]] std::string_view grade_of(const Finding& finding);
/// Who waived it, until when and why; "" if no one did.
[[nodiscard]] std::string waiver_text(const Finding& finding, Language language);

/// Where the finding points: its primary cell, else its place, else its rule. Invalid if it has none of them.
[[nodiscard]] Span place_of(const Finding& finding);

}  // namespace kenzan
