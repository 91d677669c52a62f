// Literals: numbers with units, dates, texts, regular expressions; the units that types name.
#include <re2/re2.h>

#include "base/numeral.hpp"
#include "base/text.hpp"
#include "base/utf8.hpp"
#include "dsl/check/checker.hpp"

namespace kenzan::dsl::check {

namespace {

/// The place of the last written digit, in the number's own unit: "1.20" → 0.01, "1.2e5" → 10000.
std::optional<Rational> last_place(const std::string& digits) {
  const std::size_t e = digits.find_first_of("eE");
  const std::string mantissa = digits.substr(0, e);
  int exponent = 0;
  if (e != std::string::npos) {
    const std::string text = digits.substr(e + 1);
    if (text.size() > 4) return std::nullopt;
    exponent = std::stoi(text);
  }
  const std::size_t point = mantissa.find('.');
  const int decimals = point == std::string::npos ? 0 : static_cast<int>(mantissa.size() - point - 1);
  if (std::abs(exponent - decimals) > 2 * max_digits) return std::nullopt;
  return power_of_ten(exponent - decimals);
}

/// A unit written with multipliers of its own: 千万円, or 兆 in `3兆2,500億円`, where 円 is what the number ends with. None where
/// `name` is a known unit or no such writing.
std::optional<Unit> multiplied_unit(const std::string& name, const std::string& last, const UnitTable& units) {
  const auto multipliers = [](const std::string& text) {
    std::size_t at = 0;
    while (at < text.size() && is_multiplier(code_point_at(text, at).code)) at += code_point_at(text, at).length;
    return at;
  };
  const std::size_t length = multipliers(name);
  if (length == 0 || units.find(name)) return std::nullopt;
  const Unit* base = units.find(length < name.size() ? name.substr(length) : last.substr(multipliers(last)));
  const std::u32string one = U"1" + to_code_points(name.substr(0, length));
  const Numeral read = read_compound(one, {});
  if (!base || read.error != NumeralError::none || read.length != one.size()) return std::nullopt;
  Unit unit = *base;
  unit.name = name.substr(0, length) + base->name;
  unit.factor *= read.value;
  return unit;
}

}  // namespace

std::string unit_name(const Unit& unit) { return unit.name.empty() ? "no unit" : unit.name; }

std::string describe(const Expr& expr) {
  switch (expr.kind) {
    case ValueKind::figure: return expr.unit.name.empty() ? "a number" : "a figure in " + expr.unit.name;
    case ValueKind::text: return "a text";
    case ValueKind::date: return "a date";
    case ValueKind::truth: return "a condition";
  }
  return {};
}

const Unit* Checker::unit(const std::string& name, Span span, const UnitTable& units) {
  if (const Unit* found = units.find(name)) return found;
  unknown(span, say(MessageId::unknown_unit, {{"name", name}}), fold(name), units.names());
  return nullptr;
}

std::optional<Unit> Checker::unit_of(const tree::Type& type, const UnitTable& units) {
  const Unit* first = unit(type.first, type.span, units);
  if (!first) return std::nullopt;
  Unit result = *first;
  for (const auto& [op, name] : type.more) {
    const Unit* next = unit(name, type.span, units);
    if (!next) return std::nullopt;
    result = op == '*' ? result * *next : result / *next;
  }
  return result;
}

std::optional<Expr> Checker::number(const tree::File& file, const tree::Expr& expr, const UnitTable& units) {
  const tree::Number& number = *expr.number;
  Expr result;
  result.op = ExprOp::figure;
  result.kind = ValueKind::figure;
  result.span = expr.span;
  Rational place = 0;
  bool first = true;
  for (const tree::Number::Part& part : number.parts) {
    const auto digits = parse_rational(part.digits);
    const auto last = last_place(part.digits);
    if (!digits || !last) {
      error(number.span, say(MessageId::number_too_long, {{"digits", std::to_string(max_digits)}}));
      return std::nullopt;
    }
    Unit part_unit;
    if (auto multiplied = multiplied_unit(part.unit, number.parts.back().unit, units)) {
      part_unit = std::move(*multiplied);
    } else if (!part.unit.empty()) {
      const Unit* found = unit(part.unit, number.span, units);
      if (!found) return std::nullopt;
      part_unit = *found;
    }
    if (first) {
      result.unit = part_unit;
      first = false;
    } else if (!result.unit.same_dimension(part_unit)) {
      error(number.span, say(MessageId::units_differ, {{"left", unit_name(result.unit)}, {"right", unit_name(part_unit)}}));
      return std::nullopt;
    }
    result.written += *digits * part_unit.factor;
    place = *last * part_unit.factor;
  }
  if (number.negative) result.written = -result.written;
  if (!expr.kids.empty()) {
    auto to = literal(file, expr.kids[0], units);
    if (!to) return std::nullopt;
    if (to->kind != ValueKind::figure || !to->unit.same_dimension(result.unit) || to->written <= 0) {
      error(file[expr.kids[0]].span, say(MessageId::place_not_positive, {{"unit", unit_name(result.unit)}}));
      return std::nullopt;
    }
    place = to->written;
  }
  result.interval =
      number.about ? true_values({Mark::number, Rounding::nearest, result.written, place}) : Interval::point(result.written);
  return result;
}

std::optional<Expr> Checker::literal(const tree::File& file, tree::ExprId id, const UnitTable& units) {
  const tree::Expr& expr = file[id];
  Expr result;
  result.span = expr.span;
  switch (expr.kind) {
    case tree::ExprKind::number: return number(file, expr, units);
    case tree::ExprKind::text:
    case tree::ExprKind::name:  // a bare word on the command line
      result.op = ExprOp::text;
      result.kind = ValueKind::text;
      result.string = expr.text;
      return result;
    case tree::ExprKind::date:
      result.op = ExprOp::date;
      result.kind = ValueKind::date;
      result.string = expr.text;
      return result;
    case tree::ExprKind::unary:
      if (expr.op == tree::Op::negate) {
        auto inner = literal(file, expr.kids[0], units);
        if (inner && inner->kind == ValueKind::figure) {
          inner->written = -inner->written;
          inner->interval = -inner->interval;
          inner->span = expr.span;
          return inner;
        }
        if (!inner) return std::nullopt;
      }
      break;
    case tree::ExprKind::field:
    case tree::ExprKind::call:
    case tree::ExprKind::binary:
    case tree::ExprKind::is:
    case tree::ExprKind::in:
    case tree::ExprKind::matches: break;
  }
  error(expr.span, say(MessageId::not_a_literal));
  return std::nullopt;
}

bool Checker::regex(const tree::Regex& regex, bool needs_group) {
  RE2::Options quiet;
  quiet.set_log_errors(false);
  quiet.set_max_mem(8 << 20);
  const RE2 compiled(regex.pattern, quiet);
  if (!compiled.ok()) {
    error(regex.span, say(MessageId::bad_regex, {{"reason", compiled.error()}}));
    return false;
  }
  if (needs_group && compiled.NumberOfCapturingGroups() == 0) {
    error(regex.span, say(MessageId::regex_without_group));
    return false;
  }
  return true;
}

}  // namespace kenzan::dsl::check
