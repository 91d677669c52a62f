#include "engine/silence.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/text.hpp"
#include "diag/evidence_text.hpp"
#include "engine/explain/fingerprint.hpp"

namespace kenzan::engine {
namespace {

Finding about(const dsl::Waiver& waiver, const char* code, Severity severity, Message message, const SourceMap& sources) {
  Finding finding;
  finding.code = code;
  finding.severity = severity;
  finding.place = waiver.place;
  finding.message = std::move(message);
  std::vector<std::pair<std::string, std::string>> key = {{"waive", waiver.name}};
  for (const dsl::RequiredLabel& label : waiver.at) key.emplace_back(label.dim, label.label);
  finding.fingerprint = fingerprint(code, sources.path(waiver.place.source), "", "", key);
  return finding;
}

/// Marks what waivers cover.
void apply_waivers(const dsl::Program& program, const SourceMap& sources, const Silencing& by, Findings& findings,
                   std::vector<Finding>& more) {
  struct Applied {
    const dsl::Waiver* waiver;
    std::size_t covered = 0;
  };
  std::unordered_map<std::string, std::vector<Applied>> waivers;  // by the name of what they waive
  for (const dsl::Waiver& waiver : program.waivers) {
    if (waiver.until < by.as_of) {
      Finding expired =
          about(waiver, "waiver-expired", Severity::error,
                say(MessageId::waiver_expired, {{"name", waiver.name}, {"until", waiver.until}, {"by", waiver.by}}), sources);
      expired.notes.push_back(say(MessageId::waiver_reason, {{"because", waiver.because}}));
      expired.helps.push_back(say(MessageId::waiver_expired_help));
      more.push_back(std::move(expired));
    } else {
      waivers[waiver.name].push_back({&waiver});
    }
  }
  for (std::size_t i = 0; i < findings.size() && !waivers.empty(); ++i) {
    const Finding finding = findings[i];
    const auto of = waivers.find(name_of(finding));
    if (of == waivers.end()) continue;
    for (Applied& each : of->second) {
      const dsl::Waiver& waiver = *each.waiver;
      if (!has_labels(labels_of(finding), waiver.at)) continue;
      ++each.covered;
      if (!findings.waived(i)) findings.waive(i, {waiver.until, waiver.because, waiver.by});
    }
  }
  for (const dsl::Waiver& waiver : program.waivers) {
    const auto of = waivers.find(waiver.name);
    if (of == waivers.end() || !by.evaluated(waiver.name)) continue;
    const auto applied = std::ranges::find(of->second, &waiver, &Applied::waiver);
    if (applied == of->second.end() || applied->covered > 0) continue;
    Finding unmatched =
        about(waiver, "waiver-unmatched", Severity::warning, say(MessageId::waiver_unmatched, {{"name", waiver.name}}), sources);
    unmatched.helps.push_back(say(MessageId::waiver_unmatched_help));
    more.push_back(std::move(unmatched));
  }
}

/// Marks what stands in the baseline, as often as it does.
void apply_baseline(const Baseline& baseline, const SourceMap& sources, const Silencing& by, Findings& findings,
                    std::vector<Finding>& more) {
  std::map<std::pair<std::string, std::string>, std::size_t> left;
  for (const Baseline::Entry& entry : baseline.entries) left[{entry.name, entry.fingerprint}] += entry.count;
  for (std::size_t i = 0; i < findings.size(); ++i) {
    if (findings.severity(i) == Severity::info) continue;
    const Finding finding = findings[i];
    const auto at = left.find({name_of(finding), finding.fingerprint});
    if (at == left.end() || at->second == 0) continue;
    --at->second;
    findings.know(i);
  }
  for (const Baseline::Entry& entry : baseline.entries) {
    std::size_t& gone = left[{entry.name, entry.fingerprint}];
    if (gone == 0 || !by.evaluated(entry.name)) continue;
    gone = 0;
    Finding stale;
    stale.code = "baseline-stale";
    stale.severity = Severity::warning;
    stale.place = entry.span;
    stale.message = say(MessageId::baseline_stale, {{"name", entry.name}, {"at", entry.at.empty() ? "" : " " + entry.at}});
    stale.helps.push_back(say(MessageId::baseline_stale_help));
    stale.fingerprint = fingerprint(stale.code, sources.path(entry.span.source), entry.name, entry.fingerprint, {});
    more.push_back(std::move(stale));
  }
}

}  // namespace

bool has_labels(const std::vector<std::pair<std::string, std::string>>& labels, const std::vector<dsl::RequiredLabel>& required) {
  return std::ranges::all_of(required, [&](const dsl::RequiredLabel& wanted) {
    return std::ranges::any_of(labels, [&](const auto& label) {
      return (wanted.dim.empty() || fold(label.first) == wanted.dim) && fold(label.second) == wanted.label;
    });
  });
}

const std::vector<std::pair<std::string, std::string>>& labels_of(const Finding& finding) {
  if (!finding.rule.empty() || finding.cells.empty()) return finding.instance;
  return finding.cells[finding.primary.value_or(0)].key;
}

void silence(const dsl::Program& program, const SourceMap& sources, const Silencing& by, Findings& findings) {
  std::vector<Finding> more;
  apply_waivers(program, sources, by, findings, more);
  if (by.baseline != nullptr) apply_baseline(*by.baseline, sources, by, findings, more);
  for (const Finding& finding : more) findings.push_back(finding);
}

}  // namespace kenzan::engine
