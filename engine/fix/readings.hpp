// What each table makes of a cell: several tables may read one file.
#pragma once
#include <functional>
#include <optional>
#include <string>

#include "engine/data.hpp"
#include "engine/table/load.hpp"

namespace kenzan::engine {

class Readings {
 public:
  /// `load` and `identity` outlive it.
  Readings(const dsl::Program& program, const LoadOptions& load, const Watch& watch,
           const std::function<std::string(const std::string&)>& identity)
      : program_(program), load_(load), watch_(watch), identity_(identity) {}

  /// Reads all tables, as they are and with changes: cells stay in their rows.
  void read() { read(before_); }
  void read_changed() { read(after_); }

  /// Why the text of a cell is not to be changed: a table reads it as a text, or its rows are known by it.
  [[nodiscard]] std::optional<Message> text_at(const std::string& file, std::uint32_t begin) const;
  /// The same, or that a table which has read a figure there reads another with the changes.
  [[nodiscard]] std::optional<Message> objection(const std::string& file, std::uint32_t begin) const;

 private:
  struct Tables {
    SourceMap sources;
    Data data;
  };
  void read(Tables& into);
  /// Calls `look` with each cell that begins there, or goes over it.
  template <class Look>
  void for_each_at(const std::string& file, std::uint32_t begin, Look look) const;

  const dsl::Program& program_;
  const LoadOptions& load_;
  const Watch& watch_;
  const std::function<std::string(const std::string&)>& identity_;
  Tables before_, after_;
};

}  // namespace kenzan::engine
