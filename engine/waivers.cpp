#include "engine/waivers.hpp"

#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "engine/fingerprint.hpp"

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

void apply_waivers(const dsl::Program& program, const std::string& as_of, const SourceMap& sources,
                   const std::function<bool(const std::string&)>& evaluated, std::vector<Finding>& findings) {
  struct Applied {
    const dsl::Waiver* waiver;
    std::size_t covered = 0;
  };
  std::unordered_map<std::string, std::vector<Applied>> waivers;  // by the name of what they waive
  std::vector<Finding> more;
  for (const dsl::Waiver& waiver : program.waivers) {
    if (waiver.until < as_of) {
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
  for (Finding& finding : findings) {
    const auto of = waivers.find(finding.rule.empty() ? finding.code : finding.rule);
    if (of == waivers.end()) continue;
    for (Applied& each : of->second) {
      const dsl::Waiver& waiver = *each.waiver;
      if (!has_labels(labels_of(finding), waiver.at)) continue;
      ++each.covered;
      if (finding.waived) continue;
      finding.waived = true;
      finding.waiver = WaivedBy{waiver.until, waiver.because, waiver.by};
    }
  }
  for (const dsl::Waiver& waiver : program.waivers) {
    const auto of = waivers.find(waiver.name);
    if (of == waivers.end() || !evaluated(waiver.name)) continue;
    const auto applied = std::ranges::find(of->second, &waiver, &Applied::waiver);
    if (applied == of->second.end() || applied->covered > 0) continue;
    Finding unmatched =
        about(waiver, "waiver-unmatched", Severity::warning, say(MessageId::waiver_unmatched, {{"name", waiver.name}}), sources);
    unmatched.helps.push_back(say(MessageId::waiver_unmatched_help));
    more.push_back(std::move(unmatched));
  }
  findings.insert(findings.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
}

}  // namespace kenzan::engine
