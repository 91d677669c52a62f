#include "dsl_parse_dump.hpp"

namespace kenzan::test {

using namespace dsl::tree;

namespace {

std::string_view sign(Op op) {
  switch (op) {
    case Op::implies: return "implies";
    case Op::or_: return "or";
    case Op::and_: return "and";
    case Op::not_: return "not";
    case Op::equal: return "=";
    case Op::not_equal: return "!=";
    case Op::less: return "<";
    case Op::less_equal: return "<=";
    case Op::greater: return ">";
    case Op::greater_equal: return ">=";
    case Op::else_: return "else";
    case Op::add: return "+";
    case Op::subtract: return "-";
    case Op::multiply: return "*";
    case Op::divide: return "/";
    case Op::negate: return "neg";
  }
  return "?";
}

std::string number_text(const Number& number) {
  std::string text = number.about ? "約" : "";
  if (number.negative) text += "▲";
  for (const Number::Part& part : number.parts) text += part.digits + part.unit;
  if (number.commas) text += "(commas)";
  return text;
}

std::string names(const std::vector<Name>& list) {
  std::string text;
  for (const Name& name : list) text += (text.empty() ? "" : ",") + name.text;
  return text;
}

std::string brackets(const File& file, const Expr& expr) {
  if (expr.brackets.empty()) return "";
  std::string text;
  for (const Bracket& bracket : expr.brackets) {
    text += text.empty() ? "[" : ",";
    if (bracket.dim) text += bracket.dim->text + ":";
    text += dump(file, bracket.value);
  }
  return text + "]";
}

std::string call(const File& file, const Expr& expr) {
  std::string text = expr.text + "(";
  if (expr.distinct) text += "distinct ";
  for (std::size_t i = 0; i < expr.kids.size(); ++i) text += (i == 0 ? "" : ",") + dump(file, expr.kids[i]);
  if (!expr.over.empty()) text += " over " + names(expr.over);
  for (const auto& [column, dimension] : expr.by) text += " by " + column.text + (dimension ? " as " + dimension->text : "");
  if (expr.where) text += " where " + dump(file, *expr.where);
  return text + ")";
}

std::string texts(const std::vector<std::string>& list) {
  std::string text;
  for (const std::string& each : list) text += (text.empty() ? "\"" : ",\"") + each + "\"";
  return text;
}

std::string marks_text(const Marks& marks) {
  std::string text;
  if (marks.nil) text += " nil(" + texts(*marks.nil) + ")";
  if (marks.unknown) text += " unknown(" + texts(*marks.unknown) + ")";
  if (marks.suppressed) text += " suppressed(" + texts(*marks.suppressed) + ")";
  return text;
}

std::string constraint_text(const File& file, const Constraint& constraint) {
  std::string values;
  for (const ExprId value : constraint.values) values += (values.empty() ? "" : ",") + dump(file, value);
  switch (constraint.kind) {
    case Constraint::Kind::in_list: return "in(" + values + ")";
    case Constraint::Kind::in_table: return "in " + constraint.table->text + "." + constraint.column->text;
    case Constraint::Kind::matches: return "matches/" + constraint.regex->pattern + "/";
    case Constraint::Kind::compare: return std::string(sign(constraint.op)) + values;
    case Constraint::Kind::unique: return "unique";
  }
  return "?";
}

}  // namespace

std::string Parsed::said() const {
  std::string text;
  for (const Diagnostic& each : diagnostics.all()) {
    const Position at = sources.position(each.place.source, each.place.begin);
    if (!text.empty()) text += "\n";
    text += std::to_string(at.line) + ":" + std::to_string(at.column) + ": " + draw(each.message, Language::english);
    for (const Message& help : each.helps) text += "; " + draw(help, Language::english);
  }
  return text;
}

std::string expression(const std::string& text) {
  const Parsed parsed("rule r { require " + text + " }");
  if (parsed.diagnostics.has_errors()) return parsed.said();
  return dump(parsed.file, *parsed.file.rules.at(0).require);
}

std::string dump(const File& file, ExprId id) {
  const Expr& expr = file[id];
  const auto kid = [&](std::size_t i) { return dump(file, expr.kids.at(i)); };
  switch (expr.kind) {
    case ExprKind::number: return number_text(*expr.number) + (expr.kids.empty() ? "" : " to " + kid(0));
    case ExprKind::text: return "\"" + expr.text + "\"";
    case ExprKind::date: return "@" + expr.text;
    case ExprKind::name: return expr.text + brackets(file, expr);
    case ExprKind::field: return expr.text + "." + expr.field->text + brackets(file, expr);
    case ExprKind::call: return call(file, expr);
    case ExprKind::unary: return "(" + std::string(sign(expr.op)) + " " + kid(0) + ")";
    case ExprKind::binary: return "(" + std::string(sign(expr.op)) + " " + kid(0) + " " + kid(1) + ")";
    case ExprKind::is: return std::string(expr.negated ? "(is-not " : "(is ") + kid(0) + " " + expr.text + ")";
    case ExprKind::in: {
      std::string text = std::string(expr.negated ? "(not-in " : "(in ") + kid(0);
      for (std::size_t i = 1; i < expr.kids.size(); ++i) text += " " + kid(i);
      return text + ")";
    }
    case ExprKind::matches: return "(matches " + kid(0) + " /" + expr.text + "/)";
  }
  return "?";
}

std::string dump(const File& file, const Column& column) {
  std::string text = column.name.text + ":" + column.type.first;
  for (const auto& [op, unit] : column.type.more) text += op + unit;
  if (column.type.unit_column) text += " unit-in " + column.type.unit_column->text;
  if (column.header) text += " from(\"" + *column.header + "\")";
  if (column.position) text += " from(" + std::to_string(*column.position) + ")";
  if (column.across) {
    text += " across " + column.across->dim.text + "(";
    for (const AcrossLabel& label : column.across->labels) text += label.label.text + "=\"" + label.header + "\";";
    if (column.across->pattern) text += "/" + column.across->pattern->pattern + "/";
    text += ")";
  }
  if (column.take) text += " take/" + column.take->pattern + "/";
  for (const auto& [printed, meant] : column.alias) text += " alias(" + printed.text + "=" + meant.text + ")";
  if (column.optional) text += " optional";
  if (column.rounded) text += " rounded(" + std::string(spelling(column.rounded->mode)) + ")";
  if (column.to) text += " to(" + dump(file, *column.to) + ")";
  if (column.decimals) text += " decimals(" + column.decimals->text + ")";
  if (column.brackets) text += " brackets(" + column.brackets->text + ")";
  text += marks_text(column.marks);
  for (const Constraint& constraint : column.constraints) text += " " + constraint_text(file, constraint);
  return text;
}

std::string dump(const File& file, const Hierarchy& hierarchy) {
  std::string text = hierarchy.dim.text;
  switch (hierarchy.kind) {
    case Hierarchy::Kind::parent: return text + " by parent " + hierarchy.column->text;
    case Hierarchy::Kind::level: return text + " by level " + hierarchy.column->text;
    case Hierarchy::Kind::prefix:
      text += " by prefix";
      for (const std::uint32_t length : hierarchy.lengths) text += " " + std::to_string(length);
      return text;
    case Hierarchy::Kind::path: return text + " by path \"" + hierarchy.separator + "\"";
    case Hierarchy::Kind::stated: break;
  }
  for (const Hierarchy::Total& total : hierarchy.totals) {
    text += " " + total.label.text + " =";
    for (const Hierarchy::Part& part : total.parts) {
      text += (part.negative ? " -" : " +") + (part.others ? "<others>" : part.label.text);
      if (part.when) text += "{" + dump(file, *part.when) + "}";
    }
    text += ";";
  }
  return text;
}

std::string dump_clauses(const File& file, const Table& table) {
  std::string text = table.name.text;
  if (table.from) text += " from(\"" + *table.from + "\")";
  if (table.across) {
    text += " across " + table.across->dim.text + "(";
    for (const FileAcross::File& each : table.across->files) text += each.label.text + "=" + each.path.value_or("none") + ";";
    text += ")";
  }
  if (table.has_key) text += " key(" + (table.key_row ? std::string("<row>") : names(table.key)) + ")";
  if (table.rounded) text += " rounded(" + std::string(spelling(table.rounded->mode)) + ")";
  text += marks_text(table.marks);
  if (table.where) text += " where " + dump(file, *table.where);
  if (!table.complete.empty()) text += " complete(" + names(table.complete) + ")";
  for (const ReaderOption& option : table.options) {
    text += " " + option.name.text + "=" + (option.number ? "#" + std::to_string(*option.number) : option.text);
  }
  return text;
}

std::string dump(const File& file, const Rule& rule) {
  std::string text = rule.name.text;
  if (rule.title) text += " \"" + *rule.title + "\"";
  if (!rule.by.empty()) text += " by " + names(rule.by);
  if (!rule.of.empty()) text += " of " + names(rule.of);
  if (rule.severity) text += " severity(" + rule.severity->text + ")";
  if (rule.source) text += " source(\"" + *rule.source + "\")";
  if (!rule.tags.empty()) text += " tags(" + names(rule.tags) + ")";
  if (rule.when) text += " when " + dump(file, *rule.when);
  if (rule.require) text += " require " + dump(file, *rule.require);
  switch (rule.strength) {
    case Strength::possible: break;
    case Strength::exactly: text += " exactly"; break;
    case Strength::surely: text += " surely"; break;
  }
  if (rule.message) text += " message(\"" + *rule.message + "\")";
  if (rule.vacuous_allowed) text += " vacuous-allowed";
  return text;
}

}  // namespace kenzan::test
