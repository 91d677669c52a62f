#include "engine/vector.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "engine/vector_evaluation.hpp"
#include "engine/vector_instances.hpp"

namespace kenzan::engine {
namespace {

/// Keeps the values that `keep` marks.
template <class T>
void filter(std::vector<T>& values, const std::vector<std::uint8_t>& keep) {
  std::size_t to = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (keep[i]) values[to++] = values[i];
  }
  values.resize(to);
}

/// Some instances of a rule, and where they stand among all.
struct Slice {
  std::vector<std::uint32_t> at;
  std::vector<std::vector<Code>> labels, spellings;

  Slice(const RuleVerdicts& all, std::size_t begin, std::size_t end) {
    at.resize(end - begin);
    std::iota(at.begin(), at.end(), static_cast<std::uint32_t>(begin));
    for (const auto& [from, to] : {std::pair(&all.labels, &labels), {&all.spellings, &spellings}}) {
      for (const std::vector<Code>& column : *from) {
        to->emplace_back(column.begin() + static_cast<std::ptrdiff_t>(begin), column.begin() + static_cast<std::ptrdiff_t>(end));
      }
    }
  }
  void keep_only(const std::vector<std::uint8_t>& keep) {
    filter(at, keep);
    for (auto& column : labels) filter(column, keep);
    for (auto& column : spellings) filter(column, keep);
  }
  [[nodiscard]] Frame frame(const dsl::Rule& rule) const {
    Frame out;
    out.size = at.size();
    out.dims = &rule.by;
    out.labels = &labels;
    out.spellings = &spellings;
    return out;
  }
};

/// Whether an expression has no aggregate that instances far apart could share: each is bound to all `dims`, and stands in no other.
bool is_bound(const dsl::Program& program, dsl::ExprId id, const std::vector<dsl::DimId>& dims, bool inside) {
  if (!id.valid()) return true;
  const dsl::Expr& expr = program[id];
  const auto values = [&](const std::vector<dsl::Binding>& bindings) {
    return std::ranges::all_of(bindings, [&](const dsl::Binding& b) { return is_bound(program, b.value, dims, inside); });
  };
  if (expr.op == dsl::ExprOp::cell) {
    const dsl::Access& access = program[expr.access];
    if (!values(access.rows) || (access.across && !is_bound(program, access.across->value, dims, inside))) return false;
  }
  if (expr.op == dsl::ExprOp::aggregate) {
    const dsl::Aggregate& aggregate = program[expr.aggregate];
    const auto names = [&](const dsl::Binding& binding, dsl::DimId dim) {
      const dsl::Expr& value = program[binding.value];
      return value.op == dsl::ExprOp::label && value.dim == dim && binding.lag == 0;
    };
    const bool all = std::ranges::all_of(dims, [&](dsl::DimId dim) {
      return std::ranges::any_of(aggregate.rows, [&](const dsl::Binding& binding) { return names(binding, dim); }) ||
             (aggregate.node && names(*aggregate.node, dim));
    });
    if (inside || !all || !values(aggregate.rows)) return false;
    return is_bound(program, aggregate.element, dims, true) && is_bound(program, aggregate.where, dims, true);
  }
  return std::ranges::all_of(expr.kids, [&](dsl::ExprId kid) { return is_bound(program, kid, dims, inside); });
}

/// How many instances are judged at once: so many that their columns stay in the processor's cache, or all of them.
std::size_t slice_of(const dsl::Program& program, const dsl::Rule& rule, std::size_t instances) {
  constexpr std::size_t slice = 2048;
  std::vector<dsl::DimId> of_rows;  // instances that differ in an across label only stand side by side
  for (std::size_t d = 0; d < rule.by.size(); ++d) {
    if (std::ranges::any_of(rule.sources, [d](const dsl::InstanceSource& source) { return source.parts[d].column.has_value(); })) {
      of_rows.push_back(rule.by[d]);
    }
  }
  const bool sliced = instances > slice && !of_rows.empty() && is_bound(program, rule.when, of_rows, false) &&
                      is_bound(program, rule.require, of_rows, false);
  return sliced ? slice : std::max<std::size_t>(instances, 1);
}

/// How far an instance lies from 0: z² is between these. Not figures.
struct Distance {
  std::size_t instance = 0;
  double least = 0, most = 0;  // not a figure: grades plausibility, decides no value
};

/// The distance from 0 of item i of a settled difference.
Distance distance(const Figures& difference, bool may_repeat, std::size_t i) {
  const Numbers& numbers = *difference.numbers;
  const Flags flags = difference.flags(i);
  if (flags & flag::nonlinear) return {};
  if (!may_repeat && !numbers.exact && !(flags & (flag::by_form | flag::unbounded))) {
    // not a figure: grades plausibility, decides no value
    const double mean_doubled = (double_of(numbers.low[i]) + double_of(numbers.high[i])) * double_power_of_ten(numbers.exponent);
    const double squares = squares_of(*difference.form, i);
    constexpr double leeway = 1e-9;
    if (std::isfinite(squares) && squares > 1e-200) {
      return {0, z_squared(mean_doubled, squares * (1 + leeway)), z_squared(mean_doubled, squares * (1 - leeway))};
    }
  }
  const double exact = z_squared(form_of(*difference.form, i).linear);  // not a figure
  return {0, exact, exact};
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
  explicit State(const Data& of) : data(of), texts(of.texts), indexes(of, texts) {}
  const Data& data;
  TextPool texts;
  Indexes indexes;
  TruthTables tables;
};

VectorEvaluator::VectorEvaluator(const Data& data) : state_(std::make_unique<State>(data)) {}
VectorEvaluator::~VectorEvaluator() = default;
RowIndex& VectorEvaluator::rows() { return state_->indexes.rows(); }

/// Judges one rule, slice by slice.
class Judging {
 public:
  Judging(const Data& data, Indexes& indexes, TextPool& texts, const TruthTables& tables, const dsl::Rule& rule,
          CheckedFigures& checked, RuleVerdicts& out)
      : data_(data),
        indexes_(indexes),
        tables_(tables),
        rule_(rule),
        checked_(checked),
        out_(out),
        evaluation_(data, indexes, texts, tables, rule.strength == dsl::Strength::exactly),
        made_(out.size) {
    out.verdicts.resize(out.size);
    const dsl::Expr& require = (*data.program)[rule.require];
    linear_equation_ = require.op == dsl::ExprOp::compare && require.relation == Relation::equal &&
                       (*data.program)[require.kids[0]].kind == dsl::ValueKind::figure;
  }

