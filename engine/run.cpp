#include "engine/run.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <utility>

#include "diag/render.hpp"
#include "engine/blame/blame.hpp"
#include "engine/coverage.hpp"
#include "engine/discover/discover.hpp"
#include "engine/explain/explain.hpp"
#include "engine/explaining.hpp"
#include "engine/indexes.hpp"
#include "engine/inventory.hpp"
#include "engine/reference/reference.hpp"
#include "engine/silence.hpp"
#include "engine/solve/joint.hpp"
#include "engine/stream/held_records.hpp"
#include "engine/table/cell_finding.hpp"
#include "engine/threads.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {

namespace {

class Run {
 public:
  Run(SourceMap& sources, const dsl::Program& program, const RunOptions& options) : program_(program), options_(options) {
    data_.watch = options.watch;
    data_.program = &program;
    data_.sources = &sources;
    data_.tables.resize(program.tables.size());
    data_.hierarchies.resize(program.tables.size());
    for (std::size_t i = 0; i < program.rules.size(); ++i) {
      const dsl::Rule& rule = program.rules[i];
      const bool concerned = !options.only || options.only->rules[i];
      result_.summary.unconcerned += concerned ? 0 : 1;
      result_.rules.push_back({.name = rule.name,
                               .title = rule.title,
                               .source = rule.source,
                               .tags = rule.tags,
                               .severity = rule.severity,
                               .place = rule.place,
                               .whole = rule.span,
                               .selected = concerned && selected(rule)});
    }
    for (const dsl::Waiver& waiver : program.waivers) {
      WaiverOutcome& out = result_.waivers.emplace_back();
      out.name = waiver.name;
      for (const dsl::RequiredLabel& label : waiver.at) out.at.emplace_back(label.dim, label.label);
      out.waiver = {waiver.until, waiver.because, waiver.by};
      out.place = waiver.place;
      out.expired = waiver.until < options.as_of;
    }
  }

  RunResult finish() {
    Summary& summary = result_.summary;
    try {
      read_tables();
      check_tables();
      judge_rules();
      if (options_.with_coverage) look_at_coverage(evaluator_->rows());
      if (options_.with_discovery) result_.discovery = discover(data_, evaluator_->rows(), evaluated_rules());
      check_together(evaluator_->rows());
      if (options_.with_suggestions) look_for_slips(evaluator_->rows());
      Explaining explaining(data_, options_, listed_, streamed_, evaluator_->rows(),
                            [this](std::string_view code) { return selected(std::string(code), {}); });
      explaining.explain_all(report_, [this](const Listed& each, Explaining::Said said) { keep(each, std::move(said)); });
    } catch (const Stopped&) {
      summary.interrupted = true;
      data_.watch = {};
      report_half_read();
      summary.truncated = unexplained();
    }
    for (std::size_t i = 0; i < program_.rules.size(); ++i) name_files(program_.rules[i], result_.rules[i]);
    for (const Finding& finding : joint_findings_) report_.findings.push_back(finding);
    for (Finding finding : report_.findings) {
      if (!selected(finding.code, {})) continue;
      locate(finding, *data_.sources);
      result_.findings.push_back(finding);
    }
    report_.findings = {};
    result_.failures = std::move(report_.failures);
    summary.complete = !summary.interrupted && result_.failures.empty();
    result_.findings.sort(*data_.sources);
    const std::size_t found = result_.findings.size();
    const Silencing by{options_.as_of, options_.baseline, [this](const std::string& name) { return evaluated(name); }};
    silence(program_, *data_.sources, by, result_.findings);
    if (result_.findings.size() > found) {
      result_.findings.erase_if([&](const Finding& finding) { return finding.rule.empty() && !selected(finding.code, {}); });
      result_.findings.sort(*data_.sources);
    }
    for (std::size_t i = 0; i < result_.findings.size(); ++i) {
      if (result_.findings.waived(i)) {
        ++summary.waived;
        continue;
      }
      switch (result_.findings.severity(i)) {
        case Severity::error: ++summary.errors; break;
        case Severity::warning: ++summary.warnings; break;
        case Severity::info: ++summary.infos; break;
      }
    }
    result_.unlisted.sort(*data_.sources);
    if (options_.max_findings > 0 && result_.findings.size() > options_.max_findings) {
      summary.truncated += result_.findings.size() - options_.max_findings;
      result_.findings.truncate(options_.max_findings);
    }
    if (options_.with_tables && !summary.interrupted) result_.tables = table_views(held_, *checked_, std::move(readings_), result_);
    return std::move(result_);
  }

