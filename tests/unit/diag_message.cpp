#include <gtest/gtest.h>

#include <set>

#include "diag/message.hpp"

namespace kenzan {
namespace {

/// The arguments of a text: names in braces. Braces around anything else quote the rule language.
std::set<std::string> placeholders(std::string_view text) {
  std::set<std::string> names;
  for (std::size_t open = text.find('{'); open != text.npos; open = text.find('{', open + 1)) {
    const std::size_t close = text.find('}', open);
    if (close == text.npos) break;
    const std::string_view name = text.substr(open + 1, close - open - 1);
    if (name.find_first_not_of("abcdefghijklmnopqrstuvwxyz_") == name.npos) names.emplace(name);
  }
  return names;
}

TEST(Catalogue, BothLanguagesTakeTheSameArguments) {
  for (const CatalogueEntry& entry : catalogue()) {
    if (entry.name == "bad_file_pattern") continue;  // quotes the word in braces of each language
    EXPECT_EQ(placeholders(entry.english), placeholders(entry.japanese)) << entry.name;
  }
}

TEST(Catalogue, MessagesHaveNoFullStop) {
  for (const CatalogueEntry& entry : catalogue()) {
    EXPECT_FALSE(entry.english.ends_with('.')) << entry.name;
    EXPECT_FALSE(entry.japanese.ends_with("。")) << entry.name;
    EXPECT_FALSE(entry.english.empty() || entry.japanese.empty()) << entry.name;
  }
}

TEST(Message, IsDrawnInBothLanguages) {
  const Message message = say(MessageId::interval_between, {{"low", "1"}, {"high", "{low}"}});
  EXPECT_EQ(draw(message, Language::english), "1 to {low}");
  EXPECT_EQ(draw(message, Language::japanese), "1〜{low}");
}

TEST(Message, TakesAMessageAsArgument) {
  Message message{MessageId::contrast_parts, {}};
  message.arguments.push_back({"range", "", {say(MessageId::interval_exact, {{"value", "5"}})}});
  EXPECT_EQ(draw(message, Language::english), "but the parts add up to exactly 5");
  EXPECT_EQ(draw(message, Language::japanese), "内訳の合計はちょうど5");
}

TEST(Message, KeepsAPlaceholderWithoutArgument) {
  EXPECT_EQ(draw(say(MessageId::interval_from), Language::english), "at least {low}");
}

TEST(Diagnostics, SortsByPlaceAndKeepsEqualOnesOnce) {
  SourceMap sources;
  const SourceId b = sources.add("b.kz", "xxxx");
  const SourceId a = sources.add("a.kz", "xxxx");
  Diagnostics diagnostics;
  const Message message = say(MessageId::mark_blank);
  diagnostics.error({b, 1, 2}, message);
  diagnostics.error({b, 0, 1}, message);
  diagnostics.error({b, 1, 2}, say(MessageId::mark_nil));
  diagnostics.error({b, 1, 2}, message);
  diagnostics.warning({a, 3, 4}, message);
  diagnostics.sort(sources);
  ASSERT_EQ(diagnostics.all().size(), 4U);
  EXPECT_EQ(diagnostics.errors(), 3U);
  EXPECT_EQ(diagnostics.all()[0].place, (Span{a, 3, 4}));
  EXPECT_EQ(diagnostics.all()[1].place, (Span{b, 0, 1}));
  EXPECT_EQ(diagnostics.all()[2].message.id, MessageId::mark_blank);
  EXPECT_EQ(diagnostics.all()[3].message.id, MessageId::mark_nil);
}

TEST(Diagnostics, CountsWhatItDoesNotKeep) {
  Diagnostics diagnostics(2);
  for (std::uint32_t i = 0; i < 5; ++i) diagnostics.error({SourceId(0), i, i}, say(MessageId::mark_blank));
  EXPECT_EQ(diagnostics.all().size(), 2U);
  EXPECT_EQ(diagnostics.errors(), 5U);
  EXPECT_EQ(diagnostics.omitted(), 3U);
}

}  // namespace
}  // namespace kenzan
