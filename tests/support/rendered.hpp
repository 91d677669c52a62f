// A whole report as the bytes of a format.
#pragma once
#include <string>
#include <string_view>

#include "diag/format.hpp"

namespace kenzan::test {

[[nodiscard]] inline std::string rendered(decltype(Format::render) render, const Report& report, const SourceMap& sources,
                                          const RenderOptions& options = {}) {
  std::string out;
  Sink sink([&out](std::string_view piece) {
    out.append(piece);
    return true;
  });
  render(sink, report, sources, options);
  sink.finish();
  return out;
}

/// A report of findings and nothing else.
[[nodiscard]] inline Report report_of(std::vector<Finding> findings, const Summary& summary = {}) {
  Report out;
  out.findings = std::move(findings);
  out.summary = summary;
  return out;
}

}  // namespace kenzan::test