 private:
  void read_tables() {
    for (std::uint32_t i = 0; i < program_.tables.size(); ++i) {
      const dsl::TableId id(i);
      if (options_.only && !options_.only->tables[i]) {
        streamed_.push_back(nullptr);
        unread_.push_back(true);
        data_.tables[i] = empty_table(data_, id);
        continue;
      }
      const std::size_t failures = report_.failures.size();
      streamed_.push_back(stream_table(id));
      data_.watch.go_on();
      const bool waits = streamed_.back() && is_of_pair(id);  // for the other table
      if (streamed_.back() && !waits) streamed_.back()->reduce();
      if (!streamed_.back()) read_table(data_, id, options_.load, report_);
      unread_.push_back(report_.failures.size() > failures);
      if (!waits) keep_rows(data_, id);
    }
    if (pairs_) std::ranges::for_each(*pairs_, [this](const TotalsPair& pair) { reduce(pair); });
  }

  /// Whether a table may be folded with another. Where findings have their cells, each row is kept for those that are near.
  bool is_of_pair(dsl::TableId table) {
    if (options_.with_cells || options_.with_suggestions || options_.show != Show::failed) return false;
    if (!pairs_) pairs_ = totals_pairs(program_, [this](const dsl::Rule& rule) { return is_judged(rule); });
    return std::ranges::any_of(*pairs_, [&](const TotalsPair& pair) { return pair.totals == table || pair.parts == table; });
  }

  /// Reduces the tables of a pair, of which rows that agree stand together if there are so many that nothing more is asked of them.
  void reduce(const TotalsPair& pair) {
    StreamedTable *const totals = streamed_[pair.totals.index()].get(), *const parts = streamed_[pair.parts.index()].get();
    if (totals != nullptr && parts != nullptr && joint_.is_large(std::max(totals->records(), parts->records()))) {
      const StreamedTable::Agreement agreement = StreamedTable::fold(*totals, *parts, pair);
      for (std::size_t r = 0; r < agreement.size(); ++r) agreeing_[pair.rules[r]] = agreement[r];
    }
    for (const dsl::TableId table : {pair.totals, pair.parts}) {
      if (!streamed_[table.index()]) continue;
      streamed_[table.index()]->reduce();
      keep_rows(data_, table);
    }
  }

  void check_tables() {
    for (; tables_checked_ < program_.tables.size(); ++tables_checked_) {
      const std::size_t i = tables_checked_;
      tell(Progress::Stage::checking, program_.tables[i].spelling, i, program_.tables.size());
      if (streamed_[i]) {
        streamed_[i]->check(report_);
      } else if (!unread_[i]) {
        check_table(data_, dsl::TableId(static_cast<std::uint32_t>(i)), report_);
      }
    }
    for (std::uint32_t i = 0; i < program_.tables.size(); ++i) {
      const dsl::TableId id(i);
      std::vector<std::uint32_t> cycles;
      data_.hierarchies[i] = build_hierarchies(
          data_, id, [&](dsl::ExprId when, std::uint32_t row) { return judge_row(data_, when, id, row).written; }, cycles);
      for (std::uint32_t row : cycles) report_.findings.push_back(cycle_finding(id, row));
    }
  }

  void judge_rules() {
    CheckedFigures& checked = checked_.emplace(data_);
    VectorEvaluator& evaluator = evaluator_.emplace(data_, SliceOptions{thread_count(options_.stream.threads), options_.slice});
    spelling_.index = &evaluator.rows();
    for (const auto& table : streamed_) {
      if (table) table->mark_agreeing(checked);
    }
    const auto count = [&] {
      const CheckedFigures::Counts figures = checked.count(thread_count(options_.stream.threads));
      result_.summary.figures = figures.all;
      result_.summary.figures_checked = figures.marked;
    };
    try {
      for (std::size_t i = 0; i < program_.rules.size(); ++i) {
        tell(Progress::Stage::judging, program_.rules[i].name, i, program_.rules.size());
        if (result_.rules[i].selected) judge_rule(program_.rules[i], result_.rules[i], evaluator, checked);
      }
    } catch (const Stopped&) {
      count();
      throw;
    }
    count();
  }

