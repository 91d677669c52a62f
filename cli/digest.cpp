#include "cli/digest.hpp"

#include <sodium.h>

#include <cerrno>
#include <cstdio>
#include <memory>
#include <vector>

#include "cli/files.hpp"

namespace kenzan::cli {
namespace {

struct Close {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, Close>;

}  // namespace

Result<Digest, std::string> digest_of(const std::string& path, const std::string& copy_to) {
  const File from(std::fopen(path.c_str(), "rbe"));
  if (!from) return tl::make_unexpected(reason(errno));
  File to;
  if (!copy_to.empty()) {
    to.reset(std::fopen(copy_to.c_str(), "wbxe"));
    if (!to) return tl::make_unexpected(reason(errno));
  }
  crypto_hash_sha256_state state;
  crypto_hash_sha256_init(&state);
  Digest out;
  std::vector<unsigned char> buffer(std::size_t{1} << 18);
  while (const std::size_t got = std::fread(buffer.data(), 1, buffer.size(), from.get())) {
    crypto_hash_sha256_update(&state, buffer.data(), got);
    out.bytes += got;
    if (to && std::fwrite(buffer.data(), 1, got, to.get()) != got) return tl::make_unexpected(reason(errno));
  }
  if (std::ferror(from.get()) != 0) return tl::make_unexpected(reason(errno));
  if (to && std::fclose(to.release()) != 0) return tl::make_unexpected(reason(errno));
  unsigned char hash[crypto_hash_sha256_BYTES];
  crypto_hash_sha256_final(&state, hash);
  char hex[2 * crypto_hash_sha256_BYTES + 1];
  out.sha256 = sodium_bin2hex(hex, sizeof hex, hash, sizeof hash) != nullptr ? hex : "";
  return out;
}

}  // namespace kenzan::cli
