// SHA-256 of files, with libsodium.
#pragma once
#include <cstdint>
#include <string>

#include "base/result.hpp"

namespace kenzan::cli {

struct Digest {
  std::uint64_t bytes = 0;
  std::string sha256;  ///< in hex
  friend bool operator==(const Digest&, const Digest&) = default;
};

/// Reads a file to its end; the error is the system's reason. With `copy_to` it is written there as it is read, so that the digest is
/// that of the copy; the folder must exist, and the file must not.
[[nodiscard]] Result<Digest, std::string> digest_of(const std::string& path, const std::string& copy_to = {});

}  // namespace kenzan::cli
