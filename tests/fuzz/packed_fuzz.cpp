// Any bytes as a packed file: unpacked in one piece and in small ones they hold the same, no more than asked for is made of them, and
// packed anew they come back.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "cli/decompress.hpp"
#include "tests/support/packed.hpp"

namespace {

using namespace kenzan;

constexpr std::size_t most = std::size_t{1} << 21;

void expect(bool what) {
  if (!what) std::abort();
}

struct Unpacked {
  std::string text, failure;
  bool complete = false, stopped = false;
};

/// Unpacks pieces of `piece` bytes until `most` bytes have come out.
Unpacked unpack(cli::Packing packing, std::string_view bytes, std::size_t piece) {
  Unpacked out;
  const auto decompressor = cli::make_decompressor(packing);
  const cli::Decompressor::Sink sink = [&](std::string_view more) {
    expect(!out.stopped && !more.empty());
    out.text.append(more);
    out.stopped = out.text.size() > most;
    return !out.stopped;
  };
  while (!bytes.empty() && out.failure.empty()) {
    const std::string_view taken = bytes.substr(0, piece);
    out.failure = decompressor->take(taken, sink);
    bytes.remove_prefix(taken.size());
  }
  expect(!out.stopped || !out.failure.empty());
  out.complete = out.failure.empty() && decompressor->complete();
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  for (const cli::Packing packing : {cli::Packing::gzip, cli::Packing::zstd}) {
    const Unpacked whole = unpack(packing, bytes, bytes.size());
    const std::size_t piece = size == 0 ? 1 : 1 + data[size - 1] % 16;
    const Unpacked pieces = unpack(packing, bytes, piece);
    // Why it is not whole may differ: what is wrong behind may be seen before there is too much, or before more is waited for.
    if (!whole.stopped && !pieces.stopped) expect(whole.complete == pieces.complete);
    if (whole.complete && pieces.complete) expect(whole.text == pieces.text);

    const std::string packed = packing == cli::Packing::gzip ? test::gzip(bytes) : test::zstd(bytes);
    const Unpacked back = unpack(packing, packed, packed.size());
    expect(back.complete && back.text == bytes);
    // Less than all of it is never taken for whole.
    expect(!unpack(packing, std::string_view(packed).substr(0, packed.size() - 1 - piece % packed.size()), packed.size()).complete);
    // Two behind one another are both.
    const Unpacked twice = unpack(packing, packed + packed, 7);
    expect(twice.complete && twice.text == std::string(bytes) + std::string(bytes));
  }
  return 0;
}
