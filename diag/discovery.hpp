// Relations that the figures of a run obey and no rule states, as data: each with the rule that would state it, and its support.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "diag/message.hpp"

namespace kenzan {

/// The forms of relations that are looked for, the simplest first.
enum class RelationForm : std::uint8_t {
  restatement,  ///< a figure is another
  group_total,  ///< a figure is the sum of rows of another table
  run_total,    ///< a figure is the sum of those beside it, in its row or its column
  sum,          ///< a figure is the sum of two others of its row
  difference,   ///< a figure is the difference of two figures of another table
  share,        ///< a figure is the quotient of two others
  growth,       ///< a figure is the quotient of two others, less 1
};
inline constexpr std::size_t relation_form_count = 7;
inline constexpr std::string_view relation_form_names[] = {"restatement", "group-total", "run-total", "sum",
                                                           "difference",  "share",       "growth"};  ///< by RelationForm
[[nodiscard]] inline std::string_view name_of(RelationForm form) { return relation_form_names[static_cast<std::size_t>(form)]; }

struct Proposal {
  RelationForm form = RelationForm::restatement;
  std::string name;  ///< of the rule: no other rule of the program has it
  std::string rule;  ///< its text, ready to paste; lines end in \n
  std::size_t instances = 0, held = 0;
  /// Unrelated figures would obey some relation of this kind, and as well, once in 2^bits collections of figures like this one.
  std::uint32_t bits = 0;
  std::vector<std::string> broken;  ///< figures for which it does not hold, `table.column[key: label]`; three at most
};

struct Discovery {
  std::vector<Proposal> proposals;  ///< the most certain first; none says what those before it, or a rule, say already
  std::size_t tried = 0;            ///< relations
  std::size_t tables = 0, figures = 0;
  std::vector<Message> left_out;  ///< what was not tried, and why
};

}  // namespace kenzan
