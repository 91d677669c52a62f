#include "cli/pack.hpp"

#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "cli/check.hpp"
#include "cli/files.hpp"
#include "cli/prepare.hpp"
#include "diag/csv_text.hpp"
#include "diag/evidence_text.hpp"
#include "diag/figures.hpp"
#include "diag/json_finding.hpp"
#include "diag/json_writer.hpp"
#include "diag/render.hpp"

namespace kenzan::cli {
namespace {

/// How a rule came out in a run.
enum class Grade : std::uint8_t {
  passed,
  warned,  ///< what was found is no error, or waived
  failed,
};

std::string waivers_csv(std::vector<WaiverOutcome> waivers, const SourceMap& sources) {
  std::string out;
  append_csv(out, {"rule", "labels", "until", "because", "by", "file", "line", "state"});
  std::ranges::stable_sort(waivers, {}, [](const WaiverOutcome& each) { return each.waiver.until; });
  for (const WaiverOutcome& each : waivers) {
    std::string labels;
    for (const auto& [dimension, label] : each.at)
      labels += (labels.empty() ? "" : ", ") + (dimension.empty() ? label : dimension + ": " + label);
    append_csv(out,
               {each.name, labels, each.waiver.until, each.waiver.because, each.waiver.by, sources.path(each.place.source),
                std::to_string(sources.position(each.place.source, each.place.begin).line), each.expired ? "expired" : "counts"});
  }
  return out;
}

std::map<std::string, Grade> grades(const Report& report) {
  std::map<std::string, Grade> out;
  const auto worsen = [&out](const std::string& rule, Grade grade) {
    Grade& at = out.try_emplace(rule, Grade::passed).first->second;
    at = std::max(at, grade);
  };
  for (const RuleOutcome& rule : report.rules) {
    if (rule.selected) worsen(rule.name, rule.evaluated ? Grade::passed : Grade::failed);
  }
  for (const Finding& finding : report.findings) {
    if (finding.severity == Severity::info) continue;
    worsen(name_of(finding), finding.severity == Severity::error && !finding.waived ? Grade::failed : Grade::warned);
  }
  return out;
}

void write_pairs(JsonWriter& json, std::string_view key, const std::map<std::string, std::string>& pairs) {
  json.key(key).open('{');
  for (const auto& [name, value] : pairs) json.key(name).text(value);
  json.close('}');
}

void write_files(JsonWriter& json, std::string_view key, const std::vector<PackedFile>& files, bool inputs) {
  json.key(key).open('[');
  for (const PackedFile& file : files) {
    json.open('{');
    json.key("path").text((inputs ? inputs_folder : "") + file.path);
    if (inputs) json.key("kind").text(file.rules ? "rules" : "data");
    json.key("bytes").number(file.digest.bytes);
    json.key("sha256").text(file.digest.sha256);
    json.close('}');
  }
  json.close(']');
}

std::string manifest(const Manifest& of, const Summary& summary, int status) {
  std::string out;
  JsonWriter json(out);
  const EvidenceOptions& options = of.options;
  json.open('{');
  write_run(json, summary, of.tool_version);
  json.key("exit_status").number(static_cast<std::size_t>(status));
  json.texts("command", options.command);
  json.key("settings").open('{');
  json.texts("rules", options.rules);
  write_pairs(json, "data", options.data);
  write_pairs(json, "set", options.set);
  json.texts("select", options.select);
  json.texts("ignore", options.ignore);
  json.key("fail_on").text(name_of(options.fail_on));
  json.key("show").text(options.show);
  json.key("baseline").text(options.baseline);
  json.key("max_findings").number(options.max_findings);
  json.key("together").number(options.together);
  json.key("as_of").text(options.as_of);
  json.key("lang").text(options.lang);
  json.close('}');
  write_files(json, "inputs", of.inputs, true);
  write_files(json, "outputs", of.outputs, false);
  json.close('}');
  return out.append("\n");
}

/// https://in-toto.io/Statement/v1 with the predicate for the results of tests.
std::string statement(const Manifest& of, const Digest& manifest, const Report& report, int status) {
  std::string out;
  JsonWriter json(out);
  const auto resource = [&json](const std::string& name, const Digest& digest) {
    json.open('{');
    json.key("name").text(name);
    json.key("digest").open('{');
    json.key("sha256").text(digest.sha256);
    json.close('}');
    json.close('}');
  };
  json.open('{');
  json.key("_type").text("https://in-toto.io/Statement/v1");
  // A statement needs a subject: of rules without data, the rules.
  const bool has_data = !std::ranges::all_of(of.inputs, &PackedFile::rules);
  json.key("subject").open('[');
  for (const PackedFile& file : of.inputs) {
    if (!file.rules || !has_data) resource(inputs_folder + file.path, file.digest);
  }
  json.close(']');
  json.key("predicateType").text("https://in-toto.io/attestation/test-result/v0.1");
  json.key("predicate").open('{');
  const std::map<std::string, Grade> of_rules = grades(report);
  const bool warned = std::ranges::any_of(of_rules, [](const auto& rule) { return rule.second == Grade::warned; });
  json.key("result").text(status != 0 ? "FAILED" : warned ? "WARNED" : "PASSED");
  json.key("configuration").open('[');
  resource(manifest_name, manifest);
  for (const PackedFile& file : of.inputs) {
    if (file.rules) resource(inputs_folder + file.path, file.digest);
  }
  json.close(']');
  for (const auto& [key, grade] :
       {std::pair("passedTests", Grade::passed), {"warnedTests", Grade::warned}, {"failedTests", Grade::failed}}) {
    json.key(key).open('[');
    for (const auto& [rule, came_out] : of_rules) {
      if (came_out == grade) json.text(rule);
    }
    json.close(']');
  }
  json.close('}');
  json.close('}');
  return out.append("\n");
}

}  // namespace

std::optional<int> write_pack(const EvidenceOptions& options, const std::vector<PackedFile>& inputs, const std::string& folder) {
  const std::unique_ptr<Prepared> prepared = prepare(options);
  std::optional<engine::Baseline> known;
  if (!prepared || !set_up(options, *prepared, known)) return std::nullopt;
  prepared->run.with_tables = true;
  engine::RunResult result;
  watched(*prepared, [&](const engine::RunOptions& run) { result = engine::run(prepared->sources, prepared->program, run); });
  const RenderOptions render_errors{prepared->language, colored(options.color, STDERR_FILENO)};
  if (!result.failures.empty()) tell(render_diagnostics(result.failures, prepared->sources, render_errors));
  if (result.summary.interrupted) {
    tell("kenzan: interrupted: there is no evidence\n");
    return std::nullopt;
  }
  for (const PackedFile& file : inputs) result.inputs.push_back({file.path, file.rules, file.digest.bytes, file.digest.sha256});

  Manifest of{KENZAN_VERSION, options, inputs, {}};
  of.options.as_of = prepared->run.as_of;
  of.options.lang = prepared->language == Language::japanese ? "ja" : "en";
  bool written = true;
  const auto write = [&](const std::string& name, const Content& content) {
    if (!written) return Digest{};
    std::string failure = write_file(folder + "/" + name, content);
    Result<Digest, std::string> digest = Digest{};
    if (failure.empty()) digest = digest_of(folder + "/" + name);
    if (!digest) failure = digest.error();
    if (failure.empty()) return *digest;
    tell("kenzan: cannot write `" + folder + "/" + name + "`: " + failure + "\n");
    written = false;
    return Digest{};
  };
  const auto text = [](std::string bytes) { return [bytes = std::move(bytes)](Sink& sink) { sink.text().append(bytes); }; };
  const RenderOptions render{prepared->language, false, KENZAN_VERSION, true};
  const auto output = [&](const std::string& name, const Content& content) {
    of.outputs.push_back({name, false, write(name, content)});
  };
  output("results.sarif", [&](Sink& sink) { render_sarif(sink, result, prepared->sources, render); });
  output("results.jsonl", [&](Sink& sink) { render_jsonl(sink, result, prepared->sources, render); });
  output("report.html", [&](Sink& sink) { render_html(sink, result, prepared->sources, render); });
  output("figures.csv", [&](Sink& sink) { render_figures(sink, result, prepared->sources, render); });
  output("waivers.csv", text(waivers_csv(result.waivers, prepared->sources)));
  const int status = exit_status(options, result.summary);
  const Digest digest = write(manifest_name, text(manifest(of, result.summary, status)));
  write(statement_name, text(statement(of, digest, result, status)));
  if (!written) return std::nullopt;
  tell(render_summary(result.summary, render_errors));
  return status;
}

}  // namespace kenzan::cli
