// The yardstick: how fast can workload v1 be checked by a program that knows nothing else?
//   limit FOLDER [THREADS [stages]]
// Prints what bench/v1.sql prints; with `stages` also, on standard error, how long each stage took.
// What makes it fast: blocks that stay in the second-level cache, 32 bytes compared at a time, three figures of a row read at once,
// one 64-byte line for each group, and 8 bytes for each row to find keys that stand twice.
// Refused, not misread, is what v1 does not have: line feeds in quotes, keys of more than 32 bytes, groups of a million rows.
// Texts are compared as they stand.
#include <fcntl.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <thread>
#include <vector>
#if defined(__x86_64__)
#include <immintrin.h>
#define KENZAN_AVX2 __attribute__((target("avx2,bmi,bmi2,popcnt")))
#endif

namespace {

[[noreturn]] void refuse(const char* why) {
  std::fprintf(stderr, "limit: %s\n", why);
  std::_Exit(2);
}

// --- the input -----------------------------------------------------------------------------------------------------------------

class Input {
 public:
  Input(const std::string& folder, const char* name) : descriptor_(open((folder + "/" + name).c_str(), O_RDONLY | O_CLOEXEC)) {
    struct stat about{};
    if (descriptor_ < 0 || fstat(descriptor_, &about) != 0) refuse("a file is missing");
    size_ = static_cast<std::uint64_t>(about.st_size);
  }
  std::uint64_t size() const { return size_; }
  std::size_t read(char* to, std::size_t most, std::uint64_t offset) const {
    std::size_t got = 0;
    while (got < most) {
      const auto part = pread(descriptor_, to + got, most - got, static_cast<off_t>(offset + got));
      if (part < 0) refuse("a file cannot be read");
      if (part == 0) break;
      got += static_cast<std::size_t>(part);
    }
    return got;
  }

 private:
  int descriptor_;
  std::uint64_t size_ = 0;
};

/// Memory that costs nothing until it is written, in large pages where the system has them.
char* reserve(std::size_t bytes) {
  void* memory = mmap(nullptr, bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED) refuse("out of memory");
  if (bytes >= (4U << 20U)) madvise(memory, bytes, MADV_HUGEPAGE);
  return static_cast<char*>(memory);
}

// --- a row ---------------------------------------------------------------------------------------------------------------------

/// What is known of a group: three sums in tenths, and how many figures each is of, 21 bits each. A row is the sum of itself.
struct alignas(32) Sums {
  std::array<std::int64_t, 3> periods{};
  std::uint64_t counts = 0;
  Sums& operator+=(const Sums& other) {
    for (std::size_t p = 0; p < 3; ++p) periods[p] += other.periods[p];
    counts += other.counts;
    return *this;
  }
  std::int64_t count(unsigned period) const { return static_cast<std::int64_t>(counts >> (21 * period) & 0x1FFFFF); }
};
constexpr std::uint64_t one_of(unsigned period) { return std::uint64_t{1} << (21 * period); }
constexpr std::uint64_t too_many = one_of(0) << 20U | one_of(1) << 20U | one_of(2) << 20U;
constexpr std::uint64_t seen = std::uint64_t{1} << 63U;  // in `counts`: a published subtotal stands against this group

enum class Cell { figure, nil, bad };

/// Any figure, a character at a time: quotes, thousands commas, a sign.
Cell read_figure(std::string_view text, std::int64_t& tenths) {
  if (text.size() >= 2 && text.front() == '"' && text.back() == '"') text = text.substr(1, text.size() - 2);
  if (text == "—") return Cell::nil;
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) text.remove_prefix(1);
  if (text.size() < 3 || text.size() > 20 || text[text.size() - 2] != '.') return Cell::bad;
  tenths = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == ',' || i + 2 == text.size()) continue;
    if (text[i] < '0' || text[i] > '9') return Cell::bad;
    tenths = tenths * 10 + (text[i] - '0');
  }
  if (negative) tenths = -tenths;
  return Cell::figure;
}

