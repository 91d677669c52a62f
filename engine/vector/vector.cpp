#include "engine/vector/vector.hpp"

#include <algorithm>
#include <cmath>
#include <deque>
#include <functional>
#include <numeric>
#include <span>
#include <utility>

#include "engine/threads.hpp"
#include "engine/vector/evaluation.hpp"
#include "engine/vector/instances.hpp"
#include "engine/vector/totals.hpp"

namespace kenzan::engine {
namespace {

/// Keeps the values that `keep` marks.
template <class T, class Keep>
void filter(T& values, const Keep& keep) {
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

  Slice(const RuleVerdicts& all, std::vector<std::uint32_t> these) : at(std::move(these)) {
    const auto of_these = [&](const PagedVector<Code>& column) {
      std::vector<Code> own;
      own.reserve(at.size());
      for (const std::uint32_t i : at) own.push_back(column[i]);
      return own;
    };
    for (std::size_t d = 0; d < all.labels.size(); ++d) {
      labels.push_back(of_these(all.labels[d]));
      spellings.push_back(of_these(all.spellings_of(d)));
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

/// Whether the instances of a rule can be judged some at a time without doing the same work again.
bool may_slice(const dsl::Program& program, const dsl::Rule& rule) {
  std::vector<dsl::DimId> of_rows;  // instances that differ in an across label only stand side by side
  for (std::size_t d = 0; d < rule.by.size(); ++d) {
    if (std::ranges::any_of(rule.sources, [d](const dsl::InstanceSource& source) { return source.parts[d].column.has_value(); })) {
      of_rows.push_back(rule.by[d]);
    }
  }
  return !of_rows.empty() && is_bound(program, rule.when, of_rows, false) && is_bound(program, rule.require, of_rows, false);
}

std::array<std::size_t, verdict_count> counts_of(const std::vector<Verdict>& verdicts) {
  std::array<std::array<std::size_t, verdict_count>, 4>
      lanes{};  // instances mostly follow one of their verdict: no count is waited for
  for (std::size_t i = 0; i < verdicts.size(); ++i) ++lanes[i % lanes.size()][static_cast<std::size_t>(verdicts[i])];
  std::array<std::size_t, verdict_count> out{};
  for (const auto& lane : lanes) std::ranges::transform(out, lane, out.begin(), std::plus{});
  return out;
}

/// The distance from 0 of item i of a settled difference.
Distance distance_of(const Figures& difference, bool may_repeat, std::size_t i) {
  const Numbers& numbers = *difference.numbers;
  const Flags flags = difference.flags(i);
  if (flags & flag::nonlinear) return {};
  if (!may_repeat && !numbers.exact && !(flags & (flag::by_form | flag::unbounded))) {
    // not a figure: grades plausibility, decides no value
    const double mean_doubled = (double_of(numbers.low[i]) + double_of(numbers.high[i])) * double_power_of_ten(numbers.exponent);
    const double squares = squares_of(*difference.form, i);
    if (std::isfinite(squares) && squares > least_squares) return distance(mean_doubled, squares);
  }
  const double exact = z_squared(form_of(*difference.form, i).linear);  // not a figure
  return {0, exact, exact};
}

/// What one thread judges with.
struct Judge {
  Judge(const Data& data, RowIndex& rows) : texts(data.texts), indexes(data, texts, rows) {}
  TextPool texts;
  Indexes indexes;
};

/// Judges slices of one rule in one thread.
class Judging {
 public:
  /// Fills `out.verdicts` and `made`, which have room for all instances.
  Judging(const Data& data, Judge& with, const TruthTables& tables, const dsl::Rule& rule, std::size_t slice,
          CheckedFigures& checked, RuleVerdicts& out, PagedVector<std::uint8_t>& made)
      : data_(data),
        tables_(tables),
        rule_(rule),
        most_(slice),
        checked_(checked),
        out_(out),
        made_(made),
        totals_(TotalsRule::of(data, rule, with.indexes.rows(), &checked)),
        evaluation_(data, with.indexes, with.texts, tables, rule.strength == dsl::Strength::exactly) {
    const dsl::Expr& require = (*data.program)[rule.require];
    linear_equation_ = require.op == dsl::ExprOp::compare && require.relation == Relation::equal &&
                       (*data.program)[require.kids[0]].kind == dsl::ValueKind::figure;
  }

  void judge(std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> these;
    if (totals_) {
      these = judge_totals(begin, end);
    } else {
      these.resize(end - begin);
      std::iota(these.begin(), these.end(), static_cast<std::uint32_t>(begin));
    }
    for (std::span<const std::uint32_t> rest = these; !rest.empty();) {
      const std::size_t some = std::min(rest.size(), most_);
      judge(Slice(out_, {rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(some)}));
      rest = rest.subspan(some);
    }
  }

  /// To be called behind the last slice.
  void end() {
    if (totals_) totals_->settle_marks();
  }

  /// How many slices are best judged at once: memory is read as it stands then.
  [[nodiscard]] std::size_t slices_together() const { return totals_ ? totals_->turn() : 1; }

  /// How many cells the instances add up, of which none is read by two; 0 where the rule has another shape.
  [[nodiscard]] std::size_t cells_apart() const { return totals_ ? totals_->cells_of_all() : 0; }

  /// The instances that `rounding` explains, though they lie far from 0.
  [[nodiscard]] const std::vector<Distance>& far() const { return far_; }

 private:
  /// Judges what is plain, and returns the other instances.
  std::vector<std::uint32_t> judge_totals(std::size_t begin, std::size_t end) {
    std::vector<std::uint32_t> others;
    const std::size_t turn = totals_->turn();
    constexpr std::size_t rows = 128;  // whose labels stay near while each column in turn is read
    for (std::size_t from = begin; from < end; from += rows * turn) {
      const std::size_t to = std::min(from + rows * turn, end);
      totals_->look_ahead(out_, from, to);
      for (std::size_t first = from; first < std::min(from + turn, to); ++first) {
        totals_->bring_near(out_, first, to);
        for (std::size_t at = first; at < to; at += turn) {
          if (!judge_total(at)) others.push_back(static_cast<std::uint32_t>(at));
        }
      }
    }
    std::ranges::sort(others);
    return others;
  }

  /// False where the instance is not plain.
  bool judge_total(std::size_t at) {
    const std::optional<TotalVerdicts::Judged> judged = totals_->judge(out_, at);
    if (!judged || (judged->verdict == Verdict::rounding && judged->squares <= least_squares)) return false;
    made_[at] = 1;
    out_.verdicts[at] = judged->verdict;
    if (judged->verdict == Verdict::rounding) note_far(distance(judged->mean_doubled, judged->squares), at);
    return true;
  }

  void note_far(Distance far, std::size_t instance) {
    far.instance = instance;
    if (implausible(far.most, 1)) far_.push_back(far);
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
        note_far(distance_of(difference, may_repeat, i), at);
      }
      judged[i] = verdict != Verdict::unmatched && verdict != Verdict::unknown;
      out_.verdicts[at] = verdict;
    }
    mark(log, judged, checked_);
  }

  const Data& data_;
  const TruthTables& tables_;
  const dsl::Rule& rule_;
  std::size_t most_;  ///< instances whose columns are made together
  CheckedFigures& checked_;
  RuleVerdicts& out_;
  PagedVector<std::uint8_t>& made_;
  std::unique_ptr<TotalsRule> totals_;  ///< null: the rule has another shape
  VectorEvaluation evaluation_;
  bool linear_equation_ = false;
  std::vector<Distance> far_;
};

}  // namespace

Instance RuleVerdicts::instance(std::size_t i) const {
  Instance out;
  for (std::size_t d = 0; d < labels.size(); ++d) {
    out.labels.push_back(labels[d][i]);
    out.spellings.push_back(spellings_of(d)[i]);
  }
  return out;
}

struct VectorEvaluator::State {
  State(const Data& of, SliceOptions with) : data(of), options(with), rows(of) { judges.emplace_back(data, rows); }
  const Data& data;
  SliceOptions options;
  RowIndex rows;
  std::deque<Judge> judges;  ///< as many as were needed
  TruthTables tables;
};

VectorEvaluator::VectorEvaluator(const Data& data, SliceOptions options) : state_(std::make_unique<State>(data, options)) {}
VectorEvaluator::~VectorEvaluator() = default;
RowIndex& VectorEvaluator::rows() { return state_->rows; }

RuleVerdicts VectorEvaluator::evaluate(const dsl::Rule& rule, CheckedFigures& checked,
                                       const std::array<std::size_t, verdict_count>& agreeing) {
  State& state = *state_;
  RuleVerdicts out = vector_instances(state.data, rule, state.rows, state.options.threads);
  out.verdicts.resize(out.size);
  PagedVector<std::uint8_t> made(out.size);
  const bool sliced = out.size > state.options.slice && may_slice(*state.data.program, rule);
  std::size_t step = sliced ? state.options.slice : std::max<std::size_t>(out.size, 1);
  std::deque<Judging> judging;
  const auto add_judges = [&](std::size_t wanted) {
    for (std::size_t i = judging.size(); i < std::clamp<std::size_t>(wanted, 1, state.options.threads); ++i) {
      if (i == state.judges.size()) state.judges.emplace_back(state.data, state.rows);
      judging.emplace_back(state.data, state.judges[i], state.tables, rule, std::max(step, state.options.slice), checked, out,
                           made);
    }
  };
  add_judges((out.size + step - 1) / step);
  if (!sliced && out.size > 1 && judging.front().cells_apart() > 2 * state.options.slice) {  // few instances, each of many cells
    add_judges(out.size);
    step = (out.size + judging.size() - 1) / judging.size();
  }
  const std::size_t threads = judging.size();
  constexpr std::size_t turns = 16;  // of each thread, so that none waits long for the others
  step = std::max(step, std::min(step * judging.front().slices_together(), out.size / (turns * threads)));
  const std::size_t slices = (out.size + step - 1) / step;
  // Slices that are judged at once lie far apart: threads that mark cells side by side wait for each other.
  const std::size_t share = (slices + judging.size() - 1) / judging.size();
  share_out(judging.size(), share * judging.size(), [&](std::size_t thread, std::size_t k) {
    state.data.watch.go_on();
    const std::size_t slice = k % judging.size() * share + k / judging.size();
    if (slice < slices) judging[thread].judge(slice * step, std::min((slice + 1) * step, out.size));
  });

  share_out(judging.size(), judging.size(), [&](std::size_t, std::size_t i) { judging[i].end(); });

  // What lies far from 0 is graded by how many instances there are; those that were not made are dropped.
  const auto size = static_cast<std::size_t>(std::ranges::count(made, 1));
  out.agreeing = std::accumulate(agreeing.begin(), agreeing.end(), std::size_t{0});
  for (const Judging& part : judging) {
    for (const Distance& far : part.far()) {
      const std::size_t all = size + out.agreeing;
      bool is_far = implausible(far.least, all);
      if (is_far != implausible(far.most, all)) {  // it hangs by the last digits
        is_far = judge(state.data, rule, out.instance(far.instance), all, &state.rows).verdict == Verdict::implausible;
      }
      if (is_far) out.verdicts[far.instance] = Verdict::implausible;
    }
  }
  if (size != out.size) {
    for (auto& column : out.labels) filter(column, made);
    for (auto& column : out.spellings) filter(column, made);
    filter(out.verdicts, made);
    out.size = size;
  }
  out.counts = counts_of(out.verdicts);
  std::ranges::transform(out.counts, agreeing, out.counts.begin(), std::plus{});
  return out;
}

}  // namespace kenzan::engine
