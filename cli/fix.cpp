// `kenzan fix`: shows what can be put right in the data files as a diff, and writes it.
#include "cli/fix.hpp"

#include <unistd.h>

#include <filesystem>
#include <map>

#include "cli/check.hpp"
#include "cli/diff.hpp"
#include "cli/interrupt.hpp"
#include "cli/rewrite.hpp"
#include "diag/excerpt.hpp"
#include "diag/json_finding.hpp"
#include "diag/visible.hpp"
#include "engine/fix/fix.hpp"

namespace kenzan::cli {
namespace {

/// The same for all paths that lead to one file.
std::function<std::string(const std::string&)> identity_of_files() {
  return [known = std::make_shared<std::map<std::string, std::string>>()](const std::string& path) {
    auto at = known->find(path);
    if (at == known->end()) {
      std::error_code error;
      const std::string whole = path == "-" ? path : std::filesystem::canonical(path, error).string();
      at = known->emplace(path, error ? path : whole).first;
    }
    return at->second;
  };
}

std::string place_and(const engine::Fix& fix, Span place, const Message& message, Language language) {
  return place_text(fix.sources, place) + ": " + visible(draw(message, language)) + "\n";
}

/// The diff of each file, with what was done in it before; lines that begin with # are nothing to `patch`.
std::string as_diff(const engine::Fix& fix, Language language, DiffStyle style) {
  std::string out;
  for (const engine::FixedFile& file : fix.files) {
    for (const engine::Change& change : file.changes) {
      const std::string& name = change.rule.empty() ? change.code : change.rule;
      out.append("# ").append(visible(name)).append(": ");
      out.append(place_and(fix, change.suggestion.cell.span, change.suggestion.message, language));
    }
    append_diff(out, file.path, file.before, file.edits, style);
  }
  return out;
}

std::string as_json(const engine::Fix& fix, Language language) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.key("version").number(1);
  json.key("edits").open('[');
  for (const engine::FixedFile& file : fix.files) {
    for (std::size_t i = 0; i < file.changes.size(); ++i) {
      const engine::Change& change = file.changes[i];
      const engine::Edit& edit = file.edits[i];
      const CellEvidence& cell = change.suggestion.cell;
      json.open('{');
      json.key("file").text(file.path);
      json.key("offset").number(edit.begin);
      json.key("length").number(edit.end - edit.begin);
      json.key("bytes").text(edit.bytes);
      json.key("line").number(cell.line);
      json.key("column").number(cell.column);
      json.key("from").text(cell.text);
      json.key("to").text(change.suggestion.text);
      json.key("kind").text(change.suggestion.slip);
      json.key(change.rule.empty() ? "code" : "rule").text(change.rule.empty() ? change.code : change.rule);
      json.key("message").text(draw(change.suggestion.message, language));
      json.key("table").text(cell.table);
      json.key("field").text(cell.field);
      json.key("key");
      write_labels(json, cell.key);
      json.close('}');
    }
  }
  json.close(']');
  json.key("left").open('[');
  for (const engine::LeftAlone& each : fix.left) {
    const Position at = fix.sources.position(each.place.source, each.place.begin);
    json.open('{');
    json.key("file").text(fix.sources.path(each.place.source));
    json.key("line").number(at.line);
    json.key("column").number(at.column);
    json.key("message").text(draw(each.message, language));
    json.close('}');
  }
  json.close(']');
  json.close('}');
  return out.append("\n");
}

Message counted(MessageId one, MessageId several, std::size_t count) {
  return count == 1 ? say(one) : say(several, {{"count", std::to_string(count)}});
}

/// `3 cells fixed in 2 files`.
Message counts(MessageId id, const engine::Fix& fix) {
  std::size_t cells = 0;
  for (const engine::FixedFile& file : fix.files) cells += file.changes.size();
  Message out = say(id, {{"cells", ""}, {"files", ""}});
  out.arguments[0].nested.push_back(counted(MessageId::count_cells_one, MessageId::count_cells, cells));
  out.arguments[1].nested.push_back(counted(MessageId::count_files_one, MessageId::count_files, fix.files.size()));
  return out;
}

/// Says what was not done, and why.
void tell_left(const engine::Fix& fix, Language language) {
  for (const engine::LeftAlone& each : fix.left) tell(place_and(fix, each.place, each.message, language));
  if (fix.not_tried > 0) tell(draw(say(MessageId::fix_not_tried, {{"count", std::to_string(fix.not_tried)}}), language) + "\n");
  if (fix.for_unsafe == 0) return;
  Message message = say(MessageId::fix_for_unsafe, {{"cells", ""}});
  message.arguments[0].nested.push_back(counted(MessageId::count_cells_one, MessageId::count_cells, fix.for_unsafe));
  tell(draw(message, language) + "\n");
}

/// Writes the files, or says why they could not be written; returns the exit status.
int finish(const engine::Fix& fix, bool write, Language language) {
  std::vector<Rewrite> files;
  for (const engine::FixedFile& file : fix.files) files.push_back({file.path, file.before, file.after});
  const Interruptible interruptible;  // not between two files
  bool none_written = true;
  const std::vector<Message> failures = write ? rewrite(files, interruptible.stop(), none_written) : why_not(files);
  for (const Message& failure : failures) tell("kenzan: " + visible(draw(failure, language)) + "\n");
  if (write && none_written) tell("kenzan: " + draw(say(MessageId::fix_none_written), language) + "\n");
  if (!failures.empty()) return 2;
  if (write && none_written) return 130;
  tell(draw(counts(write ? MessageId::fix_written : MessageId::fix_found, fix), language) + "\n");
  return write ? 0 : 1;
}

}  // namespace

int fix(const FixOptions& options) {
  const std::unique_ptr<Prepared> prepared = prepare(options);
  std::optional<engine::Baseline> known;
  if (!prepared || !set_up(options, *prepared, known)) return 2;
  const Language language = prepared->language;
  engine::Fix found;
  watched(*prepared, [&](const engine::RunOptions& run) {
    engine::FixOptions how{run, options.unsafe, options.select, identity_of_files()};
    how.run.select.clear();  // other rules speak for the cells, too
    found = engine::find_fixes(prepared->sources, prepared->program, how);
  });
  if (!found.complete) {
    tell(render_diagnostics(found.failures, found.sources, {language, colored(options.color, STDERR_FILENO)}));
    tell("kenzan: " + draw(say(MessageId::fix_incomplete), language) + "\n");
    return found.interrupted ? 130 : 2;
  }
  const bool color = colored(options.color, STDOUT_FILENO);
  const DiffStyle style{color, !color && ::isatty(STDOUT_FILENO) == 0};
  if (!print(options.json ? as_json(found, language) : as_diff(found, language, style))) {
    tell("kenzan: cannot write to standard output: nothing is fixed\n");
    return 2;
  }
  tell_left(found, language);
  if (!found.files.empty()) return finish(found, options.write, language);
  tell(draw(say(MessageId::fix_nothing), language) + "\n");
  return 0;
}

}  // namespace kenzan::cli
