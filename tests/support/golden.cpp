#include "tests/support/golden.hpp"

#include <algorithm>
#include <stdexcept>

#include "tests/support/run.hpp"

namespace kenzan::test {
namespace {

constexpr std::string_view escaped_mark = " (escaped)";
constexpr std::string_view no_line_end = "\\ no line end\n";

/// The next line with its line end, taken off `rest`.
std::string_view take_line(std::string_view& rest) {
  const std::size_t end = rest.find('\n');
  const std::string_view line = rest.substr(0, end == std::string_view::npos ? rest.size() : end + 1);
  rest.remove_prefix(line.size());
  return line;
}

std::vector<std::string_view> lines_of(std::string_view text) {
  std::vector<std::string_view> out;
  while (!text.empty()) out.push_back(take_line(text));
  return out;
}

/// What stands between `-- ` and ` --`, if the line is the head of a section.
std::optional<std::string_view> section_head(std::string_view line) {
  if (line.ends_with('\n')) line.remove_suffix(1);
  if (line.size() < 7 || !line.starts_with("-- ") || !line.ends_with(" --")) return std::nullopt;
  return line.substr(3, line.size() - 6);
}

[[noreturn]] void refuse(std::size_t line, const std::string& why) {
  throw std::runtime_error("line " + std::to_string(line) + ": " + why);
}

/// Reads `kenzan … ; exit N`.
GoldenCommand parse_command(std::string_view text, std::size_t line) {
  const std::size_t at = text.rfind(" ; exit ");
  if (at == std::string_view::npos) refuse(line, "a command ends with `; exit N`");
  const std::string_view number = text.substr(at + 8);
  if (number.empty() || number.size() > 3 || number.find_first_not_of("0123456789") != std::string_view::npos) {
    refuse(line, "the exit status is a number");
  }
  GoldenCommand out;
  out.command = text.substr(0, at);
  out.exit = std::stoi(std::string(number));
  return out;
}

std::string text_of(const GoldenCommand& command) {
  std::string out = "-- expect";
  if (command.out.escaped) out += escaped_mark;
  out += ": " + command.command + " ; exit " + std::to_string(command.exit) + " --\n" + command.out.shown;
  if (command.err) {
    out += "-- stderr";
    if (command.err->escaped) out += escaped_mark;
    out += " --\n" + command.err->shown;
  }
  return out;
}

bool has_control_characters(std::string_view bytes) {
  return std::ranges::any_of(bytes,
                             [](char c) { return (static_cast<unsigned char>(c) < 0x20 && c != '\n' && c != '\t') || c == 0x7F; });
}

/// Output as a golden file shows it.
GoldenText show(const std::string& bytes, bool escaped) {
  escaped = escaped || has_control_characters(bytes);
  GoldenText out{escaped ? escape(bytes) : bytes, escaped};
  if (!bytes.empty() && !bytes.ends_with('\n')) out.shown += "\n" + std::string(no_line_end);
  return out;
}

}  // namespace

std::string escape(std::string_view bytes) {
  constexpr const char* digits = "0123456789ABCDEF";
  std::string out;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\\') {
      out += "\\\\";
    } else if (c == '\r') {
      out += "\\r";
    } else if (c == '\t') {
      out += "\\t";
    } else if ((byte < 0x20 && c != '\n') || byte == 0x7F) {
      out += {'\\', 'x', digits[byte / 16], digits[byte % 16]};
    } else {
      out += c;
    }
  }
  return out;
}

std::string unescape(std::string_view shown) {
  const auto digit = [](char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    return -1;
  };
  std::string out;
  for (std::size_t at = 0; at < shown.size(); ++at) {
    if (shown[at] != '\\') {
      out += shown[at];
      continue;
    }
    const char next = at + 1 < shown.size() ? shown[at + 1] : '\0';
    ++at;
    switch (next) {
      case '\\': out += '\\'; break;
      case 'r': out += '\r'; break;
      case 'n': out += '\n'; break;
      case 't': out += '\t'; break;
      case '\n': break;
      case 'x': {
        const int high = at + 1 < shown.size() ? digit(shown[at + 1]) : -1;
        const int low = at + 2 < shown.size() ? digit(shown[at + 2]) : -1;
        if (high < 0 || low < 0) throw std::runtime_error("\\x needs two hexadecimal digits");
        out += static_cast<char>(high * 16 + low);
        at += 2;
        break;
      }
      default: throw std::runtime_error("unknown escape in an escaped section: \\" + std::string(1, next));
    }
  }
  return out;
}

