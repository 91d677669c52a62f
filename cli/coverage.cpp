// `kenzan coverage`: what the rules would notice: how firmly they hold each figure, and how small a change each of them sees.
#include "cli/coverage.hpp"

#include <unistd.h>

#include <algorithm>

#include "base/rational.hpp"
#include "base/text.hpp"
#include "cli/inputs.hpp"
#include "cli/prepare.hpp"
#include "diag/coverage.hpp"
#include "diag/evidence_text.hpp"
#include "diag/excerpt.hpp"
#include "diag/json_finding.hpp"
#include "diag/render.hpp"
#include "diag/visible.hpp"

namespace kenzan::cli {
namespace {

constexpr std::size_t most_listed = 20;

struct OfTable {
  std::string name;
  HoldCounts counts{};
};

std::vector<OfTable> by_table(const Coverage& coverage) {
  std::vector<OfTable> out;
  for (const FigureCoverage& figure : coverage.figures) {
    if (out.empty() || out.back().name != figure.cell.table) out.push_back({figure.cell.table, {}});
    ++out.back().counts[static_cast<std::size_t>(figure.hold)];
  }
  return out;
}

/// Columns of words; the first is set to the left, the others to the right where they are numbers.
class Columns {
 public:
  explicit Columns(bool numbers) : numbers_(numbers) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  [[nodiscard]] bool empty() const { return rows_.size() < 2; }  ///< but for the head
  void append_to(std::string& out, std::string_view strong, std::string_view reset) const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()));
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], display_width(row[i]));
    }
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      if (r == 0) out.append(strong);
      for (std::size_t i = 0; i < rows_[r].size(); ++i) {
        const std::string& text = rows_[r][i];
        const std::string room(widths[i] - display_width(text), ' ');
        const bool last = i + 1 == rows_[r].size();
        const bool right = i > 0 && (numbers_ || i == 1);
        if (right) out.append(room);
        out.append(text);
        if (!right && !last) out.append(room);
        if (!last) out.append("  ");
      }
      if (r == 0) out.append(reset);
      out.push_back('\n');
    }
  }

 private:
  bool numbers_;
  std::vector<std::vector<std::string>> rows_;
};

class Text {
 public:
  Text(const Coverage& coverage, const Prepared& prepared, bool color) : coverage_(coverage), prepared_(prepared), color_(color) {}

  [[nodiscard]] std::string write(bool whole) const {
    std::string out;
    const std::vector<OfTable> tables = by_table(coverage_);
    Columns figures(true);
    std::vector<std::string> head = {word(MessageId::coverage_table), word(MessageId::coverage_figures)};
    for (std::size_t i = 0; i < hold_count; ++i) head.push_back(word(static_cast<Hold>(i)));
    figures.add(head);
    const auto row = [&](const std::string& name, const HoldCounts& counts) {
      std::vector<std::string> words = {name, std::to_string(all(counts))};
      for (const std::size_t count : counts) words.push_back(std::to_string(count));
      figures.add(words);
    };
    for (const OfTable& table : tables) row(visible(table.name), table.counts);
    if (tables.size() > 1) row(word(MessageId::coverage_total), counts_of(coverage_.figures));
    figures.append_to(out, strong(), reset());

    Columns rules(false);
    rules.add({word(MessageId::coverage_rule), word(MessageId::coverage_figures), word(MessageId::coverage_sees)});
    for (const RuleCoverage& rule : coverage_.rules) {
      if (rule.figures > 0) rules.add({visible(rule.rule), std::to_string(rule.figures), sees(rule)});
    }
    if (!rules.empty()) rules.append_to(out.append("\n"), strong(), reset());

    if (!coverage_.slips.empty()) slips().append_to(out.append("\n"), strong(), reset());

    for (const Hold hold : {Hold::pinned, Hold::bounded, Hold::loose, Hold::unchecked}) {
      if (whole || hold == Hold::unchecked) list(out, hold, whole);
    }
    return out;
  }

