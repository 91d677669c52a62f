#include "engine/run.hpp"

#include <algorithm>
#include <iterator>
#include <map>
#include <memory>
#include <numeric>
#include <optional>
#include <utility>

#include "diag/render.hpp"
#include "engine/blame/blame.hpp"
#include "engine/coverage.hpp"
#include "engine/discover/discover.hpp"
#include "engine/explain/explain.hpp"
#include "engine/indexes.hpp"
#include "engine/inventory.hpp"
#include "engine/reference/reference.hpp"
#include "engine/silence.hpp"
#include "engine/solve/joint.hpp"
#include "engine/stream/held_records.hpp"
#include "engine/table/cell_finding.hpp"
#include "engine/threads.hpp"
#include "engine/vector/totals.hpp"
#include "engine/vector/vector.hpp"

namespace kenzan::engine {

namespace {

/// An instance that is to be explained, of so many of its rule.
struct Listed {
  const dsl::Rule* rule;
  Instance instance;
  std::size_t instances;
  Verdict verdict;
};

/// Very many of them: a few bytes each.
class ListedInstances {
 public:
  void add(const dsl::Rule& rule, const RuleVerdicts& verdicts, std::size_t i) {
    if (rules_.empty() || rules_.back().rule != &rule) rules_.push_back({&rule, verdicts.size, codes_.size(), verdicts_.size()});
    for (const auto* columns : {&verdicts.labels, &verdicts.spellings}) {
      for (const std::vector<Code>& column : *columns) codes_.push_back(column[i]);
    }
    verdicts_.push_back(verdicts.verdicts[i]);
  }
  [[nodiscard]] std::size_t size() const { return verdicts_.size(); }
  [[nodiscard]] Listed operator[](std::size_t i) const {
    const auto behind = std::ranges::upper_bound(rules_, i, {}, &OfRule::first);
    const OfRule& of = *std::prev(behind);
    const std::size_t dims = of.rule->by.size();
    const auto codes = codes_.begin() + static_cast<std::ptrdiff_t>(of.codes + (i - of.first) * 2 * dims);
    const auto spellings = codes + static_cast<std::ptrdiff_t>(dims);
    return {of.rule, {{codes, spellings}, {spellings, spellings + static_cast<std::ptrdiff_t>(dims)}}, of.instances, verdicts_[i]};
  }