Golden parse_golden(std::string_view text) {
  Golden golden;
  std::string* body = nullptr;  // of the section that is being read
  bool escaped_file = false;
  std::size_t number = 0;
  const auto finish_file = [&] {
    if (!escaped_file) return;
    try {
      golden.files.back().bytes = unescape(golden.files.back().bytes);
    } catch (const std::runtime_error& error) {
      refuse(number, error.what());
    }
    escaped_file = false;
  };
  while (!text.empty()) {
    const std::string_view line = take_line(text);
    ++number;
    std::optional<std::string_view> head = section_head(line);
    if (head) {
      finish_file();
      if (head->starts_with("expect: ") || head->starts_with("expect (escaped): ")) {
        golden.commands.push_back(parse_command(head->substr(head->find(": ") + 2), number));
        golden.commands.back().out.escaped = head->starts_with("expect (");
        body = &golden.commands.back().out.shown;
      } else if (*head == "stderr" || *head == "stderr (escaped)") {
        if (golden.commands.empty() || golden.commands.back().err) refuse(number, "a stderr section follows its expect section");
        golden.commands.back().err = GoldenText{"", *head != "stderr"};
        body = &golden.commands.back().err->shown;
      } else {
        if (!golden.commands.empty()) refuse(number, "files stand before the first command");
        if (head->ends_with(escaped_mark)) {
          head->remove_suffix(escaped_mark.size());
          escaped_file = true;
        }
        golden.files.push_back({std::string(*head), ""});
        body = &golden.files.back().bytes;
      }
    } else if (body != nullptr) {
      *body += line;
    } else if (line != "\n" && !line.starts_with('#')) {
      refuse(number, "before the first section stand only comments");
    }
    if (golden.commands.empty()) golden.front += line;
  }
  finish_file();
  if (golden.commands.empty()) refuse(number, "there is no command: -- expect: kenzan … ; exit 0 --");
  return golden;
}

std::string to_text(const Golden& golden) {
  std::string out = golden.front;
  for (const GoldenCommand& command : golden.commands) out += text_of(command);
  return out;
}

Golden replay(const Golden& expected) {
  const TemporaryFolder folder;
  for (const GoldenFile& file : expected.files) write_file(folder.path() / file.name, file.bytes);
  Golden actual = expected;
  for (GoldenCommand& command : actual.commands) {
    const Run result = run(command.command, folder.path());
    command.exit = result.exit;
    command.out = show(result.out, command.out.escaped);
    if (command.err || !only_summary(result.err)) command.err = show(result.err, command.err && command.err->escaped);
  }
  return actual;
}

std::string differences(const Golden& expected, const Golden& actual) {
  std::string out;
  for (std::size_t i = 0; i < expected.commands.size(); ++i) {
    const std::string left = text_of(expected.commands[i]);
    const std::string right = text_of(actual.commands[i]);
    if (left != right) out += line_difference(left, right);
    // Never right, even where a golden expects it. The shell says 126 and up for what it could not run, or what a signal ended.
    if (tells_of_a_crash(right) || actual.commands[i].exit >= 126)
      out += "the program is broken: " + actual.commands[i].command + "\n" + right;
  }
  return out;
}

std::vector<std::filesystem::path> golden_files(const std::filesystem::path& folder) {
  std::vector<std::filesystem::path> out;
  if (!std::filesystem::is_directory(folder)) return out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.is_regular_file() && entry.path().extension() == ".txt" && entry.path().filename() != "not-printed.txt") {
      out.push_back(entry.path());
    }
  }
  std::ranges::sort(out);
  return out;
}

bool only_summary(std::string_view err) {
  return std::ranges::all_of(lines_of(err), [](std::string_view line) {
    const bool english = line[0] >= '0' && line[0] <= '9' && line.find("; figures: ") != std::string_view::npos;
    const bool japanese = line.starts_with("ルール");
    return (english || japanese) && !tells_of_a_crash(line);
  });
}

std::string line_difference(std::string_view expected, std::string_view actual) {
  const std::vector<std::string_view> a = lines_of(expected), b = lines_of(actual);
  // common[i][j]: lines in common of a from i and b from j.
  std::vector<std::vector<std::uint32_t>> common(a.size() + 1, std::vector<std::uint32_t>(b.size() + 1));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      common[i][j] = a[i] == b[j] ? common[i + 1][j + 1] + 1 : std::max(common[i + 1][j], common[i][j + 1]);
    }
  }
  struct Row {
    char mark;
    std::string_view line;
  };
  std::vector<Row> rows;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      rows.push_back({' ', a[i]});
      ++i, ++j;
    } else if (j == b.size() || (i < a.size() && common[i + 1][j] >= common[i][j + 1])) {
      rows.push_back({'-', a[i++]});
    } else {
      rows.push_back({'+', b[j++]});
    }
  }
  constexpr std::size_t around = 3;
  std::string out;
  bool omitting = false;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    const std::size_t from = r < around ? 0 : r - around;
    const std::size_t to = std::min(rows.size(), r + around + 1);
    const bool near = std::any_of(rows.begin() + static_cast<std::ptrdiff_t>(from), rows.begin() + static_cast<std::ptrdiff_t>(to),
                                  [](const Row& row) { return row.mark != ' '; });
    // The first line is the command.
    if (near || r == 0) {
      out += rows[r].mark;
      out += ' ';
      out += rows[r].line;
      if (!rows[r].line.ends_with('\n')) out += "\n" + std::string(no_line_end);
      omitting = false;
    } else if (!omitting) {
      out += "  …\n";
      omitting = true;
    }
  }
  return out;
}

}  // namespace kenzan::test