 private:
  [[nodiscard]] Columns slips() const {
    Columns out(true);
    std::vector<std::string> head = {word(MessageId::coverage_slip), word(MessageId::coverage_tried),
                                     word(MessageId::coverage_seen), "%"};
    for (const MessageId id :
         {MessageId::coverage_asked, MessageId::coverage_tied, MessageId::coverage_first, MessageId::coverage_in_three}) {
      head.push_back(word(id));
    }
    out.add(std::move(head));
    const auto row = [&](const std::string& name, const SlipCoverage& of) {
      const std::size_t rest = of.asked - of.tied;
      const auto of_rest = [&](std::size_t some) { return rest == 0 ? std::string("—") : share_text(some, rest); };
      out.add({name, std::to_string(of.tried), std::to_string(of.seen), share_text(of.seen, of.tried), std::to_string(of.asked),
               std::to_string(of.tied), of_rest(of.first), of_rest(of.in_three)});
    };
    SlipCoverage total;
    for (const SlipCoverage& each : coverage_.slips) {
      if (each.tried > 0) row(word(each.words), each);
      total.tried += each.tried;
      total.seen += each.seen;
      total.asked += each.asked;
      total.tied += each.tied;
      total.first += each.first;
      total.in_three += each.in_three;
    }
    row(word(MessageId::coverage_total), total);
    return out;
  }

  [[nodiscard]] std::string word(MessageId id) const { return draw(say(id), prepared_.language); }
  [[nodiscard]] std::string word(Hold hold) const {
    switch (hold) {
      case Hold::pinned: return word(MessageId::coverage_pinned);
      case Hold::bounded: return word(MessageId::coverage_bounded);
      case Hold::loose: return word(MessageId::coverage_loose);
      case Hold::unchecked: return word(MessageId::coverage_unchecked);
    }
    return "";
  }
  [[nodiscard]] std::string_view strong() const { return color_ ? "\x1b[1m" : ""; }
  [[nodiscard]] std::string_view reset() const { return color_ ? "\x1b[0m" : ""; }

  [[nodiscard]] std::string sees(const RuleCoverage& rule) const {
    if (rule.least) {
      const std::string least = number_text(*rule.least) + rule.unit, most = number_text(*rule.most) + rule.unit;
      if (least == most) return least;
      return draw(say(MessageId::coverage_from_to, {{"least", least}, {"most", most}}), prepared_.language);
    }
    return word(rule.one_sided ? MessageId::coverage_one_side : MessageId::coverage_not_measured);
  }

  void list(std::string& out, Hold hold, bool whole) const {
    std::vector<const FigureCoverage*> these;
    for (const FigureCoverage& figure : coverage_.figures) {
      if (figure.hold == hold) these.push_back(&figure);
    }
    if (these.empty()) return;
    out.append("\n").append(strong()).append(word(hold)).append(reset()).append(":\n");
    for (std::size_t i = 0; i < these.size(); ++i) {
      if (!whole && i == most_listed) {
        out.append("  … ").append(std::to_string(these.size() - i)).append("\n");
        break;
      }
      const FigureCoverage& figure = *these[i];
      out.append("  ").append(place_text(prepared_.sources, figure.cell.span)).append("  ");
      out.append(visible(name_of(figure.cell)));
      out.append("  ").append(visible(figure.cell.text));
      if (hold == Hold::pinned || hold == Hold::bounded) {
        out.append("  ").append(interval_text(figure.low, figure.high, figure.cell.unit, prepared_.language));
      }
      out.push_back('\n');
    }
  }

  const Coverage& coverage_;
  const Prepared& prepared_;
  bool color_;
};

void write_counts(JsonWriter& json, const HoldCounts& counts) {
  json.key("figures").number(all(counts));
  for (std::size_t i = 0; i < hold_count; ++i) json.key(hold_names[i]).number(counts[i]);
}

