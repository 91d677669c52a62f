#include "diag/html_data.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "diag/evidence_text.hpp"
#include "diag/excerpt.hpp"
#include "diag/visible.hpp"

namespace kenzan {
namespace {

constexpr std::size_t no_rule = ~std::size_t{0};
constexpr std::size_t pointed_at_flag = 16;  ///< in a cell's state

/// One block, `<` escaped: in JSON it stands in texts only.
class Block {
 public:
  Block(Sink& sink, const std::string& id) : sink_(sink), json_(text_, JsonWriter::Layout::dense) {
    sink.text().append("<script type=\"application/json\" id=\"").append(id).append("\">");
  }
  Block(const Block&) = delete;
  Block& operator=(const Block&) = delete;
  ~Block() {
    flush();
    sink_.text().append("</script>\n");
  }
  JsonWriter& json() { return json_; }
  void flush() {
    std::string& out = sink_.text();
    for (std::size_t at = 0; at < text_.size();) {
      const std::size_t end = std::min(text_.find('<', at), text_.size());
      out.append(text_, at, end - at);
      if (end < text_.size()) out.append("\\u003c");
      at = end + 1;
    }
    text_.clear();
    sink_.pass_on();
  }

 private:
  Sink& sink_;
  std::string text_;
  JsonWriter json_;
};

void write_text(JsonWriter& json, std::string_view text) { json.text(visible(text)); }

void write_texts(JsonWriter& json, const std::vector<std::string>& texts) {
  json.open('[');
  for (const std::string& text : texts) write_text(json, text);
  json.close(']');
}

void write_pairs(JsonWriter& json, const std::vector<std::pair<std::string, std::string>>& pairs) {
  json.open('[');
  for (const auto& [name, label] : pairs) write_texts(json, {name, label});
  json.close(']');
}

/// Which ends of an interval belong to it: 1 the low one, 2 the high one.
std::size_t closed(bool low, bool high) { return (low ? 1U : 0U) + (high ? 2U : 0U); }

/// [value] or [value, low, high, closed, unit].
void write_quantity(JsonWriter& json, const Quantity& quantity) {
  json.open('[');
  write_text(json, quantity.value);
  if (quantity.numeric) {
    json.text(quantity.low);
    json.text(quantity.high);
    json.number(closed(quantity.low_closed, quantity.high_closed));
    write_text(json, quantity.unit);
  }
  json.close(']');
}

/// In both languages, as [english, japanese]; as one text where they are the same.
void write_both(JsonWriter& json, const std::string& english, const std::string& japanese) {
  if (english == japanese) return write_text(json, english);
  write_texts(json, {english, japanese});
}

void write_messages(JsonWriter& json, const std::vector<Message>& messages) {
  json.open('[');
  for (const Message& message : messages) write_both(json, draw(message, Language::english), draw(message, Language::japanese));
  json.close(']');
}

/// Where a cell stands, for people: `t.csv:4:4`, or an address in a spreadsheet behind its file.
std::string place_of(const CellEvidence& cell, const SourceMap& sources) {
  if (!cell.span.source.valid()) return {};
  if (!cell.address.empty()) return std::string(sources.path(cell.span.source)).append(" ").append(cell.address);
  return place_text(sources, cell.span);
}

/// A cell that stands in no row of the page: written out.
void write_whole_cell(JsonWriter& json, const CellEvidence& cell, const SourceMap& sources) {
  json.open('{');
  json.key("role").text(cell.role);
  json.key("table"), write_text(json, cell.table);
  json.key("field"), write_text(json, cell.field);
  json.key("key"), write_pairs(json, cell.key);
  json.key("text"), write_text(json, cell.text);
  json.key("at"), write_text(json, place_of(cell, sources));
  if (!cell.mark.empty()) json.key("mark").text(cell.mark);
  if (!cell.low.empty()) {
    json.key("low").text(cell.low);
    json.key("high").text(cell.high);
    json.key("closed").number(closed(cell.low_closed, cell.high_closed));
    json.key("unit"), write_text(json, cell.unit);
  }
  json.close('}');
}

/// The smallest change that a rule is sure to see, [least, most, unit]; [true] if it is told on one side only, [false] if not measured.
void write_sees(JsonWriter& json, const RuleCoverage& rule) {
  json.open('[');
  if (rule.least) {
    json.text(*rule.least);
    json.text(*rule.most);
    write_text(json, rule.unit);
  } else {
    json.boolean(rule.one_sided);
  }
  json.close(']');
}

/// [what happened, tried, seen] by kind.
void write_slips(JsonWriter& json, const std::vector<SlipCoverage>& slips) {
  json.open('[');
  for (const SlipCoverage& slip : slips) {
    if (slip.tried == 0) continue;
    json.open('[');
    write_both(json, draw(say(slip.words), Language::english), draw(say(slip.words), Language::japanese));
    json.number(slip.tried);
    json.number(slip.seen);
    json.close(']');
  }
  json.close(']');
}

}  // namespace

std::size_t HtmlData::Table::rows_a_block() const {
  return std::max<std::size_t>(1, cells_a_block / std::max<std::size_t>(1, view->columns().size()));
}

bool HtmlData::Table::has(std::uint32_t row) const { return whole ? row < view->rows() : std::ranges::binary_search(rows, row); }

HtmlData::HtmlData(const Report& report, const SourceMap& sources) : report_(report), sources_(sources) {
  for (const auto& view : report.tables) tables_.push_back({view.get()});

  std::vector<std::size_t> by_size(tables_.size());
  std::iota(by_size.begin(), by_size.end(), std::size_t{0});
  const auto cells = [&](std::size_t i) { return tables_[i].view->rows() * tables_[i].view->columns().size(); };
  std::ranges::stable_sort(by_size, {}, cells);
  std::size_t left = most_cells;
  for (const std::size_t i : by_size) {
    tables_[i].whole = cells(i) <= left;
    left -= tables_[i].whole ? cells(i) : left;
  }

  for (std::size_t i = 0; i < report.rules.size(); ++i) rules_.emplace(report.rules[i].name, i);
  if (report.coverage) {
    sees_.resize(report.rules.size());
    auto judged = report.coverage->rules.begin();
    for (std::size_t i = 0; i < report.rules.size() && judged != report.coverage->rules.end(); ++i) {
      if (report.rules[i].evaluated) sees_[i] = &*judged++;
    }
    for (const FigureCoverage& figure : report.coverage->figures) {
      const TablePlace& place = figure.cell.place;
      if (place.table >= tables_.size()) continue;
      Table& table = tables_[place.table];
      const std::size_t nth = ++table.holds[static_cast<std::size_t>(figure.hold)];
      if (!table.whole && figure.hold == Hold::unchecked && nth <= most_unchecked) table.rows.push_back(place.row);
    }
  }
  covered_.resize(report.waivers.size());
  instances_ = report.findings.size() + std::min(most_unlisted, report.unlisted.size());
  for (std::size_t i = 0; i < instances_; ++i) {
    const Finding finding = report_.instance(i);
    const auto rule = rules_.find(finding.rule);
    rule_of_.push_back(rule == rules_.end() ? no_rule : rule->second);
    if (i >= report.findings.size()) continue;
    for (std::size_t w = 0; w < covered_.size(); ++w) {
      const WaiverOutcome& waiver = report.waivers[w];
      if (finding.waiver && kenzan::name_of(finding) == waiver.name && finding.waiver->until == waiver.waiver.until &&
          finding.waiver->because == waiver.waiver.because && finding.waiver->by == waiver.waiver.by)
        ++covered_[w];
    }
    for (std::size_t c = 0; c < finding.cells.size(); ++c) {
      const TablePlace& place = finding.cells[c].place;
      if (place.table >= tables_.size()) continue;
      Table& table = tables_[place.table];
      if (!table.whole) table.rows.push_back(place.row);
      if (finding.primary == c) table.pointed_at.emplace_back(place.row, place.column);
    }
  }
  for (Table& table : tables_) {
    std::ranges::sort(table.rows);
    table.rows.erase(std::ranges::unique(table.rows).begin(), table.rows.end());
    std::ranges::sort(table.pointed_at);
  }
}

void HtmlData::write_first(Sink& sink, const RenderOptions& options) const {
  {
    Block block(sink, "head");
    JsonWriter& json = block.json();
    json.open('{');
    json.key("language").text(options.language == Language::japanese ? "ja" : "en");
    json.key("findings").number(report_.findings.size());
    json.key("instances").number(instances_);
    json.key("instancesLeftOut").number(report_.findings.size() + report_.unlisted.size() - instances_);
    json.key("findingsABlock").number(findings_a_block);
    json.key("interrupted").boolean(report_.summary.interrupted);
    json.key("coverage").boolean(report_.coverage.has_value());
    json.key("mostUnchecked").number(most_unchecked);
    if (report_.coverage && !report_.coverage->slips.empty()) json.key("slips"), write_slips(json, report_.coverage->slips);
    json.key("tables").open('[');
    for (const Table& table : tables_) {
      json.open('{');
      json.key("name"), write_text(json, table.view->name());
      json.key("files"), write_texts(json, table.view->files());
      json.key("columns").open('[');
      for (const TableColumn& column : table.view->columns()) {
        json.open('{');
        json.key("field"), write_text(json, column.field);
        json.key("across"), write_text(json, column.across);
        json.key("unit"), write_text(json, column.unit);
        json.key("figure").boolean(column.figure);
        json.close('}');
      }
      json.close(']');
      json.key("rows").number(table.view->rows());
      json.key("written").number(table.written());
      if (report_.coverage) {
        json.key("holds").open('[');
        for (const std::size_t count : table.holds) json.number(count);
        json.close(']');
      }
      json.key("rowsABlock").number(table.rows_a_block());
      json.key("firstRows").open('[');
      for (std::size_t i = 0; i < table.written(); i += table.rows_a_block()) json.number(table.row(i));
      json.close(']');
      json.close('}');
      block.flush();
    }
    json.close(']');
    json.key("rules").open('[');
    for (std::size_t r = 0; r < report_.rules.size(); ++r) {
      const RuleOutcome& rule = report_.rules[r];
      json.open('{');
      json.key("name"), write_text(json, rule.name);
      json.key("title"), write_text(json, rule.title);
      json.key("source"), write_text(json, rule.source);
      json.key("tags"), write_texts(json, rule.tags);
      json.key("severity").text(name_of(rule.severity));
      json.key("at").text(rule.place.source.valid() ? place_text(sources_, rule.place) : "");
      json.key("text").open('[');  // the lines of its declaration
      if (rule.whole.source.valid()) {
        const std::uint32_t last = sources_.position(rule.whole.source, std::max(rule.whole.end, rule.whole.begin + 1) - 1).line;
        for (std::uint32_t line = sources_.position(rule.whole.source, rule.whole.begin).line; line <= last; ++line)
          write_text(json, sources_.line(rule.whole.source, line));
      }
      json.close(']');
      json.key("selected").boolean(rule.selected);
      json.key("evaluated").boolean(rule.evaluated);
      json.key("instances").number(rule.instances);
      json.key("verdicts").open('[');
      for (const std::size_t count : rule.verdicts) json.number(count);
      json.close(']');
      if (report_.coverage && sees_[r] != nullptr && sees_[r]->figures > 0) json.key("sees"), write_sees(json, *sees_[r]);
      json.close('}');
      block.flush();
    }
    json.close(']');
    json.key("waivers").open('[');
    for (std::size_t w = 0; w < report_.waivers.size(); ++w) {
      const WaiverOutcome& waiver = report_.waivers[w];
      json.open('{');
      json.key("name"), write_text(json, waiver.name);
      json.key("labels"), write_pairs(json, waiver.at);
      json.key("until"), write_text(json, waiver.waiver.until);
      json.key("because"), write_text(json, waiver.waiver.because);
      json.key("by"), write_text(json, waiver.waiver.by);
      json.key("at").text(waiver.place.source.valid() ? place_text(sources_, waiver.place) : "");
      json.key("expired").boolean(waiver.expired);
      json.key("covers").number(covered_[w]);
      json.close('}');
    }
    json.close(']');
    json.key("inputs").open('[');
    for (const InputDigest& input : report_.inputs) {
      json.open('{');
      json.key("path"), write_text(json, input.path);
      json.key("rules").boolean(input.rules);
      json.key("bytes").number(input.bytes);
      json.key("sha256").text(input.sha256);
      json.close('}');
    }
    json.close(']');
    json.close('}');
  }
  write_findings(sink, 0);
}

void HtmlData::write_rest(Sink& sink) const {
  for (std::size_t t = 0; t < tables_.size(); ++t) {
    for (std::size_t b = 0; b * tables_[t].rows_a_block() < tables_[t].written(); ++b) {
      write_rows(sink, t, b);
      if (report_.coverage) write_holds(sink, t, b);
    }
  }
  write_rules(sink);
  for (std::size_t b = 1; b * findings_a_block < instances_; ++b) write_findings(sink, b);
}

// A cell that stands in a row of the page is a reference: [role, table, row, column].
void HtmlData::write_cell(JsonWriter& json, const CellEvidence& cell) const {
  const TablePlace& place = cell.place;
  if (place.table >= tables_.size() || !tables_[place.table].has(place.row)) return write_whole_cell(json, cell, sources_);
  json.open('[');
  json.text(cell.role);
  for (const std::uint32_t index : {place.table, place.row, place.column}) json.number(index);
  json.close(']');
}

void HtmlData::write_findings(Sink& sink, std::size_t number) const {
  Block block(sink, "findings-" + std::to_string(number));
  JsonWriter& json = block.json();
  json.open('[');
  const std::size_t end = std::min(instances_, (number + 1) * findings_a_block);
  for (std::size_t i = number * findings_a_block; i < end; ++i) {
    const Finding finding = report_.instance(i);
    json.open('{');
    if (rule_of_[i] != no_rule)
      json.key("rule").number(rule_of_[i]);
    else
      json.key("code"), write_text(json, kenzan::name_of(finding));
    json.key("severity").text(name_of(finding.severity));
    if (finding.verdict) json.key("verdict").number(static_cast<std::size_t>(*finding.verdict));
    if (finding.waived) {
      json.key("waived");
      write_both(json, waiver_text(finding, Language::english), waiver_text(finding, Language::japanese));
    }
    if (!finding.instance.empty()) json.key("instance"), write_pairs(json, finding.instance);
    json.key("message");
    write_both(json, message_text(finding, Language::english), message_text(finding, Language::japanese));
    if (const Span place = kenzan::place_of(finding); place.source.valid()) json.key("at").text(place_text(sources_, place));
    if (finding.left) json.key("left"), write_quantity(json, *finding.left);
    if (finding.right) json.key("right"), write_quantity(json, *finding.right);
    if (!finding.relation.empty()) json.key("relation").text(finding.relation);
    if (finding.gap) json.key("gap").text(*finding.gap);
    json.key("cells").open('[');
    for (const CellEvidence& cell : finding.cells) write_cell(json, cell);
    json.close(']');
    if (finding.cells_omitted > 0) json.key("cellsOmitted").number(finding.cells_omitted);
    if (finding.primary) json.key("primary").number(*finding.primary);
    if (finding.parts) json.key("parts").boolean(true);
    if (!finding.notes.empty()) json.key("notes"), write_messages(json, finding.notes);
    if (!finding.helps.empty()) json.key("helps"), write_messages(json, finding.helps);
    if (!finding.suggestions.empty()) {
      json.key("suggestions").open('[');
      for (const Suggestion& suggestion : finding.suggestions) {
        json.open('[');
        write_cell(json, suggestion.cell);
        write_both(json, draw(suggestion.message, Language::english), draw(suggestion.message, Language::japanese));
        json.close(']');
      }
      json.close(']');
    }
    json.close('}');
    block.flush();
  }
  json.close(']');
}

// A row is [number, kept, key, cells]; a cell is a text, or [text, state, instances, how many more of these, place, mark, low, high,
// closed], of which what there is not is left out at the end.
void HtmlData::write_rows(Sink& sink, std::size_t number, std::size_t which) const {
  const Table& table = tables_[number];
  const TableView& view = *table.view;
  Block block(sink, "rows-" + std::to_string(number) + "-" + std::to_string(which));
  JsonWriter& json = block.json();
  json.open('[');
  const std::size_t end = std::min(table.written(), (which + 1) * table.rows_a_block());
  for (std::size_t i = which * table.rows_a_block(); i < end; ++i) {
    const std::uint32_t row = table.row(i);
    std::vector<CellView> cells;
    for (std::size_t c = 0; c < view.columns().size(); ++c) cells.push_back(view.cell(row, c));
    json.open('[');
    json.number(row);
    json.number(view.kept(row) ? 1 : 0);
    std::vector<std::pair<std::string, std::string>> key;
    if (!cells.empty()) key = cells[0].evidence.key;
    if (!key.empty() && !view.columns()[0].across.empty()) key.pop_back();
    write_pairs(json, key);
    json.open('[');
    for (std::uint32_t c = 0; c < cells.size(); ++c) {
      const CellView& cell = cells[c];
      const CellEvidence& evidence = cell.evidence;
      if (cell.state == CellState::label && cell.instances.empty()) {
        write_text(json, evidence.text);
        continue;
      }
      json.open('[');
      write_text(json, evidence.text);
      const bool pointed_at = std::ranges::binary_search(table.pointed_at, std::pair(row, c));
      json.number(static_cast<std::size_t>(cell.state) + (pointed_at ? pointed_at_flag : 0));
      json.open('[');
      std::size_t written = 0;
      while (written < std::min(cell.instances.size(), most_instances) && cell.instances[written] < instances_)
        json.number(cell.instances[written++]);
      json.close(']');
      json.number(cell.instances.size() - written);
      write_text(json, place_of(evidence, sources_));
      if (!evidence.mark.empty() || !evidence.low.empty()) json.text(evidence.mark);
      if (!evidence.low.empty()) {
        json.text(evidence.low);
        json.text(evidence.high);
        json.number(closed(evidence.low_closed, evidence.high_closed));
      }
      json.close(']');
    }
    json.close(']');
    json.close(']');
    block.flush();
  }
  json.close(']');
}

// A row has an element for each column: [] where no figure is, else [hold, rules, low, high, closed], without ends where it has none.
void HtmlData::write_holds(Sink& sink, std::size_t number, std::size_t which) const {
  const Table& table = tables_[number];
  const std::vector<FigureCoverage>& figures = report_.coverage->figures;
  const auto place_of_figure = [](const FigureCoverage& figure) {
    const TablePlace& place = figure.cell.place;
    return std::tuple(place.table, place.row, place.column);
  };
  Block block(sink, "holds-" + std::to_string(number) + "-" + std::to_string(which));
  JsonWriter& json = block.json();
  json.open('[');
  const std::size_t end = std::min(table.written(), (which + 1) * table.rows_a_block());
  for (std::size_t i = which * table.rows_a_block(); i < end; ++i) {
    json.open('[');
    for (std::uint32_t c = 0; c < table.view->columns().size(); ++c) {
      json.open('[');
      const std::tuple place(static_cast<std::uint32_t>(number), table.row(i), c);
      const auto figure = std::ranges::lower_bound(figures, place, {}, place_of_figure);
      if (figure != figures.end() && place_of_figure(*figure) == place) {
        json.number(static_cast<std::size_t>(figure->hold));
        json.open('[');
        for (const std::string& rule : figure->rules) json.number(rules_.at(rule));
        json.close(']');
        if (figure->hold == Hold::pinned || figure->hold == Hold::bounded) {
          json.text(figure->low);
          json.text(figure->high);
          json.number(closed(figure->low_closed, figure->high_closed));
        }
      }
      json.close(']');
    }
    json.close(']');
    block.flush();
  }
  json.close(']');
}

void HtmlData::write_rules(Sink& sink) const {
  std::vector<std::vector<std::size_t>> runs(report_.rules.size());
  for (std::size_t i = 0; i < instances_; ++i) {
    if (rule_of_[i] == no_rule) continue;
    std::vector<std::size_t>& own = runs[rule_of_[i]];
    if (!own.empty() && own[own.size() - 2] + own.back() == i)
      ++own.back();
    else
      own.insert(own.end(), {i, 1});
  }
  for (std::size_t r = 0; r < runs.size(); ++r) {
    Block block(sink, "rule-instances-" + std::to_string(r));
    JsonWriter& json = block.json();
    json.open('[');
    for (const std::size_t number : runs[r]) json.number(number);
    json.close(']');
  }
}

}  // namespace kenzan
