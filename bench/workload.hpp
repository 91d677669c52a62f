// What the workloads are written with. Amounts are rounded to a tenth from hidden true values, in ten-thousandths, and so are their
// sums; what is wrong in a workload is planted at places that depend on its size alone.
#pragma once
#include <array>
#include <cstdint>
#include <cstdio>
#include <string>
#include <vector>

#include "tests/support/random.hpp"

namespace kenzan::bench {

using test::Random;

/// A file that is written through `text()`. A failure ends the program with exit status 2.
class File {
 public:
  File(const std::string& folder, const std::string& name);
  ~File();
  File(const File&) = delete;
  File& operator=(const File&) = delete;
  std::string& text() {
    if (text_.size() > (1U << 20U)) flush();
    return text_;
  }

 private:
  void flush();
  std::FILE* file_;
  std::string text_;
};

inline constexpr std::array<const char*, 12> ministries = {"内閣官房",   "総務省",     "外務省",     "財務省",
                                                           "文部科学省", "厚生労働省", "経済産業省", "国土交通省",
                                                           "環境省",     "防衛省",     "警察庁",     "金融庁"};

/// Tenths of a number of ten-thousandths, rounded half up.
inline std::int64_t tenths(std::int64_t true_value) { return (true_value + 500) / 1000; }

/// Appends a number of tenths.
void append_number(std::string& out, std::int64_t value, bool commas = false);

void append_padded(std::string& out, std::uint64_t value, int width);

/// Appends the cell of a random amount, `nil` thousandths of them — and `quoted` with thousands commas; returns its true value.
std::int64_t append_amount(std::string& out, Random& random, std::uint64_t nil, std::uint64_t quoted);

/// The i-th of `of` places spread over [0, all).
inline std::uint64_t spread(std::uint64_t i, std::uint64_t of, std::uint64_t all) { return (2 * i + 1) * all / (2 * of); }

/// What is wrong with the published sum of a group: two groups have none; ten are off by some tenths, together by nothing, so that the
/// totals stay right.
struct Planted {
  bool orphan = false;
  std::int64_t wrong = 0;
};
Planted planted(std::uint64_t group, std::uint64_t groups);

/// Appends the row that begins at `begin` again if its key is to stand twice, which that of three rows is.
void append_twice(std::string& out, std::size_t begin, std::uint64_t row, std::uint64_t rows);

/// The numbers of rows in the order in which they are written; none for the order of the numbers.
std::vector<std::uint32_t> order_of(std::uint64_t rows, bool shuffled);

void write_v1(std::uint64_t rows, const std::string& folder, bool shuffled);
void write_wide(std::uint64_t rows, const std::string& folder, bool shuffled);
void write_deep(std::uint64_t rows, const std::string& folder, bool shuffled);

}  // namespace kenzan::bench
