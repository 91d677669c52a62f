#include "engine/rule_tests.hpp"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "diag/csv_text.hpp"
#include "diag/evidence_text.hpp"
#include "engine/explain/message.hpp"
#include "engine/fix/edits.hpp"
#include "engine/reference/reference.hpp"
#include "engine/silence.hpp"

namespace kenzan::engine {
namespace {

using Texts = std::map<std::string, std::string>;  ///< of files, by path

using Edits = std::map<std::string, std::pair<SourceId, std::vector<Edit>>>;  ///< of files, by path

/// Whether it is expected that nothing is wrong: of a harmless change, so that it may be so without it.
bool passes(const dsl::Test::Expectation& expected) {
  return expected.verdict == Verdict::holds || expected.verdict == Verdict::rounding;
}

class Tests {
 public:
  Tests(SourceMap& sources, const dsl::Program& program, const RunOptions& options)
      : sources_(sources), program_(program), options_(options) {
    options_.select.clear();
    options_.ignore.clear();
    options_.show = Show::all;
    options_.max_findings = 0;
    options_.with_suggestions = false;
    options_.load.input = nullptr;  // cells are looked for in files that are held
    options_.load.open = [this](const std::string& path) { return text_of(path); };
  }

  void run(const OpenFile& open, const std::function<void(const TestOutcome&)>& done) {
    open_ = &open;
    read();
    std::set<std::string> all;
    for (const dsl::Test& test : program_.tests) all.merge(names_of(test));
    const RunResult unchanged = run_with({}, std::move(all));
    for (const dsl::Test& test : program_.tests) done(outcome(test, unchanged));
  }

 private:
  /// What a rule or code of a test is called.
  static std::set<std::string> names_of(const dsl::Test& test) {
    std::set<std::string> out;
    for (const dsl::Test::Expectation& each : test.expectations) out.insert(each.rule.empty() ? each.code : each.rule);
    return out;
  }

  Result<std::string, std::string> text_of(const std::string& path) {
    if (const auto changed = changed_.find(path); changed != changed_.end()) return changed->second;
    auto known = read_.find(path);
    if (known == read_.end()) known = read_.emplace(path, (*open_)(path)).first;  // standard input can be read only once
    return known->second;
  }

  /// Reads all tables: a cell that is set may be looked up by the cells of others.
  void read() {
    data_.watch = options_.watch;
    data_.program = &program_;
    data_.sources = &sources_;
    data_.tables.resize(program_.tables.size());
    data_.hierarchies.resize(program_.tables.size());
    LoadReport report;
    for (std::uint32_t i = 0; i < program_.tables.size(); ++i) {
      const dsl::TableId id(i);
      const std::size_t failures = report.failures.size();
      read_table(data_, id, options_.load, report);
      unread_.push_back(report.failures.size() > failures);
      keep_rows(data_, id);
    }
  }

  TestOutcome outcome(const dsl::Test& test, const RunResult& unchanged) {
    TestOutcome out;
    out.test = &test;
    Edits edits;
    for (const dsl::Test::Change& change : test.changes) add_edit(change, edits, out);
    if (!out.failures.empty()) return out;
    const RunResult result = run_with(edits, names_of(test));
    out.failures = result.failures;
    out.incomplete = !result.summary.complete;
    if (out.incomplete) return out;
    for (const dsl::Test::Expectation& each : test.expectations) {
      if (auto found = otherwise(each, result)) {
        Diagnostic failure{Severity::error, std::move(*found), each.span, {}, {}, {}};
        out.failures.push_back(std::move(failure));
      } else if (!test.changes.empty() && !passes(each) && !otherwise(each, unchanged)) {
        out.warnings.push_back({Severity::warning, say(MessageId::met_without_change), each.span, {}, {}, {}});
      }
    }
    return out;
  }

