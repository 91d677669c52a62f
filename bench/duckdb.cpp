// A peer: runs the statements of a file in DuckDB through its C interface, and prints the rows of their results.
//   duckdb LIBDUCKDB SQL [THREADS]
// The library is opened when it runs, so that nothing of it is needed to build this.
#include <dlfcn.h>

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace {

struct Result {  // duckdb_result
  std::uint64_t columns, rows, changed;
  void* data;
  char* error;
  void* internal;
};

template <class F>
F* symbol(void* library, const char* name) {
  void* found = dlsym(library, name);
  if (found == nullptr) {
    std::fprintf(stderr, "duckdb: the library has no %s\n", name);
    std::exit(2);
  }
  return reinterpret_cast<F*>(found);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    std::fputs("usage: duckdb LIBDUCKDB SQL [THREADS]\n", stderr);
    return 2;
  }
  void* library = dlopen(argv[1], RTLD_NOW);
  if (library == nullptr) {
    std::fprintf(stderr, "duckdb: %s\n", dlerror());
    return 2;
  }
  auto* const open = symbol<int(const char*, void**)>(library, "duckdb_open");
  auto* const connect = symbol<int(void*, void**)>(library, "duckdb_connect");
  auto* const query = symbol<int(void*, const char*, Result*)>(library, "duckdb_query");
  auto* const error = symbol<const char*(Result*)>(library, "duckdb_result_error");
  auto* const row_count = symbol<std::uint64_t(Result*)>(library, "duckdb_row_count");
  auto* const column_count = symbol<std::uint64_t(Result*)>(library, "duckdb_column_count");
  auto* const value = symbol<char*(Result*, std::uint64_t, std::uint64_t)>(library, "duckdb_value_varchar");
  auto* const release = symbol<void(void*)>(library, "duckdb_free");
  auto* const destroy = symbol<void(Result*)>(library, "duckdb_destroy_result");

  void* database = nullptr;
  void* connection = nullptr;
  if (open(nullptr, &database) != 0 || connect(database, &connection) != 0) return 2;
  std::ifstream file(argv[2]);
  std::stringstream text;
  text << "SET threads=" << (argc > 3 ? argv[3] : "2") << ";" << file.rdbuf();
  for (std::string statement; std::getline(text, statement, ';');) {
    if (statement.find_first_not_of(" \n\t") == std::string::npos) continue;
    Result result{};
    if (query(connection, statement.c_str(), &result) != 0) {
      std::fprintf(stderr, "duckdb: %s\n", error(&result));
      return 2;
    }
    for (std::uint64_t row = 0; row < row_count(&result); ++row) {
      for (std::uint64_t column = 0; column < column_count(&result); ++column) {
        char* cell = value(&result, column, row);
        std::printf("%s%s", column == 0 ? "" : ",", cell == nullptr ? "" : cell);
        release(cell);
      }
      std::putchar('\n');
    }
    destroy(&result);
  }
  std::fflush(stdout);
  _Exit(0);  // what it holds is not needed any more
}
