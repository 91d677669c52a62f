// The vectorised evaluation: conditions.
#include <algorithm>
#include <optional>

#include "engine/vector/evaluation.hpp"

namespace kenzan::engine {
namespace {

bool holds(std::string_view a, Relation relation, std::string_view b) {
  switch (relation) {
    case Relation::equal: return a == b;
    case Relation::not_equal: return a != b;
    case Relation::less: return a < b;
    case Relation::less_equal: return a <= b;
    case Relation::greater: return a > b;
    case Relation::greater_equal: return a >= b;
  }
  return false;
}

TruthByte no_instance_of(Flags flags) { return flags & flag::no_instance ? truth_no_instance : TruthByte{0}; }

TruthByte absent(Flags flags) {
  return static_cast<TruthByte>(packed(Truth{true, true, false, (flags & flag::missing) != 0, (flags & flag::unknown) != 0}) |
                                no_instance_of(flags));
}

}  // namespace

TruthTables::TruthTables() {
  for (std::size_t a = 0; a < 32; ++a) {
    const Truth left = unpacked(static_cast<TruthByte>(a));
    negation_[a] = packed(negation(left));
    for (std::size_t b = 0; b < 32; ++b) {
      const Truth right = unpacked(static_cast<TruthByte>(b));
      conjunction_[a << 5 | b] = packed(conjunction(left, right));
      disjunction_[a << 5 | b] = packed(disjunction(left, right));
      implication_[a << 5 | b] = packed(implication(left, right));
    }
  }
}

Truths compare_to_zero(const Figures& difference, Relation relation) {
  const Numbers& numbers = *difference.numbers;
  Truths out(numbers.size());
  const Interval zero = Interval::point(0);
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Flags flags = numbers.flags[i];
    Possibility possible;
    std::optional<ItemForm> item;
    if (flags & flag::by_form) {
      item = form_of(*difference.form, i);
      possible = compare(range_of(item->linear), relation, zero);
    } else if (numbers.exact) {
      possible = compare(numbers.range[i], relation, zero);
    } else {
      possible = compare_to_zero(numbers.low[i], numbers.high[i], flags, relation);
    }
    Truth truth{possible.can_be_true, possible.can_be_false, possible.can_be_true, false, false};
    if (!truth.determined()) {
      truth.missing = (flags & flag::missing) != 0;
      truth.unknown = (flags & (flag::unknown | flag::suppressed)) != 0;
      int sign = 0;
      if (item) {
        sign = item->written.sign();
      } else if (numbers.exact) {
        sign = numbers.value[i].sign();
      } else {
        sign = numbers.written[i] < 0 ? -1 : numbers.written[i] > 0;
      }
      truth.written = !(flags & flag::not_written) && holds_for_sign(sign, relation);
    }
    out[i] = static_cast<TruthByte>(packed(truth) | (flags & flag::no_instance ? truth_no_instance : 0));
  }
  return out;
}

template <class Condition>
Truths VectorEvaluation::on_texts(const TextValues& left, const TextValues& right, Condition condition) {
  Truths out(left.codes.size());
  for (std::size_t i = 0; i < out.size(); ++i) {
    const Flags flags = left.flags[i] | right.flags[i];
    out[i] = flags & (flag::missing | flag::unknown)
                 ? absent(flags)
                 : static_cast<TruthByte>(packed(condition(left.codes[i], right.codes[i])) | no_instance_of(flags));
  }
  return out;
}

Truths VectorEvaluation::compare_texts(const TextValues& left, Relation relation, const TextValues& right) {
  if (relation == Relation::equal) return on_texts(left, right, [](Code a, Code b) { return a == b; });
  if (relation == Relation::not_equal) return on_texts(left, right, [](Code a, Code b) { return a != b; });
  return on_texts(left, right, [&](Code a, Code b) { return holds(texts_.text(a), relation, texts_.text(b)); });
}

Truths VectorEvaluation::compare(const dsl::Expr& expr, const Frame& frame) {
  switch (program_[expr.kids[0]].kind) {
    case dsl::ValueKind::figure: return compare_to_zero(difference(expr, frame), expr.relation);
    case dsl::ValueKind::text:
    case dsl::ValueKind::date: {
      const TextValues left = texts(expr.kids[0], frame);
      return compare_texts(left, expr.relation, texts(expr.kids[1], frame));
    }
    case dsl::ValueKind::truth: {
      Truths out = truths(expr.kids[0], frame);
      const Truths right = truths(expr.kids[1], frame);
      for (std::size_t i = 0; i < out.size(); ++i) {
        out[i] = tables_.both(tables_.implied(out[i], right[i]), tables_.implied(right[i], out[i]));
        if (expr.relation != Relation::equal) out[i] = tables_.negated(out[i]);
      }
      return out;
    }
  }
  return Truths(frame.size, undetermined_unknown);
}

