#include "tests/support/places.hpp"

#include <cstdlib>

namespace kenzan::test {
namespace {

std::filesystem::path from_environment(const char* name, const char* otherwise) {
  const char* value = std::getenv(name);
  return value != nullptr && *value != '\0' ? value : otherwise;
}

}  // namespace

std::filesystem::path source_root() { return from_environment("KENZAN_ROOT", KENZAN_ROOT); }
std::filesystem::path kenzan_binary() { return from_environment("KENZAN_BINARY", KENZAN_BINARY); }

}  // namespace kenzan::test
