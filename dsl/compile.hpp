// Rule files → typed program: reads the files and what they `use`, parses, resolves names, types and units.
#pragma once
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "dsl/program.hpp"

namespace kenzan::dsl {

struct CompileOptions {
  std::vector<std::string> paths;                                                 ///< rule files, in the order to report them
  std::function<Result<std::string, std::string>(const std::string& path)> read;  ///< bytes, or why not
  std::map<std::string, std::string> params;                                      ///< --set: name → literal
};

struct Compiled {
  Program program;
  std::vector<std::string> unreadable;  ///< "PATH: reason", for files of `paths` that could not be read
};

/// Compiles rule files. Every mistake of every file is added to `diagnostics`, with warnings for what is surely not meant; the
/// program is only to be run if there are no errors.
/// Cost: linear in the text after inlining, which is bounded (message `program_too_large`).
[[nodiscard]] Compiled compile(SourceMap& sources, const CompileOptions& options, Diagnostics& diagnostics);

}  // namespace kenzan::dsl
