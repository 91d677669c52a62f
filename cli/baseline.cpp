// `kenzan baseline`: writes what is found now as known, and takes out what is found no longer.
#include "cli/baseline.hpp"

#include <unistd.h>

#include <filesystem>

#include "cli/files.hpp"

namespace kenzan::cli {
namespace {

std::string findings(std::size_t count) { return std::to_string(count) + (count == 1 ? " finding" : " findings"); }

std::size_t size_of(const engine::Baseline& baseline) {
  std::size_t out = 0;
  for (const engine::Baseline::Entry& entry : baseline.entries) out += entry.count;
  return out;
}

/// Writes the file and says so; returns the exit status.
int write(const BaselineOptions& options, const engine::Baseline& baseline, const std::string& what) {
  const std::string text = engine::write_baseline(baseline);
  if (const std::string failure = write_file(options.path, [&](Sink& sink) { sink.text().append(text); }); !failure.empty()) {
    tell("kenzan: cannot write `" + options.path + "`: " + failure + "\n");
    return 2;
  }
  tell(options.path + ": " + what + "\n");
  return 0;
}

}  // namespace

std::optional<engine::Baseline> load_baseline(Prepared& prepared, const std::string& path, Color color) {
  auto text = read_file(prepared.root + path);
  if (!text) {
    tell("kenzan: cannot read `" + path + "`: " + text.error() + "\n");
    return std::nullopt;
  }
  auto read = engine::read_baseline(prepared.sources, prepared.sources.add(path, std::move(*text)));
  if (read) return std::move(*read);
  const Diagnostic failure[] = {read.error()};
  tell(render_diagnostics(failure, prepared.sources, {prepared.language, colored(color, STDERR_FILENO)}));
  return std::nullopt;
}

int baseline(const BaselineOptions& options) {
  const bool creates = options.action == "create";
  std::error_code ignored;
  if (creates && std::filesystem::exists(options.path, ignored)) {
    tell("kenzan: `" + options.path + "` is there already; `kenzan baseline update` keeps it, or delete it to begin anew\n");
    return 2;
  }
  const std::unique_ptr<Prepared> prepared = prepare(options);
  if (!prepared) return 2;
  engine::Baseline before;
  if (!creates) {
    auto read = load_baseline(*prepared, options.path, options.color);
    if (!read) return 2;
    before = std::move(*read);
  }
  engine::RunResult result;
  prepared->run.with_suggestions = prepared->run.with_cells = false;
  watched(*prepared, [&](const engine::RunOptions& run) { result = engine::run(prepared->sources, prepared->program, run); });
  const RenderOptions render{prepared->language, colored(options.color, STDERR_FILENO)};
  if (result.summary.interrupted) return 130;
  if (!result.summary.complete) {
    tell(render_diagnostics(result.failures, prepared->sources, render));
    tell("kenzan: the run is incomplete; `" + options.path + "` is left as it is\n");
    return 2;
  }
  const engine::Baseline now = engine::baseline_of(result.findings);
  if (creates) return write(options, now, findings(size_of(now)) + " known from now on");
  const engine::BaselineChange change = engine::compare(before, now);
  const std::string gone = findings(change.gone) + " taken out, " + std::to_string(size_of(change.kept)) + " left";
  const std::size_t added = size_of(change.added);
  if (added == 0) return write(options, change.kept, gone);
  if (options.action == "prune") return write(options, change.kept, gone + "; " + findings(added) + " not in it");
  for (const engine::Baseline::Entry& entry : change.added.entries) {
    tell("new: " + entry.name + (entry.at.empty() ? "" : " " + entry.at) +
         (entry.count > 1 ? " (" + std::to_string(entry.count) + " times)" : "") + "\n");
  }
  tell("kenzan: a baseline only shrinks, and " + findings(added) + " would be added; `" + options.path +
       "` is left as it is. Mend them, waive them with a reason, or take out what is gone with `kenzan baseline prune`\n");
  return 1;
}

}  // namespace kenzan::cli
