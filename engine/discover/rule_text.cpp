#include "engine/discover/rule_text.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "diag/evidence_text.hpp"
#include "diag/visible.hpp"

namespace kenzan::engine {
namespace {

class Writer {
 public:
  Writer(Operands& operands, const Basis& basis) : operands_(operands), data_(operands.data()), basis_(basis) {}

  [[nodiscard]] std::string dimension(dsl::DimId dim) const {
    for (const dsl::Table& table : data_.program->tables) {
      if (const auto column = table.dimension_column(dim)) return name_text(table.columns[*column].spelling);
    }
    return name_text((*data_.program)[dim].name);
  }

  [[nodiscard]] std::string operand(const Operand& operand) const {
    const dsl::Table& table = operands_.declared(operand.table);
    std::string out = figure(operand);
    if (!operand.sum) return operand.before ? "lag(" + out + ", " + dimension(basis_.dims[*operand.before]) + ")" : out;
    const std::string where = condition(operand);
    if (!where.empty()) out += " where " + where;
    std::string by;  // a column of another name has the label
    for (const auto& [column, dim] : operand.matched) {
      if (std::ranges::find(operand.referring, column) == operand.referring.end()) continue;
      by += (by.empty() ? " by " : ", ") + name_text(table.columns[column].spelling) + " as " + dimension(basis_.dims[dim]);
    }
    // Dimensions of the rule that the sum goes over.
    std::string over;
    for (std::size_t d = 0; d < basis_.dims.size(); ++d) {
      const auto column = table.dimension_column(basis_.dims[d]);
      const bool has =
          column || (table.columns[operand.column].across && table.columns[operand.column].across->dim == basis_.dims[d]);
      const bool matched = std::ranges::any_of(operand.matched, [&](const auto& each) { return each.second == d; }) ||
                           (operand.across == Operand::Across::matched && operand.across_dim == d);
      if (has && !matched) over += (over.empty() ? " over " : ", ") + dimension(basis_.dims[d]);
    }
    return "sum(" + out + by + over + ")";
  }

  [[nodiscard]] std::string comparison(const FigureRelation& relation) const {
    std::string out = operand(relation.target) + " = ";
    for (std::size_t t = 0; t < relation.terms.size(); ++t) {
      if (t > 0) out += relation.is_quotient() ? " / " : relation.terms[t].negative ? " - " : " + ";
      out += operand(relation.terms[t].operand);
    }
    return relation.form == RelationForm::growth ? out + " - 1" : out;
  }

 private:
  /// `table.column[label]`.
  [[nodiscard]] std::string figure(const Operand& operand) const {
    const dsl::Table& table = operands_.declared(operand.table);
    const dsl::Column& column = table.columns[operand.column];
    std::string out = name_text(table.spelling) + "." + name_text(column.spelling);
    std::vector<std::string> brackets;
    for (const auto& [in, dim] : operand.matched) {
      const bool refers = std::ranges::find(operand.referring, in) != operand.referring.end();
      if (refers && !operand.sum) brackets.push_back(name_text(table.columns[in].spelling) + ": " + dimension(basis_.dims[dim]));
    }
    const ColumnData& cells = data_[operand.table].columns[operand.column];
    if (operand.across == Operand::Across::fixed) {
      const std::string label = label_text(data_.texts.text(cells.across_spellings[operand.part]));
      brackets.push_back((column.across->pattern ? dimension(column.across->dim) + ": " : "") + label);
    } else if (operand.fixed) {
      const auto& [in, code] = *operand.fixed;
      const std::string_view spelled = spelling(operand.table, in, code);
      const bool alone = table.key.size() == 1 && !column.across;
      brackets.push_back((alone ? "" : name_text(table.columns[in].spelling) + ": ") +
                         (table.columns[in].type == dsl::ColumnType::text ? label_text(spelled) : std::string(spelled)));
    }
    for (std::size_t i = 0; i < brackets.size(); ++i) out += (i == 0 ? "[" : ", ") + brackets[i];
    return brackets.empty() ? out : out + "]";
  }

  [[nodiscard]] std::string_view spelling(dsl::TableId table, std::uint32_t column, Code label) const {
    for (const auto& [code, spelling] : operands_.labels(table, column)) {
      if (code == label) return data_.texts.text(spelling);
    }
    return data_.texts.text(label);
  }

  [[nodiscard]] std::string condition(const Operand& operand) const {
    if (!operand.but && operand.only.empty()) return "";
    const dsl::Column& column = operands_.declared(operand.table).columns[operand.along];
    const std::string name = name_text(column.spelling);
    const auto literal = [&](Code label) {
      const std::string text(spelling(operand.table, operand.along, label));
      return column.type == dsl::ColumnType::text ? quoted(text) : text;
    };
    const bool one_spelling = column.type != dsl::ColumnType::text || is_spelled_once(operand);
    if (operand.but) {
      return one_spelling ? name + " != " + literal(*operand.but) : "not same(" + name + ", " + literal(*operand.but) + ")";
    }
    std::string out;
    for (const Code label : operand.only) {
      if (!out.empty()) out += one_spelling ? ", " : " or ";
      out += one_spelling ? literal(label) : "same(" + name + ", " + literal(label) + ")";
    }
    return one_spelling ? name + " in (" + out + ")" : out;
  }

