#include "engine/fix/fix.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

#include "diag/evidence_text.hpp"
#include "diag/render.hpp"
#include "engine/fix/readings.hpp"
#include "engine/table/cell_finding.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t most_tried = 100;

/// A cell: the identity of its file, and where it begins there as it was read first.
using Place = std::pair<std::string, std::uint32_t>;
using Changes = std::map<std::string, std::map<std::uint32_t, Change>>;  ///< by file and place
using Edits = std::map<std::string, std::vector<Edit>>;                  ///< by file

bool is_spelling(const Finding& finding) { return finding.rule.empty() && !finding.suggestions.empty(); }  // of built-in checks
bool is_meant(const Finding& finding) { return finding.verdict == Verdict::violated && !finding.suggestions.empty(); }

std::size_t violated(const Summary& summary) { return summary.verdicts[static_cast<std::size_t>(Verdict::violated)]; }
std::size_t unknown(const Summary& summary) { return summary.verdicts[static_cast<std::size_t>(Verdict::unknown)]; }

/// Whether a finding tells that another is gone.
bool is_good_news(const Finding& finding) { return finding.code == "baseline-stale" || finding.code == "waiver-unmatched"; }

/// A run, with the texts that its findings point into.
struct Judged {
  SourceMap sources;
  RunResult result;
};

class Fixer {
 public:
  Fixer(const SourceMap& sources, const dsl::Program& program, const FixOptions& options)
      : sources_(sources), program_(program), options_(options), run_(options.run) {
    run_.load.input = nullptr;  // places are those of the whole file
    run_.load.open = [this](const std::string& path) { return text_of(path); };
    run_.max_findings = 0;
    run_.show = Show::failed;
  }

  Fix find() {
    Fix out;
    Judged first = judge({});
    if (!first.result.summary.complete) return incomplete(std::move(first));
    before_ = &first.sources;
    try {
      make(first, out);
    } catch (const Stopped&) {
      stopped_ = true;
    }
    if (stopped_) return incomplete({});
    for (auto& [file, changes] : changes_) {
      if (changes.empty()) continue;
      FixedFile& fixed = out.files.emplace_back();
      fixed.path = first.sources.path(changes.begin()->second.suggestion.cell.span.source);
      fixed.before = *read_.at(file);
      fixed.edits = edits_of(changes);
      fixed.after = edited(fixed.before, fixed.edits);
      for (auto& [begin, change] : changes) fixed.changes.push_back(std::move(change));
    }
    std::ranges::sort(out.files, {}, &FixedFile::path);
    sort_left(first.sources, out.left);
    out.sources = std::move(first.sources);
    return out;
  }

 private:
  void make(const Judged& first, Fix& out) {
    for (const Finding& finding : first.result.findings) {
      if (is_spelling(finding) && concerns(first, finding)) take_spelling(first, finding, out);
    }
    std::optional<Judged> respelled;
    if (!changes_.empty()) respelled = keep_harmless(first, out);
    const Judged& now = respelled ? *respelled : first;
    if (options_.unsafe) {
      follow(now, out);
    } else {
      std::set<std::pair<SourceId, std::uint32_t>> cells;
      for (const Finding& finding : now.result.findings) {
        if (!is_meant(finding) || !concerns(now, finding) || finding.suggestions.front().rivals > 0) continue;
        const Span span = finding.suggestions.front().cell.span;
        cells.emplace(span.source, span.begin);
      }
      out.for_unsafe = cells.size();
    }
  }

  Fix incomplete(Judged judged) const {
    Fix out;
    out.complete = false;
    out.interrupted = stopped_ || judged.result.summary.interrupted;
    out.failures = std::move(judged.result.failures);
    out.sources = std::move(judged.sources);
    return out;
  }

  Result<std::string, std::string> text_of(const std::string& path) {
    const std::string file = options_.identity(path);
    auto known = read_.find(file);
    if (known == read_.end()) known = read_.emplace(file, options_.run.load.open(path)).first;
    const auto changes = tried_ == nullptr ? Changes::const_iterator() : tried_->find(file);
    if (tried_ == nullptr || changes == tried_->end() || !known->second) return known->second;
    return edited(*known->second, edits_of(changes->second));
  }

