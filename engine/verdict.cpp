#include "engine/verdict.hpp"

namespace kenzan::engine {
namespace {

/// Clears what a result cannot have: a determined one turns on nothing; one that turns on an absent value is not true as written.
Truth normal(Truth t) {
  if (t.determined()) return Truth::of(t.can_be_true);
  if (t.missing || t.unknown) t.written = false;
  return t;
}

}  // namespace

Truth negation(Truth a) { return normal({a.can_be_false, a.can_be_true, !a.written, a.missing, a.unknown}); }

Truth conjunction(Truth a, Truth b) {
  return normal({a.can_be_true && b.can_be_true, a.can_be_false || b.can_be_false, a.written && b.written, a.missing || b.missing,
                 a.unknown || b.unknown});
}

Truth disjunction(Truth a, Truth b) {
  return normal({a.can_be_true || b.can_be_true, a.can_be_false && b.can_be_false, a.written || b.written, a.missing || b.missing,
                 a.unknown || b.unknown});
}

Truth implication(Truth a, Truth b) { return disjunction(negation(a), b); }

Admission admit(Truth when) {
  if (!when.can_be_false) return Admission::made;
  if (!when.can_be_true || when.missing) return Admission::not_made;
  return when.unknown ? Admission::unknown : Admission::conditional;
}

bool keeps(Truth where) { return where.written || where.missing || where.unknown; }

Verdict decide(Truth require, dsl::Strength strength) {
  const bool impossible = !require.can_be_true;
  const bool certain = !require.can_be_false;
  const bool absent = require.missing || require.unknown;
  switch (strength) {
    case dsl::Strength::possible:
      if (impossible) return Verdict::violated;
      break;
    case dsl::Strength::exactly:
      // A cell that is absent has no truth as written; whether it matters is told by the lines below.
      if (impossible || (!certain && !absent && !require.written)) return Verdict::violated;
      break;
    case dsl::Strength::surely:
      if (!certain) return Verdict::violated;
      break;
  }
  if (certain) return Verdict::holds;
  if (require.missing) return Verdict::unmatched;
  if (require.unknown) return Verdict::unknown;
  return require.written ? Verdict::holds : Verdict::rounding;
}

}  // namespace kenzan::engine
