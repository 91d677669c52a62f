// The folder that `kenzan evidence` keeps: the inputs, what was found in them, and the digests of all of it.
//
//   files/          the rule files and the data, as they were; all paths in the other files are relative to this folder
//   results.sarif   results.jsonl   what was found
//   report.html     the same for people, with all tables
//   figures.csv     every figure, with the rules that read it
//   waivers.csv     every waiver
//   manifest.json   the settings, the result, and the digest of each file above
//   statement.json  the same as a statement of in-toto, with the digest of manifest.json
#pragma once
#include <string>
#include <vector>

#include "base/result.hpp"
#include "cli/digest.hpp"
#include "cli/options.hpp"

namespace kenzan::cli {

/// Where the inputs stand in the folder.
inline constexpr const char* inputs_folder = "files/";
inline constexpr const char* manifest_name = "manifest.json";
inline constexpr const char* statement_name = "statement.json";

/// A file of the evidence: an input, relative to `inputs_folder`, or an output.
struct PackedFile {
  std::string path;
  bool rules = false;  ///< of inputs
  Digest digest;
};

/// What manifest.json says.
struct Manifest {
  std::string tool_version;
  EvidenceOptions options;  ///< without `folder` and `root`
  std::vector<PackedFile> inputs, outputs;
};

/// Runs the check on the inputs below `options.root` and writes the other files into `folder`, which exists. Returns the exit status
/// of the check; none, after saying why on standard error, where there is no evidence.
/// The same inputs and options make the same bytes.
[[nodiscard]] std::optional<int> write_pack(const EvidenceOptions& options, const std::vector<PackedFile>& inputs,
                                            const std::string& folder);

/// Reads manifest.json. The error is a sentence about it. Paths that lead out of the folder are an error.
[[nodiscard]] Result<Manifest, std::string> read_manifest(const std::string& text);

}  // namespace kenzan::cli