  /// The files of a rule's tables; of a table that was not read, those that it would be read from.
  void name_files(const dsl::Rule& rule, RuleOutcome& outcome) const {
    const auto add = [&outcome](std::string_view path) {
      if (std::ranges::find(outcome.files, path) == outcome.files.end()) outcome.files.emplace_back(path);
    };
    for (const dsl::TableId id : rule.tables) {
      for (const SourceId file : data_[id].files) add(data_.sources->path(file));
      if (!data_[id].files.empty()) continue;
      for (const std::string& path : files_of(program_[id], options_.load)) add(path);
    }
  }

  void tell(Progress::Stage stage, std::string_view name, std::size_t done, std::size_t total) const {
    data_.watch.go_on();
    data_.watch.report({stage, name, done, total, 0});
  }

  /// Of a table that the run was left in: what is wrong with its rows whatever stands in the others. Where the table has a `where`,
  /// it is not known which rows count.
  void report_half_read() {
    std::set<SourceId> files;
    for (std::size_t i = tables_checked_; i < program_.tables.size(); ++i) {
      if (program_.tables[i].where.valid()) files.insert(data_.tables[i].files.begin(), data_.tables[i].files.end());
    }
    report_.findings.erase_if([&](const Finding& finding) { return files.contains(finding.place.source); });
    for (std::size_t i = tables_checked_; i < streamed_.size(); ++i) {
      if (streamed_[i]) streamed_[i]->report_noted(report_);
    }
  }

  /// How many instances have failed without being reported.
  [[nodiscard]] std::size_t unexplained() const {
    std::size_t count = 0;
    for (std::size_t i = 0; i < listed_.size(); ++i)
      count += listed_[i].verdict == Verdict::unknown ? 0 : 1;  // which is often not told
    return count - failed_and_explained_;
  }

  std::unique_ptr<StreamedTable> stream_table(dsl::TableId table) {
    const bool held = options_.with_tables || options_.with_coverage || options_.with_discovery;
    if (!options_.load.input || held) return nullptr;
    auto plan = plan_stream(program_, table, [this](const dsl::Rule& rule) { return is_judged(rule); });
    if (plan) plan->in_pair = is_of_pair(table);
    return plan ? StreamedTable::read(data_, table, std::move(*plan), options_.load, options_.stream) : nullptr;
  }

  [[nodiscard]] Finding cycle_finding(dsl::TableId table, std::uint32_t row) const {
    const std::string key = key_text(key_of_row(data_, table, row));
    const std::uint32_t column = program_[table].key.empty() ? 0 : program_[table].key.front();
    return cell_finding(data_, table, {column, 0, row}, "hierarchy-cycle", say(MessageId::hierarchy_cycle, {{"key", key}}));
  }

  [[nodiscard]] bool selected(const std::string& name, const std::vector<std::string>& tags) const {
    const auto named = [&](const std::set<std::string>& set) {
      return set.contains(name) || std::ranges::any_of(tags, [&](const std::string& tag) { return set.contains(tag); });
    };
    return (options_.select.empty() || named(options_.select)) && !named(options_.ignore);
  }
  [[nodiscard]] bool selected(const dsl::Rule& rule) const { return selected(rule.name, rule.tags); }
  /// Whether a rule of the program is selected, and concerned.
  [[nodiscard]] bool is_judged(const dsl::Rule& rule) const {
    return result_.rules[static_cast<std::size_t>(&rule - program_.rules.data())].selected;
  }

  /// Whether all findings of a rule or a code are there.
  [[nodiscard]] bool evaluated(const std::string& name) const {
    if (!result_.summary.complete) return false;
    bool is_rule = false;
    for (const RuleOutcome& rule : result_.rules) {  // several files may have rules of one name
      if (rule.name != name) continue;
      if (!rule.selected) return false;
      is_rule = true;
    }
    const auto all = [](const std::vector<bool>& these) { return std::ranges::find(these, false) == these.end(); };
    return is_rule || (selected(name, {}) && (!options_.only || all(options_.only->tables)));
  }

