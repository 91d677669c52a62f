#include "engine/pages.hpp"

#include <sys/mman.h>

#include <algorithm>
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

Kept& kept() {
  static Kept& out = *new Kept;  // for ever: what gives pages back at the end of the program finds it there
  return out;
}

}  // namespace

char* new_pages(std::size_t bytes) {
  if (bytes < large_page) return static_cast<char*>(::operator new(bytes));
  if (char* const known = kept().take(bytes); known != nullptr) return known;
  auto* const memory = static_cast<char*>(::operator new(bytes, std::align_val_t{large_page}));
#if defined(MADV_HUGEPAGE)
  // Only a wish: where it is refused, the memory is as good, and slower.
  (void)madvise(memory, bytes / large_page * large_page, MADV_HUGEPAGE);
#endif
  return memory;
}

void delete_pages(char* memory, std::size_t bytes) {
  if (bytes < large_page) return ::operator delete(memory);
  if (kept().keep(memory, bytes)) return;
  ::operator delete(memory, std::align_val_t{large_page});
}

}  // namespace kenzan::engine
