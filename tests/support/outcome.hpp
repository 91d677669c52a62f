// All that a run says, as bytes to compare: with tables that are held, or read in pieces.
#pragma once
#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <string_view>

#include "dsl/program.hpp"
#include "engine/run.hpp"

namespace kenzan::test {

using Files = std::map<std::string, std::string>;  ///< bytes by path

struct CompiledRules {
  SourceMap sources;
  dsl::Program program;
};

/// Compiles rules that have no mistakes; throws std::runtime_error with what is wrong if they have.
[[nodiscard]] CompiledRules compile_rules(std::string_view text);

/// How a run reads its files.
struct Reading {
  std::size_t block = 0;  ///< bytes; 0: tables are held
  unsigned threads = 1;
  engine::OpenInput input = {};  ///< instead of the bytes in memory
  std::size_t most_records = engine::StreamOptions{}.most_records;
  bool cells = true;        ///< of the findings; otherwise only what headlines need
  bool suggestions = true;  ///< which take longer than all else where much is violated
  std::size_t together = engine::RunOptions{}.together;
};

struct Outcome {
  std::string headlines;           ///< with places and fingerprints, and the counts
  std::string said;                ///< findings as JSON and as text, why the run is incomplete, the counts
  std::set<std::string> streamed;  ///< paths of the files that were read in pieces
  Summary summary;
  std::vector<Finding> findings;
};

[[nodiscard]] Outcome outcome_of(const CompiledRules& rules, const Files& files, const Reading& reading = {},
                                 engine::Show show = engine::Show::failed);

}  // namespace kenzan::test
