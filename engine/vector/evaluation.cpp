#include "engine/vector/evaluation.hpp"

#include <algorithm>

namespace kenzan::engine {

VectorEvaluation::VectorEvaluation(const Data& data, Indexes& indexes, TextPool& texts, const TruthTables& tables, bool as_written)
    : data_(data), program_(*data.program), indexes_(indexes), texts_(texts), tables_(tables), as_written_(as_written) {
  std::uint32_t number = 0;
  for (const Table& table : data.tables) {
    first_source_.push_back(number);
    number += static_cast<std::uint32_t>(table.columns.size());
  }
}

Figures with_flags(Figures figures, const std::vector<std::uint8_t>& mask, Flags to_or) {
  if (std::ranges::find(mask, 1) == mask.end()) return figures;
  Numbers numbers = *figures.numbers;
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (mask[i]) numbers.flags[i] |= to_or;
  }
  figures.numbers = std::make_shared<const Numbers>(std::move(numbers));
  return figures;
}

Figures VectorEvaluation::else_figures(const dsl::Expr& expr, const Frame& frame) {
  const Figures first = figures(expr.kids[0], frame);
  std::vector<std::uint8_t> second_used(frame.size);
  std::vector<std::uint8_t> no_instance(frame.size);
  for (std::size_t i = 0; i < frame.size; ++i) {
    second_used[i] = (first.flags(i) & (flag::missing | flag::unknown)) != 0;
    no_instance[i] = (first.flags(i) & flag::no_instance) != 0;
  }
  ReadLog* log = log_ == nullptr ? nullptr : &log_->add(ReadLog::Kind::chosen, frame.size, nullptr);
  if (log != nullptr) log->mask = second_used;
  const LogScope scope(*this, log);
  return with_flags(choose(first, figures(expr.kids[1], frame), std::move(second_used)), no_instance, flag::no_instance);
}

Figures VectorEvaluation::length(const dsl::Expr& expr, const Frame& frame) {
  const TextValues values = texts(expr.kids[0], frame);
  Numbers numbers = Numbers::fixed(frame.size);
  for (std::size_t i = 0; i < frame.size; ++i) {
    const Flags flags = values.flags[i];
    if (flags & (flag::missing | flag::unknown)) {
      numbers.set_unbounded(i, flags | flag::nonlinear);
    } else {
      numbers.set_point(i, static_cast<Int128>(texts_.length(values.codes[i])), flags | flag::constant);
    }
  }
  return opaque_figures(std::move(numbers));
}

Figures VectorEvaluation::figures(dsl::ExprId id, const Frame& frame) {
  data_.watch.go_on();
  const dsl::Expr& expr = program_[id];
  const auto kid = [&](std::size_t i) { return figures(expr.kids[i], frame); };
  switch (expr.op) {
    case dsl::ExprOp::figure:
      if (as_written_) return constant_figures(frame.size, expr.written);
      return expr.interval.is_point() ? constant_figures(frame.size, expr.interval.low.value)
                                      : uncertain_figures(frame.size, id, expr);
    case dsl::ExprOp::label: return label_figures(expr.dim, frame);
    case dsl::ExprOp::cell: return cell_figures(expr, frame);
    case dsl::ExprOp::negate: return negate(kid(0));
    case dsl::ExprOp::add: return add(kid(0), kid(1));
    case dsl::ExprOp::subtract: return add(kid(0), negate(kid(1)));
    case dsl::ExprOp::multiply: return multiply(kid(0), kid(1));
    case dsl::ExprOp::divide: return divide(kid(0), kid(1));
    case dsl::ExprOp::absolute: return absolute(kid(0));
    case dsl::ExprOp::round: return round(kid(0), expr.written, expr.rounding);
    case dsl::ExprOp::else_: return else_figures(expr, frame);
    case dsl::ExprOp::aggregate: return aggregate_figures(program_[expr.aggregate], frame);
    case dsl::ExprOp::length: return length(expr, frame);
    case dsl::ExprOp::text:
    case dsl::ExprOp::date:
    case dsl::ExprOp::truth:
    case dsl::ExprOp::compare:
    case dsl::ExprOp::same:
    case dsl::ExprOp::in:
    case dsl::ExprOp::matches:
    case dsl::ExprOp::is:
    case dsl::ExprOp::not_:
    case dsl::ExprOp::and_:
    case dsl::ExprOp::or_:
    case dsl::ExprOp::implies:
    case dsl::ExprOp::nfkc:
    case dsl::ExprOp::trim:
    case dsl::ExprOp::lower:
    case dsl::ExprOp::contains:
    case dsl::ExprOp::starts:
    case dsl::ExprOp::ends: break;  // no figures: the checker makes none of these here
  }
  Numbers numbers = Numbers::fixed(frame.size);
  for (std::size_t i = 0; i < frame.size; ++i) numbers.set_unbounded(i, flag::unknown | flag::nonlinear);
  return opaque_figures(std::move(numbers));
}

