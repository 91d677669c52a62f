#include "diag/message.hpp"

#include <algorithm>
#include <iterator>
#include <tuple>

namespace kenzan {
namespace {

constexpr CatalogueEntry entries[] = {
#define KENZAN_MESSAGE(name, english, japanese) {#name, english, japanese},
#include "diag/catalogue.def"
#undef KENZAN_MESSAGE
};

void append(std::string& out, const Message& message, Language language) {
  const CatalogueEntry& entry = entries[static_cast<std::size_t>(message.id)];
  std::string_view rest = language == Language::english ? entry.english : entry.japanese;
  for (;;) {
    const std::size_t open = rest.find('{');
    const std::size_t close = open == rest.npos ? rest.npos : rest.find('}', open);
    if (close == rest.npos) break;
    out.append(rest.substr(0, open));
    const std::string_view name = rest.substr(open + 1, close - open - 1);
    const auto given = std::ranges::find(message.arguments, name, &Message::Argument::name);
    if (given == message.arguments.end()) {
      out.append(rest.substr(open, close - open + 1));
    } else if (given->nested.empty()) {
      out.append(given->text);
    } else {
      append(out, given->nested.front(), language);
    }
    rest.remove_prefix(close + 1);
  }
  out.append(rest);
}

bool same(const Message& a, const Message& b) {
  return a.id == b.id && std::ranges::equal(a.arguments, b.arguments, [](const Message::Argument& x, const Message::Argument& y) {
           return x.name == y.name && x.text == y.text && std::ranges::equal(x.nested, y.nested, same);
         });
}

}  // namespace

Message say(MessageId id, std::vector<std::pair<std::string, std::string>> arguments) {
  Message message{id, {}};
  message.arguments.reserve(arguments.size());
  for (auto& [name, text] : arguments) message.arguments.push_back({std::move(name), std::move(text), {}});
  return message;
}

std::string draw(const Message& message, Language language) {
  std::string out;
  append(out, message, language);
  return out;
}

const std::vector<CatalogueEntry>& catalogue() {
  static const std::vector<CatalogueEntry> all(std::begin(entries), std::end(entries));
  return all;
}

void Diagnostics::add(Diagnostic diagnostic) {
  if (diagnostic.severity == Severity::error && ++errors_ > limit_) {
    ++omitted_;
    return;
  }
  all_.push_back(std::move(diagnostic));
}

void Diagnostics::error(Span place, Message message) { add({Severity::error, std::move(message), place, {}, {}, {}}); }
void Diagnostics::warning(Span place, Message message) { add({Severity::warning, std::move(message), place, {}, {}, {}}); }
void Diagnostics::error(Span place, Message message, Message help) {
  add({Severity::error, std::move(message), place, {}, {std::move(help)}, {}});
}

void Diagnostics::sort(const SourceMap& sources) {
  std::ranges::stable_sort(all_, {}, [&](const Diagnostic& d) {
    const SourceId source = d.place.source;
    return std::tuple(source.valid() ? sources.path(source) : std::string_view(), source, d.place.begin, d.place.end);
  });
  std::vector<Diagnostic> once;
  once.reserve(all_.size());
  std::size_t first = 0;  // of those in `once` at the same place
  for (Diagnostic& next : all_) {
    if (once.empty() || once.back().place != next.place) first = once.size();
    const bool known = std::any_of(once.begin() + static_cast<std::ptrdiff_t>(first), once.end(), [&](const Diagnostic& earlier) {
      return earlier.severity == next.severity && same(earlier.message, next.message);
    });
    if (!known) {
      once.push_back(std::move(next));
    } else if (next.severity == Severity::error) {
      --errors_;
    }
  }
  all_ = std::move(once);
}

}  // namespace kenzan
