// Text of a rule file → parse tree. The only door to the grammar.
#pragma once
#include "diag/message.hpp"
#include "dsl/tree.hpp"

namespace kenzan::dsl {

/// Parses a whole rule file. Every mistake is reported in `diagnostics`; a declaration with one is skipped and hides no mistake of
/// the next. Nesting, length and number of tokens are bounded (message `nested_too_deep` …). Cost: linear in the text.
[[nodiscard]] tree::File parse(const SourceMap& sources, SourceId source, Diagnostics& diagnostics);

/// Parses one literal as a rule file would write it (for `--set`): a number with unit, "text", a date, or else a bare text.
/// The result is in `file.exprs`; nothing if `text` is not one literal.
[[nodiscard]] std::optional<tree::ExprId> parse_literal(const SourceMap& sources, SourceId source, tree::File& file,
                                                        Diagnostics& diagnostics);

}  // namespace kenzan::dsl
