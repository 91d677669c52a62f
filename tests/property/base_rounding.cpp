// A printed figure stands for exactly the true values that print as it: checked against rounding written again in integers.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "base/figure.hpp"
#include "base/figure_text.hpp"

namespace kenzan {
namespace {

constexpr long parts = 8;  // true values are sampled in eighths of the place

/// Whether a true value of `n` eighths may be printed as `v` places.
bool prints_as(Rounding rounding, long n, long v) {
  const long size = std::labs(n);
  const long sign = n < 0 ? -1 : 1;
  const long whole = size / parts;
  const long rest = size % parts;
  switch (rounding) {
    case Rounding::nearest: return 2 * std::labs(n - v * parts) <= parts;
    case Rounding::half_up: return v == sign * (2 * rest >= parts ? whole + 1 : whole);
    case Rounding::half_even: return v == sign * (2 * rest > parts || (2 * rest == parts && whole % 2 != 0) ? whole + 1 : whole);
    case Rounding::truncated: return v == sign * whole;
    case Rounding::away: return v == sign * (rest > 0 ? whole + 1 : whole);
    case Rounding::floor: return v * parts <= n && n < (v + 1) * parts;
    case Rounding::ceiling: return (v - 1) * parts < n && n <= v * parts;
    case Rounding::exact: return n == v * parts;
  }
  return false;
}

constexpr Rounding modes[] = {Rounding::nearest, Rounding::half_up, Rounding::half_even, Rounding::truncated,
                              Rounding::away,    Rounding::floor,   Rounding::ceiling,   Rounding::exact};

TEST(RoundingProperty, AFigureStandsForExactlyWhatPrintsAsIt) {
  for (const char* place : {"1", "0.1", "0.0001", "5", "100000000"}) {
    const Rational step = *parse_rational(place);
    for (Rounding mode : modes) {
      for (long v = -6; v <= 6; ++v) {
        const Interval values = true_values(Figure{Mark::number, mode, Rational(v * step), step});
        for (long n = -64; n <= 64; ++n) {
          const Rational truth = step * n / parts;
          ASSERT_EQ(values.contains(truth), prints_as(mode, n, v)) << spelling(mode) << ' ' << v << " of " << n << "/8, " << place;
        }
      }
    }
  }
}

TEST(RoundingProperty, RoundingAndItsInverseAgree) {
  for (Rounding mode : modes) {
    if (mode == Rounding::exact) continue;
    for (long n = -64; n <= 64; ++n) {
      const Rational truth(n, parts);
      const Rational printed = round_to(truth, 1, mode);
      ASSERT_EQ(denominator(printed), 1);
      ASSERT_TRUE(prints_as(mode, n, static_cast<long>(numerator(printed)))) << spelling(mode) << ' ' << n;
      ASSERT_TRUE(true_values(Figure{Mark::number, mode, printed, 1}).contains(truth)) << spelling(mode) << ' ' << n;
    }
  }
}

TEST(RoundingProperty, ARoundedIntervalHoldsExactlyTheHullOfItsResults) {
  for (Rounding mode : modes) {
    if (mode == Rounding::exact) continue;
    for (long low = -20; low <= 20; ++low) {
      for (long width = 1; width <= 20; ++width) {
        for (int flags = 0; flags < 4; ++flags) {
          const bool low_closed = (flags & 1) != 0;
          const bool high_closed = (flags & 2) != 0;
          // In quarters of the place; the samples, in eighths, reach inside every open end.
          const Interval a{{Rational(low, 4), low_closed, false}, {Rational(low + width, 4), high_closed, false}};
          long least = 1000, most = -1000;
          for (long n = 2 * low + (low_closed ? 0 : 1); n <= 2 * (low + width) - (high_closed ? 0 : 1); ++n) {
            for (long v = -12; v <= 12; ++v) {
              if (!prints_as(mode, n, v)) continue;
              least = std::min(least, v);
              most = std::max(most, v);
            }
          }
          const Interval expected{{Rational(least), true, false}, {Rational(most), true, false}};
          ASSERT_EQ(round_to(a, 1, mode), expected) << spelling(mode) << ' ' << low << '+' << width << '/' << flags;
        }
      }
    }
  }
}

/// Writes `n` with commas.
std::string grouped(unsigned long n) {
  std::string digits = std::to_string(n);
  for (std::size_t at = digits.size(); at > 3; at -= 3) digits.insert(at - 3, 1, ',');
  return digits;
}

std::string full_width(const std::string& ascii) {
  std::string out;
  for (char c : ascii) out += {'\xEF', '\xBC', static_cast<char>(0x80 + (c - 0x20))};
  return out;
}

TEST(ReadFigureProperty, EverySpellingOfANumberIsTheSameNumber) {
  const UnitTable units;
  FigureFormat format;
  format.unit = *units.find("円");
  std::uint64_t state = 20240331;
  for (int i = 0; i < 4000; ++i) {
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    const unsigned long whole = static_cast<unsigned long>(state >> 33U) >> (i % 31);
    const int decimals = i % 4;
    const std::string thousandths = std::to_string(1000 + state % 1000).substr(1);
    const std::string fraction = decimals == 0 ? "" : "." + thousandths.substr(0, static_cast<std::size_t>(decimals));
    const Rational value = *parse_rational(std::to_string(whole) + fraction);
    const Rational step = power_of_ten(-decimals);
    const std::string plain = std::to_string(whole) + fraction;
    const std::string commas = grouped(whole) + fraction;
    for (const std::string& text : {plain, commas, full_width(plain), full_width(commas), "+" + commas, commas + " 円"}) {
      const ReadFigure read = read_figure(text, format, units);
      ASSERT_EQ(read.issue, FigureIssue::none) << text;
      ASSERT_EQ(read.figure.value, value) << text;
      ASSERT_EQ(read.figure.step, step) << text;
      ASSERT_EQ(read.decimals, decimals) << text;
      const ReadFigure minus = read_figure("▲" + text.substr(text.starts_with('+') ? 1 : 0), format, units);
      ASSERT_EQ(minus.figure.value, -value) << text;
    }
    const unsigned long trillions = 1 + whole % 9999;
    const unsigned long hundred_millions = 1 + state % 9999;
    const std::string compound = std::to_string(trillions) + "兆" + grouped(hundred_millions) + fraction + "億円";
    const Rational part = *parse_rational(std::to_string(hundred_millions) + fraction);
    const Rational expected = trillions * power_of_ten(12) + part * power_of_ten(8);
    const ReadFigure read = read_figure(compound, format, units);
    ASSERT_EQ(read.figure.value, expected) << compound;
    ASSERT_EQ(read.figure.step, power_of_ten(8 - decimals)) << compound;
  }
}

TEST(ReadFigureProperty, AMovedCommaIsNeverReadAsANumber) {
  const UnitTable units;
  FigureFormat format;
  format.unit = *units.find("円");
  for (const char* digits : {"12", "123", "1234", "12345", "1234567"}) {
    const std::string all = digits;
    for (unsigned mask = 1; mask < (1U << (all.size() - 1)); ++mask) {
      std::string text;
      bool good = true;
      for (std::size_t i = 0; i < all.size(); ++i) {
        if (i > 0 && (mask >> (i - 1) & 1U) != 0) text += ',';
        text += all[i];
      }
      for (std::size_t i = 1; i < all.size(); ++i) {
        const bool comma = (mask >> (i - 1) & 1U) != 0;
        good = good && comma == ((all.size() - i) % 3 == 0);
      }
      const ReadFigure read = read_figure(text, format, units);
      ASSERT_EQ(read.figure.mark == Mark::number, good) << text;
      if (good) {
        ASSERT_EQ(read.figure.value, *parse_rational(all)) << text;
      }
    }
  }
}

}  // namespace
}  // namespace kenzan
