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

/// How often a text holds another.
[[nodiscard]] inline std::size_t count(std::string_view text, std::string_view what) {
  std::size_t out = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != text.npos; at += what.size()) ++out;
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
