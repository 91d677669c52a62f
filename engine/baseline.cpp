#include "engine/baseline.hpp"

#include <algorithm>
#include <map>
#include <nlohmann/json.hpp>
#include <tuple>

#include "diag/check.hpp"
#include "diag/evidence_text.hpp"
#include "engine/silence.hpp"

namespace kenzan::engine {
namespace {

constexpr std::size_t version = 1;

using Key = std::tuple<std::string, std::string, std::string>;

const std::string* text(const nlohmann::json& object, const char* name) {
  const auto at = object.find(name);
  return at == object.end() ? nullptr : at->get_ptr<const std::string*>();
}

bool is_header(const nlohmann::json& object) {
  const std::string* const what = text(object, "kenzan");
  const auto at = object.find("version");
  return what != nullptr && *what == "baseline" && at != object.end() && *at == version;
}

std::optional<Baseline::Entry> entry_of(const nlohmann::json& object, Span span) {
  const std::string* const name = text(object, "name");
  const std::string* const fingerprint = text(object, "fingerprint");
  const std::string* const at = text(object, "at");
  const auto count = object.find("count");
  if (name == nullptr || fingerprint == nullptr || at == nullptr) return std::nullopt;
  if (count != object.end() && !count->is_number_unsigned()) return std::nullopt;
  return Baseline::Entry{*name, *at, *fingerprint, count == object.end() ? 1 : count->get<std::size_t>(), span};
}

}  // namespace

Result<Baseline, Diagnostic> read_baseline(const SourceMap& sources, SourceId source) {
  Baseline out;
  const std::string_view all = sources.text(source);
  bool header = false;
  for (std::size_t begin = 0; begin < all.size();) {
    const std::size_t end = std::min(all.find('\n', begin), all.size());
    std::string_view line = all.substr(begin, end - begin);
    if (line.ends_with('\r')) line.remove_suffix(1);
    const Span span{source, static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + line.size())};
    begin = end + 1;
    if (line.find_first_not_of(" \t") == std::string_view::npos) continue;
    const nlohmann::json object = nlohmann::json::parse(line, nullptr, false);
    auto entry = header && object.is_object() ? entry_of(object, span) : std::nullopt;
    if (!header && object.is_object() && is_header(object)) {
      header = true;
    } else if (entry) {
      out.entries.push_back(std::move(*entry));
    } else {
      return tl::make_unexpected(
          Diagnostic{Severity::error, say(header ? MessageId::not_a_baseline_entry : MessageId::not_a_baseline), span, {}, {}, {}});
    }
  }
  if (!header) {
    return tl::make_unexpected(Diagnostic{Severity::error, say(MessageId::not_a_baseline), Span{source, 0, 0}, {}, {}, {}});
  }
  std::ranges::sort(out.entries, {},
                    [](const Baseline::Entry& entry) { return std::tie(entry.name, entry.at, entry.fingerprint); });
  return out;
}

std::string write_baseline(const Baseline& baseline) {
  std::string out = "{\"kenzan\": \"baseline\", \"version\": " + std::to_string(version) + "}\n";
  for (const Baseline::Entry& entry : baseline.entries) {
    const nlohmann::ordered_json line = {
        {"name", entry.name}, {"at", entry.at}, {"fingerprint", entry.fingerprint}, {"count", entry.count}};
    out.append(line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace)).append("\n");
  }
  return out;
}

Baseline baseline_of(const Findings& findings) {
  std::map<Key, std::size_t> counts;
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::info || (finding.waived && !finding.known) || is_about_silence(finding.code)) continue;
    ++counts[{name_of(finding), instance_text(labels_of(finding)), finding.fingerprint}];
  }
  Baseline out;
  for (const auto& [key, count] : counts) {
    out.entries.push_back({std::get<0>(key), std::get<1>(key), std::get<2>(key), count, {}});
  }
  return out;
}

BaselineChange compare(const Baseline& before, const Baseline& now) {
  using Known = std::pair<std::string, std::string>;  // what findings are known by: labels are for readers
  std::map<Known, std::size_t> left;
  for (const Baseline::Entry& entry : now.entries) left[{entry.name, entry.fingerprint}] += entry.count;
  BaselineChange out;
  for (const Baseline::Entry& entry : before.entries) {
    std::size_t& found = left[{entry.name, entry.fingerprint}];
    const std::size_t kept = std::min(found, entry.count);
    found -= kept;
    out.gone += entry.count - kept;
    if (kept > 0) out.kept.entries.push_back(entry), out.kept.entries.back().count = kept;
  }
  for (const Baseline::Entry& entry : now.entries) {
    std::size_t& found = left[{entry.name, entry.fingerprint}];
    const std::size_t added = std::min(found, entry.count);
    found -= added;
    if (added > 0) out.added.entries.push_back(entry), out.added.entries.back().count = added;
  }
  return out;
}

}  // namespace kenzan::engine
