// What can be put right in the data files: numbers written oddly, and what may have been meant in a cell that a rule finds wrong.
#pragma once
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "engine/fix/edits.hpp"
#include "engine/run.hpp"

namespace kenzan::engine {

struct FixOptions {
  RunOptions run;                ///< its files are read whole
  bool unsafe = false;           ///< also what may have been meant: the figure becomes another
  std::set<std::string> select;  ///< only what is found by these rules, tags or codes; all are judged
  /// The same for all paths that lead to one file.
  std::function<std::string(const std::string& path)> identity;
};

/// Another text in a cell.
struct Change {
  std::string rule, code;  ///< of the finding, as there
  Suggestion suggestion;   ///< its cell stands in `Fix::sources`, as it was read
};

/// A suggestion that is not followed, and why.
struct LeftAlone {
  Span place;
  Message message;
};

/// A file with changes.
struct FixedFile {
  std::string path;             ///< as a message shows it
  std::string before, after;    ///< its bytes
  std::vector<Change> changes;  ///< sorted by place
  std::vector<Edit> edits;      ///< the bytes of each change
};

struct Fix {
  SourceMap sources;             ///< the files as they were read
  std::vector<FixedFile> files;  ///< sorted by path
  std::vector<LeftAlone> left;   ///< sorted by place
  std::size_t for_unsafe = 0;    ///< cells of which `unsafe` would try what may have been meant
  std::size_t not_tried = 0;     ///< there may be more, after so many
  bool complete = true, interrupted = false;
  std::vector<Diagnostic> failures;  ///< why the run is incomplete; then nothing else is there
};

/// Finds the changes that can be made without harm.
///
/// Safe:    the suggestions of built-in checks about the spelling of a number. All tables that read the cell read it as the same figure
///          afterwards, none as a text, and no rule or check finds more than before: one that is read for the first time may show that it
///          was not meant.
/// Unsafe:  the first suggestion of a violated instance, where no other explains it as well. After each, everything is judged again: it
///          stays only if fewer instances are violated and nothing new is found. What is suggested then is tried next.
/// Waived and known findings are left as they are.
/// Errors:  an incomplete run changes nothing. No file is written.
/// Cost:    a run for each unsafe change that is tried, a hundred at most; all tables are held.
[[nodiscard]] Fix find_fixes(const SourceMap& sources, const dsl::Program& program, const FixOptions& options);

}  // namespace kenzan::engine
