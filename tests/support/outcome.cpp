#include "tests/support/outcome.hpp"

#include <stdexcept>

#include "diag/render.hpp"
#include "dsl/compile.hpp"
#include "tests/support/rendered.hpp"
#include "tests/support/text_input.hpp"

namespace kenzan::test {

CompiledRules compile_rules(std::string_view text) {
  CompiledRules out;
  Diagnostics diagnostics;
  const dsl::CompileOptions options = {
      .paths = {"rules.kz"},
      .read = [text](const std::string&) -> Result<std::string, std::string> { return std::string(text); },
      .params = {},
  };
  out.program = dsl::compile(out.sources, options, diagnostics).program;
  if (diagnostics.has_errors()) throw std::runtime_error(render_diagnostics(diagnostics.all(), out.sources, {}));
  return out;
}

Outcome outcome_of(const CompiledRules& rules, const Files& files, const Reading& reading, engine::Show show) {
  Outcome out;
  SourceMap sources = rules.sources;
  engine::RunOptions options;
  options.show = show;
  options.with_suggestions = reading.suggestions;
  options.with_cells = reading.cells;
  options.together = reading.together;
  options.load.open = [&](const std::string& path) -> Result<std::string, std::string> {
    out.streamed.erase(path);
    return files.at(path);
  };
  if (reading.block > 0) {
    options.load.input = [&](const std::string& path) -> std::shared_ptr<const engine::Input> {
      out.streamed.insert(path);
      return reading.input ? reading.input(path) : std::make_shared<TextInput>(files.at(path));
    };
    options.stream = {.threads = reading.threads, .block = reading.block, .least = 0, .most_records = reading.most_records};
    options.slice = 1 + reading.block % 5;
  }
  engine::RunResult result = engine::run(sources, rules.program, options);
  out.headlines =
      rendered(render_concise, result, sources) + rendered(render_gitlab, result, sources) + render_summary(result.summary, {});
  out.said = rendered(render_json, result, sources) + rendered(render_text, result, sources) +
             render_diagnostics(result.failures, sources, {}) + render_summary(result.summary, {});
  out.summary = result.summary;
  for (const Finding& finding : result.findings) out.findings.push_back(finding);
  return out;
}

}  // namespace kenzan::test
