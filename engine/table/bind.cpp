#include "engine/table/bind.hpp"

#include <re2/re2.h>

#include <algorithm>
#include <unordered_map>

#include "base/text.hpp"
#include "engine/table/cell_finding.hpp"

namespace kenzan::engine {
namespace {

class Binder {
 public:
  Binder(Data& data, dsl::TableId id, const Header& header, LoadReport& report)
      : data_(data), declared_((*data.program)[id]), table_(data.tables[id.index()]), header_(header), report_(report) {
    for (std::size_t i = 0; i < header.folded.size(); ++i) {
      const auto [known, fresh] = positions_.emplace(header.folded[i], Position{static_cast<std::uint32_t>(i), false});
      if (!fresh) known->second.twice = true;
    }
  }

  std::vector<BoundColumn> bind() {
    for (std::uint32_t i = 0; i < declared_.columns.size(); ++i) {
      const dsl::Column& column = declared_.columns[i];
      if (column.from_file || column.record_number) continue;
      if (!header_.present && !column.position) {
        failed(column, say(MessageId::column_without_position, {{"path", header_.path}, {"name", column.spelling}}));
      } else if (column.across && column.across->pattern) {
        bind_pattern(i, column);
      } else if (column.across) {
        for (std::uint32_t part = 0; part < column.across->labels.size(); ++part) {
          if (const auto at = find(column, column.across->labels[part].header)) out_.push_back({i, part, *at});
        }
      } else if (column.position) {
        bind_position(i, column);
      } else if (const auto at = find(column, column.header.value_or(column.spelling))) {
        out_.push_back({i, 0, *at});
      }
    }
    return std::move(out_);
  }

 private:
  struct Position {
    std::uint32_t at;
    bool twice;
  };

  void failed(const dsl::Column& column, Message message, std::vector<Message> helps = {}) {
    fail(report_, column.span, std::move(message), std::move(helps));
  }

  std::optional<std::uint32_t> find(const dsl::Column& column, const std::string& name) {
    const std::string folded = fold(name);
    const auto known = positions_.find(folded);
    if (known == positions_.end()) {
      failed(column, say(MessageId::missing_column, {{"name", shortened(name)}, {"path", header_.path}}), helps_for(folded));
      return std::nullopt;
    }
    if (known->second.twice) {
      failed(column, say(MessageId::header_twice, {{"name", shortened(name)}, {"path", header_.path}}));
      return std::nullopt;
    }
    return known->second.at;
  }

  std::vector<Message> helps_for(const std::string& folded) const {
    if (header_.malformed) return {say(MessageId::save_as_utf8)};
    if (const auto near = near_name(folded, header_.folded)) {
      const auto at = std::ranges::find(header_.folded, *near) - header_.folded.begin();
      return {say(MessageId::did_you_mean, {{"name", shortened(header_.spellings[static_cast<std::size_t>(at)])}})};
    }
    constexpr std::size_t few = 12;
    if (header_.spellings.empty() || header_.spellings.size() > few) return {};
    std::string names;
    for (const std::string& spelling : header_.spellings) names += (names.empty() ? "`" : ", `") + shortened(spelling) + "`";
    return {say(MessageId::there_are, {{"names", names}})};
  }

  void bind_position(std::uint32_t index, const dsl::Column& column) {
    if (*column.position > header_.width) {
      failed(column, say(MessageId::missing_position, {{"position", std::to_string(*column.position)},
                                                       {"path", header_.path},
                                                       {"count", std::to_string(header_.width)}}));
      return;
    }
    out_.push_back({index, 0, *column.position - 1});
  }

  void bind_pattern(std::uint32_t index, const dsl::Column& column) {
    const re2::RE2 pattern(*column.across->pattern, re2::RE2::Quiet);
    const int groups = pattern.NumberOfCapturingGroups();
    ColumnData& into = table_.columns[index];
    std::vector<std::uint32_t> at(into.parts.size(), BoundColumn::nowhere);
    bool any = false;
    for (std::uint32_t position = 0; position < header_.folded.size(); ++position) {
      re2::StringPiece group;
      const std::string& name = header_.folded[position];
      if (!(groups > 0 ? re2::RE2::FullMatch(name, pattern, &group) : re2::RE2::FullMatch(name, pattern))) continue;
      any = true;
      const std::string label = group.data() == nullptr ? name : group.as_string();
      const Code spelling = data_.texts.intern(label);
      const auto known = std::ranges::find(into.across_labels, data_.texts.label_of(spelling)) - into.across_labels.begin();
      const auto part = static_cast<std::size_t>(known);
      if (part == into.parts.size()) {
        into.across_labels.push_back(data_.texts.label_of(spelling));
        into.across_spellings.push_back(spelling);
        into.parts.emplace_back();
        at.push_back(position);
      } else if (at[part] == BoundColumn::nowhere) {
        at[part] = position;
      } else {
        failed(column, say(MessageId::across_label_twice, {{"path", header_.path}, {"label", shortened(label)}}));
        return;
      }
    }
    if (!any) {
      failed(column, say(MessageId::missing_across, {{"path", header_.path}, {"pattern", *column.across->pattern}}), helps_for(""));
      return;
    }
    for (std::uint32_t part = 0; part < at.size(); ++part) out_.push_back({index, part, at[part]});
  }

  Data& data_;
  const dsl::Table& declared_;
  Table& table_;
  const Header& header_;
  LoadReport& report_;
  std::unordered_map<std::string, Position> positions_;
  std::vector<BoundColumn> out_;
};

}  // namespace

std::vector<BoundColumn> bind_columns(Data& data, dsl::TableId table, const Header& header, LoadReport& report) {
  return Binder(data, table, header, report).bind();
}

void fail(LoadReport& report, Span place, Message message, std::vector<Message> helps) {
  Diagnostic failure;
  failure.place = place;
  failure.message = std::move(message);
  failure.helps = std::move(helps);
  report.failures.push_back(std::move(failure));
}

}  // namespace kenzan::engine
