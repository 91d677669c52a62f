#include "cli/data_files.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <vector>

#include "cli/decompress.hpp"
#include "cli/files.hpp"

namespace kenzan::cli {
namespace {

class FileInput : public engine::Input {
 public:
  FileInput(int file, std::uint64_t size) : file_(file), size_(size) {}
  ~FileInput() override { ::close(file_); }
  FileInput(const FileInput&) = delete;
  FileInput& operator=(const FileInput&) = delete;

  [[nodiscard]] std::uint64_t size() const override { return size_; }
  [[nodiscard]] Result<std::size_t, std::string> read_at(std::uint64_t offset, char* to, std::size_t size) const override {
    while (true) {
      const ssize_t got = ::pread(file_, to, size, static_cast<off_t>(offset));
      if (got >= 0) return static_cast<std::size_t>(got);
      if (errno != EINTR) return tl::make_unexpected(reason(errno));
    }
  }

 private:
  int file_;
  std::uint64_t size_;
};

/// Writes all of it; false if that cannot be done.
bool write_all(int file, std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

/// Waits until there is something to read, its end among it; false where `stop` became true before.
bool wait_for(int file, const std::atomic<bool>& stop) {
  constexpr int moment = 50;  // milliseconds: the signal may have come just before the wait
  pollfd one{file, POLLIN, 0};
  while (!stop) {
    const int ready = ::poll(&one, 1, moment);
    if (ready > 0 || (ready < 0 && errno != EINTR)) return true;
  }
  return false;
}

/// A file that can be read only once, from its beginning.
bool is_stream(const std::string& path) {
  struct stat status{};
  return path == "-" || (::stat(path.c_str(), &status) == 0 && !S_ISREG(status.st_mode) && !S_ISDIR(status.st_mode));
}

/// Whether a file has to be unpacked, or written down while it comes.
bool is_kept(const std::string& path) { return packing_of(path) != Packing::none || is_stream(path); }

}  // namespace

/// Unpacks what `from` holds into `to`; "" or why that could not be done.
std::string DataFiles::unpack(const std::string& path, int from, int to, std::uint64_t& size) {
  const std::unique_ptr<Decompressor> decompressor = make_decompressor(packing_of(path));
  std::vector<char> buffer(std::size_t{1} << 18);
  struct stat status{};
  const bool sized = ::fstat(from, &status) == 0 && S_ISREG(status.st_mode);
  const std::uint64_t total = sized ? static_cast<std::uint64_t>(status.st_size) : 0;
  std::uint64_t done = 0;
  int error = 0;
  const auto sink = [&](std::string_view bytes) {
    size += bytes.size();
    if (!stop_ && write_all(to, bytes)) return true;
    error = stop_ ? EINTR : errno;
    return false;
  };
  while (true) {
    if (!wait_for(from, stop_)) return reason(EINTR);
    const ssize_t got = ::read(from, buffer.data(), buffer.size());
    if (got < 0 && (errno == EINTR || errno == EAGAIN)) continue;
    if (got < 0) return reason(errno);
    if (got == 0) return decompressor->complete() ? "" : "it is packed, and ends before its end";
    done += static_cast<std::uint64_t>(got);
    if (tell_) tell_(path, done, total);
    if (std::string why = decompressor->take({buffer.data(), static_cast<std::size_t>(got)}, sink); !why.empty()) {
      return error != 0 ? "unpacking it needs room for temporary files: " + reason(error) : why;
    }
  }
}

const DataFiles::Kept& DataFiles::keep(const std::string& path) {
  const auto [at, fresh] = kept_.try_emplace(path);
  Kept& kept = at->second;
  if (!fresh) return kept;
  const bool standard = path == "-";
  const int from = standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (from < 0) {
    kept.failure = reason(errno);
    return kept;
  }
  std::FILE* temporary = std::tmpfile();
  if (temporary == nullptr) {
    kept.failure = "reading it needs room for temporary files: " + reason(errno);
  } else {
    const int to = ::dup(::fileno(temporary));
    std::uint64_t size = 0;
    kept.failure = unpack(path, from, to, size);
    kept.input = std::make_shared<FileInput>(to, size);
    std::fclose(temporary);
  }
  if (!standard) ::close(from);
  return kept;
}

Result<std::string, std::string> DataFiles::read(const std::string& path) {
  if (!is_kept(path)) return read_file(path, &stop_);
  const Kept& kept = keep(path);
  if (!kept.failure.empty()) return tl::make_unexpected(kept.failure);
  if (kept.input->size() > largest_text) return tl::make_unexpected(reason(EFBIG));
  std::string text(static_cast<std::size_t>(kept.input->size()), '\0');
  constexpr std::size_t most = std::size_t{1} << 24;
  for (std::size_t at = 0; at < text.size(); at += most) {
    if (stop_) return tl::make_unexpected(reason(EINTR));
    std::string why = engine::read_whole(*kept.input, at, text.data() + at, std::min(most, text.size() - at));
    if (!why.empty()) return tl::make_unexpected(why);
  }
  return text;
}

std::shared_ptr<const engine::Input> DataFiles::input(const std::string& path) {
  if (is_kept(path)) {
    const Kept& kept = keep(path);
    return kept.failure.empty() ? kept.input : nullptr;
  }
  const int file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return nullptr;
  struct stat status{};
  if (::fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
    return std::make_shared<FileInput>(file, static_cast<std::uint64_t>(status.st_size));
  }
  ::close(file);
  return nullptr;
}

}  // namespace kenzan::cli
