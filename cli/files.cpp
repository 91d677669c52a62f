#include "cli/files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <memory>
#include <system_error>

namespace kenzan::cli {

namespace fs = std::filesystem;

std::string reason(int error) { return std::generic_category().message(error); }

Result<std::string, std::string> read_file(const std::string& path, const std::atomic<bool>* stop) {
  const bool standard = path == "-";
  const int file = standard ? STDIN_FILENO : ::open(path.c_str(), O_RDONLY | O_CLOEXEC);
  if (file < 0) return tl::make_unexpected(reason(errno));
  struct stat status{};
  std::string text;
  std::string failure;
  if (::fstat(file, &status) == 0 && S_ISREG(status.st_mode)) {
    if (static_cast<std::uint64_t>(status.st_size) > largest_text)
      failure = reason(EFBIG);
    else
      text.reserve(static_cast<std::size_t>(status.st_size) + 1);  // one more: the end shows without more room
  }
  std::size_t size = 0;
  while (failure.empty()) {
    constexpr std::size_t step = 1 << 16, most = 1 << 24;
    if (stop != nullptr && *stop) {
      failure = reason(EINTR);
      break;
    }
    const std::size_t left = text.capacity() - size;
    const std::size_t room = left > 0 ? std::min(left, most) : step;
    text.resize(size + room);
    const ssize_t got = ::read(file, text.data() + size, room);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) failure = reason(errno);
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
    if (size > largest_text) failure = reason(EFBIG);
  }
  if (!standard) ::close(file);
  if (!failure.empty()) return tl::make_unexpected(failure);
  text.resize(size);
  return text;
}

std::string write_stream(std::FILE* stream, const Content& content) {
  int error = 0;
  Sink sink([stream, &error](std::string_view piece) {
    if (std::fwrite(piece.data(), 1, piece.size(), stream) == piece.size()) return true;
    error = errno;
    return false;
  });
  content(sink);
  if (sink.finish() && std::fflush(stream) != 0) error = errno;
  return error == 0 ? std::string() : reason(error);
}

std::string write_file(const std::string& path, const Content& content) {
  struct stat status{};
  const bool replace = ::stat(path.c_str(), &status) != 0 || S_ISREG(status.st_mode);  // a device or pipe is written directly
  const std::string beside = replace ? path + ".part" + std::to_string(::getpid()) : path;
  std::FILE* file = std::fopen(beside.c_str(), "wb");
  if (!file) return reason(errno);
  std::string failure = write_stream(file, content);
  if (std::fclose(file) != 0 && failure.empty()) failure = reason(errno);
  if (failure.empty() && replace && std::rename(beside.c_str(), path.c_str()) != 0) failure = reason(errno);
  if (!failure.empty() && replace) std::remove(beside.c_str());
  return failure;
}

std::string append_to_file(const std::string& path, const Content& content) {
  std::FILE* file = std::fopen(path.c_str(), "ab");
  if (!file) return reason(errno);
  std::string failure = write_stream(file, content);
  if (std::fclose(file) != 0 && failure.empty()) failure = reason(errno);
  return failure;
}

bool leads_out(const std::string& path) {
  const fs::path normal = fs::path(path).lexically_normal();
  return normal.is_absolute() || (!normal.empty() && *normal.begin() == "..");
}

std::vector<std::pair<std::string, std::string>> find_files(const std::string& pattern) {
  std::vector<std::pair<std::string, std::string>> found;
  const std::size_t open = pattern.find('{'), close = pattern.find('}');
  if (open == std::string::npos || close == std::string::npos || close < open) return found;
  const std::size_t slash = pattern.rfind('/', open);
  const std::string folder = slash == std::string::npos ? "" : pattern.substr(0, slash + 1);
  const std::string before = pattern.substr(folder.size(), open - folder.size());
  const std::string after = pattern.substr(close + 1);
  const std::size_t deeper = after.find('/');  // {year}/figures.csv: the braces name a folder
  const std::string name_after = after.substr(0, deeper);
  std::error_code error;
  for (fs::directory_iterator at(folder.empty() ? "." : folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    if (name.size() <= before.size() + name_after.size() || !name.starts_with(before) || !name.ends_with(name_after)) continue;
    const std::string label = name.substr(before.size(), name.size() - before.size() - name_after.size());
    std::string path = folder + name;
    if (deeper != std::string::npos) path += after.substr(deeper);
    if (fs::is_regular_file(path, error)) found.emplace_back(std::move(path), label);
    error.clear();
  }
  std::ranges::sort(found);
  return found;
}

Result<std::vector<std::string>, std::string> find_rules(const std::vector<std::string>& arguments) {
  std::error_code error;
  // `rules` is a folder that was taken for granted, here or beside a kenzan.toml.
  if (arguments.size() == 1 && fs::path(arguments.front()).filename() == "rules" && !fs::exists(arguments.front(), error)) {
    return tl::make_unexpected("no rule files: there is no folder `" + arguments.front() +
                               "`; name rule files, as in kenzan check budget.kz");
  }
  std::vector<std::string> found;
  for (const std::string& argument : arguments) {
    if (argument != "-" && fs::is_directory(argument, error)) {
      std::vector<std::string> inside;
      for (fs::recursive_directory_iterator at(argument, error), end; !error && at != end; at.increment(error)) {
        if (at->path().extension() == ".kz" && at->is_regular_file(error)) inside.push_back(at->path().generic_string());
      }
      if (error) return tl::make_unexpected("cannot read `" + argument + "`: " + error.message());
      if (inside.empty()) return tl::make_unexpected("no .kz files in `" + argument + "`");
      std::ranges::sort(inside);
      found.insert(found.end(), inside.begin(), inside.end());
    } else {
      found.push_back(argument);
    }
  }
  return found;
}

}  // namespace kenzan::cli