/// The three figures of a row, where `ends` are the four separators around them. Returns whether all can be right.
bool read_figures(const char* text, const std::uint32_t* ends, Sums& row) {
  row = {};
  bool good = true;
  for (unsigned p = 0; p < 3; ++p) {
    const Cell cell = read_figure({text + ends[p] + 1, ends[p + 1] - ends[p] - 1}, row.periods[p]);
    if (cell != Cell::nil) row.counts += one_of(p);
    if (cell == Cell::bad) row.periods[p] = 0;
    good = good && cell != Cell::bad && row.periods[p] >= 0;
  }
  return good;
}

// --- a block: separators, then figures -----------------------------------------------------------------------------------------

constexpr std::size_t block_size = 128U << 10U;
constexpr std::size_t slack = 1024;  // of a row that begins in a piece and ends behind it; also what may be read beside a block

struct Block {
  alignas(64) char memory[64 + block_size + slack + 64];
  std::uint32_t ends[block_size + slack + 64];
  Sums figures[(block_size + slack) / 8];
  std::vector<std::uint32_t> bad;  // rows with a figure that cannot be
  std::size_t size = 0, separators = 0, lines = 0;
  char* text() { return memory + 64; }
};

/// Finds the commas outside quotes and the line feeds of a block that begins with a row and ends with zeros.
void scan_portably(Block& block) {
  const char* const text = block.text();
  block.separators = block.lines = 0;
  bool inside = false;
  for (std::size_t i = 0; i < block.size; ++i) {
    inside ^= text[i] == '"';
    if (text[i] == '\n' && inside) refuse("a line feed in quotes");
    if (text[i] != '\n' && (text[i] != ',' || inside)) continue;
    block.lines += text[i] == '\n' ? 1 : 0;
    block.ends[block.separators++] = static_cast<std::uint32_t>(i);
  }
}

void figures_portably(Block& block, std::size_t columns, std::size_t rows) {
  for (std::size_t r = 0; r < rows; ++r) {
    if (!read_figures(block.text(), block.ends + r * columns + columns - 4, block.figures[r])) {
      block.bad.push_back(static_cast<std::uint32_t>(r));
    }
  }
}

#if defined(KENZAN_AVX2)
KENZAN_AVX2 std::uint64_t mask_of(__m256i low, __m256i high, char character) {
  const __m256i wanted = _mm256_set1_epi8(character);
  const auto first = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(low, wanted)));
  const auto second = static_cast<std::uint32_t>(_mm256_movemask_epi8(_mm256_cmpeq_epi8(high, wanted)));
  return first | std::uint64_t{second} << 32U;
}

KENZAN_AVX2 void scan_avx2(Block& block) {
  const char* const text = block.text();
  std::uint32_t* out = block.ends;
  std::uint64_t before = 0;  // all ones inside quotes
  std::size_t lines = 0;
  for (std::size_t at = 0; at < block.size; at += 64) {
    const __m256i low = _mm256_load_si256(reinterpret_cast<const __m256i*>(text + at));
    const __m256i high = _mm256_load_si256(reinterpret_cast<const __m256i*>(text + at + 32));
    std::uint64_t commas = mask_of(low, high, ',');
    const std::uint64_t feeds = mask_of(low, high, '\n');
    if (std::uint64_t inside = mask_of(low, high, '"'); (inside | before) != 0) {
      for (unsigned shift = 1; shift < 64; shift *= 2) inside ^= inside << shift;
      inside ^= before;
      before = std::uint64_t{0} - (inside >> 63U);
      if ((feeds & inside) != 0) refuse("a line feed in quotes");
      commas &= ~inside;
    }
    lines += static_cast<std::size_t>(std::popcount(feeds));
    std::uint64_t bits = commas | feeds;
    std::uint32_t* const next = out + std::popcount(bits);
    do {  // eight at a time: how many there are is then seldom a branch
      for (int i = 0; i < 8; ++i) {
        out[i] = static_cast<std::uint32_t>(at) + static_cast<std::uint32_t>(_tzcnt_u64(bits));
        bits = _blsr_u64(bits);
      }
      out += 8;
    } while (bits != 0);
    out = next;
  }
  block.separators = static_cast<std::size_t>(out - block.ends);
  block.lines = lines;
}

alignas(32) constexpr std::uint64_t counted[8][4] = {{0, 0, 0, one_of(0) + one_of(1) + one_of(2)},
                                                     {0, 0, 0, one_of(1) + one_of(2)},
                                                     {0, 0, 0, one_of(0) + one_of(2)},
                                                     {0, 0, 0, one_of(2)},
                                                     {0, 0, 0, one_of(0) + one_of(1)},
                                                     {0, 0, 0, one_of(1)},
                                                     {0, 0, 0, one_of(0)},
                                                     {0, 0, 0, 0}};  // by which periods are nil