  /// Whether each label of a column is spelled in one way: then it can be compared as it stands.
  [[nodiscard]] bool is_spelled_once(const Operand& operand) const {
    const PhysicalColumn& cells = data_[operand.table].columns[operand.along].parts[0];
    std::map<Code, Code> spellings;
    for (std::size_t row = 0; row < cells.labels.size(); ++row) {
      if (spellings.try_emplace(cells.labels[row], cells.text(row)).first->second != cells.text(row)) return false;
    }
    return true;
  }

  [[nodiscard]] static std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
      if (c == '"' || c == '\\') out.push_back('\\');
      out.push_back(c);
    }
    return out.append("\"");
  }

  Operands& operands_;
  const Data& data_;
  const Basis& basis_;
};

std::string_view word_of(RelationForm form) {
  switch (form) {
    case RelationForm::restatement: return "restated";
    case RelationForm::group_total:
    case RelationForm::run_total: return "total";
    case RelationForm::sum: return "sum";
    case RelationForm::difference: return "difference";
    case RelationForm::share: return "share";
    case RelationForm::growth: return "growth";
  }
  return "";
}

}  // namespace

std::string rule_name(Operands& operands, const FigureRelation& relation, std::set<std::string>& taken) {
  const dsl::Table& table = operands.declared(relation.target.table);
  const dsl::Table& other = operands.declared(relation.terms.front().operand.table);
  std::string base = table.spelling + "-" + std::string(word_of(relation.form)) + "-";
  if (relation.target.table != relation.terms.front().operand.table) {
    base += other.spelling;
  } else if (relation.target.fixed) {
    base += operands.data().texts.text(relation.target.fixed->second);
  } else {
    base += table.columns[relation.target.column].spelling;
  }
  for (const std::string_view mark : {"「", "」"}) {
    for (std::size_t at = base.find(mark); at != std::string::npos; at = base.find(mark)) base.erase(at, mark.size());
  }
  // A name may hold `-`; with its parts it is one where they are.
  std::string letters = base;
  std::erase(letters, '-');
  const bool plain = name_text(letters) == letters;
  std::string name = base;
  for (std::size_t n = 2; !taken.insert(fold(name)).second; ++n) name = base + "-" + std::to_string(n);
  return plain ? name : "「" + name + "」";
}

std::string rule_text(Operands& operands, const FigureRelation& relation, const std::string& name,
                      const std::vector<std::size_t>& missing) {
  const Writer writer(operands, *relation.basis);
  std::string out = "rule " + name;
  for (std::size_t d = 0; d < relation.basis->dims.size(); ++d) {
    out += (d == 0 ? " by " : ", ") + writer.dimension(relation.basis->dims[d]);
  }
  if (!relation.basis->dims.empty()) out += " of " + name_text(operands.declared(relation.basis->table).spelling);
  out += " {\n";
  std::string when;
  for (const std::size_t each : missing) {
    const FigureRelation first = relation.in_column(0);
    const Operand& operand = each == 0 ? first.target : first.terms[each - 1].operand;
    if (operand.sum) continue;
    when += (when.empty() ? "  when    " : " and ") + writer.operand(operand) + " is not missing";
  }
  if (!when.empty()) out += when + "\n";
  for (std::size_t column = 0; column < relation.column_count(); ++column) {
    out += (column == 0 ? "  require " : "\n      and ") + writer.comparison(relation.in_column(column));
  }
  return out + "\n}\n";
}

bool can_be_written(Operands& operands, const FigureRelation& relation) {
  const Texts& texts = operands.data().texts;
  const auto writable = [](std::string_view text) { return visible(text) == text; };
  const auto labels_are = [&](const Operand& operand) {
    const auto ok = [&](Code label) { return writable(texts.text(label)); };
    if (operand.across == Operand::Across::fixed) {
      const ColumnData& column = operands.data()[operand.table].columns[operand.column];
      if (!ok(column.across_spellings[operand.part])) return false;
    }
    if (operand.fixed && !ok(operand.fixed->second)) return false;
    if (operand.but && !ok(*operand.but)) return false;
    return std::ranges::all_of(operand.only, ok);
  };
  return labels_are(relation.target) &&
         std::ranges::all_of(relation.terms, [&](const FigureRelation::Term& term) { return labels_are(term.operand); });
}

}  // namespace kenzan::engine
