// `kenzan evidence`: keeps what was checked and how it came out, and checks what was kept.
#include "cli/evidence.hpp"

#include <stdlib.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "cli/files.hpp"
#include "cli/inputs.hpp"
#include "cli/pack.hpp"
#include "cli/prepare.hpp"
#include "diag/visible.hpp"

namespace kenzan::cli {
namespace {

namespace fs = std::filesystem;

/// A folder that is removed with all that is in it, unless it was given its place.
class Scratch {
 public:
  explicit Scratch(std::string path) : path_(std::move(path)) {}
  ~Scratch() {
    std::error_code ignored;
    if (!path_.empty()) fs::remove_all(path_, ignored);
  }
  Scratch(const Scratch&) = delete;
  Scratch& operator=(const Scratch&) = delete;
  [[nodiscard]] const std::string& path() const { return path_; }
  void keep() { path_.clear(); }

 private:
  std::string path_;
};

int fail(const std::string& what) {
  tell("kenzan: " + what + "\n");
  return 2;
}

/// The folder that everything stands in: this one if it can be, else the deepest. The rest of a path below it is its place in the
/// evidence, so that rule files find their tables there, too.
fs::path common_folder(const Inputs& inputs) {
  const fs::path here = fs::current_path();
  fs::path common = here;
  for (const auto* paths : {&inputs.rules, &inputs.data}) {
    for (const std::string& path : *paths) {
      const fs::path normal = (here / path).lexically_normal();
      const auto [end, unused] = std::ranges::mismatch(common, normal);
      fs::path shared;
      for (auto part = common.begin(); part != end; ++part) shared /= *part;
      common = shared;
    }
  }
  return common;
}

int build(const EvidenceOptions& options) {
  std::error_code error;
  if (fs::exists(fs::symlink_status(options.folder, error)))
    return fail("`" + options.folder + "` is there already: evidence is not written over; name another folder");
  const std::unique_ptr<Prepared> prepared = prepare(options);
  if (!prepared) return 2;
  Inputs inputs = inputs_of(*prepared);
  if (!options.baseline.empty()) inputs.data.insert(options.baseline);
  if (inputs.rules.contains("-") || inputs.data.contains("-"))
    return fail("standard input (-) cannot be kept as evidence: write it to a file first");
  const fs::path common = common_folder(inputs);
  const auto place = [&](const std::string& path) {
    return (fs::current_path() / path).lexically_normal().lexically_relative(common).generic_string();
  };

  Scratch scratch(options.folder + ".part" + std::to_string(::getpid()));
  std::vector<PackedFile> packed;
  for (const auto* paths : {&inputs.rules, &inputs.data}) {
    for (const std::string& path : *paths) {
      const std::string copy = scratch.path() + "/" + inputs_folder + place(path);
      fs::create_directories(fs::path(copy).parent_path(), error);
      if (error) return fail("cannot make `" + fs::path(copy).parent_path().generic_string() + "`: " + error.message());
      const auto digest = digest_of(path, copy);
      if (!digest) return fail("cannot keep `" + path + "` as evidence: " + digest.error());
      packed.push_back({place(path), paths == &inputs.rules, *digest});
    }
  }

  // What is checked is what was kept: a file that changes meanwhile makes no difference.
  EvidenceOptions kept = options;
  kept.root = scratch.path() + "/" + inputs_folder;
  kept.rules.clear();
  for (const std::string& path : prepared->rules) kept.rules.push_back(place(path));
  for (auto& [name, path] : kept.data) path = place(path);
  if (!kept.baseline.empty()) kept.baseline = place(kept.baseline);
  const std::optional<int> status = write_pack(kept, packed, scratch.path());
  if (!status) return 2;
  fs::rename(scratch.path(), options.folder, error);
  if (error) return fail("cannot make `" + options.folder + "`: " + error.message());
  scratch.keep();
  tell(options.folder + ": " + std::to_string(packed.size()) + " inputs kept; `kenzan evidence verify " + options.folder +
       "` checks them again\n");
  return *status;
}

/// Where two files begin to differ: "line 3"; "" if they do not.
std::string difference(const std::string& a, const std::string& b) {
  const auto first = read_file(a), second = read_file(b);
  if (!first || !second) return "it cannot be read: " + (first ? second.error() : first.error());
  if (*first == *second) return {};
  const auto at = std::ranges::mismatch(*first, *second).in1 - first->begin();
  return "line " + std::to_string(1 + std::count(first->begin(), first->begin() + at, '\n'));
}

int differs(const std::string& what) {
  tell("kenzan: " + what + "\n");
  return 1;
}

int verify(const EvidenceOptions& options) {
  const std::string folder = options.folder + "/";
  const auto text = read_file(folder + manifest_name);
  if (!text) return fail("cannot read `" + folder + manifest_name + "`: " + text.error());
  const auto manifest = read_manifest(*text);
  if (!manifest) return differs("`" + folder + manifest_name + "` is no manifest that kenzan wrote: " + manifest.error());

  std::set<std::string> known = {manifest_name, statement_name};
  for (const auto* files : {&manifest->inputs, &manifest->outputs}) {
    for (const PackedFile& file : *files) {
      const std::string path = (files == &manifest->inputs ? inputs_folder : "") + file.path;
      known.insert(path);
      const auto digest = digest_of(folder + path);
      if (!digest) return differs("`" + folder + path + "` cannot be read: " + digest.error());
      if (*digest != file.digest)
        return differs("`" + folder + path + "` has changed: its SHA-256 is " + digest->sha256 + ", but " + manifest_name +
                       " says " + file.digest.sha256);
    }
  }
  std::error_code error;
  for (fs::recursive_directory_iterator at(options.folder, error), end; !error && at != end; at.increment(error)) {
    if (at->is_directory(error)) continue;
    const std::string path = at->path().lexically_relative(options.folder).generic_string();
    if (!known.contains(path)) return differs("`" + folder + path + "` was not there when the evidence was built");
  }
  if (manifest->tool_version != KENZAN_VERSION)
    return fail("the digests agree, but kenzan " + visible(manifest->tool_version) +
                " made this evidence: that version is needed to repeat the check, this is " KENZAN_VERSION);

  std::string pattern = (fs::temp_directory_path(error) / "kenzan-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) return fail("cannot make a temporary folder `" + pattern + "`");
  const Scratch scratch(pattern);
  EvidenceOptions again = manifest->options;
  again.root = folder + inputs_folder;
  again.color = options.color;
  const std::optional<int> status = write_pack(again, manifest->inputs, scratch.path());
  if (!status) return differs("the check of `" + options.folder + "` cannot be repeated");
  std::vector<std::string> outputs;
  for (const fs::directory_entry& entry : fs::directory_iterator(scratch.path(), error)) outputs.push_back(entry.path().filename());
  std::ranges::sort(outputs);
  for (const std::string& name : outputs) {
    if (const std::string where = difference(folder + name, scratch.path() + "/" + name); !where.empty())
      return differs("`" + folder + name + "` is not what the check comes to now: " + where);
  }
  tell(options.folder + ": " + std::to_string(known.size()) + " files are as they were, and the check comes to the same\n");
  return 0;
}

}  // namespace

int evidence(const EvidenceOptions& options) { return options.action == "build" ? build(options) : verify(options); }

}  // namespace kenzan::cli
