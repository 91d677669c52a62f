#include "engine/discover/names.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "base/text.hpp"

namespace kenzan::engine {
namespace {

/// Other words that end as 合計 does.
constexpr std::string_view no_totals[] = {"会計", "統計", "家計", "時計", "設計"};

/// Whether a word stands in a name: an ASCII one between signs that are no letters, others anywhere, and of one character alone.
bool has_word(std::string_view name, std::string_view word) {
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80; };
  if (code_points(word) == 1) return name == word;
  for (std::size_t at = name.find(word); at != std::string_view::npos; at = name.find(word, at + 1)) {
    const std::size_t end = at + word.size();
    const bool ascii = static_cast<unsigned char>(word.front()) < 0x80;
    if (!ascii || ((at == 0 || !is_letter(name[at - 1])) && (end == name.size() || !is_letter(name[end])))) return true;
  }
  return false;
}

const std::vector<std::string_view>& words_of(RelationForm form) {
  static const std::vector<std::string_view> none,
      totals = {"総額", "総数", "全国", "total", "totals", "subtotal", "sum", "all"},
      differences = {"差",       "増減",   "増額",       "減額",   "差引",  "収支",    "純",
                     "increase", "change", "difference", "growth", "delta", "balance", "net"},
      shares = {"割合", "構成比", "比率", "率", "比", "シェア", "share", "shares", "ratio", "rate"},
      growth = {"増減率", "増加率", "伸び率", "成長率", "前年比", "growth", "change", "rate"};
  switch (form) {
    case RelationForm::restatement: return none;
    case RelationForm::group_total:
    case RelationForm::run_total: return totals;
    case RelationForm::sum:
    case RelationForm::difference: return differences;
    case RelationForm::share: return shares;
    case RelationForm::growth: return growth;
  }
  return none;
}

}  // namespace

bool tells_of(std::string_view folded, RelationForm form) {
  const std::string name = lower(folded);
  const bool total = form == RelationForm::group_total || form == RelationForm::run_total;
  if (total && name.ends_with("計"))
    return std::ranges::none_of(no_totals, [&](std::string_view end) { return name.ends_with(end); });
  return std::ranges::any_of(words_of(form), [&](std::string_view word) { return has_word(name, word); });
}

}  // namespace kenzan::engine
