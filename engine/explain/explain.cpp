#include "engine/explain/explain.hpp"

#include <algorithm>
#include <utility>

#include "engine/explain/fingerprint.hpp"
#include "engine/explain/message.hpp"
#include "engine/table/cell_finding.hpp"

namespace kenzan::engine {
namespace {

Severity severity_of(Verdict verdict, const dsl::Rule& rule) {
  switch (verdict) {
    case Verdict::violated:
    case Verdict::unmatched: return rule.severity;
    case Verdict::implausible: return Severity::warning;
    case Verdict::vacuous: return Severity::error;
    case Verdict::holds:
    case Verdict::rounding:
    case Verdict::unknown: break;
  }
  return Severity::info;
}

const FigureColumn* figures_of(const Data& data, const CellRef& cell) {
  if (!(*data.program)[cell.table].columns[cell.column].is_figure()) return nullptr;
  return &data[cell.table].columns[cell.column].parts[cell.part].figures;
}

/// Whether a condition can turn on what this cell does not say.
bool is_absent(const Data& data, const CellRef& cell) {
  if (const FigureColumn* figures = figures_of(data, cell)) return !figures->known(cell.row);
  const dsl::Column& column = (*data.program)[cell.table].columns[cell.column];
  return column.type != dsl::ColumnType::text && data[cell.table].columns[cell.column].parts[cell.part].blank[cell.row];
}

CellEvidence evidence(const Data& data, const MissedCell& missed) {
  const dsl::Table& table = (*data.program)[missed.table];
  CellEvidence out;
  out.role = missed.right ? "right" : "left";
  out.table = table.spelling;
  if (missed.kind != MissedCell::Kind::no_rows) out.field = table.columns[missed.column].spelling;
  out.key = key_of(data, missed);
  out.mark = "missing";
  return out;
}

Quantity quantity(const FigureValue& value, const Unit& unit) {
  Quantity out;
  out.numeric = true;
  out.unit = unit.name;
  if (!value.absent() && value.has_written) out.value = exact_text(quotient(value.written, unit.factor));
  Ends ends = ends_of(range_of(value.form), unit);
  out.low = std::move(ends.low);
  out.high = std::move(ends.high);
  out.low_closed = ends.low_closed;
  out.high_closed = ends.high_closed;
  return out;
}

Quantity quantity(const std::string& text) {
  Quantity out;
  out.value = text;
  return out;
}

/// Whether a side adds up several cells, each once.
bool adds_up(const FigureValue& value, std::size_t cells) {
  if (value.cells_added > 1) return true;
  if (cells < 2 || !value.linear || value.form.terms.size() < 2 || !value.form.constant.is_zero()) return false;
  const Rational factor = abs(value.form.terms.front().factor);
  std::size_t positive = 0;
  for (const Term& term : value.form.terms) {
    if (abs(term.factor) != factor) return false;
    positive += term.factor > 0 ? 1 : 0;
  }
  return positive >= 2;
}

/// Whether a side is one cell and nothing else.
bool is_cell(const FigureValue& value, std::size_t cells) {
  return cells == 1 && value.form.terms.size() == 1 && value.form.terms.front().factor == 1 && value.form.constant.is_zero();
}

/// The cells of the finding and which is primary.
struct Shown {
  std::vector<std::pair<CellRef, const char*>> cells;
  std::optional<std::size_t> primary;
};

/// The comparison whose cells are shown.
const Comparison* shown_of(const Judgement& judgement) {
  if (judgement.seen) return &*judgement.seen;
  return judgement.comparison ? &*judgement.comparison : nullptr;
}

/// Puts the side of fewer cells first where not all will be shown, and chooses the primary cell.
Shown choose(const Data& data, const Judgement& judgement) {
  Shown out;
  std::set<CellRef> put_already;
  const auto add = [&](const std::vector<CellRef>& cells, const char* role) {
    for (const CellRef& cell : cells) {
      if (put_already.insert(cell).second) out.cells.emplace_back(cell, role);
    }
  };
  const Comparison* c = shown_of(judgement);
  bool right_first = false;
  if (c != nullptr) {
    const std::size_t left = c->left_cells.size(), right = c->right_cells.size();
    const bool right_is_primary = right > 0 && (left == 0 || right < left);
    right_first = right_is_primary && left + right > most_cells;
    if (right_first) add(c->right_cells, "right");
    add(c->left_cells, "left");
    add(c->right_cells, "right");
    if (left + right > 0) {
      const CellRef& first = right_is_primary ? c->right_cells.front() : c->left_cells.front();
      const auto at = std::ranges::find(out.cells, first, &std::pair<CellRef, const char*>::first);
      out.primary = static_cast<std::size_t>(at - out.cells.begin());
    }
  }
  add(judgement.when_cells, "when");
  if (c != nullptr) add(judgement.cells, "cell");
  if (judgement.verdict == Verdict::unknown) {
    const auto absent = std::ranges::find_if(out.cells, [&](const auto& shown) { return is_absent(data, shown.first); });
    if (absent != out.cells.end()) {
      out.primary = static_cast<std::size_t>(absent - out.cells.begin());
    } else {
      // It may have chosen other cells: a label that is not given, say.
      const auto chose = std::ranges::find_if(judgement.choosing_cells, [&](const CellRef& cell) { return is_absent(data, cell); });
      if (chose != judgement.choosing_cells.end()) {
        out.primary = out.cells.size();
        out.cells.emplace_back(*chose, "key");
      }
    }
  }
  if (!out.primary && !out.cells.empty()) out.primary = 0;
  if (out.primary && *out.primary >= most_cells) {
    std::rotate(out.cells.begin(), out.cells.begin() + static_cast<std::ptrdiff_t>(*out.primary),
                out.cells.begin() + static_cast<std::ptrdiff_t>(*out.primary) + 1);
    out.primary = 0;
  }
  return out;
}

/// Drops all cells but the first and the primary one.
void keep_place(Shown& shown) {
  if (shown.cells.size() < 2) return;
  const std::size_t primary = shown.primary.value_or(0);
  if (primary > 0) {
    shown.cells[1] = shown.cells[primary];
    shown.primary = 1;
  }
  shown.cells.resize(primary > 0 ? 2 : 1);
}

/// Where nothing of the data can be pointed at, the file of the table that lacks something, or the rule's.
std::string file_of(const Data& data, const dsl::Rule& rule, const Judgement* judgement) {
  if (judgement != nullptr && judgement->comparison && !judgement->comparison->missed.empty()) {
    const Table& table = data[judgement->comparison->missed.front().table];
    if (!table.files.empty()) return std::string(data.sources->path(table.files.front()));
  }
  return rule.place.source.valid() ? std::string(data.sources->path(rule.place.source)) : std::string();
}

Finding blank_finding(const dsl::Rule& rule, Verdict verdict) {
  Finding finding;
  finding.rule = rule.name;
  finding.code = name_of(verdict);
  finding.severity = severity_of(verdict, rule);
  finding.verdict = verdict;
  finding.title = rule.title;
  finding.source = rule.source;
  finding.rule_place = rule.place;
  finding.place = rule.place;
  return finding;
}

/// Fills the two sides, the relation and the gap.
void fill_sides(Explained& what, Finding& finding) {
  const Comparison& c = *what.judgement.comparison;
  const dsl::Program& program = *what.data.program;
  if (c.left_expr.valid()) what.unit = program[c.left_expr].unit;
  if (c.left) finding.left = quantity(*c.left, what.unit);
  if (c.right) finding.right = quantity(*c.right, what.unit);
  if (c.left_text) finding.left = quantity(*c.left_text);
  if (c.right_text) finding.right = quantity(*c.right_text);
  const bool compares = program[c.expr].op == dsl::ExprOp::compare || (c.left_expr.valid() && c.right_expr == c.left_expr);
  if (compares) finding.relation = spelling_of(c.relation);
  if (!c.left || !c.right) return;
  what.difference = range_of_difference(c.left->form, c.right->form);
  const Rational between = gap(range_of(c.left->form), range_of(c.right->form));
  finding.gap = exact_text(quotient(between, what.unit.factor));
}

}  // namespace

KeyPairs labels_of(const Data& data, const dsl::Rule& rule, const Instance& instance) {
  KeyPairs out;
  for (std::size_t i = 0; i < rule.by.size(); ++i) {
    out.emplace_back((*data.program)[rule.by[i]].name, data.texts.text(instance.spellings[i]));
  }
  return out;
}

CellEvidence evidence_of(const Data& data, const CellRef& cell, std::string role) {
  CellEvidence out = evidence_of(data, cell.table, {cell.column, cell.part, cell.row}, std::move(role));
  const FigureColumn* figures = figures_of(data, cell);
  if (figures != nullptr && out.mark.empty() && !figures->known(cell.row)) out.mark = "unknown";
  return out;
}

Finding explain(const Data& data, const dsl::Rule& rule, const Instance& instance, const Judgement& judgement, NearLabels& near,
                bool with_cells) {
  Finding finding = blank_finding(rule, judgement.verdict);
  finding.instance = labels_of(data, rule, instance);
  Explained what{data, rule, instance, judgement, near, {}, {}, false, false, {}};
  if (judgement.comparison) fill_sides(what, finding);

  Shown shown = choose(data, judgement);
  if (!with_cells) keep_place(shown);
  finding.cells.reserve(std::min(shown.cells.size(), most_cells));
  for (const auto& [cell, role] : shown.cells) {
    if (finding.cells.size() == most_cells) break;
    finding.cells.push_back(evidence_of(data, cell, role));
  }
  if (with_cells) finding.cells_omitted = shown.cells.size() - finding.cells.size() + judgement.cells_beyond;
  if (shown.primary) {
    const CellEvidence& primary = finding.cells[*shown.primary];
    if (judgement.verdict == Verdict::unknown && is_absent(data, shown.cells[*shown.primary].first)) what.absent_cell = primary;
    if (primary.span.source.valid()) {
      finding.primary = shown.primary;
      finding.place = primary.span;
    }
  }
  if (judgement.comparison) {
    const Comparison& c = *shown_of(judgement);
    const bool at_right = shown.primary && std::string_view(shown.cells[*shown.primary].second) == "right";
    const auto& own = at_right ? c.right : c.left;
    const auto& other = at_right ? c.left : c.right;
    const std::size_t own_cells = (at_right ? c.right_cells : c.left_cells).size();
    const std::size_t other_cells = (at_right ? c.left_cells : c.right_cells).size();
    what.parts = shown.primary && own && other && is_cell(*own, own_cells) && adds_up(*other, other_cells);
    what.right_is_subject = what.parts && at_right;
    finding.parts = what.parts;
    for (const MissedCell& missed : c.missed) {
      if (finding.cells.size() < (with_cells ? most_cells : 1)) {
        finding.cells.push_back(evidence(data, missed));
      } else if (with_cells) {
        ++finding.cells_omitted;
      }
    }
  }

  finding.message = default_message(what);
  if (!rule.message.empty() && judgement.verdict == Verdict::violated) {
    finding.custom_message = own_message(what);
    const auto names_label = [](const dsl::MessagePart& part) { return part.kind == dsl::MessagePart::Kind::dimension; };
    finding.stands_alone = rule.by.empty() || std::ranges::any_of(rule.message, names_label);
  }
  if (with_cells) add_notes(what, finding);

  KeyPairs key = finding.instance;
  if (finding.primary) {
    const CellEvidence& cell = finding.cells[*finding.primary];
    key.insert(key.end(), cell.key.begin(), cell.key.end());
    finding.fingerprint = fingerprint(rule.name, data.sources->path(cell.span.source), cell.table, cell.field, key);
  } else {
    const CellEvidence* missing = finding.cells.empty() ? nullptr : &finding.cells.front();
    if (missing != nullptr) key.insert(key.end(), missing->key.begin(), missing->key.end());
    finding.fingerprint =
        fingerprint(rule.name, file_of(data, rule, &judgement), missing ? missing->table : "", missing ? missing->field : "", key);
  }
  return finding;
}

Finding explain_vacuous(const Data& data, const dsl::Rule& rule) {
  Finding finding = blank_finding(rule, Verdict::vacuous);
  const dsl::Program& program = *data.program;
  const std::size_t combinations = reference_instances(data, rule).size();
  if (combinations > 0) {
    finding.message = say(combinations == 1 ? MessageId::only_instance_ruled_out : MessageId::all_instances_ruled_out,
                          {{"count", std::to_string(combinations)}});
  } else {
    std::string dims, tables;
    for (const dsl::DimId dim : rule.by) dims += (dims.empty() ? "" : ", ") + program[dim].name;
    for (const dsl::InstanceSource& source : rule.sources)
      tables += (tables.empty() ? "`" : ", `") + program[source.table].spelling + "`";
    finding.message = say(MessageId::no_row_for_instances, {{"tables", tables}, {"dimensions", dims}});
  }
  finding.helps.push_back(say(MessageId::allow_vacuous));
  finding.fingerprint = fingerprint(rule.name, file_of(data, rule, nullptr), "", "", {});
  return finding;
}

}  // namespace kenzan::engine