  void judge(Slice slice) {
    const dsl::Program& program = *data_.program;
    for (const dsl::AggregateId aggregate : rule_.children) {
      const Truths has = evaluation_.have_children(program[aggregate], slice.frame(rule_));
      std::vector<std::uint8_t> keep(has.size());
      for (std::size_t i = 0; i < keep.size(); ++i) keep[i] = has[i] == packed(true);
      slice.keep_only(keep);
    }
    Truths when;
    if (rule_.when.valid()) {
      when = evaluation_.truths(rule_.when, slice.frame(rule_));
      std::vector<std::uint8_t> keep(when.size());
      for (std::size_t i = 0; i < keep.size(); ++i) {
        keep[i] = !(when[i] & truth_no_instance) && admit(unpacked(when[i])) != Admission::not_made;
      }
      slice.keep_only(keep);
      filter(when, keep);
    }
    const Frame frame = slice.frame(rule_);
    ReadLog log;
    log.size = frame.size;
    evaluation_.log_to(&log);
    Figures difference;
    Truths truths;
    if (linear_equation_) {
      difference = evaluation_.difference(program[rule_.require], frame);
      truths = compare_to_zero(difference, Relation::equal);
    } else {
      truths = evaluation_.truths(rule_.require, frame);
    }
    evaluation_.log_to(nullptr);

    const bool may_repeat = linear_equation_ && kenzan::engine::may_repeat(difference.cells);
    std::vector<std::uint8_t> judged(frame.size);
    for (std::size_t i = 0; i < frame.size; ++i) {
      if (truths[i] & truth_no_instance) continue;
      const std::size_t at = slice.at[i];
      made_[at] = 1;
      const Admission admission = when.empty() ? Admission::made : admit(unpacked(when[i]));
      Verdict verdict = Verdict::unknown;
      if (admission != Admission::unknown) {
        const TruthByte truth = admission == Admission::conditional ? tables_.implied(when[i], truths[i]) : truths[i];
        verdict = decide(unpacked(truth), rule_.strength);
      }
      if (verdict == Verdict::rounding && admission == Admission::made && linear_equation_) {
        Distance far = distance(difference, may_repeat, i);
        far.instance = at;
        if (implausible(far.most, 1)) far_.push_back(far);
      }
      judged[i] = verdict != Verdict::unmatched && verdict != Verdict::unknown;
      out_.verdicts[at] = verdict;
    }
    mark(log, judged, checked_);
  }

  /// Grades what lies far from 0, which depends on how many instances there are, and drops those that were not made.
  void finish() {
    const auto size = static_cast<std::size_t>(std::ranges::count(made_, 1));
    for (const Distance& far : far_) {
      bool is_far = implausible(far.least, size);
      if (is_far != implausible(far.most, size)) {  // it hangs by the last digits
        is_far = kenzan::engine::judge(data_, rule_, out_.instance(far.instance), size, &indexes_.rows()).verdict ==
                 Verdict::implausible;
      }
      if (is_far) out_.verdicts[far.instance] = Verdict::implausible;
    }
    if (size == out_.size) return;
    for (auto& column : out_.labels) filter(column, made_);
    for (auto& column : out_.spellings) filter(column, made_);
    filter(out_.verdicts, made_);
    out_.size = size;
  }

 private:
  const Data& data_;
  Indexes& indexes_;
  const TruthTables& tables_;
  const dsl::Rule& rule_;
  CheckedFigures& checked_;
  RuleVerdicts& out_;
  VectorEvaluation evaluation_;
  bool linear_equation_ = false;
  std::vector<std::uint8_t> made_;
  std::vector<Distance> far_;
};

RuleVerdicts VectorEvaluator::evaluate(const dsl::Rule& rule, CheckedFigures& checked) {
  RuleVerdicts out = vector_instances(state_->data, rule, state_->indexes.seed());
  Judging judging(state_->data, state_->indexes, state_->texts, state_->tables, rule, checked, out);
  const std::size_t step = slice_of(*state_->data.program, rule, out.size);
  for (std::size_t begin = 0; begin < out.size; begin += step) {
    state_->data.watch.go_on();
    judging.judge(Slice(out, begin, std::min(begin + step, out.size)));
  }
  judging.finish();
  return out;
}

}  // namespace kenzan::engine
