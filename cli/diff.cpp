#include "cli/diff.hpp"

#include <algorithm>

#include "diag/visible.hpp"

namespace kenzan::cli {
namespace {

constexpr std::size_t around = 3;

/// Lines that change, all of those beside each other: half-open, counted from 0; and what stands there instead.
struct Block {
  std::size_t begin = 0, end = 0;
  std::string after;
};

/// The next line with its line feed, taken off `rest`.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end == std::string_view::npos ? end : end + 1);
  rest.remove_prefix(line.size());
  return line;
}

std::size_t count_lines(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count(text, '\n')) + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

/// A path as git writes it: in quotes where a character would end or hide it.
std::string shown_path(std::string_view side, std::string_view path) {
  const std::string whole = path.starts_with('/') ? std::string(path) : std::string(side).append(path);
  const auto odd = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F || c == '"' || c == '\\'; };
  if (std::ranges::none_of(whole, odd)) return whole.find(' ') == std::string::npos ? whole : whole + "\t";
  constexpr std::string_view digits = "01234567";
  std::string out = "\"";
  for (const char c : whole) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out.append({'\\', c});
    } else if (odd(c)) {
      out.append({'\\', digits[byte >> 6], digits[(byte >> 3) & 7], digits[byte & 7]});
    } else {
      out.push_back(c);
    }
  }
  return out.append("\"");
}

class Diff {
 public:
  Diff(std::string& out, std::string_view before, DiffStyle style) : out_(out), before_(before), style_(style) {
    for (std::size_t at = 0; at < before.size(); at = std::min(before.find('\n', at), before.size() - 1) + 1) starts_.push_back(at);
  }

  void write(std::string_view path, const std::vector<engine::Edit>& edits) {
    line("\x1b[1m", "--- ", shown_path("a/", path));
    line("\x1b[1m", "+++ ", shown_path("b/", path));
    const std::vector<Block> blocks = blocks_of(edits);
    std::size_t ahead = 0, behind = 0;  // lines that the hunks so far have added, and taken away
    for (std::size_t i = 0, next = 0; i < blocks.size(); i = next) {
      for (next = i + 1; next < blocks.size() && blocks[next].begin - blocks[next - 1].end <= 2 * around; ++next) {
      }
      hunk({blocks.begin() + static_cast<std::ptrdiff_t>(i), blocks.begin() + static_cast<std::ptrdiff_t>(next)}, ahead, behind);
    }
  }

 private:
  [[nodiscard]] std::size_t line_at(std::size_t offset) const {
    return static_cast<std::size_t>(std::ranges::upper_bound(starts_, offset) - starts_.begin()) - 1;
  }
  [[nodiscard]] std::size_t start_of(std::size_t line) const { return line < starts_.size() ? starts_[line] : before_.size(); }
  [[nodiscard]] std::string_view lines(std::size_t begin, std::size_t end) const {
    return before_.substr(start_of(begin), start_of(end) - start_of(begin));
  }

  [[nodiscard]] std::vector<Block> blocks_of(const std::vector<engine::Edit>& edits) const {
    std::vector<Block> out;
    for (std::size_t i = 0; i < edits.size();) {
      Block block{line_at(edits[i].begin), 0, {}};
      std::size_t at = start_of(block.begin);
      for (; i < edits.size() && (block.end == 0 || line_at(edits[i].begin) <= block.end); ++i) {
        block.after.append(before_.substr(at, edits[i].begin - at)).append(edits[i].bytes);
        at = edits[i].end;
        block.end = line_at(std::max(edits[i].begin, edits[i].end)) + 1;
      }
      block.after.append(before_.substr(at, start_of(block.end) - at));
      out.push_back(std::move(block));
    }
    return out;
  }

  void hunk(std::vector<Block> blocks, std::size_t& ahead, std::size_t& behind) {
    const std::size_t begin = blocks.front().begin - std::min(around, blocks.front().begin);
    const std::size_t end = std::min(blocks.back().end + around, starts_.size());
    std::size_t more = 0, less = 0;
    for (const Block& block : blocks) {
      more += count_lines(block.after);
      less += block.end - block.begin;
    }
    const auto range = [](std::size_t line, std::size_t count) {
      return std::to_string(line + 1) + (count == 1 ? "" : "," + std::to_string(count));
    };
    line("\x1b[36m", "@@ ",
         "-" + range(begin, end - begin) + " +" + range(begin + ahead - behind, end - begin + more - less) + " @@");
    ahead += more;
    behind += less;
    std::size_t at = begin;
    for (const Block& block : blocks) {
      all("", " ", lines(at, block.begin));
      all("\x1b[31m", "-", lines(block.begin, block.end));
      all("\x1b[32m", "+", block.after);
      at = block.end;
    }
    all("", " ", lines(at, end));
  }

  void all(std::string_view color, std::string_view sign, std::string_view text) {
    while (!text.empty()) {
      const std::string_view whole = take_line(text);
      const bool ends = whole.ends_with('\n');
      line(color, sign, whole.substr(0, whole.size() - (ends ? 1 : 0)));
      if (!ends) line("", "\\ ", "No newline at end of file");
    }
  }

  void line(std::string_view color, std::string_view sign, std::string_view text) {
    const bool colored = style_.color && !color.empty();
    if (colored) out_.append(color);
    out_.append(sign);
    if (style_.exact) {
      out_.append(text);
    } else {
      out_.append(visible(text.ends_with('\r') ? text.substr(0, text.size() - 1) : text));
    }
    if (colored) out_.append("\x1b[0m");
    out_.push_back('\n');
  }

  std::string& out_;
  std::string_view before_;
  DiffStyle style_;
  std::vector<std::size_t> starts_;  ///< of the lines
};

}  // namespace

void append_diff(std::string& out, std::string_view path, std::string_view before, const std::vector<engine::Edit>& edits,
                 DiffStyle style) {
  Diff(out, before, style).write(path, edits);
}

}  // namespace kenzan::cli
