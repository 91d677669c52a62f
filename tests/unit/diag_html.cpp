// What a browser need not be asked about the HTML format: that the page stands alone, and that no data becomes markup.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "diag_sample.hpp"

namespace kenzan {
namespace {

using nlohmann::json;
using sample::Sample;
using test::count;
using test::rendered;
using test::report_of;

/// A block of the page's data.
json block(const std::string& page, const std::string& id) {
  const std::string begin = "<script type=\"application/json\" id=\"" + id + "\">";
  const std::size_t at = page.find(begin);
  if (at == page.npos) return nullptr;
  return json::parse(page.substr(at + begin.size(), page.find("</script>", at) - at - begin.size()));
}

/// One table of one column, all of whose cells read alike.
class Rows : public TableView {
 public:
  explicit Rows(std::size_t rows, std::string text = "1.5") : rows_(rows), text_(std::move(text)) {
    columns_.push_back({"金額", "", "億円", true});
  }
  [[nodiscard]] std::string_view name() const override { return "t"; }
  [[nodiscard]] std::vector<std::string> files() const override { return {"t.csv"}; }
  [[nodiscard]] const std::vector<TableColumn>& columns() const override { return columns_; }
  [[nodiscard]] std::size_t rows() const override { return rows_; }
  [[nodiscard]] bool kept(std::size_t) const override { return true; }
  [[nodiscard]] CellView cell(std::size_t row, std::size_t) const override {
    CellView out;
    out.evidence.text = text_;
    out.evidence.place = {0, 0, static_cast<std::uint32_t>(row)};
    out.state = CellState::exact;
    return out;
  }