KENZAN_AVX2 long long eight_before(const char* end) {
  long long bytes = 0;
  std::memcpy(&bytes, end - 8, 8);
  return bytes;
}

/// Reads the three figures of a row at once, each in 8 bytes that end where it ends: `123456.7`, or —.
KENZAN_AVX2 void figures_avx2(Block& block, std::size_t columns, std::size_t rows) {
  const char* const text = block.text();
  const __m256i zeros = _mm256_set1_epi8('0'), nine = _mm256_set1_epi8(9), ones = _mm256_set1_epi64x(-1);
  const __m256i last = _mm256_set1_epi64x(static_cast<long long>(0xFF00000000000000U));
  const __m256i point = _mm256_set1_epi64x(0x00FF000000000000), a_point = _mm256_set1_epi64x(0x002E000000000000);
  const __m256i tens = _mm256_set1_epi16(0x010A), hundreds = _mm256_set1_epi32(0x00010064), myriads = _mm256_set1_epi64x(10000);
  const __m256i periods = _mm256_setr_epi64x(-1, -1, -1, 0);
  for (std::size_t r = 0; r < rows; ++r) {
    const std::uint32_t* const ends = block.ends + r * columns + columns - 4;
    const __m128i from = _mm_loadu_si128(reinterpret_cast<const __m128i*>(ends));
    const __m128i to = _mm_loadu_si128(reinterpret_cast<const __m128i*>(ends + 1));
    const __m256i length = _mm256_cvtepi32_epi64(_mm_sub_epi32(_mm_sub_epi32(to, from), _mm_set1_epi32(1)));
    const __m256i bytes =
        _mm256_setr_epi64x(eight_before(text + ends[1]), eight_before(text + ends[2]), eight_before(text + ends[3]), 0);
    // Without the point, and without what stands before the figure.
    const __m256i digits = _mm256_sub_epi8(_mm256_blendv_epi8(_mm256_slli_epi64(bytes, 8), bytes, last), zeros);
    const __m256i outside = _mm256_sub_epi64(_mm256_set1_epi64x(72), _mm256_slli_epi64(length, 3));
    __m256i figure = _mm256_sllv_epi64(_mm256_srlv_epi64(digits, outside), outside);
    __m256i good = _mm256_cmpeq_epi64(_mm256_cmpeq_epi8(_mm256_max_epu8(figure, nine), nine), ones);
    good = _mm256_and_si256(good, _mm256_cmpeq_epi64(_mm256_and_si256(bytes, point), a_point));
    good = _mm256_and_si256(good, _mm256_cmpgt_epi64(length, _mm256_set1_epi64x(2)));
    good = _mm256_and_si256(good, _mm256_cmpgt_epi64(_mm256_set1_epi64x(9), length));
    const __m256i nil = _mm256_and_si256(_mm256_cmpeq_epi64(_mm256_srli_epi64(bytes, 40), _mm256_set1_epi64x(0x9480E2)),
                                         _mm256_cmpeq_epi64(length, _mm256_set1_epi64x(3)));
    if ((_mm256_movemask_pd(_mm256_castsi256_pd(_mm256_or_si256(good, nil))) & 7) != 7) {
      if (!read_figures(text, ends, block.figures[r])) block.bad.push_back(static_cast<std::uint32_t>(r));
      continue;
    }
    figure = _mm256_andnot_si256(nil, figure);
    figure = _mm256_madd_epi16(_mm256_maddubs_epi16(figure, tens), hundreds);
    figure = _mm256_add_epi64(_mm256_mul_epu32(figure, myriads), _mm256_srli_epi64(figure, 32));
    const int nils = _mm256_movemask_pd(_mm256_castsi256_pd(nil)) & 7;
    const __m256i count = _mm256_load_si256(reinterpret_cast<const __m256i*>(counted[nils]));
    _mm256_store_si256(reinterpret_cast<__m256i*>(&block.figures[r]), _mm256_or_si256(_mm256_and_si256(figure, periods), count));
  }
}
#endif

