// Reading and writing files, and finding rule files.
#pragma once
#include <atomic>
#include <cstdint>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "diag/sink.hpp"

namespace kenzan::cli {

/// Places in a text that is held are 32-bit.
inline constexpr std::uint64_t largest_text = 0xffff'0000;

/// What the system calls an error number.
[[nodiscard]] std::string reason(int error);

/// The bytes of a file ("-": standard input, once), or the system's reason why not. Directories and files over 4 GiB are refused.
/// When `stop` becomes true, reading ends with an error.
[[nodiscard]] Result<std::string, std::string> read_file(const std::string& path, const std::atomic<bool>* stop = nullptr);

/// Writes what `content` puts into a sink.
using Content = std::function<void(Sink& sink)>;

/// Writes a file whole: beside it first, then in its place, so that no reader sees a part. "" on success, else the reason.
[[nodiscard]] std::string write_file(const std::string& path, const Content& content);
/// The same at the end of a file, made if there is none.
[[nodiscard]] std::string append_to_file(const std::string& path, const Content& content);
/// The same to a stream that is open, and flushes it.
[[nodiscard]] std::string write_stream(std::FILE* stream, const Content& content);

/// Whether a path leads out of the folder that it is relative to, or is absolute.
[[nodiscard]] bool leads_out(const std::string& path);

/// Files whose path is `pattern` with any text for its one {name}, with that text, sorted.
[[nodiscard]] std::vector<std::pair<std::string, std::string>> find_files(const std::string& pattern);

/// The rule files that arguments name: files as they are, folders by their *.kz files at any depth, sorted. The error is a sentence for the user.
[[nodiscard]] Result<std::vector<std::string>, std::string> find_rules(const std::vector<std::string>& arguments);

}  // namespace kenzan::cli