 private:
  std::size_t rows_;
  std::string text_;
  std::vector<TableColumn> columns_;
};

TEST(Html, StandsAlone) {
  const Sample s;
  const std::string page = rendered(render_html, report_of({s.finding}), s.sources);
  for (const char* beyond : {"http:", "https:", "//www", " src=", "url(", "@import", "<link", "innerHTML"})
    EXPECT_EQ(page.find(beyond), page.npos) << beyond;
  EXPECT_NE(page.find("default-src 'none'"), page.npos);
  EXPECT_EQ(page, rendered(render_html, report_of({s.finding}), s.sources));
  EXPECT_EQ(page.find("{{"), page.npos) << "a placeholder without a value";
}

TEST(Html, DataEndsNoScript) {
  const std::string hostile = "</script><b onclick=\"x()\">&<!--";
  Sample s;
  const std::string clean = rendered(render_html, report_of({s.finding}), s.sources);
  s.finding.rule = s.finding.title = s.finding.source = *s.finding.custom_message = hostile;
  s.finding.cells[0].text = s.finding.cells[0].field = s.finding.left->unit = hostile;
  s.finding.cells[0].key = {{hostile, hostile}};
  s.finding.instance = {{hostile, hostile}};
  Report report = report_of({s.finding});
  report.tables.push_back(std::make_unique<Rows>(3, hostile));
  report.rules.push_back({.name = hostile, .title = hostile, .source = hostile, .tags = {hostile}, .selected = false});
  report.waivers.push_back({hostile, {{"", hostile}}, {hostile, hostile, hostile}, {}, false});
  report.inputs.push_back({hostile, false, 1, hostile});
  report.failures.push_back({.message = say(MessageId::cell_without_row, {{"key", hostile}, {"table", hostile}})});
  const std::string page = rendered(render_html, report, s.sources);
  EXPECT_EQ(page.find("<b onclick"), page.npos);
  EXPECT_EQ(count(page, "<script"), count(page, "</script>"));
  EXPECT_EQ(count(page, "<!--"), count(clean, "<!--"));
  EXPECT_EQ(block(page, "findings-0")[0]["message"], hostile);
  EXPECT_EQ(block(page, "rows-0-0")[0][3][0][0], hostile);
}

TEST(Html, BeginsInTheLanguageOfTheRun) {
  const Sample s;
  const Report report = report_of({s.finding});
  EXPECT_NE(rendered(render_html, report, s.sources, {Language::japanese}).find("<html lang=\"ja\">"), std::string::npos);
  EXPECT_NE(rendered(render_html, report, s.sources, {Language::english}).find("<html lang=\"en\">"), std::string::npos);
}

TEST(Html, SaysTheVerdict) {
  const SourceMap sources;
  const auto verdict = [&](bool complete, std::size_t errors) {
    Summary summary;
    summary.complete = complete;
    summary.errors = errors;
    const std::string page = rendered(render_html, report_of({}, summary), sources);
    EXPECT_EQ(count(page, "<h1"), 1U);
    const std::size_t at = page.find("class=\"verdict ") + 15;
    return page.substr(at, page.find('"', at) - at);
  };
  EXPECT_EQ(verdict(true, 0), "passed");
  EXPECT_EQ(verdict(true, 1), "failed");
  EXPECT_EQ(verdict(false, 0), "incomplete");
  EXPECT_EQ(verdict(false, 1), "incomplete");
}

// Cells that stand in a row of the page are references; others are written out, so that no evidence is lost with a row.
TEST(Html, LeavesOutRowsOfVeryLargeTablesButNoneThatAFindingReads) {
  Sample s;
  s.finding.cells[0].place = {0, 0, 250'000};
  Finding holds = s.finding;
  holds.cells[0].place.row = 7;
  Report report = report_of({s.finding});
  report.unlisted.push_back(holds);
  report.tables.push_back(std::make_unique<Rows>(300'000));
  const std::string page = rendered(render_html, report, s.sources);
  const json head = block(page, "head");
  EXPECT_EQ(head["tables"][0]["rows"], 300'000);
  EXPECT_EQ(head["tables"][0]["written"], 1);
  EXPECT_EQ(head["tables"][0]["firstRows"], json::array({250'000}));
  EXPECT_EQ(block(page, "rows-0-0")[0][0], 250'000);
  const json instances = block(page, "findings-0");
  EXPECT_EQ(instances[0]["cells"][0], json::array({"left", 0, 250'000, 0}));
  EXPECT_EQ(instances[1]["cells"][0]["text"], "25.9");
}

FigureCoverage figure(std::uint32_t row, Hold hold) {  // NOLINT
  FigureCoverage out;
  out.cell.place = {0, 0, row};
  out.hold = hold;
  out.low = hold == Hold::pinned ? "1.4" : "-inf";
  out.high = "1.6";
  out.high_closed = true;
  if (hold != Hold::unchecked) out.rules = {"r"};
  return out;
}

// Counts are of all figures; what rules leave of each stands beside the rows that are written.
TEST(Html, ShowsHowFirmlyFiguresAreHeld) {
  const Sample s;
  Report report = report_of({s.finding});
  report.tables.push_back(std::make_unique<Rows>(4));
  report.rules.push_back({.name = "not-judged"});
  report.rules.push_back({.name = "r", .evaluated = true});
  const std::string without = rendered(render_html, report, s.sources);
  EXPECT_FALSE(block(without, "head")["coverage"]);
  EXPECT_EQ(block(without, "holds-0-0"), nullptr);
  Coverage& coverage = report.coverage.emplace();
  coverage.figures = {figure(0, Hold::pinned), figure(1, Hold::bounded), figure(3, Hold::unchecked)};  // row 2 is blank
  coverage.rules.push_back({.rule = "r", .instances = 1, .figures = 2, .least = "0.1", .most = "0.2", .unit = "億円"});
  coverage.slips.push_back({"swapped", MessageId::slip_swapped, 8, 3});
  const std::string page = rendered(render_html, report, s.sources);
  EXPECT_NE(page.find("2 of 3 figures are checked by a rule: 66.6 %"), page.npos);
  const json head = block(page, "head");
  EXPECT_TRUE(head["coverage"]);
  EXPECT_EQ(head["tables"][0]["holds"], json({1, 1, 0, 1}));
  EXPECT_FALSE(head["rules"][0].contains("sees"));
  EXPECT_EQ(head["rules"][1]["sees"], json({"0.1", "0.2", "億円"}));
  EXPECT_EQ(head["slips"][0][1], 8);
  EXPECT_EQ(block(page, "holds-0-0"), json::parse(R"([[[0,[1],"1.4","1.6",2]],[[1,[1],"-inf","1.6",2]],[[]],[[3,[]]]])"));
}

TEST(Html, HasTheFirstUncheckedFiguresOfVeryLargeTables) {
  Report report = report_of({});
  report.tables.push_back(std::make_unique<Rows>(300'000));
  Coverage& coverage = report.coverage.emplace();
  for (std::uint32_t row = 0; row < 300'000; ++row) {
    coverage.figures.push_back(figure(row, row % 100 == 1 ? Hold::unchecked : Hold::loose));
    coverage.figures.back().rules.clear();
  }
  const std::string page = rendered(render_html, report, SourceMap());
  const json table = block(page, "head")["tables"][0];
  EXPECT_EQ(table["holds"], json({0, 0, 297'000, 3'000}));
  EXPECT_EQ(table["written"], 2'000);
  EXPECT_EQ(block(page, "rows-0-0")[1][0], 101);
  EXPECT_EQ(block(page, "holds-0-0")[1], json::parse("[[3,[]]]"));
}

}  // namespace
}  // namespace kenzan
