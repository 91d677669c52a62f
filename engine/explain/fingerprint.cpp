#include "engine/explain/fingerprint.hpp"

#include <cstdint>

namespace kenzan::engine {
namespace {

/// FNV-1a over fields; each ends with a byte that no UTF-8 text holds, so that neighbours cannot run into each other.
class Hash {
 public:
  void field(std::string_view text) {
    for (const char c : text) byte(static_cast<unsigned char>(c));
    byte(0xFF);
  }
  [[nodiscard]] std::string hex() const {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string out(16, '0');
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = digits[(state_ >> (60 - 4 * i)) & 0xF];
    return out;
  }

 private:
  void byte(unsigned char value) { state_ = (state_ ^ value) * 0x100000001b3U; }
  std::uint64_t state_ = 0xcbf29ce484222325U;
};

}  // namespace

std::string fingerprint(std::string_view rule_or_code, std::string_view path, std::string_view table, std::string_view field,
                        const std::vector<std::pair<std::string, std::string>>& key) {
  Hash hash;
  hash.field(rule_or_code);
  hash.field(path.substr(path.find_last_of("/\\") + 1));  // npos + 1 is 0
  hash.field(table);
  hash.field(field);
  for (const auto& [dimension, label] : key) {
    hash.field(dimension);
    hash.field(label);
  }
  return hash.hex();
}

}  // namespace kenzan::engine
