// Files in pieces: blocks of whole records, what separates cells, keys, and which tables need not be held.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <limits>
#include <string>
#include <vector>

#include "engine/keys.hpp"
#include "engine/slots.hpp"
#include "engine/stream/blocks.hpp"
#include "engine/stream/fingerprints.hpp"
#include "engine/stream/group_table.hpp"
#include "engine/stream/groups.hpp"
#include "engine/stream/plan.hpp"
#include "engine/table/csv.hpp"
#include "tests/support/outcome.hpp"
#include "tests/support/random.hpp"
#include "tests/support/text_input.hpp"

namespace kenzan::engine {
namespace {

using test::TextInput;

/// Breaks at an offset.
class BrokenInput : public TextInput {
 public:
  BrokenInput(const std::string& text, std::uint64_t from) : TextInput(text), from_(from) {}
  [[nodiscard]] Result<std::size_t, std::string> read_at(std::uint64_t offset, char* to, std::size_t size) const override {
    if (offset >= from_) return tl::make_unexpected(std::string("Input/output error"));
    return TextInput::read_at(offset, to, size);
  }

 private:
  std::uint64_t from_;
};

std::vector<std::string> blocks_of(const std::string& text, std::size_t size) {
  const TextInput input(text);
  BlockReader reader(input, 0, size, ',');
  std::vector<std::string> out;
  for (Block block; reader.next(block);) {
    out.emplace_back(block.bytes.data(), block.size);
    Block again;
    EXPECT_TRUE(reader.again(block.number, again));
    EXPECT_EQ(std::string(again.bytes.data(), again.size), out.back());
  }
  EXPECT_EQ(reader.failure(), "");
  return out;
}

std::vector<std::string> records_of(const std::string& text) {
  CsvReader reader(text, ',');
  std::vector<std::string> out;
  for (CsvRecord record; reader.next(record);) {
    std::string scratch;
    std::string& line = out.emplace_back();
    for (const CsvCell& cell : record.cells) line.append(reader.text_of(cell, scratch)).push_back('\x1F');
  }
  return out;
}

TEST(BlockReader, CutsBetweenRecordsOnly) {
  for (const std::string text : {"a,b\nc,d\n", "a\n\"b\nb\",c\n\"\"\"\n\"\"\",d\ne", "5\" disk,\"x\ny\"\nz,\"\"\n\"a\"\"\n\",b\n",
                                 "\"never\nclosed\n", "a,\"b\"c\"\nd\n\"e\n\"\n", "", "\n\n\n", "a,\"\n\"\n\"\n\",b\n"}) {
    for (std::size_t size = 1; size <= text.size() + 2; ++size) {
      std::string joined;
      std::vector<std::string> records;
      for (const std::string& block : blocks_of(text, size)) {
        joined += block;
        for (std::string& record : records_of(block)) records.push_back(std::move(record));
      }
      EXPECT_EQ(joined, text) << size;
      EXPECT_EQ(records, records_of(text)) << text << "\nin blocks of " << size;
    }
  }
}

TEST(BlockReader, TellsWhyItCouldNotReadOn) {
  const std::string text = "a,b\nc,d\ne,f\n";
  const BrokenInput input(text, 4);
  BlockReader reader(input, 0, 4, ',');
  Block block;
  while (reader.next(block)) {
  }
  EXPECT_EQ(reader.failure(), "Input/output error");
}

TEST(Structure, FindsWhatEachByteSays) {
  std::uint64_t state = 1;
  const auto next = [&state] { return (state = state * 6364136223846793005U + 1442695040888963407U) >> 33U; };
  for (int round = 0; round < 200; ++round) {
    std::string text(next() % 300, 'x');
    for (char& c : text) c = ",\n\r\"ab"[next() % 6];
    std::vector<std::uint32_t> ends, lines, quotes;
    bool lone_return = false;
    for (std::uint32_t i = 0; i < text.size(); ++i) {
      if (text[i] == ',' || text[i] == '\n') ends.push_back(i);
      if (text[i] == '\n') lines.push_back(i);
      if (text[i] == '"') quotes.push_back(i);
      lone_return = lone_return || (text[i] == '\r' && (i + 1 == text.size() || text[i + 1] != '\n'));
    }
    const std::string padded = text + std::string(text_padding, '\n');
    Structure found;
    find_structure(padded.data(), text.size(), ',', found);
    Places found_quotes;
    find_byte(padded.data(), 0, text.size(), '"', found_quotes);
    const auto same = [](const Places& places, const std::vector<std::uint32_t>& expected) {
      if (places.size() != expected.size()) return false;
      for (std::size_t i = 0; i < expected.size(); ++i) {
        if (places[i] != expected[i]) return false;
      }
      return true;
    };
    EXPECT_TRUE(same(found.ends, ends) && same(found.lines, lines) && same(found_quotes, quotes)) << text;
    EXPECT_EQ(found.lone_return, lone_return) << text;
  }
}

TEST(KeyTable, NumbersKeysInOrderOfAppearance) {
  KeyTable table(7);
  const auto insert = [&](const std::string& key) {
    bool fresh = false;
    return table.insert(key, table.hash(key), fresh);
  };
  for (std::uint32_t i = 0; i < 5000; ++i) ASSERT_EQ(insert("key " + std::to_string(i)), i);
  for (std::uint32_t i = 0; i < 5000; ++i) ASSERT_EQ(insert("key " + std::to_string(i)), i);
  EXPECT_EQ(table.size(), 5000U);
  EXPECT_EQ(table.key(17), "key 17");
  EXPECT_EQ(table.find("key 17", table.hash_of(17)), 17U);
  EXPECT_EQ(table.find("key x", table.hash_of(17)), KeyTable::absent);
}

TEST(Slots, TellNumbersApartUpToHalfOfThem) {
  Slots slots;
  std::vector<std::uint64_t> hashes;
  for (std::uint64_t i = 0; i < 3000; ++i) {
    const std::uint64_t all = ~std::uint64_t{0};
    hashes.push_back(i % 3 == 0 ? all : i % 3 == 1 ? all - (i << 32) : i << 32 | 1023);  // which meet, in every way
  }
  const auto is = [](std::uint32_t wanted) { return [wanted](std::uint32_t number) { return number == wanted; }; };
  for (std::uint32_t i = 0; i < hashes.size(); ++i) {
    ASSERT_EQ(slots.find(hashes[i], is(i)), Slots::absent);
    ASSERT_EQ(slots.put(hashes[i], i, is(i)), i);
    slots.make_room(i + 1, [&](std::uint32_t number) { return hashes[number]; });
    ASSERT_EQ(slots.find(hashes[i / 2], is(i / 2)), i / 2);
  }
  for (std::uint32_t i = 0; i < hashes.size(); ++i) ASSERT_EQ(slots.put(hashes[i], 5000, is(i)), i);
}

TEST(Fingerprints, AreKeptInTheOrderInWhichTheyCome) {
  Fingerprints prints;
  std::vector<std::vector<std::uint64_t>> expected(Fingerprints::partitions);
  test::Random random(5);
  for (int i = 0; i < 100'000; ++i) {
    const std::uint64_t hash = random.next() >> random.below(3) * 8, print = Fingerprints::of(hash);
    expected[Fingerprints::partition_of(print)].push_back(print);
    prints.add(print);
  }
  EXPECT_EQ(Fingerprints::of(0xFEDCBA9876543210U), 0xFEDCBA987654U);
  EXPECT_EQ(Fingerprints::partition_of(0xFEDCBA987654U), 0xFEU);
  for (std::size_t p = 0; p < Fingerprints::partitions; ++p) {
    std::vector<std::uint64_t> found;
    prints.for_each(p, [&](std::uint64_t print) { found.push_back(print); });
    ASSERT_EQ(found, expected[p]);
    ASSERT_EQ(prints.size(p), expected[p].size());
  }
}

TEST(GroupTable, KeepsGroupsWhereTheyAre) {
  const std::size_t figures[] = {0, 3, 4, 61};
  for (const std::size_t count : figures) {
    GroupTable table(7, count, 2);
    table.end_order();
    const auto key = [](std::uint32_t i) { return std::string(i % 70, 'k') + std::to_string(i); };
    const auto insert = [&](std::uint32_t i, bool& fresh) { return table.insert(key(i), table.hash(key(i)), 7 * i, fresh); };
    bool fresh = false;
    ASSERT_EQ(insert(0, fresh), 0U);
    const Group* const first = &table.group(0);
    for (std::uint32_t i = 0; i < 5000; ++i) {
      ASSERT_EQ(insert(i, fresh), i);
      ASSERT_EQ(fresh, i > 0);
      table.group(i).rows = i;
      table.start(i).first_block = i;
      if (i % 3 == 0) table.set_follows(i);
      table.labels(i)[1] = i;
      if (count > 0) table.marks(i, count - 1) = mark_bit::nil;
      if (count > 0) table.sums(i, (count - 1) / 4).totals[(count - 1) % 4] = i;
      if (count > 0 && i >= 3000) table.seldom(i, count - 1).blank = i % 3;
    }
    EXPECT_EQ(first, &table.group(0));
    for (std::uint32_t i = 0; i < 5000; ++i) {
      ASSERT_EQ(insert(i, fresh), i);
      ASSERT_FALSE(fresh);
      ASSERT_EQ(table.key(i), key(i));
      ASSERT_EQ(table.likely(table.hash_of(i)), i);
      ASSERT_EQ(table.start(i).first_block, i);
      ASSERT_EQ(table.first(i), 7 * i);
      ASSERT_EQ(table.follows(i), i % 3 == 0);
      ASSERT_EQ(table.labels(table.group(i))[1], i);
      ASSERT_EQ(&table.start(table.group(i)), &std::as_const(table).start(i));
      if (count == 0) continue;
      const Sum sum = table.sum(i, count - 1);
      ASSERT_EQ(sum.total, i);
      ASSERT_EQ(sum.others, i - (i >= 3000 ? i % 3 : 0));
      ASSERT_EQ(sum.marks, mark_bit::nil);
    }
    EXPECT_EQ(table.likely(1), GroupTable::absent);
  }
}

/// What a group says, however it is asked for.
std::string told(const GroupTable& table, std::uint32_t i, std::size_t figures) {
  std::string scratch;
  std::string out =
      std::string(table.key(i, scratch)) + " " + std::to_string(table.first(i)) + " " + std::to_string(table.rows(i)) + " " +
      std::to_string(table.first_block(i)) + "-" + std::to_string(table.last_block(i)) + " " + std::to_string(table.label(i, 0)) +
      " " + std::to_string(table.label(i, 1)) + (table.is_keyless(i) ? " keyless" : "") + (table.is_inside(i) ? " inside" : "") +
      (table.follows(i) ? " follows" : "") + (table.next(i).valid() ? " before " + std::to_string(table.next(i).group) : "");
  for (std::size_t f = 0; f < figures; ++f) {
    const Sum sum = table.sum(i, f);
    out += " " + std::to_string(sum.total) + "/" + std::to_string(sum.positive) + "/" + std::to_string(sum.negative) + "/" +
           std::to_string(sum.zero) + "/" + std::to_string(sum.others) + "/" + std::to_string(sum.marks);
  }
  return out;
}

TEST(GroupTable, PacksGroupsThatAscend) {
  test::Random random(9);
  for (const std::size_t figures : {0U, 1U, 3U, 4U, 9U}) {
    GroupTable plain(7, figures, 2), packed(7, figures, 2);
    std::uint64_t offset = 0;
    for (std::uint32_t i = 0; i < 5000; ++i) {
      const std::string key = "省" + std::to_string(10 + i / 700) + (i % 700 < 300 ? "" : ",") + std::to_string(100'000 + i) +
                              std::string(i / 900 % 3 * 30, 'x');
      offset += 1 + random.below(i % 1000 == 0 ? 1'000'000'000 : 5000);
      const std::uint32_t rows = 1 + random.below(i > 2000 ? 3 : 70'000);
      std::vector<Sum> sums(figures);
      for (Sum& sum : sums) {
        const int bits = static_cast<int>(random.below(63));
        sum.total = static_cast<std::int64_t>(random.next() >> (63 - bits) >> 1) * (random.below(3) == 0 ? -1 : 1);
        sum.positive = random.below(rows + 1);
        sum.zero = random.below(sum.positive + 1);
        sum.negative = random.below(200) == 0 ? 1 : 0;
        sum.marks = static_cast<std::uint8_t>(i < 1000 ? 0 : random.below(4));
      }
      const std::uint32_t label = i % 10 == 0 ? GroupTable::absent : i / 50;
      const std::uint32_t first_block = i / 300;
      const std::size_t seldom = random.below(50);
      for (GroupTable* const table : {&plain, &packed}) {
        bool fresh = false;
        ASSERT_EQ(table->insert(key, 0, offset, fresh), i);
        table->group(i).rows = rows;
        table->group(i).last_block = first_block + (seldom == 0 ? 5 : 0);
        table->group(i).keyless = seldom == 1;
        table->start(i).first_block = first_block;
        table->start(i).inside = seldom > 2;
        table->labels(i)[0] = i / 700;
        table->labels(i)[1] = label;
        for (std::size_t f = 0; f < figures; ++f) {
          table->sums(i, f / 4).totals[f % 4] = sums[f].total;
          for (std::uint32_t n = 0; n < sums[f].positive % 7; ++n) table->sums(i, f / 4).count(f % 4, n < sums[f].zero % 7);
          table->marks(i, f) = sums[f].marks;
          if (sums[f].negative > 0) ++table->seldom(i, f).negative;
        }
      }
      if (random.below(20) == 0) packed.pack();
    }
    packed.pack();
    EXPECT_TRUE(packed.is_packed(0));
    EXPECT_TRUE(packed.is_packed(4000));
    EXPECT_FALSE(packed.is_packed(4999));
    for (GroupTable* const table : {&plain, &packed}) {
      table->set_next(77, {1, 5});
      table->set_next(4999, {1, 6});
      table->set_follows(78);
    }
    std::vector<GroupExtent> read(5000);
    std::vector<Sum> sums(5000 * figures);
    packed.read(0, read, sums.data());
    for (std::uint32_t i = 0; i < 5000; ++i) {
      ASSERT_EQ(told(plain, i, figures), told(packed, i, figures));
      ASSERT_EQ(read[i].records, plain.rows(i));
      ASSERT_EQ(read[i].first_block, plain.first_block(i));
      ASSERT_EQ(read[i].last_block, plain.last_block(i));
      for (std::size_t f = 0; f < figures; ++f) {
        const Sum sum = plain.sum(i, f), &other = sums[i * figures + f];
        ASSERT_TRUE(sum.total == other.total && sum.positive == other.positive && sum.negative == other.negative);
        ASSERT_TRUE(sum.zero == other.zero && sum.others == other.others && sum.marks == other.marks);
      }
    }
    for (GroupTable* const table : {&plain, &packed}) {
      table->end_order();
      table->pack();  // which does nothing now
      ASSERT_FALSE(table->is_packed(0));
      for (std::uint32_t i = 0; i < 5000; ++i) ASSERT_EQ(table->find(table->key(i), table->hash(table->key(i))), i);
    }
    for (std::uint32_t i = 0; i < 5000; ++i) ASSERT_EQ(told(plain, i, figures), told(packed, i, figures));
  }
}

TEST(CommonPrefix, IsThatOfEachByte) {
  test::Random random(3);
  for (int round = 0; round < 5000; ++round) {
    std::string a, b;
    for (std::size_t size = random.below(40); a.size() < size;) a.push_back(static_cast<char>('a' + random.below(2) * 200));
    b = a.substr(0, random.below(a.size() + 1));
    for (std::size_t size = random.below(8); size > 0; --size) b.push_back(static_cast<char>('a' + random.below(2) * 200));
    std::size_t expected = 0;
    while (expected < a.size() && expected < b.size() && a[expected] == b[expected]) ++expected;
    ASSERT_EQ(common_prefix(a, b), expected) << a << " and " << b;
    GroupTable table(7, 1, 1);
    bool fresh = false;
    (void)table.insert(a, 0, 0, fresh);
    ASSERT_EQ(table.common_with_last(b), expected);
    ASSERT_EQ(table.is_behind_last(b, expected), a < b) << a << " and " << b;
  }
}

TEST(SameBytes, AreThoseOfEverySizeAndPlace) {
  for (std::size_t size = 0; size < 100; ++size) {
    const std::string text(size, 'a');
    EXPECT_TRUE(same_bytes(text, std::string(text)));
    EXPECT_FALSE(same_bytes(text, text + 'a'));
    for (std::size_t at = 0; at < size; ++at) {
      std::string other = text;
      other[at] = 'b';
      EXPECT_FALSE(same_bytes(text, other)) << size << " bytes, another at " << at;
    }
  }
}

TEST(Pages, PiecesStandBesideEachOtherUntilTheyAreGivenBack) {
  test::Random random(5);
  struct Piece {
    char* memory;
    std::size_t size;
    char mark;
  };
  std::vector<Piece> pieces;
  const auto give_back = [&](std::size_t i) {
    const Piece piece = pieces[i];
    EXPECT_EQ(piece.memory[0], piece.mark);
    EXPECT_EQ(piece.memory[piece.size / 2], piece.mark);
    EXPECT_EQ(piece.memory[piece.size - 1], piece.mark);
    delete_pages(piece.memory, piece.size);
    pieces[i] = pieces.back();
    pieces.pop_back();
  };
  for (int round = 0; round < 400; ++round) {
    const std::size_t largest = std::size_t{1} << (10 + random.below(13)), size = 1 + random.below(largest);
    const auto mark = static_cast<char>('a' + round % 26);
    char* const memory = new_pages(size);
    std::memset(memory, mark, size);
    pieces.push_back({memory, size, mark});
    while (pieces.size() > 20) give_back(random.below(pieces.size()));
  }
  while (!pieces.empty()) give_back(pieces.size() - 1);
}

TEST(GroupTable, LooksForNothingAsLongAsKeysAscend) {
  GroupTable table(7, 1, 1);
  const auto key = [](std::uint32_t i) { return "key " + std::to_string(100'000 + i); };
  bool fresh = false;
  for (std::uint32_t i = 0; i < 5000; ++i) {
    ASSERT_TRUE(table.is_behind_last(key(2 * i), table.common_with_last(key(2 * i))));
    ASSERT_EQ(table.insert(key(2 * i), 0, i, fresh), i);
    ASSERT_TRUE(fresh);
  }
  EXPECT_TRUE(table.ascends());
  EXPECT_FALSE(table.is_behind_last(key(7), table.common_with_last(key(7))));
  EXPECT_FALSE(table.is_behind_last(key(9998), table.common_with_last(key(9998))));
  table.end_order();
  EXPECT_FALSE(table.ascends());
  for (std::uint32_t i = 0; i < 5000; ++i) {
    ASSERT_EQ(table.find(key(2 * i), table.hash(key(2 * i))), i);
    ASSERT_EQ(table.insert(key(2 * i), table.hash(key(2 * i)), 0, fresh), i);
    ASSERT_FALSE(fresh);
    ASSERT_EQ(table.first(i), i);
  }
  EXPECT_EQ(table.find(key(7), table.hash(key(7))), GroupTable::absent);
  EXPECT_EQ(table.insert(key(7), table.hash(key(7)), 9999, fresh), 5000U);
  EXPECT_TRUE(fresh);
}

/// Groups as threads find them that take the next block in turn or by chance: `keys` are those of the records.
struct FoundGroups {
  std::vector<ScanPart> parts;
  std::vector<ScanPart*> all;

  FoundGroups(const std::vector<std::string>& keys, std::size_t threads, std::size_t block, bool hashed, test::Random random) {
    parts.reserve(threads);
    for (std::size_t i = 0; i < threads; ++i) all.push_back(&parts.emplace_back(7, 1, 1));
    for (std::size_t at = 0; at < keys.size();) {
      GroupTable& groups = parts[random.below(threads)].groups;
      if (hashed) groups.end_order();
      for (const std::size_t end = std::min(at + block, keys.size()); at < end; ++at) {
        bool fresh = false;
        const std::string& key = keys[at];
        if (groups.ascends() && groups.size() > 0 && groups.key(groups.size() - 1) == key) continue;
        if (groups.ascends() && !groups.is_behind_last(key, groups.common_with_last(key))) groups.end_order();
        (void)groups.insert(key, groups.hash(key), at, fresh);
      }
    }
  }

  /// The joined groups, each with the records that its parts begin with.
  [[nodiscard]] std::vector<std::string> joined() const {
    const JoinedGroups found = join_groups(all);
    std::vector<std::string> out;
    std::size_t several = 0;
    for (const GroupPlace first : found.all) {
      std::string& line = out.emplace_back(all[first.part]->groups.key(first.group));
      for (GroupPlace at = first; at.valid(); at = all[at.part]->groups.start(at.group).next) {
        line += " " + std::to_string(all[at.part]->groups.first(at.group));
        EXPECT_EQ(all[at.part]->groups.follows(at.group), at.group != first.group || at.part != first.part);
      }
      several += all[first.part]->groups.start(first.group).next.valid() ? 1 : 0;
    }
    EXPECT_EQ(found.of_several.size(), several);
    return out;
  }
};

// In order, or in each part but not in all, or not at all: the same as by hashes.
TEST(JoinGroups, FindsTheSameInOrderAndByHashes) {
  test::Random random(19);
  std::size_t in_order = 0, by_hash = 0;
  for (int round = 0; round < 600; ++round) {
    std::vector<std::string> keys;
    const std::size_t count = 1 + random.below(300), names = 1 + random.below(150);
    for (std::size_t i = 0; i < count; ++i) keys.push_back("k" + std::to_string(100 + random.below(names)));
    if (round % 3 != 0) std::ranges::sort(keys);
    if (round % 3 == 2) std::swap(keys[random.below(count)], keys[random.below(count)]);
    const std::size_t threads = 1 + random.below(4), block = 1 + random.below(20);
    const FoundGroups ascending(keys, threads, block, false, random), hashed(keys, threads, block, true, random);
    ASSERT_EQ(ascending.joined(), hashed.joined()) << "round " << round;
    const bool still = std::ranges::all_of(ascending.all, [](const ScanPart* part) { return part->groups.ascends(); });
    ++(still ? in_order : by_hash);
  }
  EXPECT_GT(in_order, 100U);
  EXPECT_GT(by_hash, 100U);
}

// With the processor's own instructions and without: the same sums, and the same cells left.
TEST(PlainNumbers, AreReadTheSameOnEveryProcessor) {
  test::Random random(11);
  const std::vector<std::string> odd = {"—",         "",        "0.0", "12", "1.25", "-3.5", "123456.7",
                                        "1234567.8", "\"1.0\"", ".5",  "1.", "1,5",  "a.5",  "x"};
  std::size_t read = 0, left = 0, marked = 0;
  for (int round = 0; round < 2000; ++round) {
    const std::size_t figures = 1 + random.below(4), fields = figures + random.below(3), count = 1 + random.below(batch);
    PlainNumbers plain;
    std::array<std::uint32_t, 4> places{};
    for (std::uint32_t f = 0; f < 4; ++f)
      places[f] = static_cast<std::uint32_t>(std::min<std::size_t>(f, figures - 1) + fields - figures);
    plain.set_fields(places, figures);
    for (std::size_t f = 0; f < figures; ++f) {
      if (random.below(8) != 0) plain.expect(f, -static_cast<int>(random.below(3)), random.below(3) == 0 ? 5 : -9, 99'999'999);
      std::uint64_t bytes = 0;
      std::memcpy(&bytes, "—", 3);
      if (random.below(2) == 0) plain.look_for_mark(f, bytes, 3);
    }
    std::vector<std::string> lines(count);
    std::vector<const char*> texts;
    std::vector<std::uint32_t> begins, sizes;
    for (std::string& line : lines) {
      for (std::size_t f = 0; f < fields; ++f) {
        const std::string cell = random.below(4) == 0
                                     ? odd[random.below(odd.size())]
                                     : std::to_string(random.below(100'000)) + "." + std::to_string(random.below(10));
        begins.push_back(static_cast<std::uint32_t>(line.size()));
        sizes.push_back(static_cast<std::uint32_t>(cell.size()));
        line += cell + ",";
      }
      line.append(8, '\0');
    }
    for (const std::string& line : lines) texts.push_back(line.data());
    BatchCells cells{texts.data(), begins.data(), sizes.data(), fields, count};
    cells.ragged = random.below(4) == 0 ? 1U << random.below(count) : 0;
    std::vector<std::size_t> group_of(count);
    for (std::size_t r = 1; r < count; ++r) {
      const bool known = random.below(2) == 0;
      cells.known |= std::uint32_t{known} << r;
      group_of[r] = known ? group_of[r - 1] : r;
    }
    constexpr std::size_t words = 12;  // of the sums of a row, and of what stands behind them
    std::array<std::vector<std::int64_t>, 2> memory;
    std::array<BatchRest, 2> rest;
    for (std::size_t way = 0; way < 2; ++way) {
      memory[way].resize(count * words);
      for (std::size_t r = 0; r < count; ++r) {
        if (r % 3 == 0)
          std::fill_n(&memory[way][r * words], figures, std::numeric_limits<std::int64_t>::max() - 1000 * (round % 2));
        std::fill_n(&memory[way][r * words + 2 * figures], words - 2 * figures, 77);
      }
      std::vector<char*> of_rows;
      for (const std::size_t group : group_of) of_rows.push_back(reinterpret_cast<char*>(&memory[way][group * words]));
      cells.sums = of_rows.data();
      way == 0 ? plain.add(cells, rest[way]) : plain.add_portable(cells, rest[way]);
    }
    const auto sums = [&](std::size_t way, std::size_t r) {
      return Sums(reinterpret_cast<char*>(&memory[way][r * words]), figures);
    };
    for (std::size_t r = 0; r < count; ++r) {
      for (std::size_t w = 2 * figures; w < words; ++w) ASSERT_EQ(memory[0][r * words + w], 77);
      const bool starts = group_of[r] == r;
      ASSERT_TRUE(!starts || rest[0].marked[r] == rest[1].marked[r]);
      // Where a sum would overflow, one way leaves the run, the other the numbers that do not fit.
      const bool full = group_of[r] % 3 == 0;
      ASSERT_EQ(full ? rest[0].others[r] & rest[1].others[r] : rest[0].others[r], rest[1].others[r]) << lines[r];
      for (std::size_t f = 0; f < figures && starts && !full; ++f) {
        ASSERT_EQ(sums(0, r).totals[f], sums(1, r).totals[f]);
        ASSERT_EQ(sums(0, r).counts[f], sums(1, r).counts[f]);
        ASSERT_EQ(rest[0].odd[r] >> f & 1, rest[1].odd[r] >> f & 1);
      }
      read += starts && !full && sums(0, r).counts[0] > 0;
      left += rest[0].others[r] != 0;
      marked += starts && rest[0].marked[r] != 0;
    }
  }
  EXPECT_GT(read, 1000U);
  EXPECT_GT(left, 1000U);
  EXPECT_GT(marked, 100U);
}

/// The names of the groups that are kept of table t under these rules; "held" if the table has to be held.
std::string plan_of(const std::string& clauses, const std::string& rules) {
  const std::string text =
      "table t from \"t.csv\" { a text  b text  c text  v 億円 across p { x = \"x\", y = \"y\" }  key a, b, c  " + clauses +
      " }\ntable u from \"u.csv\" { a text  s 億円  key a }\n" + rules;
  const dsl::Program program = test::compile_rules(text).program;
  const auto plan = plan_stream(program, dsl::TableId(0), [](const dsl::Rule&) { return true; });
  if (!plan) return "held";
  std::string out;
  for (const std::uint32_t column : plan->groups) out += program.tables[0].columns[column].name;
  return out;
}

TEST(PlanStream, KeepsTheLabelsThatRulesGroupBy) {
  EXPECT_EQ(plan_of("", "rule r by a { require u.s = sum(t.v[x]) }"), "a");
  EXPECT_EQ(plan_of("", "rule r by a, b, p of t { require sum(t.v) >= 0億円 }"), "ab");
  EXPECT_EQ(plan_of("", "rule r { require sum(u.s) = sum(t.v[x]) - sum(t.v[y]) }"), "");
  EXPECT_EQ(plan_of("", "rule r by a, b, c, p { require t.v <= 5億円 }"), "abc");
  EXPECT_EQ(plan_of("", ""), "");
}

TEST(PlanStream, HoldsTablesOfWhichRulesAskMore) {
  EXPECT_EQ(plan_of("where a != \"x\"", "rule r by a { require u.s = sum(t.v[x]) }"), "held");
  EXPECT_EQ(plan_of("complete a, b", ""), "held");
  EXPECT_EQ(plan_of("", "rule r by a { require u.s = max(t.v[x]) }"), "held");
  EXPECT_EQ(plan_of("", "rule r by a { require u.s = sum(t.v[x] where b = \"z\") }"), "held");
  EXPECT_EQ(plan_of("", "rule r by a { require u.s = sum(t.v[x] * 2) }"), "held");
  EXPECT_EQ(plan_of("", "rule r { require sorted(t.v[x], ascending) }"), "held");
  EXPECT_EQ(plan_of("", "rule r by a, b, c, p { require t.v is number }"), "held");
}

/// Expects that a table in pieces gives the same findings and counts as one that is held.
void expect_same_as_held(const std::string& rules, const test::Files& files, std::size_t streamed, std::size_t block = 8,
                         std::size_t most_records = StreamOptions{}.most_records) {
  const test::CompiledRules compiled = test::compile_rules(rules);
  for (const Show show : {Show::failed, Show::all}) {
    const test::Outcome held = test::outcome_of(compiled, files, {}, show);
    const test::Outcome in_pieces =
        test::outcome_of(compiled, files, {.block = block, .threads = 2, .most_records = most_records}, show);
    EXPECT_EQ(in_pieces.said, held.said);
    EXPECT_EQ(in_pieces.streamed.size(), streamed);
    const test::Reading without_cells{
        .block = block, .threads = 2, .most_records = most_records, .cells = false, .suggestions = false};
    EXPECT_EQ(test::outcome_of(compiled, files, without_cells, show).headlines, held.headlines);
  }
}

// The finding stands at the total, or at the first cell where both sides are one; whichever is written first.
TEST(StreamedTable, HeadlinesStandWhereThoseOfHeldTablesDo) {
  const std::string tables =
      "table t from \"t.csv\" { k text  g text  v 億円  key k  rounded half-up }\n"
      "table s from \"s.csv\" { g text  v 億円  key g  rounded half-up }\n";
  const test::Files files = {{"t.csv", "k,g,v\na,one,1\nb,two,1\nc,three,1\nd,two,—\ne,three,2\nf,none,3\ng,zero,0\n"},
                             {"s.csv", "g,v\none,5\ntwo,6\nthree,7\nonly,8\nzero,—\n"}};
  for (const std::string require : {"s.v = sum(t.v)", "sum(t.v) = s.v", "s.v > sum(t.v)", "sum(t.v) >= s.v and s.v > 0億円"}) {
    expect_same_as_held(tables + "rule r by g { require " + require + " }\n", files, 2);
    expect_same_as_held(tables + "rule r by g { require " + require + " }\n", files, 2, 1 << 10, 1);
  }
}

TEST(StreamedTable, ARaggedRecordHasNoLabelThatIsAFigure) {
  expect_same_as_held(
      "table t from \"t.csv\" { k text  year integer  v 億円  key k }\nrule r by year { require sum(t.v) >= 2億円 }\n",
      {{"t.csv", "k,year,v\na,2024,1\nb,2024,2,3\nc,2025,4\n"}}, 1);
}

TEST(StreamedTable, ANewMarkAmongRowsReadTogetherChangesNoOther) {
  std::string text = "g,k,v\n";
  for (int i = 0; i < 64; ++i) {  // rows are read 32 at a time; the second time, x comes first
    const bool second = i >= 32;
    text += std::string(second && i > 40 ? "b" : "a") + "," + std::to_string(i) + (i == 32 ? ",x\n" : ",—\n");
  }
  expect_same_as_held("table t from \"t.csv\" { g text  k text  v 億円  key g, k }\nrule r by g { require sum(t.v) = 0億円 }\n",
                      {{"t.csv", text}}, 1, 1 << 16);
}

TEST(StreamedTable, RowsOfOneKeyAreNotOneCell) {
  const std::string rules =
      "table t from \"t.csv\" { k text  v 億円  key k }\nrule r by k { vacuous allowed  require t.v <= sum(t.v) }\n";
  expect_same_as_held(rules, {{"t.csv", "k,v\na,1\nb,2\na,3\n"}}, 0);
  expect_same_as_held(rules, {{"t.csv", "k,v\na,1\nb,2\nａ,3\n"}}, 1);
  expect_same_as_held(rules, {{"t.csv", "k,v\n,1\nb,2\n,3\n"}}, 1);
}

TEST(StreamedTable, RowsOfOneKeyAreUnknownWhenOnlyOneOfThemIsLookedAtAgain) {
  const std::string rules =
      "table t from \"t.csv\" { k text  year text  v 億円  key k }\nrule r by year { require sum(t.v) >= 9億円 }\n";
  expect_same_as_held(rules, {{"t.csv", "k,year,v\na,2023,1\nb,2023,2\na,2024,3\nc,2025,4\n"}}, 1, 8, 2);
}

TEST(StreamedTable, ASumOfMoreRecordsThanAreHeldMayBeImplausible) {
  const std::string rules =
      "table t from \"t.csv\" { k text  v 億円 rounded half-up  key k }\n"
      "table u from \"u.csv\" { v 億円 rounded half-up }\nrule r { require u.v = sum(t.v) }\n";
  const test::Files files = {{"t.csv", "k,v\na,91.86\nb,72.09\nc,23.49\nd,80.39\ne,40.63\nf,48.07\n"}, {"u.csv", "v\n356.51\n"}};
  EXPECT_EQ(test::outcome_of(test::compile_rules(rules), files).summary.verdicts[static_cast<std::size_t>(Verdict::implausible)],
            1U);
  expect_same_as_held(rules, files, 1, 8, 2);
}

TEST(StreamedTable, ASuppressedSumIsAtLeastWhatIsWrittenOfIt) {
  const std::string rules =
      "table t from \"t.csv\" { k text  v 億円 rounded half-up  key k }\n"
      "table u from \"u.csv\" { v 億円 rounded half-up }\nrule r { require exactly u.v = sum(t.v) }\n";
  for (const std::string total : {"5.38", "5.4"}) {
    for (const std::string part : {"5.4", "5.40", "5.4000000000000000000000000"}) {
      expect_same_as_held(rules, {{"t.csv", "k,v\na," + part + "\nb,x\n"}, {"u.csv", "v\n" + total + "\n"}}, 1);
    }
  }
}

TEST(StreamedTable, TheLastRecordMayLackCellsAndALineFeed) {
  const std::string rules =
      "table t from \"t.csv\" { k text  v 億円  w 億円  key k }\nrule r by k { require sum(t.v) + sum(t.w) >= 3億円 }\n";
  for (const std::string last : {"b,1,2", "b,1", "b", "b,", "b,1,", "b,1,2,3", ",,", "b,1,2\r"}) {
    expect_same_as_held(rules, {{"t.csv", "k,v,w\na,1,2\n" + last}}, last.ends_with('\r') ? 0 : 1);
  }
}

TEST(StreamedTable, AByteOrderMarkInsideAFileIsText) {
  const std::string rules =
      "table t from \"t.csv\" { k text in (\"a\")  v 億円  key k }\nrule r by k { require sum(t.v) >= 3億円 }\n";
  for (const std::string begin : {"", "\xEF\xBB\xBF"}) {
    expect_same_as_held(rules, {{"t.csv", begin + "k,v\n\xEF\xBB\xBF,1\na,2\n\xEF\xBB\xBF" + "a,x\n"}}, 0);
  }
}

}  // namespace
}  // namespace kenzan::engine
