// Packed files that end where a buffer does.
#include <gtest/gtest.h>

#include "cli/decompress.hpp"
#include "tests/support/packed.hpp"

namespace kenzan::cli {
namespace {

TEST(Decompressor, TakesAFileForWholeThatFillsItsBuffers) {
  for (const std::size_t size : {0U, 1U, (1U << 17) - 1, 1U << 17, (1U << 17) + 1, 1U << 18, 1U << 19, 1U << 20}) {
    const std::string text(size, 'a');
    for (const Packing packing : {Packing::gzip, Packing::zstd}) {
      const std::string packed = packing == Packing::gzip ? test::gzip(text) : test::zstd(text);
      for (const std::size_t piece : {packed.size(), std::size_t{5}}) {
        const auto decompressor = make_decompressor(packing);
        std::string out;
        for (std::size_t at = 0; at < packed.size(); at += piece) {
          EXPECT_EQ(decompressor->take(std::string_view(packed).substr(at, piece),
                                       [&](std::string_view bytes) {
                                         out += bytes;
                                         return true;
                                       }),
                    "");
          EXPECT_EQ(decompressor->complete(), at + piece >= packed.size()) << size;
        }
        EXPECT_EQ(out, text);
      }
    }
  }
}

}  // namespace
}  // namespace kenzan::cli