 private:
  struct OfRule {
    const dsl::Rule* rule;
    std::size_t instances;
    std::size_t codes;  ///< where its labels and spellings begin, an instance's after the other's
    std::size_t first;  ///< which of all listed instances is its first
  };
  std::vector<OfRule> rules_;
  std::vector<Code> codes_;
  std::vector<Verdict> verdicts_;
};

constexpr std::size_t all_records = ~std::size_t{0};
constexpr std::size_t explained_together = 256;
constexpr std::size_t many_records = 1000;  // of one instance: more of them than are shown

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
      explain_all(evaluator_->rows());
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
      if (streamed_.back()) {
        streamed_.back()->reduce();
      } else {
        read_table(data_, id, options_.load, report_);
      }
      unread_.push_back(report_.failures.size() > failures);
      keep_rows(data_, id);
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
    const auto count = [&] {
      const CheckedFigures::Counts figures = checked.count();
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
    auto plan = plan_stream(program_, table, [this](const dsl::Rule& rule) { return selected(rule); });
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
    const RuleVerdicts verdicts = evaluator.evaluate(rule, checked);
    ++summary.rules;
    summary.instances += verdicts.size;
    outcome.evaluated = true;
    outcome.instances = verdicts.size;
    for (std::size_t i = 0; i < verdicts.size; ++i) {
      const Verdict verdict = verdicts.verdicts[i];
      ++outcome.verdicts[static_cast<std::size_t>(verdict)];
      if (reported(verdict) || options_.with_tables) listed_.add(rule, verdicts, i);
    }
    joint_.note(rule, verdicts);
    if (verdicts.size == 0 && !rule.vacuous_allowed) {
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
    if (some) hold(records, std::move(rows), HeldRecords::Rows(streamed_.size()), all_records);
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

  /// Whether an instance of this verdict is reported.
  [[nodiscard]] bool reported(Verdict verdict) const {
    switch (verdict) {
      case Verdict::holds: return options_.show == Show::all;
      case Verdict::rounding: return options_.show != Show::failed;
      case Verdict::implausible:
      case Verdict::violated:
      case Verdict::unmatched:
      case Verdict::unknown:
      case Verdict::vacuous: return true;
    }
    return true;
  }

  /// Explains the listed instances, with the records of the files that they read: some instances at a time. One that reads more
  /// records than it shows is explained alone, with the first of them; of one that is not told no record is read, and where cells
  /// are not shown, none but those that say where the finding stands.
  void explain_all(RowIndex& index) {
    HeldRecords records(streamed_, index);
    const HeldRecords::Rows none(streamed_.size());
    HeldRecords::Rows rows = none, firsts = none;
    std::map<std::size_t, Judgement> totals_only;  // since `begin`: of instances whose parts are not read
    std::uint64_t count = 0;
    std::size_t begin = 0;
    std::vector<std::size_t> done;       // since `begin`
    const dsl::Rule* rule = nullptr;     // until tables are replaced
    std::unique_ptr<TotalsRule> totals;  // of `rule`, if it is one
    const auto explain_until = [&](std::size_t end) {
      hold(records, std::exchange(rows, none), std::exchange(firsts, none), all_records);
      constexpr std::uint64_t few = 256;  // of instances and records: sooner done than a thread is begun
      const unsigned threads = count + (end - begin) < few ? 1 : thread_count(options_.stream.threads);
      std::vector<std::size_t> some;  // a few at a time, which threads share
      auto next_done = done.begin();
      while (begin < end) {
        for (some.clear(); begin < end && some.size() < explained_together; ++begin) {
          if (next_done != done.end() && *next_done == begin) {
            ++next_done;
          } else {
            some.push_back(begin);
          }
        }
        explain_listed(some, threads, [&](std::size_t i) {
          const auto total = totals_only.find(i);
          return total == totals_only.end() ? judge_listed(i, index) : placed(i, std::move(total->second), records, index);
        });
      }
      records.release();
      count = 0;
      done.clear();
      totals_only.clear();
      rule = nullptr;
    };
    for (std::size_t i = 0; i < listed_.size(); ++i) {
      const Listed each = listed_[i];
      if (!records.reads(*each.rule)) continue;
      data_.watch.go_on();
      if (each.rule != rule) {
        rule = each.rule;
        totals = TotalsRule::of(data_, *rule, index);
      }
      std::optional<Judgement> large;
      if (totals && records.has(totals->summed().first)) {
        large = totals->large(each.instance, options_.with_cells ? many_records : 0,
                              [&](const std::vector<CellRef>& others) { return records.cells_in(others); });
        if (large && !options_.with_cells) {
          if (large->cells_beyond > 1) {
            large->verdict = each.verdict;
            const HeldRecords::Rows own = records.rows_of(*large);
            const std::uint64_t more = 1 + records.records_in(own);
            if (count + more > options_.stream.most_records) explain_until(i);
            count += more;
            HeldRecords::add(rows, own);
            totals_only.emplace(i, std::move(*large));
            continue;
          }
          large.reset();  // one cell, which may be where the finding stands
        }
      }
      Judgement judgement = large ? std::move(*large) : judge(data_, *each.rule, each.instance, each.instances, &index);
      if (!options_.with_tables && is_told(judgement)) {
        done.push_back(i);
        keep(i, {});
        continue;
      }
      HeldRecords::Rows own = records.rows_of(judgement);
      if (totals && !options_.with_cells && each.verdict == Verdict::unmatched) {  // one side is not there, the other not told
        ++count;
        HeldRecords::add(firsts, own);
        continue;
      }
      const std::uint64_t more = records.records_in(own) + judgement.cells_beyond;
      if (more > std::min(options_.stream.most_records, many_records)) {
        done.push_back(i);
        judgement.verdict = each.verdict;  // sums do not tell how plausible they are
        hold(records, std::move(own), none, most_cells);
        keep(i, explain_listed(i, records.seen_in_part(std::move(judgement), judge_listed(i, index))));
        records.release();
        rule = nullptr;
        continue;
      }
      if (count + more > options_.stream.most_records) explain_until(i);
      count += more;
      HeldRecords::add(rows, own);
    }
    explain_until(listed_.size());
  }

  void hold(HeldRecords& records, HeldRecords::Rows rows, HeldRecords::Rows firsts, std::size_t most) {
    LoadReport report;
    records.hold(std::move(rows), std::move(firsts), most, report);
    report_.failures.insert(report_.failures.end(), report.failures.begin(), report.failures.end());
  }

  [[nodiscard]] Judgement judge_listed(std::size_t i, RowIndex& index) const {
    const Listed each = listed_[i];
    tell(Progress::Stage::explaining, each.rule->name, explained_, listed_.size());
    return judge(data_, *each.rule, each.instance, each.instances, &index);
  }

  /// The judgement of a total over reduced tables, with the record that its published figure stands in now.
  [[nodiscard]] Judgement placed(std::size_t i, Judgement total, const HeldRecords& records, RowIndex& index) const {
    if (!records.has(total.cells.front().table)) return total;
    const Judgement held = judge_listed(i, index);
    Comparison& comparison = *total.comparison;
    const auto place = [&](std::vector<CellRef>& cells, std::vector<CellRef> Comparison::* side) {
      if (!cells.empty()) cells = held.comparison ? (*held.comparison).*side : std::vector<CellRef>();
    };
    place(comparison.left_cells, &Comparison::left_cells);
    place(comparison.right_cells, &Comparison::right_cells);
    total.cells.clear();
    return total;
  }

  /// An instance that is unknown because of a cell which has a finding of its own is counted, but not told again.
  [[nodiscard]] bool is_told(const Judgement& judgement) const {
    return judgement.verdict == Verdict::unknown && options_.show != Show::all &&
           std::ranges::any_of(judgement.cells, [&](const CellRef& cell) { return reported(cell); });
  }

  /// What is said of a listed instance.
  struct Said {
    std::optional<Finding> finding;
    bool listed = true;  ///< among the findings
    Verdict verdict{};
    std::vector<CellRef> cells, when_cells;  ///< that were read, for `with_tables`
  };
  [[nodiscard]] Said explain_listed(std::size_t i, const Judgement& judgement) {
    const Listed each = listed_[i];
    Said out;
    out.verdict = judgement.verdict;
    out.listed = reported(judgement.verdict) && !is_told(judgement);
    if (!out.listed && !options_.with_tables) return out;
    out.finding = explain(data_, *each.rule, each.instance, judgement, near_labels_, options_.with_cells);
    out.finding->number = static_cast<std::uint32_t>(i + 1);
    if (options_.with_tables) {
      out.cells = judgement.cells;
      out.when_cells = judgement.when_cells;
    }
    return out;
  }

  /// Explains listed instances whose records are held, as `judged` judges each.
  template <class Judged>
  void explain_listed(const std::vector<std::size_t>& these, unsigned threads, Judged judged) {
    std::vector<Said> said(these.size());
    share_out(threads, these.size(), [&](std::size_t, std::size_t k) { said[k] = explain_listed(these[k], judged(these[k])); });
    for (std::size_t k = 0; k < these.size(); ++k) keep(these[k], std::move(said[k]));
  }

  void keep(std::size_t i, Said said) {
    const Listed each = listed_[i];
    ++explained_;
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

  [[nodiscard]] bool reported(const CellRef& cell) const {
    const dsl::Column& column = program_[cell.table].columns[cell.column];
    if (cell.row == Child::none || !column.is_figure()) return false;
    const ColumnData& data = data_[cell.table].columns[cell.column];
    if (cell.part >= data.parts.size()) return false;
    const FigureColumn& figures = data.parts[cell.part].figures;
    const Mark mark = figures.mark(cell.row);
    const auto told = [this](std::string_view code) { return selected(std::string(code), {}); };
    return (mark == Mark::unreadable && told("bad-number") && told("ragged-row") && told("encoding")) ||
           (mark == Mark::blank && !column.optional && told("blank-cell")) ||
           ((figures.state[cell.row] & FigureColumn::excluded) && told("duplicate-key"));
  }

  const dsl::Program& program_;
  const RunOptions& options_;
  std::shared_ptr<Data> held_ = std::make_shared<Data>();
  Data& data_ = *held_;
  std::vector<bool> unread_;
  std::vector<std::unique_ptr<StreamedTable>> streamed_;  ///< null for tables that are held
  ListedInstances listed_;
  LoadReport report_;
  std::size_t tables_checked_ = 0, explained_ = 0, failed_and_explained_ = 0;
  std::optional<CheckedFigures> checked_;
  std::optional<VectorEvaluator> evaluator_;
  std::vector<Reading> readings_;
  SpellingSearch spelling_;
  NearLabels near_labels_{data_};
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
