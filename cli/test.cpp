// `kenzan test`: runs the `test` blocks of rule files.
#include "cli/test.hpp"

#include <unistd.h>

#include "cli/prepare.hpp"
#include "diag/visible.hpp"
#include "engine/rule_tests.hpp"

namespace kenzan::cli {

int test(const ProgramOptions& options) {
  const std::unique_ptr<Prepared> prepared = prepare(options);
  if (!prepared) return 2;
  const RenderOptions render{prepared->language, colored(options.color, STDOUT_FILENO)};
  const char* const green = render.color ? "\x1b[1;32m" : "";
  const char* const red = render.color ? "\x1b[1;31m" : "";
  const char* const reset = render.color ? "\x1b[0m" : "";
  std::size_t passed = 0, failed = 0, warnings = 0;
  bool written = true, interrupted = false, incomplete = false;
  const auto report = [&](const engine::TestOutcome& outcome) {
    const bool ok = outcome.failures.empty();
    ++(ok ? passed : failed);
    incomplete = incomplete || outcome.incomplete;
    warnings += outcome.warnings.size();
    std::string text = (ok ? std::string(green) + "ok" : std::string(red) + "FAILED") + reset + (ok ? "      " : "  ") +
                       visible(outcome.test->name) + "\n";
    for (const auto* some : {&outcome.failures, &outcome.warnings}) {
      if (!some->empty()) text += render_diagnostics(*some, prepared->sources, render) + "\n";
    }
    written = print(text) && written;
  };
  watched(*prepared, [&](const engine::RunOptions& run) {
    try {
      engine::run_tests(prepared->sources, prepared->program, run, report);
    } catch (const engine::Stopped&) {
      interrupted = true;
    }
  });
  const std::size_t all = prepared->program.tests.size();
  const MessageId id = interrupted ? MessageId::tests_interrupted : MessageId::tests_summary;
  tell(draw(say(id, {{"count", std::to_string(all)},
                     {"passed", std::to_string(passed)},
                     {"failed", std::to_string(failed)},
                     {"warnings", std::to_string(warnings)}}),
            prepared->language) +
       "\n");
  if (interrupted) return 130;
  if (!written || incomplete) return 2;
  return failed > 0 ? 1 : 0;
}

}  // namespace kenzan::cli
