// Any bytes as a data file that is read in pieces: what is said of it is what is said of the same file held in memory.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "tests/support/golden.hpp"
#include "tests/support/outcome.hpp"

namespace {

using namespace kenzan;

// Tables by position, each asking for one column more, of which the rules ask for sums only.
constexpr std::string_view rules = R"(
table one from "data.csv" { key name  rounded half-up
  name text from 1
  v    億円 from 2 optional >= -5億円 }
table two from "data.csv" { header 0  key a, b  unknown "…", "不明"
  a text from 1 optional alias { "合計" = "計" }
  b text from 2
  v money from 3 optional brackets minus rounded truncated }
table three from "data.csv" { key name, year  rounded half-even
  name text from 1 matches /\S*/
  year integer from 2
  n    integer from 3 optional <= 100
  v    百万円 from 4 optional }
table tabs from "data.tsv" { key name
  name text from 1 in ("a", "計")
  v    百万円 from 1 take /([0-9.]+)/ optional rounded floor }
table totals from "totals.csv" { name text  v 億円  key name  rounded ceiling }
rule named by name of one { vacuous allowed  require sum(one.v) >= totals.v else 3億円 }
rule total { require totals.v[name: "計"] = sum(one.v) }
rule pairs by a of two { vacuous allowed  require sum(two.v) <= sum(one.v) * 2 }
rule cells by a, b { vacuous allowed  require two.v <= sum(two.v over b) }
rule years by year of three { vacuous allowed  require sum(three.v) <= 100億円 and sum(three.n) != 3 }
rule other { require sum(tabs.v) = sum(one.v) }
)";

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::CompiledRules compiled = test::compile_rules(rules);
  constexpr std::size_t most = 1 << 11;  // more takes longer, and shows little more
  size = std::min(size, most);
  const std::string text(reinterpret_cast<const char*>(data), size);
  const test::Files files = {{"data.csv", text}, {"data.tsv", text}, {"totals.csv", "name,v\n計,25.7\na,3\n"}};
  const std::size_t block = size == 0 ? 1 : 1 + data[size / 2];
  const unsigned threads = size == 0 ? 1 : 1 + data[0] % 3U;
  const test::Outcome held = test::outcome_of(compiled, files, {}, engine::Show::rounding);
  const test::Outcome streamed = test::outcome_of(compiled, files, {.block = block, .threads = threads}, engine::Show::rounding);
  if (held.said == streamed.said) return 0;
  std::cerr << "block " << block << ", threads " << threads << "; - held, + in pieces\n"
            << test::line_difference(held.said, streamed.said);
  std::abort();
}
