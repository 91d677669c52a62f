// What is kept of each key of a file, to find those that stand there twice.
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <vector>

#include "engine/arena.hpp"

namespace kenzan::engine {

/// The upper 48 bits of hashes of keys, in partitions by the highest of them. Two keys in a hundred million may well agree in them: it
/// costs a second look at a few blocks of the file.
class Fingerprints {
 public:
  static constexpr std::size_t partitions = 256;

  /// The fingerprint of a key with this hash.
  [[nodiscard]] static std::uint64_t of(std::uint64_t hash) { return hash >> 16; }
  [[nodiscard]] static std::size_t partition_of(std::uint64_t print) { return print >> 40; }

  /// Cost: memory of 5 bytes.
  void add(std::uint64_t print) {
    const std::size_t partition = partition_of(print);
    End& end = ends_[partition];
    if (end.next == end.behind) begin_chunk(partition);
    const auto low = static_cast<std::uint32_t>(print);
    std::memcpy(end.next, &low, sizeof low);
    end.next[sizeof low] = static_cast<char>(print >> 32);
    end.next += bytes;
    // Partitions are too many for the processor to see where each goes on.
    __builtin_prefetch(end.next + std::min<std::ptrdiff_t>(Arena::line, end.behind - end.next), 1);
  }
  [[nodiscard]] std::size_t size(std::size_t partition) const {
    const End& end = ends_[partition];
    return chunks_[partition].size() * chunk - static_cast<std::size_t>(end.behind - end.next) / bytes;
  }
  /// Calls `each(print)` in the order in which they came.
  template <class Each>
  void for_each(std::size_t partition, Each each) const {
    for (const char* const begin : chunks_[partition]) {
      const char* const end = begin == chunks_[partition].back() ? ends_[partition].next : begin + chunk * bytes;
      for (const char* at = begin; at != end; at += bytes) {
        std::uint32_t low = 0;
        std::memcpy(&low, at, sizeof low);
        const auto high = static_cast<unsigned char>(at[sizeof low]);
        each(std::uint64_t{partition} << 40 | std::uint64_t{high} << 32 | low);
      }
    }
  }

 private:
  static constexpr std::size_t bytes = 5, chunk = 512;
  struct End {
    char *next = nullptr, *behind = nullptr;
  };

  void begin_chunk(std::size_t partition) {
    char* const begin = room_.take<char>(chunk * bytes, Arena::line);
    chunks_[partition].push_back(begin);
    ends_[partition] = {begin, begin + chunk * bytes};
  }

  std::array<End, partitions> ends_{};
  std::array<std::vector<char*>, partitions> chunks_;
  Arena room_;
};

}  // namespace kenzan::engine