void scan(Block& block) {
#if defined(KENZAN_AVX2)
  static const bool fast = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
  if (fast) return scan_avx2(block);
#endif
  scan_portably(block);
}

void read_figures(Block& block, std::size_t columns, std::size_t rows) {
#if defined(KENZAN_AVX2)
  static const bool fast = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2");
  if (fast) return figures_avx2(block, columns, rows);
#endif
  figures_portably(block, columns, rows);
}

/// Calls `each(block, offset of the block in the file, rows)` for the rows that begin in [begin, end) of the file, a block at a
/// time. The first line of the file is its header.
template <class Each>
void for_each_block(const Input& file, std::uint64_t begin, std::uint64_t end, std::size_t columns, Block& block, Each each) {
  const std::uint64_t last = std::min(end + slack, file.size());
  std::uint64_t offset = begin == 0 ? 0 : begin - 1;
  bool first = true;
  while (offset < end) {
    const std::size_t want = std::min<std::uint64_t>(first ? slack : block_size + slack, last - offset);
    block.size = file.read(block.text(), want, offset);
    if (first) {
      const void* feed = std::memchr(block.text(), '\n', block.size);
      if (feed == nullptr) refuse("a line that is too long");
      offset += static_cast<std::uint64_t>(static_cast<const char*>(feed) - block.text()) + 1;
      first = false;
      continue;
    }
    std::memset(block.text() + block.size, 0, 64);
    scan(block);
    std::size_t rows = block.separators / columns;
    if (rows == 0 || rows != block.lines) refuse("a row with more or fewer fields");
    const std::uint64_t after = offset + block.ends[rows * columns - 1] + 1;
    while (rows > 0 && offset + (rows == 1 ? 0 : block.ends[(rows - 1) * columns - 1] + 1) >= end) --rows;
    block.bad.clear();
    read_figures(block, columns, rows);
    each(block, offset, rows);
    offset = after;
  }
}

// --- groups --------------------------------------------------------------------------------------------------------------------

constexpr std::size_t longest_key = 32;
struct alignas(32) Key {  // `ministry,program`, then zeros
  std::array<std::uint64_t, 4> words{};
  bool operator==(const Key& other) const {
    return ((words[0] ^ other.words[0]) | (words[1] ^ other.words[1]) | (words[2] ^ other.words[2]) |
            (words[3] ^ other.words[3])) == 0;
  }
  std::string_view text() const {
    const auto* bytes = reinterpret_cast<const char*>(words.data());
    return {bytes, strnlen(bytes, longest_key)};
  }
};

constexpr auto masks = [] {
  std::array<std::array<std::uint64_t, 4>, longest_key + 1> all{};
  for (std::size_t length = 0; length <= longest_key; ++length) {
    for (std::size_t i = 0; i < length; ++i) all[length][i / 8] |= std::uint64_t{0xFF} << (i % 8 * 8);
  }
  return all;
}();

Key key_of(const char* text, std::size_t length) {
  if (length > longest_key) refuse("a key of more than 32 bytes");
  Key key;
  std::memcpy(&key, text, sizeof key);
  for (std::size_t i = 0; i < 4; ++i) key.words[i] &= masks[length][i];
  return key;
}

std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
  __extension__ using Wide = unsigned __int128;
  const Wide product = static_cast<Wide>(a ^ 0x9E3779B97F4A7C15U) * (b ^ 0xE7037ED1A0B428DBU);
  return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64U);
}
std::uint64_t hash_of(const Key& key) { return mix(mix(key.words[0], key.words[1]), mix(key.words[2], key.words[3])); }

struct alignas(64) Group {
  Key key;
  Sums sums;
};

