// Any bytes as a data file: tables of every kind read it as CSV, as TSV and with other signs, rules are judged over it, and every
// finding has a place in it and can be drawn in each format and language.
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <iostream>
#include <string>

#include "diag/format.hpp"
#include "dsl/compile.hpp"
#include "engine/run.hpp"

namespace {

using namespace kenzan;

// Tables by position, each asking for one column more, so that narrow files have their tables too; then one that takes whatever
// columns there are.
constexpr std::string_view rules = R"(
table one from "data.csv" { header 0  key row
  v  億円 from 1 optional brackets minus rounded half-up
  s  text from 1 optional }
table two from "data.csv" { header 0  key name, v
  name text from 1 alias { "合計" = "計" }
  v    integer from 2 >= 0 }
table three from "data.csv" { header 0  key name  rounded truncated  unknown "…", "不明"
  name  text from 1 optional matches /\S*/
  v     money from 2 take /約?(.+)/ brackets plain optional
  part  text from 3 optional in one.s
  hierarchy name by parent part }
table four from "data.csv" { header 0  key row  rounded nearest  decimal ","  group "."
  d  date from 1 optional
  f  flag from 2 optional
  n  integer from 3 optional
  v  百万円 from 4 decimals n optional }
table wide from "data.csv" { key row
  v  億円 across col from /(.*)/ rounded half-even }
table same from "data.tsv" { key row  where s != "注"
  v  億円 across col from /(.*)/ rounded ceiling >= 0億円
  s  text from 1 optional }
rule signs  { require all(one.v >= -5億円) and sum(one.v) != 7億円 }
rule halves by row { require one.v = round(one.v, 1億円) or one.s matches /計/ }
rule named  by name { require sum(two.v) / 3 <= max(two.v) and same(three.name, "x") implies three.v = children(three.v) }
rule dated  by row { require four.d >= 2024-04-01 or four.f or (four.v - 3百万円) * four.n <= 4百万円 }
rule across_all by row, col { vacuous allowed  require wide.v - lag(wide.v, col) <= 100億円 }
rule ordered { require sorted(one.v, descending) or count(distinct one.s where v is nil) = 0 }
)";

struct Compiled {
  SourceMap sources;
  dsl::Program program;
  Compiled() {
    Diagnostics diagnostics;
    program = dsl::compile(sources,
                           {.paths = {"fuzz.kz"},
                            .read = [](const std::string&) -> Result<std::string, std::string> { return std::string(rules); },
                            .params = {}},
                           diagnostics)
                  .program;
    if (!diagnostics.has_errors()) return;
    std::cerr << render_diagnostics(diagnostics.all(), sources, {});
    std::abort();
  }
};

void expect_place(const SourceMap& sources, const Span& place) {
  if (!place.source.valid()) return;
  if (place.begin > place.end || place.end > sources.text(place.source).size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Compiled compiled;
  const std::string text(reinterpret_cast<const char*>(data), size);
  SourceMap sources = compiled.sources;
  engine::RunOptions options;
  options.show = engine::Show::rounding;
  options.max_findings = 40;
  options.load.open = [&](const std::string&) -> Result<std::string, std::string> { return text; };
  const engine::RunResult result = engine::run(sources, compiled.program, options);

  for (const Finding& finding : result.findings) {
    expect_place(sources, finding.place);
    for (const CellEvidence& cell : finding.cells) expect_place(sources, cell.span);
  }
  const Summary& summary = result.summary;
  if (summary.complete != result.failures.empty()) std::abort();
  if (summary.errors + summary.warnings + summary.infos != result.findings.size() + summary.truncated) std::abort();
  if (summary.figures_checked > summary.figures) std::abort();
  // To draw takes longest: one language for each input.
  const RenderOptions render{.language = std::hash<std::string>()(text) % 2 == 0 ? Language::english : Language::japanese};
  for (const Format& format : formats()) {
    Sink nowhere([](std::string_view) { return true; });
    format.render(nowhere, result, sources, render);
  }
  (void)render_diagnostics(result.failures, sources, render);
  (void)render_summary(summary, render);
  return 0;
}
