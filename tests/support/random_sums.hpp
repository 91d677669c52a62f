// Random rule files over tables that are mostly compared with their sums: most of these tables need not be held in memory.
#pragma once
#include "tests/support/random_program.hpp"

namespace kenzan::test {

/// Items in groups of two levels, the published sums of each level, and rules between them; one rule in some asks for more than
/// sums. The same program for the same seed on every platform.
[[nodiscard]] RandomProgram random_sums(std::uint64_t seed, int rules);

}  // namespace kenzan::test
