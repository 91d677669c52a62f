// What is said: the catalogue of messages in English and Japanese, each with named arguments.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "diag/source.hpp"

namespace kenzan {

enum class Language : std::uint8_t { english, japanese };

/// One entry for each line of diag/catalogue.def: KENZAN_MESSAGE(name, "English with {argument}", "日本語 {argument}").
enum class MessageId : std::uint16_t {
#define KENZAN_MESSAGE(name, english, japanese) name,
#include "diag/catalogue.def"
#undef KENZAN_MESSAGE
};

/// A message with its arguments, not yet in any language. An argument is text to insert, or itself a message.
struct Message {
  struct Argument;
  MessageId id{};
  std::vector<Argument> arguments;
};
struct Message::Argument {
  std::string name;
  std::string text;
  std::vector<Message> nested;  ///< at most one; then `text` is not used
};

/// Builds a message: say(MessageId::unknown_column, {{"name", "ammount"}, {"table", "measures"}}).
[[nodiscard]] Message say(MessageId id, std::vector<std::pair<std::string, std::string>> arguments = {});

/// Draws a message in a language. A placeholder without an argument is drawn as it stands.
[[nodiscard]] std::string draw(const Message& message, Language language);

/// Name and both texts of an entry, for tests and tools that list the catalogue.
struct CatalogueEntry {
  std::string_view name, english, japanese;
};
[[nodiscard]] const std::vector<CatalogueEntry>& catalogue();

enum class Severity : std::uint8_t { error, warning, info };

/// A mistake in a rule file (or another input of our own language), before any data is judged.
struct Diagnostic {
  struct Label {
    Span span;
    Message message;
  };
  Severity severity = Severity::error;
  Message message;
  Span place;
  std::vector<Message> notes;  ///< drawn as "= note: …"
  std::vector<Message> helps;  ///< drawn as "= help: …": the next step
  std::vector<Label> labels;   ///< further places, with what they add
};

/// Collects diagnostics. At most `limit` errors are kept; the rest are counted.
class Diagnostics {
 public:
  explicit Diagnostics(std::size_t limit = 1000) : limit_(limit) {}
  void add(Diagnostic diagnostic);
  void error(Span place, Message message);
  void warning(Span place, Message message);
  void error(Span place, Message message, Message help);
  [[nodiscard]] bool has_errors() const { return errors_ > 0; }
  [[nodiscard]] std::size_t errors() const { return errors_; }
  [[nodiscard]] std::size_t omitted() const { return omitted_; }  ///< errors that are counted but not kept
  [[nodiscard]] const std::vector<Diagnostic>& all() const { return all_; }
  void sort(const SourceMap& sources);  ///< by path, place, then order of arrival; equal ones once

 private:
  std::vector<Diagnostic> all_;
  std::size_t limit_;
  std::size_t errors_ = 0;
  std::size_t omitted_ = 0;
};

}  // namespace kenzan