Figures VectorEvaluation::difference(const dsl::Expr& comparison, const Frame& frame) {
  const Figures left = figures(comparison.kids[0], frame);
  Figures out = add(left, negate(figures(comparison.kids[1], frame)));
  settle(out);
  return out;
}

TextValues VectorEvaluation::changed(TextPool::Function function, TextValues values) {
  for (Code& code : values.codes) code = texts_.apply(function, code);
  return values;
}

TextValues VectorEvaluation::texts(dsl::ExprId id, const Frame& frame) {
  const dsl::Expr& expr = program_[id];
  switch (expr.op) {
    case dsl::ExprOp::text:
    case dsl::ExprOp::date: return TextValues::of(frame.size, texts_.code_of(expr.string));
    case dsl::ExprOp::label: {
      const bool date = expr.kind == dsl::ValueKind::date;
      return {instance_labels(expr.dim, frame, !date), std::vector<Flags>(frame.size)};
    }
    case dsl::ExprOp::cell: return cell_texts(expr, frame);
    case dsl::ExprOp::else_: {
      TextValues out = texts(expr.kids[0], frame);
      const TextValues second = texts(expr.kids[1], frame);
      for (std::size_t i = 0; i < frame.size; ++i) {
        if (!(out.flags[i] & (flag::missing | flag::unknown))) continue;
        out.codes[i] = second.codes[i];
        out.flags[i] = second.flags[i] | (out.flags[i] & flag::no_instance);
      }
      return out;
    }
    case dsl::ExprOp::nfkc: return changed(TextPool::Function::nfkc, texts(expr.kids[0], frame));
    case dsl::ExprOp::trim: return changed(TextPool::Function::trim, texts(expr.kids[0], frame));
    case dsl::ExprOp::lower: return changed(TextPool::Function::lower, texts(expr.kids[0], frame));
    case dsl::ExprOp::figure:
    case dsl::ExprOp::truth:
    case dsl::ExprOp::negate:
    case dsl::ExprOp::add:
    case dsl::ExprOp::subtract:
    case dsl::ExprOp::multiply:
    case dsl::ExprOp::divide:
    case dsl::ExprOp::absolute:
    case dsl::ExprOp::round:
    case dsl::ExprOp::aggregate:
    case dsl::ExprOp::compare:
    case dsl::ExprOp::same:
    case dsl::ExprOp::in:
    case dsl::ExprOp::matches:
    case dsl::ExprOp::is:
    case dsl::ExprOp::not_:
    case dsl::ExprOp::and_:
    case dsl::ExprOp::or_:
    case dsl::ExprOp::implies:
    case dsl::ExprOp::length:
    case dsl::ExprOp::contains:
    case dsl::ExprOp::starts:
    case dsl::ExprOp::ends: break;  // no texts: the checker makes none of these here
  }
  TextValues out = TextValues::of(frame.size, Texts::empty);
  std::ranges::fill(out.flags, flag::unknown);
  return out;
}

}  // namespace kenzan::engine