  std::vector<Edit> edits_of(const std::map<std::uint32_t, Change>& changes) const {
    std::vector<Edit> out;
    for (const auto& [begin, change] : changes) {
      const Span span = change.suggestion.cell.span;
      out.push_back({span.begin, span.end, replacement(*before_, change.suggestion)});
    }
    return out;
  }

  [[nodiscard]] Edits edits_of_files() const {
    Edits out;
    for (const auto& [file, changes] : changes_) out.emplace(file, edits_of(changes));
    return out;
  }

  /// Runs with some cells changed.
  Judged judge(const Changes& changes) {
    tried_ = &changes;
    Judged out{sources_, {}};
    out.result = run(out.sources, program_, run_);
    tried_ = nullptr;
    if (out.result.summary.interrupted && before_ != nullptr) throw Stopped{};
    return out;
  }

  [[nodiscard]] bool concerns(const Judged& judged, const Finding& finding) const {
    if (finding.waived) return false;
    if (options_.select.empty() || options_.select.contains(name_of(finding))) return true;
    return std::ranges::any_of(judged.result.rules, [&](const RuleOutcome& rule) {
      return rule.place == finding.rule_place &&
             std::ranges::any_of(rule.tags, [&](const std::string& tag) { return options_.select.contains(tag); });
    });
  }

  /// The first suggestion of a run with `made`, about the cell as it was read first; and the file that it stands in.
  std::pair<std::string, Change> change_of(const Judged& judged, const Finding& finding, const Edits& made) const {
    return change_of(judged, {finding.rule, finding.code, finding.suggestions.front()}, made);
  }

  std::pair<std::string, Change> change_of(const Judged& judged, Change out, const Edits& made) const {
    CellEvidence& cell = out.suggestion.cell;
    const auto [file, begin, is_edited] = origin(judged, cell.span, made);
    if (is_edited) {
      cell = changes_.at(file).at(begin).suggestion.cell;
    } else {
      cell.span = {source_of(file), begin, begin + (cell.span.end - cell.span.begin)};
      locate(cell, *before_);
    }
    return {file, std::move(out)};
  }

  /// The same for the cells that are to be changed with it, each as a suggestion of its own.
  std::vector<std::pair<std::string, Change>> changes_with(const Judged& judged, const Change& change, const Edits& made) const {
    std::vector<std::pair<std::string, Change>> out;
    for (const Suggestion::Other& other : change.suggestion.with) {
      out.push_back(change_of(
          judged, {change.rule, change.code, {other.cell, other.text, other.slip, other.message, 0, other.delimiter, {}}}, made));
    }
    return out;
  }

  /// The file of a cell, where it began first, and whether it is among those that were changed.
  [[nodiscard]] std::tuple<std::string, std::uint32_t, bool> origin(const Judged& judged, Span cell, const Edits& made) const {
    std::string file = options_.identity(std::string(judged.sources.path(cell.source)));
    const auto edits = made.find(file);
    if (edits == made.end()) return {std::move(file), cell.begin, false};
    const Origin from = origin_of(cell.begin, edits->second);
    return {std::move(file), from.offset, from.edit != nullptr};
  }

  [[nodiscard]] SourceId source_of(const std::string& file) const {
    for (std::uint32_t i = static_cast<std::uint32_t>(sources_.size()); i < before_->size(); ++i) {
      if (options_.identity(std::string(before_->path(SourceId(i)))) == file) return SourceId(i);
    }
    return {};
  }

  static void leave(const Suggestion& suggestion, Message why, Fix& out) {
    Message message =
        say(MessageId::fix_left, {{"from", shortened(suggestion.cell.text)}, {"to", shortened(suggestion.text)}, {"why", ""}});
    message.arguments[2].nested.push_back(std::move(why));
    out.left.push_back({suggestion.cell.span, std::move(message)});
  }

