// Any bytes as a baseline: they are read, or the first line that is none has a place in them; what is read is written and read again.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "engine/baseline.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace kenzan;
  SourceMap sources;
  const SourceId source = sources.add("fuzz.jsonl", std::string(reinterpret_cast<const char*>(data), size));
  const auto read = engine::read_baseline(sources, source);
  if (!read) {
    const Span place = read.error().place;
    if (place.source != source || place.begin > place.end || place.end > size) std::abort();
    return 0;
  }
  const auto again = engine::read_baseline(sources, sources.add("again.jsonl", engine::write_baseline(*read)));
  if (!again || again->entries.size() != read->entries.size()) std::abort();
  const engine::BaselineChange change = engine::compare(*read, *again);
  if (change.gone != 0 || !change.added.entries.empty()) std::abort();
  return 0;
}
