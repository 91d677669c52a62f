// Intervals as tests write them: "[0.25, 0.35)", an infinite end "oo".
#pragma once
#include <string>

#include "base/interval.hpp"

namespace kenzan {

inline std::string show(const Interval& a) {
  const std::string low = a.low.infinite ? "(-oo" : (a.low.closed ? "[" : "(") + exact_text(a.low.value);
  const std::string high = a.high.infinite ? "oo)" : exact_text(a.high.value) + (a.high.closed ? "]" : ")");
  return low + ", " + high;
}

}  // namespace kenzan
