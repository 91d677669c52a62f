#include "diag/findings.hpp"

#include <algorithm>
#include <numeric>
#include <tuple>

#include "diag/evidence_text.hpp"

namespace kenzan {
namespace {

/// So many texts are kept apart from the findings that share them; the others stand in each.
constexpr std::size_t most_words = 1 << 14;
/// Of the findings at one place so many are read at a time to sort them.
constexpr std::size_t most_read = 1 << 14;

/// Packs values: numbers by seven bits a byte, texts with their length or as the number of a word.
class Packer {
 public:
  Packer(std::unordered_map<std::string, std::uint32_t>& words, std::vector<std::string>& spellings)
      : words_(words), spellings_(spellings) {}

  void number(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7) out_.push_back(static_cast<char>(0x80 | (value & 0x7F)));
    out_.push_back(static_cast<char>(value));
  }
  void text(std::string_view value) {
    number(2 * value.size());
    out_.append(value);
  }
  /// A text that other findings are likely to have, too.
  void word(const std::string& value) {
    auto known = words_.find(value);
    if (known == words_.end()) {
      if (spellings_.size() >= most_words) return text(value);
      known = words_.emplace(value, static_cast<std::uint32_t>(spellings_.size())).first;
      spellings_.push_back(value);
    }
    number(2 * std::uint64_t{known->second} + 1);
  }
  void flags(std::initializer_list<bool> bits) {
    std::uint64_t all = 0, bit = 1;
    for (const bool set : bits) all |= set ? bit : 0, bit <<= 1;
    number(all);
  }
  void span(const Span& value) {
    number(value.source.valid() ? std::uint64_t{value.source.value} + 1 : 0);
    number(value.begin);
    number(value.end - value.begin);
  }
  void labels(const std::vector<std::pair<std::string, std::string>>& pairs) {
    number(pairs.size());
    for (const auto& [name, value] : pairs) word(name), text(value);
  }
  void message(const Message& value) {
    number(static_cast<std::uint64_t>(value.id));
    number(value.arguments.size());
    for (const Message::Argument& argument : value.arguments) {
      word(argument.name);
      text(argument.text);
      messages(argument.nested);
    }
  }
  void messages(const std::vector<Message>& values) {
    number(values.size());
    for (const Message& value : values) message(value);
  }
  void quantity(const std::optional<Quantity>& value) {
    number(value ? 1 : 0);
    if (!value) return;
    text(value->value);
    text(value->low);
    text(value->high);
    flags({value->low_closed, value->high_closed, value->numeric});
    word(value->unit);
  }
  void cell(const CellEvidence& value) {
    word(value.role);
    span(value.span);
    word(value.table);
    word(value.field);
    labels(value.key);
    text(value.text);
    text(value.low);
    text(value.high);
    flags({value.low_closed, value.high_closed});
    word(value.unit);
    word(value.mark);
    text(value.address);
    number(value.line);
    number(value.column);
    number(value.end_column);
    number(value.place.table == TablePlace::none ? 0 : std::uint64_t{value.place.table} + 1);
    number(value.place.column);
    number(value.place.row);
  }
  [[nodiscard]] const std::string& packed() const { return out_; }

 private:
  std::unordered_map<std::string, std::uint32_t>& words_;
  std::vector<std::string>& spellings_;
  std::string out_;
};

/// Reads what Packer has packed, in the same order.
class Unpacker {
 public:
  Unpacker(std::string_view packed, const std::vector<std::string>& spellings) : in_(packed), spellings_(spellings) {}

  std::uint64_t number() {
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      const auto byte = static_cast<std::uint8_t>(in_[at_++]);
      value |= std::uint64_t{byte & 0x7FU} << shift;
      if (byte < 0x80) return value;
    }
  }
  std::uint32_t small() { return static_cast<std::uint32_t>(number()); }
  std::string text() {
    const std::uint64_t head = number();
    if (head % 2 == 1) return spellings_[head / 2];
    std::string value(in_.substr(at_, head / 2));
    at_ += head / 2;
    return value;
  }
  void flags(std::initializer_list<bool*> bits) {
    const std::uint64_t all = number();
    std::uint64_t bit = 1;
    for (bool* set : bits) *set = (all & bit) != 0, bit <<= 1;
  }
  Span span() {
    Span value;
    const std::uint64_t source = number();
    if (source > 0) value.source = SourceId(source - 1);
    value.begin = small();
    value.end = value.begin + small();
    return value;
  }
  std::vector<std::pair<std::string, std::string>> labels() {
    std::vector<std::pair<std::string, std::string>> pairs(number());
    for (auto& [name, value] : pairs) name = text(), value = text();
    return pairs;
  }
  Message message() {
    Message value;
    value.id = static_cast<MessageId>(number());
    value.arguments.resize(number());
    for (Message::Argument& argument : value.arguments) {
      argument.name = text();
      argument.text = text();
      argument.nested = messages();
    }
    return value;
  }
  std::vector<Message> messages() {
    std::vector<Message> values(number());
    for (Message& value : values) value = message();
    return values;
  }
  std::optional<Quantity> quantity() {
    if (number() == 0) return std::nullopt;
    Quantity value;
    value.value = text();
    value.low = text();
    value.high = text();
    flags({&value.low_closed, &value.high_closed, &value.numeric});
    value.unit = text();
    return value;
  }
  CellEvidence cell() {
    CellEvidence value;
    value.role = text();
    value.span = span();
    value.table = text();
    value.field = text();
    value.key = labels();
    value.text = text();
    value.low = text();
    value.high = text();
    flags({&value.low_closed, &value.high_closed});
    value.unit = text();
    value.mark = text();
    value.address = text();
    value.line = small();
    value.column = small();
    value.end_column = small();
    const std::uint64_t table = number();
    if (table > 0) value.place.table = static_cast<std::uint32_t>(table - 1);
    value.place.column = small();
    value.place.row = small();
    return value;
  }

