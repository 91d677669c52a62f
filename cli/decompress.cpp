#include "cli/decompress.hpp"

#include <zlib.h>
#include <zstd.h>

#include <vector>

namespace kenzan::cli {
namespace {

constexpr std::size_t piece = std::size_t{1} << 18;

class Plain : public Decompressor {
 public:
  std::string take(std::string_view bytes, const Sink& sink) override { return sink(bytes) ? "" : "it could not be kept"; }
  [[nodiscard]] bool complete() const override { return true; }
};

class Gzip : public Decompressor {
 public:
  Gzip() : out_(piece) { ready_ = inflateInit2(&stream_, 15 + 16) == Z_OK; }
  ~Gzip() override { inflateEnd(&stream_); }
  Gzip(const Gzip&) = delete;
  Gzip& operator=(const Gzip&) = delete;

  std::string take(std::string_view bytes, const Sink& sink) override {
    if (!ready_) return "not enough memory to unpack it";
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(bytes.data()));
    stream_.avail_in = static_cast<uInt>(bytes.size());
    bool more = true;
    while (stream_.avail_in > 0 || more) {
      if (ended_ && stream_.avail_in > 0) {  // another file packed behind the first
        inflateReset(&stream_);
        ended_ = false;
      }
      if (ended_) break;
      stream_.next_out = reinterpret_cast<Bytef*>(out_.data());
      stream_.avail_out = static_cast<uInt>(out_.size());
      const int result = inflate(&stream_, Z_NO_FLUSH);
      if (result != Z_OK && result != Z_STREAM_END && result != Z_BUF_ERROR) return "it is not packed by gzip, or damaged";
      const std::size_t got = out_.size() - stream_.avail_out;
      if (got > 0 && !sink({out_.data(), got})) return "it could not be kept";
      ended_ = result == Z_STREAM_END;
      more = stream_.avail_out == 0;
    }
    return "";
  }
  [[nodiscard]] bool complete() const override { return ended_; }

 private:
  z_stream stream_{};
  std::vector<char> out_;
  bool ready_ = false, ended_ = false;
};

class Zstd : public Decompressor {
 public:
  Zstd() : stream_(ZSTD_createDStream()), out_(ZSTD_DStreamOutSize()) {}
  ~Zstd() override { ZSTD_freeDStream(stream_); }
  Zstd(const Zstd&) = delete;
  Zstd& operator=(const Zstd&) = delete;

  std::string take(std::string_view bytes, const Sink& sink) override {
    if (stream_ == nullptr) return "not enough memory to unpack it";
    ZSTD_inBuffer in{bytes.data(), bytes.size(), 0};
    bool more = false;
    while (in.pos < in.size || more) {
      ZSTD_outBuffer out{out_.data(), out_.size(), 0};
      const std::size_t left = ZSTD_decompressStream(stream_, &out, &in);
      if (ZSTD_isError(left)) return "it is not packed by zstd, or damaged";
      if (out.pos > 0 && !sink({out_.data(), out.pos})) return "it could not be kept";
      ended_ = left == 0;
      more = !ended_ && out.pos == out.size;  // asked for more than all, it would begin another file
    }
    return "";
  }
  [[nodiscard]] bool complete() const override { return ended_; }

 private:
  ZSTD_DStream* stream_;
  std::vector<char> out_;
  bool ended_ = false;
};

}  // namespace

Packing packing_of(std::string_view path) {
  if (path.ends_with(".gz")) return Packing::gzip;
  return path.ends_with(".zst") ? Packing::zstd : Packing::none;
}

std::unique_ptr<Decompressor> make_decompressor(Packing packing) {
  switch (packing) {
    case Packing::gzip: return std::make_unique<Gzip>();
    case Packing::zstd: return std::make_unique<Zstd>();
    case Packing::none: break;
  }
  return std::make_unique<Plain>();
}

}  // namespace kenzan::cli
