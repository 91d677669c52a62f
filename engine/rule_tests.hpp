// `test` blocks: the files with some cells written otherwise, and whether the rules then say what is expected.
#pragma once
#include <functional>
#include <string>
#include <vector>

#include "engine/run.hpp"

namespace kenzan::engine {

struct TestOutcome {
  const dsl::Test* test = nullptr;
  bool incomplete = false;           ///< a file could not be read
  std::vector<Diagnostic> failures;  ///< expectations that were not met, cells that are not there; files that cannot be read
  std::vector<Diagnostic> warnings;  ///< expectations of a mistake that is there whether or not the cells are changed
};

/// Runs every test of the program, in order, and hands each outcome on when it is known. Each test reads the files anew, with the
/// cells that it sets changed, and judges the rules that it names; no test sees another's changes, and no file is written.
///
/// An expectation of a verdict is met by one instance that has it; `holds` by all, of which there must be one. One of a code is met
/// by one finding. A waived finding is a finding.
/// Errors: of a test, in its outcome. Throws Stopped where `options.watch` says so.
/// Cost: reads the tables of all tests once, and for each test those of its rules again.
void run_tests(SourceMap& sources, const dsl::Program& program, const RunOptions& options,
               const std::function<void(const TestOutcome&)>& done);

}  // namespace kenzan::engine
