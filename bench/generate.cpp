// Writes a workload of a given size into a folder, the same bytes each time:
//   generate v1|wide|deep ROWS FOLDER [shuffled]
// ROWS are those of items.csv; beside it stand the published sums and rules.kz. In each workload ten figures are wrong, three keys
// stand twice, and two groups have no published sum.
#include <charconv>
#include <cstdlib>
#include <cstring>
#include <string_view>
#include <utility>

#include "bench/workload.hpp"

namespace kenzan::bench {

File::File(const std::string& folder, const std::string& name) : file_(std::fopen((folder + "/" + name).c_str(), "wb")) {
  if (file_ == nullptr) {
    std::perror((folder + "/" + name).c_str());
    std::exit(2);
  }
}

File::~File() {
  flush();
  if (std::fclose(file_) != 0) std::exit(2);
}

void File::flush() {
  if (std::fwrite(text_.data(), 1, text_.size(), file_) != text_.size()) std::exit(2);
  text_.clear();
}

void append_number(std::string& out, std::int64_t value, bool commas) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value / 10).ptr;
  const std::size_t count = static_cast<std::size_t>(end - digits);
  for (std::size_t i = 0; i < count; ++i) {
    if (commas && i > 0 && (count - i) % 3 == 0) out.push_back(',');
    out.push_back(digits[i]);
  }
  out.push_back('.');
  out.push_back(static_cast<char>('0' + value % 10));
}

void append_padded(std::string& out, std::uint64_t value, int width) {
  char digits[24];
  const auto end = std::to_chars(digits, digits + sizeof digits, value).ptr;
  for (auto i = end - digits; i < width; ++i) out.push_back('0');
  out.append(digits, end);
}

std::int64_t append_amount(std::string& out, Random& random, std::uint64_t nil, std::uint64_t quoted) {
  const std::uint64_t kind = random.below(1000);
  if (kind < nil) {
    out.append("—");
    return 0;
  }
  const auto value = static_cast<std::int64_t>(random.below(kind < 950 ? 9'000'000 : 90'000'000));
  if (kind < 1000 - quoted) {
    append_number(out, tenths(value));
  } else {
    out.push_back('"');
    append_number(out, tenths(value), true);
    out.push_back('"');
  }
  return value;
}

Planted planted(std::uint64_t group, std::uint64_t groups) {
  Planted out;
  for (std::uint64_t i = 0; i < 2; ++i) out.orphan = out.orphan || (groups > 4 && group == spread(i, 2, groups) + 1);
  for (std::uint64_t i = 0; i < 10; ++i) {
    if (group == spread(i, 10, groups)) out.wrong += i % 2 == 0 ? 90 : -90;
  }
  return out;
}

void append_twice(std::string& out, std::size_t begin, std::uint64_t row, std::uint64_t rows) {
  for (std::uint64_t d = 0; d < 3; ++d) {
    if (row == spread(d, 3, rows)) out.append(std::string(out, begin));
  }
}

std::vector<std::uint32_t> order_of(std::uint64_t rows, bool shuffled) {
  std::vector<std::uint32_t> order(shuffled ? rows : 0);
  for (std::uint64_t i = 0; i < order.size(); ++i) order[i] = static_cast<std::uint32_t>(i);
  Random random(3);
  for (std::uint64_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  return order;
}

}  // namespace kenzan::bench

int main(int argc, char** argv) {
  using namespace kenzan::bench;
  const std::uint64_t rows = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 0;
  const std::string_view workload = argc > 1 ? argv[1] : "";
  auto* const write = workload == "v1" ? write_v1 : workload == "wide" ? write_wide : workload == "deep" ? write_deep : nullptr;
  if (argc < 4 || rows == 0 || write == nullptr) {
    std::fputs("usage: generate v1|wide|deep ROWS FOLDER [shuffled]\n", stderr);
    return 2;
  }
  write(rows, argv[3], argc > 4 && std::strcmp(argv[4], "shuffled") == 0);
}
