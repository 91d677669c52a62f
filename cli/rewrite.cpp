#include "cli/rewrite.hpp"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <optional>

#include "cli/decompress.hpp"
#include "cli/files.hpp"

namespace kenzan::cli {
namespace {

namespace fs = std::filesystem;

Message cannot_write(const std::string& path, Message why) {
  Message out = say(MessageId::fix_cannot_write, {{"path", path}, {"why", ""}});
  out.arguments[1].nested.push_back(std::move(why));
  return out;
}
Message cannot_write(const std::string& path, int error) {
  return say(MessageId::fix_cannot_write, {{"path", path}, {"why", reason(error)}});
}

std::optional<Message> why_not(const std::string& path) {
  if (packing_of(path) != Packing::none) return cannot_write(path, say(MessageId::fix_is_packed));
  if (path == "-") return cannot_write(path, say(MessageId::fix_is_stream));
  struct stat status{};
  if (::stat(path.c_str(), &status) != 0) return cannot_write(path, errno);
  if (!S_ISREG(status.st_mode)) return cannot_write(path, say(MessageId::fix_is_stream));
  if (::access(path.c_str(), W_OK) != 0) return cannot_write(path, errno);
  return std::nullopt;
}

/// A file's new bytes beside it, removed at the end of its life unless they took its place.
class Beside {
 public:
  explicit Beside(const Rewrite& file) : file_(file) {}
  Beside(Beside&& other) noexcept : file_(other.file_), target_(std::move(other.target_)), path_(std::move(other.path_)) {
    other.path_.clear();
  }
  ~Beside() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }

  [[nodiscard]] const std::string& shown() const { return file_.path; }

  /// 0, or the number of the error.
  int write() {
    std::error_code error;
    target_ = fs::canonical(file_.path, error).string();
    if (error) return error.value();
    struct stat status{};
    if (::stat(target_.c_str(), &status) != 0) return errno;
    std::string path = fs::path(target_).parent_path() / ("." + fs::path(target_).filename().string() + ".XXXXXX");
    const int file = ::mkostemp(path.data(), O_CLOEXEC);
    if (file < 0) return errno;
    path_ = std::move(path);
    int failure = 0;
    for (std::string_view rest = file_.after; !rest.empty() && failure == 0;) {
      const ssize_t written = ::write(file, rest.data(), rest.size());
      if (written >= 0) {
        rest.remove_prefix(static_cast<std::size_t>(written));
      } else if (errno != EINTR) {
        failure = errno;
      }
    }
    // Only root may give a file away; what others write is theirs, as a copy would be.
    if (::fchown(file, status.st_uid, status.st_gid) != 0 && errno != EPERM && failure == 0) failure = errno;
    if (::fchmod(file, status.st_mode & 07777) != 0 && failure == 0) failure = errno;
    if (::fsync(file) != 0 && failure == 0) failure = errno;
    if (::close(file) != 0 && failure == 0) failure = errno;
    return failure;
  }

  [[nodiscard]] bool is_as_read() const {
    const auto now = read_file(target_);
    return now && *now == file_.before;
  }

  int take_its_place() {
    if (::rename(path_.c_str(), target_.c_str()) != 0) return errno;
    path_.clear();
    const int folder = ::open(fs::path(target_).parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder >= 0) {
      ::fsync(folder);  // the file is whole either way
      ::close(folder);
    }
    return 0;
  }

 private:
  const Rewrite& file_;
  std::string target_, path_;
};

}  // namespace

std::vector<Message> why_not(const std::vector<Rewrite>& files) {
  std::vector<Message> out;
  for (const Rewrite& file : files) {
    if (auto why = why_not(file.path)) out.push_back(std::move(*why));
  }
  return out;
}

std::vector<Message> rewrite(const std::vector<Rewrite>& files, const std::atomic<bool>& stop, bool& none_written) {
  none_written = true;
  std::vector<Message> out = why_not(files);
  std::vector<Beside> written;
  for (const Rewrite& file : files) {
    if (!out.empty() || stop) return out;
    written.emplace_back(file);
    if (const int error = written.back().write(); error != 0) out.push_back(cannot_write(file.path, error));
  }
  for (const Beside& file : written) {
    if (!file.is_as_read()) out.push_back(cannot_write(file.shown(), say(MessageId::fix_has_changed)));
  }
  if (!out.empty() || stop) return out;
  for (Beside& file : written) {
    if (const int error = file.take_its_place(); error != 0) {
      out.push_back(cannot_write(file.shown(), error));
    } else {
      none_written = false;
    }
  }
  return out;
}

}  // namespace kenzan::cli
