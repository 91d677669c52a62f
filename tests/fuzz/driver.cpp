// Runs a fuzz target on mutated inputs where there is no libFuzzer:
//   NAME_fuzz [--runs N] [--seed S] [--dict FILE] [--extension EXT] [--save FILE] PATH…
// PATH: an input; a folder, whose files with the extension are inputs; a golden file or a folder with some, whose files with the
// extension are. Each is run as it is, then N mutations are (10,000). What crashes, or takes ten seconds of processor time, is
// written to --save (crash-input); running with that file and --runs 0 repeats it.
#include <fcntl.h>
#include <sys/time.h>
#include <unistd.h>

#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "tests/fuzz/mutate.hpp"
#include "tests/support/golden.hpp"
#include "tests/support/run.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
// There under sanitizers only.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace {

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr unsigned seconds_per_input = 60;  // sanitizers make the worst rule file ten times as slow
#else
constexpr unsigned seconds_per_input = 10;
#endif

// What a signal handler can reach: the input that runs, and where to save it.
const char* current = nullptr;
std::size_t current_size = 0;
char save_path[4096] = "crash-input";

void say(const char* text) { (void)!write(STDERR_FILENO, text, std::strlen(text)); }

void save_current() {
  if (current == nullptr) return;
  const int file = open(save_path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
  if (file < 0) return;
  (void)!write(file, current, current_size);
  close(file);
  say("the input is in ");
  say(save_path);
  say("\n");
  current = nullptr;
}

extern "C" void on_signal(int number) {
  say(number == SIGPROF ? "an input took too long\n" : "an input crashed the target\n");
  save_current();
  _exit(1);
}

/// Signals once the process has used this much processor time, which does not depend on what else the machine does; 0: never.
void limit_time(unsigned seconds) {
  itimerval limit{};
  limit.it_value.tv_sec = seconds;
  setitimer(ITIMER_PROF, &limit, nullptr);
}

void run_input(const std::string& input) {
  current = input.data();
  current_size = input.size();
  limit_time(seconds_per_input);
  LLVMFuzzerTestOneInput(reinterpret_cast<const std::uint8_t*>(input.data()), input.size());
  limit_time(0);
  current = nullptr;
}

void add_golden(const std::filesystem::path& path, const std::string& extension, std::vector<std::string>& inputs) {
  try {
    for (const auto& file : kenzan::test::parse_golden(kenzan::test::read_file(path)).files) {
      if (file.name.ends_with(extension)) inputs.push_back(file.bytes);
    }
  } catch (const std::runtime_error&) {
    // The golden tests report it.
  }
}

std::vector<std::string> load_inputs(const std::vector<std::filesystem::path>& paths, const std::string& extension) {
  std::vector<std::string> inputs;
  for (const auto& path : paths) {
    if (!std::filesystem::is_directory(path)) {
      inputs.push_back(kenzan::test::read_file(path));
      continue;
    }
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) {
      if (entry.is_regular_file() && entry.file_size() <= kenzan::test::Mutator::longest) files.push_back(entry.path());
    }
    std::sort(files.begin(), files.end());
    for (const auto& file : files) {
      if (file.extension() == extension) {
        inputs.push_back(kenzan::test::read_file(file));
      } else if (file.extension() == ".txt") {
        add_golden(file, extension, inputs);
      }
    }
  }
  return inputs;
}

/// Words of a dictionary in libFuzzer's format: a "word" with \xNN, \\ and \" on a line; `#` begins a comment.
std::vector<std::string> load_dictionary(const std::filesystem::path& path) {
  std::vector<std::string> words;
  std::istringstream lines(kenzan::test::read_file(path));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t open = line.find('"'), close = line.rfind('"');
    if (line.starts_with('#') || open == std::string::npos || close == open) continue;
    std::string word = line.substr(open + 1, close - open - 1);
    for (std::size_t at = 0; (at = word.find("\\\"", at)) != std::string::npos; ++at) word.erase(at, 1);
    words.push_back(kenzan::test::unescape(word));
  }
  return words;
}

int run_all(int argc, char** argv) {
  std::size_t runs = 10'000;
  std::uint64_t seed = 1;
  std::string extension;
  std::vector<std::string> dictionary;
  std::vector<std::filesystem::path> paths;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    if (!argument.starts_with("--")) {
      paths.emplace_back(argument);
      continue;
    }
    if (i + 1 == argc) throw std::runtime_error(argument + " needs a value");
    const std::string value = argv[++i];
    if (argument == "--runs") {
      runs = std::stoul(value);
    } else if (argument == "--seed") {
      seed = std::stoul(value);
    } else if (argument == "--dict") {
      dictionary = load_dictionary(value);
    } else if (argument == "--extension") {
      extension = "." + value;
    } else if (argument == "--save") {
      if (value.size() >= sizeof save_path) throw std::runtime_error("--save: the path is too long");
      std::memcpy(save_path, value.c_str(), value.size() + 1);
    } else {
      throw std::runtime_error("unknown option " + argument);
    }
  }

  std::vector<std::string> inputs = load_inputs(paths, extension);
  if (inputs.empty()) inputs.emplace_back();
  for (const std::string& input : inputs) run_input(input);
  kenzan::test::Random random(seed);
  kenzan::test::Mutator mutate(seed, std::move(dictionary));
  for (std::size_t i = 0; i < runs; ++i) {
    const std::string& input = inputs[random.below(inputs.size())];
    run_input(mutate(input, inputs[random.below(inputs.size())]));
  }
  std::cout << inputs.size() << " inputs and " << runs << " mutations: none crashed the target or hung it\n";
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::signal(SIGPROF, on_signal);
  std::signal(SIGABRT, on_signal);
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(save_current);
  } else {
    // The sanitizers report these better.
    for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(number, on_signal);
  }
  try {
    return run_all(argc, argv);
  } catch (const std::exception& error) {
    std::cerr << argv[0] << ": " << error.what() << '\n';
    save_current();
    return 2;
  }
}