  void take_spelling(const Judged& first, const Finding& finding, Fix& out) {
    auto [file, change] = change_of(first, finding, {});
    const auto [at, fresh] = changes_[file].try_emplace(change.suggestion.cell.span.begin, change);
    if (fresh || at->second.suggestion.text == change.suggestion.text) return;
    if (disputed_.emplace(file, at->first).second) leave(at->second.suggestion, say(MessageId::fix_other_text), out);
    leave(change.suggestion, say(MessageId::fix_other_text), out);
  }

  void drop(const Place& place, Message why, Fix& out) {
    const auto changes = changes_.find(place.first);
    const auto change = changes->second.find(place.second);
    leave(change->second.suggestion, std::move(why), out);
    changes->second.erase(change);
    if (changes->second.empty()) changes_.erase(changes);
  }

  /// Takes out the changes of spelling that another table would read otherwise, or after which more is found. Returns the run with
  /// the others; nothing where none is left.
  std::optional<Judged> keep_harmless(const Judged& first, Fix& out) {
    for (const auto& [file, begin] : disputed_) {
      changes_[file].erase(begin);
      if (changes_[file].empty()) changes_.erase(file);
    }
    Readings readings(program_, run_.load, run_.watch, options_.identity);
    readings.read();
    tried_ = &changes_;
    readings.read_changed();
    tried_ = nullptr;
    for (const Place& place : places()) {
      if (auto why = readings.objection(place.first, place.second)) drop(place, std::move(*why), out);
    }
    while (!changes_.empty()) {
      Judged now = judge(changes_);
      const std::vector<Finding> more = found_more(first, now);
      if (more.empty()) return now;
      drop_causes(now, more, out);
    }
    return std::nullopt;
  }

  [[nodiscard]] std::vector<Place> places() const {
    std::vector<Place> out;
    for (const auto& [file, changes] : changes_) {
      for (const auto& [begin, change] : changes) out.emplace_back(file, begin);
    }
    return out;
  }

  /// Takes out the changes that may be why these were found: of cells that they read and that were no figures before; else of all that
  /// were none, since the others are the same figures; else all.
  void drop_causes(const Judged& now, const std::vector<Finding>& found, Fix& out) {
    std::map<Place, std::string> causes;  // and the name of what was found
    const Edits made = edits_of_files();
    for (const Finding& finding : found) {
      for (const CellEvidence& cell : finding.cells) {
        if (!cell.span.source.valid()) continue;
        const auto [file, begin, is_edited] = origin(now, cell.span, made);
        if (is_edited && is_read_first({file, begin})) causes.emplace(Place(file, begin), name_of(finding));
      }
    }
    const std::vector<Place> all = places();
    const bool some_read_first = std::ranges::any_of(all, [this](const Place& place) { return is_read_first(place); });
    for (const Place& place : all) {
      const auto cause = causes.find(place);
      if (cause == causes.end() && (!causes.empty() || (some_read_first && !is_read_first(place)))) continue;
      drop(place, say(MessageId::fix_worse, {{"name", cause == causes.end() ? name_of(found.front()) : cause->second}}), out);
    }
  }

  [[nodiscard]] bool is_read_first(const Place& place) const {
    return changes_.at(place.first).at(place.second).code == "bad-number";
  }

  /// What a finding is about, whatever stands in its cells.
  using About = std::tuple<std::string, std::string, std::uint32_t, std::vector<std::pair<std::string, std::string>>, std::string>;
  static About about(const Finding& finding) {
    const bool rule = !finding.rule.empty();
    return {name_of(finding), finding.code, rule ? finding.rule_place.source.value : 0, finding.instance,
            rule ? std::to_string(finding.rule_place.begin) : finding.fingerprint};
  }

  /// Findings that were not there before.
  static std::vector<Finding> found_more(const Judged& before, const Judged& now) {
    std::map<About, std::size_t> known;
    for (const Finding& finding : before.result.findings) ++known[about(finding)];
    std::vector<Finding> out;
    for (const Finding& finding : now.result.findings) {
      std::size_t& left = known[about(finding)];
      if (left > 0) {
        --left;
      } else if (!is_good_news(finding)) {
        out.push_back(finding);
      }
    }
    return out;
  }

