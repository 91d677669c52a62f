#include <string>
#include <vector>

#include "diag/render.hpp"

namespace kenzan {
namespace {

/// A message that counts, in the form for one or for several.
std::string counted(std::size_t count, MessageId one, MessageId several, Language language) {
  return draw(say(count == 1 ? one : several, {{"count", std::to_string(count)}}), language);
}

std::string joined(const std::vector<std::string>& parts, Language language) {
  const std::string separator = draw(say(MessageId::list_separator), language);
  std::string out;
  for (const std::string& part : parts) out.append(out.empty() ? "" : separator).append(part);
  return out;
}

MessageId counts(Verdict verdict, bool one) {
  switch (verdict) {
    case Verdict::holds: return one ? MessageId::count_holds_one : MessageId::count_holds;
    case Verdict::rounding: return MessageId::count_rounding;
    case Verdict::implausible: return MessageId::count_implausible;
    case Verdict::violated: return MessageId::count_violated;
    case Verdict::unmatched: return MessageId::count_unmatched;
    case Verdict::unknown: return MessageId::count_unknown;
    case Verdict::vacuous: return MessageId::count_vacuous;
  }
  return MessageId::count_holds;
}

std::string verdicts(const Summary& summary, Language language) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < verdict_count; ++i) {
    const auto verdict = static_cast<Verdict>(i);
    const std::size_t count = summary.verdicts[i];
    if (count == 0 && verdict != Verdict::holds && verdict != Verdict::violated) continue;
    parts.push_back(draw(say(counts(verdict, count == 1), {{"count", std::to_string(count)}}), language));
  }
  return joined(parts, language);
}

std::string figures(const Summary& summary, Language language) {
  const std::size_t unchecked = summary.figures - summary.figures_checked;
  return draw(say(MessageId::summary_figures, {{"checked", std::to_string(summary.figures_checked)},
                                               {"total", std::to_string(summary.figures)},
                                               {"unchecked", std::to_string(unchecked)}}),
              language);
}

std::string findings(const Summary& summary, Language language) {
  std::vector<std::string> parts = {counted(summary.errors, MessageId::count_errors_one, MessageId::count_errors, language),
                                    counted(summary.warnings, MessageId::count_warnings_one, MessageId::count_warnings, language),
                                    counted(summary.infos, MessageId::count_infos_one, MessageId::count_infos, language)};
  if (summary.waived > 0)
    parts.push_back(draw(say(MessageId::count_waived, {{"count", std::to_string(summary.waived)}}), language));
  return joined(parts, language);
}

}  // namespace

std::string summary_line(const Summary& summary, Language language) {
  const std::string rules = counted(summary.rules, MessageId::count_rules_one, MessageId::count_rules, language);
  const std::string instances = counted(summary.instances, MessageId::count_instances_one, MessageId::count_instances, language);
  std::string line = draw(say(MessageId::summary_line, {{"rules", rules},
                                                        {"instances", instances},
                                                        {"verdicts", verdicts(summary, language)},
                                                        {"figures", figures(summary, language)},
                                                        {"findings", findings(summary, language)}}),
                          language);
  if (summary.unconcerned > 0) {
    const MessageId id = summary.unconcerned == 1 ? MessageId::summary_unconcerned_one : MessageId::summary_unconcerned;
    line = draw(say(id, {{"line", line}, {"count", std::to_string(summary.unconcerned)}}), language);
  }
  if (summary.unjoined > 0) {
    line = draw(say(MessageId::summary_unjoined, {{"line", line}, {"count", std::to_string(summary.unjoined)}}), language);
  }
  if (summary.truncated > 0) {
    const MessageId id = summary.truncated == 1 ? MessageId::summary_truncated_one : MessageId::summary_truncated;
    line = draw(say(id, {{"line", line}, {"count", std::to_string(summary.truncated)}}), language);
  }
  if (!summary.complete) {
    const MessageId id = summary.interrupted ? MessageId::summary_interrupted : MessageId::summary_incomplete;
    line = draw(say(id, {{"line", line}}), language);
  }
  return line;
}

std::string render_summary(const Summary& summary, const RenderOptions& options) {
  return summary_line(summary, options.language).append("\n");
}

}  // namespace kenzan
