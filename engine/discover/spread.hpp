// How surprising it is that a figure agrees with what others say of it.
#pragma once
#include <vector>

#include "base/rational.hpp"

namespace kenzan::engine {

/// The sizes of some figures: where an unrelated one would stand, and how densely. Signs do not count, nor does how often a
/// size occurs.
class Spread {
 public:
  void add(const Rational& written);
  /// To be called once, when all have been added.
  void close();
  /// Returns the chance that an unrelated figure stands within one unit around `size` (> 0): the greater of what sizes would give
  /// that are spread evenly over all magnitudes between the smallest and the largest (a power of ten apart at least), and of what
  /// the nearest sizes give, where there are four or more.
  // not a figure: a chance, which ranks proposals
  [[nodiscard]] double density(double size) const;

 private:
  // not a figure: sizes to estimate a chance by
  std::vector<double> sizes_;
};

/// Returns how many bits it tells that a figure agrees with an unrelated one to within `width`: −log₂ of the chance of it; 0 for a
/// nil. A figure that ends in zeros counts as known to its last other digit only. `column`: the sizes of its column; `kind`: of all
/// figures of its dimension.
// not a figure: a chance, which ranks proposals
[[nodiscard]] double surprise(const Rational& written, const Rational& width, const Spread& column, const Spread& kind);

}  // namespace kenzan::engine
