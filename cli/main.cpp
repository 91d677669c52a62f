// The program: reads its arguments, runs a command, exits.
#include <cstdio>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <exception>
#include <string>
#include <vector>

#include "cli/baseline.hpp"
#include "cli/check.hpp"
#include "cli/coverage.hpp"
#include "cli/evidence.hpp"
#include "cli/explain.hpp"
#include "cli/fix.hpp"
#include "cli/options.hpp"
#include "cli/prepare.hpp"
#include "cli/rules.hpp"
#include "cli/show_config.hpp"
#include "cli/suggest.hpp"
#include "cli/test.hpp"

namespace {

int run(const kenzan::cli::Invocation& invocation) {
  using namespace kenzan::cli;
  switch (invocation.command) {
    case Invocation::Command::check: return check(invocation.check);
    case Invocation::Command::test: return test(invocation.test);
    case Invocation::Command::baseline: return baseline(invocation.baseline);
    case Invocation::Command::explain: return explain(invocation.explain);
    case Invocation::Command::rules: return rules(invocation.rules);
    case Invocation::Command::coverage: return coverage(invocation.coverage);
    case Invocation::Command::fix: return fix(invocation.fix);
    case Invocation::Command::evidence: return evidence(invocation.evidence);
    case Invocation::Command::suggest: return suggest(invocation.suggest);
    case Invocation::Command::config: return show_config(invocation);
    case Invocation::Command::completions: return print(completion_script(invocation.shell)) ? 0 : 2;
    case Invocation::Command::print: return print(invocation.text) ? 0 : 2;
  }
  return 2;
}

}  // namespace

int main(int count, char** values) {
  using namespace kenzan::cli;
#ifdef __GLIBC__
  // Large columns are made and dropped all the time: their memory is kept for the next instead of being asked for again.
  mallopt(M_MMAP_THRESHOLD, 1 << 30);
  mallopt(M_TRIM_THRESHOLD, 1 << 30);
#endif
  const auto invocation = read_arguments(std::vector<std::string>(values + 1, values + count), load_config);
  if (!invocation) {
    std::fwrite(invocation.error().text.data(), 1, invocation.error().text.size(), stderr);
    return 2;
  }
  try {
    return run(*invocation);
  } catch (const std::exception& failure) {  // memory, or a temporary file that cannot be read back
    std::fprintf(stderr, "kenzan: %s\n", failure.what());
    return 2;
  }
}