 private:
  std::string_view in_;
  const std::vector<std::string>& spellings_;
  std::size_t at_ = 0;
};

}  // namespace

void Findings::push_back(const Finding& finding) {
  Packer to(words_, spellings_);
  to.word(finding.rule);
  to.word(finding.code);
  to.number(finding.verdict ? static_cast<std::uint64_t>(*finding.verdict) + 1 : 0);
  to.labels(finding.instance);
  to.word(finding.title);
  to.number(finding.custom_message ? 1 : 0);
  if (finding.custom_message) to.text(*finding.custom_message);
  to.message(finding.message);
  to.word(finding.source);
  to.quantity(finding.left);
  to.quantity(finding.right);
  to.word(finding.relation);
  to.number(finding.gap ? 1 : 0);
  if (finding.gap) to.text(*finding.gap);
  to.flags({finding.stands_alone, finding.parts});
  to.number(finding.cells.size());
  for (const CellEvidence& cell : finding.cells) to.cell(cell);
  to.number(finding.cells_omitted);
  to.number(finding.primary ? *finding.primary + 1 : 0);
  to.span(finding.rule_place);
  to.span(finding.place);
  to.messages(finding.notes);
  to.messages(finding.helps);
  to.number(finding.suggestions.size());
  for (const Suggestion& suggestion : finding.suggestions) {
    to.cell(suggestion.cell);
    to.text(suggestion.text);
    to.word(suggestion.slip);
    to.number(suggestion.with.size());
    for (const Suggestion::Other& other : suggestion.with) {
      to.cell(other.cell);
      to.text(other.text);
      to.word(other.slip);
      to.message(other.message);
      to.number(static_cast<unsigned char>(other.delimiter));
    }
    to.message(suggestion.message);
    to.number(suggestion.rivals);
    to.number(static_cast<unsigned char>(suggestion.delimiter));
  }
  to.number(finding.corrections.size());
  for (const std::vector<CellEvidence>& set : finding.corrections) {
    to.number(set.size());
    for (const CellEvidence& cell : set) to.cell(cell);
  }
  to.text(finding.fingerprint);
  to.number(finding.number);

  const Span place = place_of(finding);
  Entry entry;
  entry.at = spool_.append(to.packed());
  entry.size = static_cast<std::uint32_t>(to.packed().size());
  entry.source = place.source;
  entry.begin = place.begin;
  entry.severity = finding.severity;
  entry.waived = finding.waived;
  entry.known = finding.known;
  entries_.push_back(entry);
  if (finding.waiver) waive(entries_.size() - 1, *finding.waiver);
}

Finding Findings::operator[](std::size_t i) const {
  const Entry& entry = entries_[i];
  std::string packed;
  spool_.read(entry.at, entry.size, packed);
  Unpacker from(packed, spellings_);
  Finding finding;
  finding.severity = entry.severity;
  finding.waived = entry.waived;
  finding.known = entry.known;
  if (entry.waiver > 0) finding.waiver = waivers_[entry.waiver - 1];
  finding.rule = from.text();
  finding.code = from.text();
  if (const std::uint64_t verdict = from.number(); verdict > 0) finding.verdict = static_cast<Verdict>(verdict - 1);
  finding.instance = from.labels();
  finding.title = from.text();
  if (from.number() > 0) finding.custom_message = from.text();
  finding.message = from.message();
  finding.source = from.text();
  finding.left = from.quantity();
  finding.right = from.quantity();
  finding.relation = from.text();
  if (from.number() > 0) finding.gap = from.text();
  from.flags({&finding.stands_alone, &finding.parts});
  finding.cells.resize(from.number());
  for (CellEvidence& cell : finding.cells) cell = from.cell();
  finding.cells_omitted = from.number();
  if (const std::uint64_t primary = from.number(); primary > 0) finding.primary = primary - 1;
  finding.rule_place = from.span();
  finding.place = from.span();
  finding.notes = from.messages();
  finding.helps = from.messages();
  finding.suggestions.resize(from.number());
  for (Suggestion& suggestion : finding.suggestions) {
    suggestion.cell = from.cell();
    suggestion.text = from.text();
    suggestion.slip = from.text();
    suggestion.with.resize(from.number());
    for (Suggestion::Other& other : suggestion.with) {
      other.cell = from.cell();
      other.text = from.text();
      other.slip = from.text();
      other.message = from.message();
      other.delimiter = static_cast<char>(from.number());
    }
    suggestion.message = from.message();
    suggestion.rivals = from.number();
    suggestion.delimiter = static_cast<char>(from.number());
  }
  finding.corrections.resize(from.number());
  for (std::vector<CellEvidence>& set : finding.corrections) {
    set.resize(from.number());
    for (CellEvidence& cell : set) cell = from.cell();
  }
  finding.fingerprint = from.text();
  finding.number = from.small();
  return finding;
}