  /// Makes what is suggested, one after the other.
  void follow(const Judged& first, Fix& out) {
    Readings readings(program_, run_.load, run_.watch, options_.identity);
    readings.read();
    std::optional<Judged> later;
    std::set<std::tuple<std::string, std::uint32_t, std::string>> refused;  // as things are now
    Fix refusals;
    for (std::size_t tried = 0;; ++tried) {
      const Judged& now = later ? *later : first;
      const Edits made = edits_of_files();
      std::optional<std::pair<std::string, Change>> next;
      for (const Finding& finding : now.result.findings) {
        if (!is_meant(finding) || !concerns(now, finding) || finding.suggestions.front().rivals > 0) continue;
        auto change = change_of(now, finding, made);
        const Suggestion& suggestion = change.second.suggestion;
        if (refused.contains({change.first, suggestion.cell.span.begin, suggestion.text})) continue;
        next = std::move(change);
        break;
      }
      if (!next) break;
      if (tried == most_tried) {
        out.not_tried = most_tried;
        break;
      }
      const auto& [file, change] = *next;
      const std::uint32_t begin = change.suggestion.cell.span.begin;
      std::vector<std::pair<std::string, Change>> all = changes_with(now, change, made);
      all.emplace_back(file, change);
      std::optional<Message> why;
      Changes with = changes_;
      for (const auto& [of, each] : all) {
        if (!why) why = readings.text_at(of, each.suggestion.cell.span.begin);
        with[of].insert_or_assign(each.suggestion.cell.span.begin, each);
      }
      if (!why) {
        Judged then = judge(with);
        why = objection(now, then);
        if (!why) {
          changes_ = std::move(with);
          later = std::move(then);
          refused.clear();
          refusals.left.clear();
          continue;
        }
      }
      refused.emplace(file, begin, change.suggestion.text);
      leave(change.suggestion, std::move(*why), refusals);
    }
    std::ranges::move(refusals.left, std::back_inserter(out.left));
    leave_tied(later ? *later : first, out);
  }

  /// Why what was judged with one more change is no better.
  static std::optional<Message> objection(const Judged& now, const Judged& then) {
    const std::vector<Finding> more = found_more(now, then);
    if (!more.empty()) return say(MessageId::fix_worse, {{"name", name_of(more.front())}});
    const Summary &before = now.result.summary, &after = then.result.summary;
    if (violated(after) < violated(before) && unknown(after) <= unknown(before)) return std::nullopt;
    return say(MessageId::fix_clears_nothing);
  }

  /// Says of what is still violated that several changes would do.
  void leave_tied(const Judged& now, Fix& out) const {
    const Edits made = edits_of_files();
    std::set<std::tuple<std::string, std::uint32_t, std::string>> said;
    for (const Finding& finding : now.result.findings) {
      if (!is_meant(finding) || !concerns(now, finding) || finding.suggestions.front().rivals == 0) continue;
      const auto [file, change] = change_of(now, finding, made);
      const Suggestion& suggestion = change.suggestion;
      if (!said.emplace(file, suggestion.cell.span.begin, suggestion.text).second) continue;
      leave(suggestion, say(MessageId::fix_tied, {{"count", std::to_string(suggestion.rivals + 1)}}), out);
    }
  }

  static void sort_left(const SourceMap& sources, std::vector<LeftAlone>& left) {
    std::ranges::stable_sort(left, {},
                             [&](const LeftAlone& each) { return std::pair(sources.path(each.place.source), each.place.begin); });
  }

  const SourceMap& sources_;
  const dsl::Program& program_;
  const FixOptions& options_;
  RunOptions run_;
  const SourceMap* before_ = nullptr;  ///< with the files as they were read first
  std::map<std::string, Result<std::string, std::string>> read_;
  Changes changes_;
  std::set<Place> disputed_;        ///< cells for which several texts are suggested
  const Changes* tried_ = nullptr;  ///< what files are read with now
  bool stopped_ = false;
};

}  // namespace

Fix find_fixes(const SourceMap& sources, const dsl::Program& program, const FixOptions& options) {
  return Fixer(sources, program, options).find();
}

}  // namespace kenzan::engine
