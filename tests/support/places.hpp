// Where the tests find the program and the sources.
#pragma once
#include <filesystem>

namespace kenzan::test {

/// The root of the sources: rules/, datasets/, docs/, tests/. The environment's KENZAN_ROOT overrides what the build knows.
[[nodiscard]] std::filesystem::path source_root();

/// The program under test. The environment's KENZAN_BINARY overrides what the build knows.
[[nodiscard]] std::filesystem::path kenzan_binary();

}  // namespace kenzan::test