  /// Adds the edit of a change; a failure where there is no such cell.
  void add_edit(const dsl::Test::Change& change, Edits& edits, TestOutcome& out) {
    const auto fail = [&](Message message) {
      out.failures.push_back({Severity::error, std::move(message), change.span, {}, {}, {}});
    };
    const dsl::Access& access = program_[program_[change.cell].access];
    const dsl::Table& declared = program_[access.table];
    if (unread_[access.table.index()]) {
      out.incomplete = true;
      return fail(say(MessageId::table_was_not_read, {{"table", declared.spelling}}));
    }
    MissedCell missed;
    const std::optional<CellRef> cell = find_cell(data_, change.cell, missed);
    if (!cell) {
      const std::string key = instance_text(key_of(data_, missed));
      return fail(key.empty() ? say(MessageId::table_has_no_row, {{"table", declared.spelling}})
                              : say(MessageId::cell_without_row, {{"key", key}, {"table", declared.spelling}}));
    }
    const Table& table = data_.tables[cell->table.index()];
    const bool in_file = !declared.columns[cell->column].from_file && !declared.columns[cell->column].record_number;
    if (!in_file) return fail(say(MessageId::cell_not_in_file, {{"column", declared.columns[cell->column].spelling}}));
    const Span span = table.cell_span(cell->column, cell->part, cell->row);
    const bool in_quotes = stands_in_quotes(sources_.text(span.source), span.begin);
    auto& [source, of_file] = edits[std::string(sources_.path(span.source))];
    source = span.source;
    of_file.push_back({span.begin, span.end, cell_bytes(change.text, in_quotes, table.delimiter)});
  }

  /// Runs with some names selected and some cells changed.
  RunResult run_with(const Edits& edits, std::set<std::string> names) {
    changed_.clear();
    for (const auto& [path, of_file] : edits) changed_.emplace(path, edited(sources_.text(of_file.first), of_file.second));
    options_.select = std::move(names);
    SourceMap sources = sources_;  // so that texts of one test are not kept for the next
    return engine::run(sources, program_, options_);
  }

  /// What there is instead of what was expected; nothing if that was met.
  [[nodiscard]] std::optional<Message> otherwise(const dsl::Test::Expectation& expected, const RunResult& result) const {
    std::size_t counts[verdict_count] = {}, all = 0;
    for (const Finding& finding : result.findings) {
      if (!has_labels(labels_of(finding), expected.at)) continue;
      if (expected.rule.empty()) {
        const bool in_table = !expected.table || (!finding.cells.empty() && finding.cells[finding.primary.value_or(0)].table ==
                                                                                program_[*expected.table].spelling);
        if (finding.code == expected.code && finding.rule.empty() && in_table) return std::nullopt;
      } else if (finding.rule == expected.rule && finding.verdict) {
        ++counts[static_cast<std::size_t>(*finding.verdict)];
        ++all;
      }
    }
    if (expected.rule.empty()) return say(MessageId::expected_code, {{"code", expected.code}});
    const std::size_t met = counts[static_cast<std::size_t>(*expected.verdict)];
    if (*expected.verdict == Verdict::holds ? met > 0 && met == all : met > 0) return std::nullopt;
    if (all == 0) return say(MessageId::expected_but_no_instance, {{"rule", expected.rule}});
    std::string found;
    for (std::size_t i = 0; i < verdict_count; ++i) {
      if (counts[i] == 0) continue;
      found += (found.empty() ? "" : ", ") + std::to_string(counts[i]) + " " + std::string(name_of(static_cast<Verdict>(i)));
    }
    return say(MessageId::expected_verdict,
               {{"rule", expected.rule}, {"verdict", std::string(name_of(*expected.verdict))}, {"found", found}});
  }

  SourceMap& sources_;
  const dsl::Program& program_;
  RunOptions options_;
  const OpenFile* open_ = nullptr;
  std::map<std::string, Result<std::string, std::string>> read_;
  Texts changed_;
  Data data_;
  std::vector<bool> unread_;
};

}  // namespace

void run_tests(SourceMap& sources, const dsl::Program& program, const RunOptions& options,
               const std::function<void(const TestOutcome&)>& done) {
  Tests(sources, program, options).run(options.load.open, done);
}

}  // namespace kenzan::engine
