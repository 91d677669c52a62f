// `kenzan suggest`: relations that the figures obey and no rule states, as rules ready to paste.
#include "cli/suggest.hpp"

#include <unistd.h>

#include <algorithm>

#include "cli/prepare.hpp"
#include "diag/discovery.hpp"
#include "diag/json_writer.hpp"
#include "diag/visible.hpp"

namespace kenzan::cli {
namespace {

/// 2^bits for people: whole as long as it is short, then as a power of ten.
std::string odds(std::uint32_t bits) {
  constexpr std::uint32_t longest = 20;
  if (bits < longest) return readable(Rational(std::uint64_t{1} << bits));
  return "10^" + std::to_string(std::uint64_t{bits} * 30'103 / 100'000);
}

/// Of how many bits proposals are certain.
std::uint32_t certain_bits(std::size_t once_in) {
  std::uint32_t bits = 0;
  while (bits < 63 && (std::size_t{1} << bits) < once_in) ++bits;
  return bits;
}

Message support(const Proposal& proposal) {
  std::vector<std::pair<std::string, std::string>> words = {
      {"held", std::to_string(proposal.held)}, {"made", std::to_string(proposal.instances)}, {"odds", odds(proposal.bits)}};
  if (proposal.broken.empty()) return say(MessageId::suggest_holds, std::move(words));
  std::string broken;
  for (const std::string& figure : proposal.broken) broken += (broken.empty() ? "" : ", ") + figure;
  if (proposal.broken.size() < proposal.instances - proposal.held) broken += ", …";
  words.emplace_back("broken", visible(broken));
  return say(MessageId::suggest_nearly, std::move(words));
}

class Text {
 public:
  Text(const Discovery& discovery, std::uint32_t certain, Language language)
      : discovery_(discovery), certain_(certain), language_(language) {}

  [[nodiscard]] std::string write(bool whole) const {
    std::string out;
    for (const Proposal& proposal : discovery_.proposals) {
      if (proposal.bits >= certain_) write(out, proposal);
    }
    if (!whole) return out;
    bool first = true;
    for (const Proposal& proposal : discovery_.proposals) {
      if (proposal.bits >= certain_) continue;
      if (std::exchange(first, false)) {
        if (!out.empty()) out.push_back('\n');
        out.append("# ").append(draw(say(MessageId::suggest_less_certain), language_)).append("\n");
      }
      write(out, proposal);
    }
    return out;
  }

 private:
  void write(std::string& out, const Proposal& proposal) const {
    if (!out.empty()) out.push_back('\n');
    out.append("# ").append(draw(support(proposal), language_)).append("\n").append(proposal.rule);
  }

  const Discovery& discovery_;
  std::uint32_t certain_;
  Language language_;
};

std::string as_json(const Discovery& discovery, std::uint32_t certain, bool whole, Language language) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.key("version").number(1);
  json.key("proposals").open('[');
  for (const Proposal& proposal : discovery.proposals) {
    if (proposal.bits < certain && !whole) continue;
    json.open('{');
    json.key("form").text(name_of(proposal.form));
    json.key("name").text(proposal.name);
    json.key("rule").text(proposal.rule);
    json.key("instances").number(proposal.instances);
    json.key("held").number(proposal.held);
    json.key("bits").number(proposal.bits);
    json.key("certain").boolean(proposal.bits >= certain);
    json.texts("broken", proposal.broken);
    json.close('}');
  }
  json.close(']');
  json.key("tried").number(discovery.tried);
  json.key("tables").number(discovery.tables);
  json.key("figures").number(discovery.figures);
  std::vector<std::string> left_out;
  for (const Message& message : discovery.left_out) left_out.push_back(draw(message, language));
  json.texts("left_out", left_out);
  json.close('}');
  return out.append("\n");
}

}  // namespace

int suggest(const SuggestOptions& options) {
  const std::unique_ptr<Prepared> prepared = prepare(options);
  if (!prepared) return 2;
  prepared->run.with_discovery = true;
  engine::RunResult result;
  prepared->run.with_suggestions = false;
  watched(*prepared, [&](const engine::RunOptions& run) { result = engine::run(prepared->sources, prepared->program, run); });
  const RenderOptions render_errors{prepared->language, colored(options.color, STDERR_FILENO)};
  if (!result.failures.empty()) tell(render_diagnostics(result.failures, prepared->sources, render_errors));
  if (result.summary.interrupted) tell("kenzan: interrupted: nothing is suggested\n");
  if (result.summary.interrupted || !result.summary.complete) return result.summary.interrupted ? 130 : 2;
  const Discovery& discovery = *result.discovery;
  const std::uint32_t certain = certain_bits(options.once_in);
  const bool written = print(options.json ? as_json(discovery, certain, options.whole, prepared->language)
                                          : Text(discovery, certain, prepared->language).write(options.whole));
  const auto sure = static_cast<std::size_t>(
      std::ranges::count_if(discovery.proposals, [&](const Proposal& proposal) { return proposal.bits >= certain; }));
  for (const Message& message : discovery.left_out) tell(draw(message, prepared->language) + "\n");
  tell(draw(say(MessageId::suggest_summary, {{"count", std::to_string(sure)},
                                             {"weak", std::to_string(discovery.proposals.size() - sure)},
                                             {"tried", std::to_string(discovery.tried)},
                                             {"figures", std::to_string(discovery.figures)},
                                             {"tables", std::to_string(discovery.tables)}}),
            prepared->language) +
       "\n");
  return written ? 0 : 2;
}

}  // namespace kenzan::cli