class Groups {
 public:
  explicit Groups(std::size_t expected) : capacity_(std::max<std::size_t>(expected * 3 / 2, 64)), slots_(allocate(capacity_)) {}
  std::size_t home(std::uint64_t hash) const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::size_t>(static_cast<Wide>(hash) * capacity_ >> 64U);
  }
  void prefetch(std::uint64_t hash) const { __builtin_prefetch(slots_ + home(hash)); }
  Group* find(const Key& key, std::uint64_t hash) {
    for (std::size_t i = home(hash);; i = i + 1 == capacity_ ? 0 : i + 1) {
      if (slots_[i].key == key) return slots_ + i;
      if (slots_[i].key.words[0] == 0) return nullptr;
    }
  }
  void add(const Key& key, std::uint64_t hash, const Sums& sums) {
    std::size_t i = home(hash);
    while (!(slots_[i].key == key)) {
      if (slots_[i].key.words[0] == 0) {
        slots_[i].key = key;
        ++size_;
        break;
      }
      i = i + 1 == capacity_ ? 0 : i + 1;
    }
    slots_[i].sums += sums;
    if ((slots_[i].sums.counts & too_many) != 0) refuse("a group of a million rows");
    if (size_ > capacity_ / 8 * 7) grow();
  }
  template <class Each>
  void for_each(Each each) const {
    for (std::size_t i = 0; i < capacity_; ++i) {
      if (slots_[i].key.words[0] != 0) each(slots_[i]);
    }
  }

 private:
  static Group* allocate(std::size_t capacity) { return reinterpret_cast<Group*>(reserve(capacity * sizeof(Group))); }
  void grow() {
    Group* const old = slots_;
    const std::size_t before = capacity_;
    capacity_ = before * 2;
    slots_ = allocate(capacity_);
    size_ = 0;
    for (std::size_t i = 0; i < before; ++i) {
      if (old[i].key.words[0] != 0) add(old[i].key, hash_of(old[i].key), old[i].sums);
    }
    munmap(old, before * sizeof(Group));
  }
  std::size_t capacity_, size_ = 0;
  Group* slots_;
};

// --- rows by the fingerprint of their key --------------------------------------------------------------------------------------

/// Fingerprints in partitions, each a chain of chunks of 512 words; the first word of a chunk is the chunk before it.
class Partitions {
 public:
  explicit Partitions(unsigned bits) : ends_(std::size_t{1} << bits, nullptr), arena_bytes_(chunk_bytes << (bits + 1)) {}
  /// Keeps 32 bits of the fingerprint, beside those that the partition says, and where the row begins, to 8 bytes.
  void push(std::uint64_t fingerprint, std::uint64_t offset) {
    std::uint64_t*& end = ends_[fingerprint >> 32U & (ends_.size() - 1)];
    if ((reinterpret_cast<std::uintptr_t>(end) & (chunk_bytes - 1)) == 0) end = chunk(end);
    *end++ = fingerprint << 32U | (offset >> 3U & 0xFFFFFFFFU);
  }
  template <class Each>
  void for_each(std::size_t partition, Each each) const {
    const std::uint64_t* end = ends_[partition];
    while (end != nullptr) {
      const auto* begin = reinterpret_cast<const std::uint64_t*>((reinterpret_cast<std::uintptr_t>(end) - 1) & ~(chunk_bytes - 1));
      for (const std::uint64_t* at = begin + 1; at != end; ++at) each(*at);
      end = reinterpret_cast<const std::uint64_t*>(*begin);
    }
  }
  std::size_t size(std::size_t partition) const {
    std::size_t size = 0;
    for_each(partition, [&](std::uint64_t) { ++size; });
    return size;
  }

 private:
  static constexpr std::uintptr_t chunk_bytes = 4096;
  std::uint64_t* chunk(std::uint64_t* before) {
    if (left_ == 0) {
      arena_ = reserve(arena_bytes_);
      left_ = arena_bytes_;
    }
    auto* const begin = reinterpret_cast<std::uint64_t*>(arena_ + (arena_bytes_ - left_));
    left_ -= chunk_bytes;
    *begin = reinterpret_cast<std::uintptr_t>(before);
    return begin + 1;
  }
  std::vector<std::uint64_t*> ends_;
  std::size_t arena_bytes_;
  char* arena_ = nullptr;
  std::size_t left_ = 0;
};

/// 64 bits of an item and the hash of its group.
std::uint64_t fingerprint_of(std::uint64_t group, const char* item, std::size_t length) {
  while (length > 16) {
    std::uint64_t words[2];
    std::memcpy(words, item, 16);
    group = mix(group ^ words[0], words[1]);
    item += 16;
    length -= 16;
  }
  std::uint64_t words[2];
  std::memcpy(words, item, 16);
  return mix(group ^ (words[0] & masks[length][0]), words[1] & masks[length][1]);
}

// --- the stages ----------------------------------------------------------------------------------------------------------------

