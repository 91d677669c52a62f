// A relation as a rule of the language.
#pragma once
#include <set>
#include <string>

#include "engine/discover/relation.hpp"

namespace kenzan::engine {

/// Returns a name for the rule that no other has, made of the names of tables and columns, and adds it to `taken`.
[[nodiscard]] std::string rule_name(Operands& operands, const FigureRelation& relation, std::set<std::string>& taken);

/// Returns the rule, as a user would write it. Instances in which one of the operands in `missing` has no row are not made: 0 is the
/// target, n term n.
/// Spelling: tables, columns and dimensions as the rule file has them, labels as the data has them.
[[nodiscard]] std::string rule_text(Operands& operands, const FigureRelation& relation, const std::string& name,
                                    const std::vector<std::size_t>& missing);

/// Whether every label that the rule has to name can be written in it.
[[nodiscard]] bool can_be_written(Operands& operands, const FigureRelation& relation);

}  // namespace kenzan::engine
