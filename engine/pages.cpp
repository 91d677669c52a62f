#include "engine/pages.hpp"

#include <sys/mman.h>

namespace kenzan::engine {

char* new_pages(std::size_t bytes) {
  if (bytes < large_page) return static_cast<char*>(::operator new(bytes));
  auto* const memory = static_cast<char*>(::operator new(bytes, std::align_val_t{large_page}));
#if defined(MADV_HUGEPAGE)
  // Only a wish: where it is refused, the memory is as good, and slower.
  (void)madvise(memory, bytes / large_page * large_page, MADV_HUGEPAGE);
#endif
  return memory;
}

void delete_pages(char* memory, std::size_t bytes) {
  if (bytes < large_page) return ::operator delete(memory);
  ::operator delete(memory, std::align_val_t{large_page});
}

}  // namespace kenzan::engine