struct Worker {
  Worker(std::size_t groups_expected, unsigned bits) : groups(groups_expected), partitions(bits) {}
  Block block;
  Groups groups;
  Partitions partitions;
  std::string bad, found;
  std::vector<std::string> twice;
  Sums published;  // sums of the subtotals; `counts` is their number
};

/// What is to be added to a table, a little later than it is found, when the line of its group has come from memory.
struct Pending {
  struct Addition {
    Key key;
    Sums sums;
    std::uint64_t hash;
  };
  std::array<Addition, 32> additions;
  std::size_t size = 0;
  void flush(Groups& groups) {
    for (std::size_t i = 0; i < size; ++i) groups.add(additions[i].key, additions[i].hash, additions[i].sums);
    size = 0;
  }
};

void read_items(const Input& items, std::uint64_t begin, std::uint64_t end, Worker& worker) {
  constexpr std::size_t columns = 6;
  for_each_block(items, begin, end, columns, worker.block, [&](Block& block, std::uint64_t offset, std::size_t rows) {
    Pending pending;
    Key key;
    std::uint64_t hash = 0;
    Sums sums;
    std::size_t start = 0;
    for (std::size_t r = 0; r < rows; ++r) {
      const std::uint32_t* const ends = block.ends + r * columns;
      const char* const row = block.text() + start;
      if (block.text()[ends[5]] != '\n') refuse("a row with more or fewer fields");
      const Key now = key_of(row, ends[1] - start);
      if (now == key) {
        sums += block.figures[r];
      } else {
        if (r != 0) {
          pending.additions[pending.size++] = {key, sums, hash};
          if (pending.size == pending.additions.size()) pending.flush(worker.groups);
        }
        key = now;
        hash = hash_of(key);
        worker.groups.prefetch(hash);
        sums = block.figures[r];
      }
      worker.partitions.push(fingerprint_of(hash, block.text() + ends[1] + 1, ends[2] - ends[1] - 1), offset + start);
      start = ends[5] + 1;
    }
    for (const std::uint32_t r : block.bad) {
      const std::size_t from = r == 0 ? 0 : block.ends[r * columns - 1] + 1;
      worker.bad.append("bad,").append(block.text() + from, block.ends[r * columns + 2] - from).push_back('\n');
    }
    if (rows != 0) pending.additions[pending.size++] = {key, sums, hash};
    pending.flush(worker.groups);
  });
}

/// The key of the row that begins within 8 bytes from 8 * `place`, a feed before it: `ministry,program,item`.
std::string key_at(const Input& items, std::uint64_t place) {
  char text[8 + slack];
  const std::size_t size = items.read(text, sizeof text, place * 8 - 1);
  const std::string_view all(text, size);
  const std::size_t begin = all.find('\n') + 1;
  std::size_t end = begin;
  for (int commas = 0; end < all.size() && (commas += all[end] == ',' ? 1 : 0) < 3;) ++end;
  return std::string(all.substr(begin, end - begin));
}

/// Finds the keys that stand twice among the rows of one partition of all workers.
void find_twice(const Input& items, const std::vector<Worker*>& workers, std::size_t partition, std::vector<std::uint64_t>& table,
                std::vector<std::string>& twice) {
  std::size_t rows = 0;
  for (const Worker* worker : workers) rows += worker->partitions.size(partition);
  const std::size_t slots = std::bit_ceil(rows * 3 / 2 + 1);
  table.assign(slots, 0);
  const auto shift = static_cast<unsigned>(64 - std::countr_zero(slots));
  for (const Worker* worker : workers) {
    worker->partitions.for_each(partition, [&](std::uint64_t entry) {
      for (std::size_t i = slots == 1 ? 0 : entry >> shift;; i = (i + 1) & (slots - 1)) {
        if (table[i] == 0) {
          table[i] = entry;
          return;
        }
        if ((table[i] ^ entry) >> 32U != 0) continue;
        const std::string key = key_at(items, entry & 0xFFFFFFFFU);
        if (key != key_at(items, table[i] & 0xFFFFFFFFU)) continue;
        twice.push_back(key);
        return;
      }
    });
  }
}