  void judge_rule(const dsl::Rule& rule, RuleOutcome& outcome, VectorEvaluator& evaluator, CheckedFigures& checked) {
    if (std::ranges::any_of(rule.tables, [&](dsl::TableId table) { return unread_[table.index()]; })) return;
    Summary& summary = result_.summary;
    const RuleVerdicts verdicts = evaluator.evaluate(rule, checked, agreeing_[&rule]);
    ++summary.rules;
    summary.instances += verdicts.all();
    outcome.evaluated = true;
    outcome.instances = verdicts.all();
    std::array<bool, verdict_count> listed{};
    std::size_t to_list = 0;
    for (std::size_t v = 0; v < verdict_count; ++v) {
      outcome.verdicts[v] = verdicts.counts[v];
      listed[v] = reported(options_.show, static_cast<Verdict>(v)) || options_.with_tables;
      if (listed[v]) to_list += outcome.verdicts[v];
    }
    for (std::size_t i = 0; to_list > 0; ++i) {
      if (!listed[static_cast<std::size_t>(verdicts.verdicts[i])]) continue;
      listed_.add(rule, verdicts, i);
      --to_list;
    }
    joint_.note(rule, verdicts);
    if (verdicts.all() == 0 && !rule.vacuous_allowed) {
      ++outcome.verdicts[static_cast<std::size_t>(Verdict::vacuous)];
      Finding finding = explain_vacuous(data_, rule);
      locate(finding, *data_.sources);
      result_.findings.push_back(finding);
    }
    for (std::size_t i = 0; i < verdict_count; ++i) summary.verdicts[i] += outcome.verdicts[i];
    if (compares_texts(data_, rule) && selected("spelling", {})) {
      for (const Instance& instance : reference_instances(data_, rule)) {
        data_.watch.go_on();
        find_spelling(data_, rule, instance, spelling_, report_.findings);
      }
    }
  }

  /// How many rows a table has, whether it is held or not.
  [[nodiscard]] std::uint64_t rows_of(dsl::TableId table) const {
    const StreamedTable* const streamed = streamed_[table.index()].get();
    return streamed ? streamed->records() : data_[table].rows;
  }

  /// Does something with these rows of reduced tables replaced by their records.
  template <class Do>
  void with_records(HeldRecords& records, HeldRecords::Rows rows, Do what) {
    const bool some = std::ranges::any_of(rows, [](const std::vector<std::uint32_t>& each) { return !each.empty(); });
    if (some) records.hold(std::move(rows), HeldRecords::Rows(streamed_.size()), HeldRecords::all, report_);
    what();
    if (some) records.release();
  }

  /// Checks together the instances that hold, certainly or not.
  void check_together(RowIndex& index) {
    if (!selected("inconsistent", {})) return;
    joint_.leave_out_large([this](dsl::TableId table) { return rows_of(table); });
    HeldRecords records(streamed_, index);
    bool in_pieces = false;
    joint_.for_each([&](const dsl::Rule& rule, const Instance&) { in_pieces = in_pieces || records.reads(rule); });
    // Records are read again only to show them.
    if (!in_pieces || !joint_.is_consistent(index)) {
      HeldRecords::Rows rows(streamed_.size());
      joint_.for_each([&](const dsl::Rule& rule, const Instance& instance) {
        if (!records.reads(rule)) return;
        HeldRecords::add(rows, records.rows_of(judge(data_, rule, instance, 1, &index)));
      });
      with_records(records, std::move(rows), [&] { joint_findings_ = joint_.findings(index); });
    }
    result_.summary.unjoined = joint_.left_out();
  }

  [[nodiscard]] std::vector<const dsl::Rule*> evaluated_rules() const {
    std::vector<const dsl::Rule*> out;
    for (std::size_t i = 0; i < program_.rules.size(); ++i) {
      if (result_.rules[i].evaluated) out.push_back(&program_.rules[i]);
    }
    return out;
  }

  void look_at_coverage(RowIndex& index) {
    Coverage& coverage = result_.coverage.emplace(coverage_of(data_, index, evaluated_rules(), options_.with_slips));
    for (FigureCoverage& figure : coverage.figures) locate(figure.cell, *data_.sources);
  }