Truths VectorEvaluation::one_of(const dsl::Expr& expr, const Frame& frame) {
  Truths out(frame.size, packed(false));
  const auto join = [&](const Truths& next) {
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = tables_.either(out[i], next[i]);
  };
  if (program_[expr.kids[0]].kind == dsl::ValueKind::figure) {
    const Figures number = figures(expr.kids[0], frame);
    for (std::size_t k = 1; k < expr.kids.size(); ++k) {
      Figures gap = add(number, negate(figures(expr.kids[k], frame)));
      settle(gap);
      join(compare_to_zero(gap, Relation::equal));
    }
    return out;
  }
  const TextValues text = texts(expr.kids[0], frame);
  for (std::size_t k = 1; k < expr.kids.size(); ++k) join(compare_texts(text, Relation::equal, texts(expr.kids[k], frame)));
  return out;
}

Truths VectorEvaluation::truths(dsl::ExprId id, const Frame& frame) {
  data_.watch.go_on();
  const dsl::Expr& expr = program_[id];
  const auto on_two = [&](auto condition) {
    const TextValues left = texts(expr.kids[0], frame);
    return on_texts(left, texts(expr.kids[1], frame), condition);
  };
  const auto on_spellings = [&](auto condition) {
    return on_two([&](Code a, Code b) { return condition(texts_.text(a), texts_.text(b)); });
  };
  switch (expr.op) {
    case dsl::ExprOp::truth: return Truths(frame.size, packed(expr.flag));
    case dsl::ExprOp::cell: return cell_truths(expr, frame);
    case dsl::ExprOp::else_: {
      Truths out = truths(expr.kids[0], frame);
      constexpr TruthByte missing_or_unknown = 8 | 16;
      ReadLog* log = log_ == nullptr ? nullptr : &log_->add(ReadLog::Kind::chosen, frame.size, nullptr);
      if (log != nullptr) {
        for (const TruthByte truth : out) log->mask.push_back((truth & missing_or_unknown) != 0);
      }
      const LogScope scope(*this, log);
      const Truths second = truths(expr.kids[1], frame);
      for (std::size_t i = 0; i < out.size(); ++i) {
        if (out[i] & missing_or_unknown) out[i] = second[i] | (out[i] & truth_no_instance);
      }
      return out;
    }
    case dsl::ExprOp::aggregate: return aggregate_truths(program_[expr.aggregate], frame);
    case dsl::ExprOp::compare: return compare(expr, frame);
    case dsl::ExprOp::same: return on_two([&](Code a, Code b) { return texts_.label_of(a) == texts_.label_of(b); });
    case dsl::ExprOp::in: return one_of(expr, frame);
    case dsl::ExprOp::matches: {
      const TextValues text = texts(expr.kids[0], frame);
      return on_texts(text, text, [&](Code a, Code) { return texts_.matches(expr.string, a); });
    }
    case dsl::ExprOp::is: return mark_tests(expr, frame);
    case dsl::ExprOp::not_: {
      Truths out = truths(expr.kids[0], frame);
      for (TruthByte& truth : out) truth = tables_.negated(truth);
      return out;
    }
    case dsl::ExprOp::and_:
    case dsl::ExprOp::or_: {
      Truths out = truths(expr.kids[0], frame);
      for (std::size_t k = 1; k < expr.kids.size(); ++k) {
        const Truths next = truths(expr.kids[k], frame);
        for (std::size_t i = 0; i < out.size(); ++i) {
          out[i] = expr.op == dsl::ExprOp::and_ ? tables_.both(out[i], next[i]) : tables_.either(out[i], next[i]);
        }
      }
      return out;
    }
    case dsl::ExprOp::implies: {
      Truths out = truths(expr.kids[0], frame);
      const Truths right = truths(expr.kids[1], frame);
      for (std::size_t i = 0; i < out.size(); ++i) out[i] = tables_.implied(out[i], right[i]);
      return out;
    }
    case dsl::ExprOp::contains: return on_spellings([](std::string_view a, std::string_view b) { return a.find(b) != a.npos; });
    case dsl::ExprOp::starts: return on_spellings([](std::string_view a, std::string_view b) { return a.starts_with(b); });
    case dsl::ExprOp::ends: return on_spellings([](std::string_view a, std::string_view b) { return a.ends_with(b); });
    case dsl::ExprOp::figure:
    case dsl::ExprOp::text:
    case dsl::ExprOp::date:
    case dsl::ExprOp::label:
    case dsl::ExprOp::negate:
    case dsl::ExprOp::add:
    case dsl::ExprOp::subtract:
    case dsl::ExprOp::multiply:
    case dsl::ExprOp::divide:
    case dsl::ExprOp::absolute:
    case dsl::ExprOp::round:
    case dsl::ExprOp::nfkc:
    case dsl::ExprOp::trim:
    case dsl::ExprOp::lower:
    case dsl::ExprOp::length: break;  // no conditions: the checker makes none of these here
  }
  return Truths(frame.size, undetermined_unknown);
}

}  // namespace kenzan::engine
