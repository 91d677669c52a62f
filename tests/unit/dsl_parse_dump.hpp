// A parse tree as one line of text, for tests: expressions as (operator operand …), numbers as written.
#pragma once
#include <string>

#include "dsl/parse.hpp"

namespace kenzan::test {

/// A text parsed, with what was said about it.
struct Parsed {
  SourceMap sources;
  Diagnostics diagnostics;
  dsl::tree::File file;

  explicit Parsed(std::string text) { file = dsl::parse(sources, sources.add("t.kz", std::move(text)), diagnostics); }

  /// Every diagnostic as `line:column: message`, its helps behind `; `, one a line; empty if there is none.
  [[nodiscard]] std::string said() const;
};

/// The expression of `rule r { require TEXT }`, or what was said about it.
[[nodiscard]] std::string expression(const std::string& text);

/// `(= (- totals.amount[R6] totals.amount[R5]) 約749.7億円)`
[[nodiscard]] std::string dump(const dsl::tree::File& file, dsl::tree::ExprId id);

/// A declaration with its clauses in a fixed order, `name:type clause(…) …`.
[[nodiscard]] std::string dump(const dsl::tree::File& file, const dsl::tree::Column& column);
[[nodiscard]] std::string dump(const dsl::tree::File& file, const dsl::tree::Hierarchy& hierarchy);

/// A table without its columns and hierarchies.
[[nodiscard]] std::string dump_clauses(const dsl::tree::File& file, const dsl::tree::Table& table);

[[nodiscard]] std::string dump(const dsl::tree::File& file, const dsl::tree::Rule& rule);

}  // namespace kenzan::test