/// Compares published subtotals with the sums of both tables.
void check_subtotals(const Input& subtotals, std::uint64_t begin, std::uint64_t end, const std::vector<Worker*>& workers,
                     const std::vector<std::string>& twice, Worker& worker) {
  constexpr std::size_t columns = 5, batch = 32;
  for_each_block(subtotals, begin, end, columns, worker.block, [&](Block& block, std::uint64_t, std::size_t rows) {
    std::array<Key, batch> keys;
    std::array<std::uint64_t, batch> hashes;
    std::size_t start = 0;
    for (std::size_t first = 0; first < rows; first += batch) {
      const std::size_t many = std::min(batch, rows - first);
      for (std::size_t i = 0; i < many; ++i) {
        const std::uint32_t* const ends = block.ends + (first + i) * columns;
        if (block.text()[ends[4]] != '\n') refuse("a row with more or fewer fields");
        keys[i] = key_of(block.text() + start, ends[1] - start);
        hashes[i] = hash_of(keys[i]);
        for (const Worker* other : workers) other->groups.prefetch(hashes[i]);
        start = ends[4] + 1;
      }
      for (std::size_t i = 0; i < many; ++i) {
        const Sums& figures = block.figures[first + i];
        for (std::size_t p = 0; p < 3; ++p) worker.published.periods[p] += figures.periods[p];
        ++worker.published.counts;
        Sums sums;
        bool any = false;
        for (Worker* other : workers) {
          Group* const group = other->groups.find(keys[i], hashes[i]);
          if (group == nullptr) continue;
          sums += group->sums;
          group->sums.counts |= seen;
          any = true;
        }
        if (!any) continue;
        std::array<bool, 3> wrong{};
        for (unsigned p = 0; p < 3; ++p) wrong[p] = 2 * std::abs(figures.periods[p] - sums.periods[p]) > sums.count(p) + 1;
        if (!wrong[0] && !wrong[1] && !wrong[2]) continue;
        const std::string key = std::string(keys[i].text()) + ",";
        if (std::any_of(twice.begin(), twice.end(), [&](const std::string& row) { return row.starts_with(key); })) continue;
        worker.found += "subtotal," + key;
        for (unsigned p = 0; p < 3; ++p) worker.found.append(wrong[p] ? "true" : "false").push_back(p < 2 ? ',' : '\n');
      }
    }
  });
}

