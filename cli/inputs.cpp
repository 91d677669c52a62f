#include "cli/inputs.hpp"

#include "cli/digest.hpp"
#include "engine/table/load.hpp"

namespace kenzan::cli {

Inputs inputs_of(const Prepared& prepared) {
  Inputs out;
  for (const dsl::RuleFile& file : prepared.program.files) out.rules.emplace(prepared.sources.path(file.source));
  for (const dsl::Table& table : prepared.program.tables) {
    for (std::string& path : engine::files_of(table, prepared.run.load)) out.data.insert(std::move(path));
  }
  return out;
}

std::vector<InputDigest> digests_of(const Prepared& prepared) {
  std::vector<InputDigest> out;
  const Inputs inputs = inputs_of(prepared);
  for (const auto* paths : {&inputs.rules, &inputs.data}) {
    for (const std::string& path : *paths) {
      if (path == "-") continue;
      if (auto digest = digest_of(prepared.root + path)) {
        out.push_back({path, paths == &inputs.rules, digest->bytes, std::move(digest->sha256)});
      }
    }
  }
  return out;
}

}  // namespace kenzan::cli
