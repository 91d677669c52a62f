// Memory that is only added to, and given back as a whole.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

#include "engine/pages.hpp"

namespace kenzan::engine {

/// Hands out pieces of memory that stay where they are. They are taken from a small one, and where that is not enough from large pages.
class Arena {
 public:
  static constexpr std::size_t line = 64;  ///< bytes of a line of the cache

  /// Memory as it comes, for `count` of T, at a multiple of `alignment` bytes, a power of two up to twice `line`.
  template <class T>
  [[nodiscard]] T* take(std::size_t count, std::size_t alignment = alignof(T)) {
    static_assert(std::is_trivially_destructible_v<T>);
    return reinterpret_cast<T*>(bytes(count * sizeof(T), alignment));
  }

 private:
  static constexpr std::size_t smallest = std::size_t{1} << 17, largest = 2 * large_page;
  struct Freed {
    std::size_t size;
    void operator()(char* memory) const { delete_pages(memory, size); }
  };

  char* bytes(std::size_t size, std::size_t alignment) {
    std::size_t skipped = -reinterpret_cast<std::uintptr_t>(end_) & (alignment - 1);
    if (size + skipped > room_) {
      room_ = std::max(next_, size + 2 * line);
      next_ = std::min(16 * next_, largest);
      pieces_.emplace_back(new_pages(room_), Freed{room_});
      end_ = pieces_.back().get();
      skipped = -reinterpret_cast<std::uintptr_t>(end_) & (alignment - 1);
    }
    char* const begin = end_ + skipped;
    room_ -= skipped + size;
    end_ = begin + size;
    return begin;
  }

  std::size_t next_ = smallest, room_ = 0;
  char* end_ = nullptr;
  std::vector<std::unique_ptr<char, Freed>> pieces_;
};

/// A growing list in chunks of an arena: it moves nothing.
template <class T, std::size_t chunk>
class Chunked {
 public:
  void push(const T& value, Arena& arena) {
    if (size_ % chunk == 0) {
      chunks_.push_back(arena.take<T>(chunk));
      end_ = chunks_.back();
    }
    new (end_++) T(value);
    ++size_;
  }
  [[nodiscard]] std::size_t size() const { return size_; }
  template <class Each>
  void for_each(Each each) const {
    for (std::size_t begin = 0; begin < size_; begin += chunk) {
      const T* const from = chunks_[begin / chunk];
      std::for_each(from, from + std::min(chunk, size_ - begin), each);
    }
  }
  [[nodiscard]] const T& operator[](std::size_t i) const { return chunks_[i / chunk][i % chunk]; }
  [[nodiscard]] T& operator[](std::size_t i) { return chunks_[i / chunk][i % chunk]; }

 private:
  std::vector<T*> chunks_;
  T* end_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace kenzan::engine