/// The lines of a small file after its header.
std::vector<std::string> lines_of(const Input& file) {
  std::string text(file.size(), '\0');
  text.resize(file.read(text.data(), text.size(), 0));
  std::vector<std::string> lines;
  for (std::size_t at = text.find('\n') + 1; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::string tenths(std::int64_t value) {
  return (value < 0 ? "-" : "") + std::to_string(std::abs(value) / 10) + "." + std::to_string(std::abs(value) % 10);
}

std::string check_totals(const std::string& folder, const Sums& published) {
  std::string found;
  std::array<std::int64_t, 3> totals{};
  constexpr std::array<std::string_view, 3> labels = {"R5", "R5補正", "R6"};
  for (const std::string& line : lines_of(Input(folder, "totals.csv"))) {
    const std::size_t comma = line.find(',');
    const auto p = static_cast<std::size_t>(std::find(labels.begin(), labels.end(), line.substr(0, comma)) - labels.begin());
    if (p == labels.size() || read_figure(std::string_view(line).substr(comma + 1), totals[p]) != Cell::figure)
      refuse("totals.csv");
    if (2 * std::abs(totals[p] - published.periods[p]) > static_cast<std::int64_t>(published.counts) + 1) {
      found += "total," + line + "," + tenths(published.periods[p]) + "\n";
    }
  }
  for (const std::string& line : lines_of(Input(folder, "delta.csv"))) {
    std::int64_t amount = 0;
    if (read_figure(line, amount) != Cell::figure) refuse("delta.csv");
    if (2 * std::abs(totals[2] - totals[0] - amount) > 3) found += "delta," + line + "\n";
  }
  return found;
}

/// Runs `work(worker)` in as many threads as there are workers. Left alone, the system may let them share a processor for a while: this
/// one stays where it is, and the others keep off.
template <class Work>
void in_threads(const std::vector<Worker*>& workers, Work work) {
  cpu_set_t all, here;
  CPU_ZERO(&all);
  CPU_ZERO(&here);
  CPU_SET(static_cast<std::size_t>(std::max(sched_getcpu(), 0)), &here);
  const bool apart = sched_getaffinity(0, sizeof all, &all) == 0 && CPU_COUNT(&all) > 1;
  cpu_set_t others;
  CPU_XOR(&others, &all, &here);
  if (apart) sched_setaffinity(0, sizeof here, &here);
  std::vector<std::thread> threads;
  for (std::size_t t = 1; t < workers.size(); ++t) {
    std::thread& thread = threads.emplace_back([&work, worker = workers[t]] { work(*worker); });
    if (apart) pthread_setaffinity_np(thread.native_handle(), sizeof others, &others);
  }
  work(*workers[0]);
  for (std::thread& thread : threads) thread.join();
  if (apart) sched_setaffinity(0, sizeof all, &all);
}

/// Runs `work(begin, end, worker)` on pieces of the file.
template <class Work>
void in_pieces(const Input& file, const std::vector<Worker*>& workers, Work work) {
  constexpr std::uint64_t piece = 4U << 20U;
  std::atomic<std::uint64_t> next = 0;
  in_threads(workers, [&](Worker& worker) {
    for (std::uint64_t begin = 0; (begin = next.fetch_add(piece)) < file.size();) {
      work(begin, std::min(begin + piece, file.size()), worker);
    }
  });
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) {
    std::fputs("usage: limit FOLDER [THREADS [stages]]\n", stderr);
    return 2;
  }
  const std::string folder = argv[1];
  auto then = std::chrono::steady_clock::now();
  const auto stage = [&](const char* name) {
    const auto now = std::chrono::steady_clock::now();
    if (argc > 3) std::fprintf(stderr, "%-10s %8.2f ms\n", name, std::chrono::duration<double, std::milli>(now - then).count());
    then = now;
  };
  const Input items(folder, "items.csv"), subtotals(folder, "subtotals.csv");
  const std::size_t threads = items.size() < (1U << 20U) ? 1 : argc > 2 ? std::max(std::atoi(argv[2]), 1) : 2;
  const std::uint64_t rows = items.size() / 48;
  const auto bits = static_cast<unsigned>(std::clamp(static_cast<int>(std::bit_width(rows)) - 13, 0, 12));
  std::vector<Worker*> workers;  // never deleted: the end of the process is quicker
  for (std::size_t t = 0; t < threads; ++t) {
    void* const memory = reserve(sizeof(Worker) + 64);
    workers.push_back(new (memory) Worker(subtotals.size() / 45, bits));
  }
  stage("start");

  in_pieces(items, workers, [&](std::uint64_t begin, std::uint64_t end, Worker& worker) { read_items(items, begin, end, worker); });
  stage("items");

  std::atomic<std::size_t> next = 0;
  in_threads(workers, [&](Worker& worker) {
    std::vector<std::uint64_t> table;
    for (std::size_t i = 0; (i = next.fetch_add(1)) < std::size_t{1} << bits;) find_twice(items, workers, i, table, worker.twice);
  });
  std::vector<std::string> twice;
  for (const Worker* worker : workers) twice.insert(twice.end(), worker->twice.begin(), worker->twice.end());
  std::sort(twice.begin(), twice.end());
  twice.erase(std::unique(twice.begin(), twice.end()), twice.end());
  stage("twice");

  in_pieces(subtotals, workers, [&](std::uint64_t begin, std::uint64_t end, Worker& worker) {
    check_subtotals(subtotals, begin, end, workers, twice, worker);
  });
  stage("subtotals");

  std::string found;
  for (const Worker* worker : workers) found += worker->bad;
  for (const std::string& key : twice) found += "twice," + key + "\n";
  std::vector<std::string> orphans;
  Sums published;
  for (const Worker* worker : workers) {
    worker->groups.for_each([&](const Group& group) {
      if ((group.sums.counts & seen) == 0) orphans.push_back("orphan," + std::string(group.key.text()) + "\n");
    });
    published += worker->published;
  }
  std::sort(orphans.begin(), orphans.end());
  orphans.erase(std::unique(orphans.begin(), orphans.end()), orphans.end());
  for (const std::string& orphan : orphans) found += orphan;
  for (const Worker* worker : workers) found += worker->found;
  found += check_totals(folder, published);
  std::fwrite(found.data(), 1, found.size(), stdout);
  std::fflush(stdout);
  stage("rest");
  std::_Exit(0);
}
