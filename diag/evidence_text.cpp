#include "diag/evidence_text.hpp"

#include <utf8proc.h>

#include <algorithm>
#include <optional>

#include "base/rational.hpp"
#include "base/utf8.hpp"
#include "diag/visible.hpp"

namespace kenzan {
namespace {

constexpr std::size_t longest_decimal = 30;  // written out in full

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_letter(char32_t code) {
  switch (utf8proc_category(static_cast<utf8proc_int32_t>(code))) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC: return true;
    default: return false;  // of another library's enum: every other category
  }
}

/// Whether `text` needs no quotes where the language expects a label or a dimension.
bool is_name(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint c = code_point_at(text, at);
    const bool digit = c.code < 0x80 && is_digit(static_cast<char>(c.code));
    if (!c.valid || !(c.code == '_' || is_letter(c.code) || (digit && at > 0))) return false;
    at += c.length;
  }
  return !text.empty();
}

bool is_integer(std::string_view text) { return !text.empty() && std::ranges::all_of(text, is_digit); }

std::string grouped(std::string_view decimal) {
  const std::size_t sign = decimal.starts_with('-') ? 1 : 0;
  const std::size_t point = std::min(decimal.find('.'), decimal.size());
  std::string out(decimal.substr(0, sign));
  for (std::size_t i = sign; i < point; ++i) {
    if (i > sign && (point - i) % 3 == 0) out.push_back(',');
    out.push_back(decimal[i]);
  }
  return out.append(decimal.substr(point));
}

std::string range_of(const Quantity& side, bool with_unit, Language language) {
  if (!side.numeric) return draw(say(MessageId::quoted_value, {{"value", side.value}}), language);
  return interval_text(side.low, side.high, with_unit ? std::string_view(side.unit) : std::string_view(), language);
}

/// What the comparison adds to the primary cell; nothing where the finding has no two sides.
std::optional<Message> contrast(const Finding& finding, const CellEvidence& cell, Language language) {
  if (!finding.left || !finding.right) return std::nullopt;
  const bool at_right = cell.role == "right";
  const Quantity& own = at_right ? *finding.right : *finding.left;
  const Quantity& other = at_right ? *finding.left : *finding.right;
  const bool with_unit = own.unit != other.unit || own.unit != cell.unit;
  const bool cell_is_side = !own.numeric || (own.low == cell.low && own.high == cell.high && own.unit == cell.unit) ||
                            cell.mark == "nil" || cell.mark == "unknown" || cell.mark == "suppressed" || cell.mark == "blank";
  if (!cell_is_side) {
    return say(MessageId::contrast_both_sides,
               {{"left", range_of(*finding.left, with_unit, language)}, {"right", range_of(*finding.right, with_unit, language)}});
  }
  const bool clash = finding.verdict == Verdict::violated || finding.verdict == Verdict::implausible;
  const MessageId id = !clash          ? MessageId::contrast_compatible
                       : finding.parts ? MessageId::contrast_parts
                                       : MessageId::contrast_other_side;
  return say(id, {{"range", range_of(other, with_unit, language)}});
}

}  // namespace

std::string label_text(std::string_view label) {
  if (is_name(label) || is_integer(label)) return std::string(label);
  std::string out = "\"";
  for (char c : label) {
    if (c == '"' || c == '\\') out.push_back('\\');
    out.push_back(c);
  }
  return out.append("\"");
}

std::string name_text(std::string_view name) { return is_name(name) ? std::string(name) : "「" + std::string(name) + "」"; }

std::string instance_text(const std::vector<std::pair<std::string, std::string>>& instance) {
  if (instance.empty()) return {};
  std::string out = "[";
  for (const auto& [dimension, label] : instance) {
    if (out.size() > 1) out.append(", ");
    out.append(name_text(dimension)).append(": ").append(label_text(label));
  }
  return out.append("]");
}

