#include "engine/vector.hpp"

#include <array>
#include <cmath>

#include "engine/vector_evaluation.hpp"
#include "engine/vector_instances.hpp"

namespace kenzan::engine {
namespace {

/// Drops the instances that `keep` does not mark.
void keep_only(RuleVerdicts& instances, const std::vector<std::uint8_t>& keep) {
  std::size_t size = 0;
  for (const std::uint8_t one : keep) size += one;
  if (size == instances.size) return;
  const auto filter = [&](auto& values) {
    std::size_t to = 0;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (keep[i]) values[to++] = values[i];
    }
    values.resize(to);
  };
  for (auto& column : instances.labels) filter(column);
  for (auto& column : instances.spellings) filter(column);
  instances.size = size;
}

Frame root_frame(const dsl::Rule& rule, const RuleVerdicts& instances) {
  Frame frame;
  frame.size = instances.size;
  frame.dims = &rule.by;
  frame.labels = &instances.labels;
  frame.spellings = &instances.spellings;
  return frame;
}

/// Whether item i of a settled difference lies implausibly far from 0.
bool is_implausible(const Figures& difference, bool may_repeat, std::size_t i, std::uint64_t instances) {
  const Numbers& numbers = *difference.numbers;
  const Flags flags = difference.flags(i);
  if (flags & flag::nonlinear) return false;
  if (!may_repeat && !numbers.exact && !(flags & (flag::by_form | flag::unbounded))) {
    // Not figures: both only grade. Where the grade hangs by the last digits, the exact judgement decides.
    // not a figure: grades plausibility, decides no value
    const double mean_doubled = (double_of(numbers.low[i]) + double_of(numbers.high[i])) * double_power_of_ten(numbers.exponent);
    const double squares = squares_of(*difference.form, i);
    constexpr double leeway = 1e-9;
    const bool less = implausible(mean_doubled, squares * (1 + leeway), instances);
    const bool more = implausible(mean_doubled, squares * (1 - leeway), instances);
    if (std::isfinite(squares) && squares > 1e-200 && less == more) return less;
  }
  return implausible(form_of(*difference.form, i).linear, instances);
}

}  // namespace

Instance RuleVerdicts::instance(std::size_t i) const {
  Instance out;
  for (std::size_t d = 0; d < labels.size(); ++d) {
    out.labels.push_back(labels[d][i]);
    out.spellings.push_back(spellings[d][i]);
  }
  return out;
}

struct VectorEvaluator::State {
  explicit State(const Data& of) : data(of), texts(of.texts), indexes(of, texts, of.seed) {}
  const Data& data;
  TextPool texts;
  Indexes indexes;
  TruthTables tables;
};

VectorEvaluator::VectorEvaluator(const Data& data) : state_(std::make_unique<State>(data)) {}
VectorEvaluator::~VectorEvaluator() = default;

RuleVerdicts VectorEvaluator::evaluate(const dsl::Rule& rule, CheckedFigures& checked) {
  const dsl::Program& program = *state_->data.program;
  RuleVerdicts out = vector_instances(state_->data, rule, state_->indexes.seed());
  VectorEvaluation evaluation(state_->data, state_->indexes, state_->texts, state_->tables,
                              rule.strength == dsl::Strength::exactly);

  for (const dsl::AggregateId aggregate : rule.children) {
    const Truths has = evaluation.have_children(program[aggregate], root_frame(rule, out));
    std::vector<std::uint8_t> keep(out.size);
    for (std::size_t i = 0; i < out.size; ++i) keep[i] = has[i] == packed(true);
    keep_only(out, keep);
  }

  Truths when;
  if (rule.when.valid()) {
    when = evaluation.truths(rule.when, root_frame(rule, out));
    std::vector<std::uint8_t> keep(out.size);
    for (std::size_t i = 0; i < out.size; ++i) {
      keep[i] = !(when[i] & truth_no_instance) && admit(unpacked(when[i])) != Admission::not_made;
    }
    keep_only(out, keep);
    Truths kept;
    for (std::size_t i = 0; i < keep.size(); ++i) {
      if (keep[i]) kept.push_back(when[i]);
    }
    when = std::move(kept);
  }

  const dsl::Expr& require = program[rule.require];
  const bool linear_equation = require.op == dsl::ExprOp::compare && require.relation == Relation::equal &&
                               program[require.kids[0]].kind == dsl::ValueKind::figure;
  const Frame frame = root_frame(rule, out);
  ReadLog log;
  log.size = out.size;
  evaluation.log_to(&log);
  Figures difference;
  Truths truths;
  if (linear_equation) {
    difference = evaluation.difference(require, frame);
    truths = compare_to_zero(difference, require.relation);
  } else {
    truths = evaluation.truths(rule.require, frame);
  }
  evaluation.log_to(nullptr);

  std::vector<std::uint8_t> made(out.size);
  std::size_t size = 0;
  for (std::size_t i = 0; i < made.size(); ++i) size += made[i] = !(truths[i] & truth_no_instance);
  const bool may_repeat = linear_equation && kenzan::engine::may_repeat(difference.cells);
  std::vector<std::uint8_t> judged(out.size);
  for (std::size_t i = 0; i < made.size(); ++i) {
    state_->data.watch.go_on(i);
    if (!made[i]) continue;
    const Admission admission = when.empty() ? Admission::made : admit(unpacked(when[i]));
    Verdict verdict = Verdict::unknown;
    if (admission != Admission::unknown) {
      const TruthByte truth = admission == Admission::conditional ? state_->tables.implied(when[i], truths[i]) : truths[i];
      verdict = decide(unpacked(truth), rule.strength);
    }
    if (verdict == Verdict::rounding && admission == Admission::made && linear_equation &&
        is_implausible(difference, may_repeat, i, size)) {
      verdict = Verdict::implausible;
    }
    judged[i] = verdict != Verdict::unmatched && verdict != Verdict::unknown;
    out.verdicts.push_back(verdict);
  }
  mark(log, judged, checked);
  keep_only(out, made);
  return out;
}

}  // namespace kenzan::engine