void Findings::waive(std::size_t i, const WaivedBy& by) {
  const auto same = [&](const WaivedBy& each) { return each.until == by.until && each.because == by.because && each.by == by.by; };
  const auto known = std::ranges::find_if(waivers_, same);
  entries_[i].waived = true;
  entries_[i].waiver = static_cast<std::uint32_t>(known - waivers_.begin()) + 1;
  if (known == waivers_.end()) waivers_.push_back(by);
}

void Findings::know(std::size_t i) {
  entries_[i].known = !entries_[i].waived;
  entries_[i].waived = true;
}

void Findings::sort(const SourceMap& sources) {
  // Several sources can be pieces of one file.
  std::vector<std::uint32_t> rank(sources.size());
  {
    std::vector<std::uint32_t> order(sources.size());
    std::iota(order.begin(), order.end(), 0);
    const auto path = [&](std::uint32_t i) { return sources.path(SourceId(i)); };
    std::ranges::sort(order, {}, path);
    for (std::uint32_t i = 1; i < order.size(); ++i) {
      rank[order[i]] = rank[order[i - 1]] + (path(order[i]) == path(order[i - 1]) ? 0 : 1);
    }
  }
  for (Entry& entry : entries_) {
    if (!entry.source.valid() || entry.line > 0) continue;
    const Position place = sources.position(entry.source, entry.begin);
    entry.line = place.line;
    entry.column = place.column;
  }
  const auto place = [&](const Entry& each) {
    return std::tuple(each.source.valid() ? std::uint64_t{rank[each.source.value]} + 1 : 0, each.line, each.column);
  };
  std::ranges::sort(entries_, {}, place);
  for (std::size_t begin = 0, end = 0; begin < entries_.size(); begin = end) {
    const auto here = place(entries_[begin]);
    while (end < entries_.size() && place(entries_[end]) == here) ++end;
    if (end - begin > 1) sort_same_place(begin, end);
  }
}

void Findings::sort_same_place(std::size_t begin, std::size_t end) {
  struct Said {
    std::string name;
    std::vector<std::pair<std::string, std::string>> instance;
    std::string fingerprint;
    std::optional<Verdict> verdict;
    std::string code;
    Entry entry;
  };
  const auto read = [&](std::size_t i) {
    Finding finding = (*this)[i];
    return Said{name_of(finding), std::move(finding.instance), std::move(finding.fingerprint),
                finding.verdict,  std::move(finding.code),     entries_[i]};
  };
  const auto less = [](const Said& a, const Said& b) {
    return std::tie(a.name, a.instance, a.fingerprint, a.verdict, a.code, a.entry.at) <
           std::tie(b.name, b.instance, b.fingerprint, b.verdict, b.code, b.entry.at);
  };

  struct Run {
    Said first;
    std::size_t next, end;
  };
  std::vector<Run> runs;
  for (std::size_t at = begin; at < end; at += most_read) {
    const std::size_t stop = std::min(end, at + most_read);
    std::vector<Said> run;
    for (std::size_t i = at; i < stop; ++i) run.push_back(read(i));
    std::ranges::sort(run, less);
    for (std::size_t i = at; i < stop; ++i) entries_[i] = run[i - at].entry;
    runs.push_back({std::move(run.front()), at + 1, stop});
  }
  if (runs.size() == 1) return;

  const auto later = [&](const Run& a, const Run& b) { return less(b.first, a.first); };
  std::ranges::make_heap(runs, later);
  std::deque<Entry> merged;
  while (!runs.empty()) {
    std::ranges::pop_heap(runs, later);
    Run& run = runs.back();
    merged.push_back(run.first.entry);
    if (run.next == run.end) {
      runs.pop_back();
    } else {
      run.first = read(run.next++);
      std::ranges::push_heap(runs, later);
    }
  }
  std::ranges::copy(merged, entries_.begin() + static_cast<std::ptrdiff_t>(begin));
}

void Findings::erase_if(const std::function<bool(const Finding&)>& drop) {
  std::size_t kept = 0;
  for (std::size_t i = 0; i < entries_.size(); ++i) {
    if (!drop((*this)[i])) entries_[kept++] = entries_[i];
  }
  entries_.resize(kept);
}

}  // namespace kenzan
