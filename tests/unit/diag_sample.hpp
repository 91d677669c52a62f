// The finding of the golden "a total outside what its parts could have been rounded from", by hand.
#pragma once
#include <string>
#include <utility>

#include "diag/finding.hpp"
#include "diag/render.hpp"
#include "tests/support/rendered.hpp"

namespace kenzan::sample {

/// The span of the first `what` in a source.
inline Span find(const SourceMap& sources, SourceId id, std::string_view what) {
  const auto at = static_cast<std::uint32_t>(sources.text(id).find(what));
  return {id, at, at + static_cast<std::uint32_t>(what.size())};
}

inline CellEvidence cell(const SourceMap& sources, SourceId id, std::string role, std::string text, std::string low,
                         std::string high) {
  CellEvidence cell;
  cell.role = std::move(role);
  cell.span = find(sources, id, text);
  cell.table = "t";
  cell.field = "金額";
  cell.text = std::move(text);
  cell.low = std::move(low);
  cell.high = std::move(high);
  cell.unit = "億円";
  return cell;
}

inline Quantity quantity(std::string value, std::string low, std::string high) {
  return {std::move(value), std::move(low), std::move(high), true, false, true, "億円"};
}

struct Sample {
  SourceMap sources;
  SourceId data, rules;
  Finding finding;

  explicit Sample(std::string text = "区分,金額\n年金,13.4\n医療,12.2\n合計,25.9\n") {
    data = sources.add("t.csv", std::move(text));
    rules = sources.add("t.kz", "table t from \"t.csv\"\nrule sum-01 \"合計は内訳の和\" { }\n");
    finding.rule = "sum-01";
    finding.code = "violated";
    finding.verdict = Verdict::violated;
    finding.title = "合計は内訳の和";
    finding.custom_message = "25.9億円 is at least 0.15億円 above its parts";
    finding.source = "概要 注2";
    finding.relation = "=";
    finding.left = quantity("25.9", "25.85", "25.95");
    finding.right = quantity("25.6", "25.5", "25.7");
    finding.gap = "0.15";
    finding.cells = {cell(sources, data, "left", "25.9", "25.85", "25.95"), cell(sources, data, "right", "13.4", "13.35", "13.45"),
                     cell(sources, data, "right", "12.2", "12.15", "12.25")};
    finding.cells[0].key = {{"区分", "合計"}};
    finding.parts = true;
    finding.primary = 0;
    finding.place = finding.cells[0].span;
    finding.rule_place = find(sources, rules, "sum-01");
    finding.fingerprint = "0123abcd";
  }

  [[nodiscard]] std::string text(Language language = Language::english) const {
    return test::rendered(render_text, test::report_of({finding}), sources, {language, false});
  }
};

}  // namespace kenzan::sample
