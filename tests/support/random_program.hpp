// Random rule files with small tables, as text: every construct of the language, mostly valid, from a seed.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace kenzan::test {

struct RandomProgram {
  std::string tables;                        ///< declarations
  std::vector<std::string> rules;            ///< one each; some may not compile
  std::map<std::string, std::string> files;  ///< data by path
};

/// The same program for the same seed on every platform.
[[nodiscard]] RandomProgram random_program(std::uint64_t seed, int rules);

}  // namespace kenzan::test
