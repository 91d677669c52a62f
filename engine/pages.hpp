// Large pieces of memory that are read here and there: in large pages where the system has them.
#pragma once
#include <cstddef>
#include <limits>
#include <new>
#include <vector>

namespace kenzan::engine {

/// From so many bytes on a piece of memory begins with a large page.
inline constexpr std::size_t large_page = std::size_t{1} << 21;

/// Memory as it comes. To be given back with `delete_pages`. Throws std::bad_alloc where there is none.
/// Cost: of small ones that of operator new; others share large pages, or take whole ones, as they are written.
[[nodiscard]] char* new_pages(std::size_t bytes);
void delete_pages(char* memory, std::size_t bytes);

/// For vectors that grow large: a look at a random element costs one miss then, and not the way to its page as well.
template <class T>
struct PageAllocator {
  using value_type = T;
  PageAllocator() = default;
  template <class U>
  PageAllocator(const PageAllocator<U>&) {}  // NOLINT(google-explicit-constructor): what the library asks for
  [[nodiscard]] T* allocate(std::size_t count) {
    if (count > std::numeric_limits<std::size_t>::max() / 2 / sizeof(T)) throw std::bad_array_new_length();
    return reinterpret_cast<T*>(new_pages(count * sizeof(T)));
  }
  void deallocate(T* memory, std::size_t count) { delete_pages(reinterpret_cast<char*>(memory), count * sizeof(T)); }
  friend bool operator==(const PageAllocator&, const PageAllocator&) { return true; }
};

/// A vector that may grow large.
template <class T>
using PagedVector = std::vector<T, PageAllocator<T>>;

}  // namespace kenzan::engine