std::string number_text(std::string_view exact) {
  const std::string_view digits = exact.substr(exact.starts_with('-') ? 1 : 0);
  const bool decimal = !digits.empty() && std::ranges::all_of(digits, [](char c) { return is_digit(c) || c == '.'; });
  if (decimal && exact.size() <= longest_decimal) return grouped(exact);
  const std::size_t slash = exact.find('/');
  const std::optional<Rational> above = parse_rational(exact.substr(0, slash));
  if (!above) return std::string(exact);
  if (slash == exact.npos) return readable(*above);
  const std::optional<Rational> below = parse_rational(exact.substr(slash + 1));
  return below && *below != 0 ? readable(*above / *below) : std::string(exact);
}

std::string interval_text(std::string_view low, std::string_view high, std::string_view unit, Language language) {
  const bool from = low != "-inf";
  const bool up_to = high != "inf";
  const auto number = [unit](std::string_view exact) { return number_text(exact).append(unit); };
  if (!from && !up_to) return draw(say(MessageId::interval_any), language);
  if (!up_to) return draw(say(MessageId::interval_from, {{"low", number(low)}}), language);
  if (!from) return draw(say(MessageId::interval_up_to, {{"high", number(high)}}), language);
  if (low == high) return draw(say(MessageId::interval_exact, {{"value", number(low)}}), language);
  return draw(say(MessageId::interval_between, {{"low", number(low)}, {"high", number(high)}}), language);
}

std::string cell_note(const CellEvidence& cell, Language language) {
  if (cell.mark == "nil") return draw(say(MessageId::mark_nil), language);
  if (cell.mark == "unknown") return draw(say(MessageId::mark_unknown), language);
  if (cell.mark == "suppressed") return draw(say(MessageId::mark_suppressed), language);
  if (cell.mark == "blank") return draw(say(MessageId::mark_blank), language);
  if (cell.mark == "unreadable") return draw(say(MessageId::mark_unreadable), language);
  if (!cell.mark.empty()) return cell.mark;
  return cell.low.empty() ? std::string() : interval_text(cell.low, cell.high, "", language);
}

std::string related_note(const CellEvidence& cell, Language language) {
  const std::string note = cell_note(cell, language);
  return visible(cell.role + ": " + cell.text + (note.empty() ? "" : " (" + note + ")"));
}

std::string primary_note(const Finding& finding, Language language) {
  if (!finding.primary) return {};
  const CellEvidence& cell = finding.cells[*finding.primary];
  std::string note = cell_note(cell, language);
  const std::optional<Message> more = contrast(finding, cell, language);
  if (!more) return note;
  std::string words = draw(*more, language);
  return note.empty() ? words : draw(say(MessageId::note_with_contrast, {{"note", note}, {"contrast", words}}), language);
}

std::string message_text(const Finding& finding, Language language) {
  return finding.custom_message ? *finding.custom_message : draw(finding.message, language);
}

std::string headline(const Finding& finding, Language language) {
  std::string out;
  if (!finding.title.empty() && !finding.stands_alone) out.append(finding.title).append(": ");
  if (!finding.instance.empty() && !finding.stands_alone) out.append(instance_text(finding.instance)).append(" ");
  return visible(out.append(message_text(finding, language)));
}

std::string waiver_text(const Finding& finding, Language language) {
  if (finding.known) return draw(say(MessageId::finding_known), language);
  if (!finding.waiver) return "";
  const WaivedBy& waiver = *finding.waiver;
  return draw(say(MessageId::waived_by, {{"until", waiver.until}, {"by", waiver.by}, {"because", waiver.because}}), language);
}

std::string_view grade_of(const Finding& finding) { return finding.waived ? "waived" : name_of(finding.severity); }
std::string more_findings_text(std::size_t count, Language language) {
  if (count == 1) return draw(say(MessageId::more_findings_one), language);
  return draw(say(MessageId::more_findings, {{"count", std::to_string(count)}}), language);
}

std::string name_of(const CellEvidence& cell) { return cell.table + "." + cell.field + instance_text(cell.key); }

const std::string& name_of(const Finding& finding) { return finding.rule.empty() ? finding.code : finding.rule; }

Span place_of(const Finding& finding) {
  if (finding.primary && finding.cells[*finding.primary].span.source.valid()) return finding.cells[*finding.primary].span;
  return finding.place.source.valid() ? finding.place : finding.rule_place;
}

}  // namespace kenzan