  /// Where something is violated, looks for the cell that is wrong.
  void look_for_slips(RowIndex& index) {
    std::set<const dsl::Rule*> comparing;
    for (const dsl::Rule* rule : evaluated_rules()) {
      if (Blame::compares_figures(program_, *rule)) comparing.insert(rule);
    }
    std::vector<Violation> violations;
    for (std::size_t i = 0; i < listed_.size() && violations.size() < NearLimits{}.most_violations; ++i) {
      const Listed each = listed_[i];
      if (each.verdict == Verdict::violated && comparing.contains(each.rule)) violations.push_back({{{each.rule, each.instance}}});
    }
    const std::size_t first_joint = violations.size();
    for (const std::vector<RuleInstance>& conflict : joint_.conflicting()) violations.push_back({conflict});
    if (violations.empty()) return;
    HeldRecords records(streamed_, index);
    HeldRecords::Rows rows(streamed_.size());
    const auto cells_in = [this](const CellRef& cell) {
      const StreamedTable* const streamed = streamed_[cell.table.index()].get();
      return streamed ? streamed->records_in(cell.row) : 1;
    };
    const auto keep_rows_of = [&](const RuleInstance& each, const Judgement& judgement) {
      if (records.reads(*each.rule)) HeldRecords::add(rows, records.rows_of(judgement));
    };
    CellReaders readers(data_, index, evaluated_rules());
    Near around = near(data_, index, readers, std::move(violations), {}, cells_in, keep_rows_of);
    for (std::vector<std::uint32_t>& each : rows) std::ranges::sort(each);
    add_up_others(data_, index, around, [&](const CellRef& cell) {
      return !streamed_[cell.table.index()] || std::ranges::binary_search(rows[cell.table.index()], cell.row);
    });
    for (std::size_t i = 0; i < around.violations.size(); ++i) {
      const std::vector<RuleInstance>& instances = around.violations[i].instances;
      if (instances.size() == 1) violation_of_.emplace(instances.front(), i);
    }
    with_records(records, std::move(rows), [&] {
      blame_.emplace(data_, index, around);
      for (std::size_t i = 0; i < joint_findings_.size(); ++i) blame_->explain(first_joint + i, joint_findings_[i]);
    });
  }

  void keep(const Listed& each, Explaining::Said said) {
    failed_and_explained_ += each.verdict == Verdict::unknown ? 0 : 1;
    if (!said.finding) return;
    Finding& finding = *said.finding;
    if (blame_ && said.verdict == Verdict::violated) {
      const auto violation = violation_of_.find({each.rule, each.instance});
      if (violation != violation_of_.end()) blame_->explain(violation->second, finding);
    }
    locate(finding, *data_.sources);
    for (const CellRef& cell : said.cells) readings_.push_back({cell, finding.number, true});
    for (const CellRef& cell : said.when_cells) readings_.push_back({cell, finding.number, false});
    (said.listed ? result_.findings : result_.unlisted).push_back(finding);
  }

  const dsl::Program& program_;
  const RunOptions& options_;
  std::shared_ptr<Data> held_ = std::make_shared<Data>();
  Data& data_ = *held_;
  std::vector<bool> unread_;
  std::vector<std::unique_ptr<StreamedTable>> streamed_;                         ///< null for tables that are held
  std::optional<std::vector<TotalsPair>> pairs_;                                 ///< none: not asked for
  std::map<const dsl::Rule*, std::array<std::size_t, verdict_count>> agreeing_;  ///< instances that hold, by their verdicts
  ListedInstances listed_;
  LoadReport report_;
  std::size_t tables_checked_ = 0, failed_and_explained_ = 0;
  std::optional<CheckedFigures> checked_;
  std::optional<VectorEvaluator> evaluator_;
  std::vector<Reading> readings_;
  SpellingSearch spelling_;
  JointCheck joint_{data_, options_.together};
  std::vector<Finding> joint_findings_;
  std::optional<Blame> blame_;
  std::map<RuleInstance, std::size_t> violation_of_;
  RunResult result_;
};

}  // namespace

RunResult run(SourceMap& sources, const dsl::Program& program, const RunOptions& options) {
  return Run(sources, program, options).finish();
}

}  // namespace kenzan::engine
