// From a judgement to a finding: the cells, the two sides, the gap and the words for them. Only what failed comes here.
#pragma once
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "diag/findings.hpp"
#include "engine/explain/near_labels.hpp"
#include "engine/reference/reference.hpp"

namespace kenzan::engine {

inline constexpr std::size_t most_cells = 100;  ///< of a finding

/// Returns dimension and label, as a file spells it, for each dimension of the rule.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> labels_of(const Data& data, const dsl::Rule& rule,
                                                                         const Instance& instance);

/// Returns a cell as evidence, as it is after all checks: the figures of a duplicated key are unknown.
[[nodiscard]] CellEvidence evidence_of(const Data& data, const CellRef& cell, std::string role);

/// Returns the finding of one instance, whatever its verdict: `holds` and `rounding` are shown on request.
///
/// Units:    both sides and the gap in the unit of the left side; cells in the units of their columns.
/// Cells:    the deciding comparison's first, then those of `when`, then the others that `require` read; 100 at most, the rest is
///           counted. The primary cell stands on the side that is made of fewer cells: the total, not its parts. Without
///           `with_cells` the first and the primary one alone, which are all that the headline, the place and the fingerprint need,
///           nothing is counted, and there are no notes and helps.
/// Places:   `locate` fills lines and columns.
[[nodiscard]] Finding explain(const Data& data, const dsl::Rule& rule, const Instance& instance, const Judgement& judgement,
                              NearLabels& near, bool with_cells = true);

/// Returns the finding of a rule that made no instance, with the reason: no row has its dimensions, or each was ruled out.
[[nodiscard]] Finding explain_vacuous(const Data& data, const dsl::Rule& rule);

/// Pairs of texts that were reported, and look-ups shared from one instance to the next.
struct SpellingSearch {
  std::set<std::pair<std::vector<CellRef>, std::string>> seen;
  RowIndex* index = nullptr;  ///< null: none
};

/// Whether a rule compares texts by their spelling: only then is there something to find for `find_spelling`.
[[nodiscard]] bool compares_texts(const Data& data, const dsl::Rule& rule);

/// Appends a warning `spelling` for each text comparison of the instance that is false though `same` would be true: in `require`,
/// in `when`, and in the elements and `where` of aggregates. The same two texts are reported once in a search.
/// Cost: that of judging the instance with an index.
void find_spelling(const Data& data, const dsl::Rule& rule, const Instance& instance, SpellingSearch& search, Findings& findings);

}  // namespace kenzan::engine
