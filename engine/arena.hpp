// Memory that is only added to, and given back as a whole.
#pragma once
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <type_traits>
#include <vector>

namespace kenzan::engine {

/// Hands out pieces of memory that stay where they are. They are taken from larger and larger
/// ones.
class Arena {
 public:
  static constexpr std::size_t line = 64;  ///< every piece begins on a line of the cache

  /// Memory as it comes, for `count` of T.
  template <class T>
  [[nodiscard]] T* take(std::size_t count) {
    static_assert(std::is_trivially_destructible_v<T>);
    return reinterpret_cast<T*>(bytes(count * sizeof(T)));
  }

 private:
  static constexpr std::size_t smallest = std::size_t{1} << 17, largest = std::size_t{1} << 20;
  struct Freed {
    void operator()(char* memory) const { ::operator delete(memory); }
  };

  char* bytes(std::size_t size) {
    size = (size + line - 1) / line * line;
    if (size > room_) {
      const std::size_t more = std::max(next_, size + line);
      next_ = std::min(2 * next_, largest);
      pieces_.emplace_back(static_cast<char*>(::operator new(more)));
      char* const begin = pieces_.back().get();
      const std::size_t skipped = (line - reinterpret_cast<std::uintptr_t>(begin) % line) % line;
      end_ = begin + skipped;
      room_ = more - skipped;
    }
    room_ -= size;
    end_ += size;
    return end_ - size;
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
  [[nodiscard]] const T& operator[](std::size_t i) const { return chunks_[i / chunk][i % chunk]; }
  [[nodiscard]] T& operator[](std::size_t i) { return chunks_[i / chunk][i % chunk]; }

 private:
  std::vector<T*> chunks_;
  T* end_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace kenzan::engine
