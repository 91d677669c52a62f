#include "engine/pages.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <mutex>
#include <vector>

namespace kenzan::engine {
namespace {

/// Pieces that were given back. Written again, they need no new pages, of which each is cleared first: a scan mostly asks for as much
/// as the one before.
class Kept {
 public:
  char* take(std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    const auto at = std::ranges::find(pieces_, bytes, &Piece::bytes);
    if (at == pieces_.end()) return nullptr;
    char* const memory = at->memory;
    pieces_.erase(at);
    bytes_ -= bytes;
    return memory;
  }
  /// False where enough are kept.
  bool keep(char* memory, std::size_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
    return false;  // which looks for uses of what was given back
#endif
    constexpr std::size_t most = std::size_t{64} << 20;
    const std::lock_guard lock(mutex_);
    if (bytes_ + bytes > most) return false;
    pieces_.push_back({memory, bytes});
    bytes_ += bytes;
    return true;
  }

 private:
  struct Piece {
    char* memory;
    std::size_t bytes;
  };
  std::mutex mutex_;
  std::vector<Piece> pieces_;
  std::size_t bytes_ = 0;
};

/// Pieces of less than a large page, which stand side by side in large ones. They are given back for others of their size.
class SideBySide {
 public:
  static constexpr std::size_t least = std::size_t{1} << 17;

  char* take(std::size_t bytes) {
    const std::size_t steps = steps_of(bytes);
    const std::lock_guard lock(mutex_);
    if (std::vector<char*>& known = free_[steps]; !known.empty()) {
      char* const memory = known.back();
      known.pop_back();
      return memory;
    }
    if (room_ < steps) {
      char* const memory = new_pages(2 * large_page);
      if (room_ > 0) free_[room_].push_back(next_);
      next_ = memory;
      room_ = 2 * most;
    }
    char* const memory = next_;
    next_ += steps * step;
    room_ -= steps;
    if (room_ < least / step) room_ = 0;
    return memory;
  }
  void give_back(char* memory, std::size_t bytes) {
    const std::lock_guard lock(mutex_);
    free_[steps_of(bytes)].push_back(memory);
  }

 private:
  static constexpr std::size_t step = std::size_t{1} << 15, most = large_page / step;
  static std::size_t steps_of(std::size_t bytes) { return (bytes + step - 1) / step; }
  std::mutex mutex_;
  std::array<std::vector<char*>, most + 1> free_;  ///< by their size in steps
  char* next_ = nullptr;
  std::size_t room_ = 0;  ///< steps from there on
};

SideBySide& side_by_side() {
  static SideBySide& out = *new SideBySide;  // for ever, likewise
  return out;
}

Kept& kept() {
  static Kept& out = *new Kept;  // for ever: what gives pages back at the end of the program finds it there
  return out;
}

/// The size of a piece of its own. There are few, so that one that was given back mostly serves for another.
constexpr std::size_t in_pages(std::size_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
  return bytes;  // which looks for what is written behind a piece
#else
  return (bytes + large_page - 1) / large_page * large_page;
#endif
}

/// Whether a piece comes from operator new.
constexpr bool stands_alone(std::size_t bytes) {
#if defined(__SANITIZE_ADDRESS__)
  return bytes < large_page;  // likewise: pieces side by side would hide what is written behind one
#else
  return bytes < SideBySide::least;
#endif
}

}  // namespace

char* new_pages(std::size_t bytes) {
  if (stands_alone(bytes)) return static_cast<char*>(::operator new(bytes));
  if (bytes < large_page) return side_by_side().take(bytes);
  bytes = in_pages(bytes);
  if (char* const known = kept().take(bytes); known != nullptr) return known;
  auto* const memory = static_cast<char*>(::operator new(bytes, std::align_val_t{large_page}));
#if defined(MADV_HUGEPAGE)
  // Only a wish: where it is refused, the memory is as good, and slower.
  (void)madvise(memory, bytes / large_page * large_page, MADV_HUGEPAGE);
#endif
  return memory;
}

void delete_pages(char* memory, std::size_t bytes) {
  if (stands_alone(bytes)) return ::operator delete(memory);
  if (bytes < large_page) return side_by_side().give_back(memory, bytes);
  if (kept().keep(memory, in_pages(bytes))) return;
  ::operator delete(memory, std::align_val_t{large_page});
}

}  // namespace kenzan::engine
