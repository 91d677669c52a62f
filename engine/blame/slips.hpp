// Slips of the hand: what may have been meant where a number stands.
#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/rational.hpp"
#include "diag/message.hpp"

namespace kenzan::engine {

/// What happened to a number as it was typed; most plausible first.
enum class Slip : std::uint8_t {
  swapped,    ///< two neighbouring digits changed places
  point,      ///< the decimal point moved, or the figure is in another unit
  sign,       ///< a sign was lost or gained
  exchanged,  ///< the figure and one beside it changed places
  copied,     ///< the figure beside it was typed once more
  doubled,    ///< a digit was typed twice
  single,     ///< a digit that stands twice was typed once
  neighbour,  ///< a digit became one beside it on the keyboard
  omitted,    ///< a sum was made without one of its rows
  added,      ///< a digit too many
  dropped,    ///< a digit too few
  mistyped,   ///< a digit became another
};

struct Meant {
  Slip slip = Slip::swapped;
  std::string text;
};

inline constexpr std::string_view slip_names[] = {"swapped",   "point",   "sign",  "exchanged", "copied",  "doubled", "single",
                                                  "neighbour", "omitted", "added", "dropped",   "mistyped"};  ///< by Slip

/// The same for people.
inline constexpr MessageId slip_words[] = {MessageId::slip_swapped,   MessageId::slip_point,     MessageId::slip_sign,
                                           MessageId::slip_exchanged, MessageId::slip_copied,    MessageId::slip_doubled,
                                           MessageId::slip_single,    MessageId::slip_neighbour, MessageId::slip_omitted,
                                           MessageId::slip_added,     MessageId::slip_dropped,   MessageId::slip_mistyped};

/// About where a number may lie that is looked for: a first sieve, wider than what is asked.
struct Sieve {
  // not a figure: what falls through is read exactly
  double low, high, width;  ///< of the number as it is written; and at least how wide what one stands for is
};

/// Returns the texts from which one slip of the digits makes `written`, each once with its most plausible slip, in the order of plausibility. Where
/// the point moved, both with all digits and with as many decimals as are written.
///
/// The number is the first run of ASCII digits with `point` and `group` in it; what stands around it stays, and thousands are grouped
/// where they were. None where there is no such run, or it has more than 20 digits.
/// With a sieve, texts may be left out that stand for nothing in it.
/// Cost: some 15 texts for each digit.
[[nodiscard]] std::vector<Meant> meant_by(std::string_view written, char point, char group, const std::optional<Sieve>& sieve = {});

/// Returns the text with the number that a figure of another value has, with as many decimals; "" where it needs more, or is
/// negative, or there is no number but 0 to tell the unit by. `was`, `value`: in base units.
[[nodiscard]] std::string with_value(std::string_view written, const Rational& was, const Rational& value, char point, char group);

/// The last place of that number, in base units, if `was` is its value; nothing where there is no number but 0, or it is a mark for 0.
[[nodiscard]] std::optional<Rational> last_place(std::string_view written, const Rational& was, char point, char group);

/// How many digits stand behind the point of that number; nothing where there is none.
[[nodiscard]] std::optional<std::size_t> decimals_of(std::string_view written, char point, char group);

}  // namespace kenzan::engine