std::string as_json(const Coverage& coverage, const Prepared& prepared) {
  std::string out;
  JsonWriter json(out);
  json.open('{');
  json.key("version").number(1);
  json.key("total").open('{');
  write_counts(json, counts_of(coverage.figures));
  json.close('}');
  json.key("tables").open('[');
  for (const OfTable& table : by_table(coverage)) {
    json.open('{');
    json.key("table").text(table.name);
    write_counts(json, table.counts);
    json.close('}');
  }
  json.close(']');
  json.key("rules").open('[');
  for (const RuleCoverage& rule : coverage.rules) {
    json.open('{');
    json.key("rule").text(rule.rule);
    json.key("instances").number(rule.instances);
    json.key("figures").number(rule.figures);
    if (rule.least) {
      json.key("least").text(*rule.least);
      json.key("most").text(*rule.most);
      json.key("unit").text(rule.unit);
    }
    json.key("one_sided").boolean(rule.one_sided);
    json.close('}');
  }
  json.close(']');
  if (!coverage.slips.empty()) {
    json.key("slips").open('[');
    for (const SlipCoverage& slip : coverage.slips) {
      if (slip.tried == 0) continue;
      json.open('{');
      json.key("slip").text(slip.slip);
      json.key("tried").number(slip.tried);
      json.key("seen").number(slip.seen);
      json.key("asked").number(slip.asked);
      json.key("tied").number(slip.tied);
      json.key("first").number(slip.first);
      json.key("in_three").number(slip.in_three);
      json.close('}');
    }
    json.close(']');
  }
  json.key("figures").open('[');
  for (const FigureCoverage& figure : coverage.figures) {
    json.open('{');
    json.key("hold").text(name_of(figure.hold));
    json.key("file").text(figure.cell.span.source.valid() ? prepared.sources.path(figure.cell.span.source) : "");
    json.key("line").number(figure.cell.line);
    json.key("column").number(figure.cell.column);
    json.key("table").text(figure.cell.table);
    json.key("field").text(figure.cell.field);
    json.key("key");
    write_labels(json, figure.cell.key);
    json.key("text").text(figure.cell.text);
    if (figure.hold == Hold::pinned || figure.hold == Hold::bounded) {
      json.key("low").text(figure.low);
      json.key("high").text(figure.high);
      json.key("low_closed").boolean(figure.low_closed);
      json.key("high_closed").boolean(figure.high_closed);
      json.key("unit").text(figure.cell.unit);
    }
    json.texts("rules", figure.rules);
    json.close('}');
  }
  json.close(']');
  json.close('}');
  return out.append("\n");
}

/// Writes what was asked for to each of its places; false if one of them could not be written.
bool write_outputs(const CoverageOptions& options, const Prepared& prepared, const Report& report) {
  bool written = true;
  for (const CoverageOutput& output : options.outputs) {
    const bool color = output.path ? options.color == Color::always : colored(options.color, STDOUT_FILENO);
    written = write_to(output.path,
                       [&](Sink& sink) {
                         switch (output.format) {
                           case CoverageFormat::text:
                             sink.text().append(Text(*report.coverage, prepared, color).write(options.whole));
                             break;
                           case CoverageFormat::json: sink.text().append(as_json(*report.coverage, prepared)); break;
                           case CoverageFormat::html:
                             render_html(sink, report, prepared.sources, {prepared.language, color, KENZAN_VERSION});
                             break;
                         }
                       }) &&
              written;
  }
  return written;
}

}  // namespace

int coverage(const CoverageOptions& options) {
  const std::unique_ptr<Prepared> prepared = prepare(options);
  if (!prepared) return 2;
  prepared->run.with_coverage = true;
  prepared->run.with_slips = options.slips;
  prepared->run.with_tables =
      std::ranges::find(options.outputs, CoverageFormat::html, &CoverageOutput::format) != options.outputs.end();
  prepared->run.with_suggestions = prepared->run.with_tables;
  engine::RunResult result;
  watched(*prepared, [&](const engine::RunOptions& run) { result = engine::run(prepared->sources, prepared->program, run); });
  const RenderOptions render_errors{prepared->language, colored(options.color, STDERR_FILENO)};
  if (!result.failures.empty()) tell(render_diagnostics(result.failures, prepared->sources, render_errors));
  if (result.summary.interrupted) tell("kenzan: interrupted: coverage is not known\n");
  if (result.summary.interrupted || !result.summary.complete) return result.summary.interrupted ? 130 : 2;
  if (prepared->run.with_tables) result.inputs = digests_of(*prepared);
  const bool written = write_outputs(options, *prepared, result);
  const HoldCounts counts = counts_of(result.coverage->figures);
  tell(draw(summary_of(counts), prepared->language) + "\n");
  if (!written) return 2;
  if (!options.fail_under) return 0;
  const bool enough = Rational(checked(counts)) * 100 >= *options.fail_under * Rational(all(counts));
  if (!enough) {
    tell(draw(say(MessageId::coverage_too_little, {{"least", readable(*options.fail_under)}}), prepared->language) + "\n");
  }
  return enough ? 0 : 1;
}

}  // namespace kenzan::cli
